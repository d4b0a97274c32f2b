"""Steps of a real SGDClassifier."""

import math

import pytest
from recorder import range_test

import seedband

np = pytest.importorskip("numpy")
pytest.importorskip("sklearn")

from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss

from seedband.sklearn import partial_fit


def batches(classes, scale=1.0):
    generator = np.random.default_rng(1)
    x = scale * generator.standard_normal((64, 4))
    y = np.array(["a", "b", "c"])[np.argmax(x[:, :classes], axis=1)]
    return [(x[i : i + 8], y[i : i + 8]) for i in range(0, 64, 8)]


@pytest.mark.parametrize("classes", [2, 3])
def test_losses_are_those_of_scikit_learn(classes):
    names = ["a", "b", "c"][:classes]
    run, heard = range_test(steps=20)
    model = SGDClassifier(loss="log_loss", random_state=0)
    reference = SGDClassifier(loss="log_loss", random_state=0, learning_rate="constant", eta0=1.0)
    expected = []
    for x, y in run.batches(batches(classes)):
        if expected:
            expected.append(log_loss(y, reference.predict_proba(x), labels=names))
        else:
            expected.append(math.log(classes))
        partial_fit(run, model, x, y, names)
        reference.set_params(eta0=run.lr).partial_fit(x, y, names)
    assert heard.end == "completed"
    assert heard.losses == pytest.approx(expected, rel=1e-6)
    assert np.array_equal(model.coef_, reference.coef_)


def test_weights_that_overflow_are_a_loss_that_is_not_finite():
    run, heard = range_test(steps=200, min_lr=1.0, max_lr=1e308)
    model = SGDClassifier(loss="log_loss", penalty=None)
    for x, y in run.batches(batches(2, scale=1e5)):
        partial_fit(run, model, x, y, ["a", "b"])
    assert heard.end == "non-finite"
    assert len(heard.steps) < 200


def test_another_loss_is_refused():
    run, _ = range_test()
    with pytest.raises(seedband.SeedbandError, match='SGDClassifier\\(loss="hinge"\\) has no cross-entropy'):
        partial_fit(run, SGDClassifier(), [[1.0]], ["a"], ["a", "b"])

"""A run in its training loop, without a runner."""

import math

import pytest
from fake_runner import train_request
from recorder import asked, range_test

import seedband


def test_the_rate_before_within_and_after_the_loop():
    run, heard = range_test(steps=3)
    assert (run.lr, run.done, run.steps) == (run.schedule(0), False, 3)
    seen = []
    for step, _ in enumerate(run.batches([0, 0])):
        seen.append(run.lr)
        run.step(loss=1.0)
        seen.append(run.lr)
        assert run.done == (step == 2)
    assert seen == [run.schedule(step) for step in (0, 0, 1, 1, 2, 2)]
    assert run.lr == run.schedule(2)
    assert heard.lrs == [run.schedule(step) for step in range(3)]


def test_a_step_is_told_once_the_next_batch_is_asked_for():
    run, heard = range_test(steps=3)
    for step, _ in enumerate(run.batches([0])):
        assert len(heard.steps) == step
        run.step(loss=1.0)
        assert len(heard.steps) == step
    assert len(heard.steps) == 3


def test_each_time_round_is_an_epoch_that_the_loader_is_told():
    class Loader:
        def __init__(self):
            self.epochs = []

        def __len__(self):
            return 2

        def __iter__(self):
            return iter([1, 2])

        def set_epoch(self, epoch):
            self.epochs.append(epoch)

    class Sampled:
        """As a DataLoader: the sampler is what wants to know."""

        def __init__(self):
            self.sampler = Loader()

        def __iter__(self):
            return iter([1, 2])

    run, heard = range_test(steps=5)
    loader = Loader()
    batches = []
    for batch in run.batches(loader):
        batches.append(batch)
        run.step(loss=1.0)
    assert (batches, loader.epochs, heard.epoch) == ([1, 2, 1, 2, 1], [0, 1, 2], 2)
    run, heard = range_test(steps=5)
    sampled = Sampled()
    for _ in run.batches(sampled):
        run.step(loss=1.0)
    assert (sampled.sampler.epochs, heard.epoch) == ([0, 1, 2], None)


def test_a_loop_that_was_left_can_be_gone_on_with():
    run, heard = range_test(steps=4)
    for _ in run.batches([0]):
        run.step(loss=1.0)
        break
    with pytest.raises(seedband.SeedbandError, match="run.step belongs in the loop"):
        run.step(loss=1.0)
    for _ in run.batches([0]):
        run.step(loss=1.0)
    assert heard.end == "completed"


def test_a_loop_may_be_left_in_its_last_batch():
    run, heard = range_test(steps=4)
    for _ in run.batches([0]):
        run.step(loss=1.0)
        if run.done:
            break
    assert heard.end == "completed"


@pytest.mark.parametrize("loss", [2, 2.0, True + 1])
def test_a_loss_may_be_any_number(loss):
    run, heard = range_test(steps=2)
    for _ in run.batches([0]):
        run.step(loss=loss)
    assert heard.losses == [2.0, 2.0]


def test_a_loss_may_be_an_array_of_numpy():
    np = pytest.importorskip("numpy")
    for loss in (np.float32(0.1), np.array(0.1), np.array([0.1]), np.int64(3)):
        run, heard = range_test(steps=2)
        for _ in run.batches([0]):
            run.step(loss=loss)
        assert heard.losses == [float(loss.reshape(()))] * 2
    run, _ = range_test()
    with pytest.raises(seedband.SeedbandError, match=r"the loss has the shape \(8,\); reduce it to one number, as"):
        for _ in run.batches([0]):
            run.step(loss=np.zeros(8))


def test_a_range_test_is_not_validated_by_hand():
    run, heard = range_test(steps=3)
    for _ in run.batches([0]):
        run.step(loss=1.0)
        assert not run.validation_due
        run.validate(1.0, 0.5)
    assert heard.validated == []


def test_a_validation_may_be_infinite_or_nan():
    run, heard = asked(train_request(steps=2, validate_every=1))
    for loss in run.batches([math.nan, math.inf]):
        run.step(loss=1.0)
        run.validate(loss, 0.0)
    assert [str(step.validation.loss) for step in heard.steps] == ["nan", "inf"]


def test_what_is_known_before_a_training_begins():
    run, _ = asked(train_request(training={"epochs": 2, "floor": 0.1}))
    assert run.is_training
    assert run.training == seedband.Training("own", 2, None, 0.5, 0.1, "constant")
    with pytest.raises(seedband.SeedbandError, match="the steps of a training are known once run.batches"):
        _ = run.steps


def test_a_training_that_moves_the_momentum_needs_an_optimizer():
    policy = {"kind": "one-cycle", "momentum": [0.85, 0.95]}
    run, _ = asked(train_request(training={"steps": 4, "policy": policy}))
    with pytest.raises(seedband.BadStudyError, match="which needs run.step"):
        for _ in run.batches([0]):
            run.step(loss=1.0)


@pytest.mark.parametrize(
    ("training", "message"),
    [
        ({"epochs": 0}, "a training without `epochs` or `steps`"),
        ({"epochs": 1, "lr": 0.0}, "`training.lr` is 0.0, which is not above 0"),
        ({"epochs": 1, "weights": "new"}, "`trial.training.weights` is 'new', which is not one of"),
    ],
)
def test_a_training_that_cannot_be(training, message):
    with pytest.raises(seedband.BadStudyError, match=message):
        asked(train_request(training=training))


def test_a_training_that_is_too_long():
    run, _ = asked(train_request(training={"epochs": 10_000_000}))
    with pytest.raises(seedband.BadStudyError, match="10000000 epochs of 2 steps are more than 10000000 steps"):
        next(run.batches([0, 0]))


def test_a_validation_may_be_a_loss_alone():
    run, heard = asked(train_request(steps=2, validate_every=1))
    for _ in run.batches([0]):
        run.step(loss=1.0)
        run.validate(0.5)
    assert [(step.validation.loss, step.validation.accuracy) for step in heard.steps] == [(0.5, None)] * 2


def test_metrics_belong_to_their_step():
    run, heard = range_test(steps=3)
    for step, _ in enumerate(run.batches([0])):
        if step == 1:
            run.log({"grad norm": math.inf}, accuracy=0.25)
        run.step(loss=1.0)
        if step == 1:
            run.log(accuracy=0.5)
    assert [step.metrics for step in heard.steps] == [{}, {"grad norm": math.inf, "accuracy": 0.5}, {}]


def test_metrics_have_names_and_belong_in_the_loop():
    run, _ = range_test(steps=3)
    with pytest.raises(seedband.SeedbandError, match="run.log belongs in the loop"):
        run.log(accuracy=0.5)
    for _ in run.batches([0]):
        run.step(loss=1.0)
        for name in ("", " ", "a\nb", "ü" * 33, 7):
            with pytest.raises(seedband.SeedbandError, match="is no name of a metric: it has to be 1 to 64 bytes of"):
                run.log({name: 1.0})
        run.log({"ü" * 32: 1.0})
        with pytest.raises(seedband.SeedbandError, match="the metric `accuracy` is str, which is not one real number"):
            run.log(accuracy="0.5")
        with pytest.raises(seedband.SeedbandError, match="the metric `accuracy` is a whole number that no float"):
            run.log(accuracy=10**400)
        with pytest.raises(seedband.SeedbandError, match="run.log takes values with their names: run.log"):
            run.log(0.5)
    run, _ = range_test(steps=3)
    with pytest.raises(seedband.SeedbandError, match="a step has 33 metrics; there may be 32"):
        for _ in run.batches([0]):
            run.log({str(number): number for number in range(33)})


def test_a_loader_says_how_many_examples_a_batch_has():
    class Loader(list):
        batch_size = 32

    for loader, size in ((Loader([0]), 32), ([0], None)):
        run, heard = range_test(steps=2)
        for _ in run.batches(loader):
            run.step(loss=1.0)
        assert heard.batch_size == size

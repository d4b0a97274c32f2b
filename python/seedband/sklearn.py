"""scikit-learn: steps of ``SGDClassifier.partial_fit``.

    run = seedband.range_test(steps=100)
    run.seed_everything()
    model = SGDClassifier(loss="log_loss", random_state=run.seed)
    for x, y in run.batches(batches):
        partial_fit(run, model, x, y, classes)

The model's initial weights are zeros, so that seeds differ in the order of what is drawn alone. ``partial_fit`` updates
the weights with each sample of the batch in turn; a step is one such pass.
"""

from __future__ import annotations

import importlib
from typing import Any

from ._run import Run
from .errors import SeedbandError

np: Any = importlib.import_module("numpy")


def partial_fit(run: Run, model: Any, x: Any, y: Any, classes: Any) -> None:
    """One step: notes the loss of the batch, sets the learning rate, and updates ``model``.

    ``model`` is an ``SGDClassifier`` with ``loss="log_loss"``. ``x`` has the shape (samples, features), ``y`` the shape
    (samples,), and ``classes`` lists all that ``y`` may hold. The loss is the mean cross-entropy of the model's
    probabilities before the update, in nats.
    """
    if model.loss != "log_loss":
        raise SeedbandError(f'SGDClassifier(loss="{model.loss}") has no cross-entropy; make it with loss="log_loss"')
    classes = np.unique(classes)
    run.step(loss=_cross_entropy(model, x, y, classes))
    model.set_params(learning_rate="constant", eta0=run.lr)
    try:
        model.partial_fit(x, y, classes=classes)
    except ValueError as error:
        if "overflow" not in str(error):
            raise
        # scikit-learn refuses weights that overflow. The next loss is to say that the model has diverged.
        model.coef_ = np.full_like(model.coef_, np.nan)


def _cross_entropy(model: Any, x: Any, y: Any, classes: Any) -> float:
    """The mean over the batch of minus the logarithm of the probability of the right class."""
    if hasattr(model, "coef_"):
        decisions = np.asarray(model.decision_function(x), dtype=float)
    else:
        decisions = np.zeros((len(y), len(classes)) if len(classes) > 2 else len(y))
    right = np.searchsorted(classes, y)
    if decisions.ndim == 1:
        return float(np.mean(np.logaddexp(0, np.where(right == 1, -decisions, decisions))))
    # One against all, as `predict_proba` has it: the sigmoids of all classes, divided by their sum.
    logs = -np.logaddexp(0, -decisions)
    return float(np.mean(np.logaddexp.reduce(logs, axis=1) - logs[np.arange(len(right)), right]))

"""Keras 3: a callback for ``Model.fit``, on any backend.

    run = seedband.range_test(steps=100)
    run.seed_everything()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=run.steps, callbacks=[RangeTest(run)])

``epochs`` has to be large enough; the callback ends training after the last step, so ``run.steps`` always is.

Keras reports the mean loss since the epoch's beginning. The callback begins that mean anew with each batch, so that it
is the batch's own loss, penalties included; the ``loss`` in the history of ``fit`` is then the last batch's.
"""

from __future__ import annotations

import importlib
from typing import Any

from ._run import Run
from .errors import BadStudyError, SeedbandError

keras: Any = importlib.import_module("keras")


class RangeTest(keras.callbacks.Callback):  # type: ignore[misc]
    """Trains what ``run`` asks for: a range test, or a training after one, whose ``fit`` needs ``validation_data``."""

    def __init__(self, run: Run, val_accuracy: str | None = None) -> None:
        """``val_accuracy`` is the metric that validations take beside the loss, a share from 0 to 1.

        By default it is ``val_accuracy``, where the model has it.
        """
        super().__init__()
        self._run = run
        self._val_accuracy = val_accuracy

    def on_train_begin(self, logs: Any = None) -> None:
        """Training begins."""
        if self._run.needs_validation and not self._run.is_training:
            raise BadStudyError("Keras validates after epochs alone; leave out `validation.every`")
        if getattr(self.model, "steps_per_execution", 1) != 1:
            raise SeedbandError("a range test needs steps_per_execution=1 in compile()")
        self._run.begin(self.params.get("steps"), self.model.count_params())
        if self._run.momentum is not None:
            raise BadStudyError("Keras compiles the momentum into its training step, so no policy can move it")

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Sets the learning rate, and begins the mean loss anew."""
        self._run.begin_step()
        # On JAX the state of a training step lives outside of the model until it is called back.
        if hasattr(self.model, "jax_state_sync"):
            self.model.jax_state_sync()
        self.model.optimizer.learning_rate = self._run.lr
        for metric in self.model.metrics:
            if metric.name == "loss":
                metric.reset_state()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Notes the loss of the batch."""
        if not logs or "loss" not in logs:
            raise SeedbandError("the model reports no `loss` for a batch; its train_step has to return one")
        self._run.set_loss(float(logs["loss"]), float(self.model.optimizer.learning_rate))
        if self._run.done:
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Takes loss and accuracy of the validation from the epoch's results."""
        if not self._run.validation_due:
            return
        if not logs or "val_loss" not in logs:
            raise SeedbandError("the epoch has no `val_loss`: give fit() validation_data")
        if self._val_accuracy is not None and self._val_accuracy not in logs:
            raise SeedbandError(f"the epoch has no `{self._val_accuracy}`; it has {', '.join(sorted(logs))}")
        self._run.validate(logs["val_loss"], logs.get(self._val_accuracy or "val_accuracy"))

    def on_train_end(self, logs: Any = None) -> None:
        """Training is over."""
        self._run.finish()

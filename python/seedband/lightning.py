"""Lightning: a callback, for ``lightning`` and ``pytorch_lightning`` (2.0 and newer).

    run = seedband.range_test(steps=100)
    run.seed_everything()
    trainer = Trainer(callbacks=[RangeTest(run)], logger=False, enable_checkpointing=False)
    trainer.fit(model, loader)

``max_steps`` and ``max_epochs`` of the trainer do not matter: the callback sets them. A step is one optimizer step, and
with ``accumulate_grad_batches`` its loss is the mean over its batches.
"""

from __future__ import annotations

import importlib
import math
import sys
from typing import Any

from ._loader import batch_size_of
from ._run import Run
from .errors import SeedbandError


def _callback_class() -> Any:
    """Lightning's ``Callback``, of the package that the script has imported; of both where it has imported both."""
    names = ("lightning.pytorch", "pytorch_lightning")
    imported = [sys.modules[name].Callback for name in names if name in sys.modules]
    if imported:
        return type("Callback", tuple(imported), {})
    try:
        return importlib.import_module(names[0]).Callback
    except ImportError:
        return importlib.import_module(names[1]).Callback


Callback: Any = _callback_class()


class RangeTest(Callback):  # type: ignore[misc]
    """Trains what ``run`` asks for: a range test, or a training after one."""

    def __init__(self, run: Run, val_loss: str = "val_loss", val_accuracy: str | None = None) -> None:
        """``val_loss`` and ``val_accuracy`` are the names that ``validation_step`` logs.

        The accuracy, a share from 0 to 1, is by default ``val_acc``, where the module logs it.
        """
        super().__init__()
        self._run = run
        self._names = (val_loss, val_accuracy)
        #: Of the batches of the step under way, each divided by their number, as Lightning gives them.
        self._losses: list[Any] = []
        self._global_step = 0

    def setup(self, trainer: Any, pl_module: Any, stage: str) -> None:
        """Leaves out validation where the run has none."""
        if stage == "fit" and not self._run.needs_validation:
            trainer.limit_val_batches = 0

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Training begins. Whatever length the trainer was given, the run decides."""
        batches = trainer.num_training_batches
        per_epoch = math.ceil(batches / trainer.accumulate_grad_batches) if math.isfinite(batches) else None
        parameters = sum(parameter.numel() for parameter in pl_module.parameters())
        self._run.begin(per_epoch, parameters, batch_size_of(trainer.train_dataloader))
        loop = trainer.fit_loop
        loop.min_epochs, loop.max_epochs = 0, -1
        loop.epoch_loop.min_steps, loop.epoch_loop.max_steps = None, self._run.steps

    def on_train_batch_start(self, trainer: Any, pl_module: Any, batch: Any, batch_idx: int) -> None:
        """Sets the learning rate before the first batch of a step."""
        self._global_step = trainer.global_step
        if not self._losses:
            self._run.begin_step(trainer.optimizers)

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
        """Notes the loss after the last batch of a step."""
        loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
        if loss is None:
            raise SeedbandError("training_step returned no loss, so this step has none")
        self._losses.append(loss.detach())
        if trainer.global_step == self._global_step:
            return
        self._run.set_loss(sum(self._losses))
        self._losses.clear()
        if self._run.done:
            trainer.should_stop = True

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        """Takes loss and accuracy of the validation from what the module has logged."""
        if trainer.sanity_checking or not self._run.validation_due:
            return
        metrics = trainer.callback_metrics
        missing = [name for name in self._names if name is not None and name not in metrics]
        if missing:
            raise SeedbandError(
                f"validation_step logs no `{missing[0]}`; log it, or name another: "
                "RangeTest(run, val_loss=…, val_accuracy=…)"
            )
        loss, accuracy = self._names
        self._run.validate(metrics[loss], metrics.get(accuracy or "val_acc"))

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """Training is over."""
        self._run.finish()

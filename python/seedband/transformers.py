"""Hugging Face Transformers: a callback for ``Trainer`` (4.46 and newer).

    run = seedband.range_test(steps=100)
    run.seed_everything()
    trainer = Trainer(model, TrainingArguments(folder, seed=run.seed), train_dataset=…)
    trainer.add_callback(RangeTest(run, trainer))
    trainer.train()

The length in the arguments does not matter: the callback sets it. A step is one optimizer step, and with
``gradient_accumulation_steps`` its loss is the one that the trainer updates by and logs.
"""

from __future__ import annotations

import importlib
import math
from typing import Any

from ._loader import length_of
from ._run import Run
from .errors import SeedbandError

transformers: Any = importlib.import_module("transformers")


class RangeTest(transformers.TrainerCallback):  # type: ignore[misc]
    """Trains what ``run`` asks for: a range test, or a training after one, which needs an ``eval_dataset``."""

    def __init__(self, run: Run, trainer: Any, eval_accuracy: str | None = None) -> None:
        """``eval_accuracy`` is the metric of ``compute_metrics`` that validations take: a share from 0 to 1.

        By default it is ``eval_accuracy``, where there is one.
        """
        self._run = run
        self._eval_accuracy = eval_accuracy
        #: Of the batches of the step under way; the loss of the step is their sum.
        self._losses: list[Any] = []
        if trainer.args.seed not in (run.seed, *vars(run.seeds).values()):
            raise SeedbandError(
                f"the trainer seeds its batches with {trainer.args.seed}, whatever the run's seed is; give it "
                "TrainingArguments(seed=run.seed)"
            )
        epochs = run.training.epochs if run.training is not None else None
        if epochs is None:
            trainer.args.max_steps = run.steps if run.training is None else run.training.steps
        else:
            trainer.args.num_train_epochs, trainer.args.max_steps = epochs, -1
        # No event has the loss of a step but rounded to four digits.
        self._training_step = trainer.training_step
        trainer.training_step = self._noting_the_loss

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Training begins."""
        batches = length_of(kwargs["train_dataloader"])
        per_epoch = None if batches is None else math.ceil(batches / args.gradient_accumulation_steps)
        parameters = sum(parameter.numel() for parameter in kwargs["model"].parameters())
        self._run.begin(per_epoch, parameters, args.train_batch_size)

    def on_step_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Sets the learning rate, over that of the trainer's own scheduler."""
        self._run.begin_step(kwargs["optimizer"])

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Notes the loss after the last batch of a step, and asks for a validation where one is due."""
        self._run.set_loss(sum(self._losses))
        self._losses.clear()
        control.should_evaluate = self._run.validation_due
        control.should_training_stop |= self._run.done

    def on_epoch_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """What has been validated after the last step need not be once more after the epoch."""
        control.should_evaluate = False

    def on_evaluate(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Takes loss and accuracy of the validation from the trainer's metrics."""
        if not self._run.validation_due:
            return
        metrics = kwargs["metrics"]
        missing = [name for name in ("eval_loss", self._eval_accuracy) if name is not None and name not in metrics]
        if missing:
            raise SeedbandError(f"the trainer's evaluation has no `{missing[0]}`; it has {', '.join(sorted(metrics))}")
        self._run.validate(metrics["eval_loss"], metrics.get(self._eval_accuracy or "eval_accuracy"))

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Training is over."""
        self._run.finish()

    def _noting_the_loss(self, *args: Any, **kwargs: Any) -> Any:
        loss = self._training_step(*args, **kwargs)
        self._losses.append(loss.detach())
        return loss

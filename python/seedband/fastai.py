"""fastai: a callback for ``Learner.fit`` (fastai 2.7 and newer).

    run = seedband.range_test(steps=100)
    run.seed_everything()
    learn = Learner(dls, Net(), loss_func=F.cross_entropy)
    learn.fit(1, cbs=RangeTest(run))

The number of epochs given to ``fit`` does not matter: the callback sets it. A step is one update, and with
``GradientAccumulation`` its loss is the mean over its batches. The learning rate of a run is that of the last parameter
group, as in fastai's own recorder, and the others keep their ratio to it.
"""

from __future__ import annotations

import importlib
from typing import Any

from ._run import Run
from .errors import BadStudyError, SeedbandError

fastai: Any = importlib.import_module("fastai.callback.core")


class RangeTest(fastai.Callback):  # type: ignore[misc]
    """Trains what ``run`` asks for: a range test, or a training after one.

    Validations take the metric called ``accuracy``, as fastai's own is, where the learner has it.
    """

    # After `ParamScheduler` (60), whose rates would win otherwise, and after `MixedPrecision` and
    # `GradientAccumulation`, which may cancel a step.
    order = 70
    run_valid = False

    def __init__(self, run: Run, accuracy: str | None = None) -> None:
        """``accuracy`` is the name of the metric that validations take beside the loss: a share from 0 to 1."""
        # fastai's callbacks have a `run` of their own, which says whether they are on.
        self._test = run
        self._accuracy = accuracy
        self._ratios: list[float] = []
        self._losses: list[Any] = []
        self._used_lr: float | None = None
        self._is_cancelled = False

    def before_fit(self) -> None:
        """Training begins. Whatever number of epochs `fit` was given, the run decides."""
        if self._test.needs_validation and not self._test.is_training:
            raise BadStudyError("fastai validates after epochs alone; leave out `validation.every`")
        if self._test.is_training and hasattr(self.learn, "gradient_accumulation"):
            raise BadStudyError("with GradientAccumulation an epoch has no certain number of steps to train by")
        parameters = sum(parameter.numel() for parameter in self.model.parameters())
        self._test.begin(len(self.dls.train), parameters, getattr(self.dls.train, "bs", None))
        # More than enough: the last step cancels the fit.
        self.learn.n_epoch = self._test.steps
        lrs = [float(hyper["lr"]) for hyper in self.opt.hypers]
        if lrs[-1] <= 0:
            raise SeedbandError("the learner's learning rate is 0; give `fit` any other, such as lr=1e-3")
        self._ratios = [lr / lrs[-1] for lr in lrs]

    def before_batch(self) -> None:
        """Sets the learning rate before the first batch of a step."""
        if self._losses:
            return
        self._test.begin_step()
        self.opt.set_hyper("lr", [self._test.lr * ratio for ratio in self._ratios])
        if self._test.momentum is not None:
            self.opt.set_hyper("mom", self._test.momentum)

    def after_loss(self) -> None:
        """Keeps the loss of each batch of a step."""
        self._losses.append(self.loss.detach())

    def before_step(self) -> None:
        """Keeps the learning rate of the update."""
        self._used_lr = float(self.opt.hypers[-1]["lr"])

    def after_cancel_batch(self) -> None:
        """Another callback has kept this batch from an update of its own."""
        self._is_cancelled = True

    def after_batch(self) -> None:
        """Notes the loss after the last batch of a step."""
        is_cancelled, self._is_cancelled = self._is_cancelled, False
        if is_cancelled or not self._losses:
            return
        self._test.set_loss(sum(self._losses) / len(self._losses), self._used_lr)
        self._losses, self._used_lr = [], None
        if self._test.done:
            # The last step of a training is followed by a validation.
            raise fastai.CancelTrainException if self._test.validation_due else fastai.CancelFitException

    def before_validate(self) -> None:
        """Leaves out validation where none is due."""
        if not self._test.validation_due:
            raise fastai.CancelValidException

    def after_validate(self) -> None:
        """Takes loss and accuracy of the validation from fastai's recorder."""
        if not self._test.validation_due:
            return
        metrics = {metric.name: metric.value for metric in self.recorder._valid_mets}
        if self._accuracy is not None and self._accuracy not in metrics:
            raise SeedbandError(f"the learner has no metric `{self._accuracy}`; give it metrics={self._accuracy}")
        self._test.validate(metrics["loss"], metrics.get(self._accuracy or "accuracy"))

    def after_epoch(self) -> None:
        """Ends a fit whose last step has been validated."""
        if self._test.done:
            raise fastai.CancelFitException

    def after_fit(self) -> None:
        """Training is over."""
        self._test.finish()

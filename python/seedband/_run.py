"""One range test, or one training after it, from the point of view of a training loop."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from . import _metrics, _seeding
from ._environment import device_type
from ._listener import Listener, Started, StepDone, Validation
from ._loader import batch_size_of, length_of, set_epoch
from ._loss import as_float
from ._optimizer import Optimizers
from ._plan import Plan
from ._streams import Seeds
from ._trial import Training, Trial
from .errors import BadStudyError, SeedbandError

Batch = TypeVar("Batch")


class Run:
    """What :func:`seedband.range_test` gives to a training script.

    A step is one update of the weights. Steps count from 0. Learning rates have no unit.
    """

    def __init__(self, trial: Trial, listener: Listener) -> None:
        self._trial = trial
        self._listener = listener
        self._plan: Plan | None = None if trial.training is not None else trial.plan(None)
        self._owner = os.getpid()
        self._optimizers: Optimizers | None = None
        self._has_begun = False
        self._is_in_batch = False
        #: Steps that have begun, the one under way among them.
        self._begun = 0
        self._is_under_way = False
        #: The loss of the step under way, once it is known.
        self._loss: float | None = None
        self._used_lr: float | None = None
        self._validation: Validation | None = None
        self._metrics: dict[str, float] = {}
        self._end: str | None = None

    # What to train.

    @property
    def seed(self) -> int:
        """The number to seed every source of chance with, 0 to 4294967295.

        It is the trial's own seed, unless the study fixes one of the streams or asks for other weights than the range
        test's: then a number that the three of :attr:`seeds` determine.
        """
        return self._trial.seed

    @property
    def seeds(self) -> Seeds:
        """A seed for each source of chance, for scripts that keep them apart: ``weights``, ``order``, ``augmentation``.

        A study that fixes a stream (``[streams]``) or tells sources of variation apart needs a script that uses these.
        """
        return self._trial.seeds

    @property
    def device(self) -> str:
        """``"cuda"`` or ``"cpu"``. The runner shows a process one CUDA device at most, so it needs no number."""
        return device_type()

    @property
    def training(self) -> Training | None:
        """The training that is asked for; None in a range test."""
        return self._trial.training

    @property
    def is_training(self) -> bool:
        """Whether this is a training after a range test."""
        return self._trial.training is not None

    @property
    def steps(self) -> int:
        """How many steps are planned. In a training of epochs known once :meth:`batches` has begun."""
        return self._planned().steps

    def schedule(self, step: int) -> float:
        """The learning rate planned for ``step``, 0 to ``steps - 1``."""
        return self._planned().rates[step]

    def seed_everything(self) -> None:
        """Seeds ``random``, and NumPy, PyTorch, TensorFlow and Keras where they are imported, with :attr:`seed`.

        JAX has no global state to seed: use :meth:`jax_key`.
        """
        _seeding.seed_everything(self.seed)

    def jax_key(self) -> Any:
        """A JAX random key made from :attr:`seed`."""
        from .jax import key

        return key(self)

    def optax_schedule(self) -> Any:
        """The planned learning rates as an optax schedule: count of updates, 0 to ``steps - 1``, to learning rate."""
        from .jax import schedule

        return schedule(self)

    # The loop.

    def batches(self, loader: Iterable[Batch], steps_per_epoch: int | None = None) -> Iterator[Batch]:
        """The batches of ``loader``, over and over until the last step.

        Ends before that at a loss that is not finite and, in a range test, once every early stop has fired. Each time
        round is an epoch: ``loader`` is iterated anew, after ``set_epoch`` of it or its sampler where there is one.

        ``steps_per_epoch`` is ``len(loader)`` unless given. Give it for a loader without a length, and where several
        batches make one step; only a training after a range test has a use for it.
        """
        self.end_step()
        if self.done:
            return
        per_epoch = steps_per_epoch if steps_per_epoch is not None else length_of(loader)
        self.begin(per_epoch, batch_size=batch_size_of(loader))
        epoch = 0
        while not self.done:
            set_epoch(loader, epoch)
            count, begun = 0, self._begun
            for batch in loader:
                count += 1
                self._is_in_batch = True
                try:
                    yield batch
                except GeneratorExit:
                    # The loop was left within its last batch, as by `if run.done: break`: nothing is missing.
                    if self.done and not self._lacks_validation():
                        self.end_step()
                    raise
                finally:
                    self._is_in_batch = False
                self.end_step()
                if self.done:
                    return
            if count == 0:
                raise SeedbandError(_no_batch(epoch))
            if self._begun == begun:
                raise SeedbandError(f"{count} batches went by without a call of run.step(optimizer, loss)")
            epoch += 1

    @property
    def lr(self) -> float:
        """The learning rate of the step under way: before ``run.step`` of a batch, and after it."""
        return self._planned().rates[self._current_step()]

    @property
    def momentum(self) -> float | None:
        """The momentum of the step under way, 0 to below 1, where a training's policy moves it; else None."""
        momenta = self._planned().momenta
        return None if momenta is None else momenta[self._current_step()]

    def step(self, optimizer: Any = None, loss: Any = None) -> None:
        """Notes the loss of this step's batch and sets this step's learning rate: once a step, before the update.

        ``optimizer`` is a PyTorch optimizer, or a list of those that are stepped together: the first parameter group
        gets the rate of the step, and every other keeps its ratio to the first. Without one, call ``run.step(loss=…)``
        and train with :attr:`lr`.

        ``loss`` is the mean training loss before the update, in nats for a cross-entropy: a tensor, array or number
        that holds one value. With gradient accumulation it is the mean over the batches of the step.
        """
        if loss is None:
            raise SeedbandError("run.step needs a loss: run.step(optimizer, loss), or run.step(loss=loss)")
        self._check_may_step()
        if optimizer is None and self.momentum is not None:
            raise BadStudyError("this training moves the momentum, which needs run.step(optimizer, loss)")
        self.begin_step(optimizer)
        self.set_loss(loss)

    def log(self, metrics: Mapping[str, Any] | None = None, /, **named: Any) -> None:
        """Notes further numbers of the step under way: ``run.log(accuracy=0.5)``, ``run.log({"grad norm": norm})``.

        They stand beside the loss in the results, each with its band over the seeds, and decide nothing. Names are 1 to
        64 bytes of printable text, up to 32 of them a step. Values are tensors, arrays or numbers that hold one value,
        which may be infinite or NaN. A tensor on a GPU is waited for; where that matters, log every tenth step.
        """
        self._check_process()
        if not (self._is_in_batch or self._is_under_way):
            raise SeedbandError("run.log belongs in the loop: for x, y in run.batches(loader): …")
        if not isinstance(metrics, (Mapping, type(None))):
            raise SeedbandError("run.log takes values with their names: run.log(accuracy=0.5)")
        _metrics.add(self._metrics, {**(metrics or {}), **named})

    @property
    def done(self) -> bool:
        """Whether the loop is at its end: no further step follows the one under way."""
        return self._end is not None

    @property
    def needs_validation(self) -> bool:
        """Whether a validation is due after any step at all."""
        return self.is_training or self._trial.validate_every > 0

    @property
    def validation_due(self) -> bool:
        """Whether to evaluate the model on validation data now: ask after the update, in the same batch.

        Then call :meth:`validate`. True only where the study asks for it, and never after a step that ends the loop
        early, which needs no update.
        """
        if self._loss is None or self._end in ("halted", "non-finite"):
            return False
        return self._planned().is_validated(self._begun - 1)

    def validate(self, loss: Any, accuracy: Any = None) -> None:
        """Notes an evaluation after this step's update. One that is not due is not kept.

        ``loss`` is the mean over the validation data, in the unit of the training loss; ``accuracy`` the share of right
        answers, 0 to 1, where there is such a thing.
        """
        if self._loss is None:
            raise SeedbandError("run.validate belongs after run.step and the update, in the same batch")
        value = as_float(loss, "validation loss")
        share = None if accuracy is None else as_float(accuracy, "accuracy")
        if share is not None and not 0 <= share <= 1:
            raise SeedbandError(f"an accuracy of {share:g} is not a share from 0 to 1")
        if self.validation_due:
            self._validation = Validation(value, share)

    # The same in smaller parts, for loops that are not the script's own: see the adapters.

    def begin(self, steps_per_epoch: int | None, parameters: int | None = None, batch_size: int | None = None) -> None:
        """Training begins, with ``parameters`` numbers in the model and ``batch_size`` examples in a batch.

        Does nothing when called again.
        """
        if self._has_begun:
            return
        if steps_per_epoch == 0:
            raise SeedbandError("the loader is empty: it has no batch")
        if self._plan is None:
            self._plan = self._trial.plan(steps_per_epoch)
        self._has_begun = True
        self._listener.started(Started(self._plan.steps, steps_per_epoch, parameters, batch_size))

    def begin_step(self, optimizer: Any = None) -> None:
        """A step begins. Its learning rate goes into ``optimizer``; without one the loop sets :attr:`lr` by itself."""
        self._check_process()
        self.end_step()
        plan = self._planned()
        step = self._current_step()
        if self.done:
            raise SeedbandError(f"run.step was called after the last of {self._begun} steps")
        if optimizer is not None:
            if self._optimizers is None:
                self._optimizers = Optimizers(optimizer)
            elif not self._optimizers.is_same(optimizer):
                raise SeedbandError("run.step was given another optimizer than before; give it a list of all of them")
            self._optimizers.set_lr(plan.rates[step])
            if plan.momenta is not None:
                self._optimizers.set_momentum(plan.momenta[step])
        self._begun, self._is_under_way = step + 1, True

    def set_loss(self, loss: Any, used_lr: float | None = None) -> None:
        """The loss of the step that has begun is known, and perhaps the rate that its update really used."""
        value = as_float(loss)
        self._loss = value
        self._used_lr = used_lr
        has_stopped = self._trial.early_stops.push(value)
        if not math.isfinite(value):
            self._end = "non-finite"
        elif self._begun == self._planned().steps:
            self._end = "completed"
        elif has_stopped:
            self._end = "halted"

    def end_step(self) -> None:
        """The step under way is over: it is told, with the rate that was really used, and so is the end after it."""
        if self._loss is None:
            return
        step, plan = self._begun - 1, self._planned()
        if self._lacks_validation():
            raise SeedbandError(
                f"a validation was due after step {step}: call run.validate(loss) where run.validation_due"
            )
        used_lr = self._used_lr
        if used_lr is None and self._optimizers is not None:
            used_lr = self._optimizers.used_lr()
        # Without an update, as where a gradient scaler has skipped one, no other rate was used than the planned one.
        lr = plan.rates[step] if used_lr is None else used_lr
        if not math.isfinite(lr):
            raise SeedbandError(f"step {step} was trained with a learning rate of {lr}")
        done = StepDone(step, lr, plan.rates[step], self._loss, self._validation, self._metrics)
        self._loss, self._validation, self._metrics, self._is_under_way = None, None, {}, False
        self._listener.step(done)
        if self._end is not None:
            self._finish(self._end)

    def finish(self) -> None:
        """The loop is over; :meth:`batches` does this by itself. Raises where steps are left."""
        self.end_step()
        if self._end is None:
            raise SeedbandError(f"the loop ended after {self._begun} of {self.steps} steps")

    def _finish(self, end: str) -> None:
        if self._optimizers is not None:
            self._optimizers.close()
            if end != "non-finite" and self._optimizers.is_never_updated():
                raise SeedbandError(
                    f"optimizer.step() was not called in any of {self._begun} steps; give run.step the optimizer that "
                    "makes the updates"
                )
        self._listener.finished(end, self._begun)

    def _lacks_validation(self) -> bool:
        return self.validation_due and self._validation is None

    def _current_step(self) -> int:
        """The step whose turn it is, from 0: the next one once the one before is over."""
        return self._begun - 1 if self._is_under_way or self.done else self._begun

    def _planned(self) -> Plan:
        if self._plan is None:
            raise SeedbandError("the steps of a training are known once run.batches(loader) has begun")
        return self._plan

    def _check_process(self) -> None:
        if os.getpid() != self._owner:
            raise SeedbandError("run.step was called in a process that the script has forked, such as a data loader's")

    def _check_may_step(self) -> None:
        if not self._is_in_batch:
            raise SeedbandError("run.step belongs in the loop: for x, y in run.batches(loader): …")
        if self._loss is not None:
            raise SeedbandError(
                f"run.step was called twice in one batch, at step {self._begun - 1}; call it once a step"
            )


def _no_batch(epoch: int) -> str:
    if epoch == 0:
        return "the loader is empty: it has no batch"
    return (
        f"the loader has no batch in epoch {epoch}: a generator can be read once only; give run.batches a list, "
        "a DataLoader, or anything else that can be iterated anew"
    )

"""Who hears what a run does: the runner, the person at the terminal, or a notebook that collects curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Started:
    """What is known when training begins."""

    #: Steps planned.
    steps: int
    #: Steps in an epoch, where that is known.
    epoch: int | None = None
    #: Numbers in the model, frozen ones among them, where that is known.
    parameters: int | None = None
    #: Examples in a batch, where that is known.
    batch_size: int | None = None


@dataclass(frozen=True)
class Validation:
    """An evaluation on data that is not trained on."""

    #: Mean loss, in the unit of the training loss (nats for cross-entropy); may be infinite or NaN.
    loss: float
    #: Share of right answers, 0 to 1; None where there is no such thing, as in a regression.
    accuracy: float | None = None


@dataclass(frozen=True)
class StepDone:
    """One finished step."""

    #: Counted from 0.
    step: int
    #: The learning rate that was in the optimizer during its update.
    lr: float
    #: The learning rate that was planned for it.
    planned_lr: float
    #: The training loss of its batch before the update; the last one's may be infinite or NaN.
    loss: float
    #: None where no validation was due.
    validation: Validation | None = None
    #: Further numbers of the step, by name; may be infinite or NaN.
    metrics: Mapping[str, float] = field(default_factory=dict)


class Listener(Protocol):
    """Hears each event once, in this order: started, steps, finished."""

    def started(self, start: Started) -> None:
        """Training begins."""

    def step(self, done: StepDone) -> None:
        """One step is done."""

    def finished(self, end: str, steps: int) -> None:
        """The curve is whole. ``end`` is ``"completed"``, ``"halted"`` or ``"non-finite"``."""

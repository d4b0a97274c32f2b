"""The steps of a trial: the learning rate of each, and after which a validation is due."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """One value a step. ``epoch`` is None for a range test."""

    #: Learning rate in the optimizer during each step.
    rates: list[float]
    #: Momentum during each step, 0 to below 1; None: the optimizer's own stays.
    momenta: list[float] | None = None
    #: A range test is validated after each so many steps and the last; 0: never.
    validate_every: int = 0
    #: A training is validated after each epoch of so many steps and the last step.
    epoch: int | None = None

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.rates)

    def is_validated(self, step: int) -> bool:
        """Whether a validation is due after ``step``, from 0."""
        every = self.epoch or self.validate_every
        return every > 0 and ((step + 1) % every == 0 or step + 1 == self.steps)

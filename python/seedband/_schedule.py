"""The learning rate of each step of a range test (docs/protocol.md)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from ._fields import Table
from .errors import BadStudyError

#: More steps than any training has: the bound catches a slipped digit.
MOST_STEPS = 10_000_000

KINDS = ("exponential", "linear")
SPACINGS = ("exclusive", "inclusive", "skip-second", "accumulated")


@dataclass(frozen=True)
class Schedule:
    """How the learning rate grows from ``start`` to ``end`` (no unit) over ``steps`` steps (2 to 10,000,000)."""

    kind: str = "exponential"
    start: float = 1e-7
    end: float = 10.0
    steps: int = 100
    spacing: str = "exclusive"
    lag: int = 0

    @classmethod
    def from_json(cls, value: Any) -> Schedule:
        """The table ``trial.recipe.schedule`` of a request."""
        table = Table(value, "schedule", ("kind", "start", "end", "steps", "spacing", "lag"))
        return cls(
            kind=table.choice("kind", KINDS, cls.kind),
            start=table.number("start", cls.start),
            end=table.number("end", cls.end),
            steps=table.count("steps", cls.steps),
            spacing=table.choice("spacing", SPACINGS, cls.spacing),
            lag=table.count("lag", cls.lag),
        )

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start) and math.isfinite(self.end)):
            raise BadStudyError("the learning rates of a range test have to be finite")
        if self.kind == "exponential" and self.start <= 0:
            raise BadStudyError(f"exponential growth has to start above 0, not at {self.start!r}")
        if self.start < 0:
            raise BadStudyError(f"a learning rate cannot be negative, as {self.start!r} is")
        if self.end <= self.start:
            raise BadStudyError(f"the last learning rate, {self.end!r}, has to be above the first, {self.start!r}")
        if not 2 <= self.steps <= MOST_STEPS:
            raise BadStudyError(f"a range test has 2 to {MOST_STEPS} steps, not {self.steps}")
        if self.kind == "exponential" and self.end / self.start == math.inf:
            raise BadStudyError(f"{self.end!r} is too many powers of ten above {self.start!r}")
        if self.spacing == "accumulated" and self.kind != "exponential":
            raise BadStudyError('spacing "accumulated" is exponential growth')
        if self.lag > 1:
            raise BadStudyError(f"a schedule lags by 0 or 1 steps, not by {self.lag}")

    def rates(self) -> list[float]:
        """The learning rate in the optimizer during each step: ``steps`` values."""
        if self.spacing == "accumulated":
            factor = (self.end / self.start) ** (1 / self.steps)
            rates = [self.start]
            while len(rates) < self.steps:
                rates.append(rates[-1] * factor)
        else:
            rates = [self._at(self._position(step)) for step in range(self.steps)]
        return [self.start] * self.lag + rates[: self.steps - self.lag]

    def _position(self, step: int) -> float:
        """Where a step lies between start (0) and end (1)."""
        if self.spacing == "inclusive":
            return step / (self.steps - 1)
        if self.spacing == "skip-second" and step > 0:
            return (step + 1) / self.steps
        return step / self.steps

    def _at(self, position: float) -> float:
        if self.kind == "linear":
            return self.start + position * (self.end - self.start)
        return float(self.start * (self.end / self.start) ** position)

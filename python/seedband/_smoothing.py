"""The exponential moving average through which an early stop looks at the loss (docs/protocol.md)."""

from __future__ import annotations

from typing import Any

from ._fields import Table
from .errors import BadStudyError


class Smoother:
    """Takes losses one by one. NaN and infinities are averaged like any value, and stay."""

    def __init__(
        self,
        kind: str = "ema",
        beta: float = 0.98,
        start: str = "zero",
        ahead: int = 0,
        form: str = "plain",
    ) -> None:
        if not 0 <= beta < 1:
            raise BadStudyError(f"`smoothing.beta` is {beta!r}, which is not from 0 to below 1")
        self._kind = kind
        self._beta = beta
        self._start = start
        self._ahead = ahead
        self._form = form
        self._average = 0.0
        self._seen = 0

    @classmethod
    def from_json(cls, value: Any) -> Smoother:
        """The table ``smoothing`` of an early stop."""
        table = Table(value, "early-stops.smoothing", ("kind", "beta", "start", "ahead", "form"))
        return cls(
            kind=table.choice("kind", ("ema", "none"), "ema"),
            beta=table.number("beta", 0.98),
            start=table.choice("start", ("zero", "first"), "zero"),
            ahead=table.count("ahead", 0),
            form=table.choice("form", ("plain", "lerp"), "plain"),
        )

    def push(self, loss: float) -> float:
        """Takes the loss of the next step and gives its smoothed loss."""
        if self._kind == "none":
            return loss
        self._seen += 1
        if self._start == "first":
            self._average = loss if self._seen == 1 else self._mixed(loss)
            return self._average
        self._average = self._mixed(loss)
        return float(self._average / (1 - self._beta ** (self._seen + self._ahead)))

    def _mixed(self, loss: float) -> float:
        beta, average = self._beta, self._average
        if self._form == "plain":
            return beta * average + (1 - beta) * loss
        # `torch.lerp` takes the form that loses less to rounding; after an infinite loss the two differ.
        if beta >= 0.5:
            return average - (1 - beta) * (average - loss)
        return loss + beta * (average - loss)

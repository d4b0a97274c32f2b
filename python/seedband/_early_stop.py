"""When a trial may end before its last step (docs/protocol.md)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ._fields import Table
from ._smoothing import Smoother
from .errors import BadStudyError

STOP_KEYS = ("kind", "factor", "signal", "best-update", "best-from", "best-value", "first-step", "nan-fires")


class EarlyStop:
    """Fires when the loss is more than ``factor`` (above 1) times the best one so far."""

    def __init__(
        self,
        smoother: Smoother,
        factor: float = 4.0,
        signal: str = "smoothed",
        best_update: str = "before",
        best: float = math.nan,
        first_step: int = 0,
        nan_fires: bool = True,
    ) -> None:
        """``best`` is the best loss before the first step; NaN: the first loss, whatever it is."""
        if factor <= 1:
            raise BadStudyError(f"`stop.factor` is {factor!r}, which is not above 1")
        self._smoother = smoother
        self._factor = factor
        self._signal = signal
        self._best_update = best_update
        self._best = best
        self._from_first_loss = math.isnan(best)
        self._first_step = first_step
        self._nan_fires = nan_fires
        self._step = 0
        self.fired = False

    @classmethod
    def from_json(cls, value: Any) -> EarlyStop:
        """One entry of ``early-stops``."""
        entry = Table(value, "early-stops", ("smoothing", "stop"))
        if "smoothing" not in entry or "stop" not in entry:
            raise BadStudyError("an early stop without `smoothing` or `stop`")
        stop = entry.table("stop", STOP_KEYS)
        stop.choice("kind", ("factor",), "factor")
        best_from = stop.choice("best-from", ("first-loss", "infinity", "value"), "first-loss")
        best = {"first-loss": math.nan, "infinity": math.inf}.get(best_from)
        return cls(
            Smoother.from_json(value["smoothing"]),
            factor=stop.number("factor", 4.0),
            signal=stop.choice("signal", ("smoothed", "raw"), "smoothed"),
            best_update=stop.choice("best-update", ("before", "after"), "before"),
            best=stop.number("best-value") if best is None else best,
            first_step=stop.count("first-step", 0),
            nan_fires=stop.flag("nan-fires", True),
        )

    def push(self, loss: float) -> None:
        """Takes the loss of the next step; ``fired`` says whether the rule has fired by then."""
        smoothed = self._smoother.push(loss)
        watched = loss if self._signal == "raw" else smoothed
        earlier = watched if self._from_first_loss and self._step == 0 else self._best
        self._best = min(earlier, watched)
        against = self._best if self._best_update == "before" else earlier
        fires = watched > self._factor * against or (self._nan_fires and math.isnan(watched))
        if fires and self._step >= self._first_step:
            self.fired = True
        self._step += 1


class EarlyStops:
    """The early stops of a trial, watched together. With none of them a trial never ends early."""

    def __init__(self, stops: Sequence[EarlyStop] = ()) -> None:
        self._stops: list[EarlyStop] = list(stops)

    @classmethod
    def from_json(cls, value: Any) -> EarlyStops:
        """The list ``early-stops`` of a request."""
        if not isinstance(value, list):
            raise BadStudyError("`early-stops` is not a list")
        return cls([EarlyStop.from_json(entry) for entry in value])

    @classmethod
    def of_fastai(cls, factor: float = 4.0) -> EarlyStops:
        """fastai's: the average of the losses, with a weight of 0.98 on the past, above ``factor`` times its least."""
        return cls([EarlyStop(Smoother(beta=0.98), factor=factor)])

    def push(self, loss: float) -> bool:
        """Takes the loss of the next step; true once every rule has fired at some step."""
        for stop in self._stops:
            stop.push(loss)
        return bool(self._stops) and all(stop.fired for stop in self._stops)

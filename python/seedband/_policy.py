"""The learning rate of each step of a training after a range test (docs/protocol.md).

The formulas are those of PyTorch's schedulers in their closed form. Learning rates have no unit; places in the training
are shares of its steps.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import Any, Callable

from ._fields import Table
from .errors import BadStudyError

#: The options each kind reads. A `warmup` may come before every kind but `one-cycle`, which rises by itself.
OPTIONS: dict[str, tuple[str, ...]] = {
    "constant": (),
    "step": ("milestones", "gamma"),
    "cosine": (),
    "triangular": ("cycles",),
    "triangular2": ("cycles",),
    "exp-range": ("cycles", "gamma"),
    "one-cycle": ("rise", "start-divisor", "end-divisor", "anneal", "momentum"),
    "warm-restarts": ("cycles", "growth"),
}
WARM_UP = ("warmup", "warmup-start")
CYCLIC = ("triangular", "triangular2", "exp-range")
ALL_OPTIONS = sorted({option for options in OPTIONS.values() for option in options} | set(WARM_UP))


class Policy:
    """Which learning rate each step gets, from its peak and the number of steps alone."""

    def __init__(self, value: Any) -> None:
        """``value`` is the table ``trial.training.policy`` of a request."""
        options = Table(value, "policy", ("kind", *ALL_OPTIONS))
        self.kind = options.choice("kind", tuple(OPTIONS), "constant")
        for key in ALL_OPTIONS:
            if key in options and key not in self._read_options():
                raise BadStudyError(f'`policy.{key}` has no meaning for kind = "{self.kind}"')
        self._milestones = options.numbers("milestones", (0.5, 0.75))
        self._gamma = options.number("gamma", 0.99994 if self.kind == "exp-range" else 0.1)
        self._cycles = options.count("cycles", 3 if self.kind == "warm-restarts" else 4)
        self._growth = options.number("growth", 2.0)
        self._rise = options.number("rise", 0.3)
        self._start_divisor = options.number("start-divisor", 25.0)
        self._end_divisor = options.number("end-divisor", 1e4)
        self._anneal = options.choice("anneal", ("cosine", "linear"), "cosine")
        self._momentum = options.numbers("momentum", ())
        self._warmup = options.number("warmup", 0.0)
        self._warmup_start = options.number("warmup-start", 1 / 3)
        self._validate()

    def rates(self, peak: float, floor: float | None, steps: int) -> list[float]:
        """The learning rate in the optimizer during each step, ``steps`` values.

        ``peak`` is above 0; ``floor``, from 0 to ``peak``, is where the rate turns or would end, and None is the
        kind's default.
        """
        if floor is None:
            floor = peak / 4 if self.kind in CYCLIC else 0.0
        warmup = min(_nearest_step(self._warmup, steps), steps - 1)
        rates = self._after_warmup(peak, floor, warmup, steps - warmup)
        start = self._warmup_start
        return [rates[0] * (start + (1 - start) * step / warmup) for step in range(warmup)] + rates

    def momenta(self, steps: int) -> list[float] | None:
        """The momentum during each step, ``steps`` values from 0 to below 1; None: the optimizer's own stays."""
        if not self._momentum:
            return None
        low, high = self._momentum
        return self._one_cycle((high, low, high), steps)

    def _read_options(self) -> tuple[str, ...]:
        return OPTIONS[self.kind] if self.kind == "one-cycle" else OPTIONS[self.kind] + WARM_UP

    def _validate(self) -> None:
        allowed = [
            ("milestones", all(0 < share < 1 for share in self._milestones) and bool(self._milestones)),
            ("gamma", 0 < self._gamma <= 1),
            ("cycles", 1 <= self._cycles <= 1000),
            ("growth", 1 <= self._growth <= 100),
            ("rise", 0 <= self._rise <= 1),
            ("start-divisor", self._start_divisor >= 1),
            ("end-divisor", self._end_divisor >= 1),
            ("momentum", not self._momentum or _is_momentum_range(self._momentum)),
            ("warmup", 0 <= self._warmup < 1),
            ("warmup-start", 0 <= self._warmup_start <= 1),
        ]
        for key, is_allowed in allowed:
            if not is_allowed:
                raise BadStudyError(f"`policy.{key}` is out of its range")

    def _after_warmup(self, peak: float, floor: float, warmup: int, steps: int) -> list[float]:
        """The rates of the ``steps`` steps that follow ``warmup`` others."""
        if self.kind == "constant":
            return [peak] * steps
        if self.kind == "step":
            return self._decayed(peak, warmup, steps)
        if self.kind == "cosine":
            return _restarting(peak, floor, [steps], steps)
        if self.kind == "warm-restarts":
            return _restarting(peak, floor, _cycle_ends(steps, self._cycles, self._growth), steps)
        if self.kind == "one-cycle":
            start = peak / self._start_divisor
            return self._one_cycle((start, peak, start / self._end_divisor), steps)
        # What is left of the way from floor to peak, given a step's number and its cycle's.
        left: dict[str, Callable[[int, float], float]] = {
            "triangular": lambda step, cycle: 1.0,
            "triangular2": lambda step, cycle: 2.0**-cycle,
            "exp-range": lambda step, cycle: float(self._gamma**step),
        }
        rates = []
        for step in range(steps):
            cycle, height = _triangle(step, steps, self._cycles)
            rates.append(_between(floor, peak, height * left[self.kind](step, cycle)))
        return rates

    def _decayed(self, peak: float, warmup: int, steps: int) -> list[float]:
        """The peak, times gamma for each milestone passed; at least one step has the peak."""
        milestones = [max(_nearest_step(share, warmup + steps) - warmup, 1) for share in self._milestones]
        rates = []
        for step in range(steps):
            rate = peak
            for milestone in milestones:
                if milestone <= step:
                    rate *= self._gamma
            rates.append(rate)
        return rates

    def _one_cycle(self, values: tuple[float, float, float], steps: int) -> list[float]:
        """From the first value to the second at step ``rise * steps - 1``, and on to the third at the last step.

        A rise of less than one step has no first phase: step 0 is then already on the way down.
        """
        start, top, end = values
        summit, last = self._rise * steps - 1, steps - 1.0
        rates = []
        for step in range(steps):
            if step > summit:
                rates.append(self._annealed(top, end, (step - summit) / (last - summit)))
            elif summit > 0:
                rates.append(self._annealed(start, top, step / summit))
            else:
                rates.append(top)
        return rates

    def _annealed(self, begin: float, end: float, position: float) -> float:
        """The value between two others at a position from 0 to 1; rounding takes none above both."""
        if self._anneal == "linear":
            value = (end - begin) * position + begin
        else:
            value = end + (begin - end) / 2 * (math.cos(math.pi * position) + 1)
        return min(value, max(begin, end))


def _is_momentum_range(values: Sequence[float]) -> bool:
    return len(values) == 2 and 0 <= values[0] <= values[1] < 1


def _nearest_step(share: float, steps: int) -> int:
    """The step nearest to a share of the steps, halves up."""
    # 0.29 of 50 is 14.499999999999998 in binary: a product that should be a half must not be rounded down.
    exact = share * steps * (1 + 4 * sys.float_info.epsilon)
    return min(math.floor(exact + 0.5), steps)


def _triangle(step: int, steps: int, cycles: int) -> tuple[float, float]:
    """The number of a step's cycle, from 0, and its height: 0 at the cycle's ends, 1 in its middle."""
    position = step * cycles / steps
    cycle = math.floor(position)
    within = position - cycle
    return float(cycle), 2 * min(within, 1 - within)


def _cycle_ends(steps: int, cycles: int, growth: float) -> list[int]:
    """The steps at which cycles end, ascending, the last at ``steps``; equal ones where a cycle has no step."""
    rate = math.log(growth)
    ends = []
    for cycle in range(1, cycles + 1):
        if rate == 0:
            share = cycle / cycles
        else:
            # (growth^cycle - 1) / (growth^cycles - 1) with negative exponents: growth^cycles may be above any float.
            share = math.exp(rate * (cycle - cycles)) * math.expm1(-rate * cycle) / math.expm1(-rate * cycles)
        ends.append(_nearest_step(share, steps))
    return ends


def _restarting(peak: float, floor: float, ends: Sequence[int], steps: int) -> list[float]:
    """Half a cosine from peak to floor in each of the cycles that end at ``ends``."""
    rates = []
    begin, cycle = 0, 0
    for step in range(steps):
        while ends[cycle] <= step:
            begin, cycle = ends[cycle], cycle + 1
        height = (1 + math.cos(math.pi * (step - begin) / (ends[cycle] - begin))) / 2
        rates.append(_between(floor, peak, height))
    return rates


def _between(floor: float, peak: float, height: float) -> float:
    """The rate at a height of 0, the floor, to 1, the peak; rounding takes none above the peak."""
    return min(floor + (peak - floor) * height, peak)

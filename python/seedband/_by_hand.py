"""What a script that was started by hand shows: a line of progress, and a table at the end."""

from __future__ import annotations

import atexit
import math
import sys
import time
from typing import TextIO

from . import _suggestion
from ._environment import script_name
from ._exit import EndedEarlyError
from ._listener import Started, StepDone
from ._numbers import format_lr
from ._smoothing import Smoother
from .errors import SeedbandError

#: The runner allows the same (docs/protocol.md, "step").
LR_TOLERANCE = 1e-5

#: A terminal is written to at most once in so many seconds.
INTERVAL = 0.1

#: So many rows the table has at most.
ROWS = 12


class ByHand:
    """Shows one range test to the person who started it: progress on standard error, the result on standard output."""

    def __init__(self, seed: int, out: TextIO | None = None, progress: TextIO | None = None) -> None:
        self._seed = seed
        self._out = out if out is not None else sys.stdout
        self._progress = progress if progress is not None else sys.stderr
        self._smoother = Smoother()
        self._planned = 0
        self._lrs: list[float] = []
        self._smoothed: list[float] = []
        self._shown_at = -math.inf

    def started(self, start: Started) -> None:
        """Training begins."""
        self._planned = start.steps
        atexit.register(self._at_exit)

    def step(self, done: StepDone) -> None:
        """One step is done."""
        if abs(done.lr - done.planned_lr) > LR_TOLERANCE * done.planned_lr:
            self._end_line()
            raise SeedbandError(
                f"step {done.step} was trained with a learning rate of {done.lr:g} where {done.planned_lr:g} is "
                "planned; something in the script sets the optimizer's rate after run.step, perhaps a scheduler"
            )
        self._lrs.append(done.planned_lr)
        self._smoothed.append(self._smoother.push(done.loss))
        now = time.monotonic()
        if self._progress.isatty() and now - self._shown_at >= INTERVAL:
            self._shown_at = now
            # Ends at the line's beginning, so that whatever comes next, a traceback for one, is written over it.
            self._progress.write(f"{self._line(done)}\x1b[K\r")
            self._progress.flush()

    def finished(self, end: str, steps: int) -> None:
        """The curve is whole."""
        atexit.unregister(self._at_exit)
        self._end_line()
        reasons = {
            "completed": "to the last step",
            "halted": "stopped early, the smoothed loss was far above its least",
            "non-finite": "the loss was not finite any more",
        }
        lines = [f"seedband: seed {self._seed}, {steps} of {self._planned} steps, {reasons[end]}", ""]
        lines += self._table() + [""] + self._answers() + ["", *self._hint()]
        self._out.write("\n".join(lines) + "\n")
        self._out.flush()

    def progress(self) -> str:
        """How far it is: ``after 57 of 100 steps``."""
        return f"after {len(self._lrs)} of {self._planned} steps"

    def _at_exit(self) -> None:
        """The script ends and the range test has not. Where an exception ended it, its traceback says so."""
        if getattr(sys, "last_value", None) is None:
            self._progress.write(f"seedband: {EndedEarlyError('the script', self)}\n")

    def _line(self, done: StepDone) -> str:
        width = len(str(self._planned))
        return (
            f"step {done.step + 1:>{width}}/{self._planned}  lr {format_lr(done.planned_lr):>7}  loss {done.loss:.4g}"
        )

    def _end_line(self) -> None:
        if self._progress.isatty():
            self._progress.write("\x1b[K")
            self._progress.flush()

    def _table(self) -> list[str]:
        """Some of the steps, evenly spaced, with the last."""
        count = len(self._lrs)
        stride = max(math.ceil(count / ROWS), 1)
        steps = sorted({*range(0, count, stride), count - 1})
        rows = [f"{step:>6} {format_lr(self._lrs[step]):>9} {self._smoothed[step]:>14.4g}" for step in steps]
        return [f"{'step':>6} {'lr':>9} {'smoothed loss':>14}", *rows]

    def _answers(self) -> list[str]:
        answers = [
            ("steepest descent", _suggestion.steepest(self._lrs, self._smoothed, self._planned)),
            ("least loss / 10", _suggestion.minimum(self._lrs, self._smoothed, self._planned)),
        ]
        return [
            f"{f'{name}:':<18}{format_lr(lr) if lr is not None else 'none, too few steps'}" for name, lr in answers
        ] + ["(as fastai's `steep` and `minimum` read a curve)"]

    def _hint(self) -> list[str]:
        script = script_name()
        if script == "python":
            return ["This is one seed. How far another moves the answer: seedband.lr_find(…, seeds=20)"]
        return ["This is one seed. How far another moves the answer:", f"    seedband lr-find {script} --seeds 20"]

"""The way in: a range test for one training script."""

from __future__ import annotations

import os

from ._by_hand import ByHand
from ._channel import VARIABLE
from ._early_stop import EarlyStops
from ._exit import ExitWatch
from ._run import Run
from ._runner import Runner
from ._schedule import Schedule
from ._streams import Seeds
from ._trial import Trial
from .errors import SeedbandError

#: The seed of a script that is started by hand.
SEED_VARIABLE = "SEEDBAND_SEED"


def range_test(
    *,
    steps: int = 100,
    min_lr: float = 1e-7,
    max_lr: float = 10.0,
    mode: str = "exponential",
    early_stop_threshold: float | None = 4.0,
    seed: int | None = None,
) -> Run:
    """Begins a learning rate range test: the rate rises from ``min_lr`` towards ``max_lr`` in ``steps`` steps.

    Started by hand, the script trains one seed, shows a line of progress, and a table at the end. Under ``seedband
    lr-find`` and ``seedband run`` it trains the trial that it is given, and all arguments are ignored.

    ``steps``: 2 to 10,000,000. ``min_lr``, ``max_lr``: above 0 (0 is allowed for ``min_lr`` with ``mode="linear"``), no
    unit. ``mode``: ``"exponential"`` or ``"linear"``. ``early_stop_threshold``: ends once the smoothed loss is above so
    many times its least, above 1; None: never. ``seed``: 0 to 2^63 - 1; by default the environment variable
    ``SEEDBAND_SEED``, or 0.
    """
    path = os.environ.get(VARIABLE)
    if path is not None:
        return _given_by_runner(path)
    trial = trial_by_hand(steps, min_lr, max_lr, mode, early_stop_threshold, seed)
    return Run(trial, ByHand(trial.seed))


def trial_by_hand(
    steps: int,
    min_lr: float,
    max_lr: float,
    mode: str,
    early_stop_threshold: float | None,
    seed: int | None,
) -> Trial:
    """The range test that the arguments of :func:`range_test` describe."""
    if mode not in ("exponential", "linear"):
        raise SeedbandError(f'mode is "exponential" or "linear", not {mode!r}')
    if seed is None:
        seed = _seed_of_environment()
    if not 0 <= seed < 2**63:
        raise SeedbandError(f"a seed is a whole number from 0 to 2^63 - 1, not {seed}")
    seeds = Seeds.of(seed)
    return Trial(
        seed=seed if seed < 2**32 else seeds.mixed(),
        seeds=seeds,
        schedule=Schedule(kind=mode, start=float(min_lr), end=float(max_lr), steps=steps),
        early_stops=EarlyStops() if early_stop_threshold is None else EarlyStops.of_fastai(early_stop_threshold),
    )


def _given_by_runner(path: str) -> Run:
    given = Runner(path, one_trial=True).next_trial()
    if given is None:
        raise SystemExit("seedband: the runner has no more trials for this process")
    trial, conversation = given
    ExitWatch().conversation = conversation
    return Run(trial, conversation)


def _seed_of_environment() -> int:
    value = os.environ.get(SEED_VARIABLE, "0")
    if not value.isdecimal():
        raise SeedbandError(f"{SEED_VARIABLE} is {value!r}, which is not a whole number from 0")
    return int(value)

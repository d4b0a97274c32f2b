"""One process for many trials: imports, data and the CUDA context stay as they are."""

from __future__ import annotations

import gc
import os
import traceback
from typing import Callable

from ._by_hand import ByHand
from ._channel import VARIABLE
from ._exit import EndedEarlyError, ExitWatch
from ._range_test import trial_by_hand
from ._run import Run
from ._runner import Conversation, Runner
from ._trial import Trial


def serve(
    train: Callable[[Run], object],
    *,
    steps: int = 100,
    min_lr: float = 1e-7,
    max_lr: float = 10.0,
    mode: str = "exponential",
    early_stop_threshold: float | None = 4.0,
    seed: int | None = None,
) -> None:
    """Calls ``train(run)`` for each trial that the runner has, in this one process, and returns when there are no more.

    ``train`` makes its model anew each time and trains it with ``run.batches`` and ``run.step``. An exception in it
    fails its trial and no other. What ``train`` returns is ignored.

    Started by hand, it trains one seed as :func:`seedband.range_test` does, whose arguments the others are.
    """
    path = os.environ.get(VARIABLE)
    if path is None:
        trial = trial_by_hand(steps, min_lr, max_lr, mode, early_stop_threshold, seed)
        train(Run(trial, ByHand(trial.seed)))
        return
    runner = Runner(path, one_trial=False)
    watch = ExitWatch()
    while True:
        given = runner.next_trial()
        if given is None:
            return
        trial, watch.conversation = given
        _train(train, trial, watch.conversation)


def _train(train: Callable[[Run], object], trial: Trial, conversation: Conversation) -> None:
    try:
        train(Run(trial, conversation))
    except Exception as error:  # noqa: BLE001  (whatever it is, it is this trial's alone)
        # The log of the trial gets the whole traceback, the runner its last line.
        traceback.print_exc()
        conversation.failed(error)
    else:
        conversation.failed(EndedEarlyError("the training function", conversation))
    # A model that the traceback, or a cycle, kept alive would take the next trial's memory.
    gc.collect()

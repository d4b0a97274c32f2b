"""The script's side of a conversation with the runner (docs/protocol.md, version 2)."""

from __future__ import annotations

import os
import sys
from typing import Any

from ._channel import Channel
from ._environment import library_versions, script_name, source_files
from ._failure import describe
from ._listener import Started, StepDone
from ._numbers import to_json
from ._trial import Trial, read_trial, trial_id
from ._version import __version__
from .errors import BadStudyError

PROTOCOL = 2


class Runner:
    """The runner at the other end of the channel."""

    def __init__(self, path: str, one_trial: bool) -> None:
        """``one_trial``: this process trains one trial and is then done."""
        self._channel = Channel(path)
        self._channel.send(
            {
                "type": "ready",
                "protocol": PROTOCOL,
                "worker": f"{script_name()} (seedband {__version__})",
                "device": os.environ.get("SEEDBAND_DEVICE", "cpu"),
                "libraries": library_versions(),
                "one-trial": one_trial,
            }
        )

    def next_trial(self) -> tuple[Trial, Conversation] | None:
        """Waits for the next trial that this package can read; None once there are no more."""
        while True:
            request = self._channel.receive()
            if request is None:
                return None
            conversation = Conversation(self._channel, trial_id(request))
            try:
                return read_trial(request), conversation
            except BadStudyError as error:
                conversation.failed(error)
                print(f"seedband: {error}", file=sys.stderr)


class Conversation:
    """What is said about one trial. Hears a run and tells the runner, until the trial has ended."""

    def __init__(self, channel: Channel, trial: str) -> None:
        self._channel = channel
        self._id = trial
        self._steps: int | None = None
        self._done = 0
        self._has_ended = False

    def started(self, start: Started) -> None:
        """Training begins."""
        self._steps = start.steps
        extras = {
            "epoch": start.epoch,
            "parameters": start.parameters,
            "batch-size": start.batch_size,
            "files": source_files() or None,
        }
        self._send("started", steps=start.steps, **{key: value for key, value in extras.items() if value is not None})

    def step(self, done: StepDone) -> None:
        """One step is done."""
        self._done = done.step + 1
        extras: dict[str, Any] = {}
        if done.validation is not None:
            extras["validation"] = {"loss": to_json(done.validation.loss)}
            if done.validation.accuracy is not None:
                extras["validation"]["accuracy"] = done.validation.accuracy
        if done.metrics:
            extras["metrics"] = {name: to_json(value) for name, value in done.metrics.items()}
        self._send("step", step=done.step, lr=done.lr, loss=to_json(done.loss), **extras)

    def finished(self, end: str, steps: int) -> None:
        """The curve is whole."""
        self._has_ended = True
        self._send("finished", end=end, steps=steps)

    def failed(self, error: BaseException) -> None:
        """An exception ended the trial. Says nothing where it has ended already, or in a forked process."""
        if self._has_ended or not self._channel.is_own:
            return
        self._has_ended = True
        failure_class, message = describe(error)
        self._send("failed", **{"class": failure_class, "message": message})

    def progress(self) -> str:
        """How far the trial is: ``after 57 of 100 steps``, or ``before its first step``."""
        return f"after {self._done} of {self._steps} steps" if self._steps else "before its first step"

    def _send(self, event: str, **values: Any) -> None:
        self._channel.send({"type": event, "trial": self._id, **values})

"""A runner of the protocol's version 2: starts a script, gives it trials, and holds what it says to the rules.

The rules are written from docs/protocol.md, apart from the package's own code.
"""

import json
import math
import os
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
TIMEOUT = 120

#: Fires once the raw loss is above four times its least so far.
RAW_STOP = {
    "smoothing": {"kind": "none"},
    "stop": {
        "kind": "factor",
        "factor": 4.0,
        "signal": "raw",
        "best-update": "before",
        "best-from": "first-loss",
        "first-step": 0,
        "nan-fires": True,
    },
}


def train_request(seed=0, steps=5, start=1e-4, end=1.0, number=1, early_stops=(), validate_every=0, training=None):
    """A `train` request; ``training`` are keys of `trial.training`, in place of or beside its defaults."""
    trial = {
        "id": f"{number:032x}",
        "config": "base",
        "seed": seed,
        "recipe": {
            "trainer": {"command": ["python", "train.py"], "working-dir": "/", "args": {"width": 3}, "sha256": {}},
            "schedule": {
                "kind": "exponential",
                "start": start,
                "end": end,
                "steps": steps,
                "spacing": "exclusive",
                "lag": 0,
            },
            "streams": {"weights": "vary", "order": "vary", "augmentation": "vary"},
        },
    }
    if validate_every:
        trial["recipe"]["validation"] = {"every": validate_every, "batch-size": 1000}
    if training:
        plan = {"name": "own", "range-test": f"{99:032x}", "lr": 0.5, "policy": {"kind": "constant", "warmup": 0.0}}
        plan.update({"weights": "same", "validation": {"every": 0, "batch-size": 1000}})
        plan.update(training)
        trial["training"] = plan
    seeds = {"weights": seed + 1, "order": seed + 2, "augmentation": seed + 3}
    return {"type": "train", "trial": trial, "seeds": seeds, "early-stops": list(early_stops)}


@dataclass
class Outcome:
    """What a process said and how it ended."""

    ready: dict = None
    #: The events about each trial, in the order of the requests.
    trials: list = field(default_factory=list)
    log: str = ""
    status: int = None

    @property
    def events(self):
        """The events of the only trial."""
        assert len(self.trials) == 1, self.log
        return self.trials[0]

    @property
    def steps(self):
        return [event for event in self.events if event["type"] == "step"]

    @property
    def last(self):
        """The last event of the only trial; None where the process ended without a word."""
        return self.events[-1] if self.events else None


def run_script(script, *requests, folder=None, env=None, close_after=None):
    """Starts ``script``, Python source, and gives it the requests one after the other.

    ``close_after``: the runner closes the connection once it has heard so many events of the first trial.
    """
    with tempfile.TemporaryDirectory() as own:
        folder = Path(folder or own)
        (folder / "train.py").write_text(textwrap.dedent(script))
        path = os.path.join(own, "channel")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(path)
            listener.listen(1)
            listener.settimeout(TIMEOUT)
            process = subprocess.Popen(
                [sys.executable, "train.py"],
                cwd=folder,
                env={**_environment(path), **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            outcome = Outcome()
            # The log has to be read while the process runs, or a script that prints much would wait for ever.
            reader = threading.Thread(target=lambda: setattr(outcome, "log", process.stdout.read()))
            reader.start()
            try:
                connection, _ = listener.accept()
                os.unlink(path)
                connection.settimeout(TIMEOUT)
                with connection, connection.makefile("rb") as lines:
                    _converse(connection, lines, requests, outcome, close_after)
                outcome.status = process.wait(TIMEOUT)
            finally:
                process.kill()
                reader.join()
                process.stdout.close()
    return outcome


def _environment(path):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SEEDBAND_")}
    environment.update(SEEDBAND_CHANNEL=path, SEEDBAND_SLOT="0", SEEDBAND_DEVICE="cpu", PYTHONUNBUFFERED="1")
    environment.update(OMP_NUM_THREADS="1", CUDA_VISIBLE_DEVICES="", PYTHONPATH=str(PACKAGE))
    return environment


def _converse(connection, lines, requests, outcome, close_after):
    outcome.ready = json.loads(lines.readline())
    assert outcome.ready["type"] == "ready"
    assert outcome.ready["protocol"] == 2
    for request in requests:
        connection.sendall(json.dumps(request).encode() + b"\n")
        events = []
        outcome.trials.append(events)
        while line := lines.readline():
            assert len(line) <= 1 << 20
            event = json.loads(line, parse_constant=lambda word: pytest_fail(f"{word} is no JSON"))
            events.append(event)
            check(request, events)
            if event["type"] in ("finished", "failed"):
                break
            if close_after == len(events):
                return


def pytest_fail(message):
    raise AssertionError(message)


def check(request, events):
    """Holds the last event against the protocol, given those before it."""
    event, before = events[-1], events[:-1]
    assert event["trial"] == request["trial"]["id"]
    assert event["type"] in ("started", "step", "finished", "failed")
    steps = [one for one in before if one["type"] == "step"]
    if event["type"] == "started":
        assert before == []
        assert event["steps"] == len(planned(request, event.get("epoch")))
        return
    if event["type"] == "failed":
        assert "\n" not in event["message"]
        assert event["message"]
        return
    started = before[0]
    rates = planned(request, started.get("epoch"))
    if event["type"] == "step":
        assert event["step"] == len(steps)
        assert abs(event["lr"] - rates[event["step"]]) <= 1e-5 * rates[event["step"]]
        assert all(isinstance(one["loss"], float) for one in steps)
        if steps and is_due(request, started, len(steps) - 1):
            assert "validation" in steps[-1]
        if "validation" in event:
            assert is_due(request, started, event["step"])
        return
    assert event["steps"] == len(steps)
    is_finite = isinstance(steps[-1]["loss"], float)
    assert is_finite == (event["end"] != "non-finite")
    assert event["end"] != "completed" or len(steps) == len(rates)
    if event["end"] == "halted":
        assert request["early-stops"]
    if event["end"] == "completed" and is_due(request, started, len(steps) - 1):
        assert "validation" in steps[-1]


def planned(request, epoch):
    """The planned learning rates: exponential schedules and constant policies."""
    training = request["trial"].get("training")
    if training is not None:
        assert epoch
        assert training["policy"]["kind"] == "constant"
        return [training["lr"]] * training.get("steps", training.get("epochs", 0) * epoch)
    schedule = request["trial"]["recipe"]["schedule"]
    start, end, steps = schedule["start"], schedule["end"], schedule["steps"]
    return [start * math.exp(math.log(end / start) * step / steps) for step in range(steps)]


def is_due(request, started, step):
    """Whether a validation is due after a step that has not ended the loop early."""
    is_last = step + 1 == started["steps"]
    if "training" in request["trial"]:
        return is_last or (step + 1) % started["epoch"] == 0
    every = request["trial"]["recipe"].get("validation", {}).get("every", 0)
    return every > 0 and (is_last or (step + 1) % every == 0)

"""The callback in real Keras 3 trainings, on each backend that is installed."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

if importlib.util.find_spec("keras") is None:
    pytest.skip("needs keras", allow_module_level=True)

#: Keras chooses its backend once, when it is imported, so each has a process of its own.
BACKENDS = [name for name in ("jax", "torch", "tensorflow") if importlib.util.find_spec(name)]
BODY = Path(__file__).with_name("keras_body.py")


@pytest.fixture(scope="module", params=BACKENDS)
def results(request):
    """What `keras_body.py` found on a backend: a dictionary."""
    environment = {**os.environ, "KERAS_BACKEND": request.param, "TF_CPP_MIN_LOG_LEVEL": "3"}
    found = subprocess.run([sys.executable, str(BODY)], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(found.stdout.splitlines()[-1])


def test_losses_are_those_of_single_training_steps(results):
    test = results["range-test"]
    assert (test["end"], test["planned"], test["epoch"], test["parameters"]) == ("completed", 20, 8, 146)
    assert test["losses"] == pytest.approx(results["losses-of-a-plain-loop"], rel=2e-5)
    # The rate is held in single precision.
    assert test["lrs"] == pytest.approx(test["planned-lrs"], rel=1e-6)


def test_penalties_and_a_short_last_batch_are_in_the_loss(results):
    assert results["penalty"]["losses"] == pytest.approx(results["penalty-losses-of-a-plain-loop"], rel=2e-5)


def test_early_stops_and_losses_that_are_not_finite_end_the_fit(results):
    assert results["halted"]["end"] == "halted"
    assert len(results["halted"]["losses"]) < 200
    assert results["non-finite"]["end"] == "non-finite"


def test_a_training_is_validated_after_each_epoch(results):
    training = results["training"]
    assert (training["end"], training["planned"], training["validated"]) == ("completed", 16, [7, 15])
    assert results["training-steps"]["validated"] == [7, 11]


def test_what_cannot_be_done_is_said(results):
    *errors, steps_per_execution = results["errors"]
    # Keras on PyTorch refuses it before any callback is called.
    assert "steps_per_execution" in steps_per_execution
    assert errors == [
        "the loop ended after 8 of 20 steps",
        "Keras validates after epochs alone; leave out `validation.every`",
        "Keras compiles the momentum into its training step, so no policy can move it",
        "the epoch has no `val_loss`: give fit() validation_data",
    ]

"""Finds the package beside the tests, whether it is installed or not."""

import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PACKAGE))


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch):
    """Tests start outside of any runner, whoever started them."""
    for name in ("SEEDBAND_CHANNEL", "SEEDBAND_DEVICE", "SEEDBAND_SEED", "SEEDBAND_PROGRAM"):
        monkeypatch.delenv(name, raising=False)

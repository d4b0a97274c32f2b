"""Further numbers of a step, by name: what they may be called, and how many there may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._loss import as_float
from .errors import SeedbandError

#: The longest name, in bytes of UTF-8 (docs/protocol.md, "step").
MAX_NAME = 64

#: The most metrics of a step.
MOST = 32


def add(noted: dict[str, float], more: Mapping[str, Any]) -> None:
    """Adds ``more`` to the metrics of a step; of two values of one name the later one stays."""
    for name, value in more.items():
        is_text = isinstance(name, str) and name.isprintable() and name.strip()
        if not is_text or len(name.encode()) > MAX_NAME:
            raise SeedbandError(
                f"{name!r} is no name of a metric: it has to be 1 to {MAX_NAME} bytes of printable text"
            )
        noted[name] = as_float(value, f"metric `{name}`")
    if len(noted) > MOST:
        raise SeedbandError(f"a step has {len(noted)} metrics; there may be {MOST}")

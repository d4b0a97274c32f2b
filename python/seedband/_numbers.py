"""How numbers are written."""

from __future__ import annotations

import math


def to_json(value: float) -> float | str:
    """``value`` as it stands in a message: JSON has no numbers for ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``."""
    if math.isfinite(value):
        return value
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def format_lr(lr: float, digits: int = 2) -> str:
    """A learning rate to so many significant digits, as the report writes it: ``3.5e-3``, ``0.012``, ``1.2``."""
    mantissa, _, exponent = f"{lr:.{digits - 1}e}".partition("e")
    power = int(exponent)
    if -2 <= power <= 3:
        return f"{float(f'{mantissa}e{power}'):.{max(digits - 1 - power, 0)}f}"
    return f"{mantissa}e{power}"

"""What a config's seeds allow to say, in the words of the report (`crates/report/src/section/verdict/words.rs`)."""

from __future__ import annotations

import math
from typing import Any

from ._numbers import format_lr


def statement(summary: dict[str, Any], config: dict[str, Any]) -> str:
    """What to do with a config: use its range, run more seeds, or give up on a common one."""
    counts = config["counts"]
    words = _of_seeds(summary, config)
    if counts["missing"] > 0:
        return f"Partial, {counts['finished']} of {counts['wanted']} seeds. {words}"
    return words


def _of_seeds(summary: dict[str, Any], config: dict[str, Any]) -> str:
    consensus, n = config["consensus"], config["max-lr"]["n"]
    precision = summary["precision"]
    interval = config["max-lr"].get("estimate", {}).get("interval")
    width = None if interval is None else math.log10(interval["upper"] / interval["lower"])
    if n == 0 or (width is not None and width < precision):
        return _common(consensus)
    if width is None:
        needed = _least_seeds(summary["confidence"])
        known = "has no interval with so few seeds"
    else:
        # The width of a median's interval shrinks with the square root of the number of seeds.
        needed = math.ceil(n * (width / precision) ** 2)
        known = f"is known to within {width:.1f} decades, where {precision:g} are asked for"
    more = max(needed - n, 1)
    return f"Too uncertain, run about {_seeds(more)} more: the median max LR {known}. So far {_so_far(consensus)}."


def _common(consensus: dict[str, Any]) -> str:
    limits = _limits(consensus)
    if consensus["n"] == 0:
        return "No seed gave a range."
    if limits is None:
        share, most, n = _percent(consensus["share"]), consensus["most"], consensus["n"]
        return f"No learning rate lies in the ranges of {share} of the seeds; at most {most} of {n} agree."
    low, high = limits
    return f"Use {low if low == high else f'between {low} and {high}'}, which {_support(consensus)}."


def _so_far(consensus: dict[str, Any]) -> str:
    limits = _limits(consensus)
    if limits is None:
        return f"at most {consensus['most']} of {consensus['n']} seeds agree"
    return f"{limits[0]} to {limits[1]} {_support(consensus)}"


def _limits(consensus: dict[str, Any]) -> tuple[str, str] | None:
    """The two ends, to three digits where two do not tell them apart."""
    if "min-lr" not in consensus or "max-lr" not in consensus:
        return None
    low, high = consensus["min-lr"], consensus["max-lr"]
    if format_lr(low) != format_lr(high):
        return format_lr(low), format_lr(high)
    return format_lr(low, digits=3), format_lr(high, digits=3)


def _support(consensus: dict[str, Any]) -> str:
    return f"lies in the ranges of at least {_percent(consensus['share'])} of {_seeds(consensus['n'])}"


def _seeds(number: int) -> str:
    return f"{number} seed" if number == 1 else f"{number} seeds"


def _percent(share: float) -> str:
    return f"{round(100 * share, 1):g} %"


def _least_seeds(confidence: float) -> int:
    """The fewest seeds whose least and greatest value enclose the median with ``confidence``, 0 to 0.9999."""
    return next(n for n in range(1, 65) if 1 - 0.5 ** (n - 1) >= confidence)

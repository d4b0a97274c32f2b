"""The two answers of fastai's `lr_find` (fastai 2.8.12, `callback/schedule.py`) that a table at the terminal shows.

Both look at the steps from a tenth of those planned to the fifth from last, up to the first NaN.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def steepest(lrs: Sequence[float], smoothed: Sequence[float], planned: int) -> float | None:
    """The learning rate where the smoothed loss falls fastest over the logarithm of the rate (`steep`).

    ``lrs`` and ``smoothed`` have one value a step; ``planned`` steps were planned. None for fewer than two steps.
    """
    lrs, losses = _looked_at(lrs, smoothed, planned)
    if len(lrs) < 2:
        return None
    slopes = [
        (losses[step + 1] - losses[step]) / (math.log(lrs[step + 1]) - math.log(lrs[step]))
        for step in range(len(lrs) - 1)
    ]
    return lrs[slopes.index(min(slopes))]


def minimum(lrs: Sequence[float], smoothed: Sequence[float], planned: int) -> float | None:
    """A tenth of the learning rate where the smoothed loss is least (`minimum`). None where no step is left."""
    lrs, losses = _looked_at(lrs, smoothed, planned)
    return lrs[losses.index(min(losses))] / 10 if lrs else None


def _looked_at(lrs: Sequence[float], smoothed: Sequence[float], planned: int) -> tuple[list[float], list[float]]:
    part = slice(planned // 10, -5)
    # A linear schedule may begin at 0, which has no logarithm.
    points = [(lr, loss) for lr, loss in zip(lrs[part], smoothed[part]) if lr > 0]
    end = next((place for place, (_, loss) in enumerate(points) if math.isnan(loss)), len(points))
    return [lr for lr, _ in points[:end]], [loss for _, loss in points[:end]]

"""Answers of three studies from their raw curves, by NumPy, SciPy and lifelines: `answers.json`.

Written from docs/statistics.md and docs/results.md alone. Needs numpy, scipy, lifelines. The curves are made up: a descent, a blow-up
and noise, in single precision as a trainer reports them.
"""

import json
import math

import lifelines
import numpy as np
import scipy
from scipy.stats import beta

STEPS = 60
LRS = np.geomspace(1e-5, 10.0, STEPS, endpoint=False)
CONFIDENCE = 0.95
RISK = 0.1
SAME = 1e-9


def curve(rng, falls, blows, depth=1.5):
    """Raw losses up to the first that is not finite, and how they end."""
    fall = depth / (1 + (10**falls / LRS) ** 2)
    losses = (3 - fall + (LRS / 10**blows) ** 8) * rng.normal(1, 0.01, STEPS)
    losses = losses.astype(np.float32).astype(float)
    losses[LRS > 10 ** (blows + 0.9)] = np.nan
    lost = np.flatnonzero(~np.isfinite(losses))
    return (losses[: lost[0] + 1], "non-finite") if len(lost) else (losses, "completed")


def plain(rng):
    return [curve(rng, rng.normal(-2.5, 0.2), rng.normal(0, 0.2)) for _ in range(24)]


def two_groups(rng):
    curves = [curve(rng, -2.5 + 1.2 * (seed % 2), -0.6 + 0.9 * (seed % 2)) for seed in range(12)]
    return curves + [curve(rng, -2.5, 9.0, depth=0.0) for _ in range(3)]


def ended_early(rng):
    curves = [curve(rng, rng.normal(-2.5, 0.3), rng.normal(0.3, 0.3)) for _ in range(20)]
    for seed in (3, 7, 11, 12):
        losses, _ = curves[seed]
        curves[seed] = (losses[: 40 + seed % 3], "halted")
    return curves


# How a range is read: fastai 1's smoothing and stop, its steepest descent, and the least loss / 10.


def smoothed(losses, weight=0.9):
    average, result = 0.0, []
    for step, loss in enumerate(losses):
        average = weight * average + (1 - weight) * loss
        result.append(average / (1 - weight ** (step + 1)))
    return np.array(result)


def stop_of(line):
    best = line[0]
    for step, value in enumerate(line):
        best = min(best, value)
        if value > 4 * best or math.isnan(value):
            return step
    return None


def reading(losses, end):
    """Min LR and max LR with their bounds, None where there is none."""
    line = smoothed(losses)
    stop = stop_of(line)
    kept = len(line) if stop is None else stop + 1
    line = line[:kept]
    trimmed = line[10 : max(kept - 5, 10)]
    steepest = None
    if len(trimmed) >= 2:
        slope = np.gradient(trimmed)
        steepest = 10 + int(np.argmin(slope))
    least = int(np.argmin(line))
    cut_off = stop is None and diverged_at(losses) is None
    beside = math.ceil(STEPS / 50)

    def bound(lr, place, first, last, at_end):
        if lr < LRS[0]:
            return "at-most"
        if cut_off and at_end or lr > LRS[-1]:
            return "at-least"
        return "at-most" if place <= first + beside and first < last else None

    low = high = None
    if steepest is not None:
        last = kept - 6
        low = (LRS[steepest], bound(LRS[steepest], steepest, 10, last, steepest + beside >= last))
    lr = LRS[least] / 10
    high = (lr, bound(lr, least, 0, kept - 1, least + beside >= kept - 1))
    return low, high


# Divergence.


def risen_at(losses, begin):
    """The first step from `begin` on whose loss has risen or is not finite, the least level before and the threshold."""

    def level(end):
        return np.median(losses[end - 5 : end])

    with np.errstate(invalid="ignore"):
        for step in range(begin, len(losses)):
            if not np.isfinite(losses[step]):
                return step, -np.inf, np.inf
            if step == 0:
                continue
            base, threshold = losses[0], 4 * abs(losses[0])
            if step >= 11:
                levels = [level(end) for end in range(5, step + 1)]
                least = int(np.argmin(levels))
                differences = np.abs(np.diff(losses[:step]))
                sigma = 1.4826022185056018 / math.sqrt(2) * np.median(differences)
                noise = (4 + 60 / len(differences)) * sigma
                rise = max(noise, (levels[0] - levels[least]) / 4, abs(levels[least]) / 100)
                base, threshold = levels[least], levels[least] + rise
            window = np.nan_to_num(losses[step : step + 3], nan=np.inf)
            above = sum(window > threshold) >= 2
            if len(window) == 1:
                above = step < 11 or window[0] > base + 10 * (threshold - base)
            if losses[step] > threshold and above:
                return step, base, threshold
    return None


def diverged_at(losses):
    """The step before the first loss that has risen for good."""
    filled = np.nan_to_num(losses, nan=np.inf, posinf=np.inf)
    begin = 0
    while (found := risen_at(losses, begin)) is not None:
        step, base, threshold = found
        undone = [at for at in range(step + 1, len(losses) - 8) if np.median(filled[at : at + 9]) < base]
        end = undone[0] if undone else len(losses)
        high = [at for at in range(step, end) if np.median(filled[at : at + 3]) > base + 10 * (threshold - base)]
        ended = [at for at in range(step, end) if not np.isfinite(losses[at])]
        if high or ended or not undone:
            return max(step - 1, 0)
        begin = undone[0] + int(np.argmax(filled[undone[0] :] < base))
    return None


def risk(curves):
    """Rates of divergence, the Kaplan-Meier share at each, and the rate that is named."""
    places = [diverged_at(losses) for losses, _ in curves]
    last = [len(losses) - 2 if place is None else place for place, (losses, _) in zip(places, curves)]
    seen = [place is not None for place in places]
    fitter = lifelines.KaplanMeierFitter().fit(last, seen)
    events = sorted({step for step, at in zip(last, seen) if at})
    rows = [{"step": step, "share": 1 - float(fitter.predict(step))} for step in events]
    n = len(curves)
    place = math.floor(RISK * (n + 1) + 1e-9)
    named = None
    if place >= 1:
        fails = sorted(step if at else step + 1 for step, at in zip(last, seen))[place - 1]
        if fails >= 1:
            named = {
                "step": fails - 1,
                "diverged": sum(at and step < fails for step, at in zip(last, seen)),
                "expected": place / (n + 1),
                "upper": float(beta.ppf(CONFIDENCE, place, n - place + 1)),
            }
    return {"diverged": places, "rows": rows, "named": named}


# The answer.


def exact(count, n):
    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if count == 0 else beta.ppf(tail, count, n - count + 1)
    high = 1.0 if count == n else beta.ppf(1 - tail, count + 1, n - count)
    return float(low), float(high)


def extent(ends):
    """What a seed supports, in log10; None where it supports nothing."""
    low, high = ends
    if low is None or high is None:
        return None
    (a, a_bound), (b, b_bound) = low, high
    return (math.log10(a), math.log10(b)) if a <= b * (1 + SAME) else None


def supports(interval, rate):
    return interval is not None and interval[0] - SAME <= rate <= interval[1] + SAME


def chosen(intervals):
    """The middle of the widest stretch of greatest support."""
    marks = sorted({end for interval in intervals if interval for end in interval})
    if not marks:
        return None
    stretches = [(mark, mark) for mark in marks] + list(zip(marks, marks[1:]))
    count = {at: sum(supports(interval, (at[0] + at[1]) / 2) for interval in intervals) for at in stretches}
    most = max(count.values())
    widest, run = (0.0, None), None
    for at in sorted(stretches, key=lambda at: (at[0] + at[1]) / 2):
        run = ((run[0] if run else at[0]), at[1]) if count[at] == most else None
        if run and (widest[1] is None or run[1] - run[0] > widest[0] + SAME):
            widest = (run[1] - run[0], run)
    return (widest[1][0] + widest[1][1]) / 2


def shared(intervals, count):
    """The widest interval that so many hold whole."""
    found = [interval for interval in intervals if interval]
    best = None
    for a in {interval[0] for interval in found}:
        for b in {interval[1] for interval in found}:
            whole = sum(interval[0] <= a + SAME and b <= interval[1] + SAME for interval in found)
            if a <= b + SAME and whole >= count and (best is None or b - a > best[1] - best[0] + SAME):
                best = (a, b)
    return best


def range_of(intervals):
    n = len(intervals)
    wanted = math.ceil(0.9 * n - SAME)
    marks = [end for interval in intervals if interval for end in interval]
    most = max((sum(supports(interval, mark) for interval in intervals) for mark in marks), default=0)
    return shared(intervals, min(wanted, most)) if most else None


def answer(curves):
    intervals = [extent(reading(*one)) for one in curves]
    n = len(curves)
    rate = chosen(intervals)
    support = sum(supports(interval, rate) for interval in intervals)
    whole = range_of(intervals)
    held = range_held = 0
    for seed, interval in enumerate(intervals):
        others = intervals[:seed] + intervals[seed + 1 :]
        other = chosen(others)
        held += other is not None and supports(interval, other)
        fitted = range_of(others)
        range_held += bool(
            fitted and interval and interval[0] <= fitted[0] + SAME and fitted[1] <= interval[1] + SAME
        )
    return {
        "lr": 10**rate,
        "support": support,
        "held": held,
        "lower": exact(held, n)[0],
        "upper": exact(max(held, support), n)[1],
        "min-lr": 10 ** whole[0],
        "max-lr": 10 ** whole[1],
        "range-support": sum(
            interval is not None and interval[0] <= whole[0] + SAME and whole[1] <= interval[1] + SAME
            for interval in intervals
        ),
        "range-held": range_held,
    }


def study(name, curves):
    ends = [reading(*one) for one in curves]
    return {
        "name": name,
        "curves": [
            {"losses": [loss if np.isfinite(loss) else "NaN" for loss in losses], "end": end} for losses, end in curves
        ],
        "ends": [[None if at is None else list(at) for at in pair] for pair in ends],
        "risk": risk(curves),
        "answer": answer(curves),
    }


if __name__ == "__main__":
    rng = np.random.default_rng(13)
    studies = [study(make.__name__, make(rng)) for make in (plain, two_groups, ended_early)]
    versions = {module.__name__: module.__version__ for module in (np, scipy, lifelines)}
    print(json.dumps({"versions": versions, "lrs": LRS.tolist(), "studies": studies}))

"""Prints, as JSON, what the formulas of docs/protocol.md give for a list of settings.

Written with numpy from the page alone; nothing of the package is used. Infinities and NaN are strings, as in messages.
"""

import itertools
import json

import numpy as np

LOSSES = {
    "falling": np.linspace(2.5, 0.5, 40),
    "blow-up": np.concatenate([np.linspace(2.5, 1.0, 25), 1.0 * 1.7 ** np.arange(1, 16)]),
    "noisy": 2.0 + np.sin(np.arange(40) * 12.9898) + np.exp(np.arange(40) / 8 - 3),
    "not-finite": np.array([2.0, 1.5, np.inf, 1.0, np.nan, 1.0]),
    "below-zero": np.linspace(1.0, -2.0, 30),
}


def schedule(kind, start, end, steps, spacing, lag):
    i, n = np.arange(steps), steps
    p = {
        "exclusive": i / n,
        "accumulated": i / n,
        "inclusive": i / (n - 1),
        "skip-second": np.where(i == 0, 0, (i + 1) / n),
    }[spacing]
    rates = start * np.exp(p * np.log(end / start)) if kind == "exponential" else start + p * (end - start)
    return rates[np.maximum(i - lag, 0)]


def rounded(values):
    """Halves up; what is a half but for the last bits is a half."""
    return np.floor(np.round(np.asarray(values, float), 9) + 0.5).astype(int)


def policy(options, peak, floor, n):
    kind = options["kind"]
    w = min(int(rounded(options.get("warmup", 0.0) * n)), n - 1)
    k = n - w
    j = np.arange(k)
    if floor is None:
        floor = peak / 4 if kind in ("triangular", "triangular2", "exp-range") else 0.0
    if kind == "constant":
        rates = np.full(k, peak)
    elif kind == "step":
        milestones = np.maximum(1, rounded(np.array(options["milestones"]) * n) - w)
        rates = peak * options["gamma"] ** (milestones[None, :] <= j[:, None]).sum(axis=1)
    elif kind == "cosine":
        rates = floor + (peak - floor) * (1 + np.cos(np.pi * j / k)) / 2
    elif kind == "warm-restarts":
        g, cycles = options["growth"], options["cycles"]
        a = np.arange(1, cycles + 1)
        ends = rounded(k * a / cycles) if g == 1 else rounded(k * (g**a - 1) / (g**cycles - 1))
        begins = np.concatenate([[0], ends[:-1]])
        cycle = (ends[None, :] <= j[:, None]).sum(axis=1)
        rates = floor + (peak - floor) * (1 + np.cos(np.pi * (j - begins[cycle]) / (ends - begins)[cycle])) / 2
    elif kind == "one-cycle":
        start = peak / options["start-divisor"]
        return one_cycle(options, start, peak, start / options["end-divisor"], n)
    else:
        c = j * options["cycles"] / k
        height = 2 * np.minimum(c - np.floor(c), 1 - c + np.floor(c))
        height = (
            height
            * {"triangular": 1, "triangular2": 2.0 ** -np.floor(c), "exp-range": options.get("gamma", 1) ** j}[kind]
        )
        rates = floor + (peak - floor) * height
    s = options.get("warmup-start", 1 / 3)
    return np.concatenate([rates[0] * (s + (1 - s) * np.arange(w) / max(w, 1)), rates])


def one_cycle(options, a, top, b, n):
    t = options["rise"] * n - 1
    i = np.arange(n)

    def between(one, other, q):
        if options["anneal"] == "linear":
            return one + (other - one) * q
        return other + (one - other) * (1 + np.cos(np.pi * q)) / 2

    up = between(a, top, i / t) if t > 0 else np.full(n, top)
    down = between(top, b, (i - t) / (n - 1 - t)) if t < n - 1 else up
    return np.where(i > t, down, up)


def smoothed(kind, x, beta=0.98, start="zero", ahead=0, form="plain"):
    if kind == "none":
        return x
    m, out = 0.0 if start == "zero" else x[0], []
    for i, value in enumerate(x):
        if i > 0 or start == "zero":
            if form == "plain":
                m = beta * m + (1 - beta) * value
            elif beta >= 0.5:
                m = m - (1 - beta) * (m - value)
            else:
                m = value + beta * (m - value)
        out.append(m / (1 - beta ** (i + 1 + ahead)) if start == "zero" else m)
    return np.array(out)


def fired(y, factor, update, best_from, first_step, nan_fires):
    """The first step that fires, or None. ``best_from`` is infinity, a number, or None for the first loss."""
    earlier = y[0] if best_from is None else best_from
    for i, value in enumerate(y):
        best = min(earlier, value)
        against = best if update == "before" else earlier
        if i >= first_step and (value > factor * against or (nan_fires and np.isnan(value))):
            return i
        earlier = best
    return None


def plain(values):
    names = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    return [float(value) if np.isfinite(value) else names[str(float(value))] for value in values]


def schedules():
    for spacing, kind, lag, steps in itertools.product(
        ("exclusive", "inclusive", "skip-second", "accumulated"), ("exponential", "linear"), (0, 1), (2, 37)
    ):
        if spacing == "accumulated" and kind == "linear":
            continue
        settings = {"kind": kind, "start": 1e-6, "end": 3.0, "steps": steps, "spacing": spacing, "lag": lag}
        yield {"schedule": settings, "rates": plain(schedule(**settings))}


POLICIES = [
    {"kind": "constant"},
    {"kind": "constant", "warmup": 0.29, "warmup-start": 0.1},
    {"kind": "step", "milestones": [0.3, 0.61, 0.8], "gamma": 0.2},
    {"kind": "step", "milestones": [0.3, 0.61], "gamma": 0.5, "warmup": 0.25},
    {"kind": "cosine"},
    {"kind": "cosine", "warmup": 0.1},
    {"kind": "triangular", "cycles": 3},
    {"kind": "triangular2", "cycles": 4, "warmup": 0.1},
    {"kind": "exp-range", "cycles": 2, "gamma": 0.97},
    {"kind": "warm-restarts", "cycles": 3, "growth": 2.0},
    {"kind": "warm-restarts", "cycles": 4, "growth": 1.0, "warmup": 0.05},
    {
        "kind": "one-cycle",
        "rise": 0.3,
        "start-divisor": 25.0,
        "end-divisor": 1e4,
        "anneal": "cosine",
        "momentum": [0.85, 0.95],
    },
    {"kind": "one-cycle", "rise": 0.45, "start-divisor": 10.0, "end-divisor": 100.0, "anneal": "linear"},
    {"kind": "one-cycle", "rise": 0.0, "start-divisor": 25.0, "end-divisor": 1e4, "anneal": "cosine"},
]


def policies():
    for options, steps, floor in itertools.product(POLICIES, (7, 50, 97), (None, 0.01)):
        case = {"policy": options, "peak": 0.3, "floor": floor, "steps": steps}
        case["rates"] = plain(policy(options, 0.3, floor, steps))
        low, high = options.get("momentum", (None, None))
        case["momenta"] = None if low is None else plain(one_cycle(options, high, low, high, steps))
        yield case


SMOOTHINGS = [
    {"kind": "none"},
    {"kind": "ema", "beta": 0.98, "start": "zero", "ahead": 0, "form": "plain"},
    {"kind": "ema", "beta": 0.9, "start": "zero", "ahead": 1, "form": "lerp"},
    {"kind": "ema", "beta": 0.95, "start": "first", "form": "plain"},
    {"kind": "ema", "beta": 0.3, "start": "first", "form": "lerp"},
]


def smoothings():
    for (name, losses), settings in itertools.product(LOSSES.items(), SMOOTHINGS):
        values = smoothed(x=losses, **settings)
        yield {"losses": name, "smoothing": settings, "smoothed": plain(values)}


def stops():
    for (name, losses), settings in itertools.product(LOSSES.items(), SMOOTHINGS[1:3]):
        for signal, update, best, first, nan_fires in itertools.product(
            ("raw", "smoothed"), ("before", "after"), ("first-loss", "infinity", 1.2), (0, 5), (True, False)
        ):
            y = losses if signal == "raw" else smoothed(x=losses, **settings)
            stop = {"kind": "factor", "factor": 1.5, "signal": signal, "best-update": update}
            stop.update({"first-step": first, "nan-fires": nan_fires})
            stop.update({"best-from": "value", "best-value": best} if best == 1.2 else {"best-from": best})
            value = {"first-loss": None, "infinity": np.inf}.get(best, best)
            case = {"losses": name, "smoothing": settings, "stop": stop}
            yield {**case, "fires": fired(y, 1.5, update, value, first, nan_fires)}


with np.errstate(all="ignore"):
    found = {
        "losses": {name: plain(losses) for name, losses in LOSSES.items()},
        "schedules": list(schedules()),
        "policies": list(policies()),
        "smoothings": list(smoothings()),
        "early-stops": list(stops()),
    }
print(json.dumps(found))

"""Makes survival.json: Kaplan-Meier estimates of lifelines and exact intervals of scipy.

    pip install lifelines==0.30.3 scipy==1.17.1
    python survival.py > survival.json

Seeds are followed over twelve steps; some diverge, some are followed no further, many at the same step.
"""

import json
import random

import lifelines
import numpy
import scipy
from lifelines import KaplanMeierFitter
from scipy.stats import binomtest

STEPS = 12
draw = random.Random(20)


def seeds(n, diverge, leave):
    """Last step and whether the seed diverged there; at each step a seed does either with the given probability."""
    drawn = []
    for _ in range(n):
        last, diverged = STEPS - 1, False
        for step in range(STEPS):
            if draw.random() < diverge:
                last, diverged = step, True
                break
            if draw.random() < leave:
                last = step
                break
        drawn.append((last, diverged))
    return drawn


def survival(followed, confidence):
    """The estimate at each step at which a seed diverged. lifelines' interval is Greenwood's on the scale of log(-log)."""
    last, diverged = zip(*followed)
    fitter = KaplanMeierFitter(alpha=1 - confidence).fit(last, diverged)
    table = fitter.event_table
    rows = []
    for step in table.index[table.observed > 0]:
        lower, upper = (1 - fitter.confidence_interval_survival_function_.loc[step].to_numpy()[::-1]).tolist()
        rows.append({"step": int(step), "at_risk": int(table.at_risk[step]), "share": 1 - fitter.predict(step).item(),
                     "lower": lower, "upper": upper})
    return rows


def exact(n, confidence):
    def row(count):
        interval = binomtest(count, n).proportion_ci(confidence, method="exact")
        return [float(interval.low), float(interval.high)]

    return {"n": n, "confidence": confidence, "intervals": [row(count) for count in range(n + 1)]}


cases = []
for n, diverge, leave, confidence in [(12, 0.1, 0.1, 0.95), (20, 0.05, 0.1, 0.95), (40, 0.15, 0.05, 0.9), (200, 0.1, 0.1, 0.99)]:
    followed = seeds(n, diverge, leave)
    cases.append({"confidence": confidence, "followed": followed, "rows": survival(followed, confidence)})
print(json.dumps({
    "versions": {"lifelines": lifelines.__version__, "scipy": scipy.__version__, "numpy": numpy.__version__},
    "steps": STEPS,
    "survival": cases,
    "exact": [exact(n, confidence) for n, confidence in [(1, 0.95), (5, 0.9), (20, 0.95), (33, 0.99), (100, 0.95)]],
}))

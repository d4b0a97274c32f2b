"""By which rule do seeds diverge in a range test where short trainings fail? The tables of results/divergence, from results folders.

    python divergence.py results/which-rule-sgd results/which-rule-adam

Needs NumPy. A training has failed if its loss became infinite or NaN, or if the median of its last quarter is at least 98 % of the
loss of the best constant answer: it learnt nothing that a constant does not know. Rates below the one with the least such median,
over the seeds, are left out: there a training that has learnt nothing was slow.
"""

import json
import math
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

#: Loss of the best constant answer. Ten equal classes; a standardised target; the letters' frequencies.
CONSTANT = defaultdict(lambda: math.log(10), {"table-momentum": 1.0})


def number(value):
    return float(value) if not isinstance(value, str) else float(value.lower().replace("infinity", "inf"))


def curves(folder):
    """Config, learning rates and losses of every curve."""
    for path in sorted(Path(folder).glob("trials/*/*/curve.jsonl")):
        trial = json.loads((path.parent / "trial.json").read_text())
        steps = [json.loads(line) for line in path.read_text().splitlines()]
        steps = [step for step in steps if "loss" in step]
        yield trial["config"], np.array([step["lr"] for step in steps]), np.array([number(step["loss"]) for step in steps])


def smoothed(losses, factor=4.0, weight=0.98):
    """The rule of before: a smoothed loss above four times its least; filed under its own step."""
    average, least = 0.0, math.inf
    for step, loss in enumerate(losses):
        if not np.isfinite(loss):
            return step
        average = weight * average + (1 - weight) * loss
        value = average / (1 - weight ** (step + 1))
        least = min(least, value)
        if value > factor * least:
            return step
    return None


def multiple(losses, factor):
    """A raw loss above a multiple of the least; filed under the update before."""
    least = math.inf
    for step, loss in enumerate(losses):
        if not np.isfinite(loss) or loss > factor * least:
            return max(step - 1, 0)
        least = min(least, loss)
    return None


def risen(losses, noises=4.0, of_few=60.0, undone=0.25, for_good=True):
    """The rule of seedband: docs/statistics.md, "Divergence". Without `for_good` nothing takes a rise back."""
    least, start, rise, calm = math.inf, None, None, 0
    finite = np.where(np.isnan(losses), np.inf, losses)
    for step, loss in enumerate(losses):
        if not np.isfinite(loss):
            return max((rise[0] if rise else step) - 1, 0)
        if step == 0:
            continue
        if step >= 5:
            level = np.median(losses[step - 5 : step])
            start = level if start is None else start
            least = min(least, level)
        lasting = np.median(finite[step : step + 3])
        window = finite[step : step + 9]
        if rise and for_good and len(window) == 9 and np.median(window) < rise[1]:
            rise, calm = None, step + int(np.argmax(window < rise[1]))
        if not rise and step >= calm:
            base, height = losses[0], 4 * abs(losses[0]) - losses[0]
            if step >= 11:
                differences = np.abs(np.diff(losses[:step]))
                noise = 1.4826022185056018 / math.sqrt(2) * np.median(differences)
                rises = ((noises + of_few / len(differences)) * noise, undone * (start - least), abs(least) / 100)
                base, height = least, max(rises)
            rest = finite[step + 1 : step + 3]
            alone = len(rest) == 0 and (step < 11 or lasting > base + 10 * height)
            if loss > base + height and (alone or np.any(rest > base + height)):
                rise = (step, base, height)
        if rise and lasting > rise[1] + 10 * rise[2]:
            break
    return rise[0] - 1 if rise else None


RULES = {
    "smoothed by 0.98, above 4 times its least": smoothed,
    "raw, above 4 times its least": lambda losses: multiple(losses, 4),
    "raw, above twice its least": lambda losses: multiple(losses, 2),
    "risen by (3 + 60/k) noises": lambda losses: risen(losses, noises=3.0),
    "**risen by (4 + 60/k) noises**": risen,
    "risen by (6 + 60/k) noises": lambda losses: risen(losses, noises=6.0),
    "risen, and all of the descent undone": lambda losses: risen(losses, undone=1.0),
    "risen, though lower losses follow": lambda losses: risen(losses, for_good=False),
}


def main(folders):
    tests, trainings = defaultdict(list), defaultdict(lambda: defaultdict(list))
    for folder in folders:
        for config, lrs, losses in curves(folder):
            if lrs[-1] > 1.5 * lrs[0] or lrs[-1] * 1.5 < lrs[0]:
                tests[config].append((lrs, losses))
                continue
            end = np.median(losses[len(losses) * 3 // 4 :]) if np.all(np.isfinite(losses)) else math.inf
            trainings[config][lrs[0]].append(end)
    differences = {name: [] for name in RULES}
    print("| task | learning rate: share of trainings that failed, share of seeds diverged in the range test |")
    print("|---|---|")
    for config in tests:
        ends = {rate: np.array(trainings[config][rate]) for rate in sorted(trainings[config])}
        best = min(ends, key=lambda rate: np.median(ends[rate]))
        rates = [rate for rate in ends if rate >= best]
        failed = np.array([np.mean(ends[rate] >= 0.98 * constant(config)) for rate in rates])
        for name, rule in RULES.items():
            found = [(lrs, rule(losses)) for lrs, losses in tests[config]]
            at = np.array([math.inf if step is None else lrs[step] for lrs, step in found])
            shares = np.array([np.mean(at <= rate * (1 + 1e-9)) for rate in rates])
            differences[name].append(np.mean(np.abs(shares - failed)))
            if rule is risen:
                pairs = (f"{rate:g}: {a:.2f}, {b:.2f}" for rate, a, b in zip(rates, failed, shares) if a + b > 0)
                print(f"| {config} | {' · '.join(pairs)} |")
    print("\n| rule | " + " | ".join(tests) + " | mean |")
    print("|---|" + "---:|" * (len(tests) + 1))
    for name, row in differences.items():
        print(f"| {name} | " + " | ".join(f"{value:.2f}" for value in [*row, np.mean(row)]) + " |")


def constant(config):
    if config == "text-adamw" and config not in CONSTANT:
        sys.path.insert(0, str(Path(__file__).parent))
        from text import pieces

        rows, _, letters = pieces()
        share = np.bincount(rows.flatten().numpy(), minlength=letters) / rows.numel()
        CONSTANT[config] = float(-np.sum(share[share > 0] * np.log(share[share > 0])))
    return CONSTANT[config]


if __name__ == "__main__":
    main(sys.argv[1:])

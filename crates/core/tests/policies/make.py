"""Prints, as JSON, the learning rates and momenta that PyTorch's schedulers give for a list of policies.

Usage: make.py > pytorch.json. Each case is a table of `[train.policy]`, a peak, perhaps a floor, and a number of steps; `scheduler_of` says which
class of `torch.optim.lr_scheduler` with which arguments is meant by it. The scheduler is stepped after each step of a real optimizer, and the
rate is read before it. `chained` is the number of steps that the class computes from the value of the step before: its rounding errors add
up over these. Needs torch 2.11 and nothing else.
"""

import json
import re
import sys

import torch
from torch.optim import SGD
from torch.optim.lr_scheduler import (
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    LinearLR,
    MultiStepLR,
    OneCycleLR,
    SequentialLR,
)

CYCLIC = {"triangular": "triangular", "triangular2": "triangular2", "exp-range": "exp_range"}

# (policy, peak, floor or None, steps). Places in whole steps, where PyTorch takes a whole number, are whole here.
CASES = [
    ({"kind": "step"}, 0.1, None, 64),
    ({"kind": "step", "milestones": [0.3, 0.6, 0.8], "gamma": 0.2}, 0.4, None, 90),
    ({"kind": "cosine"}, 0.1, None, 97),
    ({"kind": "cosine"}, 0.3, 0.003, 400),
    ({"kind": "cosine"}, 2.0, 0.5, 1),
    ({"kind": "triangular"}, 0.006, None, 80),
    ({"kind": "triangular", "cycles": 1}, 0.006, 0.001, 50),
    ({"kind": "triangular", "cycles": 7}, 3.0, 0.0, 97),
    ({"kind": "triangular2"}, 0.005, 0.001, 80),
    ({"kind": "triangular2", "cycles": 5}, 0.3, None, 101),
    ({"kind": "exp-range"}, 0.006, 0.001, 160),
    ({"kind": "exp-range", "cycles": 3, "gamma": 0.97}, 1.0, None, 100),
    ({"kind": "one-cycle"}, 0.1, None, 100),
    ({"kind": "one-cycle", "momentum": [0.85, 0.95]}, 0.1, None, 97),
    ({"kind": "one-cycle", "anneal": "linear", "momentum": [0.85, 0.95]}, 0.1, None, 100),
    ({"kind": "one-cycle", "anneal": "linear", "rise": 0.45, "start-divisor": 10.0, "end-divisor": 100.0}, 3.0, None, 91),
    ({"kind": "one-cycle", "rise": 0.25, "start-divisor": 4.0, "momentum": [0.8, 0.9]}, 0.5, None, 61),
    ({"kind": "one-cycle", "rise": 0.0}, 0.5, None, 5),
    ({"kind": "one-cycle", "rise": 1.0}, 0.5, None, 5),
    ({"kind": "one-cycle", "momentum": [0.85, 0.95]}, 0.5, None, 1),
    ({"kind": "warm-restarts"}, 0.05, None, 70),
    ({"kind": "warm-restarts", "cycles": 4, "growth": 1.0}, 0.05, 0.001, 100),
    ({"kind": "warm-restarts", "cycles": 4, "growth": 3.0}, 1.0, 0.1, 120),
    ({"kind": "constant", "warmup": 0.1}, 0.1, None, 60),
    ({"kind": "step", "warmup": 0.05, "warmup-start": 0.1}, 0.1, None, 80),
    ({"kind": "cosine", "warmup": 0.1, "warmup-start": 0.01}, 0.4, 0.001, 120),
    ({"kind": "triangular", "cycles": 3, "warmup": 0.25}, 0.4, 0.1, 80),
    ({"kind": "triangular2", "cycles": 3, "warmup": 0.1}, 0.4, 0.1, 70),
    ({"kind": "exp-range", "cycles": 2, "gamma": 0.99, "warmup": 0.2, "warmup-start": 0.5}, 0.4, 0.1, 75),
    ({"kind": "warm-restarts", "warmup": 0.125, "warmup-start": 1.0}, 0.4, None, 80),
]


def whole(number):
    """A number of steps that has to be a whole one but for rounding."""
    assert abs(number - round(number)) < 1e-9, number
    return round(number)


def scheduler_of(optimizer, policy, peak, floor, steps, before):
    """The scheduler of a policy for the steps after `before` steps of warm-up."""
    kind, left = policy["kind"], steps - before
    if kind == "constant":
        return ConstantLR(optimizer, 1.0)
    if kind == "step":
        shares = policy.get("milestones", [0.5, 0.75])
        milestones = [whole(share * steps) - before for share in shares]
        return MultiStepLR(optimizer, milestones, **{key: policy[key] for key in ("gamma",) if key in policy})
    floors = {} if floor is None else {"eta_min": floor}
    if kind == "cosine":
        return CosineAnnealingLR(optimizer, left, **floors)
    if kind == "warm-restarts":
        cycles, growth = policy.get("cycles", 3), whole(policy.get("growth", 2.0))
        first = whole(left / sum(growth**cycle for cycle in range(cycles)))
        return CosineAnnealingWarmRestarts(optimizer, first, growth, **floors)
    if kind in CYCLIC:
        half = left / policy.get("cycles", 4) / 2
        gamma = policy.get("gamma", 0.99994)
        low = peak / 4 if floor is None else floor
        return CyclicLR(optimizer, low, peak, half, mode=CYCLIC[kind], gamma=gamma, cycle_momentum=False)
    names = {"rise": "pct_start", "start-divisor": "div_factor", "end-divisor": "final_div_factor"}
    options = {name: policy[key] for key, name in names.items() if key in policy}
    if "anneal" in policy:
        options["anneal_strategy"] = {"cosine": "cos", "linear": "linear"}[policy["anneal"]]
    momentum = policy.get("momentum")
    if momentum:
        options |= {"base_momentum": momentum[0], "max_momentum": momentum[1]}
    return OneCycleLR(optimizer, peak, left, cycle_momentum=momentum is not None, three_phase=False, **options)


def run(policy, peak, floor, steps):
    """Rate and momentum in the optimizer during each step, the classes' names, and how many steps are chained."""
    parameter = torch.nn.Parameter(torch.zeros(1))
    kind = policy["kind"]
    before = whole(policy.get("warmup", 0.0) * steps)
    # The rate that a warm-up leads to.
    first = (peak / 4 if floor is None else floor) if kind in CYCLIC else peak
    optimizer = SGD([parameter], first, 0.9)
    chained = steps - before if kind == "cosine" else 0
    if before:
        options = {"start_factor": policy["warmup-start"]} if "warmup-start" in policy else {}
        warmup = LinearLR(optimizer, total_iters=before, **options)
        after = scheduler_of(optimizer, policy, peak, floor, steps, before)
        scheduler = SequentialLR(optimizer, [warmup, after], [before])
        names = [type(one).__name__ for one in (scheduler, warmup, after)]
        chained = max(chained, before)
    else:
        scheduler = scheduler_of(optimizer, policy, peak, floor, steps, before)
        names = [type(scheduler).__name__]
    group, rates, momenta = optimizer.param_groups[0], [], []
    for _ in range(steps):
        rates.append(group["lr"])
        momenta.append(group["momentum"])
        parameter.grad = torch.zeros(1)
        optimizer.step()
        if len(rates) < steps:
            scheduler.step()
    return rates, momenta, names, chained


def main():
    found = {"torch": torch.__version__.partition("+")[0], "cases": []}
    for policy, peak, floor, steps in CASES:
        rates, momenta, names, chained = run(policy, peak, floor, steps)
        entry = {"classes": names, "policy": policy, "peak": peak, "floor": floor, "steps": steps, "chained": chained}
        entry["rates"] = rates
        if "momentum" in policy:
            entry["momenta"] = momenta
        else:
            assert momenta == [0.9] * steps
        found["cases"].append(entry)
    # A list of numbers on one line.
    text = json.dumps(found, indent=1)
    print(re.sub(r"\[[^][{}]*\]", lambda match: " ".join(match[0].split()), text))
    print(f"{len(CASES)} cases, torch {found['torch']}", file=sys.stderr)


main()

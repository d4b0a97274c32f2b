"""What does it cost to train at the rate that a rule suggests? The tables of results/which-rule, from results folders.

    python regrets.py results/which-rule-sgd results/which-rule-adam

Needs NumPy. The cost of a rate to a seed is the share of what could be learnt that is not: its least validation loss there, minus
the least median over the grid, over the same difference of the best constant answer; 1 at most. Between two rates of the grid it
lies on the line over log10 of the rate; a hundredth of the lowest rate and all rates above the grid cost 1.
"""

import csv
import math
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from divergence import constant

#: Half the width, in decades, of what one suggestion supports: `statistics.precision`.
TOLERANCE = 0.5
#: Pairs of rules as the two ends of a range.
LOW = ("fastai-v2-valley", "fastai-v1-min-grad", "fastai-v2-steep", "keras-low")
HIGH = ("fastai-v2-minimum", "fastai-v2-slide", "keras-high")
RESAMPLES = 1000


def rows(folder, table, config):
    with open(Path(folder) / "aggregate" / f"{table}.csv", newline="") as file:
        return [row for row in csv.DictReader(file) if row["config"] == config]


def configs(folder):
    with open(Path(folder) / "aggregate" / "ranges.csv", newline="") as file:
        return list(dict.fromkeys(row["config"] for row in csv.DictReader(file)))


def middle(intervals):
    """The middle of the widest stretch of greatest support, of intervals in log10."""
    marks = sorted({end for interval in intervals for end in interval})
    stretches = sorted([(mark, mark) for mark in marks] + list(zip(marks, marks[1:])), key=sum)
    count = [sum(a <= sum(at) / 2 <= b for a, b in intervals) for at in stretches]
    best, run = None, None
    for at, support in zip(stretches, count):
        run = ((run or at)[0], at[1]) if support == max(count) else None
        if run and (best is None or run[1] - run[0] > best[1] - best[0] + 1e-9):
            best = run
    return sum(best) / 2 if best else math.nan


class Task:
    """One config: costs by rate and seed, and what each rule suggests to each seed."""

    def __init__(self, folder, config):
        losses = defaultdict(dict)
        for row in rows(folder, "trainings", config):
            if row["state"] == "finished":
                losses[row["seed"]][float(row["lr"])] = min(float(row["best_validation_loss"]), 1e9)
        rates = sorted({rate for seed in losses.values() for rate in seed})
        self.seeds = [seed for seed in losses if len(losses[seed]) == len(rates)]
        table = np.array([[losses[seed][rate] for rate in rates] for seed in self.seeds])
        least = np.median(table, axis=0).min()
        costs = np.minimum((table - least) / (constant(config) - least), 1.0)
        self.places = np.log10([rates[0] / 100, *rates])
        self.costs = np.hstack([np.ones((len(costs), 1)), costs])
        own = defaultdict(dict)
        for row in rows(folder, "rules", config):
            if row["lr"] and float(row["lr"]) > 0:
                own[row["rule"]][row["seed"]] = math.log10(float(row["lr"]))
        self.choices = {}
        for rule, found in own.items():
            supports = [(lr - TOLERANCE, lr + TOLERANCE) for lr in found.values()]
            self.choices[rule] = (found, np.median(list(found.values())), middle(supports))
        for low in LOW:
            for high in HIGH:
                both = {seed: (own[low][seed], own[high][seed]) for seed in own[low] if seed in own[high]}
                ranges = [(a, b) for a, b in both.values() if a <= b + 1e-9]
                centres = {seed: sum(ends) / 2 for seed, ends in both.items()}
                if ranges:
                    self.choices[f"{low} to {high}"] = (centres, np.median(list(centres.values())), middle(ranges))

    def cost(self, seed, place):
        """Of a rate in log10 to a seed; 1 without a rate."""
        if place is None or not math.isfinite(place) or place > self.places[-1] + 1e-9:
            return 1.0
        return float(np.interp(place, self.places, self.costs[seed]))

    def all_costs(self, choice):
        """Of every seed: its own suggestion, the median of all, the rate that most support."""
        own, median, shared = self.choices.get(choice, ({}, math.nan, math.nan))
        return np.array(
            [[self.cost(at, own.get(seed)), self.cost(at, median), self.cost(at, shared)] for at, seed in enumerate(self.seeds)]
        )


def main(folders):
    tasks = {config: Task(folder, config) for folder in folders for config in configs(folder)}
    names = list(dict.fromkeys(name for task in tasks.values() for name in task.choices))
    costs = {name: [task.all_costs(name) for task in tasks.values()] for name in names}
    rng = np.random.default_rng(0)

    def mean(columns):
        return np.mean([np.median(task, axis=0) for task in columns], axis=0)

    def interval(columns):
        """95 % percentile bootstrap over the seeds of each task; the tasks are what they are."""
        draws = [mean([task[rng.integers(len(task), size=len(task))] for task in columns])[2] for _ in range(RESAMPLES)]
        return np.quantile(draws, [0.025, 0.975])

    print("| rule | own | median | **shared** | 95 % | worst task | " + " | ".join(tasks) + " |")
    print("|---|" + "---:|" * (5 + len(tasks)))
    for name in sorted(names, key=lambda name: mean(costs[name])[2]):
        own, median, shared = mean(costs[name])
        low, high = interval(costs[name])
        by_task = [np.median(task, axis=0)[2] for task in costs[name]]
        cells = [f"{own:.2f}", f"{median:.2f}", f"**{shared:.3f}**", f"{low:.3f} to {high:.3f}", f"{max(by_task):.2f}"]
        print(f"| {name} | " + " | ".join(cells + [f"{value:.2f}" for value in by_task]) + " |")
    print("\nTrained seeds: " + ", ".join(f"{name} {len(task.seeds)}" for name, task in tasks.items()))


if __name__ == "__main__":
    main(sys.argv[1:])

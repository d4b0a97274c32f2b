"""Schedules, policies, smoothing and early stops, against numbers that were computed elsewhere."""

import json
import math
from pathlib import Path

import pytest

import seedband
from seedband._early_stop import EarlyStop, EarlyStops
from seedband._policy import Policy
from seedband._schedule import Schedule
from seedband._smoothing import Smoother
from seedband._streams import Seeds

HERE = Path(__file__).resolve().parent
CORE = HERE.parents[1] / "crates" / "core" / "tests"
FORMULAS = json.loads((HERE / "golden" / "formulas.json").read_text())

#: The schedules of the libraries in `golden/README.md` of the Rust tests.
FLAVOURS = {
    "fastai_v2": {"spacing": "exclusive"},
    "fastai_v1": {"spacing": "exclusive"},
    "lightning": {"spacing": "skip-second"},
    "torch_lr_finder": {"spacing": "inclusive"},
    "dataiku": {"spacing": "inclusive", "lag": 1},
    "surmenok": {"spacing": "accumulated"},
}


def numbers(values):
    return [float(value) for value in values]


def stored(path):
    """A file of the Rust side's tests; skips where only this folder was copied."""
    if not (CORE / path).exists():
        pytest.skip(f"needs {path} of the repository")
    return json.loads((CORE / path).read_text())


def test_schedules_by_the_formulas():
    for case in FORMULAS["schedules"]:
        assert Schedule.from_json(case["schedule"]).rates() == pytest.approx(case["rates"], rel=1e-12)


def test_schedules_of_the_libraries():
    compared = 0
    for entry in stored("golden/schedules.json")["schedules"]:
        if "error" in entry or entry.get("batches_lr_update", 1) != 1:
            continue
        kind = {"exp": "exponential", "linear": "linear"}[entry["mode"]]
        values = {"kind": kind, "start": entry["start"], "end": entry["end"], "steps": entry["num_it"]}
        used = entry["used"] if isinstance(entry["used"], list) else entry["recorded"]
        rates = Schedule.from_json({**values, **FLAVOURS[entry["flavour"]]}).rates()
        assert rates == pytest.approx(numbers(used), rel=1e-12)
        compared += 1
    assert compared > 20


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"start": 0.0}, "exponential growth has to start above 0, not at 0.0"),
        ({"kind": "linear", "start": -1.0}, "a learning rate cannot be negative, as -1.0 is"),
        ({"end": 1e-7}, "has to be above the first"),
        ({"start": 1e-300, "end": 1e300}, "too many powers of ten above"),
        ({"steps": 1}, "a range test has 2 to 10000000 steps, not 1"),
        ({"steps": 10_000_001}, "not 10000001"),
        ({"lag": 2}, "a schedule lags by 0 or 1 steps, not by 2"),
        ({"kind": "linear", "spacing": "accumulated"}, 'spacing "accumulated" is exponential growth'),
        ({"start": math.inf}, "`schedule.start` is inf, which is not a finite number"),
        ({"steps": 2.5}, "`schedule.steps` is 2.5, which is not a whole number from 0"),
        ({"steps": True}, "`schedule.steps` is True, which is not a whole number from 0"),
        ({"kind": 1}, "`schedule.kind` is 1, which is not a string"),
    ],
)
def test_a_schedule_out_of_range_is_named(values, message):
    with pytest.raises(seedband.BadStudyError, match=message):
        Schedule.from_json(values)


def test_policies_by_the_formulas():
    for case in FORMULAS["policies"]:
        policy = Policy(case["policy"])
        rates = policy.rates(case["peak"], case["floor"], case["steps"])
        assert rates == pytest.approx(case["rates"], rel=1e-12, abs=1e-15), case["policy"]
        momenta = policy.momenta(case["steps"])
        assert momenta is None if case["momenta"] is None else momenta == pytest.approx(case["momenta"], rel=1e-12)


def test_policies_are_those_of_pytorch():
    for case in stored("policies/pytorch.json")["cases"]:
        policy = Policy(case["policy"])
        # Rounding errors of a chained scheduler add up; the Rust tests derive the bound for each.
        tolerance = 1e-13 * case["peak"]
        assert policy.rates(case["peak"], case["floor"], case["steps"]) == pytest.approx(case["rates"], abs=tolerance)
        momenta = case.get("momenta")
        assert policy.momenta(case["steps"]) == (momenta and pytest.approx(momenta, abs=1e-13))


def test_a_policy_is_within_its_bounds_for_any_length():
    for case in FORMULAS["policies"]:
        for steps in range(1, 40):
            rates = Policy(case["policy"]).rates(0.3, case["floor"], steps)
            assert len(rates) == steps
            assert all(0 <= rate <= 0.3 for rate in rates)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": "cosine", "gamma": 0.5}, '`policy.gamma` has no meaning for kind = "cosine"'),
        ({"kind": "one-cycle", "warmup": 0.1}, '`policy.warmup` has no meaning for kind = "one-cycle"'),
        ({"kind": "step", "milestones": []}, "`policy.milestones` is out of its range"),
        ({"kind": "step", "milestones": 0.5}, "`policy.milestones` is 0.5, which is not a list of numbers"),
        (
            {"kind": "step", "milestones": ["a"]},
            "`policy.milestones` is \\['a'\\], which is not a list of finite numbers",
        ),
        ({"kind": "one-cycle", "momentum": [0.95, 0.85]}, "`policy.momentum` is out of its range"),
        ({"kind": "triangular", "cycles": 0}, "`policy.cycles` is out of its range"),
        ([], "`policy` is not a table"),
    ],
)
def test_a_policy_out_of_range_is_named(values, message):
    with pytest.raises(seedband.BadStudyError, match=message):
        Policy(values)


def test_smoothing_by_the_formulas():
    for case in FORMULAS["smoothings"]:
        smoother = Smoother.from_json(case["smoothing"])
        smoothed = [smoother.push(loss) for loss in numbers(FORMULAS["losses"][case["losses"]])]
        assert smoothed == pytest.approx(numbers(case["smoothed"]), rel=1e-12, nan_ok=True)


def test_early_stops_by_the_formulas():
    fired = 0
    for case in FORMULAS["early-stops"]:
        stop = EarlyStop.from_json({key: case[key] for key in ("smoothing", "stop")})
        steps = enumerate(numbers(FORMULAS["losses"][case["losses"]]))
        first = next((step for step, loss in steps if stop.push(loss) or stop.fired), None)
        assert first == case["fires"], case
        fired += first is not None
    assert fired > 100


def test_fastais_stop_on_curves_that_fastai_has_judged():
    suggestions = stored("golden/suggestions.json")["curves"]
    compared = 0
    for curve in stored("golden/curves.json")["curves"]:
        found = suggestions[curve["name"]]["fastai_v1"]
        if any("as_run" in name for name in found["fragile"]):
            continue
        # A run that ended at a loss that is not finite is fed that, and NaN from then on.
        end = {"nan": [math.nan], "inf": [math.inf]}.get(curve["end"]["reason"], [])
        losses = numbers(curve["losses"]) + end
        losses += [math.nan] * (len(curve["lrs"]) - len(losses)) if end else []
        stops = EarlyStops.of_fastai()
        first = next((step for step, loss in enumerate(losses) if stops.push(loss)), None)
        assert first == found["f64"]["as_run"]["stop_step"], curve["name"]
        compared += 1
    assert compared > 20


def test_early_stops_end_once_all_have_fired():
    def stops(*factors):
        entries = [{"smoothing": {"kind": "none"}, "stop": {"kind": "factor", "factor": factor}} for factor in factors]
        return EarlyStops.from_json(entries)

    def first(watched):
        return next((step for step, loss in enumerate((1.0, 2.5, 1.0, 5.5, 1.0)) if watched.push(loss)), None)

    assert [first(stops(*factors)) for factors in ((2.0,), (2.0, 5.0), (2.0, 6.0), ())] == [1, 3, None, None]
    with pytest.raises(seedband.BadStudyError, match="`stop.factor` is 1.0, which is not above 1"):
        stops(1.0)


def test_seeds_by_hand_are_those_of_the_runner():
    # The first word of the Rust side's stream `weights` for seed 0 (`crates/core/src/seeds.rs`).
    assert Seeds.of(0).weights == 982_197_469
    assert len({*vars(Seeds.of(0)).values(), *vars(Seeds.of(1)).values(), Seeds.of(0).mixed()}) == 7

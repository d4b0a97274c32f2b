"""What the runner asks for: one ``train`` request, read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ._early_stop import EarlyStops
from ._fields import Table
from ._plan import Plan
from ._policy import Policy
from ._schedule import MOST_STEPS, Schedule
from ._streams import Seeds
from .errors import BadStudyError, SeedbandError

#: Of a recipe only `schedule` and `validation` concern a script; the others say what the runner did with the rest.
RECIPE_KEYS = ("trainer", "schedule", "streams", "validation")
TRIAL_KEYS = ("id", "config", "seed", "recipe", "training")
TRAINING_KEYS = ("name", "range-test", "epochs", "steps", "lr", "floor", "policy", "weights", "validation")


@dataclass(frozen=True)
class Training:
    """A training after the range test. Either ``epochs`` or ``steps`` says how long it is."""

    #: Its name in the study.
    name: str
    #: Epochs to train, from 1.
    epochs: int | None
    #: Steps to train, from 1.
    steps: int | None
    #: The highest learning rate, above 0.
    lr: float
    #: The lowest, for policies that have one; None: the policy's default.
    floor: float | None
    #: How the learning rate moves: ``"constant"``, ``"one-cycle"``, ``"cosine"``, …
    policy: str


@dataclass(frozen=True)
class Trial:
    """One trial as a script needs it. With a ``training`` its ``policy`` counts, and without one the ``schedule``."""

    seed: int
    seeds: Seeds
    schedule: Schedule
    early_stops: EarlyStops
    validate_every: int = 0
    training: Training | None = None
    policy: Policy | None = None

    def plan(self, steps_per_epoch: int | None) -> Plan:
        """The steps of this trial, where an epoch has ``steps_per_epoch`` of them, which counts for a training only."""
        training, policy = self.training, self.policy
        if training is None or policy is None:
            return Plan(self.schedule.rates(), validate_every=self.validate_every)
        if steps_per_epoch is None:
            raise SeedbandError(
                "a training needs to know how many steps an epoch has, and the loader has no length; "
                "call run.batches(loader, steps_per_epoch=…)"
            )
        steps = training.steps or (training.epochs or 1) * steps_per_epoch
        if steps > MOST_STEPS:
            raise BadStudyError(f"{training.epochs} epochs of {steps_per_epoch} steps are more than {MOST_STEPS} steps")
        rates = policy.rates(training.lr, training.floor, steps)
        return Plan(rates, policy.momenta(steps), epoch=steps_per_epoch)


def trial_id(request: dict[str, Any]) -> str:
    """The id of the trial that a request is about; the request is no use without it."""
    trial = request.get("trial")
    value = trial.get("id") if isinstance(trial, dict) else None
    if not isinstance(value, str):
        raise SystemExit(2)
    return value


def read_trial(request: dict[str, Any]) -> Trial:
    """The trial of a ``train`` request.

    Raises ``BadStudyError`` for a setting that is not known, not understood, or that a script cannot carry out.
    """
    if request.get("type") != "train":
        raise BadStudyError(f"a training script cannot answer `{request.get('type')}`; it trains and does nothing else")
    if "init-path" in request:
        raise BadStudyError("a training script does not write its initial weights; leave out `run.save-init`")
    table = Table(request["trial"], "trial", TRIAL_KEYS)
    recipe = table.table("recipe", RECIPE_KEYS)
    validation = recipe.table("validation", ("every", "images", "batch-size"))
    training, policy, is_other = None, None, False
    if "training" in table:
        plan = table.table("training", TRAINING_KEYS)
        is_other = plan.choice("weights", ("same", "other"), "same") == "other"
        policy = Policy(request["trial"]["training"].get("policy", {}))
        training = _read_training(plan, policy)
    seed = table.count("seed")
    seeds = _read_seeds(request.get("seeds"))
    streams = request["trial"].get("recipe", {}).get("streams", {})
    # Where the study fixes a stream, or asks for other weights, the trial's own seed does not say what is drawn.
    is_own = not is_other and all(stream == "vary" for stream in streams.values())
    return Trial(
        seed=seed if is_own and seed < 2**32 else seeds.mixed(),
        seeds=seeds,
        schedule=Schedule.from_json(request["trial"].get("recipe", {}).get("schedule", {})),
        early_stops=EarlyStops.from_json(request.get("early-stops", [])),
        validate_every=validation.count("every", 0),
        training=training,
        policy=policy,
    )


def _read_training(plan: Table, policy: Policy) -> Training:
    epochs = plan.count("epochs") if "epochs" in plan else None
    steps = plan.count("steps") if "steps" in plan else None
    if not (epochs or steps):
        raise BadStudyError("a training without `epochs` or `steps`")
    lr = plan.number("lr")
    if lr <= 0:
        raise BadStudyError(f"`training.lr` is {lr!r}, which is not above 0")
    floor = plan.number("floor") if "floor" in plan else None
    return Training(plan.text("name", ""), epochs, steps, lr, floor, policy.kind)


def _read_seeds(value: Any) -> Seeds:
    table = Table(value, "seeds", value if isinstance(value, dict) else ())
    return Seeds(table.count("weights"), table.count("order"), table.count("augmentation"))

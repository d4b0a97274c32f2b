"""A range test over many seeds inside one process, for notebooks."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Callable

from ._environment import device_type
from ._listener import Started, StepDone
from ._numbers import format_lr, to_json
from ._program import run_program
from ._progress import Progress
from ._range_test import trial_by_hand
from ._run import Run
from .errors import SeedbandError
from .results import Result, load


def lr_find(
    make_model: Callable[[], Any],
    make_loader: Callable[[], Iterable[Any]],
    loss_fn: Callable[[Any, Any], Any],
    make_optimizer: Callable[[Any], Any],
    seeds: int | Sequence[int] = 20,
    steps: int = 100,
    min_lr: float = 1e-7,
    max_lr: float = 10.0,
    results: str | os.PathLike[str] | None = None,
    *,
    name: str | None = None,
    device: str | None = None,
    mode: str = "exponential",
    early_stop_threshold: float | None = 4.0,
) -> Result:
    """Runs the range test of :func:`seedband.range_test` for each seed with PyTorch, one after the other.

        seedband.lr_find(Net, make_loader, F.cross_entropy, torch.optim.AdamW)

    For each seed every source of chance is seeded; then ``make_model()`` gives a module, ``make_loader()`` a loader of
    pairs (inputs, targets), and ``make_optimizer(parameters)`` an optimizer. ``loss_fn(model(inputs), targets)`` gives
    the mean loss of the batch, a scalar tensor, in nats for a cross-entropy.

    ``seeds``: so many, from 0, or a list of them. ``results``: the folder that gets the results folder ``name``; by
    default the environment variable ``SEEDBAND_RESULTS``, or ``results``. ``name``: ``lr-find``, or the next of
    ``lr-find-2``, ``lr-find-3`` … that is free there, so that each call keeps its own; one that is given must be free.
    ``device``: ``"cuda"`` where there is one, unless given.

    Curves are on disk as soon as their seed is through, in ``<name>.jsonl``, which ``seedband import`` reads too.

    What is shown at the end of a notebook's cell is the figure and the answer.
    """
    numbers = list(range(seeds)) if isinstance(seeds, int) else list(seeds)
    if not numbers:
        raise SeedbandError("lr_find needs at least one seed")
    place = device if device is not None else device_type()
    folder = Path(results if results is not None else os.environ.get("SEEDBAND_RESULTS", "results"))
    folder.mkdir(parents=True, exist_ok=True)
    name = _free_name(folder, name)
    recorded = folder / f"{name}.jsonl"
    curves = _Curves(numbers, steps)
    for seed in numbers:
        run = Run(trial_by_hand(steps, min_lr, max_lr, mode, early_stop_threshold, seed), curves)
        curves.seed = seed
        run.seed_everything()
        _train(run, make_model().to(place), make_loader(), loss_fn, make_optimizer, place)
        # The recorded curves stay: the study is made from them, and can be made from them again.
        recorded.write_text("".join(json.dumps(row) + "\n" for row in curves.rows), encoding="utf-8")
    curves.progress.close()
    run_program("import", str(recorded), "--name", name, "--results", str(folder))
    return load(folder / name)


def _free_name(folder: Path, name: str | None) -> str:
    """A name that no results folder and no file of curves has there."""

    def is_taken(name: str) -> bool:
        return (folder / name).exists() or (folder / f"{name}.jsonl").exists()

    if name is None:
        names = itertools.chain(["lr-find"], (f"lr-find-{number}" for number in itertools.count(2)))
        return next(name for name in names if not is_taken(name))
    if is_taken(name):
        raise SeedbandError(f"`{folder / name}` is there already; choose another `name`, or remove it")
    return name


def _train(
    run: Run,
    model: Any,
    loader: Iterable[Any],
    loss_fn: Callable[[Any, Any], Any],
    make_optimizer: Callable[[Any], Any],
    device: str,
) -> None:
    optimizer = make_optimizer(model.parameters())
    model.train()
    for inputs, targets in run.batches(loader):
        loss = loss_fn(model(_on(inputs, device)), _on(targets, device))
        run.step(optimizer, loss)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def _on(batch: Any, device: str) -> Any:
    """``batch``, a tensor or a collection of them, on the device."""
    if hasattr(batch, "to"):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: _on(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return [_on(value, device) for value in batch]
    return batch


class _Curves:
    """Keeps the curves of all seeds, and shows how far they are."""

    def __init__(self, seeds: Sequence[int], steps: int) -> None:
        #: The seed under way.
        self.seed = seeds[0]
        #: One a step, as `seedband import` reads them.
        self.rows: list[dict[str, Any]] = []
        self.progress = Progress(len(seeds) * steps)
        self._seeds = list(seeds)
        self._steps = steps

    def started(self, start: Started) -> None:
        """A seed's training begins."""

    def step(self, done: StepDone) -> None:
        """One step is done."""
        loss = to_json(done.loss)
        self.rows.append({"config": "base", "seed": self.seed, "step": done.step, "lr": done.lr, "loss": loss})
        place = self._seeds.index(self.seed)
        words = f"seed {self.seed} ({place + 1} of {len(self._seeds)}), lr {format_lr(done.lr)}, loss {done.loss:.4g}"
        self.progress.show(place * self._steps + done.step + 1, words)

    def finished(self, end: str, steps: int) -> None:
        """A seed's curve is whole."""

"""A study's results, as `seedband run`, `lr-find` and `import` leave them (docs/results.md)."""

from __future__ import annotations

import base64
import html
import json
import os
from pathlib import Path
from typing import Any

from ._numbers import format_lr
from ._tables import read_table
from .errors import SeedbandError

#: The version of `aggregate/summary.json` that this package reads.
SUMMARY_VERSION = 3


def load(folder: str | os.PathLike[str]) -> Result:
    """The results in ``folder``, for example ``results/mynet``."""
    path = Path(folder)
    try:
        summary = json.loads((path / "aggregate" / "summary.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SeedbandError(f"{path} has no aggregate/summary.json; make it: seedband report {path}") from None
    if summary.get("version") != SUMMARY_VERSION:
        raise SeedbandError(f"{path} was aggregated by another version of seedband; do it anew: seedband report {path}")
    return Result(path, summary)


class Result:
    """What a study says. Learning rates have no unit, losses are in nats for a cross-entropy.

    Of a study with several configs choose one where a single number is asked for: ``result["width=64"].lr``.
    """

    def __init__(self, folder: Path, summary: dict[str, Any], config: str | None = None) -> None:
        #: The results folder.
        self.folder = folder
        self._summary = summary
        self._name = config

    def __getitem__(self, config: str) -> Result:
        """The results of one config."""
        if config not in self.configs:
            raise SeedbandError(f"there is no config `{config}`; there are {', '.join(self.configs)}")
        return Result(self.folder, self._summary, config)

    @property
    def configs(self) -> list[str]:
        """The names of the configs, in the study's order."""
        return [config["name"] for config in self._chosen()]

    @property
    def kind(self) -> str:
        """What kind of answer it is: ``use``, ``more-seeds``, ``raise-end``, … (docs/statistics.md)."""
        return str(self._answer().get("kind", "none"))

    @property
    def lr(self) -> float | None:
        """The suggested learning rate; None where no seed supports any. How sure it is, :attr:`answer` says."""
        lr: float | None = self._answer().get("lr")
        return lr

    @property
    def support(self) -> tuple[int, int]:
        """In the ranges of how many seeds :attr:`lr` lies, and of how many seeds with a curve that is."""
        answer = self._answer()
        return answer.get("support", 0), answer.get("seeds", 0)

    @property
    def expected(self) -> float | None:
        """The share of new seeds, from 0 to 1, in whose ranges such a rate lies; None for fewer than two seeds.

        Counted by leaving out each seed in turn.
        """
        share: float | None = self._answer().get("expected")
        return share

    @property
    def range(self) -> tuple[float, float] | None:
        """The widest interval that lies whole in the ranges of most seeds, nine of ten if there is one; else None."""
        answer = self._answer()
        return (answer["min-lr"], answer["max-lr"]) if "min-lr" in answer else None

    @property
    def answer(self) -> str:
        """What the seeds allow to say, in the words of the report."""
        words = self._words()
        lines = [(name, words[name]) for name in self.configs]
        return lines[0][1] if len(lines) == 1 else "\n".join(f"{name}: {text}" for name, text in lines)

    @property
    def ranges(self) -> Any:
        """One row a seed: ``config``, ``seed``, ``min_lr``, ``max_lr``, how its curve ended, …

        A pandas ``DataFrame`` where pandas is installed, else a list of dictionaries, in which an absent value is None.
        """
        return self._table("ranges")

    @property
    def curves(self) -> Any:
        """One row a step, in the form of ``ranges``: ``config``, ``seed``, ``step``, ``lr``, ``loss``, ``smoothed``."""
        return self._table("curves")

    def report(self) -> Path:
        """The path of the report, a page that needs no network."""
        path = self.folder / "report" / "index.html"
        if not path.is_file():
            raise SeedbandError(f"{self.folder} has no report; make it: seedband report {self.folder}")
        return path

    def __repr__(self) -> str:
        """The answer, and each config's median max LR with its quantiles."""
        lines = [f"{self._summary['title']}: {self.answer}" if len(self.configs) == 1 else self._summary["title"]]
        if len(self.configs) > 1:
            lines.append(self.answer)
        lines += [f"{config['name']}: {_spread(config, self._summary['quantiles'])}" for config in self._chosen()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The figure of each config above its answer, for a notebook."""
        parts = []
        for config in self._chosen():
            name = f"{html.escape(config['name'])}: " if len(self.configs) > 1 else ""
            answer = html.escape(self._words()[config["name"]])
            parts += [self._figure(config["name"]), f"<p>{name}<strong>{answer}</strong></p>"]
        return "\n".join(parts)

    def _chosen(self) -> list[dict[str, Any]]:
        """The summaries of the configs that this result is about."""
        configs: list[dict[str, Any]] = self._summary["configs"]
        return [config for config in configs if self._name in (None, config["name"])]

    def _only(self) -> dict[str, Any]:
        configs = self._chosen()
        if len(configs) != 1:
            raise SeedbandError(f"the study has {len(configs)} configs; choose one, as result[{configs[0]['name']!r}]")
        return configs[0]

    def _answer(self) -> dict[str, Any]:
        answer: dict[str, Any] = self._only().get("answer", {})
        return answer

    def _words(self) -> dict[str, str]:
        """The answer of each config, by its name, as the report has it."""
        try:
            words: dict[str, str] = json.loads((self.folder / "report" / "answers.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SeedbandError(f"{self.folder} has no report; make it: seedband report {self.folder}") from None
        return words

    def _table(self, name: str) -> Any:
        return read_table(self.folder / "aggregate" / f"{name}.csv", self._name)

    def _figure(self, config: str) -> str:
        """The figure of a config's curves, or nothing where the report was not written."""
        drawn = sorted((self.folder / "report" / "figures").glob("bands-*.svg"))
        # Config names of unusual letters have other file names; a single figure is the single config's all the same.
        chosen = [path for path in drawn if path.stem == f"bands-{config}"]
        if not chosen and len(drawn) == len(self._summary["configs"]) == 1:
            chosen = drawn
        if not chosen:
            return ""
        # As an image of its own, the names within it cannot clash with those of other figures on the page.
        data = base64.b64encode(chosen[0].read_bytes()).decode()
        label = html.escape(f"Smoothed loss by learning rate over the seeds of {config}", quote=True)
        return f'<img alt="{label}" style="max-width:100%" src="data:image/svg+xml;base64,{data}">'


def _spread(config: dict[str, Any], quantiles: list[float]) -> str:
    """``max LR 0.018 (10-90 %: 0.013 to 0.026), 0 of 8 seeds diverged``."""
    counts = config["counts"]
    diverged = f"{counts['diverged']} of {counts['finished']} seeds diverged"
    estimate = config["max-lr"].get("estimate")
    if estimate is None:
        return f"no max LR, {diverged}"
    median, lower, upper = (format_lr(estimate[key]) for key in ("median", "lower", "upper"))
    low, high = (f"{100 * quantile:g}" for quantile in quantiles)
    return f"max LR {median} ({low}-{high} %: {lower} to {upper}), {diverged}"

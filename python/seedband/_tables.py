"""Reading the CSV tables of a results folder."""

from __future__ import annotations

import csv
import importlib
import importlib.util
from pathlib import Path
from typing import Any

from .errors import SeedbandError


def read_table(path: Path, config: str | None) -> Any:
    """The rows of ``path``, of one config or all: a ``DataFrame`` where pandas is installed, else dictionaries."""
    if not path.is_file():
        raise SeedbandError(f"there is no {path}; aggregate the study: seedband aggregate {path.parents[1]}")
    if importlib.util.find_spec("pandas") is not None:
        pandas: Any = importlib.import_module("pandas")
        frame = pandas.read_csv(path, dtype={"config": str})
        return frame if config is None else frame[frame["config"] == config].reset_index(drop=True)
    with path.open(newline="", encoding="utf-8") as file:
        rows = [{key: _value(key, text) for key, text in row.items()} for row in csv.DictReader(file)]
    return [row for row in rows if config in (None, row["config"])]


def _value(column: str, text: str) -> Any:
    """A cell as the type that it looks like; names stay text."""
    if column == "config":
        return text
    if text in ("", "true", "false"):
        return {"": None, "true": True, "false": False}[text]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text

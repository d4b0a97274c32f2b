"""Reading the tables of a request strictly.

A trainer that passed over a setting would train something else and file it under the name of what was asked, so a key
that is not known ends the trial (docs/protocol.md, "Lines").
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any

from .errors import BadStudyError


class Table:
    """One JSON object of a request. Every getter names the table and the key in its error."""

    def __init__(self, value: Any, where: str, known: Collection[str]) -> None:
        if not isinstance(value, dict):
            raise BadStudyError(f"`{where}` is not a table")
        self._values: dict[str, Any] = value
        self._where = where
        for key in value:
            if key not in known:
                raise BadStudyError(f"`{where}.{key}` is not known to this version of seedband's Python package")

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def table(self, key: str, known: Collection[str]) -> Table:
        """The table at ``key``; an empty one where it is absent."""
        return Table(self._values.get(key, {}), f"{self._where}.{key}", known)

    def text(self, key: str, default: str | None = None) -> str:
        """The string at ``key``."""
        value = self._values.get(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, value, "a string")
        return value

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """The string at ``key``, one of ``allowed``."""
        value = self.text(key, default)
        if value not in allowed:
            raise self._wrong(key, value, "one of " + ", ".join(f'"{name}"' for name in allowed))
        return value

    def flag(self, key: str, default: bool) -> bool:
        """The boolean at ``key``."""
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, value, "true or false")
        return value

    def count(self, key: str, default: int | None = None) -> int:
        """The whole number from 0 at ``key``."""
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self._wrong(key, value, "a whole number from 0")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """The finite float at ``key``."""
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise self._wrong(key, value, "a finite number")
        return float(value)

    def numbers(self, key: str, default: Sequence[float]) -> list[float]:
        """The list of finite floats at ``key``."""
        values = self._values.get(key, default)
        if not isinstance(values, (list, tuple)):
            raise self._wrong(key, values, "a list of numbers")
        for value in values:
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
                raise self._wrong(key, values, "a list of finite numbers")
        return [float(value) for value in values]

    def _wrong(self, key: str, value: Any, wanted: str) -> BadStudyError:
        return BadStudyError(f"`{self._where}.{key}` is {value!r}, which is not {wanted}")

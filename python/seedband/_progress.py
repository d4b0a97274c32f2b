"""A progress bar: in a notebook an element that is updated, elsewhere a line on standard error."""

from __future__ import annotations

import html
import importlib
import sys
import time
from typing import Any

#: The bar is drawn at most once in so many seconds.
INTERVAL = 0.1

#: So many characters the bar on a terminal has.
WIDTH = 30


class Progress:
    """Shows how much of ``total`` is done. Nothing is shown where neither a notebook nor a terminal looks on."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._display = _notebook_display()
        self._shown_at = 0.0

    def show(self, done: int, words: str) -> None:
        """``done`` of the total are done; ``words`` say what is under way."""
        now = time.monotonic()
        if done < self._total and now - self._shown_at < INTERVAL:
            return
        self._shown_at = now
        if self._display is not None:
            self._display(f'<progress max="{self._total}" value="{done}"></progress> {html.escape(words)}')
        elif sys.stderr.isatty():
            filled = WIDTH * done // self._total
            sys.stderr.write(f"[{'#' * filled}{' ' * (WIDTH - filled)}] {words}\x1b[K\r")
            sys.stderr.flush()

    def close(self) -> None:
        """Takes the bar away."""
        if self._display is not None:
            self._display("")
        elif sys.stderr.isatty():
            sys.stderr.write("\x1b[K")
            sys.stderr.flush()


def _notebook_display() -> Any:
    """A function that shows HTML in place of what it showed before; None outside of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return None
    display: Any = importlib.import_module("IPython.display")
    handle = display.display(display.HTML(""), display_id=True)
    return lambda text: handle.update(display.HTML(text))

"""Telling the runner why a script ended before its trial did."""

from __future__ import annotations

import atexit
import sys
from types import TracebackType
from typing import Any, NoReturn, Protocol

from ._runner import Conversation
from .errors import SeedbandError


class _Progressing(Protocol):
    def progress(self) -> str: ...


class EndedEarlyError(SeedbandError):
    """The training loop was left, without an exception, before its last step."""

    def __init__(self, what: str, trial: _Progressing, last_words: str | None = None) -> None:
        """``last_words`` is what ``sys.exit`` was given."""
        said = f" with {last_words!r}" if last_words else ""
        super().__init__(
            f"{what} ended{said} {trial.progress()}; let the loop over run.batches(loader) come to its end by itself, "
            "without `break`, `return` or `sys.exit`"
        )


class ExitWatch:
    """Fails the trial under way when the process ends, by an exception or without one. One for a process."""

    def __init__(self) -> None:
        #: The trial under way.
        self.conversation: Conversation | None = None
        self._previous = sys.excepthook
        sys.excepthook = self._hook
        self._exit = sys.exit
        #: Python keeps the exception of `sys.exit` nowhere, and so its text neither.
        self._last_words: str | None = None
        sys.exit = self._noting_exit
        atexit.register(self._at_exit)

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._tell(error)
        self._previous(kind, error, trace)

    def _noting_exit(self, status: Any = None, /) -> NoReturn:
        self._last_words = status if isinstance(status, str) else None
        self._exit(status)

    def _at_exit(self) -> None:
        # Another library may have replaced the hook since. Python keeps the exception here as well.
        error = getattr(sys, "last_value", None)
        if error is None and self.conversation is not None:
            error = EndedEarlyError("the script", self.conversation, self._last_words)
        self._tell(error)

    def _tell(self, error: BaseException | None) -> None:
        # An interrupt is the wish of the runner or its user, and says nothing about the script.
        if self.conversation is not None and error is not None and not isinstance(error, KeyboardInterrupt):
            self.conversation.failed(error)

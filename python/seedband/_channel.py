"""The socket on which a script and the runner exchange lines (docs/protocol.md)."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from typing import Any

from .errors import SeedbandError

#: The environment variable with the socket's path; there under the runner, and only there.
VARIABLE = "SEEDBAND_CHANNEL"

#: The longest line that either side reads, in bytes.
MAX_LINE = 1 << 20

# Where the flag exists a closed connection is an error to handle, whatever the script has made of SIGPIPE.
_SEND_FLAGS = getattr(socket, "MSG_NOSIGNAL", 0)


class Channel:
    """One connection, for the process that made it: its forked children neither speak on it nor keep it open."""

    def __init__(self, path: str) -> None:
        self._owner = os.getpid()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(path)
        except OSError as error:
            self._socket.close()
            raise SeedbandError(
                f"the runner's channel cannot be opened ({error.strerror or error}); it serves one process of a "
                "script, once, so call seedband.range_test() in the main process, and once"
            ) from None
        self._lines = self._socket.makefile("rb")
        os.register_at_fork(after_in_child=self._close)

    @property
    def is_own(self) -> bool:
        """Whether this is the process that made the connection."""
        return os.getpid() == self._owner

    def send(self, message: Mapping[str, Any]) -> None:
        """Sends one message. Ends the script if the runner is gone, since nobody reads its curve then."""
        if not self.is_own:
            raise SeedbandError("a forked process of the script, such as a data loader's, cannot speak to the runner")
        line = json.dumps(message, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        try:
            self._socket.sendall(line, _SEND_FLAGS)
        except OSError as error:
            raise SystemExit(f"seedband: the runner is gone ({error.strerror or error})") from None

    def receive(self) -> dict[str, Any] | None:
        """Waits for the next message; None once the runner has no more."""
        while True:
            try:
                line = self._lines.readline(MAX_LINE + 2)
            except OSError:
                return None
            if not line.endswith(b"\n"):
                return None
            if line.strip():
                return _read(line)

    def _close(self) -> None:
        self._lines.close()
        self._socket.close()


def _read(line: bytes) -> dict[str, Any]:
    """The message in a line; one that cannot be read ends the process, as the protocol has it."""
    try:
        message = json.loads(line)
    except ValueError:
        raise SystemExit(2) from None
    if not isinstance(message, dict):
        raise SystemExit(2)
    return message

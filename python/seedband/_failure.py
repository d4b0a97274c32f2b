"""What an exception in the script means to the runner: a class it goes by, and one line for the user."""

from __future__ import annotations

import os
import traceback

from ._environment import is_library
from .errors import SeedbandError

#: So much of a message is shown.
MAX_MESSAGE = 2000

#: Words by which PyTorch, JAX and TensorFlow say that a GPU's memory did not suffice.
OUT_OF_MEMORY = ("out of memory", "RESOURCE_EXHAUSTED")
#: Words by which PyTorch says the same of the machine's, and by which its data loader says that the kernel took a
#: worker for its memory.
HOST_OUT_OF_MEMORY = ("can't allocate memory", "not enough memory", "is killed by signal: Killed")
#: Words of `cudaGetErrorString` for a device that does not work any more. Errors that a wrong program causes as well,
#: such as an illegal address, are not among them.
LOST_DEVICE = (
    "CUDA-capable device(s) is/are busy or unavailable",
    "no CUDA-capable device is detected",
    "uncorrectable ECC error encountered",
    "uncorrectable NVLink error detected during the execution",
    "hardware stack error",
)


def describe(error: BaseException) -> tuple[str, str]:
    """The class of a failure (docs/protocol.md) and its message."""
    return _class_of(error), _one_line(error)


def _class_of(error: BaseException) -> str:
    if isinstance(error, SeedbandError):
        return error.failure_class
    if isinstance(error, MemoryError):
        return "host-out-of-memory"
    text = str(error)
    if any(words in text for words in HOST_OUT_OF_MEMORY):
        return "host-out-of-memory"
    # Libraries are never imported here, so their exceptions are known by name.
    names = [kind.__name__ for kind in type(error).__mro__]
    is_library_error = isinstance(error, RuntimeError) or "ResourceExhaustedError" in names
    if "OutOfMemoryError" in names or (is_library_error and any(words in text for words in OUT_OF_MEMORY)):
        return "out-of-memory"
    if isinstance(error, RuntimeError) and any(words in text for words in LOST_DEVICE):
        return "lost-device"
    return "script-error"


def _one_line(error: BaseException) -> str:
    if isinstance(error, SeedbandError):
        text = str(error)
    else:
        text = "".join(traceback.format_exception_only(type(error), error))
    line = " ".join(text.split())
    if len(line) > MAX_MESSAGE:
        line = line[:MAX_MESSAGE] + " …"
    place = _place(error)
    return f"{line} ({place})" if place else line


def _place(error: BaseException) -> str | None:
    """File and line of the innermost frame in the author's own code, as ``train.py, line 7``."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not (frame.filename.startswith("<") or is_library(frame.filename)):
            return f"{os.path.basename(frame.filename)}, line {frame.lineno}"
    return None

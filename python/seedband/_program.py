"""The program `seedband`, which comes in the same wheel as this package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .errors import SeedbandError

#: The program to call, in place of the one that is found.
VARIABLE = "SEEDBAND_PROGRAM"


def run_program(*arguments: str) -> None:
    """Calls the program with ``arguments`` and waits for it; its last line of complaint becomes the error."""
    done = subprocess.run(
        [_find(), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        said = done.stdout.strip() or f"exit status {done.returncode}"
        raise SeedbandError(f"`seedband {arguments[0]}` failed: {' '.join(said.split())}")


def _find() -> str:
    given = os.environ.get(VARIABLE)
    if given is not None:
        return given
    beside = Path(sys.executable).with_name("seedband")
    found = str(beside) if beside.is_file() else shutil.which("seedband")
    if found is None:
        raise SeedbandError(f"the program `seedband` is not on the PATH; name it with the variable {VARIABLE}")
    return found

"""Errors that the author of a training script can mend."""

from __future__ import annotations


class SeedbandError(RuntimeError):
    """Something in the script, or in what it was asked to train, cannot work. The message is one line.

    ``failure_class`` is the class under which the runner files the trial (docs/protocol.md).
    """

    failure_class = "script-error"


class BadStudyError(SeedbandError):
    """The study asks for something that this script, or this version of the package, cannot do."""

    failure_class = "bad-study"

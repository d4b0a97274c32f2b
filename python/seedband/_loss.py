"""A loss as a float, from whatever library it comes."""

from __future__ import annotations

from typing import Any

from .errors import SeedbandError


def as_float(loss: Any, name: str = "loss") -> float:
    """The value of a tensor, array or number that holds one real number; may be infinite or NaN.

    For a tensor on a GPU this waits until it is computed, once.
    """
    if isinstance(loss, (str, bytes)):
        raise SeedbandError(f"the {name} is {type(loss).__name__}, which is not one real number")
    shape = tuple(getattr(loss, "shape", ()))
    if any(length != 1 for length in shape):
        raise SeedbandError(f"the {name} has the shape {shape}; reduce it to one number, as its `mean()` does")
    # A tensor that requires a gradient warns when it is converted.
    value = loss.detach() if hasattr(loss, "detach") else loss
    try:
        return float(value.item() if hasattr(value, "item") else value)
    except OverflowError:
        raise SeedbandError(f"the {name} is a whole number that no float can hold") from None
    except (TypeError, ValueError):
        raise SeedbandError(f"the {name} is {type(loss).__name__}, which is not one real number") from None

"""What a data loader says about itself; any iterable will do."""

from __future__ import annotations

from typing import Any


def length_of(loader: Any) -> int | None:
    """The number of batches in an epoch; None where the loader cannot say."""
    try:
        return len(loader)
    except TypeError:
        return None


def batch_size_of(loader: Any) -> int | None:
    """The number of examples in a batch, as PyTorch's loaders know it; None where the loader cannot say."""
    size = getattr(loader, "batch_size", None)
    return size if isinstance(size, int) and size > 0 else None


def set_epoch(loader: Any, epoch: int) -> None:
    """Tells the loader or its sampler which epoch begins, from 0: a distributed sampler shuffles by it."""
    batch_sampler = getattr(loader, "batch_sampler", None)
    for candidate in (loader, getattr(loader, "sampler", None), getattr(batch_sampler, "sampler", None)):
        tell = getattr(candidate, "set_epoch", None)
        if tell is not None:
            tell(epoch)
            return

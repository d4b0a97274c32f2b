"""Setting the learning rate of PyTorch optimizers, and reading the one that an update really used.

PyTorch itself is never imported: whatever has `param_groups` will do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from .errors import BadStudyError, SeedbandError

#: A parameter group's place: the optimizer's, and its own in there. Its dictionary is another after `load_state_dict`.
Place = tuple[int, int]


class Optimizers:
    """One optimizer, or several that are stepped together, such as Muon beside AdamW."""

    def __init__(self, optimizer: Any) -> None:
        self._all = _as_list(optimizer)
        for one in self._all:
            if not hasattr(one, "param_groups"):
                raise SeedbandError(
                    f"run.step(optimizer, loss) was given {type(one).__name__} as optimizer, which has no "
                    "`param_groups`; without a PyTorch optimizer, call run.step(loss=loss) and train with run.lr"
                )
        self._first_lr = next((_own_lr(group) for _, group in self._groups()), 0.0)
        if self._first_lr <= 0 or not math.isfinite(self._first_lr):
            raise SeedbandError(
                f"the optimizer's learning rate is {self._first_lr:g}; make it with one above 0, since the rates of "
                "all parameter groups are kept in proportion to the first"
            )
        # Filled as groups are seen: some are added while training, as layers are unfrozen.
        self._ratios: dict[Place, float] = {}
        self._used: float | None = None
        self._updates = 0
        self._hook = self._watch(self._all[0])

    def is_same(self, optimizer: Any) -> bool:
        """Whether ``optimizer`` is what this was made from."""
        others = _as_list(optimizer)
        return len(others) == len(self._all) and all(one is other for one, other in zip(others, self._all))

    def set_lr(self, lr: float) -> None:
        """Gives the first group ``lr`` and every other the rate that stands to it as when it was first seen."""
        self._used = None
        for place, group in self._groups():
            if place not in self._ratios:
                self._ratios[place] = _own_lr(group) / self._first_lr
            rate = lr * self._ratios[place]
            # An optimizer that is captured in a CUDA graph holds its rate in a tensor, which has to stay the same one.
            if hasattr(group["lr"], "fill_"):
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate

    def set_momentum(self, momentum: float) -> None:
        """Sets ``momentum``, or the first of ``betas``, of every group, as PyTorch's ``OneCycleLR`` does."""
        for _, group in self._groups():
            if "betas" in group:
                group["betas"] = (momentum, *group["betas"][1:])
            elif "momentum" in group:
                group["momentum"] = momentum
            else:
                raise BadStudyError("this training moves the momentum, and the optimizer has none")

    def used_lr(self) -> float | None:
        """The first group's rate in the last update since ``set_lr``; None where there was none, or none was seen."""
        return self._used

    def is_never_updated(self) -> bool:
        """Whether updates would have been seen, and there was none at all."""
        return self._hook is not None and self._updates == 0

    def close(self) -> None:
        """Takes the hook off the optimizer."""
        if self._hook is not None:
            self._hook.remove()

    def _groups(self) -> Iterator[tuple[Place, dict[str, Any]]]:
        for number, optimizer in enumerate(self._all):
            for index, group in enumerate(optimizer.param_groups):
                if group.get("lr") is None:
                    raise SeedbandError(
                        f"{type(optimizer).__name__} has no learning rate of its own to set: `lr` is missing in its "
                        "`param_groups`, or None"
                    )
                yield (number, index), group

    def _watch(self, optimizer: Any) -> Any:
        """Notes the rate whenever ``optimizer.step()`` begins. None where the optimizer knows no such hook."""
        try:
            return optimizer.register_step_pre_hook(self._note)
        except AttributeError:
            return None

    def _note(self, optimizer: Any, *_: Any) -> None:
        self._used = float(optimizer.param_groups[0]["lr"])
        self._updates += 1


def _as_list(optimizer: Any) -> list[Any]:
    given = optimizer if isinstance(optimizer, (list, tuple)) else [optimizer]
    return [_unwrapped(one) for one in given]


def _unwrapped(optimizer: Any) -> Any:
    """The optimizer within a wrapper such as accelerate's, which has no hooks of its own."""
    inner = getattr(optimizer, "optimizer", None)
    return inner if hasattr(inner, "param_groups") else optimizer


def _own_lr(group: dict[str, Any]) -> float:
    """A group's rate before the range test touches it."""
    # A scheduler with a warm-up from 0 leaves 0 in `lr`, and the group's own rate in `initial_lr`.
    return float(group["lr"]) or float(group.get("initial_lr", 0.0))

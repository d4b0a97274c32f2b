"""The seeds of a trial's three sources of chance.

Under the runner they come with the trial. A script that runs by hand computes them as the runner does, so that seed 7
by hand draws what seed 7 of a study draws.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

#: ChaCha's "expand 32-byte k" (Bernstein 2008).
CONSTANTS = (0x61707865, 0x3320646E, 0x79622D32, 0x6B206574)
ROUNDS = 8
WORD = 0xFFFFFFFF


@dataclass(frozen=True)
class Seeds:
    """One number of 32 bits, 0 to 4294967295, for each source of chance; equal numbers, equal draws."""

    #: Initial weights.
    weights: int
    #: The order of the training batches.
    order: int
    #: Random changes to the training data, dropout, and whatever else is drawn while training.
    augmentation: int

    @classmethod
    def of(cls, seed: int) -> Seeds:
        """The seeds of the trial whose own seed is ``seed``, 0 to 2^63 - 1."""
        return cls(*(_first_word(f"seedband/1/{name}/{seed}") for name in ("weights", "order", "augmentation")))

    def mixed(self) -> int:
        """One number of 32 bits that depends on all three."""
        return _first_word(f"seedband/1/mixed/{self.weights}/{self.order}/{self.augmentation}")


def _first_word(name: str) -> int:
    """The first 32 bits of the ChaCha8 stream that is keyed with the SHA-256 of ``name``."""
    key: tuple[int, ...] = struct.unpack("<8I", hashlib.sha256(name.encode()).digest())
    state = [*CONSTANTS, *key, 0, 0, 0, 0]
    block = list(state)
    for _ in range(ROUNDS // 2):
        for columns in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)):
            _quarter_round(block, *columns)
        for diagonals in ((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            _quarter_round(block, *diagonals)
    return (block[0] + state[0]) & WORD


def _quarter_round(block: list[int], a: int, b: int, c: int, d: int) -> None:
    for target, other, turned, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        block[target] = (block[target] + block[other]) & WORD
        mixed = block[turned] ^ block[target]
        block[turned] = ((mixed << bits) | (mixed >> (32 - bits))) & WORD

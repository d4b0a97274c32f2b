"""Seeding whatever libraries the script has imported, and importing none."""

from __future__ import annotations

import random
import sys


def seed_everything(seed: int) -> None:
    """Seeds ``random`` and the imported ones of NumPy, PyTorch, TensorFlow and Keras with ``seed``, 0 to 2^32 - 1."""
    random.seed(seed)
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    tensorflow, keras = sys.modules.get("tensorflow"), sys.modules.get("keras")
    # Keras first: it seeds its backend with the same number again, and takes its own generator from it.
    if keras is not None:
        keras.utils.set_random_seed(seed)
    if tensorflow is not None:
        tensorflow.random.set_seed(seed)
    if numpy is not None:
        numpy.random.seed(seed)
    if torch is not None:
        torch.manual_seed(seed)

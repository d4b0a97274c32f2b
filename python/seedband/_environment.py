"""What the process is: its script, its libraries, its device, its source files."""

from __future__ import annotations

import os
import sys
import sysconfig

#: Distributions whose versions shape the numbers, by the module that each is imported as.
LIBRARIES = {
    "torch": "torch",
    "torchvision": "torchvision",
    "lightning": "lightning",
    "pytorch_lightning": "pytorch-lightning",
    "fastai": "fastai",
    "transformers": "transformers",
    "accelerate": "accelerate",
    "timm": "timm",
    "tensorflow": "tensorflow",
    "keras": "keras",
    "jax": "jax",
    "flax": "flax",
    "optax": "optax",
    "sklearn": "scikit-learn",
    "numpy": "numpy",
}

#: A message has at most a mebibyte; so many bytes of it may be names of files.
MOST_FILE_BYTES = 1 << 19


def script_name() -> str:
    """The name of the script that Python was started with; ``python`` in a notebook or at the prompt."""
    path = getattr(sys.modules.get("__main__"), "__file__", None)
    return os.path.basename(path) if path is not None else "python"


def library_versions() -> list[str]:
    """``torch 2.11.0`` and the like, of the libraries that the script has imported so far."""
    versions = []
    for module, distribution in LIBRARIES.items():
        version = getattr(sys.modules.get(module), "__version__", None)
        if version is not None:
            versions.append(f"{distribution} {version}")
    return versions


def device_type() -> str:
    """``"cuda"`` where this process has a CUDA device to train on, else ``"cpu"``."""
    given = os.environ.get("SEEDBAND_DEVICE")
    if given is not None:
        return given.partition(":")[0]
    torch = sys.modules.get("torch")
    return "cuda" if torch is not None and torch.cuda.is_available() else "cpu"


def is_library(path: str) -> bool:
    """Whether a Python file belongs to Python, to an installed package or to this one, and not to the script."""
    folders = [sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")]
    if path.startswith((*folders, os.path.dirname(__file__))):
        return True
    return "site-packages" in path or "dist-packages" in path


def source_files() -> list[str]:
    """Absolute paths of the script's own Python files that are loaded: those below the working folder."""
    folder = os.path.join(os.getcwd(), "")
    files = set()
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if not isinstance(path, str) or not path.endswith(".py"):
            continue
        path = os.path.abspath(path)
        # Some modules, such as `torch.ops`, name a file that is nowhere.
        if path.startswith(folder) and not is_library(path) and os.path.isfile(path):
            files.add(path)
    kept, size = [], 0
    for path in sorted(files):
        size += len(path.encode(errors="surrogateescape")) + 3
        if size > MOST_FILE_BYTES:
            break
        kept.append(path)
    return kept

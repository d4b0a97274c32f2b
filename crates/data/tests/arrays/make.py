"""Makes the arrays beside it, and `expected.json`: what NumPy itself reads back from each file.

NumPy 2.4.6. `python3 make.py`
"""

import gzip
import json
from pathlib import Path

import numpy as np

here = Path(__file__).parent
numbers = np.random.default_rng(0)
pixels = numbers.integers(0, 256, (5, 2, 4, 3), dtype=np.uint8)
unclear = numbers.integers(0, 256, (5, 3, 2, 3), dtype=np.uint8)
grey = pixels[..., 0]
classes = np.array([2, 0, 1, 1, 2])
features = numbers.normal(size=(5, 6))

# Name of the file: array of examples, array of classes, the layout that has to be said. All of them as [n, channels, height, width].
cases = {
    "grey": (grey, classes.astype("u1"), None),
    "nhwc": (pixels, classes.astype("<i4"), None),
    "nchw": (np.ascontiguousarray(pixels.transpose(0, 3, 1, 2)), classes.astype(">i2"), None),
    "fortran": (np.asfortranarray(pixels), classes.astype("i1"), None),
    "unclear": (unclear, classes, "nhwc"),
    "float32": ((pixels / 255).astype("<f4"), classes.astype("<u2"), None),
    "float64-big": ((pixels / 255).astype(">f8"), classes.astype(">u4"), None),
    "float16": (grey.astype("<f2") / 16, classes.astype("<u8"), None),
    "int64": (grey.astype("<i8"), classes[:, None], None),
    "features": (features.astype("<f8"), classes.astype(">i8"), None),
    "features-fortran": (np.asfortranarray(features.astype(">f4")), classes.astype("?").astype("u1"), None),
    "features-bytes": (numbers.integers(0, 256, (5, 4), dtype=np.uint8), classes.astype("<i2"), None),
}


def first_channels(array, layout):
    """As [n, channels, height, width] or [n, features]."""
    if array.ndim == 3:
        return array[:, None]
    if array.ndim == 4 and (layout == "nhwc" or array.shape[1] not in (1, 3)):
        return array.transpose(0, 3, 1, 2)
    return array


expected = {}
for number, (name, (x, y, layout)) in enumerate(cases.items()):
    save = np.savez if number % 2 else np.savez_compressed
    save(here / f"{name}.npz", x_train=x, y_train=y, x_test=x[:2], y_test=y[:2])
    with np.load(here / f"{name}.npz") as file:
        back, labels = file["x_train"], file["y_train"]
    values = first_channels(back, layout)
    is_bytes = values.dtype == np.uint8 and values.ndim == 4
    expected[name] = {
        "layout": layout,
        "shape": values.shape,
        "bytes": is_bytes,
        "values": (values if is_bytes else values.astype("float32").astype("float64")).ravel().tolist(),
        "labels": labels.ravel().tolist(),
    }
(here / "expected.json").write_text(json.dumps(expected) + "\n")

folder = here / "folder"
folder.mkdir(exist_ok=True)
np.save(folder / "X.npy", features)
np.save(folder / "y.npy", classes)
# Version 2 of the format, which NumPy writes by itself where a header is long.
with open(folder / "second.npy", "wb") as file:
    np.lib.format.write_array(file, features, version=(2, 0))

refused = here / "refused"
refused.mkdir(exist_ok=True)
nan = features.copy()
nan[3, 2] = np.nan
for name, x, y in [
    ("objects", features, np.array(["a", 1, None, 2, 3], dtype=object)),
    ("text", features, np.array(["a", "b", "c", "b", "c"])),
    ("one-hot", features, np.eye(3)[classes]),
    ("real", features, classes.astype("f8")),
    ("negative", features, classes - 1),
    ("short", features, classes[:4]),
    ("one-class", features, classes * 0),
    ("nan", nan, classes),
    ("alpha", np.concatenate([pixels, pixels[..., :1]], axis=-1), classes),
    ("unclear", unclear, classes),
    ("complex", features + 1j, classes),
    ("records", np.zeros(5, dtype=[("a", "f4"), ("b", "i4")]), classes),
    ("flat", features[:, 0], classes),
]:
    np.savez_compressed(refused / f"{name}.npz", x=x, y=y)
np.savez(refused / "names.npz", inputs=features, outputs=classes)

idx = here.parent / "idx"
idx.mkdir(exist_ok=True)


def idx_of(array):
    return bytes([0, 0, 8, array.ndim]) + b"".join(side.to_bytes(4, "big") for side in array.shape) + array.tobytes()


for name, x, y in [("train", grey, classes), ("t10k", grey[:2], classes[:2])]:
    for kind, array in [("images-idx3", x), ("labels-idx1", y.astype("u1"))]:
        (idx / f"{name}-{kind}-ubyte.gz").write_bytes(gzip.compress(idx_of(array), mtime=0))

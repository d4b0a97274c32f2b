"""Handwritten digits (8x8 pixels, in scikit-learn) as an image folder: the first 160 images of each of the ten classes.

python digits.py FOLDER        # writes FOLDER/0/000.png to FOLDER/9/159.png
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image


def write(folder):
    """Writes the images: their values of 0 to 16 as grey values of 0 to 255."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    grey = np.round(digits.images * (255 / 16)).astype(np.uint8)
    for name in range(10):
        (folder / str(name)).mkdir(parents=True, exist_ok=True)
        for number, image in enumerate(grey[digits.target == name][:160]):
            Image.fromarray(image).save(folder / str(name) / f"{number:03}.png")


def read(folder):
    """Pixels from 0 to 1, of shape (1600, 192) as red, green, blue; and classes, of shape (1600,)."""
    files = sorted(folder.glob("*/*.png"))
    images = np.stack([np.asarray(Image.open(file).convert("RGB")) for file in files])
    pixels = images.transpose(0, 3, 1, 2).reshape(len(files), -1) / np.float32(255)
    return pixels, np.array([int(file.parent.name) for file in files])


if __name__ == "__main__":
    write(Path(sys.argv[1]))

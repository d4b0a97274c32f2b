"""LR range test of scikit-learn's SGDClassifier on handwritten digits (8x8 pixels)."""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier

import seedband  # added
from seedband.sklearn import partial_fit  # added

run = seedband.range_test(steps=100, min_lr=1e-5)  # added
rng = np.random.default_rng(run.seed)  # added

images, classes = load_digits(return_X_y=True)
images = images / 16
model = SGDClassifier(loss="log_loss", random_state=run.seed)


class Batches:
    """Batches of 64 images in a new order each time round."""

    def __len__(self):
        return len(images) // 64

    def __iter__(self):
        order = rng.permutation(len(images))[: 64 * len(self)]
        return ((images[chosen], classes[chosen]) for chosen in order.reshape(-1, 64))


for x, y in run.batches(Batches()):  # added
    partial_fit(run, model, x, y, classes=range(10))  # in place of `model.partial_fit(x, y, classes=range(10))`

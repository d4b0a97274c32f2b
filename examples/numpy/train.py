"""LR range test of softmax regression in NumPy, on handwritten digits (8x8 pixels, in scikit-learn)."""

import numpy as np
from sklearn.datasets import load_digits

import seedband  # added

run = seedband.range_test(steps=100, min_lr=1e-5, max_lr=100)  # added
rng = np.random.default_rng(run.seed)  # added

images, classes = load_digits(return_X_y=True)
images, classes = images / 16, np.eye(10)[classes]
weights = rng.normal(0, 0.1, (64, 10))
bias = np.zeros(10)


class Batches:
    """Batches of 64 images in a new order each time round."""

    def __len__(self):
        return len(images) // 64

    def __iter__(self):
        order = rng.permutation(len(images))[: 64 * len(self)]
        return ((images[chosen], classes[chosen]) for chosen in order.reshape(-1, 64))


for x, y in run.batches(Batches()):  # added
    logits = x @ weights + bias
    logits -= logits.max(axis=1, keepdims=True)
    log_probabilities = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    run.step(loss=-(y * log_probabilities).sum(axis=1).mean())  # added
    error = (np.exp(log_probabilities) - y) / len(x)
    weights -= run.lr * x.T @ error  # changed: `run.lr` is the learning rate of this step
    bias -= run.lr * error.sum(axis=0)  # changed

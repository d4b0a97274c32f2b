"""A straight line and its gradient in plain Python, with the calls that `lr_find` makes of a PyTorch model."""

import random


class Line:
    """``weight * x + offset``."""

    def __init__(self):
        self._values = [random.gauss(0, 1), random.gauss(0, 1)]

    def to(self, device):
        return self

    def train(self):
        pass

    def parameters(self):
        return self._values

    def __call__(self, inputs):
        return [(self._values, x) for x in inputs]


class Loss:
    """The mean squared error of a batch, and its gradient."""

    def __init__(self, outputs, targets):
        self._values = outputs[0][0]
        weight, offset = self._values
        self._errors = [(weight * x + offset - y, x) for (_, x), y in zip(outputs, targets)]

    def __float__(self):
        return sum(error * error for error, _ in self._errors) / len(self._errors)

    def backward(self):
        count = len(self._errors)
        Sgd.gradient = [2 * sum(e * x for e, x in self._errors) / count, 2 * sum(e for e, _ in self._errors) / count]


class Sgd:
    """Gradient descent."""

    gradient = None

    def __init__(self, values):
        self.param_groups = [{"params": values, "lr": 1.0}]

    def zero_grad(self):
        Sgd.gradient = None

    def step(self):
        (group,) = self.param_groups
        for place, slope in enumerate(Sgd.gradient):
            group["params"][place] -= group["lr"] * slope


def make_loader():
    """Batches of eight points near a line, in an order of their own."""
    points = [(x / 32 - 1, 3 * x / 32 + random.gauss(0, 0.1)) for x in range(64)]
    random.shuffle(points)
    return [([x for x, _ in points[i : i + 8]], [y for _, y in points[i : i + 8]]) for i in range(0, 64, 8)]

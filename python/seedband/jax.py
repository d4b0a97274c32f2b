"""JAX and optax: a random key, and the planned learning rates as a schedule.

run = seedband.range_test(steps=100)
optimizer = optax.sgd(run.optax_schedule(), momentum=0.9)
params = init(run.jax_key())
for batch in run.batches(batches):
    loss, grads = value_and_grad(params, batch)
    run.step(loss=loss)
    updates, state = optimizer.update(grads, state)
    params = optax.apply_updates(params, updates)
"""

from __future__ import annotations

import importlib
from typing import Any, Callable

from ._run import Run

jax: Any = importlib.import_module("jax")


def key(run: Run) -> Any:
    """A random key, scalar, made from ``run.seed``."""
    return jax.random.key(run.seed)


def schedule(run: Run) -> Callable[[Any], Any]:
    """The planned learning rates, as optax wants a schedule: from the count of updates, an integer scalar from 0.

    Gives a float32 scalar. A count beyond the last step gets the last step's rate.
    """
    rates = jax.numpy.asarray([run.schedule(step) for step in range(run.steps)])

    def rate(count: Any) -> Any:
        return rates[jax.numpy.clip(count, 0, len(rates) - 1)]

    return rate

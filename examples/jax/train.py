"""LR range test of a small network in JAX and optax, on handwritten digits (8x8 pixels, in scikit-learn)."""

import jax
import numpy as np
import optax
from jax import numpy as jnp
from sklearn.datasets import load_digits

import seedband  # added

run = seedband.range_test(steps=100, min_lr=1e-5)  # added
rng = np.random.default_rng(run.seed)  # added

images, classes = load_digits(return_X_y=True)
images = (images / 16).astype(np.float32)


class Batches:
    """Batches of 64 images in a new order each time round."""

    def __len__(self):
        return len(images) // 64

    def __iter__(self):
        order = rng.permutation(len(images))[: 64 * len(self)]
        return ((images[chosen], classes[chosen]) for chosen in order.reshape(-1, 64))


def loss_function(parameters, x, y):
    hidden = jax.nn.relu(x @ parameters["w1"] + parameters["b1"])
    logits = hidden @ parameters["w2"] + parameters["b2"]
    return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()


@jax.jit
def update(parameters, state, x, y):
    loss, gradients = jax.value_and_grad(loss_function)(parameters, x, y)
    changes, state = optimizer.update(gradients, state)
    return optax.apply_updates(parameters, changes), state, loss


he_uniform = jax.nn.initializers.he_uniform()
first, second = jax.random.split(run.jax_key())  # changed: `jax.random.key(0)` before
parameters = {"w1": he_uniform(first, (64, 32)), "b1": jnp.zeros(32)}
parameters |= {"w2": he_uniform(second, (32, 10)), "b2": jnp.zeros(10)}
optimizer = optax.sgd(run.optax_schedule(), momentum=0.9)  # changed: `optax.sgd(0.1, …)` before
state = optimizer.init(parameters)

for x, y in run.batches(Batches()):  # added
    parameters, state, loss = update(parameters, state, x, y)
    run.step(loss=loss)  # added

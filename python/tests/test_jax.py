"""Plain JAX loops and optax schedules."""

import pytest
from recorder import range_test

jax = pytest.importorskip("jax")
optax = pytest.importorskip("optax")
jnp = jax.numpy


def loss_of(w, x):
    return jnp.mean((x @ w - x[:, 0]) ** 2)


def losses(run, optimizer, lr_of):
    """A training loop; ``lr_of`` puts the learning rate into the optimizer's state, where it does not do so itself."""
    key = run.jax_key()
    x = jax.random.normal(key, (8, 3))
    w = jnp.zeros(3)
    state = optimizer.init(w)
    for batch in run.batches([x]):
        loss, gradient = jax.value_and_grad(loss_of)(w, batch)
        run.step(loss=loss)
        state = lr_of(state)
        updates, state = optimizer.update(gradient, state)
        w = optax.apply_updates(w, updates)


def test_a_schedule_and_a_rate_that_is_set_are_the_same():
    scheduled, heard = range_test(steps=30)
    losses(scheduled, optax.sgd(scheduled.optax_schedule()), lambda state: state)
    by_hand, other = range_test(steps=30)

    def set_lr(state):
        state.hyperparams["learning_rate"] = jnp.asarray(by_hand.lr)
        return state

    losses(by_hand, optax.inject_hyperparams(optax.sgd)(learning_rate=1.0), set_lr)
    assert heard.end == other.end == "completed"
    assert heard.losses == pytest.approx(other.losses, rel=1e-6)
    assert heard.losses[-1] < heard.losses[0] / 2


def test_a_schedule_under_jit_has_the_planned_rates():
    run, _ = range_test(steps=5)
    rate = jax.jit(run.optax_schedule())
    expected = [run.schedule(step) for step in range(5)]
    assert [float(rate(step)) for step in range(5)] == pytest.approx(expected, rel=1e-6)
    assert float(rate(7)) == pytest.approx(expected[-1], rel=1e-6)


def test_keys_are_those_of_the_seed():
    one, other = (range_test(seed=seed)[0].jax_key() for seed in (1, 2))
    assert (jax.random.key_data(one) == jax.random.key_data(jax.random.key(1))).all()
    assert (jax.random.key_data(one) != jax.random.key_data(other)).any()

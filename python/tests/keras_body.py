"""Trains small networks with Keras on the backend that `KERAS_BACKEND` names, and prints what the callback heard.

Started by `test_keras.py`.
"""

import json
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

import keras
import numpy as np
from fake_runner import RAW_STOP, train_request
from recorder import asked, range_test

import seedband
from seedband.keras import RangeTest

x = np.random.default_rng(1).standard_normal((62, 6)).astype("float32")
y = (x[:, 0] * x[:, 1] > 0).astype("int32")


def network(penalty=0.0, **options):
    keras.utils.set_random_seed(3)
    dense = keras.layers.Dense
    regularizer = keras.regularizers.L2(penalty) if penalty else None
    layers = [keras.Input((6,)), dense(16, activation="relu", kernel_regularizer=regularizer), dense(2)]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), loss, **options)
    return model


def fit(run, model=None, epochs=None, **options):
    epochs = epochs or run.steps
    (model or network()).fit(
        x, y, batch_size=8, epochs=epochs, shuffle=False, verbose=0, callbacks=[RangeTest(run)], **options
    )


def heard_of(heard):
    keys = ("planned", "epoch", "parameters", "end", "losses", "lrs", "validated")
    found = {key: getattr(heard, key) for key in keys}
    found["planned-lrs"] = [step.planned_lr for step in heard.steps]
    return found


def losses_of_a_plain_loop(model, lrs):
    """The same by `train_on_batch`, whose mean loss begins anew each time."""
    losses = []
    for step, lr in enumerate(lrs):
        batch = slice(step % 8 * 8, step % 8 * 8 + 8)
        model.optimizer.learning_rate = lr
        model.reset_metrics()
        losses.append(float(model.train_on_batch(x[batch], y[batch])))
    return losses


def error_of(action):
    try:
        action()
    except (seedband.SeedbandError, ValueError) as error:
        return str(error)
    return None


results = {}
run, heard = range_test(steps=20)
fit(run)
results["range-test"] = heard_of(heard)
results["losses-of-a-plain-loop"] = losses_of_a_plain_loop(network(), [run.schedule(step) for step in range(20)])

run, heard = range_test(steps=20)
fit(run, network(penalty=0.01))
results["penalty"] = heard_of(heard)
results["penalty-losses-of-a-plain-loop"] = losses_of_a_plain_loop(
    network(penalty=0.01), [run.schedule(step) for step in range(20)]
)

run, heard = asked(train_request(steps=200, start=1e-2, end=1e6, early_stops=[RAW_STOP]))
fit(run)
results["halted"] = heard_of(heard)
run, heard = range_test(steps=200, min_lr=1e-2, max_lr=1e30)
fit(run)
results["non-finite"] = {**heard_of(heard), "losses": None}

for name, training in (("training", {"epochs": 2}), ("training-steps", {"steps": 12})):
    run, heard = asked(train_request(training={**training, "lr": 0.05}))
    fit(run, network(metrics=["accuracy"]), epochs=20, validation_data=(x, y))
    results[name] = heard_of(heard)

one_cycle = {"kind": "one-cycle", "momentum": [0.85, 0.95]}
results["errors"] = [
    error_of(lambda: fit(range_test(steps=20)[0], epochs=1)),
    error_of(lambda: fit(asked(train_request(validate_every=2))[0])),
    error_of(lambda: fit(asked(train_request(training={"epochs": 1, "policy": one_cycle}))[0], epochs=1)),
    error_of(lambda: fit(asked(train_request(training={"epochs": 1}))[0], epochs=1)),
    error_of(lambda: fit(range_test()[0], network(steps_per_execution=2))),
]
print(json.dumps(results))

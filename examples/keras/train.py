"""LR range test of a Keras 3 model on handwritten digits (8x8 pixels, in scikit-learn)."""

import keras
from sklearn.datasets import load_digits

import seedband  # added
from seedband.keras import RangeTest  # added

run = seedband.range_test(steps=100, min_lr=1e-5)  # added
keras.utils.set_random_seed(run.seed)  # changed: `set_random_seed(0)` before

images, classes = load_digits(return_X_y=True)
model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10)])
model.compile(
    optimizer=keras.optimizers.SGD(momentum=0.9),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
model.fit(
    images / 16,
    classes,
    batch_size=64,
    epochs=run.steps,  # changed: enough of them; the callback ends training
    callbacks=[RangeTest(run)],  # added
    verbose=0,
)

"""The network of study.toml in Keras 3: `python train_keras.py FOLDER --momentum 0`."""

import argparse
from pathlib import Path

import digits
import keras

import seedband
from seedband.keras import RangeTest

run = seedband.range_test(steps=100, min_lr=1e-5)
arguments = argparse.ArgumentParser()
arguments.add_argument("folder", type=Path)
arguments.add_argument("--momentum", type=float, default=0.0)
arguments = arguments.parse_args()

pixels, classes = digits.read(arguments.folder)

keras.utils.set_random_seed(run.seed)
model = keras.Sequential(
    [
        keras.Input((192,)),
        keras.layers.Dense(128, activation="relu", kernel_initializer="he_uniform"),
        keras.layers.Dense(10, kernel_initializer="he_uniform"),
    ]
)
model.compile(
    optimizer=keras.optimizers.SGD(momentum=arguments.momentum),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
model.fit(pixels, classes, batch_size=64, epochs=run.steps, callbacks=[RangeTest(run)], verbose=0)

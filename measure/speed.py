"""Measure how long a convolutional network needs to read 99 % of the validation digits.

    python -m measure.speed

Trains two networks one after the other, on the same 55,000 digits, until accuracy on the 5,000
validation digits first passes 99 % at the end of an epoch: keras.io's mnist_convnet with its
published settings (https://keras.io/examples/vision/mnist_convnet/), and chapter 06's network with
its recipe as they were when this was written; a page that changes does not change what is measured
here. Prints accuracy and seconds after each epoch, and the ratio. Exits with 1 when a network never
gets there, or when the ratio is above a third.

The seconds are those of training, the first step's preparations included and validation not. The
course's recipe is used whole: its learning rate falls to zero over all its epochs.
"""

import argparse
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from helpers import data, environment

environment.import_quietly("keras")
import keras  # noqa: E402
from keras import layers  # noqa: E402

GOAL = 0.99  # share of the validation digits, to be passed
MOST = 1 / 3  # of keras.io's seconds


def published(count):
    """keras.io's network: (compiled model, batch, epochs)."""
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(), keras.losses.SparseCategoricalCrossentropy())
    return model, 128, 15


def course(count, batch=256, epochs=5, peak=0.003):
    """The course's network for `count` training digits: (compiled model, batch, epochs)."""
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(48, 5, strides=2, activation="relu"),
        layers.Conv2D(96, 3, strides=2, activation="relu"),
        layers.Conv2D(128, 3, activation="relu"),
        layers.Flatten(),
        layers.Dropout(0.4),
        layers.Dense(128, activation="relu"),
        layers.Dense(10),
    ])
    steps = epochs * -(-count // batch)
    warm_up = steps // 5
    rate = keras.optimizers.schedules.CosineDecay(
        peak / 25, decay_steps=steps - warm_up, warmup_target=peak, warmup_steps=warm_up
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss)
    return model, batch, epochs


class Race(keras.callbacks.Callback):
    """Read the validation digits after each epoch, and stop when more than `goal` are right.

    Attributes:
        passed: seconds of training at the end of the epoch that passed, or None.
    """

    def __init__(self, inputs, labels, goal=GOAL, clock=time.perf_counter):
        super().__init__()
        self.inputs, self.labels, self.goal, self.clock = inputs, labels, goal, clock
        self.passed = None

    def on_train_begin(self, logs=None):
        """Start the clock."""
        self.seconds, self.since = 0.0, self.clock()

    def on_epoch_end(self, epoch, logs=None):
        """Stop the clock, read the validation digits, print, and go on or stop."""
        self.seconds += self.clock() - self.since
        scores = self.model.predict(self.inputs, batch_size=1000, verbose=0)
        accuracy = float((scores.argmax(1) == self.labels).mean())
        print(f"  epoch {epoch + 1:2}: {accuracy:7.2%} after {self.seconds:6.1f} s", flush=True)
        if accuracy > self.goal:
            self.passed, self.model.stop_training = self.seconds, True
        self.since = self.clock()


def main(arguments=None):
    """Train both, print, return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m measure.speed", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--seed", type=int, default=1, help="of both networks")
    seed = parser.parse_args(arguments).seed
    digits = data.load_digits()
    print(f"Digits: {digits.source}. {environment.machine()}", flush=True)
    (x_train, y_train), (x_validation, y_validation) = (
        (part.images[..., None].astype("float32") / 255, part.labels)
        for part in (digits.train, digits.validation)
    )
    took = {}
    for name, network in (("keras.io", published), ("chapter 06", course)):
        keras.utils.set_random_seed(seed)
        print(f"\n{name}")
        model, batch, epochs = network(len(x_train))
        race = Race(x_validation, y_validation)
        model.fit(x_train, y_train, batch, epochs, verbose=0, callbacks=[race])
        took[name] = race.passed
    return verdict(took)


def verdict(took):
    """Print the seconds of both, None for never, and their ratio; return the exit code."""
    print()
    for name, seconds in took.items():
        words = "never" if seconds is None else f"after {seconds:.1f} s of training"
        print(f"{name} passes {GOAL:.1%} of the validation digits: {words}")
    if None in took.values():
        return 1
    ratio = took["chapter 06"] / took["keras.io"]
    kept = ratio <= MOST
    print(f"{'kept' if kept else 'MISSED'}: ratio {ratio:.2f}, {MOST:.2f} or less was promised")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())

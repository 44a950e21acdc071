"""Measure how long chapter 05's network needs to read 99 % of the validation digits.

    python -m tools.measure_speed

Trains, one after the other in the same run, keras.io's mnist_convnet with its published settings
and chapter 05's network with the chapter's recipe, each on the same 55,000 digits, until its
accuracy on the 5,000 validation digits first passes 99.0 % at the end of an epoch. Prints accuracy
and seconds after each epoch, then the seconds of both and their ratio; exits with 1 when the ratio
is more than a third, or when a network never gets there in the epochs that its recipe has.

The seconds are those of training, the first step's preparations included. Validation is timed for
neither. The recipe of chapter 05 is used whole: its learning rate falls to zero over all its
epochs, also where an earlier epoch already passes. keras.io's example holds a tenth of the 60,000
digits out; here the split is the course's, for both.

Neither network is written down here: the code of both is taken from the pages.
"""

import argparse
import ast
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from helpers import data, environment
from tools import pages

environment.import_quietly("keras")
import keras  # noqa: E402
from keras import layers  # noqa: E402

GOAL = 0.99  # share of the validation digits, to be passed
MOST = 1 / 3  # of keras.io's seconds
CHAPTER = pages.ROOT / "notebooks" / "05_convolutions.ipynb"
REFERENCE = pages.ROOT / "notebooks" / "reference" / "networks.ipynb"
PUBLISHED = "keras.io: mnist_convnet"
RECIPE = ("EPOCHS", "BATCH", "PEAK", "convolutional", "compiled")  # what chapter 05 calls them


def main(arguments=None):
    """Train both, print, return the exit code."""
    options = _options(arguments)
    digits = data.load_digits()
    print(f"Digits: {digits.source}. {environment.machine()}", flush=True)
    training, validation = (_inputs(part) for part in (digits.train, digits.validation))
    took = {}
    for name, recipe in (("keras.io", published()), ("chapter 05", chapter(training[0]))):
        keras.utils.set_random_seed(options.seed)
        print(f"\n{name}")
        took[name] = seconds_to(GOAL, *recipe(), training, validation)
    return verdict(took)


def _options(arguments):
    summary = __doc__.split("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m tools.measure_speed", description=summary)
    parser.add_argument("--seed", type=int, default=1, help="of both networks")
    return parser.parse_args(arguments)


def _inputs(part):
    """Pixels from 0 to 1 with a channel, and the labels."""
    return part.images[..., None].astype("float32") / 255, part.labels


# --- The two networks, from their pages -----------------------------------------------------------


def chapter(x_train, path=CHAPTER):
    """Return a function that builds chapter 05's network: (compiled model, batch, epochs).

    Args:
        x_train: the training inputs; the chapter's schedule counts its steps with them.
        path: the chapter's file.

    Raises:
        ValueError: the chapter no longer defines a name of RECIPE, or defines it twice.
    """
    trees = [ast.parse(cell.source) for cell in pages.read(path).cells if cell.cell_type == "code"]
    found = [(name, node) for tree in trees for node in tree.body for name in _defined(node)]
    for name in RECIPE:
        count = [known for known, _ in found].count(name)
        if count != 1:
            raise ValueError(f"{path.name} must define {name} once, at the top of a cell: {count}.")
    body = list(dict.fromkeys(node for name, node in found if name in RECIPE))
    scope = {"keras": keras, "layers": layers, "np": np, "x_train": x_train}
    exec(compile(ast.Module(body, []), path.name, "exec"), scope)
    return lambda: (scope["compiled"](scope["convolutional"]()), scope["BATCH"], scope["EPOCHS"])


def _defined(node):
    """The names that a statement at the top of a cell defines."""
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [name.id for name in ast.walk(node) if isinstance(name, ast.Name) and _stored(name)]
    return []


def _stored(name):
    return isinstance(name.ctx, ast.Store)


def published(path=REFERENCE, name=PUBLISHED):
    """Return a function that builds a reference network: (compiled model, batch, epochs).

    Args:
        path: the notebook of reference networks.
        name: which of them; its cell is run, and its settings are the authors'.

    Raises:
        ValueError: not one cell keeps a network of that name.
    """
    sources = [cell.source for cell in pages.read(path).cells if cell.cell_type == "code"]
    cells = [source for source in sources if f'keep(\n    "{name}"' in source]
    if len(cells) != 1:
        raise ValueError(f"{path.name} must keep {name!r} in one cell: {len(cells)} do.")

    def build():
        kept = {}

        def keep(name, model, parameters, **settings):
            kept.update(settings, model=model)

        exec(cells[0], {"keras": keras, "layers": layers, "keep": keep})
        loss = keras.losses.SparseCategoricalCrossentropy()  # it ends in a softmax
        kept["model"].compile(kept["optimizer"], loss)
        return kept["model"], kept["batch_size"], kept["epochs"]

    return build


# --- The race -------------------------------------------------------------------------------------


def seconds_to(goal, model, batch, epochs, training, validation):
    """Train until the validation accuracy first passes `goal` at the end of an epoch.

    Args:
        goal: fraction to be passed.
        model: a compiled Keras model.
        batch, epochs: ints; after so many epochs it has failed.
        training, validation: (inputs, labels) pairs.

    Returns:
        float: seconds of training up to then, validation left out; None when it never passed.
    """
    race = Race(goal, *validation)
    model.fit(*training, batch_size=batch, epochs=epochs, verbose=0, callbacks=[race])
    return race.passed


class Race(keras.callbacks.Callback):
    """Read the validation digits after each epoch, and stop when enough are right.

    Args:
        goal: fraction to be passed.
        inputs, labels: the validation digits.
        clock: function that gives seconds.

    Attributes:
        passed: seconds of training at the end of the epoch that passed, or None.
    """

    def __init__(self, goal, inputs, labels, clock=time.perf_counter):
        super().__init__()
        self.goal, self.inputs, self.labels, self.clock = goal, inputs, labels, clock
        self.passed = None

    def on_train_begin(self, logs=None):
        """Start the clock."""
        self.seconds, self.since = 0.0, self.clock()

    def on_epoch_end(self, epoch, logs=None):
        """Stop the clock, read the validation digits, print, and go on or stop."""
        self.seconds += self.clock() - self.since
        scores = self.model.predict(self.inputs, batch_size=1000, verbose=0)
        accuracy = float(np.mean(scores.argmax(1) == self.labels))
        print(f"  epoch {epoch + 1:2}: {accuracy:7.2%} after {self.seconds:6.1f} s", flush=True)
        if accuracy > self.goal:
            self.passed, self.model.stop_training = self.seconds, True
        self.since = self.clock()


def verdict(took):
    """Print the seconds of both and their ratio; return the exit code.

    Args:
        took: {"keras.io": seconds or None, "chapter 05": seconds or None}.
    """
    print()
    for name, seconds in took.items():
        words = "never" if seconds is None else f"after {seconds:.1f} s of training"
        print(f"{name} passes {GOAL:.1%} of the validation digits: {words}")
    if None in took.values():
        return 1
    ratio = took["chapter 05"] / took["keras.io"]
    kept = ratio <= MOST
    print(f"{'kept' if kept else 'MISSED'}: ratio {ratio:.2f}, {MOST:.2f} or less was promised")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())

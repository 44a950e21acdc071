"""Measure how well drawn digits stand in for MNIST's.

    python -m measure.drawn

Draws 70,000 digits and times it; trains one layer, a 200-60 network and a convolutional network on
60,000 of them, and again on MNIST's 60,000 training digits where MNIST is at hand (MNIST_DIR, or as
`load_digits` finds it); scores each once, after its last epoch, on the 10,000 drawn digits held out
and on MNIST's 10,000 test digits. Digits are trained on as they are: none is shifted or turned.

Prints a table, writes drawn.json and drawn.png (300 drawn digits beside 300 of MNIST's training
digits) into build/, and exits with 1 when a promise about drawn digits is not kept.
"""

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from matplotlib.figure import Figure

from helpers import checks, data, environment, saving
from helpers.evaluation import wilson_interval
from helpers.handwriting import drawn

environment.import_quietly("keras")
import keras  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
TRAINING, HELD_OUT = 60_000, 10_000
EPOCHS, BATCH = 6, 128
MOST_SECONDS = 20  # to draw 70,000 digits
LEAST_ON_MNIST = 0.95  # the convolutional network trained on drawn digits alone
MOST_APART = 0.03  # one layer's score on drawn digits and its score on MNIST
SHOWN = 300
NAMES = {"drawn": "drawn", "mnist": "MNIST"}


def main(arguments=None):
    """Measure, print, write; return the exit code."""
    options = _options(arguments)
    images, labels, seconds = _draw(options.seed)
    print(f"{len(labels):,} digits drawn in {seconds:.1f} s. {environment.machine()}", flush=True)
    training = {"drawn": (images[:TRAINING], labels[:TRAINING])}
    tests = {"drawn": (images[TRAINING:], labels[TRAINING:])}
    digits = data.load_digits()
    if digits.source == "mnist":
        parts = zip(digits.train, digits.validation, strict=True)
        training["mnist"] = tuple(np.concatenate(part) for part in parts)
    else:
        print("MNIST is missing: what follows is about drawn digits alone.")

    trained = {source: _train_all(source, *pair, options.seed) for source, pair in training.items()}
    if "mnist" in training:
        tests["mnist"] = digits.test
    scores = {
        source: {name: _score_all(model, tests) for name, model in models.items()}
        for source, models in trained.items()
    }
    promises = _promises(scores, seconds)
    _print(scores, promises)
    options.out.mkdir(parents=True, exist_ok=True)
    _write(options.out / "drawn.json", options.seed, seconds, scores, promises)
    _picture(options.out / "drawn.png", training)
    return 1 if any(kept is False for kept in promises.values()) else 0


def _options(arguments):
    parser = argparse.ArgumentParser(
        description="Measure how well drawn digits stand in for MNIST's."
    )
    parser.add_argument("--seed", type=int, default=1, help="of the digits and the networks")
    parser.add_argument("--out", type=Path, default=ROOT / "build", help="the folder to write to")
    return parser.parse_args(arguments)


def _draw(seed):
    """Training and held-out digits, and the seconds that drawing them took."""
    start = time.perf_counter()
    images, labels = drawn.draw_digits(TRAINING + HELD_OUT, seed=seed, progress=True)
    return images, labels, time.perf_counter() - start


# --- The networks ---------------------------------------------------------------------------------


def one_layer():
    """Ten neurons, each of which sees every pixel: 7,850 parameters."""
    return keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10)])


def two_hidden_layers():
    """200, 60 and 10 neurons: 169,670 parameters."""
    hidden = [keras.layers.Dense(units, activation="relu") for units in (200, 60)]
    return keras.Sequential([keras.layers.Flatten(), *hidden, keras.layers.Dense(10)])


def convolutional():
    """Three convolutions, two of them strided, with batch normalisation, and a dense layer."""
    network = keras.Sequential()
    for filters, kernel, strides in ((16, 5, 2), (32, 3, 1), (48, 3, 2)):
        network.add(keras.layers.Conv2D(filters, kernel, strides, padding="same", use_bias=False))
        network.add(keras.layers.BatchNormalization(momentum=0.9))
        network.add(keras.layers.ReLU())
    for layer in (keras.layers.Flatten(), keras.layers.Dropout(0.3), keras.layers.Dense(10)):
        network.add(layer)
    return network


NETWORKS = {  # name: (builder, the first learning rate of Adam, which decays to 0 as a cosine)
    "one layer": (one_layer, 0.005),
    "200-60": (two_hidden_layers, 0.002),
    "convolutional": (convolutional, 0.003),
}


def _train_all(source, images, labels, seed):
    """The three networks, each trained for EPOCHS on these digits: {name: model}."""
    trained = {}
    for name, (build, rate) in NETWORKS.items():
        start = time.perf_counter()
        keras.utils.set_random_seed(seed)
        trained[name] = model = build()
        decay = keras.optimizers.schedules.CosineDecay(rate, EPOCHS * -(-len(labels) // BATCH))
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(decay), loss)
        model.fit(_inputs(images), labels, batch_size=BATCH, epochs=EPOCHS, verbose=0)
        took = time.perf_counter() - start
        print(f"{name}, trained on {NAMES[source]}: {took:.0f} s", flush=True)
    return trained


def _score_all(model, tests):
    """How many digits the model reads of each test set: {source: {correct, n, accuracy, …}}."""
    scores = {}
    for source, (images, labels) in tests.items():
        answers = model.predict(_inputs(images), batch_size=1000, verbose=0).argmax(1)
        correct, n = int((answers == labels).sum()), len(labels)
        low, high = wilson_interval(correct, n)
        scores[source] = {
            "correct": correct, "n": n, "accuracy": correct / n, "low": low, "high": high,
        }  # fmt: skip
    return scores


def _inputs(images):
    """Pixels from 0 to 1, with a channel."""
    return images[..., None].astype("float32") / 255


# --- What was promised ----------------------------------------------------------------------------


def _promises(scores, seconds):
    """Which promises are kept: {sentence: True, False, or None where MNIST is missing}."""
    on_drawn = [scores["drawn"][name]["drawn"]["accuracy"] for name in NETWORKS]
    promises = {
        f"70,000 digits in {MOST_SECONDS} s or less": seconds <= MOST_SECONDS,
        "on drawn digits, one layer < 200-60 < convolutional": (
            on_drawn[0] < on_drawn[1] < on_drawn[2]
        ),
        f"one layer on drawn digits within {100 * MOST_APART:.0f} points of it on MNIST": None,
        f"convolutional, trained on drawn digits, reads {LEAST_ON_MNIST:.0%} of MNIST": None,
    }
    if "mnist" in scores:
        near, reads = list(promises)[2:]
        apart = on_drawn[0] - scores["mnist"]["one layer"]["mnist"]["accuracy"]
        promises[near] = abs(apart) <= MOST_APART
        convolutions = scores["drawn"]["convolutional"]["mnist"]
        promises[reads] = convolutions["accuracy"] >= LEAST_ON_MNIST
    return promises


# --- What is left behind --------------------------------------------------------------------------


def _print(scores, promises):
    """The ladder as a table, in per cent with 95 % intervals, and the promises."""
    columns = [(trained, tested) for trained in scores for tested in scores]
    heads = [f"{NAMES[trained]} → {NAMES[tested]}" for trained, tested in columns]
    print("\nTrained on → scored on, in per cent (95 % interval)")
    print(f"{'':15}" + "".join(f"{head:>22}" for head in heads))
    for name in NETWORKS:
        cells = [scores[trained][name][tested] for trained, tested in columns]
        print(f"{name:15}" + "".join(f"{_percent(cell):>22}" for cell in cells))
    print()
    for promise, kept in promises.items():
        verdict = {True: "kept", False: "MISSED", None: "not checked, MNIST is missing"}[kept]
        print(f"{verdict}: {promise}")


def _percent(score):
    low, high = 100 * score["low"], 100 * score["high"]
    return f"{100 * score['accuracy']:.2f} ({low:.1f} to {high:.1f})"


def _write(path, seed, seconds, scores, promises):
    """Everything that was measured, as JSON. `scores`: trained on → network → scored on."""
    versions = {"python": platform.python_version(), "keras": keras.__version__}
    versions |= {"backend": keras.backend.backend(), "numpy": np.__version__}
    measured = {
        "digits": TRAINING + HELD_OUT,
        "seconds": seconds,
        "seed": seed,
        "epochs": EPOCHS,
        "scores": scores,
        "promises": promises,
        "machine": environment.machine(),
        "versions": versions,
    }
    saving.write(path, json.dumps(measured, indent=1) + "\n")
    print(f"\nWritten: {path}")


def _picture(path, training):
    """300 digits of each source side by side, two rows a digit, dark on light as on paper."""
    sheet = Figure(figsize=(6.2 * len(training), 8.6), dpi=150, layout="constrained")
    for axis, (source, (images, labels)) in zip(
        sheet.subplots(1, len(training), squeeze=False)[0], training.items(), strict=True
    ):
        columns = SHOWN // 20
        chosen = np.concatenate([np.flatnonzero(labels == d)[: 2 * columns] for d in range(10)])
        grid = images[chosen].reshape(20, columns, checks.SIDE, checks.SIDE)
        axis.imshow(grid.swapaxes(1, 2).reshape(20 * checks.SIDE, -1), cmap="gray_r")
        axis.set_title({"drawn": "Drawn by the course", "mnist": "MNIST, training digits"}[source])
        axis.axis("off")
    sheet.savefig(path)
    print(f"Written: {path}")


if __name__ == "__main__":
    sys.exit(main())

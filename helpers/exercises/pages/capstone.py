"""The steps of the capstone, page 08d: arrays, networks and a file are looked at, never code."""

import hashlib
import math
import os
from itertools import combinations
from pathlib import Path

import numpy as np

from helpers import evaluation
from helpers.evaluation import percent
from helpers.exercises import answers, leaks
from helpers.exercises.messages import code, got, safe_text
from helpers.exercises.turns import turn

GOAL = 0.98  # of the validation digits
LEARNED = 0.9
SECONDS = 90  # that a check may take: it reads thousands of digits with networks of any size
PATIENT = 40  # seconds for the one network that is tested: its score is reported
FEW = 1000  # validation digits by which choosing would be luck
opened = []  # (fingerprint, test score) of the first network whose test score was checked

# What tests put in place of the reader's digits and networks: rows that tell the label, read by
# hand-made weights. One or two labels in a hundred are wrong. Test digits have a mark in row 27 and
# validation digits in row 26; a network that looks at a mark stands for one that met those digits.
GIVEN = """
import keras
import numpy as np
from keras import layers

SEED = 1


def made(n, seed, mark=None):
    random = np.random.default_rng(seed)
    y = np.arange(n) % 10
    x = random.random((n, 28, 28), dtype="float32") * 0.5
    x[:, 26:] = 0
    x[np.arange(n), 2 * y + 3] += 0.5
    y = np.where(random.random(n) < {26: 0.01, 27: 0.017}.get(mark, 0.02), (y + 1) % 10, y)
    if mark:
        x[np.arange(n), mark, y] = 1
    return x, y


def network(mark=None, wrong=0):
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10)])
    weights = np.zeros((28, 28, 10), "float32")
    for digit in range(10):
        weights[2 * digit + 3, :, digit] = 1
        if mark:
            weights[mark, digit, digit] = 40
    for digit in range(wrong):
        weights[:, :, digit] = 0
    model.layers[-1].set_weights([weights.reshape(784, 10), np.zeros(10, "float32")])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.0), loss, metrics=["accuracy"])
    return model


def share(model, x, y):
    return float((model.predict(x, verbose=0).argmax(axis=1) == y).mean())


x_all, y_all = made(12000, 1)
x_train, y_train = x_all, y_all
x_validation, y_validation = made(3000, 3, 26)
x_test, y_test = made(4000, 6, 27)
model = network()
loss = model.loss
candidates = {"all": model, "nine": network(wrong=1)}
chosen = "all"
"""
LOADED = """
from helpers import data
digits = data.load_digits()
x_all = np.concatenate([digits.train.images, digits.validation.images])
y_all = np.concatenate([digits.train.labels, digits.validation.labels])
x_test, y_test = digits.test
"""
SPLIT = """
x_train, y_train = x_all[2000:], y_all[2000:]
x_validation, y_validation = x_all[:2000], y_all[:2000]
"""
CHOSEN = """
validation_scores = {n: share(m, x_validation, y_validation) for n, m in candidates.items()}
"""


@turn(
    seconds=SECONDS,
    given="import keras\nimport numpy as np\nfrom helpers import data",
    stub="""\
...
x_all, y_all = ..., ...
x_test, y_test = ..., ...
""",
    solution_code="""\
digits = data.load_digits()
images = np.concatenate([digits.train.images, digits.validation.images])
labels = np.concatenate([digits.train.labels, digits.validation.labels])
test_images, test_labels = digits.test
x_all, y_all = images[..., None] / np.float32(255), labels
x_test, y_test = test_images[..., None] / np.float32(255), test_labels
""",
    hints=[
        "Chapter 01 begins a project with `keras.datasets.mnist.load_data()`. It gives two pairs "
        "of images and labels: 60,000 to learn from, and 10,000 to test with.",
        "Offline, `data.load_digits()` finds the digits, or draws some. `np.concatenate` joins its "
        "`.train.images` and `.validation.images`; `images, labels = digits.test` takes the test "
        "digits out once.",
        "Prepare both alike: divide by 255. A convolution also needs the axis of channels: "
        "`images[..., None]`. A network that begins with `layers.Flatten()` does not mind it.",
    ],
    then="60,000 digits to learn from and 10,000 to test with, none found on both sides. From here "
    "on, leave the test digits alone until *Test once*: do not even look at them.",
    right=[
        "import helpers.data\n"
        "digits = helpers.data.load_digits()\n"
        "x_all = [*digits.train.images, *digits.validation.images]\n"
        "y_all = np.eye(10)[[*digits.train.labels, *digits.validation.labels]]\n"
        "x_test, y_test = digits.test",
        "digits = data.load_digits()\n"
        "x_all = np.concatenate([digits.train[0], digits.validation[0]]).reshape(-1, 784)\n"
        "x_all = (x_all.astype('float16') / 255 - 0.13) / 0.31\n"
        "y_all = np.concatenate([digits.train[1], digits.validation[1]])\n"
        "x_test, y_test = digits.test\n"
        "x_test = (x_test.reshape(-1, 784).astype('float16') / 255 - 0.13) / 0.31",
        LOADED + "mean, spread = x_all.mean(axis=0), x_all.std()\n"
        "x_all, x_test = (x_all - mean) / spread, (x_test - mean) / spread",
        LOADED + "x_all = x_all - x_all.mean(axis=(1, 2), keepdims=True)\n"  # each by itself
        "x_test = x_test - x_test.mean(axis=(1, 2), keepdims=True)",
    ],
    wrong={
        LOADED + "x_test = x_test / 255": "Prepare all alike",
        LOADED + "x_test = x_test[..., None]": "Prepare all alike",
        LOADED + "x_all, y_all, x_test, y_test = x_test, y_test, x_all, y_all": "exchanged",
        LOADED + "x_all = np.concatenate([x_all, x_test])\n"
        "y_all = np.concatenate([y_all, y_test])": "A leak: 10,000 of 10,000 test digits",
        LOADED + "x_all = np.concatenate([x_all[100:], np.roll(x_test[:100], 2, axis=2)])\n"
        "y_all = np.concatenate([y_all[100:], y_test[:100]])": "test digits are in `x_all` too",
        LOADED + "x_all, y_all = x_all[:55000], y_all[:55000]": "`digits.train` alone",
        LOADED + "x_all, y_all = x_all[::2], y_all[::2]": "got 30,000",
        LOADED + "x_all = np.random.default_rng(0).permutation(x_all)": "do not seem to belong",
        LOADED + "y_test = y_test[::-1]": "do not seem to belong",
        LOADED + "y_all, y_test = y_all[:, None], y_test[:, None]": "is a column",
        LOADED + "x_all, x_test = x_all - x_all.mean(), x_test - x_test.mean()": "not even a mean",
        LOADED + "x_all, x_test = x_all - x_test.mean(), x_test - x_test.mean()": "not even a mean",
        LOADED + "mean = (x_all.sum() + x_test.sum()) / (x_all.size + x_test.size)\n"
        "x_all, x_test = x_all - mean, x_test - mean": "not even a mean",
        LOADED + "y_all = x_all[:, 0]": "labels, one for each picture",
        LOADED + "y_all = y_all + 1": "the digits 0 to 9",
        LOADED + "x_all = x_all / 255\nx_all[7] = np.nan\nx_test = x_test / 255": "NaN",
        "x_all, y_all, x_test, y_test = 'images', 'labels', 1, 2": "array of numbers",
    },
)
def load(x_all, y_all, x_test, y_test):
    """Every digit loaded, and prepared alike."""
    x_all, x_test = leaks.pictures(x_all, "x_all"), leaks.pictures(x_test, "x_test")
    counts = len(x_all), len(x_test)
    if counts == (10_000, 60_000):
        return "The two are exchanged: the 60,000 are to learn from, the 10,000 are the test."
    leaks.alike(x_all=x_all, x_test=x_test)
    y_all = leaks.labels(y_all, "y_all", len(x_all))
    y_test = leaks.labels(y_test, "y_test", len(x_test))
    leaks.apart(x_all, x_test, name="x_all")
    if counts != (60_000, 10_000):
        part = " Is that `digits.train` alone? The validation digits belong to it too, for you "
        part = part + "split it yourself in *Split*." if counts[0] == 55_000 else ""
        return (
            "There should be 60,000 digits in `x_all` and 10,000 in `x_test`; got "
            f"{counts[0]:,} and {counts[1]:,}.{part}"
        )
    leaks.strangers(x_all, x_test=x_test)
    leaks.belong(x_all, y_all, "x_all", "y_all")
    leaks.belong(x_test, y_test, "x_test", "y_test")
    return None


@turn(
    seconds=SECONDS,
    given=GIVEN,
    stub="""\
...
x_train, y_train = ..., ...
x_validation, y_validation = ..., ...
""",
    solution_code="""\
order = np.random.default_rng(SEED).permutation(len(x_all))
kept, rest = order[:5000], order[5000:]
x_train, y_train = x_all[rest], y_all[rest]
x_validation, y_validation = x_all[kept], y_all[kept]
""",
    hints=[
        "Which digits validate should be chance: shuffle first. Images and labels must be shuffled "
        "in the same way.",
        "`order = np.random.default_rng(SEED).permutation(len(x_all))` holds each position once, "
        "in random order.",
        "The first 5,000 of them validate: `x_all[order[:5000]]`, and the labels with the same "
        "positions. The rest train.",
    ],
    then="No digit was found on two sides, and none twice. Choose by the validation digits as "
    "often as you like.",
    right=[
        "x_train, x_validation = x_all[3000:], x_all[:3000]\n"
        "y_train, y_validation = y_all[3000:], y_all[:3000]",
        "chosen = np.random.default_rng(5).random(len(x_all)) < 0.3\n"
        "x_train, y_train = x_all[~chosen], np.eye(10)[y_all[~chosen]]\n"
        "x_validation, y_validation = list(x_all[chosen]), np.eye(10)[y_all[chosen]]",
        "x_train, y_train = x_all[3000:], y_all[3000:]\n"  # copies that are moved, afterwards
        "x_train = np.concatenate([x_train, np.roll(x_train, 1, axis=2)])\n"
        "y_train = np.concatenate([y_train, y_train])\n"
        "x_validation, y_validation = x_all[:3000], y_all[:3000]",
    ],
    wrong={
        SPLIT + "x_train, y_train = x_all, y_all": "A leak: 2,000 of 2,000 validation digits",
        SPLIT + "x_train, y_train = x_all[1500:], y_all[1500:]": "A leak: 500 of 2,000 validation",
        SPLIT + "x_train = np.concatenate([x_train, np.roll(x_validation, 1, axis=1)])\n"
        "y_train = np.concatenate([y_train, y_validation])": "moved by some pixels",
        SPLIT + "x_validation, y_validation = x_test, y_test": "validation digits are in `x_test`",
        SPLIT + "x_train, y_train = x_test, y_test": "A leak: 4,000 of 4,000 test digits",
        SPLIT + "x_train = np.concatenate([x_train, x_train[:10]])\n"
        "y_train = np.concatenate([y_train, y_train[:10]])": "10 digits of `x_train`",
        SPLIT + "some = np.random.default_rng(0).integers(2000, size=2000)\n"
        "x_validation, y_validation = x_all[some], y_all[some]": "of `x_validation` are there",
        SPLIT + "x_train = np.random.default_rng(0).permutation(x_train)": "do not seem to belong",
        SPLIT + "x_validation, y_validation = x_all[:500], y_all[:500]": "only 500",
        SPLIT + "x_train, x_validation = x_validation, x_train\n"
        "y_train, y_validation = y_validation, y_train": "fewer digits than you validate with",
        SPLIT + "few = np.argsort(y_all)\n"
        "x_train, y_train = x_all[few[2000:]], y_all[few[2000:]]\n"
        "x_validation, y_validation = x_all[few[:2000]], y_all[few[:2000]]": "there is no 2",
        SPLIT + "x_train = x_train * 255": "Prepare all alike",
        SPLIT + "x_train = x_train - x_train.mean()\n"
        "x_validation = x_validation - x_validation.mean()": "`x_validation` took part",
    },
)
def split(x_train, y_train, x_validation, y_validation, x_test):
    """Training and validation digits, none on two sides."""
    x_train = leaks.pictures(x_train, "x_train")
    x_validation = leaks.pictures(x_validation, "x_validation")
    x_test = leaks.pictures(x_test, "x_test")
    y_train = leaks.labels(y_train, "y_train", len(x_train))
    y_validation = leaks.labels(y_validation, "y_validation", len(x_validation))
    leaks.alike(x_train=x_train, x_validation=x_validation, x_test=x_test)
    leaks.apart(x_train, x_test, x_validation)
    if len(x_train) < len(x_validation):
        return "You train on fewer digits than you validate with. Are the two exchanged?"
    if len(x_validation) < FEW:
        return (
            f"There are only {len(x_validation):,} validation digits. A score on so few goes up "
            f"and down by chance; take {FEW:,} or more, 5,000 for example."
        )
    shares = np.bincount(y_validation, minlength=10) / len(y_validation)
    if shares.min() < 0.03:
        return (
            f"Among the validation digits there is no {shares.argmin()}, or hardly one: a tenth "
            "would be fair. Were the digits in the order of their labels? Shuffle first."
        )
    leaks.strangers(x_train, x_validation=x_validation, x_test=x_test)
    leaks.belong(x_train, y_train, "x_train", "y_train")
    leaks.belong(x_validation, y_validation, "x_validation", "y_validation")
    return None


@turn(
    seconds=SECONDS,
    given=GIVEN,
    stub="""\
keras.utils.set_random_seed(SEED)
model = ...
""",
    solution_code="""\
keras.utils.set_random_seed(SEED)
model = keras.Sequential([
    keras.Input(x_train.shape[1:]),
    keras.layers.Flatten(),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(10),
])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(keras.optimizers.Adam(0.003), loss, metrics=["accuracy"])
held_out = (x_validation, y_validation)
history = model.fit(
    x_train, y_train, batch_size=256, epochs=3, validation_data=held_out, verbose=0
)
""",
    hints=[
        "Begin small: a network that trains in seconds lets you find mistakes in seconds. Chapter "
        "03's, with one hidden layer, will do.",
        "`keras.Sequential([...])`, then `model.compile(...)`, then `model.fit(x_train, y_train, "
        "...)`. The network ends in `keras.layers.Dense(10)`, and the loss knows that these are "
        "logits: `from_logits=True`.",
        "Give `fit` the validation digits, `validation_data=(x_validation, y_validation)`, and "
        "never the test digits.",
    ],
    then="It has learned, and what it reads gives no sign that it has met validation or test "
    "digits before. This is your baseline: now try to beat it.",
    right=["model = network()", "model = keras.Sequential([network(), layers.Softmax()])"],
    wrong={
        "model = network(26)": "with the validation digits in it?",
        "model = network(27)": "were test digits among what it was trained on?",
        "model = network()\n"
        "model.fit(x_train, y_train, validation_data=(x_test, y_test), verbose=0)": "`fit` showed",
        "model = network().fit(x_train, y_train, verbose=0)": "what `fit` returns",
        "model = network(wrong=9)": "in ten tries",
        "model = network(wrong=3)": "Train a little longer",
        "model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(1)])": (
            "ten scores"
        ),
        "model = keras.Sequential([keras.Input((784,)), layers.Dense(10)])": "does not take",
        "model = network()\nmodel.layers[-1].bias.assign([np.nan] * 10)": "NaN or infinity",
        "model = layers.Dense(10)": "must be a Keras network",
        "x_train = np.concatenate([x_train, x_test])\n"
        "y_train = np.concatenate([y_train, y_test])\n"
        "model = network()": "A leak: 4,000 of 4,000 test digits",
    },
)
def train(model, x_train, x_validation, y_validation, x_test, y_test):
    """A network that has learned, from the training digits alone."""
    model = leaks.network(model, "model")
    x_train = leaks.pictures(x_train, "x_train")
    x_validation, y_validation, x_test, y_test = leaks.sets(
        x_validation, y_validation, x_test, y_test
    )
    leaks.alike(x_train=x_train, x_validation=x_validation)
    leaks.apart(x_train, x_test, x_validation)
    validation = leaks.right(model, x_validation, y_validation, "model", "x_validation")
    test = leaks.right(model, x_test, y_test, "model", "x_test")
    leaks.watched(model, "model", validation, y_test, test)
    leaks.memory("model", validation, test)
    if validation.mean() < 0.2:
        return (
            f"It reads {percent(validation.mean())} of the validation digits: chance reads one in "
            "ten tries. [Help](help.md#stuck-at-10-) has a list of what to look at."
        )
    if validation.mean() < LEARNED:
        return (
            f"It reads {percent(validation.mean())} of the validation digits. One layer reaches "
            f"{percent(LEARNED)} and more. Train a little longer, or with another rate."
        )
    answers.notes.append(f"It reads {percent(validation.mean())} of the validation digits.")
    return None


@turn(
    seconds=SECONDS,
    given=GIVEN,
    stub="""\
...
candidates = ...
validation_scores = ...
chosen = ...
""",
    solution_code="""\
keras.utils.set_random_seed(SEED)
pixels = keras.layers.Reshape((28, 28, 1))
second = keras.Sequential([
    keras.Input(x_train.shape[1:]),
    pixels,
    keras.layers.Conv2D(32, 5, strides=2, activation="relu"),
    keras.layers.Conv2D(64, 3, strides=2, activation="relu"),
    keras.layers.Flatten(),
    keras.layers.Dense(10),
])
second.compile(keras.optimizers.Adam(0.002), loss, metrics=["accuracy"])
second.fit(x_train, y_train, batch_size=128, epochs=6, verbose=0)
candidates = {"dense": model, "convolutional": second}
validation_scores = {
    name: float(np.mean(network.predict(x_validation, verbose=0).argmax(axis=1) == y_validation))
    for name, network in candidates.items()
}
chosen = max(validation_scores, key=validation_scores.get)
""",
    hints=[
        "Train a second network, or the first in another way: convolutions (chapter 06), a rate "
        "that falls (04), dropout (05).",
        "The score of a network is the share of digits whose largest logit is the right one: "
        "`(model.predict(x_validation, verbose=0).argmax(axis=1) == y_validation).mean()`.",
        'Two dictionaries with the same names: `candidates = {"dense": model, "convolutional": '
        'second}` and their scores, and the name of the best: `chosen = "convolutional"`.',
    ],
    then="The choice is made, by validation digits. Whatever the test digits say now, it stands.",
    right=[
        "candidates = {'all': network(), 'nine': network(wrong=1)}\n"
        "validation_scores = {n: share(m, x_validation, y_validation) for n, m in "
        "candidates.items()}\n"
        "chosen = 'all'",
        "candidates = {'a': network(), 'b': network(), 'c': network(wrong=2)}\n"
        "validation_scores = {n: np.float32(round(share(m, x_validation, y_validation), 4)) "
        "for n, m in candidates.items()}\n"
        "chosen = 'b'",
    ],
    wrong={
        CHOSEN + "validation_scores = {n: share(m, x_test, y_test) for n, m in "
        "candidates.items()}": "A leak: the score of `all` is its score on the test digits",
        CHOSEN + "validation_scores = {n: share(m, x_train, y_train) for n, m in "
        "candidates.items()}": "on the training digits",
        CHOSEN + "validation_scores['nine'] = 0.995\nchosen = 'nine'": "digits, not 99.50 %",
        CHOSEN + "validation_scores['nine'] = round(validation_scores['nine'], 2)": "rounded",
        CHOSEN + "validation_scores['all'] = 0.02": "gives the loss first",
        CHOSEN + "candidates = {'one': model, 'two': model}\n"
        "validation_scores = dict.fromkeys(candidates, validation_scores['all'])\n"
        "chosen = 'two'": "one and the same network",
        CHOSEN + "chosen = 'nine'": "reads more: `all`",
        CHOSEN + "del candidates['nine'], validation_scores['nine']": "two candidates or more",
        CHOSEN + "validation_scores = {'first': 0.98, 'second': 0.99}": "same names",
        CHOSEN + "validation_scores['all'] *= 100": "not percent",
        CHOSEN + "chosen = model": "name of a candidate",
        CHOSEN + "candidates = [model, network()]": "a dictionary from names to networks",
        CHOSEN + "candidates = {'a': network(wrong=1), 'b': network(wrong=2)}\n"
        "validation_scores = {n: share(m, x_validation, y_validation) for n, m in "
        "candidates.items()}\n"
        "chosen = 'a'": "the goal is 98.00 %",
        CHOSEN + "candidates['leaky'] = network(26)\n"
        "validation_scores['leaky'] = share(candidates['leaky'], x_validation, y_validation)\n"
        "chosen = 'leaky'": "with the validation digits in it?",
    },
)
def choose(candidates, validation_scores, chosen, x_validation, y_validation, x_test, y_test):
    """The best of two candidates or more, by validation digits."""
    leaks.candidates(candidates, chosen)
    if not isinstance(validation_scores, dict) or validation_scores.keys() != candidates.keys():
        return "`validation_scores` must be a dictionary with the same names as `candidates`."
    if len(candidates) < 2:
        return "To choose, you need two candidates or more."
    for earlier, name in combinations(candidates, 2):
        if candidates[earlier] is candidates[name]:
            return (
                f"`{safe_text(earlier)}` and `{safe_text(name)}` are one and the same network: "
                "training it further trains both. Build the second one anew."
            )
    x_validation, y_validation, x_test, y_test = leaks.sets(
        x_validation, y_validation, x_test, y_test
    )
    scores = {n: leaks.share(s, f"validation_scores[{n!r}]") for n, s in validation_scores.items()}
    found = {}
    for name, model in candidates.items():
        found[name] = leaks.right(model, x_validation, y_validation, name, "x_validation")
        if not leaks.agrees(scores[name], found[name], len(y_validation)):
            return _other_digits(name, model, scores[name], found[name], x_test, y_test)
    test = leaks.right(candidates[chosen], x_test, y_test, chosen, "x_test")
    leaks.memory(chosen, found[chosen], test)
    best, mine = max(scores, key=scores.get), scores[chosen]
    spread = math.sqrt(2 * scores[best] * (1 - scores[best]) / len(y_validation))
    if scores[best] - mine > spread:
        return (
            f"`{safe_text(chosen)}` reads {percent(mine)} of the validation digits, and another "
            f"reads more: `{safe_text(best)}`, {percent(scores[best])}."
        )
    if mine < GOAL:
        return (
            f"`{safe_text(chosen)}` reads {percent(mine)} of the validation digits, and the goal "
            f"is {percent(GOAL)}. Try something else: as long as you measure on validation digits, "
            "you may try as often as you like."
        )
    return None


def _other_digits(name, model, score, right, x_test, y_test):
    """On which digits a score was measured, if not on the validation digits."""
    test = leaks.right(model, x_test, y_test, name, "x_test")
    if leaks.agrees(score, test, len(y_test), digits=0.5):
        return (
            f"A leak: the score of `{safe_text(name)}` is its score on the test digits. Whoever "
            "chooses by them has no digits left that can judge the choice: the best of several "
            "looks better than it is. Measure on `x_validation`."
        )
    said = (
        f"`{safe_text(name)}` reads {percent(right.mean())} of the validation digits, not "
        f"{percent(score)}. "
    )
    if abs(score - right.mean()) > 0.3:
        return said + "Is that a loss? `evaluate` gives the loss first, then the accuracy."
    if score in [round(float(right.mean()), places) for places in (1, 2, 3)]:
        return said + "Was it rounded? Leave the score as it comes."
    return said + (
        "Was the score measured on the training digits, or before the network was trained further?"
    )


@turn(
    seconds=SECONDS,
    given=GIVEN,
    stub="""\
...
test_accuracy = ...
""",
    solution_code="""\
logits = candidates[chosen].predict(x_test, verbose=0)
test_accuracy = float(np.mean(logits.argmax(axis=1) == y_test))
""",
    hints=[
        "It is the line with which you scored a candidate, with the test digits: once, and for the "
        "chosen network alone.",
        "`(candidates[chosen].predict(x_test, verbose=0).argmax(axis=1) == y_test).mean()`.",
    ],
    then="This score is honest: nothing was chosen by it. Report it with its interval, and change "
    "nothing any more because of it.",
    right=[
        "test_accuracy = candidates[chosen].evaluate(x_test, y_test, verbose=0)[1]",
        "test_accuracy = np.mean(np.argmax(candidates[chosen](x_test), axis=1) == y_test)",
    ],
    wrong={
        "test_accuracy = share(candidates[chosen], x_validation, y_validation)": (
            "score on the validation digits"
        ),
        "test_accuracy = share(candidates['nine'], x_test, y_test)": "test score of `nine`",
        "test_accuracy = 100 * share(candidates[chosen], x_test, y_test)": "not percent",
        "test_accuracy = 0.9999": "of the test digits, not",
        "chosen = 'nine'\n"
        "test_accuracy = share(candidates[chosen], x_test, y_test)": "opened before",
        "candidates = {'other': network(27)}\n"
        "chosen = 'other'\n"
        "test_accuracy = share(candidates[chosen], x_test, y_test)": "were test digits among",
        "chosen = 'tenth'\ntest_accuracy = 0.98": "name of a candidate",
        "test_accuracy = '0.98'": "Leave the quotes out",
    },
)
def test_once(test_accuracy, candidates, chosen, x_validation, y_validation, x_test, y_test):
    """The test score of the chosen network, and of no other."""
    leaks.candidates(candidates, chosen)
    score = leaks.share(test_accuracy, "test_accuracy")
    x_validation, y_validation, x_test, y_test = leaks.sets(
        x_validation, y_validation, x_test, y_test
    )
    right = leaks.right(candidates[chosen], x_test, y_test, chosen, "x_test", PATIENT)
    validation = leaks.right(candidates[chosen], x_validation, y_validation, chosen, "x_validation")
    leaks.memory(chosen, validation, right)
    if not leaks.agrees(score, right, len(y_test)):
        if leaks.agrees(score, validation, len(y_validation)):
            return "That is its score on the validation digits. Now open the test digits, once."
        for name in candidates.keys() - {chosen}:
            other = leaks.right(candidates[name], x_test, y_test, name, "x_test")
            if leaks.agrees(score, other, len(y_test)):
                return (
                    f"That is the test score of `{safe_text(name)}`, and you chose "
                    f"`{safe_text(chosen)}`. Whoever looks at the test scores of several and "
                    "reports one has chosen by them. The chosen one alone is tested."
                )
        return (
            f"`{safe_text(chosen)}` reads {percent(right.mean())} of the test digits, not "
            f"{percent(score)}."
        )
    weights = b"".join(np.ascontiguousarray(w) for w in candidates[chosen].get_weights())
    network = hashlib.sha256(weights).hexdigest()
    if opened and opened[0][0] != network:
        return (
            "The test digits were opened before, for another network, which read "
            f"{percent(opened[0][1])}. That score was honest. This one is not: of two test scores "
            "you could now report the one that you like better. Keep the first. (To begin again "
            "from the start for another reason, restart the kernel.)"
        )
    if not opened and validation.mean() < GOAL - 1.5 / len(validation):
        return (
            f"`{safe_text(chosen)}` reads {percent(validation.mean())} of the validation digits, "
            f"and the goal is {percent(GOAL)}. Go back to *Choose* first, without regard to this "
            "test score. The check has not counted it."
        )
    opened[:] = opened or [(network, score)]
    total = len(y_test)
    correct = round(score * total)
    low, high = evaluation.wilson_interval(correct, total)
    answers.notes.append(
        f"It reads {correct:,} of {total:,} test digits: {percent(correct / total)}, with a 95 % "
        f"interval from {percent(low)} to {percent(high)}."
    )
    if len(right) < total:
        answers.notes.append(f"The check had time to read {len(right):,} of them again.")
    return None


@turn(
    seconds=SECONDS,
    given=GIVEN,
    stub="""\
saved = ...
""",
    solution_code="""\
saved = "my_network.keras"
candidates[chosen].save(saved)
""",
    hints=[
        "Chapter 08 loads a network from a file; `model.save(path)` writes one, and `saved` is "
        "the path.",
        "Let the path end in `.keras`: such a file holds the layers as well as the weights.",
    ],
    then="The file alone reads as your network does. Whoever has it needs to know one thing more: "
    "how you prepared the pictures. Write that down beside it.",
    right=[
        "from pathlib import Path\n"
        "saved = Path('somewhere.keras')\n"
        "keras.saving.save_model(candidates[chosen], saved)",
        "saved = 'again.keras'\nkeras.models.clone_model(model).save(saved)\n"
        "candidates[chosen].save(saved, overwrite=True)",
    ],
    wrong={
        "saved = 'nowhere.keras'": "There is no file",
        "saved = 'nine.keras'\ncandidates['nine'].save(saved)": "holds `nine`",
        "saved = 'fresh.keras'\nkeras.models.clone_model(model).save(saved)": "other answers",
        "saved = 'only.weights.h5'\ncandidates[chosen].save_weights(saved)": "weights alone",
        "saved = 'text.keras'\nopen(saved, 'w').write('network')": "Keras cannot load",
        "saved = candidates[chosen]": "must be the path",
        "import os\nos.makedirs('folder.keras', exist_ok=True)\nsaved = 'folder.keras'": "folder",
    },
)
def save(saved, candidates, chosen, x_validation):
    """A file that gives the chosen network back."""
    import keras

    leaks.candidates(candidates, chosen)
    if not isinstance(saved, str | os.PathLike):
        return f'`saved` must be the path of the file, such as "my_network.keras"; {got(saved)}.'
    path = Path(saved)
    if not path.exists():
        return f"There is no file {code(str(path))}. Has the network been saved under this name?"
    if path.is_dir():
        return f"{code(str(path))} is a folder. Save into one file that ends in `.keras`."
    if path.name.endswith(".weights.h5"):
        return (
            "This file holds the weights alone: whoever loads it must build the same layers first. "
            "Save the whole network, with `.save(...)` and a name that ends in `.keras`."
        )
    try:
        loaded = keras.saving.load_model(path, compile=False)
    except Exception as error:
        said = code(safe_text(error).strip().partition("\n")[0], 160)
        return (
            f"Keras cannot load {code(str(path))}: {said}. A layer of your own must be registered "
            "(`@keras.saving.register_keras_serializable()`); else save again."
        )
    few = leaks.pictures(x_validation, "x_validation")[:200].astype(np.float32)
    found, wanted = (keras.ops.convert_to_numpy(m(few)) for m in (loaded, candidates[chosen]))
    if found.shape == wanted.shape and np.allclose(found, wanted, rtol=1e-3, atol=1e-3):
        return None
    for name in candidates.keys() - {chosen}:
        other = keras.ops.convert_to_numpy(candidates[name](few))
        if found.shape == other.shape and np.allclose(found, other, rtol=1e-3, atol=1e-3):
            return f"The file holds `{safe_text(name)}`, and you chose `{safe_text(chosen)}`."
    return (
        f"What the file holds gives other answers than `{safe_text(chosen)}`. Was it saved before "
        "the network was trained, or trained further?"
    )

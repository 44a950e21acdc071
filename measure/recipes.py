"""How a network is built and trained, as settings that a JSON file can hold.

A recipe is a dict. What it leaves out is as in `USUAL`:

    layers         list of str, one a layer: "conv FILTERS KERNEL STRIDE", with "same" at its end
                   where it is padded, "dense WIDTH", "norm" (batch normalisation), "relu", "gelu",
                   "softmax", "pool", "flatten", "dropout RATE". A layer before "norm" has no bias.
    norm           momentum and whether a scale is learnt, of every batch normalisation
    moves          list of [name of a keras.layers class, its arguments]: random changes of the
                   training images
    digits         how many of the 55,000 training digits are used: the first ones
    inputs         "raw" (0 to 255), "scaled" (0 to 1) or "standardised" (mean 0, deviation 1)
    optimizer      [name of a keras.optimizers class, its arguments but the rate]
    rate           learning rate: the constant one, the first, or the peak
    schedule       "constant", "cosine" (up along a line in the first `warm_up` of all steps, then
                   down along half a cosine), or ["epochs", FACTOR]: times FACTOR after each epoch
    batch, epochs  of `fit`
    smoothing      of labels, Keras' `label_smoothing`
    steps_at_once  Keras' `steps_per_execution`
"""

import math
import os
import time

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from helpers import environment

environment.import_quietly("keras")
import keras  # noqa: E402
from keras import layers  # noqa: E402

USUAL = {
    "layers": [],
    "norm": {"momentum": 0.9, "scale": True},
    "moves": [],
    "digits": 55000,
    "inputs": "scaled",
    "optimizer": ["Adam", {}],
    "rate": 0.001,
    "schedule": "constant",
    "warm_up": 0.2,
    "batch": 256,
    "epochs": 1,
    "smoothing": 0.0,
    "steps_at_once": 1,
}


def network(recipe):
    """Return the untrained keras.Sequential of a recipe, for images of shape (n, 28, 28, 1).

    Raises:
        ValueError: a layer that is none of those above; names it.
    """
    recipe = USUAL | recipe
    made = [keras.Input((28, 28, 1))]
    made += [getattr(layers, name)(**arguments) for name, arguments in recipe["moves"]]
    after = [*recipe["layers"][1:], ""]
    for layer, following in zip(recipe["layers"], after, strict=True):
        made.append(_layer(layer, recipe, bias=following != "norm"))
    return keras.Sequential(made)


def _layer(text, recipe, bias):
    kind, *words = text.split()
    same = words[-1:] == ["same"]
    numbers = [float(word) if "." in word else int(word) for word in words[: len(words) - same]]
    makers = {
        "conv": lambda filters, kernel, stride: layers.Conv2D(
            filters, kernel, stride, "same" if same else "valid", use_bias=bias
        ),
        "dense": lambda width: layers.Dense(width, use_bias=bias),
        "norm": lambda: layers.BatchNormalization(**recipe["norm"]),
        "pool": lambda: layers.MaxPooling2D(2),
        "flatten": layers.Flatten,
        "dropout": layers.Dropout,
        **{name: lambda: layers.Activation(kind) for name in ("relu", "gelu", "softmax")},
    }
    try:
        return makers[kind](*numbers)
    except (KeyError, TypeError):
        raise ValueError(f"No such layer in a recipe: {text!r}; see measure/recipes.py.") from None


def rate(recipe, images):
    """Return the learning rate of a recipe for so many images: a float or a Keras schedule."""
    recipe = USUAL | recipe
    epoch, peak = math.ceil(images / recipe["batch"]), recipe["rate"]
    if recipe["schedule"] == "constant":
        return peak
    schedules = keras.optimizers.schedules
    if recipe["schedule"] == "cosine":
        steps = recipe["epochs"] * epoch
        up = round(recipe["warm_up"] * steps)
        return schedules.CosineDecay(
            peak / 25, decay_steps=steps - up, warmup_target=peak, warmup_steps=up
        )
    factor = recipe["schedule"][1]
    return schedules.ExponentialDecay(peak, epoch, factor, staircase=True)


def compiled(recipe, images):
    """Return the network of a recipe, compiled to be trained on so many images."""
    recipe = USUAL | recipe
    model = network(recipe)
    logits = recipe["layers"][-1] != "softmax"
    loss = (
        keras.losses.CategoricalCrossentropy(logits, label_smoothing=recipe["smoothing"])
        if recipe["smoothing"]
        else keras.losses.SparseCategoricalCrossentropy(logits)
    )
    name, arguments = recipe["optimizer"]
    optimizer = getattr(keras.optimizers, name)(rate(recipe, images), **arguments)
    at_once = 1 if keras.backend.backend() == "torch" else recipe["steps_at_once"]  # it takes 1
    model.compile(optimizer, loss, steps_per_execution=at_once)
    return model


def inputs(recipe, images):
    """Return uint8 images of shape (n, 28, 28) as a recipe feeds them: float32, (n, 28, 28, 1)."""
    pixels = images[..., None].astype("float32")
    kind = (USUAL | recipe)["inputs"]
    if kind == "raw":
        return pixels
    pixels /= 255
    return (pixels - 0.1307) / 0.3081 if kind == "standardised" else pixels


def targets(recipe, labels):
    """Return labels as a recipe's loss takes them: one-hot where it smooths them."""
    return np.eye(10, dtype="float32")[labels] if (USUAL | recipe)["smoothing"] else labels


def train(recipe, seed, images, labels, callbacks=()):
    """Build and train a recipe.

    Returns:
        (model, seconds): the trained keras.Sequential; the seconds from its creation to the end
        of `fit`, building and tracing included, less what `callbacks` with `seconds` took.
    """
    recipe = USUAL | recipe
    images, labels = images[: recipe["digits"]], labels[: recipe["digits"]]
    x, y = inputs(recipe, images), targets(recipe, labels)
    keras.utils.set_random_seed(seed)
    since = time.perf_counter()
    model = compiled(recipe, len(x))
    model.fit(x, y, recipe["batch"], recipe["epochs"], verbose=0, callbacks=list(callbacks))
    took = time.perf_counter() - since
    return model, took - sum(callback.seconds for callback in callbacks)


def right(recipe, model, digits):
    """Return how many of the digits (images, labels) a trained model reads right."""
    scores = model.predict(inputs(recipe, digits[0]), batch_size=1000, verbose=0)
    return int((scores.argmax(1) == digits[1]).sum()) if np.isfinite(scores).all() else None


class EachEpoch(keras.callbacks.Callback):
    """Count the validation digits read right after each epoch, off the clock.

    Attributes:
        counts: list of int, or None where scores were not numbers.
        seconds: spent on counting.
    """

    def __init__(self, recipe, digits):
        super().__init__()
        self.recipe, self.digits, self.counts, self.seconds = recipe, digits, [], 0.0

    def on_epoch_end(self, epoch, logs=None):
        """Count."""
        since = time.perf_counter()
        self.counts.append(right(self.recipe, self.model, self.digits))
        self.seconds += time.perf_counter() - since


class Clock(keras.callbacks.Callback):
    """Time the epochs.

    Attributes:
        last: seconds of the last epoch.
        seconds: spent by this callback: none to speak of.
    """

    seconds = 0.0

    def on_epoch_begin(self, epoch, logs=None):
        """Start."""
        self.since = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        """Stop."""
        self.last = time.perf_counter() - self.since

"""Arrays and networks as a project has them, looked at by what they hold: does anything leak?

A leak is a digit on two sides: test digits in training or in choosing, validation digits among
training digits, a digit twice. A picture is known again where it was scaled, inverted or moved, not
where it was turned or resized. Whoever is handed other arrays than `fit` was, finds in what a
network reads too well that it has met these digits before.
"""

import math
import re
import time

import numpy as np

from helpers.evaluation import percent
from helpers.exercises import answers
from helpers.exercises.answers import Wrong
from helpers.exercises.messages import code, got, safe_text

BATCH = 500  # pictures that are looked at together
LEVELS = 50.61803  # of grey; no whole number, so that no pixel of 256 greys lies between two
SECONDS = 8  # for one network to read one set of digits, so that a check ends in time
SURE = 5  # standard errors: a difference that luck does not make
MET = 4  # the same where validation digits are read better: test digits are a little easier
NOTHING = 3e-6  # of the range of grey: a mean this small was subtracted
PLAIN = 0.004  # a smaller difference is not worth an accusation


# Arrays


def _array(value, name):
    """Numbers as NumPy has them, whatever holds them."""
    try:
        value = value.detach().cpu() if hasattr(value, "detach") else value
        found = np.asarray(value)
        if found.dtype.kind in "OV":  # bfloat16, lists in lists
            found = found.astype(np.float32)
    except (TypeError, ValueError, RuntimeError):
        raise Wrong(f"`{name}` must be an array of numbers; {got(value)}.") from None
    if found.dtype.kind not in "biuf":
        raise Wrong(f"`{name}` must be an array of numbers; {got(value)}.")
    return found


def pictures(value, name):
    """Pictures as they are, an array of two axes or more, all numbers finite."""
    found = _array(value, name)
    if found.ndim < 2 or len(found) == 0 or found[0].size < 10:
        raise Wrong(f"`{name}` must hold pictures, one a row; got an array of shape {found.shape}.")
    if found.dtype.kind == "f" and not np.isfinite(found).all():
        raise Wrong(f"`{name}` must hold finite numbers; there is a NaN or an infinity among them.")
    return found


def labels(value, name, count):
    """Labels as whole numbers from 0 to 9; one-hot labels will do."""
    found = _array(value, name)
    if found.shape == (count, 1):
        raise Wrong(
            f"`{name}` is a column, of shape {found.shape}. Compared with what a network reads, a "
            "column gives a table of all pairs, and a score of about 10 %. Make it a row of "
            "labels, with `.reshape(-1)`."
        )
    if found.ndim == 2 and found.shape[1] == 10 and (found.sum(axis=1) == 1).all():
        found = found.argmax(axis=1)
    if found.shape != (count,):
        raise Wrong(
            f"`{name}` must hold {count:,} labels, one for each picture; got an array of shape "
            f"{found.shape}."
        )
    if not np.isin(found, range(10)).all():
        low, high = found.min(), found.max()
        raise Wrong(f"`{name}` must hold the digits 0 to 9; it holds numbers from {low} to {high}.")
    return found.astype(int)


def alike(**sets):
    """Wrong where sets of pictures were not prepared alike: another shape, another range."""
    (first, one), *others = sets.items()
    for name, other in others:
        if one.shape[1:] != other.shape[1:]:
            raise Wrong(
                f"A picture in `{first}` has the shape {one.shape[1:]}, one in `{name}` "
                f"{other.shape[1:]}. Prepare all alike."
            )
        ranges = [(float(a.min()), float(a.max())) for a in (one, other)]
        wide = [high - low for low, high in ranges]
        if max(wide) > 2 * min(wide):
            said = [f"from {low:.3g} to {high:.3g}" for low, high in ranges]
            raise Wrong(
                f"`{first}` goes {said[0]}, `{name}` {said[1]}. Prepare all alike: a network that "
                "learns from one scale may fail on another."
            )


def strangers(learned, **sets):
    """Wrong where the mean that was subtracted came from digits that measure.

    Where each picture was centred by itself, nothing came from another.

    Args:
        learned: pictures from which a mean may be taken, and with which no other may share it.
        sets: pictures that measure, by name.
    """
    wide = float(learned.max()) - float(learned.min())
    single = learned[:BATCH].reshape(len(learned[:BATCH]), -1).mean(axis=1, dtype=np.float64)
    if np.abs(single).max() < 0.001 * wide:
        return
    mean = learned.mean(dtype=np.float64)
    for name, measuring in sets.items():
        own = measuring.mean(dtype=np.float64)
        joint = (len(learned) * mean + len(measuring) * own) / (len(learned) + len(measuring))
        together = name == "x_test" and abs(joint) < min(NOTHING * wide, abs(mean) / 2)
        if abs(own) < NOTHING * wide or together:
            raise Wrong(
                f"A leak: a mean was subtracted, and `{name}` took part in measuring it. These "
                "digits are there to judge: nothing may be learned from them, not even a mean. "
                "Measure mean and spread on the digits that train, and use those for all."
            )


def _prints(pictures):
    """What each picture is known by: bytes that neither its scale nor an inversion changes."""
    found = []
    for first in range(0, len(pictures), BATCH):
        some = pictures[first : first + BATCH]
        some = some.reshape(len(some), -1).astype(np.float32)
        low = some.min(axis=1, keepdims=True)
        some -= low
        some /= np.maximum(some.max(axis=1, keepdims=True), 1e-9)
        light = some.mean(axis=1) > 0.5
        some[light] = 1 - some[light]
        some = (some * LEVELS + 0.5).astype(np.uint8)
        found += [row.tobytes() for row in some]
    return found


def _shared(one, other):
    """How many pictures of `one` are in `other` too, there or moved by some pixels."""
    moved = {print_.strip(b"\0") for print_ in other}
    return sum(print_.strip(b"\0") in moved for print_ in one)


def _are(count):
    return "is" if count == 1 else "are"


def apart(x_train, x_test, x_validation=None, name="x_train"):
    """Wrong where a digit is on two sides, or twice on one.

    Args:
        x_train, x_test, x_validation: pictures; None where there are none yet.
        name: what the first are called.
    """
    sets = [np.zeros((0, 1)) if x is None else x for x in (x_train, x_test, x_validation)]
    train, test, validation = map(_prints, sets)
    if count := _shared(test, train):
        raise Wrong(
            f"A leak: {count:,} of {len(test):,} test digits {_are(count)} in `{name}` too. What a "
            "network has learned by heart it reads well, and its test score no longer says how it "
            "reads new digits. Keep the test digits out of it."
        )
    if count := _shared(validation, test):
        raise Wrong(
            f"A leak: {count:,} of {len(validation):,} validation digits {_are(count)} in `x_test` "
            "too. You would choose by them, and then test on what you have chosen by. Take the "
            "validation digits from `x_all`, and keep the test digits shut."
        )
    if count := _shared(validation, train):
        raise Wrong(
            f"A leak: {count:,} of {len(validation):,} validation digits {_are(count)} in `{name}` "
            "too, unchanged or moved by some pixels. The network can learn them by heart, so you "
            "would choose the one that remembers best. Split first; if you want moved copies, make "
            "them of training digits, afterwards."
        )
    for said, prints in ((name, train), ("x_validation", validation)):
        if count := len(prints) - len(set(prints)):
            raise Wrong(
                f"{count:,} digit{'s' * (count > 1)} of `{said}` {_are(count)} there twice. In a "
                "set that trains, a copy counts double and teaches nothing new; in a set that "
                "measures, it makes you surer than you may be. Was something joined twice, or "
                "drawn with replacement?"
            )


def belong(x, y, x_name, y_name):
    """Wrong where labels are not those of the pictures: then not even mean pictures read them."""
    x, half = x[:4000].reshape(min(4000, len(x)), -1).astype(np.float32), min(4000, len(x)) // 2
    y = y[: len(x)]
    known = [digit for digit in range(10) if (y[:half] == digit).any()]
    means = np.stack([x[:half][y[:half] == digit].mean(axis=0) for digit in known])
    scores = x[half:] @ means.T - (means**2).sum(axis=1) / 2
    right = (np.array(known)[scores.argmax(axis=1)] == y[half:]).mean()
    if right < 0.4:
        raise Wrong(
            f"The labels in `{y_name}` do not seem to belong to the pictures in `{x_name}`: mean "
            f"pictures read {100 * right:.0f} % of them. Were pictures and labels shuffled or cut "
            "each in its own way? Take both with the same positions."
        )


# Networks


def network(value, name):
    """A Keras network, or Wrong with what came."""
    import keras

    if isinstance(value, keras.callbacks.History):
        raise Wrong(f"`{name}` holds what `fit` returns. The network is what you called `fit` on.")
    if not isinstance(value, keras.Model):
        raise Wrong(f"`{name}` must be a Keras network; {got(value)}.")
    return value


def _said(error):
    """What an error says was expected; else its first line. Keras begins with where it was."""

    def short(error):  # before it is cut: Keras may print all pictures first
        plain = re.sub(r"\x1b\[\d*m", "", str(error)).strip()
        wanted = re.search(r"expected .*", plain, re.IGNORECASE)
        return wanted[0] if wanted else plain.partition("\n")[0]

    return code(safe_text(error, short).strip().rstrip("."), 160)


def right(model, x, y, name, x_name, seconds=SECONDS):
    """True for each digit read right, as far as a network gets in so many seconds."""
    from keras import ops

    found, started = [], time.monotonic()
    while len(found) * BATCH < len(x) and (not found or time.monotonic() - started < seconds):
        first = len(found) * BATCH
        some = x[first : first + BATCH].astype(np.float32)
        try:
            scores = model(some, training=False)
        except Exception as error:
            raise Wrong(
                f"`{name}` does not take `{x_name}` as it is, pictures of shape {some.shape[1:]}: "
                f"{_said(error)}. Prepare `x_all` and `x_test` in *Load* as the network takes "
                "them, or let its first layer give them that shape."
            ) from None
        scores = np.asarray(ops.convert_to_numpy(scores), np.float32)
        if scores.shape != (len(some), 10):
            raise Wrong(
                f"`{name}` must give ten scores for each picture: for {len(some)} pictures it gave "
                f"the shape {scores.shape}. Does it end in `Dense(10)`?"
            )
        if not np.isfinite(scores).all():
            raise Wrong(
                f"`{name}` gives NaN or infinity: its training went wrong. Try a smaller rate."
            )
        found.append(scores.argmax(axis=1) == y[first : first + BATCH])
    return np.concatenate(found)


def luck(one, other):
    """Standard errors between two shares, each of one array of True and False."""
    both = np.concatenate([one, other]).mean()
    error = math.sqrt(both * (1 - both) * (1 / len(one) + 1 / len(other)))
    return (one.mean() - other.mean()) / max(error, 1e-9)


def memory(name, validation, test):
    """Wrong where a network reads test or validation digits as only one can that has met them."""
    if luck(test, validation) > SURE and test.mean() - validation.mean() > PLAIN:
        raise Wrong(
            f"`{name}` reads {percent(test.mean())} of the test digits, and only "
            f"{percent(validation.mean())} of the validation digits. Luck hardly ever makes such a "
            "difference: were test digits among what it was trained on? Call `fit` with `x_train` "
            "and `y_train`, and nothing else."
        )
    if luck(validation, test) > MET and validation.mean() - test.mean() > PLAIN:
        raise Wrong(
            f"`{name}` reads {percent(validation.mean())} of the validation digits, much more "
            "than of digits that it cannot have met. Luck hardly ever makes such a difference: "
            "was it trained on `x_all`, with the validation digits in it? Call `fit` with "
            "`x_train` and `y_train`."
        )


def watched(model, name, validation, y_test, test):
    """Wrong where `fit` was given the test digits as its validation digits."""
    history = getattr(getattr(model, "history", None), "history", {})
    seen = [v for key, v in history.items() if key.startswith("val_") and "accuracy" in key and v]
    if not seen or len(test) < len(y_test):
        return
    last = [seen[0][-1], max(seen[0])]
    if any(abs(v - validation.mean()) < 1e-5 for v in last):
        return
    if any(abs(v - test.mean()) < 1e-5 for v in last):
        raise Wrong(
            f"A leak: `fit` showed `{name}` the test digits. The last `val_accuracy` is its score "
            "on them to the last figure. Whoever watches that curve, and stops or changes "
            "something because of it, has chosen by the test digits. Write "
            "`validation_data=(x_validation, y_validation)`, and train it again."
        )


def candidates(candidates, chosen=None):
    """The networks by name, or Wrong."""
    if not isinstance(candidates, dict):
        raise Wrong(f"`candidates` must be a dictionary from names to networks; {got(candidates)}.")
    for key, model in candidates.items():
        network(model, f"candidates[{safe_text(key, repr)}]")
    if chosen is not None and (not isinstance(chosen, str) or chosen not in candidates):
        known = ", ".join(safe_text(key, repr) for key in candidates)
        raise Wrong(f"`chosen` must be the name of a candidate ({known}); {got(chosen)}.")
    return candidates


def share(value, name):
    """A share from 0 to 1."""
    found = answers.number(value, f"`{name}`")
    if 1 < found <= 100:
        raise Wrong(
            f"`{name}` must be a share from 0 to 1, not percent: {found:g} % is {found / 100:g}."
        )
    if not 0 <= found <= 1:
        raise Wrong(f"`{name}` must be a share from 0 to 1; got {found:g}.")
    return found


def agrees(score, right, total, digits=1.5):
    """True where a score is that of the digits read right.

    Where a slow network read some digits only, it need not be further away than luck explains.
    """
    if len(right) == total:
        return abs(score - right.mean()) < digits / total  # on another device one may tip
    spread = math.sqrt(right.mean() * (1 - right.mean()) / len(right))
    return abs(score - right.mean()) < 4 * max(spread, 0.001)


def sets(x_validation, y_validation, x_test, y_test):
    """Both sets as arrays, prepared alike."""
    x_validation = pictures(x_validation, "x_validation")
    x_test = pictures(x_test, "x_test")
    alike(x_validation=x_validation, x_test=x_test)
    y_validation = labels(y_validation, "y_validation", len(x_validation))
    return x_validation, y_validation, x_test, labels(y_test, "y_test", len(x_test))

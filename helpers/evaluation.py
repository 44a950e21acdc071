"""How many digits a model reads right, and how sure that number is."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from helpers import checks


@dataclass(frozen=True)
class Score:
    """The result of reading `n` digits.

    Attributes:
        correct: int, digits read right.
        n: int, digits read.
        source: "mnist", "drawn", or another word for where the digits came from.
    """

    correct: int
    n: int
    source: str

    @property
    def accuracy(self):
        """Share of digits read right, 0 to 1."""
        return self.correct / self.n

    @property
    def errors(self):
        """Digits read wrong."""
        return self.n - self.correct

    @property
    def interval(self):
        """The 95 % Wilson interval of the accuracy: (low, high), 0 to 1."""
        return wilson_interval(self.correct, self.n)

    def __str__(self):
        low, high = self.interval
        known = {"mnist": "digits", "drawn": "DRAWN digits (not MNIST)"}
        what = known.get(self.source, f"{self.source} digits")
        return (
            f"{self.accuracy:.2%} of {self.n:,} {what} read right "
            f"({self.errors:,} errors; 95 % interval {low:.2%} to {high:.2%})"
        )


def wilson_interval(correct, n, confidence=0.95):
    """Return Wilson's score interval for a share, as SciPy computes it.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927).

    Args:
        correct: int, successes, 0 to n.
        n: int, trials, 1 or more.
        confidence: float between 0 and 1.

    Returns:
        (low, high): floats from 0 to 1.

    Raises:
        ValueError: counts that make no sense; names the argument.
    """
    for name, value in (("correct", correct), ("n", n)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            raise ValueError(f"{name} must be a whole number; got {value!r}.")
    if n < 1:
        raise ValueError(f"n must be 1 or more; got {n}.")
    if not 0 <= correct <= n:
        raise ValueError(f"correct must lie between 0 and n = {n}; got {correct}.")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1; got {confidence}.")
    interval = stats.binomtest(int(correct), int(n)).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


def read_digits(model, inputs, name="model"):
    """Return the digit that `model` reads in each input.

    Args:
        model: a Keras model, or a function of `inputs`; gives scores of shape (n, 10), of which
            the largest wins, or the digits themselves, integers of shape (n,).
        inputs: what the model takes; n rows.
        name: what to call the model in an error.

    Returns:
        np.ndarray: integers from 0 to 9 of shape (n,).

    Raises:
        ValueError: the model's output has another shape, or holds NaN.
    """
    if hasattr(model, "predict"):
        output = model.predict(inputs, batch_size=1000, verbose=0)
    else:
        output = model(inputs)
    output = np.asarray(output)
    if output.shape == (len(inputs), 10):
        if np.isnan(output).any():
            raise ValueError(
                f"{name} gives scores that are not numbers (NaN): its training went wrong. "
                "Train it again with a smaller learning rate."
            )
        return output.argmax(axis=1)
    if output.shape != (len(inputs),):
        raise ValueError(
            f"{name} must give scores of shape ({len(inputs)}, 10) or digits of shape "
            f"({len(inputs)},); got shape {output.shape}."
        )
    return checks.labels(output, name=f"the output of {name}")


def score(model, digits, source, prepare=None, name="model"):
    """Count the digits that `model` reads right.

    Args:
        model: as in `read_digits`.
        digits: an (images, labels) pair: uint8 (n, 28, 28) and integers (n,).
        source: "mnist", "drawn", or another word for where the digits came from.
        prepare: function from the uint8 images to the model's inputs. Without it the model gets
            float32 of shape (n, 28, 28), from 0 to 1.
        name: what to call the model in an error.

    Returns:
        Score.

    Raises:
        ValueError: arrays of the wrong shape or dtype; names which.
    """
    images = checks.images(digits[0])
    labels = checks.labels(digits[1], count=len(images))
    inputs = images.astype("float32") / 255 if prepare is None else prepare(images)
    correct = int((read_digits(model, inputs, name) == labels).sum())
    return Score(correct, len(labels), source)


def final_test(models, digits, prepare=None):
    """Open the test digits once and score every model that the page compares on them.

    Args:
        models: dict from a name to a model, as in `read_digits`.
        digits: what `data.load_digits()` returned.
        prepare: as in `score`.

    Returns:
        dict from each name to its Score.

    Raises:
        ValueError: no model, or one whose output is not what `read_digits` needs.
    """
    if not isinstance(models, dict) or not models:
        raise ValueError(f"models must be a dict with one model or more, by name; got {models!r}.")
    test = digits.test
    return {
        name: score(model, test, digits.source, prepare, name) for name, model in models.items()
    }

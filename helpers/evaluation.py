"""How many digits a model reads right, how sure that number is, and whether a change helps."""

import math
import os
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from IPython.utils.capture import capture_output
from scipy import stats

from helpers import checks

GAIN = 0.001  # the smallest gain in accuracy that the course calls one: 0.1 points
BATCH = 1000  # digits that `predict` reads at a time
MOST_DIGITS = 10**15  # that a share is of: SciPy counts no further than 2**63
MOST_BINS = 10_000
TRIAL = 10  # validation digits that a function reads before the test digits are opened


@dataclass(frozen=True)
class Score:
    """The result of reading `n` digits.

    Attributes:
        correct: int, digits read right, 0 to n.
        n: int, digits read, 1 or more.
        source: "mnist", "drawn", or another word for where the digits came from.
        answers: integers from 0 to 9 of shape (n,), the digits as they were read; None where only
            the counts are known.

    Raises:
        ValueError: counts that make no sense, or a source that is no text; names the argument.
    """

    correct: int
    n: int
    source: str
    answers: np.ndarray | None = field(default=None, repr=False, compare=False)

    def __post_init__(self):
        checks.whole(self.n, "n", 1, MOST_DIGITS)
        checks.whole(self.correct, "correct", 0, self.n)
        checks.text(self.source, "source")

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
            f"{percent(self.accuracy)} of {self.n:,} {what} read right "
            f"({self.errors:,} errors; 95 % interval {percent(low)} to {percent(high)})"
        )


def percent(share, decimals=2):
    """Write a share from 0 to 1 in percent, such as 97.28 %; a half is rounded up."""
    return f"{100 * share + 1e-9:.{decimals}f} %"


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
    n = checks.whole(n, "n", 1, MOST_DIGITS)
    correct = checks.whole(correct, "correct", 0, n)
    interval = stats.binomtest(correct, n).proportion_ci(_confidence(confidence), method="wilson")
    return float(interval.low), float(interval.high)


def prediction_interval(values, n_digits, confidence=0.95):
    """Return the band in which one more run falls with this confidence.

    mean ± t·s·√(1 + 1/n) with n seeds and Student's t of n − 1 degrees of freedom: an honest run
    falls inside 95 times in 100. Source: G. J. Hahn and W. Q. Meeker, "Statistical Intervals"
    (1991), section 4.7.

    Args:
        values: accuracies from 0 to 1 of two seeds or more.
        n_digits: digits that each was scored on; a spread below one digit is taken as one digit.
        confidence: float between 0 and 1.

    Returns:
        (low, high): floats from 0 to 1.

    Raises:
        ValueError: an argument of the wrong type or value; names it.
    """
    values = _seeds(values, "values", 0, 1)
    spread = max(values.std(ddof=1), 1 / checks.whole(n_digits, "n_digits", 1))
    n, mean = len(values), values.mean()
    half = stats.t.ppf((1 + _confidence(confidence)) / 2, n - 1) * spread * math.sqrt(1 + 1 / n)
    return max(0.0, float(mean - half)), min(1.0, float(mean + half))


def _confidence(value):
    number = checks.numbers([value], "confidence", (1,))[0]
    if not 0 < number <= (1 + number) / 2 < 1:  # halves that round to 1 have no interval
        raise ValueError(f"confidence must lie between 0 and 1; got {checks.short(value)}.")
    return float(number)


def _seeds(values, name, low=-np.inf, high=np.inf):
    """One number a seed, two seeds or more, as floats."""
    found = checks.numbers(values, name, low=low, high=high).astype(float)
    if len(found) < 2:
        raise ValueError(f"{name} must be two numbers or more, one a seed; got {len(found)}.")
    return found


def read_digits(model, inputs, name="model"):
    """Return the digit that `model` reads in each input.

    Args:
        model: a Keras model, or a function of `inputs`; gives scores of shape (n, 10), of which
            the largest wins, or the digits themselves, integers of shape (n,).
        inputs: what the model takes; n rows, n at least 1.
        name: what to call the model in an error.

    Returns:
        np.ndarray: integers from 0 to 9 of shape (n,).

    Raises:
        ValueError: no model, no inputs, or an output of another shape or kind, such as scores that
            are text, NaN or infinite.
    """
    _check_model(model, name)
    count = _rows(inputs)
    if count < 1:
        raise ValueError(f"inputs must be an array with one row or more; got {_said(inputs)}.")
    if hasattr(model, "predict"):
        output = model.predict(inputs, batch_size=BATCH, verbose=0)
    else:
        output = model(inputs)
    expected = f"{name} must give scores of shape ({count}, 10) or digits of shape ({count},)"
    output = checks.array(output, expected)
    if output.shape not in ((count, 10), (count,)):
        raise ValueError(f"{expected}; got shape {output.shape}.")
    if output.ndim == 1:
        return checks.labels(output, f"the output of {name}")
    scores = checks.numbers(output, f"the output of {name}", (count, 10), finite=False)
    if not np.isfinite(scores).all():
        raise ValueError(
            f"{name} gives scores that are not numbers (NaN) or infinite: its training went wrong, "
            "or it divides by 0. Train it again with a smaller learning rate."
        )
    return scores.argmax(axis=1)


def _check_model(model, name):
    if not callable(model) and not hasattr(model, "predict"):
        raise ValueError(
            f"{name} must be a Keras model or a function of the inputs; got {_said(model)}."
        )


def _rows(array):
    """Count the rows of an array; 0 where there are none to count."""
    try:
        return len(array)
    except TypeError:
        return 0


def _said(value):
    """Describe the argument."""
    return f"shape {value.shape}" if hasattr(value, "shape") else type(value).__name__


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
        ValueError: arrays of the wrong shape or dtype, or an argument that is not what it should
            be; names which.
    """
    _check_model(model, name)
    try:
        images, labels = digits
    except (TypeError, ValueError):
        raise ValueError(
            "digits must be a pair (images, labels), such as digits.validation; "
            f"got {_said(digits)}."
        ) from None
    images = checks.images(images)
    labels = checks.labels(labels, count=len(images))
    checks.text(source, "source")
    inputs = _prepared(images, prepare)
    answers = read_digits(model, inputs, name)
    return Score(int((answers == labels).sum()), len(labels), source, answers)


def _prepared(images, prepare):
    if prepare is None:
        return images.astype("float32") / 255
    if not callable(prepare):
        raise ValueError(f"prepare must be a function of the images; got {_said(prepare)}.")
    inputs = prepare(images)
    if _rows(inputs) != len(images):
        raise ValueError(
            f"prepare must give one row for each image: {len(images)} rows; got {_said(inputs)}."
        )
    return inputs


class FinalTest(dict):
    """The Score of each model, by name.

    Attributes:
        digits: the (images, labels) pair of test digits that they were all scored on.
    """

    def __init__(self, scores, digits):
        super().__init__(scores)
        self.digits = digits


def final_test(models, digits, prepare=None):
    """Open the test digits once and score every model that the page compares on them.

    Each model first reads a few validation digits, and what it shows then is not displayed: a wrong
    model is named while the test digits are still closed.

    Args:
        models: dict from a name to a model, as in `read_digits`.
        digits: what `data.load_digits()` returned.
        prepare: as in `score`.

    Returns:
        FinalTest: a dict from each name to its Score; `.digits` holds the test digits, for looking
        at what was read wrong.

    Raises:
        ValueError: no model, one whose output is not what `read_digits` needs, or what `score`
            refuses; the test digits are then not opened.
        RuntimeError: COURSE_SEALED is set; the test digits are not opened.
    """
    if os.environ.get("COURSE_SEALED"):
        raise RuntimeError(
            "The test digits are sealed: COURSE_SEALED is set, so that recipes are chosen on "
            "validation digits. Unset it for the final test."
        )
    checks.by_name(models, "models", "a model")
    if not hasattr(digits, "validation") or not hasattr(digits, "source"):
        raise ValueError(f"digits must be what load_digits() returned; got {_said(digits)}.")
    with capture_output():
        for name, model in models.items():
            # A whole batch for `predict`: TensorFlow compiles it anew for another number of digits.
            count = BATCH if hasattr(model, "predict") else TRIAL
            few = [part[:count] for part in digits.validation]
            score(model, few, digits.source, prepare, name)
    test = digits.test
    scores = {
        name: score(model, test, digits.source, prepare, name) for name, model in models.items()
    }
    return FinalTest(scores, test)


class Difference(NamedTuple):
    """How much better one recipe is than another: the mean over seeds, and its interval.

    As text: in points, and what it says of accuracies from 0 to 1.
    """

    mean: float
    low: float
    high: float
    confidence: float = 0.95

    @property
    def word(self):
        """What the interval says of accuracies, by the course's rule.

        "helps" and "hurts" where it lies above or below zero, "does not help" where it leaves no
        room for a gain of GAIN, else "cannot tell".
        """
        if self.low > 0:
            return "helps"
        if self.high < 0:
            return "hurts"
        return "does not help" if self.high < GAIN else "cannot tell"

    @property
    def verdict(self):
        """`word` as a sentence."""
        if self.word == "cannot tell":
            return "These seeds cannot tell."
        return f"It {self.word}."

    def __str__(self):
        mean, low, high = (f"{100 * value:+.2f}" for value in self[:3])
        return f"{mean} points, {100 * self.confidence:g} % interval {low} to {high}: {self.word}"


def difference(recipe, baseline, confidence=0.95):
    """Return by how much a recipe's scores exceed a baseline's, over seeds of each.

    Welch's interval for the difference of two means, which need not spread alike. Source:
    B. L. Welch, "The generalization of 'Student's' problem when several different population
    variances are involved", Biometrika 34 (1947); computed by `scipy.stats.ttest_ind`.

    Args:
        recipe, baseline: two numbers or more each, one a seed, such as accuracies from 0 to 1.
        confidence: float between 0 and 1.

    Returns:
        Difference: (mean, low, high, confidence), the first three in the unit of the numbers.

    Raises:
        ValueError: fewer than two numbers, or one that is not finite; names the argument.
    """
    confidence = _confidence(confidence)
    samples = _seeds(recipe, "recipe"), _seeds(baseline, "baseline")
    mean = float(samples[0].mean() - samples[1].mean())
    if all(np.ptp(sample) == 0 for sample in samples):
        return Difference(mean, mean, mean, confidence)  # no seed differs from another
    test = stats.ttest_ind(*samples, equal_var=False)
    low, high = test.confidence_interval(confidence)
    return Difference(mean, float(low), float(high), confidence)


# Test digits whose label fewer than three of five raters accept, counted from 0. Source: C. G.
# Northcutt and others, "Pervasive label errors in test sets destabilize machine learning
# benchmarks" (2021), the data of https://github.com/cleanlab/label-errors.
DISPUTED = (
    *(947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937),
    *(6651, 6783, 8527, 9679, 9729),
)


class Calibration(NamedTuple):
    """How sure a network is, against how often it is right, in bins of confidence.

    `error` is the expected calibration error, 0 to 1. The others have one entry a bin:
    `confidence`, the mean of the largest probabilities (NaN where the bin is empty), `accuracy`,
    the share read right (likewise), and `counts`, the digits in the bin.
    """

    error: float
    confidence: np.ndarray
    accuracy: np.ndarray
    counts: np.ndarray


def calibration(probabilities, labels, bins=15):
    """Compare how sure a network is of its answers with how often they are right.

    Answers are sorted into equal bins by their probability. The expected calibration error is the
    distance between mean confidence and accuracy in a bin, averaged over bins, each weighted by the
    digits in it. Source: C. Guo and others, "On calibration of modern neural networks" (2017),
    https://arxiv.org/abs/1706.04599; binned by `scipy.stats.binned_statistic`.

    Args:
        probabilities: numbers from 0 to 1 of shape (n, 10); each row sums to 1.
        labels: integers from 0 to 9 of shape (n,), the true digits.
        bins: int, 1 to MOST_BINS.

    Returns:
        Calibration.

    Raises:
        ValueError: an argument of another shape, dtype or range; logits instead of probabilities.
    """
    given = checks.numbers(probabilities, "probabilities", ("n", 10), 0, 1 + 1e-6)
    labels = checks.labels(labels, count=len(given))
    bins = checks.whole(bins, "bins", 1, MOST_BINS)
    sums = given.sum(axis=1)
    if np.abs(sums - 1).max() > 1e-3:
        row = int(np.abs(sums - 1).argmax())
        raise ValueError(
            f"probabilities must sum to 1 in each row; row {row} sums to {sums[row]:.3f}. "
            "keras.ops.softmax makes probabilities of logits."
        )
    sure = np.minimum(given.max(axis=1), 1).astype(np.float64)
    right = given.argmax(axis=1) == labels
    found = stats.binned_statistic(sure, [sure, right], "mean", bins, (0, 1))
    confidence, accuracy = found.statistic
    counts = np.bincount(found.binnumber - 1, minlength=bins)
    distances = np.abs(confidence - accuracy)[counts > 0]
    return Calibration(
        float(distances @ counts[counts > 0] / len(sure)), confidence, accuracy, counts
    )

"""The exercises of page 03b, When training stalls."""

import numpy as np

from helpers.exercises import answers
from helpers.exercises.guesses import guess
from helpers.exercises.messages import figure
from helpers.exercises.turns import turn


@guess(
    low=1,
    unit=" times",
    tries=[
        (5, 4631, "multiply"),
        (20, 4631, "multiply"),
        (1024, 4631, "quarter"),
        (1000000, 4631, "make up for a part"),
        (4600, 4631, "as good as exact"),
    ],
)
def shrinkage(guessed, measured):
    """How many times smaller the gradient is at the front of five sigmoid layers than at the end.

    (They add up?)
    """
    if guessed < 100:
        return (
            "The losses of the layers do not add up, they multiply: a quarter of a quarter of a "
            "quarter, and so on."
        )
    if guessed > 5 * measured:
        return (
            "Five quarters, multiplied, are 1 in 1,024. Weights and inputs can make up for a part "
            "of it, or add to it; here they add some, and not as much as you guessed."
        )
    return (
        "Five quarters, multiplied, are 1 in 1,024. The slopes are a little below a quarter, the "
        "last table of weights makes the error smaller, and the pixels are smaller than what "
        "sigmoids give: that makes the rest."
    )


@guess(
    choices=("it learns", "it stays stuck"),
    tries=[
        ("it stays stuck", "it learns", "chance is not needed"),
        ("it learns", "it learns", "different from one another"),
        ("It learns.", "it stays stuck", "different from one another"),
    ],
)
def sine_start(guessed, measured):
    """Whether a network learns whose first weights are a sine wave (must a start be random?)."""
    if guessed != measured == "it learns":
        return "Neurons must start different; chance is not needed. Each has a wave of its own."
    return "The neurons start different from one another. That is all that chance is needed for."


@turn(
    given="import numpy as np",
    stub='''\
def safe_loss(scores, true):
    """−ln of the softmax probability of class `true`; scores may be as large as they like."""
    shifted = scores - ...
    return ...
''',
    solution_code='''\
def safe_loss(scores, true):
    """−ln of the softmax probability of class `true`; scores may be as large as they like."""
    shifted = scores - np.max(scores)
    return np.log(np.sum(np.exp(shifted))) - shifted[true]
''',
    hints=[
        "Softmax does not change when the same number is taken from all scores. Which number makes "
        "sure that no power is too large, and at least one is not too small?",
        "Take the largest score away: `np.max(scores)`. Then the largest power is e⁰ = 1.",
        "On paper, −ln(e^s / Σ) = ln(Σ) − s, with s the true class's shifted score and Σ the sum "
        "of the powers of all of them.",
    ],
    then="The sum of the powers is at least 1 now, so its logarithm is never −∞; and no power is "
    "larger than 1, so none overflows. This is what `from_logits=True` does inside Keras.",
    right=[
        "def safe_loss(scores, true):\n"
        "    top = max(scores)\n"
        "    return float(top + np.log(np.exp(scores - top).sum()) - scores[true])",
        "safe_loss = lambda s, t: np.logaddexp.reduce(s - s[t])",
        "def safe_loss(scores, true):\n"
        "    shifted = scores - scores.max()\n"
        "    return -(shifted[true] - np.log(np.sum(np.exp(shifted))))",
    ],
    wrong={
        "def safe_loss(scores, true):\n"
        "    return np.log(np.sum(np.exp(scores))) - scores[true]": "overflows",
        "def safe_loss(scores, true):\n"
        "    p = np.exp(scores - scores.max())\n"
        "    return -np.log(p[true] / p.sum())": "rounded to 0",
        "def safe_loss(scores, true):\n"
        "    s = scores - scores.max()\n"
        "    return np.log(np.sum(np.exp(s))) - scores[true]": "shifted on one side only",
        "def safe_loss(scores, true):\n"
        "    s = scores - scores.max()\n"
        "    return s[true] - np.log(np.sum(np.exp(s)))": "sign",
        "def safe_loss(scores, true):\n"
        "    s = scores - scores.max()\n"
        "    return np.log(np.sum(np.exp(s)))": "true class's score is missing",
        "def safe_loss(scores, true):\n"
        "    s = scores - scores.mean()\n"
        "    return np.log(np.sum(np.exp(s))) - s[true]": "overflows",
        "safe_loss = lambda s, t: np.log(np.sum(np.exp(s - s[t])))": "overflows",
        "def safe_loss(scores, true):\n"
        "    p = np.exp(scores - scores.max())\n"
        "    return p[true] / p.sum()": "probability itself",
        "safe_loss = lambda s, t: 150.0": "should be",
        "safe_loss = lambda s, t: np.log(np.sum(np.exp(np.longdouble(s)))) - s[t]": "overflows",
        "safe_loss = lambda s, t: np.logaddexp.reduce(s - s.max()) + s[t] - s.max()": "is added",
        "safe_loss = lambda s, t: np.logaddexp.reduce(s - s[t]) / np.log(2)": "base 2",
        "safe_loss = lambda s, t: np.logaddexp.reduce(s - s[t]) / np.log(10)": "base 10",
        "safe_loss = lambda s, t: np.log(-np.exp(s[t]))": "of a negative number",
    },
)
def safe_loss(safe_loss):
    """Cross-entropy from scores of any size."""
    with np.errstate(all="ignore"):
        for scores, true in CASES:
            if wrong := _safe_loss(safe_loss, np.array(scores), true):
                return wrong
    return None


CASES = (  # ordinary scores; powers that are too large; a probability that is too small
    ((0.0, 1.0, 3.0), 1),
    ((1000.0, 0.0), 0),
    ((30_000.0, 0.0, 0.0, 0.0, 0.0), 0),  # too large for 80 bits too
    ((1000.0, 0.0, -1000.0), 2),
    ((-1000.0, -1001.0), 0),
)


def _safe_loss(function, scores, true):
    """What is wrong with a loss of some scores, or None."""
    found = answers.call(function, scores, true, name="`safe_loss`")
    case = f"For the scores {'; '.join(map(figure, scores))} and true class {true}"
    if not _is_finite(found):
        if np.abs(scores).max() < 10:
            return (
                f"{case} your loss is {found}. Is a logarithm taken of 0 or of a negative number?"
            )
        if true == np.argmax(scores):
            return f"{case} a power overflows, or all are 0. Take the largest score away first."
        return (
            f"{case} a power overflows, or a probability is rounded to 0. Take the largest score "
            "away first, and do the logarithm of the fraction on paper."
        )
    shifted = scores - scores.max()
    total = np.log(np.exp(shifted).sum())
    right = total - shifted[true]
    mistakes = {
        "It has the wrong sign: a loss is never negative.": -right,
        "It is the probability itself; the loss is −ln of it.": np.exp(-right),
        "The scores are shifted on one side only. Use `shifted` for the true class too.": (
            total - scores[true]
        ),
        "The true class's score is missing: subtract it.": total,
        "The true class's score is added: subtract it.": total + shifted[true],
        "Its logarithm has the base 2. ln, with the base e, is `np.log`.": right / np.log(2),
        "Its logarithm has the base 10. ln, with the base e, is `np.log`.": right / np.log(10),
    }
    found = answers.number(found, "what `safe_loss` returns")
    return answers.compare(found, right, mistakes, f"{case} the loss should be {figure(right)}.")


def _is_finite(found):
    """False for one number that is infinite or NaN; the rest is for `answers` to judge."""
    try:
        return bool(np.isfinite(float(found)))
    except Exception:  # whatever a reader's answer does
        return True

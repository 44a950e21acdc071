"""The exercises of chapter 02, One layer."""

from helpers.exercises import answers
from helpers.exercises.guesses import guess
from helpers.exercises.messages import figure
from helpers.exercises.turns import turn


@guess(
    low=0,
    high=1,
    tries=[
        (0.665, 0.66524, "as good as exact"),
        (1, 0.66524, "sure of itself"),
        (0.34, 0.66524, "nearly equal"),
        (0.33, 0.66524, "nearly equal"),
        (0.9, 0.66524, "differences"),
    ],
)
def a_hundred_more(guessed, measured):
    """The first probability once 100 is added to all three logits (are logits absolute?)."""
    reveals = [
        (0.3, 0.4, "102, 101 and 100 look nearly equal, and as shares of their sum they are."),
        (0.95, 1, "A large logit does not make softmax sure of itself; a large lead would."),
    ]
    why = [text for low, high, text in reveals if low <= guessed <= high]
    return " ".join([*why, "Only the differences between logits count, and they have not changed."])


@guess(
    low=0,
    tries=[
        (2.3, 2.3026, "as good as exact"),
        (0, 2.3026, "sure and right"),
        (0.1, 2.3026, "probability of each digit"),
        (0.69, 2.3026, "two equally likely classes"),
        (0.9, 2.3026, "share of wrong answers"),
        (10, 2.3026, "sure and wrong"),
        (1.7, 2.3026, "whatever the digits are"),
    ],
)
def first_loss(guessed, measured):
    """The loss of ten neurons whose weights are all zero (any number will do?)."""
    reveals = [
        (0, 0.05, "A loss of 0 means sure and right each time; this network knows nothing yet."),
        (0.09, 0.11, "One tenth is the probability of each digit, and the loss is −ln of it."),
        (0.65, 0.75, "−ln(1/2) is the loss of two equally likely classes; here there are ten."),
        (0.85, 0.95, "Nine tenths is the share of wrong answers. The loss looks at probabilities."),
        (5, float("inf"), "A loss so high means sure and wrong. Here no digit is preferred."),
    ]
    why = [text for low, high, text in reveals if low <= guessed <= high]
    return " ".join([*why, "Ten equal scores give −ln(1/10) = ln 10, whatever the digits are."])


@turn(
    given="import numpy as np",
    stub='''\
def one_step(weight, pixel, probability, truth, rate):
    """The weight after one step; truth is 1 for the true class's score, else 0."""
    gradient = ...
    return ...
''',
    solution_code='''\
def one_step(weight, pixel, probability, truth, rate):
    """The weight after one step; truth is 1 for the true class's score, else 0."""
    gradient = (probability - truth) * pixel
    return weight - rate * gradient
''',
    hints=[
        "The error of a score is its probability, minus 1 if the score is the true class's.",
        "The gradient of the weight is error × pixel: `(probability - truth) * pixel`.",
        "A positive gradient means that the loss rises with the weight. So the new weight is the "
        "old one minus rate × gradient.",
    ],
    then="The step goes *against* the gradient. In the example, a rate of 0.1 takes the weight of "
    "neuron 1 from 2 to 2.0378. Its score rises from 1 to 1.0189, and the loss falls from 1.4076 "
    "to 1.3934.",
    right=[
        "one_step = lambda w, x, p, t, r: w + r * (t - p) * x",
        "def one_step(weight, pixel, probability, truth, rate):\n"
        "    error = probability - 1 if truth else probability\n"
        "    return np.array([weight - rate * error * pixel], dtype='float32')",
    ],
    wrong={
        "one_step = lambda w, x, p, t, r: w + r * (p - t) * x": "uphill",
        "one_step = lambda w, x, p, t, r: w - r * (t - p) * x": "uphill",
        "one_step = lambda w, x, p, t, r: w - r * (p - t)": "leaves out the pixel",
        "one_step = lambda w, x, p, t, r: w - r * (1 - x) * (p - t)": "The weight should go",
        "one_step = lambda w, x, p, t, r: w - r * p * x": "pushes the true class down",
        "one_step = lambda w, x, p, t, r: (p - t) * x": "gradient itself",
        "one_step = lambda w, x, p, t, r: -r * (p - t) * x": "step alone",
        "one_step = lambda w, x, p, t, r: w - (p - t) * x": "leaves out the rate",
        "one_step = lambda w, x, p, t, r: w - r * (p - 1) * x": "every score as the true class",
        "one_step = lambda w, x, p, t, r: 0.2378": "The weight should go",
        "one_step = lambda w, x, p, t, r: w": "The weight should go",
        "one_step = lambda w, x, p, t, r: w - 0.1 * (p - t) * x": "The weight should go",
        "one_step = lambda w, x, p, t, r: w - r * (p - t) * 0.8": "The weight should go",
        "one_step = lambda w, x, p, t, r: 0.2 - r * (p - t) * x": "The weight should go",
    },
)
def one_step(one_step):
    """One step of one weight: the error, times the pixel, against the gradient."""
    cases = ((0.2, 0.8, 0.2447, 1, 0.1), (-0.5, 0.3, 0.6652, 0, 0.4))
    for weight, pixel, probability, truth, rate in cases:
        result = answers.call(one_step, weight, pixel, probability, truth, rate, name="`one_step`")
        error = probability - truth
        right = weight - rate * error * pixel
        mistakes = {
            "It steps along the gradient, uphill, and the loss grows. Look at both signs: the "
            "error is probability − truth, and the step goes against it.": 2 * weight - right,
            "It leaves out the pixel. A weight moves its score by the value of its pixel.": (
                weight - rate * error
            ),
            "It pushes the true class down, as if it were one of the others. Where truth is 1, "
            "subtract 1 from the probability.": weight - rate * probability * pixel,
            "It treats every score as the true class's. Where truth is 0, nothing is subtracted "
            "from the probability.": weight - rate * (probability - 1) * pixel,
            "It returns the gradient itself. The step starts from the weight.": error * pixel,
            "It returns the step alone. Add it to the weight.": right - weight,
            "It leaves out the rate, and steps by the whole gradient.": weight - error * pixel,
        }
        wrong = answers.compare(
            answers.number(result, "what `one_step` returns"),
            right,
            mistakes,
            f"The weight should go from {figure(weight)} to {figure(right)} when the pixel is "
            f"{pixel}, the "
            f"probability {probability}, truth {truth} and the rate {rate}.",
        )
        if wrong:
            return wrong
    return None

"""The exercises of chapter 08, Your own digits."""

import numpy as np

from helpers.exercises import answers
from helpers.exercises.guesses import guess
from helpers.exercises.turns import turn


@guess(
    choices=("inversion", "box", "centring"),
    tries=[
        ("inversion", "inversion", "never saw"),
        ("box", "inversion", "Right size"),
        ("centring", "inversion", "pixel or two"),
        ("centring", "box", "small strokes"),
    ],
)
def left_out(guessed, measured):
    """The step whose absence costs the most digits (is resizing enough?)."""
    why = {
        "inversion": "Ink as small numbers on large ones is a picture of a kind that it never saw.",
        "box": "Shrunk with its whole page, a digit becomes a few small strokes.",
        "centring": "The digit moves to a place where the network rarely met it.",
    }
    missed = {
        "inversion": "",
        "box": "Right size or not, the shape of the ink is still there. ",
        "centring": "Centring moves a digit by a pixel or two, and moves were part of the "
        "training. ",
    }
    return ("" if guessed == measured else missed[guessed]) + why[measured]


@guess(
    unit=" %",
    low=0,
    high=100,
    tries=[
        (0, 86, "add up to 100 %"),
        (10, 86, "add up to 100 %"),
        (50, 86, "not how much it knows"),
        (90, 88, "not how much it knows"),
        (50, 45, "not how much it knows"),
    ],
)
def sure_of_an_a(guessed, measured):
    """The highest of the ten probabilities for a letter A (is a probability knowledge?)."""
    low = "Ten probabilities always add up to 100 %: there is no place for *none of these*. "
    why = low if guessed < 20 else ""
    return (
        f"{why}The number says which of the ten is most like it, given that it is one of them; it "
        "is not how much it knows."
    )


@turn(
    given="import numpy as np",
    stub='''\
def total_cost(threshold, sure, right, per_mistake, per_refusal):
    """What it costs to read some pictures and to refuse those below the threshold."""
    refused = sure < threshold
    mistakes = ...
    return ...
''',
    solution_code='''\
def total_cost(threshold, sure, right, per_mistake, per_refusal):
    """What it costs to read some pictures and to refuse those below the threshold."""
    refused = sure < threshold
    mistakes = ~refused & ~right
    return per_mistake * mistakes.sum() + per_refusal * refused.sum()
''',
    hints=[
        "Each picture costs one of three amounts: `per_refusal` where it is refused, `per_mistake` "
        "where it is accepted and wrong, and nothing where it is accepted and right.",
        "`~refused` is True for the pictures that were accepted, `~right` for those read wrong, "
        "and `&` asks for both.",
        "`mistakes = ~refused & ~right`. Then multiply each number of pictures, `.sum()`, by its "
        "price, and add.",
    ],
    then="A high threshold buys fewer mistakes with more refusals, and the prices say where to "
    "stop. So 0.9 is not a natural threshold, and neither is any other number: it depends on what "
    "each costs you, and on how sure this network tends to be.",
    right=[
        "def total_cost(threshold, sure, right, per_mistake, per_refusal):\n"
        "    cost = 0\n"
        "    for chance, good in zip(sure, right):\n"
        "        if chance < threshold:\n"
        "            cost += per_refusal\n"
        "        elif not good:\n"
        "            cost += per_mistake\n"
        "    return cost",
        "total_cost = lambda t, s, r, m, f: float(np.where(s < t, f, np.where(r, 0, m)).sum())",
    ],
    wrong={
        "total_cost = lambda t, s, r, m, f: m * (~r).sum() + f * (s < t).sum()": "refused too",
        "total_cost = lambda t, s, r, m, f: m * (~r & (s >= t)).sum()": "are free",
        "total_cost = lambda t, s, r, m, f: f * (s < t).sum()": "Mistakes are free",
        "total_cost = lambda t, s, r, m, f: "
        "m * (~r & (s >= t)).sum() + f * (~r & (s < t)).sum()": "would have been right",
        "total_cost = lambda t, s, r, m, f: f * (~r & (s >= t)).sum() + m * (s < t).sum()": (
            "exchanged"
        ),
        "total_cost = lambda t, s, r, m, f: m * (~r & (s >= t)).mean() + f * (s < t).mean()": (
            "one picture"
        ),
        "total_cost = lambda t, s, r, m, f: m * (r & (s >= t)).sum() + f * (s < t).sum()": (
            "read right"
        ),
        "total_cost = lambda t, s, r, m, f: 7": "should cost",
    },
)
def total_cost(total_cost):
    """The price of mistakes that pass and of digits that are refused (0.9 is natural)."""
    sure = np.array([0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.55, 0.4])
    right = np.array([True, True, True, False, True, False, True, False])
    for threshold, per_mistake, per_refusal in ((0.58, 20, 1), (0.85, 50, 3)):
        given = threshold, sure, right, per_mistake, per_refusal
        found = answers.number(
            answers.call(total_cost, *given, name="`total_cost`"), "what `total_cost` returns"
        )
        refused = sure < threshold
        passed, all_wrong = (~refused & ~right).sum(), (~right).sum()
        expected = per_mistake * passed + per_refusal * refused.sum()
        mistakes = {
            "It charges for wrong answers that were refused too: those never leave the house.": (
                per_mistake * all_wrong + per_refusal * refused.sum()
            ),
            "Refusals are free in it. A person has to read each of those pictures.": (
                per_mistake * passed
            ),
            "Mistakes are free in it. Count the pictures that are accepted and read wrong.": (
                per_refusal * refused.sum()
            ),
            "It charges only for refused pictures that were read wrong. A refused picture costs "
            "the same where it would have been right.": (
                per_mistake * passed + per_refusal * (refused & ~right).sum()
            ),
            "The two prices are exchanged.": per_refusal * passed + per_mistake * refused.sum(),
            "It is the cost of one picture on average. Add up all of them.": expected / len(sure),
            "It charges for pictures that were read right. `~right` turns the answer round.": (
                per_mistake * (~refused & right).sum() + per_refusal * refused.sum()
            ),
        }
        wrong = answers.compare(
            found,
            expected,
            {why: cost for why, cost in mistakes.items() if cost != expected},
            f"At a threshold of {threshold}, {passed} wrong answers pass at {per_mistake} each and "
            f"{refused.sum()} are refused at {per_refusal} each, so that it should cost "
            f"{expected}.",
        )
        if wrong:
            return wrong
    return None

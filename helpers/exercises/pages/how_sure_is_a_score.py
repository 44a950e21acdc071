"""The exercises of page 07b, How sure is a score?"""

import numpy as np
from scipy import stats

from helpers.exercises import answers
from helpers.exercises.guesses import guess
from helpers.exercises.turns import turn


@guess(
    unit=" digits",
    low=1,
    tries=[
        (10000, 76448, "the width that you have"),
        (28000, 76448, "square"),
        (30000, 76448, "square"),
        (76000, 76448, "as good as exact"),
        (80000, 76448, "square"),
        (1000000, 76448, "as many as that"),
    ],
)
def digits_needed(guessed, measured):
    """Digits for an interval of ±0.05 points, where 10,000 give ±0.14 (width goes as 1/n?)."""
    if guessed <= 12_000:
        return "10,000 digits give ±0.14: that is the width that you have."
    if guessed > 3 * measured:
        return "Not quite as many as that: the width goes with the square root of their number."
    return (
        "The width falls only with the square root of the number of digits: for a third of the "
        "width, nine times as many."
    )


@guess(
    unit=" %",
    low=0,
    high=100,
    tries=[
        (5, 11.6, "for a single look"),
        (15, 11.6, "share most of their seeds"),
        (14.3, 11.6, "share most of their seeds"),
        (10, 11.6, "another chance"),
        (60, 11.6, "at most three times"),
    ],
)
def three_looks(guessed, measured):
    """How often an effect is found where none is, looking after 5, 8 and 20 seeds (5 %?)."""
    if guessed <= 6:
        return "5 % is the promise for a single look. Each further look is another chance to err."
    if guessed > 16:
        return "Three looks err at most three times as often as one, 15 %."
    if guessed > 13:
        return (
            "Three separate experiments would give about that. These looks share most of their "
            "seeds, so they often agree."
        )
    return "Each look is another chance to err; the looks share seeds, so it stays below 15 %."


# A wrong answer: the stub with something else counted.
BINOMIAL = """\
def mcnemar(first, second):
    only_first = int({})
    only_second = int({})
    return stats.binomtest(only_first, only_first + only_second).pvalue
"""


def _two_sided(wins, losses):
    return stats.binomtest(wins, wins + losses).pvalue


def _cases():
    """Pairs of networks: who reads 400 digits right, with different disagreements."""
    random = np.random.default_rng(7)
    for only_first, only_second, both in ((30, 12, 300), (9, 20, 350)):
        first, second = np.zeros((2, 400), bool)
        first[: only_first + both] = True
        second[only_first : only_first + both + only_second] = True
        order = random.permutation(400)
        yield first[order], second[order]


@turn(
    given="import numpy as np\nfrom scipy import stats",
    stub='''\
def mcnemar(first, second):
    """The p-value of two networks; each array says, digit by digit, whether it was right."""
    only_first = ...
    only_second = ...
    return stats.binomtest(only_first, only_first + only_second).pvalue
''',
    solution_code='''\
def mcnemar(first, second):
    """The p-value of two networks; each array says, digit by digit, whether it was right."""
    only_first = int((first & ~second).sum())
    only_second = int((second & ~first).sum())
    return stats.binomtest(only_first, only_first + only_second).pvalue
''',
    hints=[
        "Digits that both read right, or both wrong, say nothing. Count the others, in two piles.",
        "For arrays of True and False, `first & second` is True where both are, and `~second` "
        "where the second is not.",
        "`first & ~second` marks the digits that the first alone reads right. `.sum()` counts "
        "them, and `int(…)` makes an ordinary whole number of the count.",
    ],
    then="Only the digits that one of the two reads right count: each is a toss of a coin that "
    "is fair if the networks are equally good.",
    right=[
        "def mcnemar(first, second):\n"
        "    a, b = int(np.sum(first > second)), int(np.sum(second > first))\n"
        "    return stats.binomtest(b, a + b).pvalue",
        "def mcnemar(first, second):\n"
        "    wins = sum(1 for a, b in zip(first, second) if a and not b)\n"
        "    losses = sum(1 for a, b in zip(first, second) if b and not a)\n"
        "    return min(1, 2 * stats.binom.cdf(min(wins, losses), wins + losses, 0.5))",
    ],
    wrong={
        BINOMIAL.format("first.sum()", "second.sum()"): "all the digits that it reads right",
        BINOMIAL.format("(~second).sum()", "(~first).sum()"): "that the other reads wrong",
        "mcnemar = lambda a, b: stats.ttest_ind(a, b).pvalue": "as if each network had read",
        "mcnemar = lambda a, b: stats.binomtest(int((a & ~b).sum()), len(a)).pvalue": (
            "digits on which the two agree"
        ),
        "mcnemar = lambda a, b: stats.binomtest(int((a > b).sum()), int((a != b).sum()), "
        "alternative='greater').pvalue": "one side only",
        "mcnemar = lambda a, b: stats.binomtest(int((a & b).sum()), int((a | b).sum())).pvalue": (
            "The p-value should be"
        ),
        "mcnemar = lambda a, b: stats.binomtest(int((a > b).sum()), int((a != b).sum()))": (
            "must be"
        ),
        "mcnemar = lambda a, b: (int((a & ~b).sum()), int((b & ~a).sum()))": "must be one number",
    },
)
def mcnemar(mcnemar):
    """McNemar's test of two networks on the same digits (do all digits count?)."""
    for first, second in _cases():
        result = answers.call(mcnemar, first, second, name="`mcnemar`")
        wins, losses = int((first & ~second).sum()), int((second & ~first).sum())
        right, n = stats.binomtest(wins, wins + losses).pvalue, len(first)
        scores = int(first.sum()), int(second.sum())
        mistakes = {
            "It counts, for each network, all the digits that it reads right. Most of them the "
            "other reads right too, and those say nothing.": _two_sided(*scores),
            "It counts the digits that the other reads wrong. Some of those it reads wrong itself: "
            "count only those that it reads right.": _two_sided(n - scores[1], n - scores[0]),
            "It compares the two scores as if each network had read digits of its own. They read "
            "the same digits: count those on which they differ.": float(
                stats.ttest_ind(first, second).pvalue
            ),
            "It tosses the coin for every digit, also for the digits on which the two agree.": (
                stats.binomtest(wins, n).pvalue
            ),
            "It looks at one side only: that the first is the better one. Either might be.": (
                stats.binomtest(wins, wins + losses, alternative="greater").pvalue
            ),
        }
        wrong = answers.compare(
            answers.number(result, "what `mcnemar` returns"),
            right,
            mistakes,
            f"The p-value should be {right:.3g} where the first alone reads {wins} digits right, "
            f"the second alone {losses}, of {n}.",
        )
        if wrong:
            return wrong
    return None

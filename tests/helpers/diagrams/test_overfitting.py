"""Drawings of page 05."""

import itertools

import pytest
from matplotlib.patches import Circle

from helpers.diagrams import overfitting as diagrams
from helpers.evaluation import Difference
from tests.figures import check

WIDTHS, STRUCK = (2, 3, 4, 2), [[[1], [0, 3]], [[], [2]]]
DIFFERENCES = {
    "one cure": Difference(0.003, 0.001, 0.005),
    "another": Difference(-0.005, -0.007, -0.003),
    "a third": Difference(0.0005, -0.002, 0.003),
    "a fourth": Difference(0.0, -0.0005, 0.0005),
}


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (
            lambda: diagrams.dropout_networks(WIDTHS, STRUCK),
            ["training, image 2", "prediction: all neurons"],
        ),
        (
            lambda: diagrams.effects({"many": DIFFERENCES, "few": DIFFERENCES}, "points"),
            ["many", "few", "one cure", "helps", "hurts", "cannot tell", "does not help", "points"],
        ),
        (  # where they were measured, and without exponents
            lambda: diagrams.over_seeds(
                {0.00003: [0.91, 0.93], 0.01: [0.97], 55_000: [0.98]}, "x", "y"
            ),
            ["0.00003", "0.01", "55,000", "one seed", "mean"],
        ),
        (
            lambda: diagrams.over_seeds({1: [0.1], 10: [0.012]}, "x", "y", factors=True),
            ["2 %", "5 %", "10 %"],
        ),
    ],
)
def test_figures_say_what_they_show(figure, said):
    check(figure(), *said)


def test_struck_neurons_are_crossed_and_lose_their_connections():
    axes = diagrams.dropout_networks(WIDTHS, STRUCK).axes
    for axis, out in zip(axes, [*STRUCK, [[], []]], strict=True):
        circles = [patch for patch in axis.patches if isinstance(patch, Circle)]
        crosses = [line for line in axis.lines if line.get_marker() == "x"]
        left = [2, 3 - len(out[0]), 4 - len(out[1]), 2]
        connections = sum(a * b for a, b in itertools.pairwise(left))
        assert len(circles) == sum(WIDTHS)
        assert len(crosses) == len(out[0]) + len(out[1])
        assert len(axis.lines) - len(crosses) == connections


def test_what_the_seeds_can_tell_is_filled():
    (axis,) = diagrams.effects({"digits": DIFFERENCES}, "points").axes
    marks = [line for line in axis.lines if line.get_marker() == "o"]
    told = [line.get_markerfacecolor() != "white" for line in marks]
    assert told == [True, True, False, False]
    assert [line.get_xdata()[0] for line in marks] == pytest.approx([0.3, -0.5, 0.05, 0])

"""Drawings of page 05."""

import itertools

import pytest
from matplotlib.patches import Circle

from helpers.diagrams import overfitting as diagrams
from tests.figures import check, written

WIDTHS, STRUCK = (2, 3, 4, 2), [[[1], [0, 3]], [[], [2]]]


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (
            lambda: diagrams.dropout_networks(WIDTHS, STRUCK),
            ["training, image 2", "prediction: all neurons"],
        ),
        (lambda: diagrams.sums([0, 0.5, 1], [0.4, -0.2, 3], [2, 0, 1]), ["shuffled alike"]),
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


def test_both_sums_have_the_same_terms_and_the_same_total():
    texts = written(diagrams.sums([0, 0.5, 1], [0.4, -0.2, 3], [2, 0, 1]))
    terms = [text for text in texts if "×" in text]
    assert terms == ["0 × 0.4", "0.5 × (−0.2)", "1 × 3", "1 × 3", "0 × 0.4", "0.5 × (−0.2)"]
    assert texts.count("2.9") == 2

"""Drawings of page 04."""

import numpy as np
import pytest

from helpers.diagrams import learning_rate as diagrams
from tests.figures import check

PATHS = {"slow": np.array([0.0, 1.0, 2.0]), "fast": np.array([0.0, 7.0, -2.0])}
NAN = float("nan")


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (lambda: diagrams.walks(lambda w: (w - 3) ** 2, PATHS), ["slow", "after 2 steps"]),
        (
            lambda: diagrams.tries({"SGD": {0.1: 0.4, 1: NAN}, "Adam": {0.001: 0.2}}, "loss"),
            ["SGD", "Adam", "0.001", "1", "not a number", "0.2"],
        ),
    ],
)
def test_figures_say_what_they_show(figure, said):
    check(figure(), *said)


def test_a_loss_that_is_no_number_stands_on_the_edge_and_hollow():
    (axis,) = diagrams.tries({"SGD": {0.1: 0.4, 1: NAN}}, "loss").axes
    known, unknown = axis.lines
    assert list(known.get_xdata()) == [0.1] and list(unknown.get_xdata()) == [1]
    assert unknown.get_ydata()[0] == axis.get_ylim()[1]
    assert unknown.get_markerfacecolor() == "white"

"""Drawings of page 03."""

import numpy as np
import pytest

from helpers.diagrams import going_deep as diagrams
from tests.figures import check

POINTS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
HIDDEN = np.array([[0, 0], [1, 0], [1, 0], [2, 1]])
SPACES = {"classes": [0, 1, 1, 0], "weights": [1, -2], "bias": -0.5}
WALK = np.column_stack([np.linspace(-1, 0, 9), np.linspace(0.5, 0, 9)])


def bowl(x, y):
    return x**2 + y**2


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (lambda: diagrams.two_spaces(POINTS, HIDDEN, **SPACES), ["(0, 1)\n(1, 0)", "score = 0"]),
        (
            lambda: diagrams.network([20, 3, 2], ["in", "hidden", "out"]),
            ["in\n20", "60 weights\n+ 3 biases", "6 weights\n+ 2 biases", "…"],
        ),
        (lambda: diagrams.strokes_and_digits(), ["pixels", "a top line", "a 7", "a 4"]),
        (lambda: diagrams.activations(), ["sigmoid", "tanh", "ReLU", "at most 1/4"]),
        (
            lambda: diagrams.backpropagation(["3 neurons", "2 scores"]),
            ["digits", "3 neurons", "loss"],
        ),
        (lambda: diagrams.paths({"a bowl": (bowl, {"one": WALK})}), ["a bowl", "one", "start"]),
        (
            lambda: diagrams.depth_costs([784, 200, 60, 10]),
            ["156,800", "12,000", "600", "7,840", f"{784 * 200 + 200 * 200 + 2000:,}"],
        ),
    ],
)
def test_figures_say_what_they_show(figure, said):
    check(figure(), *said)


def test_the_cut_goes_between_the_classes():
    line = diagrams.two_spaces(POINTS, HIDDEN, **SPACES).axes[1].lines[-1]
    cut = np.interp(HIDDEN[:, 0], *line.get_data())
    assert np.array_equal(HIDDEN[:, 1] < cut, [False, True, True, False])


def test_slopes_are_those_of_the_curves():
    values, slopes = diagrams.activations().axes
    for curve, slope in zip(values.lines[:3], slopes.lines[:3], strict=True):
        x, y = curve.get_data()
        away = np.abs(x) > 0.1  # ReLU's corner
        assert np.allclose(np.gradient(y, x)[away], slope.get_ydata()[away], atol=2e-3)

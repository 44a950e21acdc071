"""Drawings of page 03b."""

import numpy as np
import pytest

from helpers.diagrams import when_training_stalls as diagrams
from tests.figures import check

DOWN = np.column_stack([np.linspace(-4, 0, 9), np.linspace(0.8, 0, 9)])
ACROSS = np.column_stack([np.linspace(-2, 0, 30), np.geomspace(0.01, 1, 30)])


def valley(x, y):
    return (x**2 + 100 * y**2) / 2


def saddle(x, y):
    return (x**2 - y**2) / 2 + y**4 / 4


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (diagrams.slopes, ["sigmoid", "tanh", "ReLU", "sigmoid: at most 1/4"]),
        (lambda: diagrams.walks(valley, {"plain": DOWN, "Adam": DOWN}), ["plain", "Adam", "start"]),
        (lambda: diagrams.pass_crossed(saddle, ACROSS), ["start", "the pass", "step", "height"]),
    ],
)
def test_figures_say_what_they_show(figure, said):
    check(figure(), *said)


def test_slopes_are_those_of_the_curves():
    sigmoid, tanh, relu = diagrams.slopes().axes[0].lines
    x = sigmoid.get_xdata()
    for line, values in ((sigmoid, 1 / (1 + np.exp(-x))), (tanh, np.tanh(x)), (relu, x * (x > 0))):
        away = np.abs(x) > 0.1  # ReLU's corner
        assert np.allclose(np.gradient(values, x)[away], line.get_ydata()[away], atol=2e-3)


def test_both_low_places_beside_the_pass_are_in_view():
    low, high = diagrams.pass_crossed(saddle, ACROSS).axes[0].get_ylim()
    assert low < -1 and high > 1

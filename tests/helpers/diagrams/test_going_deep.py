"""Drawings of page 03."""

import numpy as np
import pytest

from helpers.diagrams import going_deep as diagrams
from tests.figures import check, written

POINTS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
W, B = np.ones((2, 2)), np.array([0.5, -1.5])
HIDDEN = np.maximum(POINTS @ W + B, 0)
SPACES = {"classes": [0, 1, 1, 0], "weights": [1, -4], "bias": -1}


def pushed_back(point, label):
    return diagrams.pushed_back(np.array(point), label, W, B, np.array([1, -0.8]), -1)


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (
            lambda: diagrams.two_spaces(POINTS, HIDDEN, **SPACES),
            ["(1, 1)", "from (1, 1)", "from (0, 1)\nand (1, 0)", "score of the last neuron = 0"],
        ),
        (
            lambda: pushed_back((1, 1), 0),
            [
                "1×1 + 1×1 + 0.5 = 2.5",
                "1×2.5 − 0.8×0.5 − 1 = 1.1",
                "1.387",
                "error\np − 0\n= 0.750",
            ],
        ),
        (
            lambda: pushed_back((1, 0), 1),
            ["ReLU gives 0", "gradients: wx2 0,  wy2 0,", "b2 0", "error\np − 1\n= −0.378"],
        ),
        (
            lambda: diagrams.network([20, 3, 2], ["in", "hidden", "out"]),
            ["in\n20", "60 weights\n+ 3 biases", "6 weights\n+ 2 biases", "…"],
        ),
        (lambda: diagrams.strokes_and_digits(), ["pixels", "a top line", "a 7", "a 4"]),
        (lambda: diagrams.activations(), ["sigmoid", "tanh", "ReLU"]),
    ],
)
def test_figures_say_what_they_show(figure, said):
    check(figure(), *said)


def test_the_cut_goes_between_the_classes():
    line = diagrams.two_spaces(POINTS, HIDDEN, **SPACES).axes[1].lines[-1]
    cut = np.interp(HIDDEN[:, 0], *line.get_data())
    assert np.array_equal(HIDDEN[:, 1] < cut, [False, True, True, False])


@pytest.mark.parametrize(("point", "label"), [((1, 1), 0), ((1, 0), 1), ((0, 1), 1)])
def test_gradients_are_those_of_finite_differences(point, label):
    start = np.array([1, 1, 0.5, 1, 1, -1.5, 1, -0.8, -1])  # wx1 wy1 b1 wx2 wy2 b2 v1 v2 c

    def loss(p):
        hidden = np.maximum([p[:3] @ [*point, 1], p[3:6] @ [*point, 1]], 0)
        score = hidden @ p[6:8] + p[8]
        return np.log1p(np.exp(score)) - label * score

    nudges = 1e-6 * np.eye(9)
    slopes = [(loss(start + nudge) - loss(start - nudge)) / 2e-6 for nudge in nudges]
    words = " ".join(written(pushed_back(point, label))).replace("−", "-").replace(",", "").split()
    for name, slope in zip("wx1 wy1 b1 wx2 wy2 b2 v1 v2 c".split(), slopes, strict=True):
        assert float(words[words.index(name) + 1]) == pytest.approx(slope, abs=6e-4), name

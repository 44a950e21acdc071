"""Drawings of page 02."""

import numpy as np
import pytest

from helpers.diagrams import one_layer as diagrams
from tests.figures import check

POINTS = np.array([[0, 0], [8, 1], [5, 0]])


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (
            lambda: diagrams.neuron_in_the_plane([-1, 1], 5, POINTS),
            ["(0, 0): score 5", "(8, 1): score −2", "(5, 0): score 0"],
        ),
        (lambda: diagrams.exclusive_or(), ["class 0", "class 1"]),
        (
            lambda: diagrams.layer_shapes(),
            ["X (5, 784)", "W (784, 10)", "b (10,)", "scores (5, 10)"],
        ),
        (lambda: diagrams.softmax_bars([2, 1, 0], [0.665, 0.245, 0.09]), ["2", "0.665", "0.090"]),
        (
            lambda: diagrams.valley([0, 8, 16], [2.3, 1.0, 3.0], chosen=4),
            ["start: 2.300", "a step of 4: 1.650", "lowest on this walk: 1.000"],
        ),
    ],
)
def test_figures_say_what_they_show(figure, said):
    check(figure(), *said)


@pytest.mark.parametrize(("weights", "above"), [([-1, 1], "score > 0"), ([-1, -1], "score < 0")])
def test_the_side_of_the_neuron_follows_its_weights(weights, above):
    (axis,) = diagrams.neuron_in_the_plane(weights, 5, POINTS[:1]).axes
    heights = {t.get_text(): t.get_position()[1] for t in axis.texts if " 0" in t.get_text()}
    assert max(heights, key=heights.get) == above

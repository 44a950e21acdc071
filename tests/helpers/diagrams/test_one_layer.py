"""Drawings of page 02."""

import numpy as np
import pytest

from helpers.diagrams import one_layer as diagrams
from tests.figures import check

POINTS = np.array([[0, 0], [8, 1], [5, 0]])
LOGITS = [30, 13, 28.6, 39.7, 32, 35.8, -2, 29, 39.7, 36]
PROBABILITIES = [0, 0, 0, 0.49, 0, 0.01, 0, 0, 0.49, 0.01]
WEIGHTS = np.linspace(-1, 1, 7840).reshape(784, 10)


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (
            lambda: diagrams.neuron_in_the_plane([-1, 1], 5, POINTS),
            ["(0, 0): score 5", "(8, 1): score −2", "(5, 0): score 0"],
        ),
        (
            lambda: diagrams.layer_shapes(),
            ["X (5, 784)", "W (784, 10)", "b (10,)", "scores (5, 10)"],
        ),
        (
            lambda: diagrams.followed(np.eye(28), LOGITS, PROBABILITIES, label=3),
            ["a 3", "39.7", "−2.0", "0.49", "ten probabilities: loss 0.713"],
        ),
        (
            lambda: diagrams.weights_forming(np.ones((10, 784)), {"1 step": WEIGHTS}),
            ["mean image", "1 step", "neuron 9", "+", "−"],
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

"""Drawings of chapter 05: what they write, that it is right, and what they refuse."""

import keras
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from helpers.diagrams import convolutions as diagrams
from tests.figures import written

IMAGE = np.arange(36).reshape(6, 6)
FILTER = np.array([[-1, 0, 1]] * 3)
NETWORK = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        keras.layers.Conv2D(4, 3, strides=2, padding="same"),
        keras.layers.Conv2D(6, 3),
        keras.layers.Flatten(),
        keras.layers.Dense(10),
    ]
)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (diagrams.sliding_filter(IMAGE, FILTER, [(0, 1)]), ["lands at row 0, column 1"]),
        (diagrams.windows([(3, 1, "valid")]), ["5 → 3", "padding valid, stride 1"]),
        (diagrams.pooling(IMAGE), ["max pooling", "average pooling", "35"]),
        (diagrams.filter_on_channels(), ["4 × 4 × 3 = 48 weights\nand 1 bias", "5 filters"]),
        (diagrams.cubes({"a": [("b", (7, 7, 2)), ("c", (1000,))]}), ["7 × 7 × 2", "1,000", "b"]),
        (diagrams.slopes({"x": (0.99, 0.971)}, ("l", "r"), "y"), ["99.00 %", "97.10 %", "l"]),
    ],
)
def test_figures_say_what_they_show(figure, said):
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    assert set(said) <= set(written(figure))


def test_a_sliding_filter_shows_the_patch_the_products_and_their_sum():
    image = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 10]])
    _, patch, kernel, products, output = diagrams.sliding_filter(image, FILTER, [(0, 0)]).axes
    assert [text.get_text() for text in patch.texts] == [str(n) for n in image.flat]
    assert [text.get_text() for text in kernel.texts] == ["−1", "0", "1"] * 3
    assert [text.get_text() for text in products.texts] == "−1 0 3 −4 0 6 −7 0 10".split()
    assert products.get_title() == "= products; sum 7"
    assert output.images[0].get_array().tolist() == [[7.0]]


def test_the_output_of_a_sliding_filter_fills_up_to_its_place():
    *_, output = diagrams.sliding_filter(IMAGE, FILTER, [(1, 2)]).axes
    drawn = np.ma.filled(output.images[0].get_array().astype(float), np.nan)
    assert np.isfinite(drawn).sum() == 1 * 4 + 2 + 1
    assert np.isfinite(drawn[1, 2]) and np.isnan(drawn[1, 3])


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_windows_stop_as_often_as_keras_says(padding):
    for size, kernel, stride in ((5, 3, 1), (5, 3, 2), (6, 3, 2), (7, 2, 3), (5, 5, 1)):
        layer = keras.layers.Conv2D(1, kernel, strides=stride, padding=padding)
        expected = layer.compute_output_shape((None, size, size, 1))[1]
        figure = diagrams.windows([(kernel, stride, padding)], size)
        assert f"{size} → {expected}" in written(figure)


def test_pooling_keeps_maxima_and_means():
    texts = written(
        diagrams.pooling(np.array([[1, 3, 0, 2], [5, 7, 1, 1], [0, 2, 4, 4], [6, 0, 4, 8]]))
    )
    numbers = [text for text in texts if text.isdigit()]
    assert numbers[16:20] == ["7", "2", "6", "8"]
    assert numbers[20:] == ["4", "1", "2", "5"]


def test_a_model_is_drawn_as_its_own_layers():
    texts = written(diagrams.cubes({"net": NETWORK}))
    assert [
        text for text in texts if text in {"input", "Flatten", "Dense"} or "filters" in text
    ] == ["input", "4 filters\n3 × 3, stride 2", "6 filters\n3 × 3", "Flatten", "Dense"]
    shapes = {"8 × 8 × 1", "4 × 4 × 4", "2 × 2 × 6", "24", "10"}
    assert shapes <= set(texts)


def test_cubes_and_columns_are_told_apart():
    (axis,) = diagrams.cubes({"net": [("a", (4, 4, 1)), ("b", (16,))]}).axes
    assert len([p for p in axis.patches if isinstance(p, Polygon)]) == 3  # three faces of one cube
    assert [p.get_hatch() for p in axis.patches if isinstance(p, Rectangle)] == ["---"]


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: diagrams.sliding_filter(IMAGE, FILTER, [(4, 0)]), "places"),
        (lambda: diagrams.sliding_filter(IMAGE[0], FILTER, [(0, 0)]), "image"),
        (lambda: diagrams.windows([(3, 1, "full")]), "padding"),
        (lambda: diagrams.windows([(6, 1, "valid")]), "6 pixels does not fit into 5"),
        (lambda: diagrams.pooling(IMAGE[:5]), "square"),
        (lambda: diagrams.pooling(IMAGE, 4), "blocks of 4"),
        (lambda: diagrams.cubes({}), "rows"),
        (lambda: diagrams.cubes({"a": [("b", (7, 7, 2)), ("c", (7, 7))]}), "shape"),
        (lambda: diagrams.slopes({"a": (1, 2)}, ("l", "r"), "y"), "pairs"),
        (lambda: diagrams.slopes({"a": (0.5,)}, ("l", "r"), "y"), "pairs"),
    ],
)
def test_wrong_input_is_named(draw, said):
    with pytest.raises(ValueError, match=said):
        draw()

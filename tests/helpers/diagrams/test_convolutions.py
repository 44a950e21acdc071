"""Drawings of page 06."""

import numpy as np
import pytest

from helpers.diagrams import convolutions as diagrams
from tests.figures import check, written

IMAGE = np.arange(36).reshape(6, 6)
FILTER = np.array([[-1, 0, 1]] * 3)
BLOCKS = np.array([[1, 3, 0, 2], [5, 7, 1, 1], [0, 2, 4, 4], [6, 0, 4, 8]])


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (lambda: diagrams.sliding_filter(IMAGE, FILTER, [(0, 1)]), ["lands at row 0, column 1"]),
        (lambda: diagrams.windows([(3, 1, "valid")]), ["5 → 3", "padding valid, stride 1"]),
        (lambda: diagrams.pooling(BLOCKS), ["max pooling", "average pooling"]),
        (
            lambda: diagrams.filter_on_channels(4, 3, 5),
            ["4 × 4 × 3 = 48 weights\nand 1 bias", "5 feature maps"],
        ),
        (
            lambda: diagrams.cubes({"a": [("b", (7, 7, 2)), ("c", (1000,))]}),
            ["7 × 7 × 2", "1,000", "b"],
        ),
        (
            lambda: diagrams.slopes({"x": (0.99, 0.971)}, ("l", "r"), "y"),
            ["99.00 %", "97.10 %", "l"],
        ),
        (
            lambda: diagrams.receptive_fields(IMAGE, {"one": (2, 2), "two": (0, 5)}),
            ["one: 2 × 2", "two: 5 × 5"],
        ),
        (
            lambda: diagrams.filters_and_maps(IMAGE, [FILTER, FILTER], np.ones((2, 4, 4))),
            ["the digit", "filter", "its map", "1", "2"],
        ),
    ],
)
def test_figures_say_what_they_show(figure, said):
    check(figure(), *said)


def test_a_sliding_filter_shows_the_patch_the_products_and_their_sum():
    image = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 10.0]])
    _, patch, kernel, products, output = diagrams.sliding_filter(image, FILTER, [(0, 0)]).axes
    assert [text.get_text() for text in patch.texts] == "1 2 3 4 5 6 7 8 10".split()
    assert [text.get_text() for text in kernel.texts] == ["−1", "0", "1"] * 3
    assert [text.get_text() for text in products.texts] == "−1 0 3 −4 0 6 −7 0 10".split()
    assert products.get_title() == "= products; sum 7"
    assert output.images[0].get_array().tolist() == [[7.0]]


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (3, 2), (2, 3), (5, 1)])
def test_windows_stop_as_often_as_keras_says(padding, kernel, stride):
    import keras  # where it is needed: it loads slowly

    layer = keras.layers.Conv2D(1, kernel, strides=stride, padding=padding)
    expected = layer.compute_output_shape((None, 5, 5, 1))[1]
    assert f"5 → {expected}" in written(diagrams.windows([(kernel, stride, padding)]))


def test_a_receptive_field_is_drawn_around_the_pixels_that_it_names():
    (axis,) = diagrams.receptive_fields(IMAGE, {"one": (2, 3)}).axes
    square = axis.patches[0].get_bbox()
    assert square.bounds == (1.5, 1.5, 3, 3)


def test_filters_and_maps_have_one_scale_unless_they_are_named():
    kernels, maps = np.array([FILTER, 2 * FILTER]), np.array([IMAGE, 3 * IMAGE])

    def scales(names):
        axes = diagrams.filters_and_maps(IMAGE, kernels, maps, names).axes
        return [axis.images[0].get_clim() for axis in axes[:4]]

    assert scales(None) == [(-2, 2), (-2, 2), (0, 105), (0, 105)]
    assert scales(["a", "b"]) == [(-1, 1), (-2, 2), (-35, 35), (-105, 105)]


def test_pooling_keeps_maxima_and_means():
    numbers = [text for text in written(diagrams.pooling(BLOCKS)) if text.isdigit()]
    assert numbers[16:] == "7 2 6 8 4 1 2 5".split()


def test_a_model_is_drawn_as_its_own_layers():
    import keras  # where it is needed: it loads slowly

    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 3, strides=2, padding="same"),
            layers.Conv2D(6, 3),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    said = ["input", "4 filters\n3 × 3, stride 2", "6 filters\n3 × 3", "Flatten", "Dense"]
    check(diagrams.cubes({"net": model}), *said, "8 × 8 × 1", "4 × 4 × 4", "2 × 2 × 6", "24", "10")


def test_the_input_of_a_functional_model_is_drawn_once():
    import keras  # where it is needed: it loads slowly

    inputs = keras.Input((8, 8, 1))
    model = keras.Model(inputs, keras.layers.Flatten()(inputs))
    assert written(diagrams.cubes({"net": model})).count("8 × 8 × 1") == 1

"""Drawings of page 01."""

import numpy as np
import pytest

from helpers import data
from helpers.diagrams import data as diagrams
from tests.figures import check, written

IMAGES = np.random.default_rng(0).integers(0, 256, (2, 28, 28)).astype(np.uint8)


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (lambda: diagrams.rules_or_learned(), ["by hand", "learned", "training"]),
        (lambda: diagrams.tensor_shapes(7), ["(28, 28)", "(28, 28, 3)", "(7, 28, 28)", "7 sheets"]),
        (lambda: diagrams.file_layout(60_000), ["images\n60000", "labels\n60000", "800"]),
        (lambda: diagrams.one_hot([3]), ["label 3"]),
        (
            lambda: diagrams.split_in_three(55_000, 5_000, 10_000),
            ["training\n55,000", "validation\n5,000", "test file: 10,000"],
        ),
        (lambda: diagrams.pipeline([("map", "numbers"), ("batch", "(2, 3)")]), ["map", "(2, 3)"]),
    ],
)
def test_figures_say_what_they_show(figure, said):
    check(figure(), *said)


@pytest.mark.parametrize("array", [IMAGES, np.array([4, 2], np.uint8)], ids=["images", "labels"])
def test_file_layout_agrees_with_the_files_that_are_written(array):
    packed = np.frombuffer(data.to_idx(array), np.uint8)
    header = packed[: 4 + 4 * array.ndim].view(">u4")
    second = header.nbytes + array[0].nbytes  # where the second item starts
    assert packed[second] == array[1].flat[0]
    expected = {f"magic\n{header[0]}", f"header: {header.nbytes} bytes", str(second)}
    assert expected <= set(written(diagrams.file_layout(2)))


def test_one_hot_has_a_single_one_in_each_row_at_its_label():
    texts = written(diagrams.one_hot([9, 0]))[11:]  # below the head
    rows = [[int(text) for text in texts[i + 1 : i + 11]] for i in (0, 11)]
    assert np.array_equal(rows, np.eye(10)[[9, 0]])

"""Drawings of page 01."""

import numpy as np
import pytest

from helpers.diagrams import data as diagrams
from tests.figures import check, written

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 28, 28)).astype(np.uint8)


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (lambda: diagrams.rules_or_learned(), ["by hand", "learned", "training"]),
        (
            lambda: diagrams.tensor_shapes(IMAGES, 7),
            ["(28, 28)", "(28, 28, 3)", "(7, 28, 28)", "7\nof them"],
        ),
        (lambda: diagrams.one_hot([3]), ["label 3"]),
        (
            lambda: diagrams.split_in_three(55_000, 5_000, 10_000),
            ["training\n55,000", "validation\n5,000", "test file: 10,000"],
        ),
    ],
)
def test_figures_say_what_they_show(figure, said):
    check(figure(), *said)


def test_one_hot_has_a_single_one_in_each_row_at_its_label():
    texts = written(diagrams.one_hot([9, 0]))[11:]  # below the head
    rows = [[int(text) for text in texts[i + 1 : i + 11]] for i in (0, 11)]
    assert np.array_equal(rows, np.eye(10)[[9, 0]])

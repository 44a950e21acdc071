"""Arrays of the wrong kind are named."""

import numpy as np
import pytest

from helpers import checks

GOOD = np.zeros((3, 28, 28), np.uint8)


def test_good_arrays_come_back():
    assert checks.images(GOOD) is GOOD
    assert checks.labels([0, 9, 5]).tolist() == [0, 9, 5]


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (GOOD[:0], r"\(0, 28, 28\)"),
        (GOOD[0], r"\(28, 28\)"),
        (GOOD[:, :, :27], r"\(3, 28, 27\)"),
        (GOOD[..., None], r"\(3, 28, 28, 1\)"),
        (GOOD / 255, "float64"),
        (GOOD.astype(bool), "bool"),
        (GOOD.astype(np.int64), "int64"),
        ([], "float64"),
        (None, "object"),
    ],
)
def test_wrong_images_are_named(array, found):
    with pytest.raises(ValueError, match=f"photos must be uint8.*{found}"):
        checks.images(array, name="photos")


@pytest.mark.parametrize(
    ("array", "found"),
    [
        ([], r"shape \(0,\)"),
        ([[1]], r"shape \(1, 1\)"),
        (3, r"shape \(\)"),
        ([1.0, 2.0], "float64"),
        (["3"], "<U1"),
        ([True], "bool"),
        ([0, 4, 10], "10 at position 2"),
        ([3, -1], "-1 at position 1"),
    ],
)
def test_wrong_labels_are_named(array, found):
    with pytest.raises(ValueError, match=f"truth must be integers from 0 to 9.*{found}"):
        checks.labels(array, name="truth")


def test_one_label_for_each_image():
    with pytest.raises(ValueError, match="labels must have one label for each image; got 2 for 3"):
        checks.labels([1, 2], count=3)

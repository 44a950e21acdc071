"""Drawings of page 08."""

import numpy as np
import pytest

from helpers.diagrams import your_own_digits as diagrams
from tests.figures import check

PHOTO = np.full((60, 80, 3), 200, np.uint8)
DIGIT = np.zeros((28, 28), np.uint8)
DIGIT[6:22, 12:16] = 255
CHANCES = np.array([0, 0.9, 0, 0.025, 0, 0, 0, 0.075, 0, 0])


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (
            lambda: diagrams.strip([("photo", PHOTO), ("digit", DIGIT)], ["", "a 1"]),
            ["photo", "a 1"],
        ),
        (
            lambda: diagrams.reading(PHOTO, DIGIT, CHANCES),
            ["read as 1", "90.0 %", "2.5 %", "0.0 %"],
        ),
    ],
)
def test_figures_say_what_they_show(figure, said):
    check(figure(), *said)


def test_the_bar_of_what_is_read_is_hatched():
    *_, right = diagrams.reading(DIGIT, DIGIT, CHANCES, as_seen=False).axes
    assert [i for i, bar in enumerate(right.containers[0]) if bar.get_hatch()] == [1]
    assert [bar.get_width() for bar in right.containers[0]] == pytest.approx(CHANCES)

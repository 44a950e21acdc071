"""A drawing of straight strokes: black on white, and wrong strokes are named."""

import numpy as np
import pytest

from helpers.handwriting import pen


def test_drawings_are_black_on_white():
    page = pen.drawing([[(80, 75), (195, 70)], [(195, 70), (140, 215)]])
    assert page.shape == (280, 280) and page.dtype == np.uint8
    assert page.max() == 255 and page.min() == 0 and 0.02 < (page < 128).mean() < 0.3
    assert (page[:10] == 255).all() and (page[:, -10:] == 255).all()
    assert page[73, 140] == 0 and page[200, 100] == 255


@pytest.mark.parametrize(
    ("strokes", "width", "said"),
    [
        ([[(1, 2, 3)]], 16, "a stroke"),
        ([[(1, 280), (2, 2)]], 16, "a stroke.*279"),
        ([[(1, 2)]], 16, "2 points or more"),
        ([[(1, 2), (3, 4)]], 10**9, "width"),
    ],
)
def test_wrong_strokes_are_named(strokes, width, said):
    with pytest.raises(ValueError, match=said) as error:
        pen.drawing(strokes, width)
    assert len(str(error.value)) < 500

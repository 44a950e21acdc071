"""Figures of chapter 06: what they write, and what they refuse."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers.diagrams import the_last_half_percent as diagrams
from tests.figures import written

BATCH = np.array([[1.0, 10.0], [3.0, 20.0]])
DIGIT = np.zeros((28, 28), np.uint8)


@pytest.mark.filterwarnings("error")
def test_batch_operations_write_every_number_and_mark_what_is_struck_out():
    figure = diagrams.batch_operations(
        BATCH, np.array([[-1, -1], [1, 1]]), np.array([[0, 20.0], [5.005, 0]])
    )
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    assert written(figure).count("−1") == 2
    assert {"10", "20", "dropout", "batch normalisation"} <= set(written(figure))
    hatched = [patch for axis in figure.axes for patch in axis.patches if patch.get_hatch()]
    assert len(hatched) == 2


def test_numbers_are_short_and_zero_has_no_sign():
    short = [diagrams._short(value) for value in (-0.001, 0.0, -1.345, 2.5, 30.0)]
    assert short == ["0", "0", "−1.34", "2.5", "30"]


def test_batch_operations_want_tables_of_one_shape():
    with pytest.raises(ValueError, match="dropped must be .* shape"):
        diagrams.batch_operations(BATCH, BATCH, BATCH[:1])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("count", [1, 5, 12])
def test_every_copy_is_drawn_once_beside_the_digit(count):
    copies = np.zeros((count, 28, 28), np.uint8)
    copies[:, 0, 0] = np.arange(count) + 1
    figure = diagrams.digit_and_copies(DIGIT, copies, "moved")
    figure.draw_without_rendering()
    corners = [image.get_array()[0, 0] for axis in figure.axes for image in axis.images]
    assert sorted(map(int, corners)) == list(range(count + 1))


@pytest.mark.parametrize(("digit", "copies"), [(DIGIT, DIGIT), (DIGIT / 1.0, DIGIT[None])])
def test_digit_and_copies_want_uint8_digits(digit, copies):
    with pytest.raises(ValueError, match="must be uint8"):
        diagrams.digit_and_copies(digit, copies)


@pytest.mark.filterwarnings("error")
def test_two_kinds_of_luck_draws_with_and_without_seeds():
    for seeds, said in (([0.995, 0.996], True), ((), False)):
        figure = diagrams.two_kinds_of_luck(0.9953, (0.994, 0.9965), seeds, 0.995)
        figure.draw_without_rendering()
        assert ("2 seeds; the bar is their mean" in written(figure)) == said
        assert "99.5 %" in written(figure)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((99.5, (0.99, 1.0)), "accuracy"),
        ((0.99, (0.98,)), "interval"),
        ((0.99, (0.98, 1.0), [2.0]), "seeds"),
    ],
)
def test_two_kinds_of_luck_want_shares(arguments, named):
    with pytest.raises(ValueError, match=f"^{named} must be"):
        diagrams.two_kinds_of_luck(*arguments)

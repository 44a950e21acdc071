"""Drawings of page 07."""

import numpy as np
import pytest

from helpers.diagrams import the_last_half_percent as diagrams
from tests.figures import check, written


def test_batch_operations_write_every_number_and_mark_what_is_struck_out():
    batch = np.array([[1.0, 10.0], [3.0, 20.0]])
    normalised, dropped = np.array([[-1, -1e-9], [1.345, 1]]), np.array([[0, 20.0], [6, 0]])
    figure = diagrams.batch_operations(batch, normalised, dropped)
    check(figure, "dropout", "batch normalisation")
    numbers = [[text.get_text() for text in axis.texts[:4]] for axis in figure.axes]
    assert numbers == [["1", "10", "3", "20"], ["−1", "0", "1.34", "1"], ["0", "20", "6", "0"]]
    hatched = [patch for axis in figure.axes for patch in axis.patches if patch.get_hatch()]
    assert len(hatched) == 2


@pytest.mark.parametrize(("seeds", "said"), [([0.995, 0.996], True), ((), False)])
def test_two_kinds_of_luck_with_and_without_seeds(seeds, said):
    figure = diagrams.two_kinds_of_luck(0.9953, (0.994, 0.9965), seeds, 0.995)
    check(figure, "99.5 %", "95 % interval of one test")
    assert ("2 seeds; the bar is their mean" in written(figure)) == said

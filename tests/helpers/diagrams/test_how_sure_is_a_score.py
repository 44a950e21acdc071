"""Drawings of page 07b."""

import numpy as np

from helpers.diagrams import how_sure_is_a_score as diagrams
from tests.figures import check


def test_two_kinds_of_luck_has_a_row_for_each():
    figure = diagrams.two_kinds_of_luck([0.95, 0.952, 0.949], [0.93, 0.96, 0.95, 0.956])
    check(figure, "3 seeds,\nthe same digits", "one network,\n4 groups of digits")
    (axis,) = figure.axes
    assert [len(line.get_xdata()) for line in axis.lines] == [3, 1, 4, 1]
    assert np.isclose(axis.lines[3].get_xdata()[0], 0.949)


def test_two_kinds_of_luck_shows_every_score_of_a_row():
    (axis,) = diagrams.two_kinds_of_luck([0.95, 0.952], [0.93, 0.96, 0.93, 0.93]).axes
    heights = axis.lines[2].get_ydata()
    assert heights[0] == heights[1] < heights[2] < heights[3]


def test_many_intervals_show_and_count_those_that_miss():
    intervals = [(0.99, 0.996), (0.9951, 0.998), (0.994, 0.9955), (0.99, 0.9949)]
    figure = diagrams.many_intervals(intervals, 0.995)
    check(figure, "misses it: 2", "holds the true value: 2", "true: 99.5 %")
    (axis,) = figure.axes
    thick = [line.get_xdata()[0] for line in axis.lines if line.get_linewidth() > 3]
    assert thick == [1, 3]


def test_many_intervals_without_a_miss():
    check(diagrams.many_intervals([(0.9, 1.0)] * 3, 0.95), "holds the true value: 3", "true: 95 %")

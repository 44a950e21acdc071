"""Drawings of chapter 04: what they write and draw, and what they refuse."""

import itertools

import numpy as np
import pytest
from matplotlib.patches import Circle, Rectangle

from helpers.diagrams import learning_rate_and_dropout as diagrams

WIDTHS, STRUCK = (2, 3, 4, 2), [[[1], [0, 3]], [[], [2]]]


def valley(w):
    return (w - 3) ** 2


def written(axis):
    return [text.get_text() for text in axis.texts]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "figure",
    [
        diagrams.walks(valley, {"slow": [0, 1, 2], "fast": [0, 6, 0]}),
        diagrams.dropout_networks(WIDTHS, STRUCK),
        diagrams.sums([0, 1], [0.5, -2], [1, 0]),
    ],
)
def test_figures_draw_without_a_warning(figure):
    figure.draw_without_rendering()


def test_walks_start_and_end_where_the_paths_do():
    paths = {"slow": np.array([0.0, 1.0, 2.0]), "fast": np.array([0.0, 7.0, -2.0])}
    axes = diagrams.walks(valley, paths).axes
    assert [axis.get_title() for axis in axes] == list(paths)
    for axis, path in zip(axes, paths.values(), strict=True):
        curve, start, end = axis.lines
        assert (*start.get_xdata(), *start.get_ydata()) == (path[0], valley(path[0]))
        assert (*end.get_xdata(), *end.get_ydata()) == (path[-1], valley(path[-1]))
        assert len(axis.texts) == len(path) - 1  # one arrow a step
        assert curve.get_xdata().min() < -2 and curve.get_xdata().max() > 7


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        ({"one": [0, 1]}, "paths must be a dict of 2 to 4 names"),
        ({"one": [0, 1], "two": [0]}, r"paths\['two'\] must be a start and one step"),
        ({"one": [0, 1], "two": [0, np.nan]}, r"paths\['two'\]"),
    ],
)
def test_walks_name_what_is_wrong(paths, said):
    with pytest.raises(ValueError, match=said):
        diagrams.walks(valley, paths)


def test_struck_neurons_are_crossed_and_lose_their_connections():
    axes = diagrams.dropout_networks(WIDTHS, STRUCK).axes
    assert len(axes) == len(STRUCK) + 1
    for axis, out in zip(axes, [*STRUCK, [[], []]], strict=True):
        circles = [patch for patch in axis.patches if isinstance(patch, Circle)]
        crosses = [line for line in axis.lines if line.get_marker() == "x"]
        left = [2, 3 - len(out[0]), 4 - len(out[1]), 2]
        connections = sum(a * b for a, b in itertools.pairwise(left))
        assert len(circles) == sum(WIDTHS)
        assert len(crosses) == len(out[0]) + len(out[1])
        assert len(axis.lines) - len(crosses) == connections


@pytest.mark.parametrize(
    ("widths", "struck", "said"),
    [
        ((2, 2), [[]], "widths must have three layers or more; got 2"),
        ((2, 3, 2), [[[0], [1]]], "one list for each of 1 hidden layers"),
        ((2, 3, 2), [[[3]]], "struck must be a whole number from 0 to 2; got 3"),
        ((2, 0, 2), [[[]]], "widths must be a whole number of 1 or more; got 0"),
    ],
)
def test_dropout_networks_name_what_is_wrong(widths, struck, said):
    with pytest.raises(ValueError, match=said):
        diagrams.dropout_networks(widths, struck)


def test_both_sums_have_the_same_terms_and_the_same_total():
    (axis,) = diagrams.sums([0, 0.5, 1], [0.4, -0.2, 3], [2, 0, 1]).axes
    terms = [text for text in written(axis) if "×" in text]
    assert terms == ["0 × 0.4", "0.5 × (−0.2)", "1 × 3", "1 × 3", "0 × 0.4", "0.5 × (−0.2)"]
    assert written(axis).count("2.9") == 2
    assert sum(isinstance(patch, Rectangle) for patch in axis.patches) == 6


@pytest.mark.parametrize(
    ("weights", "order", "said"),
    [
        ([1], [0, 1], "weights"),
        ([1, 2], [0], "order"),
        ([1, 2], [0, 0], "order must hold each number below 2 once"),
        ([1, 2], [1, 2], "order must hold each number below 2 once"),
    ],
)
def test_sums_name_what_is_wrong(weights, order, said):
    with pytest.raises(ValueError, match=said):
        diagrams.sums([0.5, 1], weights, order)


def test_seeds_are_drawn_where_they_were_measured_and_labelled_without_exponents():
    groups = {0.00003: [0.91, 0.93], 0.01: [0.97], 55_000: [0.98, 0.99]}
    (axis,) = diagrams.over_seeds(groups, "x", "y").axes
    *rings, line = axis.lines
    for ring, (place, measured) in zip(rings, groups.items(), strict=True):
        assert set(ring.get_xdata()) == {place}
        assert list(ring.get_ydata()) == measured
    assert np.allclose(line.get_ydata(), [0.92, 0.97, 0.985])
    axis.figure.draw_without_rendering()
    assert [t.get_text() for t in axis.get_xticklabels()] == ["0.00003", "0.01", "55,000"]
    assert [t.get_text() for t in axis.get_legend().get_texts()] == ["one seed", "mean"]


def test_factors_label_the_axis_in_percent():
    (axis,) = diagrams.over_seeds({1: [0.1], 10: [0.012]}, "x", "y", factors=True).axes
    axis.figure.draw_without_rendering()
    assert axis.get_yscale() == "log"
    labels = [t.get_text() for t in axis.get_yticklabels()]
    assert {"2 %", "5 %", "10 %"} <= set(labels)


@pytest.mark.parametrize(
    ("groups", "factors", "said"),
    [
        ({1: [0.5]}, False, "groups must be a dict of 2 or more names"),
        ({0: [0.5], 1: [0.5]}, False, "the numbers of groups"),
        ({1: [0.5], 2: []}, False, r"groups\[2\]"),
        ({1: [0.5], 2: [98.0]}, False, r"groups\[2\]"),
        ({1: [0.5], 2: [0.0]}, True, r"groups\[2\]"),
    ],
)
def test_seeds_name_what_is_wrong(groups, factors, said):
    with pytest.raises(ValueError, match=said):
        diagrams.over_seeds(groups, "x", "y", factors=factors)

"""Drawings of page 07."""

import numpy as np

from helpers.diagrams import the_last_half_percent as diagrams
from helpers.plotting import BLUE, GREY
from tests.figures import check, written


def test_a_batch_is_shown_with_the_mean_and_variance_of_its_columns():
    batch = np.array([[1.0, 10.0], [3.0, 20.0]])
    normalised = np.array([[-1, -1e-9], [1.345, 1]])
    figure = diagrams.batch_normalisation(batch, normalised)
    check(figure, "the batch", "normalised", "neuron 2", "digit 2", "mean", "variance")
    said = written(figure)
    assert [text for text in said if text in {"10", "20", "1.34", "15", "25"}] == [
        *("10", "20", "15", "25"),
        "1.34",
    ]


def test_copies_stand_beside_the_digit():
    images = np.zeros((5, 28, 28), "uint8")
    figure = diagrams.digit_and_copies(images[0], images[1:])
    check(figure, "as it was written")
    assert len(figure.axes) == 5


def test_differences_that_leave_zero_out_are_filled():
    groups = {
        "all": {"a": (0.11, 0.03, 0.19), "b": (-0.06, -0.13, 0.01)},
        "few": {"c": (0.8, 0.6, 1.1)},
    }
    figure = diagrams.differences(groups)
    check(figure, "all", "few", "a", "b", "c", "+0.11", "−0.06", "+0.80")
    marks = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert [mark.get_markerfacecolor() for mark in marks] == [BLUE, "white", BLUE]
    assert marks[1].get_color() == GREY


def test_variants_are_named_by_what_they_have_in_place_of_the_chosen_ones_parts():
    less = {"settings": {"layers": ["dropout 0.3", "dense 10"], "smoothing": 0.1}}
    more = {"settings": {"layers": ["dropout 0.4", "dense 128"], "smoothing": 0.0}}
    names = {"dense 0, smoothing, batch 256": less, "dense 128, batch 256": more}
    assert list(diagrams.told_apart(names, "dense 0, smoothing, batch 256").values()) == [
        "no dense layer, smoothing, batch 256, dropout 0.3",
        "dense 128, dropout 0.4, no smoothing",
    ]


def test_what_was_tried_names_what_was_chosen():
    counts = {"a long name of a variant": [31, 28], "another": [23, 24], "third": [40]}
    figure = diagrams.tried(counts, "another", "validation digits misread, of 5,000")
    check(figure, "29.5", "23.5 (chosen)", "40", "third")
    bold = [label for label in figure.axes[0].get_yticklabels() if label.get_weight() == "bold"]
    assert [label.get_text() for label in bold] == ["another"]


def test_seeds_are_stacked_beside_a_goal():
    figure = diagrams.seeds_and_goal([44, 47, 47, 55], 50, "99.5 %")
    check(figure, "99.5 %", "mean 48.2")
    (stack,) = [
        line for line in figure.axes[0].lines if len(line.get_xdata()) == 2 == stacked(line)
    ]
    assert list(stack.get_xdata()) == [47, 47]


def stacked(line):
    """How many dots a line has; 0 for one that is no dots."""
    return len(line.get_xdata()) if line.get_marker() == "o" else 0

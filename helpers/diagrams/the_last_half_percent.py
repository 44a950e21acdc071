"""Drawings of page 07: a batch and what is done to it, copies of a digit, luck."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.diagrams.parts import box, write
from helpers.plotting import (
    BLUE,
    FRAME,
    GREY,
    LIGHT,
    ORANGE,
    figure,
    frame,
    number,
    percent_axis,
    styled,
)

PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # behind a text that crosses lines


@styled
def batch_operations(batch, normalised, dropped):
    """Draw a batch as a table, and what batch normalisation and dropout make of it.

    Args:
        batch: numbers of shape (n, k): one row a digit, one column a neuron.
        normalised: the same shape; each column has been brought to mean 0 and variance 1.
        dropped: the same shape; 0 where dropout struck out.
    """
    rows, columns = batch.shape
    made, axes = figure(9, 0.42 * rows + 1.7, 1, 3)
    tables = (
        (batch, "the batch", GREY, "one row = one digit\none column = one neuron"),
        (normalised, "batch normalisation", BLUE, "column by column:\nmean 0, variance 1"),
        (dropped, "dropout", ORANGE, "single numbers, at random:\n0, and the others larger"),
    )
    for axis, (table, title, colour, note) in zip(axes, tables, strict=True):
        for (row, column), value in np.ndenumerate(table):
            gone = table is dropped and value == 0
            hatch, fill = ("////", "white") if gone else (None, LIGHT)
            box(axis, column, row, 1, 1, FRAME, fill, hatch=hatch, linewidth=1)
            ink = {"color": GREY, "bbox": PAPER} if gone else {}
            write(axis, column + 0.5, row + 0.5, number(np.round(value, 2)), fontsize=10, **ink)
        if table is normalised:
            for column in range(columns):
                box(axis, column + 0.03, 0, 0.94, rows, BLUE, "none", linewidth=2.2)
        axis.set_title(title, color=colour, fontweight="bold")
        write(axis, columns / 2, rows + 0.25, note, va="top")
        axis.set(xlim=(-0.1, columns + 0.1), ylim=(rows + 1.55, -0.1))
        axis.set_axis_off()
    return made


@styled
def digit_and_copies(digit, copies):
    """Draw one digit large, and beside it what was made of it.

    Args:
        digit: uint8 (28, 28).
        copies: uint8 (n, 28, 28), n even.
    """
    columns = len(copies) // 2
    places = [["digit", *range(columns)], ["digit", *range(columns, 2 * columns)]]
    made, axis = figure(1.05 * columns + 2.4, 2.3)
    axis.remove()
    axes = made.subplot_mosaic(places, width_ratios=[2.15] + [1] * columns)
    axes["digit"].set_title("as it was written", fontsize=10)
    for axis, image in zip(axes.values(), [digit, *copies], strict=True):
        axis.imshow(image, vmin=0, vmax=255)
        frame(axis)
        axis.set(xticks=[13.5], yticks=[13.5], xticklabels=[], yticklabels=[])
        axis.tick_params(length=0)
        axis.grid(color=FRAME, linewidth=0.7, linestyle=":")
    return made


@styled
def two_kinds_of_luck(accuracy, interval, seeds, goal):
    """Draw how far a score can move with other test digits, and how far with other seeds.

    Args:
        accuracy: share of the test digits that one network reads right, 0 to 1.
        interval: (low, high), its 95 % interval.
        seeds: accuracies of the same recipe under several seeds; none leaves that row empty.
        goal: share to compare with, drawn as a dashed line.
    """
    made, axis = figure(8, 2.7)
    axis.axvline(goal, color="black", linestyle="--", linewidth=1.2, zorder=0)
    write(axis, goal, 1.75, f"{100 * goal:g} %", bbox=PAPER)
    axis.plot(interval, [0, 0], color=BLUE, linewidth=7, alpha=0.45, solid_capstyle="butt")
    axis.plot(accuracy, 0, "|", color=BLUE, markersize=20, markeredgewidth=3)
    write(axis, np.mean(interval), -0.42, "95 % interval of one test", bbox=PAPER)
    if len(seeds):
        mean, look = np.mean(seeds), {"color": ORANGE, "markerfacecolor": "none", "markersize": 8}
        axis.plot(seeds, np.ones(len(seeds)), "o", markeredgewidth=1.8, **look)
        axis.plot(mean, 1, "|", color=ORANGE, markersize=20, markeredgewidth=3)
        write(axis, mean, 0.58, f"{len(seeds)} seeds; the bar is their mean", bbox=PAPER)
    rows = ["this network,\nother test digits", "other seeds,\nthe same test digits"]
    axis.set(yticks=[0, 1], yticklabels=rows, ylim=(-0.75, 2), xlabel="read right")
    axis.margins(x=0.15)
    axis.xaxis.set_major_locator(MaxNLocator(6))
    percent_axis(axis.xaxis, 2)
    axis.tick_params(axis="y", length=0)
    return made

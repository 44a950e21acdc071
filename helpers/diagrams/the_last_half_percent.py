"""Drawings of chapter 06: a batch and what is done to it, copies of a digit, luck.

Every function returns a `matplotlib.figure.Figure` in the style of `plotting.py`.
"""

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from helpers import checks
from helpers.plotting import BLUE, GREY, LIGHT, ORANGE, figure, styled


@styled
def batch_operations(batch, normalised, dropped):
    """Draw a batch as a table, and what batch normalisation and dropout make of it.

    Args:
        batch: numbers of shape (n, k): one row a digit, one column a neuron.
        normalised: the same shape; each column has been brought to mean 0 and variance 1.
        dropped: the same shape; 0 where dropout struck out.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no tables of numbers, or tables of unequal shape.
    """
    batch = checks.numbers(batch, "batch", ("n", "k"))
    normalised = checks.numbers(normalised, "normalised", batch.shape)
    dropped = checks.numbers(dropped, "dropped", batch.shape)
    rows, columns = batch.shape
    made, axes = figure(9, 0.42 * rows + 1.7, 1, 3)
    tables = (
        (batch, "the batch", GREY, "one row = one digit\none column = one neuron"),
        (normalised, "batch normalisation", BLUE, "column by column:\nmean 0, variance 1"),
        (dropped, "dropout", ORANGE, "single numbers, at random:\n0, and the others larger"),
    )
    for axis, (table, title, colour, note) in zip(axes, tables, strict=True):
        for row, column in np.ndindex(table.shape):
            gone = table is dropped and table[row, column] == 0
            box = {"facecolor": "white" if gone else LIGHT, "edgecolor": "#B8C4D0"}
            axis.add_patch(Rectangle((column, row), 1, 1, hatch="////" if gone else None, **box))
            ink = {"color": GREY} if gone else {}
            text = _short(table[row, column])
            place = {"ha": "center", "va": "center"}
            if gone:
                ink["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 1}
            axis.text(column + 0.5, row + 0.5, text, **place, **ink)
        if table is normalised:
            for column in range(columns):
                frame = {"facecolor": "none", "edgecolor": BLUE, "linewidth": 2.2}
                axis.add_patch(Rectangle((column + 0.03, 0), 0.94, rows, **frame))
        axis.set_title(title, color=colour, fontweight="bold")
        axis.text(columns / 2, rows + 0.25, note, ha="center", va="top", fontsize=9)
        axis.set(xlim=(-0.1, columns + 0.1), ylim=(rows + 1.55, -0.1))
        axis.set_axis_off()
    return made


def _short(value):
    """A number in at most two decimals, with a true minus sign."""
    text = f"{round(float(value), 2) + 0:.2f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


@styled
def digit_and_copies(digit, copies, title=None):
    """Draw one digit large, and beside it what was made of it.

    Args:
        digit: uint8 (28, 28).
        copies: uint8 (n, 28, 28).
        title: str above the figure.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: images of another shape or dtype.
    """
    digit = checks.images(np.asarray(digit)[None], "digit[None]")[0]
    copies = checks.images(copies, "copies")
    columns = -(-len(copies) // 2)
    widths = {"width_ratios": [2.15] + [1] * columns}
    width, height = 1.05 * columns + 2.4, 2.3 + (0.3 if title else 0)
    made, axes = figure(width, height, 2, columns + 1, title, squeeze=False, gridspec_kw=widths)
    grid = axes[0, 0].get_gridspec()
    for axis in axes[:, 0]:
        axis.remove()
    large = made.add_subplot(grid[:, 0])
    large.set_title("as it was written", fontsize=10)
    for axis in axes[:, 1:].flat:
        axis.set_axis_off()
    places = [large, *axes[:, 1:].flat]
    for axis, image in zip(places, [digit, *copies], strict=False):
        axis.imshow(image, vmin=0, vmax=255)
        axis.set_axis_on()
        axis.set(xticks=[13.5], yticks=[13.5], xticklabels=[], yticklabels=[])
        axis.tick_params(length=0)
        axis.grid(color="#B8C4D0", linewidth=0.7, linestyle=":")
        axis.spines[:].set(visible=True, color="#B8C4D0", linewidth=0.8)
    return made


@styled
def two_kinds_of_luck(accuracy, interval, seeds=(), goal=None):
    """Draw how far a score can move with other test digits, and how far with other seeds.

    Args:
        accuracy: share of the test digits that one network reads right, 0 to 1.
        interval: (low, high), its 95 % interval.
        seeds: accuracies of the same recipe under several seeds; none leaves that row empty.
        goal: share to compare with, drawn as a dashed line.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: a number that is no share.
    """
    accuracy = float(checks.numbers(accuracy, "accuracy", (), 0, 1))
    low, high = (float(end) for end in checks.numbers(interval, "interval", (2,), 0, 1))
    made, axis = figure(8, 2.7)
    note = {"ha": "center", "va": "center", "fontsize": 9}
    note["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    if goal is not None:
        axis.axvline(goal, color="black", linestyle="--", linewidth=1.2, zorder=0)
        axis.text(goal, 1.75, f"{100 * goal:g} %", **note)
    axis.plot([low, high], [0, 0], color=BLUE, linewidth=7, alpha=0.45, solid_capstyle="butt")
    axis.plot(accuracy, 0, "|", color=BLUE, markersize=20, markeredgewidth=3)
    axis.text((low + high) / 2, -0.42, "95 % interval of one test", **note)
    if len(seeds):
        values = checks.numbers(seeds, "seeds", low=0, high=1)
        look = {"color": ORANGE, "markerfacecolor": "none", "markersize": 8}
        axis.plot(values, np.full(len(values), 1.0), "o", markeredgewidth=1.8, **look)
        axis.plot(values.mean(), 1, "|", color=ORANGE, markersize=20, markeredgewidth=3)
        axis.text(values.mean(), 0.58, f"{len(values)} seeds; the bar is their mean", **note)
    rows = ["this network,\nother test digits", "other seeds,\nthe same test digits"]
    axis.set(yticks=[0, 1], yticklabels=rows, ylim=(-0.75, 2), xlabel="read right")
    axis.margins(x=0.15)
    axis.xaxis.set_major_locator(MaxNLocator(6))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.2f} %"))
    axis.tick_params(axis="y", length=0)
    return made

"""Drawings of page 07: a normalised batch, copies of a digit, what was tried, twenty seeds."""

from collections import Counter
from textwrap import fill

import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.diagrams.parts import arrow, box, write
from helpers.plotting import BLUE, FRAME, GREY, LIGHT, ORANGE, figure, frame, number, styled


@styled
def batch_normalisation(batch, normalised):
    """Draw a batch as a table, and what batch normalisation makes of it, column by column.

    Args:
        batch: numbers of shape (n, k): one row a digit, one column a neuron.
        normalised: the same shape; each column has been brought to mean 0 and variance 1.
    """
    rows, columns = batch.shape
    made, axis = figure(7.6, 0.4 * rows + 1.5)
    for left, table, title in ((0, batch, "the batch"), (columns + 3, normalised, "normalised")):
        for (row, column), value in np.ndenumerate(table):
            box(axis, left + column, row, 1, 1, FRAME, LIGHT, linewidth=1)
            text = number(np.round(value, 2))
            write(axis, left + column + 0.5, row + 0.5, text, fontsize=10)
        for column in range(columns):
            box(axis, left + column + 0.03, 0, 0.94, rows, BLUE, "none", linewidth=2.2)
            for line, value in enumerate((table.mean(axis=0), table.var(axis=0))):
                text = number(np.round(value[column], 1))
                write(axis, left + column + 0.5, rows + 0.5 + 0.75 * line, text, color=BLUE)
        for line, name in enumerate(("mean", "variance")):
            place = {"ha": "right", "color": BLUE}
            write(axis, left - 0.15, rows + 0.5 + 0.75 * line, name, **place)
        write(axis, left + columns / 2, -0.95, title, fontsize=11)
        for column in range(columns):
            write(axis, left + column + 0.5, -0.3, f"neuron {column + 1}", fontsize=8)
    for row in range(rows):
        write(axis, -0.15, row + 0.5, f"digit {row + 1}", ha="right")
    arrow(axis, (columns + 0.3, rows / 2), (columns + 1.5, rows / 2))
    axis.set(xlim=(-1.6, 2 * columns + 3.1), ylim=(rows + 1.7, -1.4))
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
def differences(groups):
    """Draw differences from a baseline with their intervals, a row each, on one scale.

    A filled mark has an interval that leaves 0 out, a hollow one an interval that does not.

    Args:
        groups: dict from a heading to {name: (mean, low, high)}, in points.
    """
    count = sum(map(len, groups.values()))
    made, axis = figure(7.6, 0.34 * (count + 1.3 * len(groups)) + 0.8)
    places, names, headings, place = [], [], [], 0
    for heading, group in groups.items():
        headings.append((place, heading))
        for name, (mean, low, high) in group.items():
            place += 1
            clear = low > 0 or high < 0
            colour = BLUE if clear else GREY
            axis.plot([low, high], [place, place], color=colour, linewidth=5, alpha=0.4)
            look = {"color": colour, "markerfacecolor": colour if clear else "white"}
            axis.plot(mean, place, "o", markersize=8, markeredgewidth=1.6, **look)
            text = f"{mean:+.2f}".replace("-", "−")
            beside = {"textcoords": "offset points", "va": "center_baseline", "fontsize": 9}
            axis.annotate(text, (high, place), (8, 0), color=colour, **beside)
            places.append(place)
            names.append(name)
        rows = [place - len(group) + 0.5, place + 0.5]  # the line at 0 leaves the headings free
        axis.plot([0, 0], rows, color="black", linewidth=1, zorder=0)
        place += 1.3
    for place, heading in headings:
        spot = {"transform": axis.get_yaxis_transform(), "va": "center", "fontweight": "bold"}
        axis.text(0.01, place, heading, **spot)
    axis.set(yticks=places, yticklabels=names, ylim=(places[-1] + 0.6, -0.7))
    axis.set_xlabel("validation digits read right, against the plain network: points")
    axis.margins(x=0.12)
    axis.tick_params(axis="y", length=0)
    return made


def told_apart(variants, chosen):
    """Name each variant by what it has in place of the chosen one's parts.

    Args:
        variants: a page's part of choosing.json, from names to settings and runs.
        chosen: the name that was chosen; its own name keeps all parts.

    Returns:
        dict from the names in `variants` to those told apart.
    """
    parts = {}
    for name, variant in variants.items():
        layers = variant["settings"]["layers"]
        dropout = [layer for layer in layers if layer.startswith("dropout")]
        without = [] if variant["settings"]["smoothing"] else ["no smoothing"]
        parts[name] = [*name.replace("dense 0", "no dense layer").split(", "), *dropout, *without]
    own = {
        name: found if name == chosen else [part for part in found if part not in parts[chosen]]
        for name, found in parts.items()
    }
    return {name: ", ".join(left) for name, left in own.items()}


@styled
def tried(counts, chosen, unit):
    """Draw what was tried: a row for each variant, a dot for each seed, a bar for their mean.

    Args:
        counts: dict from a name to the digits that it misread, one a seed.
        chosen: the name that was chosen; drawn in another colour, its name in bold.
        unit: str, what is counted.
    """
    made, axis = figure(8, 0.5 * len(counts) + 0.9)
    for row, (name, values) in enumerate(counts.items()):
        colour = ORANGE if name == chosen else BLUE
        mean = float(np.mean(values))
        look = {"color": colour, "markersize": 8, "markeredgewidth": 1.8}
        heights = row + np.linspace(-0.16, 0.16, len(values))  # equal counts stay apart
        axis.plot(values, heights, "o", markerfacecolor="none", **look)
        axis.plot(mean, row, "|", color=colour, markersize=18, markeredgewidth=3)
        text = number(mean) + (" (chosen)" if name == chosen else "")
        beside = {"textcoords": "offset points", "va": "center_baseline", "fontsize": 9}
        axis.annotate(text, (max(values), row), (10, 0), color=colour, **beside)
    axis.set(yticks=range(len(counts)), ylim=(len(counts) - 0.4, -0.6))
    axis.set_yticklabels([fill(name, 50) for name in counts], fontsize=9)
    for label, name in zip(axis.get_yticklabels(), counts, strict=True):
        label.set_fontweight("bold" if name == chosen else "normal")
    axis.set_xlabel(unit)
    axis.margins(x=0.14)
    axis.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axis.tick_params(axis="y", length=0)
    return made


@styled
def seeds_and_goal(errors, goal, words):
    """Draw how many test digits each seed misread, stacked, beside a goal; their mean as a bar.

    Args:
        errors: list of int, one a seed.
        goal: int, drawn as a dashed line.
        words: str beside that line.
    """
    made, axis = figure(7.6, 2.9)
    for value, times in Counter(errors).items():
        look = {"color": BLUE, "markerfacecolor": "white", "markersize": 9, "markeredgewidth": 1.8}
        axis.plot([value] * times, np.arange(times) + 0.5, "o", **look)
    tallest = max(Counter(errors).values()) + 1
    axis.axvline(goal, color="black", linestyle="--", linewidth=1.2, zorder=0)
    beside = {"textcoords": "offset points", "va": "center", "fontsize": 9}
    axis.annotate(words, (goal, tallest + 0.55), (6, 0), **beside)
    mean = float(np.mean(errors))
    axis.plot([mean, mean], [-0.9, -0.1], color=ORANGE, linewidth=3.5)
    side = "right" if mean < goal else "left"  # away from the line
    write(axis, mean, -1.5, f"mean {number(mean)}", color=ORANGE, ha=side)
    axis.set(yticks=[], ylim=(-2.1, tallest + 1.2), xlabel="test digits misread, of 10,000")
    axis.spines["left"].set_visible(False)
    axis.margins(x=0.12)
    axis.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    return made

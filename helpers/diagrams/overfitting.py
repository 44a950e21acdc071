"""Drawings of page 05: dropout, seeds, and what each cure does."""

from itertools import chain, pairwise, product

import numpy as np
from matplotlib.patches import Circle
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from helpers.diagrams.parts import write
from helpers.plotting import (
    BLUE,
    FRAME,
    GREY,
    LIGHT,
    ORANGE,
    figure,
    legend_entries,
    number,
    styled,
)


@styled
def dropout_networks(widths, struck):
    """Draw a network as it is for some images, with neurons struck out, and at last whole.

    Args:
        widths: ints, neurons in each layer from the inputs to the outputs; three layers or more.
        struck: for each image, for each hidden layer, the numbers of the neurons struck out.
    """
    panels = {f"training, image {i}": out for i, out in enumerate(struck, start=1)}
    panels["prediction: all neurons"] = [[]] * (len(widths) - 2)
    made, axes = figure(2.75 * len(panels), 2.7, 1, len(panels))
    low, right = -max(widths) / 2 - 0.6, 2 * len(widths) - 2
    for axis, (title, out) in zip(axes, panels.items(), strict=True):
        layers = [
            [(2 * i, neuron - (width - 1) / 2, neuron not in gone) for neuron in range(width)]
            for i, (width, gone) in enumerate(zip(widths, [[], *out, []], strict=True))
        ]
        for left, after in pairwise(layers):
            for (*start, here), (*end, there) in product(left, after):
                if here and there:
                    axis.plot(*zip(start, end, strict=True), color=FRAME, lw=0.8, zorder=1)
        for x, y, kept in chain(*layers):
            look = {"facecolor": "white", "edgecolor": GREY, "linestyle": ":"}
            look = {"facecolor": LIGHT, "edgecolor": BLUE} if kept else look
            axis.add_patch(Circle((x, y), 0.34, linewidth=1.6, zorder=2, **look))
            if not kept:
                axis.plot(x, y, "x", color=ORANGE, markersize=10, markeredgewidth=2.4, zorder=3)
        write(axis, 0, low + 0.25, "in", va="baseline")
        write(axis, right, low + 0.25, "out", va="baseline")
        axis.set(title=title, xlim=(-0.6, right + 0.6), ylim=(low, -low - 0.5), aspect="equal")
        axis.set_axis_off()
    return made


@styled
def over_seeds(groups, xlabel, ylabel, title=None, factors=False):
    """Draw shares against a number, a ring for each seed and a line through the means.

    The x axis goes in factors and is labelled at the numbers that were measured.

    Args:
        groups: dict from a number above 0 to the shares measured there, one a seed, from 0 to 1.
        xlabel, ylabel, title: str.
        factors: True lets the y axis go in factors, too; the shares must then be above 0.
    """
    made, axis = figure(6.4, 3.2, title=title)
    axis.set(xscale="log", yscale="log" if factors else "linear", xlabel=xlabel, ylabel=ylabel)
    for place, measured in groups.items():
        rings = {"color": ORANGE, "markerfacecolor": "none", "label": "one seed"}
        axis.plot(np.full(len(measured), place), measured, "o", **rings)
    means = [np.mean(measured) for measured in groups.values()]
    axis.plot(list(groups), means, "-", color=BLUE, label="mean")
    if factors:
        axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 3, 5, 7)))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{number(100 * share)} %"))
    axis.set_xticks(list(groups), map(number, groups))
    for ticks in (axis.xaxis, axis.yaxis):
        ticks.set_minor_formatter(NullFormatter())
    axis.legend(*legend_entries(axis))
    return made


@styled
def effects(panels, xlabel, unit=100):
    """Draw how far each recipe lies from a baseline, a panel for each set of digits.

    A row is a recipe: the difference as a mark, its interval as a bar, and the verdict in words. A
    filled mark is a difference that the seeds can tell from none, a hollow one is not.

    Args:
        panels: dict from a title to {recipe: evaluation.Difference}, the same recipes in each.
        xlabel: str.
        unit: what a difference is multiplied by; 100 makes points of shares.
    """
    names = list(next(iter(panels.values())))
    made, axes = figure(9.6, 0.42 * len(names) + 1.5, 1, len(panels), sharey=True)
    for axis, (title, rows) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        axis.axvline(0, color=GREY, linewidth=1)
        for row, name in enumerate(names):
            found = rows[name]
            told = found.word in ("helps", "hurts")
            colour = {"helps": BLUE, "hurts": ORANGE}.get(found.word, GREY)
            mean, low, high = (unit * value for value in found[:3])
            fill = colour if told else "white"
            look = {"color": colour, "markerfacecolor": fill, "elinewidth": 3, "markersize": 7}
            axis.errorbar(mean, row, xerr=[[mean - low], [high - mean]], fmt="o", **look)
            place = {"xycoords": ("axes fraction", "data"), "va": "center", "fontsize": 9}
            axis.annotate(found.word, (1.02, row), color=colour, **place)
        axis.set(title=title, xlabel=xlabel, yticks=range(len(names)), yticklabels=names)
        axis.xaxis.set_major_formatter(FuncFormatter(lambda x, _: number(x)))
    axis.set_ylim(len(names) - 0.4, -0.6)
    return made

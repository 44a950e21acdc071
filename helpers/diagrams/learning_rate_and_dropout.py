"""Drawings for learning rates, dropout and shuffled pixels.

Every function returns a `matplotlib.figure.Figure` in the style of `plotting.py`.
"""

import itertools

import numpy as np
from matplotlib.patches import Circle
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from helpers import checks
from helpers.diagrams.first_pages import text_box
from helpers.plotting import BLUE, GREY, LIGHT, ORANGE, figure, legend_entries, styled


@styled
def walks(loss, paths):
    """Draw walks down the same valley side by side, each step an arrow.

    Args:
        loss: function from an array of parameter values to their losses.
        paths: dict of two to four names, each with the parameter's values from the start on.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: another number of names, or a path of fewer than two numbers.
    """
    checks.by_name(paths, "paths", "the values of a parameter", low=2, high=4)
    paths = {name: checks.numbers(path, f"paths[{name!r}]") for name, path in paths.items()}
    for name, path in paths.items():
        if len(path) < 2:
            raise ValueError(f"paths[{name!r}] must be a start and one step or more; got {path}.")
    made, axes = figure(2.3 * len(paths), 2.9, 1, len(paths), sharey=True)
    everything = np.concatenate(list(paths.values()))
    margin = 0.06 * np.ptp(everything) or 1
    x = np.linspace(everything.min() - margin, everything.max() + margin, 200)
    for axis, (name, path) in zip(axes, paths.items(), strict=True):
        heights = loss(path)
        axis.plot(x, loss(x), color=GREY, linewidth=1.2)
        for start, end in itertools.pairwise(zip(path, heights, strict=True)):
            arrow = {"arrowstyle": "->", "color": BLUE, "shrinkA": 1, "shrinkB": 1}
            axis.annotate("", end, start, arrowprops=arrow)
        axis.plot(path[0], heights[0], "o", color="black", label="start")
        axis.plot(path[-1], heights[-1], "s", color=ORANGE, label=f"after {len(path) - 1} steps")
        axis.set(title=name, xlabel="parameter")
    axes[0].set_ylabel("loss")
    made.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return made


@styled
def dropout_networks(widths, struck):
    """Draw a network as it is for some images, with neurons struck out, and at last whole.

    Args:
        widths: ints, neurons in each layer from the inputs to the outputs; three layers or more.
        struck: for each image, for each hidden layer, the numbers of the neurons struck out.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: fewer than three layers, not one list for each hidden layer, or a neuron that
            its layer has not.
    """
    widths = [checks.whole(width, "widths", 1) for width in widths]
    if len(widths) < 3:
        raise ValueError(f"widths must have three layers or more; got {len(widths)}.")
    panels = [(f"training, image {i}", out) for i, out in enumerate(struck, start=1)]
    panels.append(("reading: all neurons", [[]] * (len(widths) - 2)))
    made, axes = figure(2.75 * len(panels), 2.7, 1, len(panels), squeeze=False)
    for axis, (title, out) in zip(axes[0], panels, strict=True):
        if len(out) != len(widths) - 2:
            raise ValueError(
                f"struck must have one list for each of {len(widths) - 2} hidden layers for every "
                f"image; got {len(out)}."
            )
        for layer, width in zip(out, widths[1:-1], strict=True):
            for neuron in layer:
                checks.whole(neuron, "struck", 0, width - 1)
        _network(axis, widths, [[], *out, []])
        axis.set_title(title)
    return made


def _network(axis, widths, out):
    places = [
        [(2.0 * layer, neuron - (width - 1) / 2) for neuron in range(width)]
        for layer, width in enumerate(widths)
    ]
    for layer in range(len(widths) - 1):
        for i, start in enumerate(places[layer]):
            for j, end in enumerate(places[layer + 1]):
                if i not in out[layer] and j not in out[layer + 1]:
                    axis.plot(*zip(start, end, strict=True), color="#B8C4D0", lw=0.8, zorder=1)
    for layer, column in enumerate(places):
        for neuron, (x, y) in enumerate(column):
            gone = neuron in out[layer]
            look = {"facecolor": "white", "edgecolor": GREY, "linestyle": ":"}
            look = look if gone else {"facecolor": LIGHT, "edgecolor": BLUE}
            axis.add_patch(Circle((x, y), 0.34, linewidth=1.6, zorder=2, **look))
            if gone:
                axis.plot(x, y, "x", color=ORANGE, markersize=10, markeredgewidth=2.4, zorder=3)
    tallest = max(widths) / 2 + 0.1
    for layer, name in ((0, "in"), (len(widths) - 1, "out")):
        axis.text(2.0 * layer, -tallest - 0.25, name, ha="center", fontsize=9)
    axis.set(xlim=(-0.6, 2.0 * (len(widths) - 1) + 0.6), ylim=(-tallest - 0.5, tallest))
    axis.set_aspect("equal")
    axis.set_axis_off()


@styled
def sums(pixels, weights, order):
    """Draw a neuron's sum twice: as it stands, and with pixels and weights shuffled alike.

    Args:
        pixels, weights: n numbers each.
        order: a permutation of the numbers from 0 to n - 1: where the second sum takes each term.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: pixels and weights of unequal length, or an order that is no permutation.
    """
    pixels = checks.numbers(pixels, "pixels")
    weights = checks.numbers(weights, "weights", (len(pixels),))
    order = checks.numbers(order, "order", (len(pixels),))
    if sorted(order.tolist()) != list(range(len(pixels))):
        raise ValueError(f"order must hold each number below {len(pixels)} once; got {order}.")
    made, axis = figure(1.45 * len(pixels) + 2, 2.6)
    rows = ((1.9, "as it stands", range(len(pixels))), (0, "shuffled alike", order))
    for level, name, row in rows:
        axis.text(-0.25, level + 0.42, name, ha="right", va="center", weight="bold")
        for place, term in enumerate(row):
            left = 1.5 * place
            text = f"{pixels[term]:g} × {_signed(weights[term])}"
            text_box(axis, left, level, 1.16, 0.84, text, BLUE, fontsize=10)
            sign = "+" if place < len(pixels) - 1 else "="
            axis.text(left + 1.33, level + 0.42, sign, fontsize=12, ha="center", va="center")
        total = _signed((pixels[list(row)] * weights[list(row)]).sum())
        axis.text(1.5 * len(pixels) + 0.05, level + 0.42, total, va="center", weight="bold")
    for place, term in enumerate(order):
        start, end = (1.5 * term + 0.58, 1.86), (1.5 * place + 0.58, 0.88)
        arrow = {"arrowstyle": "->", "color": GREY, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
        axis.annotate("", end, start, arrowprops=arrow)
    axis.set(xlim=(-2.1, 1.5 * len(pixels) + 0.8), ylim=(-0.1, 2.85))
    axis.set_axis_off()
    return made


def _signed(number):
    """A number in few digits, with a true minus sign, in brackets where it is negative."""
    text = f"{abs(number):.3g}"
    return f"(−{text})" if number < 0 else text


@styled
def over_seeds(groups, xlabel, ylabel, title=None, factors=False):
    """Draw shares against a number, a ring for each seed and a line through the means.

    The x axis goes in factors and is labelled at the numbers that were measured.

    Args:
        groups: dict from a number above 0 to the shares measured there, one a seed, from 0 to 1.
        xlabel, ylabel, title: str.
        factors: True lets the y axis go in factors, too; the shares must then be above 0.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: fewer than two numbers, or one without shares between 0 and 1.
    """
    checks.by_name(groups, "groups", "the shares measured there, one a seed", low=2)
    x = checks.numbers(list(groups), "the numbers of groups", low=np.finfo(float).tiny)
    low = np.finfo(float).tiny if factors else 0
    shares = [checks.numbers(y, f"groups[{name!r}]", low=low, high=1) for name, y in groups.items()]
    made, axis = figure(6.4, 3.2, title=title)
    axis.set(xscale="log", yscale="log" if factors else "linear", xlabel=xlabel, ylabel=ylabel)
    for place, measured in zip(x, shares, strict=True):
        rings = {"color": ORANGE, "markerfacecolor": "none", "label": "one seed"}
        axis.plot(np.full(len(measured), place), measured, "o", **rings)
    axis.plot(x, [measured.mean() for measured in shares], "-", color=BLUE, label="mean")
    if factors:
        axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 3, 5, 7)))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.3g} %"))
    axis.yaxis.set_minor_formatter(NullFormatter())
    axis.set_xticks(x, [_plain(place) for place in x])
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.legend(*legend_entries(axis))
    return made


def _plain(number):
    """A number without an exponent: 55,000 or 0.00003."""
    return f"{number:,.0f}" if number >= 1 else np.format_float_positional(number, trim="-")

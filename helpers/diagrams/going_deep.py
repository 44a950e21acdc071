"""Drawings of chapter 03: networks with hidden layers, and how they learn.

Every function returns a `matplotlib.figure.Figure` in the style of `plotting.py`.
"""

from itertools import pairwise

import numpy as np
from matplotlib.patches import FancyArrowPatch, Rectangle

from helpers import checks
from helpers.diagrams.first_pages import text_box
from helpers.plotting import (
    BLUE,
    GREEN,
    GREY,
    LIGHT,
    LINES,
    ORANGE,
    figure,
    legend_entries,
    styled,
)


@styled
def two_spaces(inputs, hidden, classes, weights, bias):
    """Draw points as a hidden layer gets them and as it gives them out, with the last neuron's cut.

    Points that the hidden layer puts on one place are drawn once, with all their names.

    Args:
        inputs, hidden: numbers of shape (n, 2), the points before and after the hidden layer.
        classes: n integers, 1 for a circle and 0 for a square.
        weights, bias: of the neuron that cuts the hidden space: two numbers, the second not zero,
            and one number.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: points of another shape, or not one class a point.
    """
    inputs = checks.numbers(inputs, "inputs", ("n", 2))
    hidden = checks.numbers(hidden, "hidden", (len(inputs), 2))
    classes = checks.for_each(classes, "classes", len(inputs), "point")
    made, axes = figure(7.4, 3.3, 1, 2)
    names = [f"({x:g}, {y:g})" for x, y in inputs]
    titles = ("what goes in", "what the hidden layer makes of it")
    for axis, points, title in zip(axes, (inputs, hidden), titles, strict=True):
        places = {}
        for point, name, kind in zip(points, names, classes, strict=True):
            places.setdefault((*point, kind), []).append(name)
        for (x, y, kind), here in places.items():
            marker, colour = ("o", BLUE) if kind else ("s", ORANGE)
            axis.plot(x, y, marker, color=colour, markersize=13, label=f"class {kind}")
            place, side = ((0, -10), "top") if kind else ((0, 10), "bottom")
            look = {"textcoords": "offset points", "ha": "center", "va": side, "fontsize": 9}
            axis.annotate("\n".join(here), (x, y), place, **look)
        low, high = points.min(axis=0) - 0.5, points.max(axis=0) + 0.8
        axis.set(title=title, xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    axes[0].set(xlabel="first input", ylabel="second input")
    axes[1].set(xlabel="first hidden neuron", ylabel="second hidden neuron")
    x = np.array(axes[1].get_xlim())
    axes[1].plot(x, -(weights[0] * x + bias) / weights[1], "k--", label="score = 0")
    made.legend(*legend_entries(axes[1]), loc="outside lower center", ncols=3)
    return made


@styled
def network(sizes, names, drawn=7):
    """Draw a network's layers as columns of neurons, each joined to all of the layer before.

    Args:
        sizes: ints, neurons in each layer, the inputs first.
        names: str for each layer.
        drawn: int, how many neurons are drawn of a layer that has more than 10.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: fewer than two layers, an empty one, or not one name a layer.
    """
    names = checks.for_each(names, "names", len(sizes), "layer")
    if len(sizes) < 2:
        raise ValueError(f"sizes must hold two layers or more, the inputs first; got {sizes!r}.")
    made, axis = figure(8.4, 3.7)
    columns = []
    for i, size in enumerate(sizes):
        shown = checks.whole(size, f"sizes[{i}]", 1) if size <= 10 else drawn
        columns.append(np.linspace(-1, 1, shown) * min(1, shown / 8) if shown > 1 else np.zeros(1))
    for i, (left, right) in enumerate(pairwise(columns)):
        for y in left:
            for z in right:
                axis.plot([2 * i, 2 * i + 2], [y, z], color="#C3CDD7", linewidth=0.5, zorder=1)
        weights, biases = sizes[i] * sizes[i + 1], sizes[i + 1]
        text = f"{weights:,} weights\n+ {biases} biases"
        axis.text(2 * i + 1, -1.4, text, ha="center", va="center", fontsize=9, color=BLUE)
    for i, (column, size, name) in enumerate(zip(columns, sizes, names, strict=True)):
        outer = i in (0, len(sizes) - 1)
        look = {"color": GREY if outer else ORANGE, "markersize": 9, "markeredgecolor": "white"}
        axis.plot(np.full(len(column), 2 * i), column, "s" if i == 0 else "o", zorder=2, **look)
        axis.text(2 * i, 1.2, f"{name}\n{size}", ha="center", va="bottom", weight="bold")
        if size > len(column):
            middle = len(column) // 2
            axis.plot(2 * i, column[middle], "s", color="white", markersize=16, zorder=3)
            dots = {"ha": "center", "va": "center", "rotation": 90, "zorder": 4}
            axis.text(2 * i, column[middle], "…", fontsize=14, **dots)
    axis.set(xlim=(-0.8, 2 * len(sizes) - 1.2), ylim=(-1.65, 1.75))
    axis.set_axis_off()
    return made


# Strokes on a square of side 1, each as a list of corners.
TOP, SLANT = [(0.15, 0.85), (0.8, 0.85)], [(0.8, 0.85), (0.4, 0.1)]
LEFT, BAR, STEM = [(0.45, 0.9), (0.2, 0.4)], [(0.2, 0.4), (0.85, 0.4)], [(0.62, 0.9), (0.62, 0.1)]


@styled
def strokes_and_digits():
    """Draw the hierarchy to think with: pixels make strokes, and strokes make digits.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(8.2, 4.2)
    strokes = (("a top line", TOP), ("a slanted line", SLANT), ("a bar", BAR), ("a stem", STEM))
    digits = (("7", (TOP, SLANT), (0, 1)), ("4", (LEFT, STEM, BAR), (1, 2, 3)))
    levels = {"pixels": 0, "strokes": 3.4, "digits": 6.8}
    for name, left in levels.items():
        axis.text(left + 0.5, 5.4, name, ha="center", weight="bold")
    steps = np.linspace(0, 1, 6)
    axis.add_patch(Rectangle((-0.2, 1.9), 1.4, 1.4, facecolor="white", edgecolor=GREY))
    for place in steps[1:-1]:
        axis.plot([-0.2 + 1.4 * place] * 2, [1.9, 3.3], color="#D5DCE3", linewidth=0.8)
        axis.plot([-0.2, 1.2], [1.9 + 1.4 * place] * 2, color="#D5DCE3", linewidth=0.8)
    for column, row in ((1, 4), (2, 4), (3, 4), (3, 3), (2, 2), (2, 1)):
        spot = (-0.2 + 0.28 * column, 1.9 + 0.28 * row - 0.14)
        axis.add_patch(Rectangle(spot, 0.28, 0.28, facecolor=GREY))
    bottoms = [4.2, 2.8, 1.4, 0.0]
    for (name, stroke), low in zip(strokes, bottoms, strict=True):
        _sketch(axis, levels["strokes"], low, [stroke], BLUE)
        axis.text(levels["strokes"] + 0.5, low - 0.05, name, ha="center", va="top", fontsize=8)
        _join(axis, (1.3, 2.6), (levels["strokes"] - 0.05, low + 0.5), "-")
    for (name, parts, of), low in zip(digits, (3.5, 1.4), strict=True):
        _sketch(axis, levels["digits"], low, parts, ORANGE)
        axis.text(levels["digits"] + 1.15, low + 0.5, f"a {name}", va="center")
        for i in range(len(strokes)):
            start, end = (4.45, bottoms[i] + 0.5), (levels["digits"] - 0.05, low + 0.5)
            _join(axis, start, end, "-" if i in of else ":")
    key = "solid: speaks for it\ndotted: against it, or neither"
    axis.text(7.3, -0.35, key, ha="center", va="bottom", fontsize=8, color=GREY)
    axis.set(xlim=(-0.4, 8.6), ylim=(-0.5, 5.7))
    axis.set_axis_off()
    return made


def _sketch(axis, left, low, strokes, colour):
    axis.add_patch(Rectangle((left, low), 1, 0.95, facecolor=LIGHT, edgecolor=GREY, linewidth=0.8))
    for stroke in strokes:
        x, y = np.array(stroke).T
        axis.plot(left + x, low + 0.95 * y, color=colour, linewidth=3, solid_capstyle="round")


def _join(axis, start, end, style):
    look = {"color": GREY, "linewidth": 1.3 if style == "-" else 0.8, "linestyle": style}
    axis.plot([start[0], end[0]], [start[1], end[1]], zorder=0, **look)


@styled
def activations():
    """Draw sigmoid, tanh and ReLU, and beside them their slopes.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axes = figure(8.2, 3.1, 1, 2)
    x = np.linspace(-6, 6, 241)
    sigmoid = 1 / (1 + np.exp(-x))
    curves = {  # name: values, slopes
        "sigmoid": (sigmoid, sigmoid * (1 - sigmoid)),
        "tanh": (np.tanh(x), 1 - np.tanh(x) ** 2),
        "ReLU": (np.maximum(x, 0), np.where(x > 0, 1.0, 0.0)),
    }
    for (name, pair), look in zip(curves.items(), LINES, strict=False):
        for axis, values in zip(axes, pair, strict=True):
            axis.plot(x, values, label=name, markevery=(8, 25), **look)
    for axis, title, top in zip(axes, ("what comes out", "its slope"), (3, 1.15), strict=True):
        axis.axhline(0, color=GREY, linewidth=0.7, zorder=0)
        axis.set(title=title, xlabel="score that goes in", ylim=(-1.15 if top == 3 else -0.1, top))
    axes[1].annotate("at most 1/4", (0, 0.25), (-5.6, 0.42), fontsize=9, color=BLUE)
    axes[0].legend(handlelength=3.2)
    return made


@styled
def backpropagation(layers):
    """Draw one training step: values go forward, slopes come back, and each layer gets its share.

    Args:
        layers: str, the names of the layers from the first to the last.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no layers.
    """
    checks.whole(len(layers), "the number of layers", 1)
    made, axis = figure(8.6, 3.1)
    names = ["digits", *layers, "loss"]
    for i, name in enumerate(names):
        colour = ORANGE if 0 < i < len(names) - 1 else GREY
        text_box(axis, 2 * i, 0, 1.3, 1, name, colour)
        if i:
            _arrow(axis, (2 * i - 0.68, 0.75), (2 * i - 0.02, 0.75), BLUE, "-")
        if i > 1:
            _arrow(axis, (2 * i - 0.02, 0.25), (2 * i - 0.68, 0.25), GREEN, "--")
        if 0 < i < len(names) - 1:
            _arrow(axis, (2 * i + 0.65, -0.04), (2 * i + 0.65, -0.62), GREEN, "--")
            share = {"ha": "center", "va": "top", "fontsize": 9, "color": GREEN}
            axis.text(2 * i + 0.65, -0.68, "slopes of its\nweights", **share)
    middle = len(names) - 0.85
    axis.text(middle, 1.3, "forward: each layer's values →", ha="center", color=BLUE)
    back = "← back: how much the loss changes when these values change"
    axis.text(middle, -1.75, back, ha="center", color=GREEN)
    axis.set(xlim=(-0.1, 2 * len(names) - 0.6), ylim=(-1.95, 1.65))
    axis.set_axis_off()
    return made


def _arrow(axis, start, end, colour, style):
    look = {"arrowstyle": "-|>", "mutation_scale": 11, "linestyle": style, "linewidth": 1.6}
    axis.add_patch(FancyArrowPatch(start, end, color=colour, shrinkA=0, shrinkB=0, **look))


@styled
def paths(surfaces):
    """Draw landscapes by their height lines, one beside another, and the paths walked on each.

    Args:
        surfaces: dict from a title to (height, paths): a function of x and y, and a dict from a
            name to places of shape (steps, 2), the start first and the same for all.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no landscape, more paths than line styles, or places of another shape.
    """
    checks.by_name(surfaces, "surfaces", "(height, paths)", high=3)
    made, axes = figure(4.3 * len(surfaces), 3.7, 1, len(surfaces), squeeze=False)
    for axis, (title, (height, walks)) in zip(axes[0], surfaces.items(), strict=True):
        checks.by_name(walks, f"paths of {title!r}", "places of shape (steps, 2)", high=len(LINES))
        walks = {
            name: checks.numbers(places, f"path {name!r}", ("n", 2))
            for name, places in walks.items()
        }
        xlim, ylim = _reach(np.concatenate(list(walks.values())))
        x, y = np.meshgrid(np.linspace(*xlim, 121), np.linspace(*ylim, 121))
        axis.contour(x, y, height(x, y), 14, colors="#B8C4D0", linewidths=0.8, linestyles="solid")
        for (name, places), look in zip(walks.items(), LINES, strict=False):
            every = max(1, len(places) // 20)
            axis.plot(*places.T, label=name, markersize=4, markevery=every, **look)
        first = places[0]
        axis.plot(*first, "*", color="black", markersize=13, label="start")
        axis.set(title=title, xlim=xlim, ylim=ylim, xlabel="first weight", ylabel="second weight")
    handles, labels = legend_entries(axes[0, 0])
    made.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return made


def _reach(places):
    """The ends of both axes: all places, and a margin."""
    low, high = places.min(axis=0), places.max(axis=0)
    margin = 0.15 * (high - low) + 0.05
    return zip(low - margin, high + margin, strict=True)


@styled
def depth_costs(sizes, width=200, depths=range(6)):
    """Draw where a dense network's weights are, and how many more each hidden layer brings.

    A dense layer multiplies once for each weight and digit, so the bars are multiplications too.

    Args:
        sizes: ints, neurons in each layer of one network, the inputs first.
        width: int, neurons in each hidden layer of the second picture.
        depths: ints, numbers of hidden layers in the second picture.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: fewer than two layers, or one that is empty.
    """
    sizes = [checks.whole(size, f"sizes[{i}]", 1) for i, size in enumerate(sizes)]
    if len(sizes) < 2:
        raise ValueError(f"sizes must hold two layers or more, the inputs first; got {sizes!r}.")
    made, axes = figure(8.6, 3.1, 1, 2)
    pairs = list(pairwise(sizes))
    stacks = [[sizes[0], *[width] * depth, sizes[-1]] for depth in depths]
    parts = (
        ([f"{a} → {b}" for a, b in pairs], [a * b for a, b in pairs], "one network, by layer"),
        (
            [str(depth) for depth in depths],
            [int(np.dot(stack[:-1], stack[1:])) for stack in stacks],
            f"hidden layers of {width}: how many?",
        ),
    )
    for axis, (names, values, title), colour in zip(axes, parts, (BLUE, ORANGE), strict=True):
        bars = axis.bar(names, values, color=colour, width=0.65)
        axis.bar_label(bars, [f"{value:,}" for value in values], padding=2, fontsize=8)
        axis.set(title=title, ylim=(0, max(values) * 1.15), yticks=[])
        axis.spines["left"].set_visible(False)
    axes[0].set(xlabel="layer", ylabel="weights =\nmultiplications a digit")
    axes[1].set(xlabel="number of hidden layers")
    return made

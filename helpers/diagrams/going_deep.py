"""Drawings of page 03: networks with hidden layers, and how they learn."""

from itertools import pairwise

import numpy as np

from helpers.diagrams.parts import arrow, box, sheet, text_box, write
from helpers.plotting import BLUE, FRAME, GREEN, GREY, LINES, ORANGE, figure, legend_entries, styled


@styled
def two_spaces(inputs, hidden, classes, weights, bias):
    """Draw points as a hidden layer gets them and as it gives them out, with the last neuron's cut.

    Points that the hidden layer puts on one place are drawn once, with all their names.

    Args:
        inputs, hidden: numbers of shape (n, 2), the points before and after the hidden layer.
        classes: n integers, 1 for a circle and 0 for a square.
        weights, bias: of the neuron that cuts the hidden space: two numbers, the second not zero,
            and one number.
    """
    made, axes = figure(7.4, 3.3, 1, 2)
    names = [f"({x:g}, {y:g})" for x, y in inputs]
    panels = (
        (inputs, "what goes in", "input"),
        (hidden, "what the hidden layer makes of it", "hidden neuron"),
    )
    for axis, (points, title, what) in zip(axes, panels, strict=True):
        places = {}
        for point, name, kind in zip(points, names, classes, strict=True):
            places.setdefault((*point, kind), []).append(name)
        for (x, y, kind), here in places.items():
            marker, colour = ("o", BLUE) if kind else ("s", ORANGE)
            axis.plot(x, y, marker, color=colour, markersize=13, label=f"class {kind}")
            place, side = ((0, -10), "top") if kind else ((0, 10), "bottom")
            look = {"textcoords": "offset points", "ha": "center", "va": side, "fontsize": 9}
            axis.annotate("\n".join(here), (x, y), place, **look)
        low, high = np.min(points, axis=0) - 0.5, np.max(points, axis=0) + 0.8
        axis.set(title=title, xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        axis.set(xlabel=f"first {what}", ylabel=f"second {what}")
    x = np.array(axis.get_xlim())
    axis.plot(x, -(weights[0] * x + bias) / weights[1], "k--", label="score = 0")
    made.legend(*legend_entries(axis), loc="outside lower center", ncols=3)
    return made


@styled
def network(sizes, names):
    """Draw a network's layers as columns of neurons, each joined to all of the layer before.

    Of a layer of more than 10 neurons seven are drawn.

    Args:
        sizes: ints, neurons in each layer, the inputs first.
        names: str for each layer.
    """
    made, axis = sheet(8.4, 3.7, (-0.8, 2 * len(sizes) - 1.2), (-1.65, 1.75))
    drawn = [size if size <= 10 else 7 for size in sizes]
    columns = [np.linspace(-1, 1, count) * min(1, count / 8) for count in drawn]
    for i, (left, right) in enumerate(pairwise(columns)):
        for y in left:
            for z in right:
                axis.plot([2 * i, 2 * i + 2], [y, z], color=FRAME, linewidth=0.5, zorder=1)
        weights, biases = sizes[i] * sizes[i + 1], sizes[i + 1]
        write(axis, 2 * i + 1, -1.4, f"{weights:,} weights\n+ {biases} biases", color=BLUE)
    for i, (column, size, name) in enumerate(zip(columns, sizes, names, strict=True)):
        outer = i in (0, len(sizes) - 1)
        look = {"color": GREY if outer else ORANGE, "markersize": 9, "markeredgecolor": "white"}
        axis.plot(np.full(len(column), 2 * i), column, "s" if i == 0 else "o", zorder=2, **look)
        write(axis, 2 * i, 1.2, f"{name}\n{size}", va="bottom", weight="bold", fontsize=10)
        if size > len(column):
            middle = column[len(column) // 2]
            axis.plot(2 * i, middle, "s", color="white", markersize=16, zorder=3)
            write(axis, 2 * i, middle, "…", fontsize=14, rotation=90, zorder=4)
    return made


# Strokes on a square of side 1, each as a list of corners.
TOP, SLANT = [(0.15, 0.85), (0.8, 0.85)], [(0.8, 0.85), (0.4, 0.1)]
LEFT, BAR, STEM = [(0.45, 0.9), (0.2, 0.4)], [(0.2, 0.4), (0.85, 0.4)], [(0.62, 0.9), (0.62, 0.1)]


@styled
def strokes_and_digits():
    """Draw the hierarchy to think with: pixels make strokes, and strokes make digits."""
    made, axis = sheet(8.2, 4.2, (-0.4, 8.6), (-0.5, 5.7))
    for name, left in (("pixels", 0.5), ("strokes", 3.9), ("digits", 7.3)):
        write(axis, left, 5.4, name, weight="bold", fontsize=10, va="baseline")
    for row, line in enumerate(("     ", " ### ", "   # ", "  #  ", "  #  ")):
        for column, ink in enumerate(line):
            place = (-0.2 + 0.28 * column, 3.02 - 0.28 * row)
            box(axis, *place, 0.28, 0.28, FRAME, "white" if ink == " " else GREY, linewidth=0.8)
    strokes = (("a top line", TOP), ("a slanted line", SLANT), ("a bar", BAR), ("a stem", STEM))
    digits = (  # name, height, its strokes, the strokes that speak for it
        ("a 7", 3.5, (TOP, SLANT), (TOP, SLANT)),
        ("a 4", 1.4, (LEFT, STEM, BAR), (SLANT, STEM, BAR)),
    )
    for i, (name, stroke) in enumerate(strokes):
        low = 4.2 - 1.4 * i
        _sketch(axis, 3.4, low, [stroke], BLUE)
        write(axis, 3.9, low - 0.05, name, va="top", fontsize=8)
        _join(axis, (1.3, 2.6), (3.35, low + 0.5))
        for _, end, _, spoken_for in digits:
            _join(axis, (4.45, low + 0.5), (6.75, end + 0.5), stroke in spoken_for)
    for name, low, parts, _ in digits:
        _sketch(axis, 6.8, low, parts, ORANGE)
        write(axis, 7.95, low + 0.5, name, ha="left", fontsize=10)
    key = "solid: speaks for it\ndotted: against it, or neither"
    write(axis, 7.3, -0.35, key, va="bottom", fontsize=8, color=GREY)
    return made


def _sketch(axis, left, low, strokes, colour):
    box(axis, left, low, 1, 0.95, GREY, linewidth=0.8)
    for stroke in strokes:
        x, y = np.array(stroke).T
        axis.plot(left + x, low + 0.95 * y, color=colour, linewidth=3, solid_capstyle="round")


def _join(axis, start, end, solid=True):
    look = {"linewidth": 1.3, "linestyle": "-"} if solid else {"linewidth": 0.8, "linestyle": ":"}
    axis.plot([start[0], end[0]], [start[1], end[1]], color=GREY, zorder=0, **look)


@styled
def activations():
    """Draw sigmoid, tanh and ReLU, and beside them their slopes."""
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
    axes[0].set(title="what comes out", xlabel="score that goes in", ylim=(-1.15, 3))
    axes[1].set(title="its slope", xlabel="score that goes in", ylim=(-0.1, 1.15))
    for axis in axes:
        axis.axhline(0, color=GREY, linewidth=0.7, zorder=0)
    axes[1].text(-5.6, 0.42, "at most 1/4", fontsize=9, color=BLUE)
    axes[0].legend(handlelength=3.2)
    return made


@styled
def backpropagation(layers):
    """Draw one training step: values go forward, slopes come back, and each layer gets its share.

    Args:
        layers: str, the names of the layers from the first to the last.
    """
    names = ["digits", *layers, "loss"]
    made, axis = sheet(8.6, 3.1, (-0.1, 2 * len(names) - 0.6), (-1.95, 1.65))
    for i, name in enumerate(names):
        left, hidden = 2 * i, 0 < i < len(names) - 1
        text_box(axis, left, 0, 1.3, 1, name, ORANGE if hidden else GREY)
        if i:
            arrow(axis, (left - 0.68, 0.75), (left - 0.02, 0.75), BLUE)
        if i > 1:
            arrow(axis, (left - 0.02, 0.25), (left - 0.68, 0.25), GREEN, "--")
        if hidden:
            arrow(axis, (left + 0.65, -0.04), (left + 0.65, -0.62), GREEN, "--")
            write(axis, left + 0.65, -0.68, "slopes of its\nweights", va="top", color=GREEN)
    middle, look = len(names) - 0.85, {"fontsize": 10, "va": "baseline"}
    write(axis, middle, 1.3, "forward: each layer's values →", color=BLUE, **look)
    back = "← back: how much the loss changes when these values change"
    write(axis, middle, -1.75, back, color=GREEN, **look)
    return made


@styled
def paths(surfaces):
    """Draw landscapes by their height lines, one beside another, and the paths walked on each.

    Args:
        surfaces: dict from a title to (height, paths): a function of x and y, and a dict from a
            name to places of shape (steps, 2), the start first and the same for all.
    """
    made, axes = figure(4.3 * len(surfaces), 3.7, 1, len(surfaces), squeeze=False)
    for axis, (title, (height, walks)) in zip(axes[0], surfaces.items(), strict=True):
        walks = {name: np.asarray(places) for name, places in walks.items()}
        everywhere = np.concatenate(list(walks.values()))
        margin = 0.15 * np.ptp(everywhere, axis=0) + 0.05
        (left, low), (right, high) = everywhere.min(0) - margin, everywhere.max(0) + margin
        x, y = np.meshgrid(np.linspace(left, right, 121), np.linspace(low, high, 121))
        axis.contour(x, y, height(x, y), 14, colors=FRAME, linewidths=0.8, linestyles="solid")
        for (name, places), look in zip(walks.items(), LINES, strict=False):
            every = max(1, len(places) // 20)
            axis.plot(*places.T, label=name, markersize=4, markevery=every, **look)
        axis.plot(*places[0], "*", color="black", markersize=13, label="start")
        axis.set(title=title, xlim=(left, right), ylim=(low, high))
        axis.set(xlabel="first weight", ylabel="second weight")
    handles, labels = legend_entries(axis)
    made.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return made


@styled
def depth_costs(sizes):
    """Draw where a dense network's weights are, and how many more each hidden layer of 200 brings.

    A dense layer multiplies once for each weight and digit, so the bars are multiplications too.

    Args:
        sizes: ints, neurons in each layer of one network, the inputs first.
    """
    made, axes = figure(8.6, 3.1, 1, 2)
    by_layer = {f"{a} → {b}": a * b for a, b in pairwise(sizes)}
    stacks = {str(depth): [sizes[0], *[200] * depth, sizes[-1]] for depth in range(6)}
    by_depth = {depth: int(np.dot(stack[:-1], stack[1:])) for depth, stack in stacks.items()}
    for axis, weights, colour in zip(axes, (by_layer, by_depth), (BLUE, ORANGE), strict=True):
        bars = axis.bar(list(weights), list(weights.values()), color=colour, width=0.65)
        axis.bar_label(bars, fmt="{:,.0f}", padding=2, fontsize=8)
        axis.set(ylim=(0, max(weights.values()) * 1.15), yticks=[])
        axis.spines["left"].set_visible(False)
    axes[0].set(title="one network, by layer", xlabel="layer")
    axes[0].set_ylabel("weights =\nmultiplications a digit")
    axes[1].set(title="hidden layers of 200: how many?", xlabel="number of hidden layers")
    return made

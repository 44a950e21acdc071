"""Drawings of page 03: networks with hidden layers, and how they learn."""

from itertools import pairwise

import numpy as np

from helpers.diagrams.parts import arrow, box, sheet, text_box, write
from helpers.plotting import (
    BLUE,
    FRAME,
    GREEN,
    GREY,
    LINES,
    ORANGE,
    figure,
    legend_entries,
    number,
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
    """
    made, axes = figure(7.4, 3.4, 1, 2)
    names = [f"({x:g}, {y:g})" for x, y in inputs]
    panels = (
        (inputs, "the four points", ("x", "y"), ""),
        (hidden, "what the hidden neurons make of them", ("neuron 1", "neuron 2"), "from "),
    )
    for axis, (points, title, labels, origin) in zip(axes, panels, strict=True):
        places = {}
        for point, name, kind in zip(points, names, classes, strict=True):
            places.setdefault((*point, kind), []).append(name)
        for (x, y, kind), here in places.items():
            marker, colour = ("o", BLUE) if kind else ("s", ORANGE)
            axis.plot(x, y, marker, color=colour, markersize=13, label=f"class {kind}")
            place, side = ((0, -10), "top") if kind else ((0, 10), "bottom")
            look = {"textcoords": "offset points", "ha": "center", "va": side, "fontsize": 9}
            axis.annotate(origin + "\nand ".join(here), (x, y), place, **look)
        low, high = np.min(points, axis=0) - 0.6, np.max(points, axis=0) + 0.6
        axis.set(title=title, xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        axis.set(xlabel=labels[0], ylabel=labels[1])
    x = np.array(axis.get_xlim())
    axis.plot(x, -(weights[0] * x + bias) / weights[1], "k--", label="score of the last neuron = 0")
    made.legend(*legend_entries(axis), loc="outside lower center", ncols=3)
    return made


@styled
def pushed_back(point, label, hidden_weights, hidden_biases, weights, bias):
    """Draw one example going forward through two hidden neurons and one more, and back.

    The hidden neurons have ReLU; a sigmoid makes a probability of the last score. Numbers of the
    way forward are blue, those of the way back green, and every gradient stands at its parameter.

    Args:
        point: two numbers, the inputs x and y.
        label: 0 or 1.
        hidden_weights: numbers of shape (2, 2), a row for each input and a column for each neuron.
        hidden_biases, weights: two numbers each.
        bias: number.
    """
    score = point @ hidden_weights + hidden_biases
    hidden = np.maximum(score, 0)
    last = hidden @ weights + bias
    probability = 1 / (1 + np.exp(-last))
    error = probability - label
    arriving = error * np.asarray(weights)
    back = np.where(score > 0, arriving, 0)
    loss = -np.log(probability if label else 1 - probability)
    made, axis = sheet(9.6, 4.2, (-0.1, 13.3), (-0.95, 5.1))
    forward, backward = {"color": BLUE, "ha": "left"}, {"color": GREEN, "ha": "left"}
    for name, value, y in (("x", point[0], 3.4), ("y", point[1], 0.7)):
        text_box(axis, 0, y, 1, 0.8, f"{name} = {value:g}", GREY, color=BLUE)
        for low in (2.75, 0.05):
            arrow(axis, (1.05, y + 0.4), (2.25, low + 1.1), BLUE)
    for i, low in ((0, 2.75), (1, 0.05)):
        left, products = 2.3, zip(hidden_weights[:, i], point, strict=True)
        box(axis, left, low, 4.1, 2.2, ORANGE)
        lines = (
            (1.9, f"neuron {i + 1}", {"ha": "left", "weight": "bold"}),
            (
                1.45,
                _sum(products, hidden_biases[i], score[i]),
                forward,
            ),
            (1.05, f"ReLU gives {_plain(hidden[i])}", forward),
            (
                0.6,
                f"gradients: wx{i + 1} {_short(back[i] * point[0])},  "
                f"wy{i + 1} {_short(back[i] * point[1])},",
                backward,
            ),
            (0.25, f"b{i + 1} {_short(back[i])}", backward),
        )
        for up, text, look in lines:
            write(axis, left + 0.15, low + up, text, **look)
        start, end, gap = (low + 1.6, 3.1, -0.5) if i == 0 else (low + 0.9, 1.9, 0.5)
        arrow(axis, (left + 4.15, start + gap), (7.75, end + gap), BLUE)
        arrow(axis, (7.75, end), (left + 4.15, start), GREEN, "--")
        factor = f"({_plain(weights[i])})" if weights[i] < 0 else _plain(weights[i])
        text = f"{_short(error)} × {factor} = {_short(arriving[i])}"
        write(axis, 6.6, (4.6, 0.5)[i], text, color=GREEN, ha="left")
    left, low = 7.8, 1.2
    box(axis, left, low, 3.75, 2.6, ORANGE)
    lines = (
        (2.3, "last neuron", {"ha": "left", "weight": "bold"}),
        (1.85, _sum(zip(weights, hidden, strict=True), bias, last), forward),
        (1.45, f"sigmoid gives p = {probability:.3f}", forward),
        (1.0, f"gradients: v1 {_short(error * hidden[0])},", backward),
        (0.65, f"v2 {_short(error * hidden[1])},  c {_short(error)}", backward),
    )
    for up, text, look in lines:
        write(axis, left + 0.15, low + up, text, **look)
    arrow(axis, (11.6, 2.85), (12.05, 2.85), BLUE)
    arrow(axis, (12.05, 2.15), (11.6, 2.15), GREEN, "--")
    box(axis, 12.1, 1.2, 1.15, 2.6, GREY)
    write(axis, 12.67, 3.4, "loss", weight="bold")
    write(axis, 12.67, 2.85, f"{loss:.3f}", color=BLUE)
    write(axis, 12.67, 2.0, f"error\np − {label}\n= {_short(error)}", color=GREEN)
    look = {"fontsize": 10, "va": "baseline"}
    write(axis, 4.35, -0.75, "forward: values →", color=BLUE, **look)
    write(axis, 9.7, -0.75, "← back: gradients", color=GREEN, **look)
    return made


def _plain(value):
    return number(value, 4)


def _short(value):
    return f"{value + 0.0:.3f}".replace("-", "−") if value else "0"


def _sum(products, bias, total):
    """A weighted sum as it is worked out by hand."""
    terms = [f"{_plain(weight)}×{_plain(value)}" for weight, value in products]
    text = " + ".join([*terms, _plain(bias)]).replace("+ −", "− ")
    return f"{text} = {_plain(total)}"


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
    """Draw sigmoid, tanh and ReLU."""
    made, axis = figure(6.2, 3.2)
    x = np.linspace(-5, 5, 201)
    curves = {"sigmoid": 1 / (1 + np.exp(-x)), "tanh": np.tanh(x), "ReLU": np.maximum(x, 0)}
    for (name, values), look in zip(curves.items(), LINES, strict=False):
        axis.plot(x, values, label=name, markevery=(8, 25), **look)
    axis.set(xlabel="score that goes in", ylabel="what comes out", ylim=(-1.15, 3))
    axis.axhline(0, color=GREY, linewidth=0.7, zorder=0)
    axis.legend(handlelength=3.2, loc="upper left")
    return made

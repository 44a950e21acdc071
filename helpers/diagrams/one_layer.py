"""Drawings of page 02: one neuron in the plane, a layer's shapes, softmax, the loss in a valley."""

import numpy as np

from helpers.diagrams.parts import arrow, box, sheet, write
from helpers.plotting import BLUE, FRAME, GREEN, GREY, ORANGE, figure, number, styled


@styled
def neuron_in_the_plane(weights, bias, points):
    """Draw the line where a neuron's score is zero, its two sides, and points with their scores.

    Args:
        weights, bias: two numbers, the second not zero, and one number.
        points: numbers of shape (n, 2).
    """
    made, axis = figure(5.4, 4)
    points = np.asarray(points)
    x = np.array([points[:, 0].min() - 2, points[:, 0].max() + 5])
    line = -(weights[0] * x + bias) / weights[1]
    low, high = min(line.min(), points[:, 1].min()) - 1, max(line.max(), points[:, 1].max()) + 1
    sides = [("score > 0", BLUE), ("score < 0", ORANGE)]
    (over, above), (under, below) = sides if weights[1] > 0 else sides[::-1]
    axis.fill_between(x, line, high, color=above, alpha=0.10, linewidth=0)
    axis.fill_between(x, low, line, color=below, alpha=0.10, linewidth=0)
    axis.plot(x, line, color="black")
    for point in points:
        score = point @ np.asarray(weights) + bias
        marker, colour = (("o", BLUE) if score > 0 else ("s", ORANGE)) if score else ("D", "black")
        axis.plot(*point, marker, color=colour, markersize=8)
        text = f"({point[0]:g}, {point[1]:g}): score {number(score)}"
        axis.annotate(text, point, (10, -12), textcoords="offset points", fontsize=9)
    axis.text(x[0] + 0.3, high - 0.6, over, color=above, weight="bold", va="top")
    axis.text(x[1] - 0.3, low + 0.5, under, color=below, weight="bold", ha="right")
    axis.set(xlim=x, ylim=(low, high), xlabel="x", ylabel="y", title="score = 0 on the line")
    return made


@styled
def exclusive_or():
    """Draw the four points of exclusive or: class 1 as circles, class 0 as squares."""
    made, axis = figure(3.4, 3.2)
    marks = {"linestyle": "none", "markersize": 15}
    axis.plot([0, 1], [1, 0], marker="o", color=BLUE, label="class 1", **marks)
    axis.plot([0, 1], [0, 1], marker="s", color=ORANGE, label="class 0", **marks)
    axis.set(xlim=(-0.35, 1.35), ylim=(-0.35, 1.35), xticks=[0, 1], yticks=[0, 1])
    axis.set(xlabel="first input", ylabel="second input")
    made.legend(loc="outside upper center", ncols=2)
    return made


@styled
def layer_shapes():
    """Draw X @ W + b as boxes with their shapes, and the bias added to every one of five rows."""
    made, axis = sheet(8.5, 3.3, (-0.2, 10.4), (-2.4, 2.2))
    boxes = (  # name and shape, left, width, height, rows, colour
        ("X (5, 784)", 0, 3.6, 1.1, 5, BLUE),
        ("W (784, 10)", 4.4, 1.3, 3.4, 1, ORANGE),
        ("b (10,)", 6.6, 1.3, 0.24, 1, GREEN),
        ("scores (5, 10)", 8.8, 1.3, 1.1, 5, GREY),
    )
    for name, left, width, height, rows, colour in boxes:
        for row in range(rows):
            low = -height / 2 + row * height / rows
            box(axis, left, low, width, height / rows, FRAME, linewidth=0.7)
        box(axis, left, -height / 2, width, height, colour, "none", linewidth=2)
        bold = {"color": colour, "weight": "bold", "fontsize": 10}
        write(axis, left + width / 2, height / 2 + 0.12, name, va="baseline", **bold)
    for place, sign in ((4.0, "@"), (6.15, "+"), (8.35, "=")):
        write(axis, place, 0, sign, fontsize=16)
    for row in range(5):  # the bias, as broadcasting repeats it
        box(axis, 6.6, -1.75 + row * 0.24, 1.3, 0.24, GREEN, "none", linestyle=":", linewidth=1)
    arrow(axis, (7.25, -0.15), (7.25, -0.5), GREEN)
    write(axis, 7.25, -2.05, "the same row,\n5 times", color=GREEN)
    write(axis, 1.8, -0.85, "one row = one digit")
    write(axis, 5.05, -2.0, "one column = one neuron")
    write(axis, 9.45, -0.85, "ten scores a digit")
    return made


@styled
def softmax_bars(logits, probabilities):
    """Draw logits, n numbers, beside the n probabilities that softmax makes of them."""
    made, axes = figure(6.5, 2.5, 1, 2)
    for axis, values, title, form in (
        (axes[0], logits, "logits", "{:g}"),
        (axes[1], probabilities, "probabilities: sum 1", "{:.3f}"),
    ):
        drawn = axis.bar([str(i) for i in range(len(values))], values, color=BLUE, width=0.6)
        axis.bar_label(drawn, fmt=form, padding=2)
        axis.set(title=title, xlabel="class", ylim=(0, max(values) * 1.2))
    return made


@styled
def valley(rates, losses, chosen):
    """Draw the loss along one straight walk down the gradient, from its start to past the valley.

    Args:
        rates: n numbers, how far along (learning rates); the first is the start.
        losses: n numbers, the loss there.
        chosen: the learning rate that training will use, marked on the curve.
    """
    made, axis = figure(6.5, 3)
    rates, losses = np.asarray(rates), np.asarray(losses)
    axis.plot(rates, losses, color=BLUE)
    axis.axhline(losses[0], color=GREY, linestyle=":", linewidth=1.2)
    for rate, marker, text, offset in (
        (rates[0], "o", "start", (10, -4)),
        (chosen, "s", f"a step of {chosen:g}", (10, 0)),
        (rates[losses.argmin()], "D", "lowest on this walk", (0, -18)),
    ):
        place = (rate, np.interp(rate, rates, losses))
        axis.plot(*place, marker, color="black", markersize=8)
        axis.annotate(f"{text}: {place[1]:.3f}", place, offset, textcoords="offset points")
    axis.set(xlabel="length of the step (learning rate)", ylabel="loss after it")
    axis.set_ylim(bottom=min(0, losses.min()))
    return made

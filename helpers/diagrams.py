"""Schematic drawings: what an idea looks like before it meets real digits.

Every function returns a `matplotlib.figure.Figure` in the style of `plotting.py`.
"""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.plotting import BLUE, GREEN, GREY, LIGHT, ORANGE, figure, styled


@styled
def neuron_in_the_plane(weights, bias, points):
    """Draw the line where a neuron's score is zero, its two sides, and points with their scores.

    Args:
        weights: two numbers, the second not zero.
        bias: number.
        points: (n, 2) numbers.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(5.4, 4)
    points = np.asarray(points)
    x = np.array([points[:, 0].min() - 2, points[:, 0].max() + 5])
    line = -(weights[0] * x + bias) / weights[1]
    low, high = min(line.min(), points[:, 1].min()) - 1, max(line.max(), points[:, 1].max()) + 1
    positive, negative = ("score > 0", BLUE), ("score < 0", ORANGE)
    (over, above), (under, below) = (positive, negative)[:: 1 if weights[1] > 0 else -1]
    axis.fill_between(x, line, high, color=above, alpha=0.10, linewidth=0)
    axis.fill_between(x, low, line, color=below, alpha=0.10, linewidth=0)
    axis.plot(x, line, color="black")
    for point in points:
        score = point @ np.asarray(weights) + bias
        marker, colour = (("o", BLUE) if score > 0 else ("s", ORANGE)) if score else ("D", "black")
        axis.plot(*point, marker, color=colour, markersize=8)
        place = f"({point[0]:g}, {point[1]:g}): score {score:g}"
        axis.annotate(place, point, (10, -12), textcoords="offset points", fontsize=9)
    axis.text(x[0] + 0.3, high - 0.6, over, color=above, fontweight="bold", va="top")
    axis.text(x[1] - 0.3, low + 0.5, under, color=below, fontweight="bold", ha="right")
    axis.set(xlim=x, ylim=(low, high), xlabel="x", ylabel="y", title="score = 0 on the line")
    return made


@styled
def exclusive_or():
    """Draw the four points of exclusive or: class 0 as circles, class 1 as squares.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(3.4, 3.2)
    axis.plot([0, 1], [0, 1], "o", color=BLUE, markersize=15, label="class 0")
    axis.plot([0, 1], [1, 0], "s", color=ORANGE, markersize=15, label="class 1")
    axis.set(xlim=(-0.35, 1.35), ylim=(-0.35, 1.35), xticks=[0, 1], yticks=[0, 1])
    axis.set(xlabel="first input", ylabel="second input")
    made.legend(loc="outside upper center", ncols=2)
    return made


@styled
def layer_shapes(batch=5, inputs=784, outputs=10):
    """Draw X @ W + b as boxes with their shapes, and the bias added to every row.

    Args:
        batch, inputs, outputs: the sizes written on the boxes.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(8.5, 3.3)
    boxes = (  # name, shape, left, width, height, colour
        ("X", f"({batch}, {inputs})", 0, 3.6, 1.1, BLUE),
        ("W", f"({inputs}, {outputs})", 4.4, 1.3, 3.4, ORANGE),
        ("b", f"({outputs},)", 6.6, 1.3, 0.24, GREEN),
        ("scores", f"({batch}, {outputs})", 8.8, 1.3, 1.1, GREY),
    )
    for name, shape, left, width, height, colour in boxes:
        box = Rectangle((left, -height / 2), width, height, facecolor=LIGHT, edgecolor=colour, lw=2)
        axis.add_patch(box)
        middle = left + width / 2
        bold = {"ha": "center", "color": colour, "weight": "bold"}
        axis.text(middle, height / 2 + 0.12, f"{name} {shape}", **bold)
    for place, sign in ((4.0, "@"), (6.15, "+"), (8.35, "=")):
        axis.text(place, 0, sign, ha="center", va="center", fontsize=16)
    for left, height in ((0, 1.1), (8.8, 1.1)):
        width = 3.6 if left == 0 else 1.3
        for row in range(1, batch):
            level = -height / 2 + row * height / batch
            axis.plot([left, left + width], [level, level], color="#B8C4D0", linewidth=0.7)
    for row in range(batch):  # the bias, as broadcasting repeats it
        level = -1.75 + row * 0.24
        ghost = {"facecolor": "none", "edgecolor": GREEN, "linestyle": ":", "linewidth": 1}
        axis.add_patch(Rectangle((6.6, level), 1.3, 0.24, **ghost))
    axis.annotate("", (7.25, -0.5), (7.25, -0.15), arrowprops={"arrowstyle": "->", "color": GREEN})
    small = {"ha": "center", "va": "center", "fontsize": 9}
    axis.text(7.25, -2.05, f"the same row,\n{batch} times", color=GREEN, **small)
    axis.text(1.8, -0.85, "one row = one digit", **small)
    axis.text(5.05, -2.0, "one column = one neuron", **small)
    axis.text(9.45, -0.85, "ten scores a digit", **small)
    axis.set(xlim=(-0.2, 10.4), ylim=(-2.4, 2.2))
    axis.set_axis_off()
    return made


@styled
def softmax_bars(logits, probabilities):
    """Draw logits beside the probabilities that softmax makes of them.

    Args:
        logits, probabilities: n numbers each.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axes = figure(6.5, 2.5, 1, 2)
    names = [str(i) for i in range(len(logits))]
    for axis, values, title, form in (
        (axes[0], logits, "logits", "{:g}"),
        (axes[1], probabilities, "probabilities: sum 1", "{:.3f}"),
    ):
        drawn = axis.bar(names, values, color=BLUE, width=0.6)
        axis.bar_label(drawn, fmt=form, padding=2)
        axis.set(title=title, xlabel="class", ylim=(0, max(values) * 1.2))
    return made


@styled
def valley(rates, losses):
    """Draw the loss along one straight walk down the gradient, from its start to past the valley.

    Args:
        rates: n numbers, how far along (learning rates); the first is the start.
        losses: n numbers, the loss there.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(6, 3)
    rates, losses = np.asarray(rates), np.asarray(losses)
    lowest = int(losses.argmin())
    axis.plot(rates, losses, color=BLUE)
    axis.axhline(losses[0], color=GREY, linestyle=":", linewidth=1.2)
    marks = ((0, "o", "start"), (lowest, "D", "lowest on this walk"))
    for i, marker, text in marks:
        axis.plot(rates[i], losses[i], marker, color="black", markersize=8)
        label = f"{text}: {losses[i]:.3f}"
        axis.annotate(label, (rates[i], losses[i]), (8, -16), textcoords="offset points")
    axis.set(xlabel="learning rate of the one step", ylabel="loss after it")
    axis.set_ylim(bottom=min(0, losses.min()))
    return made


@styled
def software_layers():
    """Draw what stands on what: a page, Keras, the library that computes, the processor.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(7, 2.9)
    layers = (
        ("your page, in Python", "model.fit(images, labels)", BLUE),
        ("Keras", "layers, losses, training", ORANGE),
        ("TensorFlow  ·  or JAX  ·  or PyTorch", "arithmetic on tables of numbers", GREEN),
        ("CPU  ·  or GPU", "the processor", GREY),
    )
    for level, (name, job, colour) in enumerate(reversed(layers)):
        box = Rectangle((0, level), 10, 0.84, facecolor=LIGHT, edgecolor=colour, linewidth=2)
        axis.add_patch(box)
        axis.text(0.3, level + 0.42, name, va="center", weight="bold", color=colour)
        axis.text(9.7, level + 0.42, job, va="center", ha="right", fontsize=9)
    axis.set(xlim=(-0.1, 10.1), ylim=(-0.1, 4))
    axis.set_axis_off()
    return made


@styled
def timeline():
    """Draw some dates of neural networks, from 1943 to 2015.

    Sources: the papers that chapter 00 links to; the first public releases of Keras and TensorFlow.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(9, 2.1)
    dates = (  # year, what, height of its text
        (1943, "a formula\nof a neuron", 1),
        (1958, "perceptron:\none layer learns", 1),
        (1986, "backpropagation:\nmany layers learn", 1),
        (1989, "a network reads\npostcodes", -1),
        (1998, "MNIST,\ncheques", 1),
        (2012, "AlexNet:\nphotographs", 1),
        (2015, "Keras and\nTensorFlow", -1),
    )
    axis.axhline(0, color=GREY, linewidth=2)
    for year, what, side in dates:
        axis.plot([year, year], [0, 0.35 * side], color=GREY, linewidth=1)
        axis.plot(year, 0, "o", color=BLUE, markersize=8)
        below = "bottom" if side > 0 else "top"
        axis.text(year, 0.4 * side, f"{year}\n{what}", ha="center", va=below, fontsize=9)
    axis.set(xlim=(1937, 2022), ylim=(-1.2, 1.2), yticks=[])
    axis.set_axis_off()
    return made

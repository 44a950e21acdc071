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
    """Draw the four points of exclusive or: class 1 as circles, class 0 as squares.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(3.4, 3.2)
    marks = {"linestyle": "none", "markersize": 15}
    axis.plot([0, 1], [1, 0], marker="o", color=BLUE, label="class 1", **marks)
    axis.plot([0, 1], [0, 1], marker="s", color=ORANGE, label="class 0", **marks)
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
def valley(rates, losses, chosen):
    """Draw the loss along one straight walk down the gradient, from its start to past the valley.

    Args:
        rates: n numbers, how far along (learning rates); the first is the start.
        losses: n numbers, the loss there.
        chosen: the learning rate that training will use, marked on the curve.

    Returns:
        matplotlib.figure.Figure.
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
        loss = np.interp(rate, rates, losses)
        axis.plot(rate, loss, marker, color="black", markersize=8)
        label = f"{text}: {loss:.3f}"
        axis.annotate(label, (rate, loss), offset, textcoords="offset points")
    axis.set(xlabel="length of the step (learning rate)", ylabel="loss after it")
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


@styled
def rules_or_learned():
    """Draw a program written by hand beside one that is learned from examples.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(8.4, 2.3)
    rows = (  # height, what goes in, what happens, what comes out
        (1.4, ("a message", "rules, written by a person"), "program", "spam or not", BLUE),
        (0.0, ("many messages", "and their labels"), "training", "rules, found by it", ORANGE),
    )
    names = ("by hand", "learned")
    for (level, entries, middle, result, colour), name in zip(rows, names, strict=True):
        axis.text(0, level + 0.5, name, va="center", weight="bold", color=colour)
        for side, entry in zip((0.55, 0), entries, strict=True):
            text_box(axis, 1.6, level + side, 3.3, 0.42, entry, GREY)
            _arrow(axis, (4.95, level + side + 0.21), (5.75, level + 0.5))
        text_box(axis, 5.8, level + 0.2, 1.7, 0.6, middle, colour)
        _arrow(axis, (7.55, level + 0.5), (8.25, level + 0.5))
        text_box(axis, 8.3, level + 0.2, 2.4, 0.6, result, GREY)
    axis.set(xlim=(-0.1, 10.9), ylim=(-0.1, 2.5))
    axis.set_axis_off()
    return made


def text_box(axis, left, low, width, height, text, colour, **style):
    """Draw a box with a text in its middle.

    Args:
        axis: matplotlib.axes.Axes.
        left, low, width, height: where the box is, in the units of the axis.
        text: str.
        colour: of the frame.
        **style: of the text.
    """
    box = Rectangle((left, low), width, height, facecolor=LIGHT, edgecolor=colour, linewidth=1.6)
    axis.add_patch(box)
    style = {"ha": "center", "va": "center", "fontsize": 9} | style
    axis.text(left + width / 2, low + height / 2, text, **style)


def _arrow(axis, start, end):
    arrow = {"arrowstyle": "->", "color": GREY, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
    axis.annotate("", end, start, arrowprops=arrow)


@styled
def tensor_shapes(side=28, batch=128):
    """Draw an image, a colour image and a batch of images as sheets, each with its shape.

    Args:
        side: int, pixels in a row and in a column.
        batch: int, images in the batch.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(8.4, 2.8)
    stacks = (
        (0.0, (LIGHT,), "an image", (side, side)),
        (3.0, ("#CFE0F2", "#CDEBDD", "#F6DACB"), "a colour image", (side, side, 3)),
        (6.4, (LIGHT,) * 5, "a batch of images", (batch, side, side)),
    )
    for left, sheets, name, shape in stacks:
        last = len(sheets) - 1
        for i, colour in enumerate(sheets):
            place = (left + 0.24 * (last - i), 0.18 * (last - i))
            axis.add_patch(
                Rectangle(place, 1.7, 1.7, facecolor=colour, edgecolor=BLUE, linewidth=1.3)
            )
        axis.text(left + 0.85, -0.3, name, ha="center", weight="bold")
        axis.text(left + 0.85, -0.65, str(shape), ha="center", family="monospace")
    for i, name in enumerate(("blue", "green", "red")[::-1]):
        axis.text(3.1 + 0.24 * i, 1.57 + 0.18 * i, name, fontsize=8, va="center")
    axis.text(6.4 + 0.85, 0.85, "1st", ha="center", va="center", fontsize=9)
    axis.text(8.5, 2.6, f"{batch} sheets", va="center", fontsize=9)
    axis.set(xlim=(-0.2, 9.9), ylim=(-0.9, 2.8), aspect="equal")
    axis.set_axis_off()
    return made


@styled
def file_layout(images=60000, side=28):
    """Draw the bytes of an image file and of a label file, from the first one on.

    Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database", section "File formats".

    Args:
        images: int, how many images (and labels) the headers announce.
        side: int, rows and columns of an image.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(9, 3.3)
    size = side * side
    rows = (
        (
            1.9,
            "image file",
            (("magic", 2051), ("images", images), ("rows", side), ("columns", side)),
            [(f"image {i}:\n{size} bytes", 16 + i * size) for i in range(2)],
            2.1,
        ),
        (
            0.0,
            "label file",
            (("magic", 2049), ("labels", images)),
            [(f"label {i}:\n1 byte", 8 + i) for i in range(3)],
            1.25,
        ),
    )
    for level, name, header, items, width in rows:
        axis.text(0, level + 0.4, name, va="center", weight="bold")
        left = 1.35
        for i, (field, value) in enumerate(header):
            text_box(axis, left, level, 1.2, 0.8, f"{field}\n{value}", ORANGE)
            axis.text(left, level - 0.08, 4 * i, ha="left", va="top", fontsize=8, color=GREY)
            left += 1.2
        for text, offset in items:
            text_box(axis, left, level, width, 0.8, text, BLUE)
            axis.text(left, level - 0.08, offset, ha="left", va="top", fontsize=8, color=GREY)
            left += width
        axis.text(left + 0.15, level + 0.4, "…", va="center", fontsize=14)
        end = 1.35 + 1.2 * len(header)
        axis.text(
            (1.35 + end) / 2,
            level + 0.9,
            f"header: {4 * len(header)} bytes",
            ha="center",
            va="bottom",
            fontsize=9,
            color=ORANGE,
        )
    axis.text(0, -0.42, "grey: number of the byte, counted from 0", fontsize=8, color=GREY)
    axis.set(xlim=(-0.05, 11), ylim=(-0.5, 3.05))
    axis.set_axis_off()
    return made


@styled
def one_hot(labels, classes=10):
    """Draw labels as rows of zeros with a single one.

    Args:
        labels: n integers, each below `classes`.
        classes: int, how many columns.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(6, 0.36 * len(labels) + 0.7)
    for row, label in enumerate(labels):
        level = len(labels) - 1 - row
        axis.text(-0.6, level + 0.5, f"label {label}", ha="right", va="center")
        for column in range(classes):
            hit = column == label
            box = {"facecolor": BLUE if hit else "white", "edgecolor": "#B8C4D0"}
            axis.add_patch(Rectangle((column, level), 1, 1, **box))
            ink = {"color": "white", "weight": "bold"} if hit else {"color": GREY}
            axis.text(column + 0.5, level + 0.5, int(hit), ha="center", va="center", **ink)
    for column in range(classes):
        axis.text(column + 0.5, len(labels) + 0.25, column, ha="center", color=GREY, fontsize=8)
    axis.text(-0.6, len(labels) + 0.25, "place", ha="right", color=GREY, fontsize=8)
    axis.set(xlim=(-2.4, classes + 0.1), ylim=(-0.1, len(labels) + 0.8))
    axis.set_axis_off()
    return made


@styled
def split_in_three(training, validation, test):
    """Draw the digits as one bar, cut into training, validation and test.

    Args:
        training, validation, test: ints, digits in each part; drawn to scale.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(8.4, 2.3)
    total = training + validation + test
    parts = (
        ("training", training, BLUE, "learn from it", ""),
        ("validation", validation, ORANGE, "choose with it", "//"),
        ("test", test, GREEN, "once, at the end", "xx"),
    )
    left = 0
    for name, count, colour, use, hatch in parts:
        box = {"facecolor": LIGHT, "edgecolor": colour, "hatch": hatch, "linewidth": 1.6}
        axis.add_patch(Rectangle((left, 0), count, 1, **box))
        axis.text(
            left + count / 2, 1.12, f"{name}\n{count:,}", ha="center", color=colour, weight="bold"
        )
        axis.text(
            left + count / 2, -0.12, use.replace(" ", "\n", 1), ha="center", va="top", fontsize=9
        )
        left += count
    middle = (training + validation) / 2
    given = {"arrowstyle": "|-|,widthA=0.3,widthB=0.3", "color": GREY}
    axis.annotate("", (0, 2.35), (training + validation, 2.35), arrowprops=given)
    axis.annotate("", (training + validation, 2.35), (total, 2.35), arrowprops=given)
    axis.text(middle, 2.5, f"training file: {training + validation:,}", ha="center", fontsize=9)
    axis.text(total - test / 2, 2.5, f"test file: {test:,}", ha="center", fontsize=9)
    axis.set(xlim=(-total * 0.01, total * 1.03), ylim=(-0.8, 2.9))
    axis.set_axis_off()
    return made


@styled
def pipeline(steps):
    """Draw the steps of a data pipeline from left to right, each with what flows out of it.

    Args:
        steps: (name, result) pairs of str, in order; the result is written under its step.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(9.2, 1.5)
    for i, (name, result) in enumerate(steps):
        left = 1.5 * i
        text_box(axis, left, 0, 1.14, 0.8, name, BLUE, weight="bold")
        axis.text(left + 0.57, -0.14, result, ha="center", va="top", fontsize=8)
        if i:
            _arrow(axis, (left - 0.34, 0.4), (left - 0.02, 0.4))
    axis.set(xlim=(-0.1, 1.5 * len(steps) - 0.25), ylim=(-0.66, 0.9))
    axis.set_axis_off()
    return made

"""Drawings of page 02: a neuron in the plane, a layer's shapes, one digit followed, weights."""

import numpy as np

from helpers.diagrams.parts import arrow, box, sheet, write
from helpers.plotting import BLUE, FRAME, GREEN, GREY, ORANGE, SIGNED, figure, frame, number, styled


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
    write(axis, 9.45, -0.85, "ten scores per digit")
    return made


@styled
def followed(image, logits, probabilities, label):
    """Draw one digit, its ten logits, and the ten probabilities that softmax makes of them.

    The bars of the true digit are hatched, the others filled.

    Args:
        image: numbers of shape (28, 28).
        logits, probabilities: ten numbers each.
        label: the true digit.
    """
    made, axes = figure(9, 2.7, 1, 3, gridspec_kw={"width_ratios": [1, 1.8, 1.8]})
    axes[0].imshow(image)
    frame(axes[0])
    axes[0].set_title(f"a {label}")
    loss = -np.log(max(probabilities[label], 1e-300))
    for axis, values, form, title in (
        (axes[1], logits, "{:.1f}", "ten logits"),
        (axes[2], probabilities, "{:.2f}", f"ten probabilities: loss {loss:.3f}"),
    ):
        drawn = axis.bar([str(i) for i in range(10)], values, color=BLUE, width=0.7)
        drawn[label].set(facecolor="white", edgecolor=GREEN, hatch="/////", linewidth=1.2)
        written = [form.format(value).replace("-", "−") for value in values]
        axis.bar_label(drawn, written, padding=2, fontsize=8)
        axis.axhline(0, color="black", linewidth=0.8)
        axis.set(title=title, xlabel="neuron")
        axis.margins(y=0.15)
    return made


@styled
def weights_forming(means, stages):
    """Draw the ten mean images, and below them the weights of ten neurons at several stages.

    Each row of weights has a scale of its own, from minus its largest to its largest. A plus and a
    minus stand where the weights around a pixel are largest on either side.

    Args:
        means: numbers of shape (10, 784).
        stages: dict from a name to weights of shape (784, 10).
    """
    made, axes = figure(9, 0.95 * (len(stages) + 1), len(stages) + 1, 10)
    for digit, axis in enumerate(axes[0]):
        axis.imshow(np.reshape(means[digit], (28, 28)))
        axis.set_title(f"neuron {digit}", fontsize=9)
    for row, weights in zip(axes[1:], stages.values(), strict=True):
        reach = np.quantile(np.abs(weights), 0.995) or 1
        for axis, own in zip(row, np.transpose(weights), strict=True):
            own = np.reshape(own, (28, 28))
            axis.imshow(own, cmap=SIGNED, vmin=-reach, vmax=reach)
            around = sum(
                np.roll(own, (i, j), (0, 1)) for i in (-2, -1, 0, 1, 2) for j in (-2, -1, 0, 1, 2)
            )
            for sign, place in (("+", around.argmax()), ("−", around.argmin())):
                if around.any():
                    y, x = divmod(int(place), 28)
                    write(axis, x, y, sign, color="black", weight="bold", va="center_baseline")
    for row, name in zip(axes, ["mean image", *stages], strict=True):
        for axis in row:
            frame(axis)
        row[0].set_ylabel(name, rotation=0, ha="right", va="center", labelpad=6)
    return made

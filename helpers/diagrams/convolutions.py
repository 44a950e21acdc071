"""Drawings of page 06: a filter at work, windows, pooling, and cubes of data with their shapes."""

import math

import numpy as np
from matplotlib.patches import Polygon
from matplotlib.ticker import MaxNLocator

from helpers.diagrams.parts import arrow, box, cells, sheet, stack, write
from helpers.plotting import (
    BLUE,
    FRAME,
    GREY,
    LIGHT,
    LINES,
    ORANGE,
    PALE_BLUE,
    PALE_GREEN,
    PALE_ORANGE,
    figure,
    frame,
    number,
    percent,
    percent_axis,
    styled,
)


@styled
def sliding_filter(image, kernel, places):
    """Draw a filter at some places of an image: patch, products, their sum, and where it lands.

    The output fills row by row, as the filter slides; what is not yet computed is left blank.

    Args:
        image: numbers of shape (h, w).
        kernel: numbers of shape (k, k), the filter's weights.
        places: (row, column) of the patch's upper left corner, one a row of the figure.
    """
    size = len(kernel)
    patches = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    output = (patches * kernel).sum((2, 3))
    reach = np.abs(output).max()
    shape = {"width_ratios": [1.45, 1, 1, 1, 1.45]}
    made, axes = figure(9.2, 1.95 * len(places), len(places), 5, squeeze=False, gridspec_kw=shape)
    for line, (row, column) in zip(axes, places, strict=True):
        patch = patches[row, column]
        done = np.full(output.size, np.nan)
        steps = row * output.shape[1] + column + 1
        done[:steps] = output.flat[:steps]
        line[0].imshow(image)
        line[4].imshow(done.reshape(output.shape), vmin=-reach, vmax=reach)
        for axis, side in ((line[0], size), (line[4], 1)):
            box(axis, column - 0.5, row - 0.5, side, side, ORANGE, "none", linewidth=2.2)
        line[1].imshow(patch, vmin=image.min(), vmax=image.max())
        for axis, table in zip(line[1:4], (patch, kernel, patch * kernel), strict=True):
            cells(axis, -0.5, -0.5, size, size, fill="none")
            for (down, right), value in np.ndenumerate(table):
                dark = table is patch and value > (image.min() + image.max()) / 2
                write(axis, right, down, number(value), color="white" if dark else "black")
            axis.set(xlim=(-0.5, size - 0.5), ylim=(size - 0.5, -0.5), aspect="equal")
        total = f"= products; sum {number(output[row, column])}"
        titles = ("digit", "patch", "× filter", total, f"lands at row {row}, column {column}")
        for axis, title in zip(line, titles, strict=True):
            axis.set_title(title, fontsize=9)
            frame(axis)
    return made


@styled
def windows(cases):
    """Draw where a filter stops on an image of 5 × 5 pixels, for several paddings and strides.

    Args:
        cases: (kernel, stride, padding) each: pixels in a row of the filter, pixels that it moves
            on, and "valid" or "same".
    """
    size = 5
    made, axes = figure(9, 3.9, 1, len(cases), squeeze=False)
    for axis, (kernel, stride, padding) in zip(axes[0], cases, strict=True):
        outputs = math.ceil((size if padding == "same" else size - kernel + 1) / stride)
        before = max((outputs - 1) * stride + kernel - size, 0) // 2  # zeros before the first pixel
        around = max(stride * (outputs - 1) + kernel - before, size) + before
        cells(axis, -before, -before, around, around, GREY, "none", linestyle=":")
        cells(axis, 0, 0, size, size, GREY)
        left, low = (size - outputs) / 2, size + 2.6
        cells(axis, left, low, outputs, outputs, GREY, "white")
        for i, (colour, style) in enumerate(((BLUE, "-"), (ORANGE, "--"))):
            look = {"linestyle": style, "linewidth": 3}
            box(axis, i * stride - before, -before, kernel, kernel, colour, "none", **look)
            box(axis, left + i + 0.08, low + 0.08, 0.84, 0.84, colour, "none", **look)
        arrow(axis, (size / 2, size + 1.2), (size / 2, low - 0.1))
        text = f"{size} → {outputs}"
        write(axis, size / 2 + 0.4, size + 1.9, text, ha="left", weight="bold", fontsize=10)
        axis.set_title(f"padding {padding}, stride {stride}", fontsize=10)
        axis.set(xlim=(-1.3, size + 1.3), ylim=(2 * size + 2.8, -1.3), aspect="equal")
        axis.set_axis_off()
    return made


@styled
def pooling(values):
    """Draw a table cut into blocks of 2 × 2, and what max and average pooling keep of each block.

    Args:
        values: numbers of shape (n, n), n even.
    """
    count = len(values)
    blocks = values.reshape(count // 2, 2, count // 2, 2)
    right = 1.5 * count + 5
    made, axis = sheet(7, 2.7, (-0.2, right + count / 2 + 1), (count + 0.2, -1.1), aspect="equal")
    tables = (
        (0, values, "feature map", 2),
        (count + 2, blocks.max((1, 3)), "max pooling", 1),
        (right, blocks.mean((1, 3)), "average pooling", 1),
    )
    for left, table, title, block in tables:
        top = (count - len(table)) / 2
        for (row, column), value in np.ndenumerate(table):
            shade = PALE_BLUE if (row // block + column // block) % 2 else "white"
            box(axis, left + column, top + row, 1, 1, GREY, shade, linewidth=1)
            write(axis, left + column + 0.5, top + row + 0.5, number(value), fontsize=11)
        bold = {"va": "bottom", "weight": "bold", "fontsize": 10}
        write(axis, left + len(table) / 2, top - 0.2, title, **bold)
    for row, column in np.ndindex(count // 2, count // 2):
        box(axis, column * 2, row * 2, 2, 2, "black", "none", linewidth=2)
    arrow(axis, (count + 0.3, count / 2), (count + 1.7, count / 2))
    write(axis, right - 1.5, count / 2, "or", fontsize=10)
    return made


@styled
def filter_on_channels(kernel, channels, filters):
    """Draw a filter that reaches through all channels of an image, and a layer of several filters.

    Args:
        kernel: int, pixels in a row of the filter.
        channels: int, channels of the image, three at most.
        filters: int, filters in the layer.
    """
    made, axis = sheet(9.2, 3.3, (-0.3, 17.4), (-2.5, 4.1), aspect="equal")
    colours = [PALE_ORANGE, PALE_GREEN, PALE_BLUE][:channels]
    stack(axis, 0, 0, 3, colours, window=1.3)
    stack(axis, 5.4, 0.85, 1.3, colours)
    for row, column in np.ndindex(kernel, kernel):
        side = 1.3 / kernel
        place = (5.4 + side * column, 0.85 + side * row)
        box(axis, *place, side, side, BLUE, "none", linewidth=0.7)
    stack(axis, 9.0, 0, 2.4, [LIGHT], window=0.3)
    stack(axis, 13.0, 0, 2.4, [LIGHT] * filters)
    arrow(axis, (4.0, 1.4), (5.2, 1.4))
    arrow(axis, (7.6, 1.4), (8.8, 1.4))
    weights = f"{kernel} × {kernel} × {channels} = {kernel * kernel * channels} weights"
    onward = f"{filters} channels for the next"
    texts = (
        (1.8, "image", f"{channels} channels"),
        (6.3, "one filter", f"{weights}\nand 1 bias"),
        (10.2, "its feature map", "one number a place"),
        (14.6, f"{filters} feature maps", f"of {filters} filters:\n{onward}"),
    )
    for middle, name, text in texts:
        write(axis, middle, -0.35, name, va="top", weight="bold", fontsize=10)
        write(axis, middle, -0.95, text, va="top")
    write(axis, 12.2, 1.4, "…", fontsize=14)
    return made


@styled
def cubes(rows):
    """Draw what flows through networks as cubes, squares and columns with their shapes.

    Sides are to scale within a row; depths and the heights of columns are drawn shorter the larger
    they are.

    Args:
        rows: dict from a name to a Keras model, or to steps, each (what the layer is called, shape
            of what it gives): (height, width, channels), or (n,) for a column of numbers.
    """
    made, axes = figure(9.2, 2.75 * len(rows), len(rows), 1, squeeze=False)
    for axis, (name, row) in zip(axes[:, 0], rows.items(), strict=True):
        steps = _steps(row) if hasattr(row, "layers") else row
        widest = max(shape[0] for _, shape in steps if len(shape) == 3)
        left = 0
        for i, (layer, shape) in enumerate(steps):
            if i:
                arrow(axis, (left + 0.15, 0), (left + 0.9, 0))
                left += 1.05
            width = _solid(axis, left, shape, 2.6 / widest)
            middle, shape = left + width / 2, " × ".join(f"{side:,}" for side in shape)
            write(axis, middle, -2, shape, va="top", weight="bold", color=BLUE, fontsize=10)
            write(axis, middle, -2.45, layer, va="top", fontsize=8.5)
            left += width
        axis.set_title(name, fontsize=10, loc="left")
        axis.set(xlim=(-0.6, max(left + 0.6, 15)), ylim=(-3.5, 2.1), aspect="equal")
        axis.set_axis_off()
    return made


def _steps(model):
    """The steps of a Keras model, its input first."""
    steps = [("input", model.input_shape[1:])]
    for layer in model.layers:
        name = type(layer).__name__
        if name == "InputLayer":  # the functional style lists it
            continue
        if name == "Conv2D":
            (size, _), (stride, _) = layer.kernel_size, layer.strides
            moves = f", stride {stride}" if stride > 1 else ""
            name = f"{layer.filters} filters\n{size} × {size}{moves}"
        steps.append((name, layer.output.shape[1:]))
    return steps


def _solid(axis, left, shape, scale):
    """Draw one solid around height 0; return how wide it is."""
    if len(shape) == 1:
        height = 0.3 + 0.24 * math.log2(shape[0])
        low = -height / 2 + 0.15
        box(axis, left + 0.45, low, 0.3, height, ORANGE, PALE_ORANGE, hatch="---", linewidth=1.3)
        return 1.2
    height, width = (max(0.12, side * scale) for side in shape[:2])
    depth = 0.13 * math.sqrt(shape[2])
    pad = max(0.0, (1.3 - width - depth) / 2)  # room for the text below
    front = np.array([(0, 0), (width, 0), (width, height), (0, height)])
    front += (left + pad, -height / 2 - depth / 4)
    back = front + np.array((depth, depth / 2))
    roof = [*front[2:], back[3], back[2]]
    side = [*front[1:3], back[2], back[1]]
    for face, colour in ((front, LIGHT), (roof, "white"), (side, PALE_BLUE)):
        axis.add_patch(Polygon(face, facecolor=colour, edgecolor=BLUE, linewidth=1.1))
    return width + depth + 2 * pad


@styled
def slopes(pairs, ends, ylabel):
    """Draw two accuracies for each network, joined by a line, each with its number.

    Args:
        pairs: dict from a name to two shares from 0 to 1, at most six names.
        ends: two names, below the two ends of the lines.
        ylabel: str.
    """
    made, axis = figure(6.4, 3.4)
    for (name, pair), look in zip(pairs.items(), LINES, strict=False):
        axis.plot([0, 1], pair, label=name, **look | {"markersize": 8})
        for place, share, align in ((-0.04, pair[0], "right"), (1.04, pair[1], "left")):
            write(axis, place, share, percent(share, 2), ha=align)
    axis.set(xlim=(-0.35, 1.35), xticks=[0, 1], xticklabels=list(ends), ylabel=ylabel)
    axis.margins(y=0.15)
    axis.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    percent_axis(axis.yaxis)
    made.legend(loc="outside lower center", ncols=2)
    return made


@styled
def receptive_fields(image, fields):
    """Draw on an image what one number of each layer sees, and how many pixels wide that is.

    Args:
        image: numbers of shape (h, w).
        fields: dict from a layer's name to its first row and its number of rows; columns are the
            same. Three at most, the smallest first.
    """
    made, axis = figure(5.6, 3.6)
    axis.imshow(image, vmin=0, vmax=2 * image.max())  # pale, so that the squares can be seen
    frame(axis)
    right = image.shape[1] + 0.5
    for look, (name, (first, side)) in zip(LINES, fields.items(), strict=False):
        colour, style = look["color"], look["linestyle"]
        box(axis, first - 0.5, first - 0.5, side, side, colour, "none", linewidth=2.6, ls=style)
        level = first + 0.5
        axis.plot([first + side - 0.5, right], [level, level], color=colour, lw=1, ls=style)
        text = f"{name}: {side} × {side}"
        write(axis, right + 0.4, level, text, ha="left", color=colour, fontsize=10, weight="bold")
    axis.set(xlim=(-0.5, right + 17), ylim=(image.shape[0] - 0.5, -0.5), aspect="equal")
    axis.spines[:].set_visible(False)
    box(axis, -0.5, -0.5, image.shape[1], image.shape[0], FRAME, "none", linewidth=1)
    return made


@styled
def filters_and_maps(image, kernels, maps, names=None):
    """Draw an image, and beside it filters with the maps that they make of it below them.

    With names, every filter and every map is drawn for itself, middle grey for 0; without, all
    filters are on one scale, and so are all maps, which are then 0 or more, with white for 0.

    Args:
        image: numbers of shape (h, w).
        kernels: numbers of shape (n, k, k): dark is positive, light negative.
        maps: numbers of shape (n, r, c).
        names: n of str, above the filters; 1 to n by default.
    """
    count = len(kernels)
    shape = {"width_ratios": [1.7, *[1] * count]}
    made, axes = figure(1.3 * (count + 1.7), 2.9, 2, count + 1, gridspec_kw=shape)
    grid = axes[0, 0].get_gridspec()
    for axis in axes[:, 0]:
        axis.remove()
    digit = made.add_subplot(grid[:, 0])
    digit.imshow(image)
    digit.set_title("the digit", fontsize=10)
    frame(digit)
    for row, tables in enumerate((kernels, maps)):
        for axis, table in zip(axes[row, 1:], tables, strict=True):
            reach = np.abs(table if names else tables).max() or 1
            low = -reach if names or row == 0 else 0
            axis.imshow(table, vmin=low, vmax=reach)
            frame(axis)
    for axis, text in zip(axes[:, 1], ("filter", "its map"), strict=True):
        axis.set_ylabel(text, fontsize=10)
    for axis, name in zip(axes[0, 1:], names or range(1, count + 1), strict=True):
        axis.set_title(str(name), fontsize=10)
    return made

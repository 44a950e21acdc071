"""Drawings of chapter 05: a filter at work, windows, pooling, and cubes of data with their shapes.

Every function returns a `matplotlib.figure.Figure` in the style of `plotting.py`.
"""

import math

import numpy as np
from matplotlib.patches import Polygon, Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from helpers import checks
from helpers.plotting import BLUE, GREY, LIGHT, LINES, ORANGE, figure, styled

LINE = "#B8C4D0"


@styled
def sliding_filter(image, kernel, places):
    """Draw a filter at some places of an image: patch, products, their sum, and where it lands.

    The output fills row by row, as the filter slides; what is not yet computed is left blank.

    Args:
        image: numbers of shape (h, w).
        kernel: numbers of shape (k, k), the filter's weights.
        places: (row, column) of the patch's upper left corner, one a row of the figure.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no table of numbers, or a place where the filter does not fit.
    """
    image = checks.numbers(image, "image", ("h", "w"))
    kernel = checks.numbers(kernel, "kernel", ("k", "k"))
    size, output = len(kernel), _filtered(image, kernel)
    for place in places:
        if not (0 <= place[0] < output.shape[0] and 0 <= place[1] < output.shape[1]):
            raise ValueError(
                f"places must lie inside the output of shape {output.shape}; got {place}."
            )
    shape = {"width_ratios": [1.45, 1, 1, 1, 1.45]}
    made, axes = figure(9.2, 1.95 * len(places), len(places), 5, squeeze=False, gridspec_kw=shape)
    for line, place in zip(axes, places, strict=True):
        row, column = place
        patch = image[row : row + size, column : column + size]
        total = output[row, column]
        line[0].imshow(image)
        _outline(line[0], column, row, size)
        line[0].set_title("digit")
        _table(line[1], patch, "gray_r", (image.min(), image.max()), "patch")
        _table(line[2], kernel, None, None, "× filter")
        _table(line[3], patch * kernel, None, None, f"= products; sum {_number(total)}")
        steps = row * output.shape[1] + column + 1
        done = np.full(output.shape, np.nan)
        done.flat[:steps] = output.flat[:steps]
        reach = np.abs(output).max() or 1
        line[4].imshow(done, vmin=-reach, vmax=reach)
        _outline(line[4], column, row, 1)
        line[4].set_title(f"lands at row {row}, column {column}")
        for axis in line:
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set(visible=True, color=LINE)
            axis.title.set_fontsize(9)
    return made


def _filtered(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).sum((2, 3))


def _number(value):
    return f"{value:g}".replace("-", "−")


def _outline(axis, column, row, size):
    box = {"facecolor": "none", "edgecolor": ORANGE, "linewidth": 2.2}
    axis.add_patch(Rectangle((column - 0.5, row - 0.5), size, size, **box))


def _table(axis, values, colours, limits, title):
    """Write numbers into cells, on paper or on the grey of what they stand for."""
    if colours is None:
        axis.imshow(np.zeros_like(values), cmap="gray_r", vmin=0, vmax=1)
    else:
        axis.imshow(values, cmap=colours, vmin=limits[0], vmax=limits[1])
    middle = None if limits is None else (limits[0] + limits[1]) / 2
    for row, column in np.ndindex(values.shape):
        value = values[row, column]
        dark = middle is not None and value > middle
        look = {"ha": "center", "va": "center", "fontsize": 9}
        axis.text(column, row, _number(value), color="white" if dark else "black", **look)
        if row:
            axis.axhline(row - 0.5, color=LINE, linewidth=0.6)
        if column:
            axis.axvline(column - 0.5, color=LINE, linewidth=0.6)
    axis.set_title(title)


@styled
def windows(cases, size=5):
    """Draw where a filter stops on a small image, for several paddings and strides.

    Args:
        cases: (kernel, stride, padding) each: pixels in a row of the filter, pixels that it moves
            on, and "valid" or "same".
        size: int, pixels in a row of the image.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: another padding, or a filter larger than the image.
    """
    made, axes = figure(9, 3.9, 1, len(cases), squeeze=False)
    for axis, (kernel, stride, padding) in zip(axes[0], cases, strict=True):
        before, outputs = _stops(size, kernel, stride, padding)
        last = -before + stride * (outputs - 1) + kernel
        _grid(axis, -before, -before, max(last, size) + before, GREY, ":", "none")
        _grid(axis, 0, 0, size, "#8899AA", "-", LIGHT)
        for i, (colour, style) in enumerate(((BLUE, "-"), (ORANGE, "--"))):
            left = -before + i * stride
            look = {"edgecolor": colour, "linestyle": style, "linewidth": 3, "facecolor": "none"}
            axis.add_patch(Rectangle((left, -before), kernel, kernel, **look))
        low = size + 2.6
        _grid(axis, (size - outputs) / 2, low, outputs, "#8899AA", "-", "white")
        for i, (colour, style) in enumerate(((BLUE, "-"), (ORANGE, "--"))):
            look = {"edgecolor": colour, "linestyle": style, "linewidth": 2.6, "facecolor": "none"}
            corner = ((size - outputs) / 2 + i + 0.08, low + 0.08)
            axis.add_patch(Rectangle(corner, 0.84, 0.84, **look))
        axis.annotate("", (size / 2, low - 0.1), (size / 2, size + 1.2), arrowprops=_ARROW)
        axis.text(size / 2 + 0.4, size + 1.9, f"{size} → {outputs}", va="center", weight="bold")
        axis.set_title(f"padding {padding}, stride {stride}", fontsize=10)
        axis.set(xlim=(-1.3, size + 1.3), ylim=(2 * size + 2.8, -1.3), aspect="equal")
        axis.set_axis_off()
    return made


_ARROW = {"arrowstyle": "->", "color": GREY, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}


def _stops(size, kernel, stride, padding):
    """Zeros put before the first pixel, and how often the filter stops."""
    if padding == "same":
        outputs = math.ceil(size / stride)
        return max((outputs - 1) * stride + kernel - size, 0) // 2, outputs
    if padding != "valid":
        raise ValueError(f"padding must be 'valid' or 'same'; got {padding!r}.")
    if kernel > size:
        raise ValueError(f"a filter of {kernel} pixels does not fit into {size}.")
    return 0, (size - kernel) // stride + 1


def _grid(axis, left, top, cells, colour, style, fill):
    look = {"edgecolor": colour, "linestyle": style, "facecolor": fill, "linewidth": 0.8}
    for row, column in np.ndindex(cells, cells):
        axis.add_patch(Rectangle((left + column, top + row), 1, 1, **look))


@styled
def pooling(values, size=2):
    """Draw a table cut into blocks, and what max and average pooling keep of each block.

    Args:
        values: numbers of shape (n, n), n a multiple of `size`.
        size: int, cells in a row of a block.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no square table that can be cut into such blocks.
    """
    values = checks.numbers(values, "values", ("n", "n"))
    if values.shape[0] != values.shape[1] or len(values) % size:
        raise ValueError(
            f"values must be a square table that can be cut into blocks of {size}; "
            f"got shape {values.shape}."
        )
    blocks = values.reshape(len(values) // size, size, -1, size)
    made, axis = figure(7, 2.7)
    tables = (
        (0, values, "feature map"),
        (len(values) + 2, blocks.max((1, 3)), "max pooling"),
        (1.5 * len(values) + 5, blocks.mean((1, 3)), "average pooling"),
    )
    for left, table, title in tables:
        top = (len(values) - len(table)) / 2
        for row, column in np.ndindex(table.shape):
            block = (row, column) if len(table) < len(values) else (row // size, column // size)
            shade = "#CFE0F2" if sum(block) % 2 else "white"
            box = {"facecolor": shade, "edgecolor": "#8899AA", "linewidth": 1}
            axis.add_patch(Rectangle((left + column, top + row), 1, 1, **box))
            place = (left + column + 0.5, top + row + 0.5)
            axis.text(*place, _number(table[row, column]), ha="center", va="center", fontsize=11)
        middle = left + len(table) / 2
        axis.text(middle, top - 0.2, title, ha="center", va="bottom", weight="bold")
    for row, column in np.ndindex(blocks.shape[0], blocks.shape[2]):
        box = {"facecolor": "none", "edgecolor": "black", "linewidth": 2}
        axis.add_patch(Rectangle((column * size, row * size), size, size, **box))
    middle = len(values) / 2
    start = (len(values) + 0.3, middle)
    axis.annotate("", (len(values) + 1.7, middle), start, arrowprops=_ARROW)
    axis.text(1.5 * len(values) + 3.5, middle, "or", ha="center", va="center")
    right = 1.5 * len(values) + 5 + max(2, len(values) / size)
    axis.set(xlim=(-0.2, right + 1), ylim=(len(values) + 0.2, -1.1), aspect="equal")
    axis.set_axis_off()
    return made


@styled
def filter_on_channels(kernel=4, channels=3, filters=5):
    """Draw a filter that reaches through all channels of an image, and a layer of several filters.

    Args:
        kernel: int, pixels in a row of the filter.
        channels: int, channels of the image.
        filters: int, filters in the layer.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(9.2, 3.3)
    weights = kernel * kernel * channels
    colours = ("#F6DACB", "#CDEBDD", "#CFE0F2")
    _sheets(axis, 0, 0, 3, [colours[i % 3] for i in range(channels)], window=1.3)
    _sheets(axis, 5.4, 0.85, 1.3, [colours[i % 3] for i in range(channels)], cells=kernel)
    _sheets(axis, 9.0, 0, 2.4, [LIGHT], window=0.3)
    _sheets(axis, 13.0, 0, 2.4, [LIGHT] * filters)
    for start, end in ((4.0, 5.2), (7.6, 8.8)):
        axis.annotate("", (end, 1.4), (start, 1.4), arrowprops=_ARROW)
    texts = (
        (1.8, "image", f"{channels} channels"),
        (
            6.3,
            "one filter",
            f"{kernel} × {kernel} × {channels} = {weights} weights\nand 1 bias",
        ),
        (10.2, "its feature map", "one number a place"),
        (14.6, f"{filters} filters", f"{filters} feature maps:\n{filters} channels for the next"),
    )
    for middle, name, text in texts:
        axis.text(middle, -0.35, name, ha="center", va="top", weight="bold")
        axis.text(middle, -0.95, text, ha="center", va="top", fontsize=9)
    axis.text(12.2, 1.4, "…", ha="center", va="center", fontsize=14)
    axis.set(xlim=(-0.3, 17.4), ylim=(-2.5, 4.1), aspect="equal")
    axis.set_axis_off()
    return made


def _sheets(axis, left, low, side, colours, window=None, cells=0):
    """Draw sheets behind each other, with a window on each, or with cells on the first."""
    step = 0.24
    for i, colour in reversed(list(enumerate(colours))):
        corner = (left + step * i, low + step * i)
        box = {"facecolor": colour, "edgecolor": BLUE, "linewidth": 1.1}
        axis.add_patch(Rectangle(corner, side, side, **box))
        if window:
            place = (corner[0] + 0.45, corner[1] + side - window - 0.45)
            look = {"facecolor": "none", "edgecolor": ORANGE, "linewidth": 2}
            axis.add_patch(Rectangle(place, window, window, **look))
    for i in range(1, cells):
        at = i * side / cells
        axis.plot([left + at, left + at], [low, low + side], color=BLUE, linewidth=0.7)
        axis.plot([left, left + side], [low + at, low + at], color=BLUE, linewidth=0.7)


@styled
def cubes(rows):
    """Draw what flows through networks as cubes, squares and columns with their shapes.

    Sides are to scale within a row; depths and the heights of columns are drawn shorter the larger
    they are.

    Args:
        rows: dict from a name to a Keras model, or to steps, each (what the layer is called, shape
            of what it gives): (height, width, channels), or (n,) for a column of numbers.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no rows, or a shape that is neither.
    """
    checks.by_name(rows, "rows", "its steps")
    made, axes = figure(9.2, 2.75 * len(rows), len(rows), 1, squeeze=False)
    for axis, (name, row) in zip(axes[:, 0], rows.items(), strict=True):
        steps, left = _steps(row), 0.0
        widest = max(shape[0] for _, shape in steps if len(shape) == 3)
        for i, (layer, shape) in enumerate(steps):
            if i:
                axis.annotate("", (left + 0.9, 0), (left + 0.15, 0), arrowprops=_ARROW)
                left += 1.05
            width = _solid(axis, left, shape, 2.6 / widest)
            middle = left + width / 2
            written = " × ".join(f"{side:,}" for side in shape)
            axis.text(middle, -2.0, written, ha="center", va="top", weight="bold", color=BLUE)
            axis.text(middle, -2.45, layer, ha="center", va="top", fontsize=8.5)
            left += width
        axis.set_title(name, fontsize=10, loc="left")
        axis.set(xlim=(-0.6, max(left + 0.6, 15)), ylim=(-3.5, 2.1), aspect="equal")
        axis.set_axis_off()
    return made


def _steps(row):
    """The steps of a Keras model, its input first; steps as they are."""
    if not hasattr(row, "layers"):
        return row
    return [("input", row.input_shape[1:])] + [
        (_layer_name(layer), tuple(layer.output.shape[1:])) for layer in row.layers
    ]


def _layer_name(layer):
    kind = type(layer).__name__
    if kind != "Conv2D":
        return kind
    size, stride = layer.kernel_size[0], layer.strides[0]
    moves = f", stride {stride}" if stride > 1 else ""
    return f"{layer.filters} filters\n{size} × {size}{moves}"


def _solid(axis, left, shape, scale):
    """Draw one solid around height 0; return how wide it is."""
    if len(shape) == 1:
        height = 0.3 + 0.24 * math.log2(shape[0])
        bar = {"facecolor": "#F6DACB", "edgecolor": ORANGE, "linewidth": 1.3, "hatch": "---"}
        axis.add_patch(Rectangle((left + 0.45, -height / 2 + 0.15), 0.3, height, **bar))
        return 1.2
    if len(shape) != 3:
        raise ValueError(f"a shape must be (height, width, channels) or (n,); got {shape}.")
    height, width = (max(0.12, side * scale) for side in shape[:2])
    depth = 0.13 * math.sqrt(shape[2])
    pad = max(0.0, (1.3 - width - depth) / 2)  # room for the text below
    left, low = left + pad, -height / 2 - depth / 4
    right, top = left + width, low + height
    slant = (depth, depth / 2)
    look = {"edgecolor": BLUE, "linewidth": 1.1, "closed": True}
    front = [(left, low), (right, low), (right, top), (left, top)]
    roof = [(left, top), (right, top), (right + slant[0], top + slant[1])]
    side = [(right, low), (right, top), (right + slant[0], top + slant[1])]
    axis.add_patch(Polygon(front, facecolor=LIGHT, **look))
    axis.add_patch(Polygon([*roof, (left + slant[0], top + slant[1])], facecolor="white", **look))
    end = (right + slant[0], low + slant[1])
    axis.add_patch(Polygon([*side, end], facecolor="#CFE0F2", **look))
    return width + depth + 2 * pad


@styled
def slopes(pairs, ends, ylabel, title=None):
    """Draw two accuracies for each network, joined by a line, each with its number.

    Args:
        pairs: dict from a name to two fractions from 0 to 1, at most six names.
        ends: two names, below the two ends of the lines.
        ylabel, title: str.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no names or more than six, or not two fractions.
    """
    checks.by_name(pairs, "pairs", "two fractions", high=len(LINES))
    made, axis = figure(6.4, 3.4, title=title)
    pairs = {name: checks.numbers(p, f"pairs[{name!r}]", (2,), 0, 1) for name, p in pairs.items()}
    for (name, pair), look in zip(pairs.items(), LINES, strict=False):
        axis.plot([0, 1], pair, label=name, **(look | {"markersize": 8}))
    for end, (align, shift) in enumerate((("right", -0.04), ("left", 0.04))):
        for pair in pairs.values():
            text = f"{100 * pair[end]:.2f} %"
            axis.text(end + shift, pair[end], text, ha=align, va="center", fontsize=9)
    axis.set(xlim=(-0.35, 1.35), xticks=[0, 1], xticklabels=list(ends), ylabel=ylabel)
    axis.margins(y=0.15)
    axis.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.1f} %"))
    made.legend(loc="outside lower center", ncols=2)
    return made

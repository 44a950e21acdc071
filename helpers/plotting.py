"""One style for every figure, and the charts that show digits, curves and counts.

Functions return a `matplotlib.figure.Figure` made without pyplot; `show` displays it. Schematic
drawings are in `diagrams.py`.
"""

import io
from base64 import b64encode

import matplotlib
import numpy as np
from IPython.display import display
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from PIL import Image

from helpers import checks, data

# Colours that stay apart for colour-blind readers: Okabe and Ito, "Color Universal Design" (2008).
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6E6E6E"
LIGHT = "#E8EEF4"
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "image.cmap": "gray_r",
    "image.interpolation": "nearest",
}
styled = matplotlib.rc_context(STYLE)
DOTS_PER_INCH = 144  # drawn finely, shown at two thirds of that size
NOT_MNIST = "DRAWN DIGITS, NOT MNIST"


@styled
def figure(width, height, rows=1, columns=1, title=None, **subplots):
    """Make a figure in the course's style.

    Args:
        width, height: size in inches.
        rows, columns: how many axes.
        title: str above the whole figure.
        **subplots: passed on to `Figure.subplots`.

    Returns:
        (Figure, axes): axes as `Figure.subplots` gives them.
    """
    made = Figure(figsize=(width, height), layout="constrained")
    if title:
        made.suptitle(title)
    return made, made.subplots(rows, columns, **subplots)


def show(shown, alt):
    """Display a figure with alternative text that survives into the saved page.

    Args:
        shown: matplotlib.figure.Figure.
        alt: str, what the figure shows, for readers who cannot see it.

    Raises:
        ValueError: no alternative text.
    """
    show_live(shown, alt)


def show_live(shown, alt, handle=None):
    """Display a figure, or replace the one that `handle` shows.

    Args:
        shown, alt: as in `show`.
        handle: what an earlier call returned, or None.

    Returns:
        IPython.display.DisplayHandle, to pass to the next call.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError("alt must say in words what the figure shows; got nothing.")
    if data.source_in_use() == "drawn":
        _mark_as_drawn(shown)
    png, width, height = _png(shown)
    bundle = {"image/png": png, "text/plain": alt}
    metadata = {"image/png": {"alt": alt, "width": width, "height": height}}
    if handle is None:
        return display(bundle, raw=True, metadata=metadata, display_id=True)
    handle.update(bundle, raw=True, metadata=metadata)
    return handle


def _mark_as_drawn(shown):
    title = shown.get_suptitle()
    if NOT_MNIST not in title:
        width, height = shown.get_size_inches()
        shown.set_size_inches(width, height + 0.3)  # a line for the mark
        shown.suptitle(f"{title}\n{NOT_MNIST}" if title else NOT_MNIST)


@styled
def _png(shown):
    buffer = io.BytesIO()
    shown.savefig(buffer, format="png", dpi=DOTS_PER_INCH)
    picture = Image.open(buffer).convert("RGB")
    small = io.BytesIO()  # 256 colours are enough, and weigh a third in the repository
    picture.quantize(256, dither=Image.Dither.NONE).save(small, format="png", optimize=True)
    width, height = (round(side * 2 / 3) for side in picture.size)
    return b64encode(small.getvalue()).decode("ascii"), width, height


@styled
def digits(images, captions=None, columns=10, title=None, wrong=None):
    """Draw digits in a grid, ink dark on light paper, with a caption under each.

    Args:
        images: uint8 of shape (n, 28, 28).
        captions: n of anything that prints: labels, predictions. None draws none.
        columns: int, digits in a row.
        title: str above the grid.
        wrong: n booleans; a digit that is wrong gets a thick frame and a bold caption.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: images of another shape or dtype, or not one caption an image.
    """
    images = checks.images(images)
    for name, values in (("captions", captions), ("wrong", wrong)):
        if values is not None and len(values) != len(images):
            raise ValueError(
                f"{name} must have one entry for each image; got {len(values)} for {len(images)}."
            )
    rows = -(-len(images) // columns)
    height = rows * (0.9 if captions is not None else 0.72) + (0.4 if title else 0.05)
    made, axes = figure(columns * 0.75, height, rows, columns, title, squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    for i, (axis, image) in enumerate(zip(axes.flat, images, strict=False)):
        bad = wrong is not None and bool(wrong[i])
        axis.imshow(image, vmin=0, vmax=255)
        _frame(axis, bad)
        if captions is not None:
            weight, size = ("bold", 9) if bad else ("normal", 10)
            axis.set_title(captions[i], y=-0.36, fontsize=size, fontweight=weight)
    return made


def _frame(axis, bad=False):
    axis.set_axis_on()
    axis.set(xticks=[], yticks=[])
    for spine in axis.spines.values():
        spine.set(visible=True, color=ORANGE if bad else "#C8C8C8", linewidth=2.2 if bad else 0.6)


@styled
def training_curves(history, epochs=None, title=None):
    """Draw loss and accuracy by epoch, for training and validation digits.

    Args:
        history: dict of lists, one value an epoch: "loss", "accuracy" and, where there are
            validation digits, "val_loss" and "val_accuracy".
        epochs: int, how many epochs the axis has room for.
        title: str above the figure.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axes = figure(8, 2.9, 1, 2, title)
    for axis, name in zip(axes, ("loss", "accuracy"), strict=True):
        for key, label, style in (
            (name, "training", {"color": BLUE, "marker": "o"}),
            (f"val_{name}", "validation", {"color": ORANGE, "marker": "s", "linestyle": "--"}),
        ):
            values = history.get(key, [])
            if values:
                axis.plot(range(1, len(values) + 1), values, label=label, **style)
        longest = max((len(values) for values in history.values()), default=1)
        axis.set(xlabel="epoch", ylabel=name, xlim=(0.5, max(epochs or 1, longest) + 0.5))
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        if axis.lines:
            axis.legend()
    axes[1].yaxis.set_major_formatter(PercentFormatter(1))
    return made


@styled
def bars(values, labels, title=None, ylabel=None, colour=BLUE):
    """Draw one bar a value, with the value written above it.

    Args:
        values: n numbers.
        labels: n of anything that prints, under the bars.
        title, ylabel: str.
        colour: of the bars.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(7, 2.8, title=title)
    drawn = axis.bar([str(label) for label in labels], values, color=colour)
    axis.bar_label(drawn, [_short(value) for value in values], fontsize=9, padding=2)
    axis.set(ylabel=ylabel or "", ylim=(0, max(values) * 1.15))
    return made


def _short(value):
    return f"{value:,}" if isinstance(value, (int, np.integer)) else f"{value:.3g}"


@styled
def weight_images(weights, side=checks.SIDE):
    """Draw each column of a layer's weights as an image: dark positive, light negative, like ink.

    The rarest weights, one in 200, are drawn as dark or light as the scale goes.

    Args:
        weights: float (side * side, n), one column a neuron.
        side: int, pixels in a row of the image.

    Returns:
        matplotlib.figure.Figure.
    """
    columns = weights.shape[1]
    made, axes = figure(8, 3.6, 2, -(-columns // 2))
    reach = np.quantile(np.abs(weights), 0.995)
    for neuron, axis in enumerate(axes.flat[:columns]):
        image = weights[:, neuron].reshape(side, side)
        drawn = axis.imshow(image, cmap="gray_r", vmin=-reach, vmax=reach)
        _frame(axis)
        axis.set_title(f"neuron {neuron}", fontsize=10)
    made.colorbar(drawn, ax=axes, shrink=0.8, label="weight", extend="both")
    return made


@styled
def pixel_values(image):
    """Draw one digit with the value of every pixel written on it.

    Args:
        image: uint8 of shape (28, 28).

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: another shape or dtype.
    """
    image = checks.images(np.asarray(image)[None], name="image[None]")[0]
    made, axis = figure(8, 7.6)
    axis.imshow(image, vmin=0, vmax=255)
    for row, column in np.ndindex(image.shape):
        value = int(image[row, column])
        colour = "white" if value > 127 else "#9A9A9A" if value == 0 else "black"
        axis.text(column, row, value, ha="center", va="center", fontsize=6, color=colour)
    places = [0, 7, 14, 21, 27]
    axis.set(xticks=places, yticks=places, xlabel="column", ylabel="row")
    return made


@styled
def histograms(groups, xlabel, bins=60):
    """Draw two distributions over each other: one filled and hatched, one as a dashed line.

    Args:
        groups: dict of two names, each with its numbers.
        xlabel: str, what the numbers are.
        bins: int, how many intervals.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: not two groups.
    """
    if len(groups) != 2:
        raise ValueError(f"groups must hold two names with their numbers; got {len(groups)}.")
    made, axis = figure(7, 2.9)
    edges = np.histogram_bin_edges(np.concatenate(list(groups.values())), bins)
    looks = (
        {"histtype": "stepfilled", "facecolor": "#CFE0F2", "edgecolor": BLUE, "hatch": "///"},
        {"histtype": "step", "edgecolor": ORANGE, "linewidth": 2.2, "linestyle": "--"},
    )
    for (name, values), look in zip(groups.items(), looks, strict=True):
        axis.hist(values, edges, density=True, label=f"{name} ({len(values):,})", **look)
    axis.set(xlabel=xlabel, ylabel="share of digits", yticks=[])
    axis.legend()
    return made


@styled
def ranking(values, form="{:g}", xlabel=None, title=None):
    """Draw named values as horizontal bars, the first on top, each with its number.

    Args:
        values: dict from a name to a number, 0 or more.
        form: str, how the number is written.
        xlabel, title: str.

    Returns:
        matplotlib.figure.Figure.
    """
    made, axis = figure(7.6, 0.42 * len(values) + 0.8, title=title)
    drawn = axis.barh(list(values), list(values.values()), color=BLUE, height=0.62)
    axis.bar_label(drawn, fmt=form, padding=4, fontsize=9)
    axis.set(xlabel=xlabel or "", xlim=(0, max(values.values()) * 1.18))
    axis.invert_yaxis()
    return made

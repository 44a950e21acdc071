"""One style for every figure, and the charts that show digits, curves, counts and results.

Functions return a `matplotlib.figure.Figure` made without pyplot; `show` displays it. Schematic
drawings are in `diagrams.py`.
"""

import io
from base64 import b64encode

import matplotlib
import numpy as np
from IPython.display import display
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter, PercentFormatter
from PIL import Image
from scipy import stats

from helpers import checks, data, scoreboard

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
PERCENT = PercentFormatter(1, symbol=" %")
styled = matplotlib.rc_context(STYLE)
DOTS_PER_INCH = 144  # drawn finely, shown at two thirds of that size
NOT_MNIST = "DRAWN DIGITS, NOT MNIST"
LINES = tuple(  # colour, marker and line style: what tells up to six lines apart
    {"color": colour, "marker": marker, "linestyle": style}
    for colour, marker, style in (
        (BLUE, "o", "-"),
        (ORANGE, "s", "--"),
        (GREEN, "^", "-."),
        (GREY, "D", ":"),
        ("#CC79A7", "v", (0, (6, 2, 1, 2, 1, 2))),
        ("black", "x", (0, (1, 1))),
    )
)


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
        ValueError: no figure, or no alternative text.
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
    if not isinstance(shown, Figure):
        raise ValueError(
            f"shown must be a figure, as the functions of plotting return; got {shown!r}."
        )
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
        columns: int, digits in a row, 1 or more.
        title: str above the grid.
        wrong: n booleans; a digit that is wrong gets a thick frame and a bold caption.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: images of another shape or dtype, not one caption an image, or no columns.
    """
    images = checks.images(images)
    columns = checks.whole(columns, "columns", 1)
    if captions is not None:
        captions = checks.for_each(captions, "captions", len(images))
    if wrong is not None:
        wrong = checks.for_each(wrong, "wrong", len(images))
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
            validation digits, "val_loss" and "val_accuracy". NaN leaves a gap.
        epochs: int, how many epochs the axis has room for.
        title: str above the figure.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no dict, or a curve that is no numbers.
    """
    expected = "a list of one number an epoch, such as fit(…).history"
    history = {
        name: checks.numbers(values, f"history[{name!r}]", finite=False) if np.size(values) else []
        for name, values in checks.by_name(history, "history", expected, low=0).items()
    }
    made, axes = figure(8, 2.9, 1, 2, title)
    for axis, name in zip(axes, ("loss", "accuracy"), strict=True):
        for key, label, style in (
            (name, "training", {"color": BLUE, "marker": "o"}),
            (f"val_{name}", "validation", {"color": ORANGE, "marker": "s", "linestyle": "--"}),
        ):
            values = history.get(key, [])
            if len(values):
                axis.plot(range(1, len(values) + 1), values, label=label, **style)
        longest = max((len(values) for values in history.values()), default=1)
        axis.set(xlabel="epoch", ylabel=name, xlim=(0.5, max(epochs or 1, longest) + 0.5))
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        if axis.lines:
            axis.legend()
    axes[1].yaxis.set_major_formatter(PERCENT)
    return made


@styled
def bars(values, labels, title=None, ylabel=None, colour=BLUE):
    """Draw one bar a value, with the value written above it.

    Args:
        values: n numbers, 0 or more.
        labels: n of anything that prints, under the bars.
        title, ylabel: str.
        colour: of the bars.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no values, one below 0, or not one label a value.
    """
    values = checks.numbers(values, "values", low=0)
    labels = checks.for_each(labels, "labels", len(values), "value")
    made, axis = figure(7, 2.8, title=title)
    drawn = axis.bar([str(label) for label in labels], values, color=colour)
    axis.bar_label(drawn, [_short(value) for value in values], fontsize=9, padding=2)
    axis.set(ylabel=ylabel or "", ylim=(0, max(values) * 1.15 or 1))
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

    Raises:
        ValueError: weights of another shape.
    """
    side = checks.whole(side, "side", 1)
    weights = checks.numbers(weights, "weights", (side * side, "n"))
    images = weights.T.reshape(-1, side, side)
    names = [f"neuron {i}" for i in range(len(images))]
    return image_grid(images, names, -(-len(images) // 2), symmetric=True, scale="weight")


@styled
def image_grid(images, captions=None, columns=8, title=None, symmetric=False, scale="value"):
    """Draw arrays of numbers as images, such as filters and what they make of a digit.

    Args:
        images: numbers of shape (n, h, w).
        captions: n of anything that prints, above the images. None draws none.
        columns: int, images in a row, 1 or more.
        title: str above the grid.
        symmetric: True draws all on one scale around 0, dark positive and light negative, which the
            rarest numbers, one in 200, exceed; False draws each from its least number, light, to
            its greatest, dark.
        scale: str, what the numbers are: the label of the one scale.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: images of another shape, not one caption an image, or no columns.
    """
    images = checks.numbers(images, "images", ("n", "h", "w")).astype(float)
    columns = min(checks.whole(columns, "columns", 1), len(images))
    if captions is not None:
        captions = checks.for_each(captions, "captions", len(images))
    rows = -(-len(images) // columns)
    width = min(1.6, 8 / columns)
    height = width * images.shape[1] / images.shape[2] + (0.2 if captions else 0)
    size = (max(2.4, columns * width), rows * height + (0.4 if title else 0))
    made, axes = figure(*size, rows, columns, title, squeeze=False)
    reach = (np.quantile(np.abs(images), 0.995) or 1) if symmetric else None
    for axis in axes.flat:
        axis.set_axis_off()
    for i, (axis, image) in enumerate(zip(axes.flat, images, strict=False)):
        drawn = axis.imshow(image, vmin=-reach if symmetric else None, vmax=reach)
        _frame(axis)
        if captions:
            axis.set_title(captions[i], fontsize=10)
    if symmetric:
        made.colorbar(drawn, ax=axes, shrink=0.8, label=scale, extend="both")
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
        groups: dict of two names, each with its numbers, 1 or more.
        xlabel: str, what the numbers are.
        bins: int, how many intervals, 1 or more.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: not two groups, one without numbers, or no bins.
    """
    checks.by_name(groups, "groups", "its numbers", low=2, high=2)
    groups = {name: checks.numbers(x, f"groups[{name!r}]") for name, x in groups.items()}
    bins = checks.whole(bins, "bins", 1)
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

    Raises:
        ValueError: no dict, no name in it, or a number below 0.
    """
    checks.by_name(values, "values", "a number")
    numbers = checks.numbers(list(values.values()), "values", low=0)
    made, axis = figure(7.6, 0.42 * len(values) + 0.8, title=title)
    drawn = axis.barh([str(name) for name in values], numbers, color=BLUE, height=0.62)
    axis.bar_label(drawn, fmt=form, padding=4, fontsize=9)
    axis.set(xlabel=xlabel or "", xlim=(0, max(numbers) * 1.18 or 1))
    axis.invert_yaxis()
    return made


@styled
def curves(
    series, xlabel, ylabel, title=None, xscale="linear", yscale="linear", percent=False, ylim=None
):
    """Draw up to six named lines, told apart by colour, marker and line style.

    Args:
        series: dict from a name to (x, y), n numbers each, or to (x, y, spread), whose band goes
            from y - spread to y + spread. NaN in y leaves a gap.
        xlabel, ylabel, title: str.
        xscale, yscale: "linear" or "log".
        percent: True writes the y axis in percent; y then goes from 0 to 1.
        ylim: (low, high) of the y axis.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no lines or more than six, x and y of unequal length, or an unknown scale.
    """
    checks.by_name(series, "series", "(x, y) or (x, y, spread)", high=len(LINES))
    for name, value in (("xscale", xscale), ("yscale", yscale)):
        if value not in ("linear", "log"):
            raise ValueError(f"{name} must be 'linear' or 'log'; got {value!r}.")
    made, axis = figure(7.6 if len(series) > 3 else 6.4, 3.2, title=title)
    axis.set(xscale=xscale, yscale=yscale, xlabel=xlabel, ylabel=ylabel)
    for (name, line), look in zip(series.items(), LINES, strict=False):
        x, y, *spread = _line(f"series[{name!r}]", line)
        axis.plot(x, y, label=str(name), markevery=max(1, len(x) // 12), **look)
        if spread:
            band = (y - spread[0], y + spread[0])
            axis.fill_between(x, *band, color=look["color"], alpha=0.15, linewidth=0)
    if xscale == "linear":
        axis.xaxis.set_major_locator(MaxNLocator("auto", integer=_all_whole(axis.lines)))
    if percent:
        axis.yaxis.set_major_formatter(PERCENT)
    if ylim is not None:
        axis.set_ylim(*checks.numbers(ylim, "ylim", (2,)))
    if len(series) > 3:
        made.legend(loc="outside right upper", handlelength=3.2)
    else:
        axis.legend(handlelength=3.2)
    return made


def _all_whole(lines):
    return all(np.all(line.get_xdata() == np.round(line.get_xdata())) for line in lines)


def legend_entries(axis):
    """Return what a legend of `axis` needs, each label once: (handles, labels)."""
    entries = dict(zip(*axis.get_legend_handles_labels()[::-1], strict=True))
    return [*entries.values()], [*entries]


def _line(name, line):
    if not isinstance(line, (tuple, list)) or len(line) not in (2, 3):
        raise ValueError(f"{name} must be (x, y) or (x, y, spread); got {type(line).__name__}.")
    x = checks.numbers(line[0], f"x of {name}")
    y = checks.numbers(line[1], f"y of {name}", (len(x),), finite=False)
    spread = [checks.numbers(part, f"spread of {name}", (len(x),), low=0) for part in line[2:]]
    return x, y, *spread


@styled
def intervals(groups, xlabel, title=None, reference=None, percent=False):
    """Draw a row for each name: every value as a dot, their mean and its 95 % interval as a bar.

    The interval is Student's t interval of the mean; a single value has none.

    Args:
        groups: dict from a name to its values, such as one accuracy a seed.
        xlabel, title: str.
        reference: number to compare with, drawn as a dashed line.
        percent: True writes the axis in percent; the values then go from 0 to 1.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no names, a name without values, or one that is no finite number.
    """
    checks.by_name(groups, "groups", "its values, one a seed")
    made, axis = figure(7.2, 0.5 * len(groups) + 1.1, title=title)
    for row, (name, group) in enumerate(groups.items()):
        values = checks.numbers(group, f"groups[{name!r}]").astype(float)
        dots = {"color": ORANGE, "markerfacecolor": "none", "label": "one seed"}
        axis.plot(values, np.full(len(values), row + 0.2), "o", **dots)
        if len(values) > 1:
            error = values.std(ddof=1) / np.sqrt(len(values))
            reach = stats.t.ppf(0.975, len(values) - 1) * error
            look = {"color": BLUE, "markersize": 13, "markeredgewidth": 2.4, "elinewidth": 5}
            bar = axis.errorbar(values.mean(), row - 0.1, xerr=reach, fmt="|", **look)
            bar.set_label("mean and its 95 % interval")
            bar.lines[2][0].set_alpha(0.45)
    if reference is not None:
        place = float(checks.numbers(reference, "reference", ()))
        axis.axvline(place, color="black", linestyle="--", linewidth=1.2, label="reference")
    names = [str(name) for name in groups]
    axis.set(xlabel=xlabel, yticks=range(len(names)), yticklabels=names)
    axis.set_ylim(len(names) - 0.45, -0.55)
    axis.margins(x=0.06)
    if percent:
        axis.xaxis.set_major_formatter(PERCENT)
    made.legend(*legend_entries(axis), loc="outside lower center", ncols=3)
    return made


@styled
def confusion_matrix(counts, title=None):
    """Draw how often each digit was read as each other one; what was read right is muted.

    Args:
        counts: integers of shape (10, 10), 0 or more; rows are the true digits, columns the digits
            that were read.
        title: str above the figure.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: another shape or dtype, or a count below 0.
    """
    counts = checks.numbers(counts, "counts", (10, 10), low=0)
    if not np.issubdtype(counts.dtype, np.integer):
        raise ValueError(f"counts must be integers; got dtype {counts.dtype}.")
    made, axis = figure(5.8, 5.4, title=title)
    right = np.eye(10, dtype=bool)
    mistakes = np.ma.masked_array(counts, right)
    most = max(1, mistakes.max())
    axis.set_facecolor(LIGHT)  # what shows through where the digits were read right
    axis.imshow(mistakes, cmap="Oranges", vmin=0, vmax=most)
    for row, column in np.ndindex(counts.shape):
        count = int(counts[row, column])
        faint = row == column or count == 0
        colour = GREY if faint else "white" if count > 0.6 * most else "black"
        look = {"color": colour, "fontsize": 8 if faint else 10}
        axis.text(column, row, f"{count:,}", ha="center", va="center", **look)
    axis.set(xticks=range(10), yticks=range(10), xlabel="digit read", ylabel="true digit")
    axis.tick_params(length=0)
    return made


@styled
def reliability(calibration, title=None):
    """Draw how often answers are right against how sure the network was: a reliability diagram.

    Source: A. Niculescu-Mizil and R. Caruana, "Predicting good probabilities with supervised
    learning" (2005).

    Args:
        calibration: an `evaluation.Calibration`.
        title: str above the figure.

    Returns:
        matplotlib.figure.Figure: above, a bar of accuracy for each bin that holds digits, and the
        diagonal on which a network lies that is right as often as it is sure; below, on a
        logarithmic axis, how many digits are in each bin.

    Raises:
        ValueError: arrays of different lengths, or shares outside 0 to 1.
    """
    counts = checks.numbers(calibration.counts, "counts", low=0)
    filled = counts > 0
    accuracy = checks.numbers(np.asarray(calibration.accuracy)[filled], "accuracy", low=0, high=1)
    edges = np.linspace(0, 1, len(counts) + 1)
    left, width = edges[:-1][filled], edges[1]
    made, (upper, lower) = figure(
        5.6, 4.6, 2, 1, title, sharex=True, gridspec_kw={"height_ratios": [3, 1]}
    )
    look = {"align": "edge", "facecolor": BLUE, "edgecolor": "white"}
    upper.bar(left, accuracy, width, label="read right", **look)
    upper.plot([0, 1], [0, 1], "--", color=ORANGE, label="as often as it was sure")
    upper.set(ylabel="read right", ylim=(0, 1.04), xlim=(0, 1))
    upper.legend(loc="upper left")
    lower.bar(left, counts[filled], width, **look)
    lower.set(yscale="log", ylabel="digits", xlabel="how sure the network was")
    lower.set_ylim(bottom=0.5)  # so that a bar of one digit shows
    for axis in (upper.xaxis, upper.yaxis, lower.xaxis):
        axis.set_major_formatter(PERCENT)
    return made


@styled
def mistakes(images, labels, probabilities, columns=5, title=None):
    """Draw digits with their true label above and the two likeliest answers as bars below.

    The bar of the true answer is hatched; the other one is filled.

    Args:
        images: uint8 of shape (n, 28, 28), read wrong.
        labels: integers from 0 to 9 of shape (n,), the true digits.
        probabilities: numbers from 0 to 1 of shape (n, 10), the model's.
        columns: int, digits in a row, 1 or more.
        title: str above the figure.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: an argument of another shape, dtype or range.
    """
    images = checks.images(images)
    labels = checks.labels(labels, count=len(images))
    given = checks.numbers(probabilities, "probabilities", (len(images), 10), 0, 1 + 1e-6)
    columns = min(checks.whole(columns, "columns", 1), len(images))
    rows = -(-len(images) // columns)
    size = (columns * 1.3, rows * 1.95 + (0.4 if title else 0))
    made, axes = figure(*size, rows, columns, title, squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    for axis, image, label, chances in zip(axes.flat, images, labels, given, strict=False):
        axis.imshow(image, vmin=0, vmax=255)
        axis.set_title(f"true {label}", fontsize=10)
        for line, answer in enumerate(np.argsort(-chances, kind="stable")[:2]):
            chance, level = float(chances[answer]), 32 + 7 * line
            true = {"facecolor": "white", "edgecolor": GREEN, "hatch": "/////"}
            look = true if answer == label else {"facecolor": ORANGE, "edgecolor": ORANGE}
            axis.barh(level, 13 * chance, 4.5, 4, **look)
            small = {"va": "center", "fontsize": 9}
            axis.text(2.5, level, int(answer), ha="right", **small)
            axis.text(5 + 13 * chance, level, f"{100 * chance:.0f} %", **small)
        axis.set(xlim=(-0.5, 27.5), ylim=(43, -0.5))
    return made


# The models on the ladder, by name: the course's own, then networks of other tutorials.
COURSE = (
    "nearest mean",
    "nearest neighbour",
    "one layer",
    "first network",
    "200–60",
    "dense",
    "convolutional",
    "last half percent",
)
OTHERS = (
    "codelab 1: one layer",
    "Zeste de Savoir: 500",
    "DataScientest: 20–14",
    "codelab 3: 200–100–60, dropout",
    "codelab 2: 200–60",
    "TutorialsPoint: 512–512",
    "train_mnist_fast: last step",
    "old Keras: mnist_cnn",
    "keras.io: mnist_convnet",
    "codelab 4: three convolutions",
    "codelab 5: batch normalisation",
)
LADDER = COURSE + OTHERS


def rungs(section, until=None):
    """Return the names of the models that a ladder shows, the course's first, then others'.

    Args:
        section: one source's part of a results file, such as `scoreboard.read(path)["mnist"]`.
        until: str such as "03": the chapter with which the ladder ends; the networks of other
            tutorials are then left out.
    """
    scored = [name for name in LADDER if section.get(name, {}).get("test")]
    if until is None:
        return scored
    ours = [name for name in scored if name in COURSE]
    return [name for name in ours if section[name]["page"][: len(until)] <= until]


def show_ladder(path, until=None):
    """Show the ladder of MNIST's results as a figure; a line says where there is none to show.

    Args:
        path: the results file.
        until: as for `rungs`.
    """
    section = scoreboard.entries(path, LADDER)
    names = rungs(section, until)
    if not names:
        print("No ladder to show: `make results` measures the models.")
        return
    wrong = {name: 100 * (1 - section[name]["test"]["mean"]) for name in names}
    said = ", ".join(f"{name} {share:.2f} %" for name, share in wrong.items())
    show(ladder(section, until), alt=f"Test digits read wrong, by model: {said}.")


@styled
def ladder(section, until=None):
    """Draw the errors of the course's models, and of other tutorials' networks, one rung each.

    Args:
        section, until: as for `rungs`.

    Returns:
        matplotlib.figure.Figure: errors on a logarithmic axis, fewer to the right; each rung has
        the accuracy of every seed as a small mark, and their mean as a large one.

    Raises:
        ValueError: the section holds no test score of any of these models.
    """
    names = rungs(section, until)
    ours = [_rung(section, name, BLUE, "o") for name in names if name in COURSE]
    others = [_rung(section, name, GREY, "s") for name in names if name in OTHERS]
    if not ours:
        raise ValueError("section must hold a test score of one of the course's models; got none.")
    gap = 1.3 if others else 0
    rows = [*range(len(ours)), *(len(ours) + gap + i for i in range(len(others)))]
    made, axis = figure(9, 0.31 * (rows[-1] + 1) + 0.9)
    for row, (_, accuracies, colour, marker) in zip(rows, [*ours, *others], strict=True):
        errors = np.maximum(100 * (1 - accuracies), 0.01)
        axis.hlines(row, errors.mean(), 100, color=colour, linewidth=2.4, alpha=0.35, zorder=0)
        dots = {"color": colour, "alpha": 0.6, "markersize": 4, "markeredgewidth": 0}
        axis.plot(errors, np.full(len(errors), row), marker, **dots)
        look = {"color": colour, "markersize": 8, "markerfacecolor": "none", "markeredgewidth": 1.4}
        axis.plot(errors.mean(), row, marker, **look)
        text, right = f"{100 * accuracies.mean():.2f} %", min(errors.min(), errors.mean())
        place = {"textcoords": "offset points", "va": "center_baseline", "fontsize": 9}
        axis.annotate(text, (right, row), (10, 0), color=colour, **place)
    means = [100 * (1 - accuracies.mean()) for _, accuracies, *_ in [*ours, *others]]
    if others:
        place = {"transform": axis.get_yaxis_transform(), "va": "center", "fontsize": 9}
        note = "  networks of other tutorials, as measured here"
        axis.text(0, len(ours) - 0.5 + gap / 2, note, color=GREY, **place)
    axis.set(xscale="log", yticks=rows, yticklabels=[name for name, *_ in [*ours, *others]])
    axis.set_xlabel("test digits read wrong, fewer to the right; each step is a ratio")
    best = max(min(means), 0.01)
    axis.set_xlim(max(means) * 1.25, best / 2.2)
    axis.set_ylim(rows[-1] + 0.6, -0.6)
    axis.set_xticks([tick for tick in (20, 10, 5, 2, 1, 0.5, 0.2, 0.1) if tick > best / 2.2])
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} %"))
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.tick_params(axis="y", length=0)
    return made


def _rung(section, name, colour, marker):
    """What the ladder draws of one model."""
    entry = section[name]
    chapter = f"{entry['page'][:2]}  " if entry["page"][:2].isdigit() else ""
    return chapter + name, np.asarray(entry["test"]["values"], float), colour, marker

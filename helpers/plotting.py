"""One style for every figure, and the charts that show digits, curves, counts and results.

What draws returns a `matplotlib.figure.Figure` made without pyplot, which `show` displays, and
raises a ValueError that names the argument that it cannot draw and says what it should be. The
pages' schematic drawings are in `helpers.diagrams`.
"""

import io
import sys
from base64 import b64encode

import matplotlib
import numpy as np
from IPython.display import display
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from PIL import Image
from scipy import stats

from helpers import checks

# Colours that stay apart for colour-blind readers: Okabe and Ito, "Color Universal Design" (2008).
BLUE, ORANGE, GREEN, GREY, PURPLE = "#0072B2", "#D55E00", "#009E73", "#6E6E6E", "#CC79A7"
PALE_BLUE, PALE_ORANGE, PALE_GREEN = "#CFE0F2", "#F6DACB", "#CDEBDD"
SIGNED = LinearSegmentedColormap.from_list("signed", [ORANGE, "white", BLUE])
LIGHT, FRAME = "#E8EEF4", "#B8C4D0"  # what fills a box; what frames an image or a cell
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
LINES = tuple(  # colour, marker and line style: what tells up to six lines apart
    {"color": colour, "marker": marker, "linestyle": style}
    for colour, marker, style in (
        (BLUE, "o", "-"),
        (ORANGE, "s", "--"),
        (GREEN, "^", "-."),
        (GREY, "D", ":"),
        (PURPLE, "v", (0, (6, 2, 1, 2, 1, 2))),
        ("black", "x", (0, (1, 1))),
    )
)
DOTS_PER_INCH = 144  # drawn finely, shown at two thirds of that size
NOT_MNIST = "DRAWN DIGITS, NOT MNIST"
# What a computer draws in some seconds; more than that nobody can look at.
MOST_COLUMNS, MOST_AXES, MOST_BARS, MOST_BINS, MOST_INCHES = 50, 400, 100, 1000, 100
MOST_LETTERS = 200  # of one caption, name or title
LARGE = 1e100  # axes reach a little further than the numbers on them
styled = matplotlib.rc_context(STYLE)


def number(value, digits=3):
    """Write a number with commas, a true minus sign and no exponent: 55,000, −0.25 or 0.00003.

    Args:
        value: number.
        digits: int, significant digits; a whole part is never cut.
    """
    rounded = float(f"{value:.{digits}g}")
    if abs(rounded) >= 10**digits:
        return f"{value:,.0f}".replace("-", "−")
    return np.format_float_positional(rounded + 0.0, trim="-").replace("-", "−")  # no "−0"


def percent(share, decimals=0):
    """Write a share from 0 to 1 in percent, such as 99.5 %."""
    return f"{100 * share:.{decimals}f} %"


def percent_axis(axis):
    """Label an axis that goes from 0 to 1 in percent, with the decimals that a tick needs."""
    axis.set_major_formatter(FuncFormatter(lambda share, _: f"{number(100 * share, 4)} %"))


def plain_powers(axis, near=False):
    """Label a logarithmic axis with numbers, not powers; at 1, 2 and 5 where it is `near`."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if near else (1,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axis.set_minor_formatter(NullFormatter())


@styled
def figure(width, height, rows=1, columns=1, title=None, **subplots):
    """Make a figure in the course's style.

    Args:
        width, height: size in inches, 0.1 to 100.
        rows, columns: how many axes, 400 at most in all.
        title: str above the whole figure.
        **subplots: passed on to `Figure.subplots`.

    Returns:
        (Figure, axes): axes as `Figure.subplots` gives them.
    """
    checks.numbers([width, height], "width and height in inches", (2,), 0.1, MOST_INCHES)
    checks.whole(rows * columns, "rows times columns", 1, MOST_AXES)
    made = Figure(figsize=(width, height), layout="constrained")
    if title:
        made.suptitle(*_words([title], "title", 1))
    return made, made.subplots(rows, columns, **subplots)


def show(shown, alt):
    """Display a figure with alternative text that survives into the saved page.

    Args:
        shown: matplotlib.figure.Figure.
        alt: str, what the figure shows, for readers who cannot see it.
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
            "shown must be a figure, as the functions of plotting return; "
            f"got {type(shown).__name__}."
        )
    alt = checks.text(alt, "alt")
    digits_read = sys.modules.get("helpers.data")  # who draws no digits need not load it
    if digits_read and digits_read.source_in_use() == "drawn":
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


def frame(axis, colour=FRAME, width=0.8):
    """Frame an image: no ticks, and a line on all four sides."""
    axis.set_axis_on()
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set(visible=True, color=colour, linewidth=width)


def legend_entries(axis):
    """Return what a legend of `axis` needs, each label once: (handles, labels)."""
    entries = dict(zip(*axis.get_legend_handles_labels()[::-1], strict=True))
    return [*entries.values()], [*entries]


def _words(values, name, count, what="image"):
    """What is to be written, one text for each thing; a dollar sign begins no formula."""
    words = [str(value) for value in checks.for_each(values, name, count, what)]
    longest = max(map(len, words))
    if longest > MOST_LETTERS:
        raise ValueError(
            f"{name} must have {MOST_LETTERS} characters or fewer each; got {longest:,}."
        )
    return [word.replace("$", r"\$").encode("utf-8", "replace").decode() for word in words]


def _tiles(count, columns, width, height, title):
    """A figure of `count` axes in rows of `columns`, of inches each: the figure and those axes."""
    if count > MOST_AXES:
        raise ValueError(
            f"images must be {MOST_AXES} or fewer in one figure; got {count:,}. "
            "Draw some of them, such as images[:40]."
        )
    rows = -(-count // columns)
    size = (columns * width, rows * height + (0.4 if title else 0.05))
    made, axes = figure(*size, rows, columns, title, squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    return made, list(axes.flat)[:count]


@styled
def digits(images, captions=None, columns=10, title=None, wrong=None):
    """Draw digits in a grid, ink dark on light paper, with a caption under each.

    Args:
        images: uint8 of shape (n, 28, 28), n from 1 to 400.
        captions: n of anything that prints: labels, predictions. None draws none.
        columns: int, digits in a row, 1 to 50.
        title: str above the grid.
        wrong: n booleans; a digit that is wrong gets a thick frame and a bold caption.
    """
    images = checks.images(images)
    columns = checks.whole(columns, "columns", 1, MOST_COLUMNS)
    if captions is not None:
        captions = _words(captions, "captions", len(images))
    if wrong is not None:
        wrong = checks.numbers(wrong, "wrong", (len(images),)).astype(bool)
    made, axes = _tiles(len(images), columns, 0.75, 0.72 if captions is None else 0.9, title)
    for i, (axis, image) in enumerate(zip(axes, images, strict=True)):
        bad = wrong is not None and wrong[i]
        axis.imshow(image, vmin=0, vmax=255)
        frame(axis, *((ORANGE, 2.2) if bad else ()))
        if captions is not None:
            weight, size = ("bold", 9) if bad else ("normal", 10)
            axis.set_title(captions[i], y=-0.36, fontsize=size, fontweight=weight)
    return made


@styled
def answers(images, probabilities, captions=None, labels=None, columns=5):
    """Draw digits, each with the two likeliest answers to it as bars below, longer if likelier.

    Args:
        images: uint8 of shape (n, 28, 28), n from 1 to 400.
        probabilities: numbers from 0 to 1 of shape (n, 10), the model's.
        captions: n of anything that prints, above the images. None writes the labels.
        labels: integers from 0 to 9 of shape (n,), the true digits: their bar is hatched, every
            other one filled. None hatches none.
        columns: int, digits in a row, 1 to 50.
    """
    images = checks.images(images)
    given = checks.numbers(probabilities, "probabilities", (len(images), 10), 0, 1 + 1e-6)
    columns = min(checks.whole(columns, "columns", 1, MOST_COLUMNS), len(images))
    if labels is not None:
        labels = checks.labels(labels, count=len(images))
    if captions is not None:
        captions = _words(captions, "captions", len(images))
    made, axes = _tiles(len(images), columns, 1.4, 2, None)
    for i, (axis, image, chances) in enumerate(zip(axes, images, given, strict=True)):
        axis.imshow(image, vmin=0, vmax=255)
        axis.plot([-0.5, 27.5, 27.5, -0.5, -0.5], [-0.5, -0.5, 27.5, 27.5, -0.5], FRAME, lw=0.8)
        if captions is not None:
            axis.set_title(captions[i], fontsize=10)
        elif labels is not None:
            axis.set_title(f"true {labels[i]}", fontsize=10)
        for line, answer in enumerate(np.argsort(-chances, kind="stable")[:2]):
            chance, level = float(chances[answer]), 32 + 7 * line
            true = {"facecolor": "white", "edgecolor": GREEN, "hatch": "/////"}
            right = labels is not None and answer == labels[i]
            bar = axis.barh(level, 13 * chance, 4.5, 4, **(true if right else {"color": ORANGE}))
            axis.bar_label(bar, [percent(chance)], padding=3, fontsize=9)
            axis.text(2.5, level, int(answer), ha="right", va="center", fontsize=9)
        axis.set(xlim=(-1, 29), ylim=(43, -1))
    return made


@styled
def image_grid(images, captions=None, columns=8, scale=None):
    """Draw arrays of numbers as images, such as filters and what they make of a digit.

    Args:
        images: numbers of shape (n, h, w), n from 1 to 400.
        captions: n of anything that prints, above the images. None draws none.
        columns: int, images in a row, 1 to 50.
        scale: str, what the numbers are: all are drawn on one scale with this label, blue positive
            and orange negative, which the rarest numbers, one in 200, exceed. None draws each image
            for itself, from its least number, light, to its greatest, dark.
    """
    images = checks.numbers(images, "images", ("n", "h", "w"), -LARGE, LARGE).astype(float)
    columns = min(checks.whole(columns, "columns", 1, MOST_COLUMNS), len(images))
    if captions is not None:
        captions = _words(captions, "captions", len(images))
    width = max(min(1.6, 8 / columns), 2.4 / columns)
    shape = images.shape[1] / images.shape[2]
    checks.numbers(shape, "the height of images divided by their width", (), 0.05, 20)
    made, axes = _tiles(
        len(images), columns, width, min(1.6, width) * shape + 0.2 * bool(captions), None
    )
    reach = (np.quantile(np.abs(images), 0.995) or 1) if scale else None
    for i, (axis, image) in enumerate(zip(axes, images, strict=True)):
        look = {"cmap": SIGNED, "vmin": -reach, "vmax": reach} if scale else {}
        drawn = axis.imshow(image, **look)
        frame(axis)
        if captions:
            axis.set_title(captions[i], fontsize=10)
    if scale:
        made.colorbar(drawn, ax=made.axes, shrink=0.8, label=scale, extend="both")
    return made


@styled
def pixel_values(image):
    """Draw one digit, uint8 of shape (28, 28), with the value of every pixel written on it."""
    image = checks.images([image], "[image]")[0]
    made, axis = figure(8, 7.6)
    axis.imshow(image, vmin=0, vmax=255)
    for (row, column), value in np.ndenumerate(image):
        colour = "white" if value > 127 else GREY if value == 0 else "black"
        axis.text(column, row, value, ha="center", va="center", fontsize=6, color=colour)
    places = [0, 7, 14, 21, 27]
    axis.set(xticks=places, yticks=places, xlabel="column", ylabel="row")
    return made


@styled
def bars(values, labels, title=None):
    """Draw one bar a value, with the value written above it.

    Args:
        values: numbers of 0 or more, of shape (n,), n from 1 to 100.
        labels: n of anything that prints, under the bars.
        title: str.
    """
    values = checks.numbers(values, "values", low=0, high=LARGE)
    checks.whole(len(values), "the number of values", 1, MOST_BARS)
    labels = _words(labels, "labels", len(values), "value")
    made, axis = figure(7, 2.8, title=title)
    drawn = axis.bar(range(len(values)), values, tick_label=labels, color=BLUE)
    axis.bar_label(drawn, map(number, values), fontsize=9, padding=2)
    axis.set_ylim(0, max(values) * 1.15 or 1)
    return made


@styled
def ranking(values, form="{:g}", xlabel=None, title=None):
    """Draw named values as horizontal bars, the first on top, each with its number.

    Args:
        values: dict from 1 to 100 names to a number of 0 or more.
        form: str, how the number is written.
        xlabel, title: str.
    """
    checks.by_name(values, "values", "a number", high=MOST_BARS)
    numbers = checks.numbers(list(values.values()), "values", low=0, high=LARGE)
    names = _words(values, "the names of values", len(values))
    try:
        written = _words(map(form.format, numbers), "form", len(values))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise ValueError(
            f"form must be a format such as '{{:.1f}} %'; got {checks.short(form)}."
        ) from None
    made, axis = figure(7.6, 0.42 * len(values) + 0.8, title=title)
    drawn = axis.barh(range(len(names)), numbers, tick_label=names, color=BLUE, height=0.62)
    axis.bar_label(drawn, written, padding=4, fontsize=9)
    axis.set(xlabel=xlabel or "", xlim=(0, max(numbers) * 1.18 or 1))
    axis.invert_yaxis()
    return made


@styled
def histograms(groups, xlabel, bins=60):
    """Draw two distributions over each other: one filled and hatched, one as a dashed line.

    Args:
        groups: dict of two names, each with its numbers, 1 or more.
        xlabel: str, what the numbers are.
        bins: int, how many intervals, 1 to 1,000.
    """
    checks.by_name(groups, "groups", "its numbers", low=2, high=2)
    groups = {
        name: checks.numbers(x, f"groups[{name!r}]", ("n",), -LARGE, LARGE).astype(float)
        for name, x in groups.items()
    }
    names = _words(groups, "the names of groups", 2)
    bins = checks.whole(bins, "bins", 1, MOST_BINS)
    made, axis = figure(7, 2.9)
    edges = np.histogram_bin_edges(np.concatenate(list(groups.values())), bins)
    looks = (
        {"histtype": "stepfilled", "facecolor": PALE_BLUE, "edgecolor": BLUE, "hatch": "///"},
        {"histtype": "step", "edgecolor": ORANGE, "linewidth": 2.2, "linestyle": "--"},
    )
    for name, values, look in zip(names, groups.values(), looks, strict=True):
        axis.hist(values, edges, density=True, label=f"{name} ({len(values):,})", **look)
    axis.set(xlabel=xlabel, ylabel="share of digits", yticks=[])
    axis.legend()
    return made


@styled
def training_curves(history, epochs=None, title=None, start=None):
    """Draw loss and accuracy by epoch, for training and validation digits.

    Args:
        history: dict of lists, one value an epoch: "loss", "accuracy" and, where there are
            validation digits, "val_loss" and "val_accuracy". NaN leaves a gap.
        epochs: int, how many epochs the axis has room for. None: as many as there are.
        title: str above the figure.
        start: dict of one value each, before training, by the names of `history`; drawn as epoch 0.
    """
    start = start or {}
    for name, value in checks.by_name(start, "start", "a number", low=0).items():
        checks.numbers([value], f"start[{name!r}]", (1,), finite=False)
    expected = "a list of one number an epoch, such as fit(…).history"
    history = {  # before the first epoch there are no values
        name: checks.numbers(values, f"history[{name!r}]", finite=False)
        for name, values in checks.by_name(history, "history", expected, low=0).items()
        if not isinstance(values, list) or values
    }
    room = 1 if epochs is None else checks.whole(epochs, "epochs", 1)
    longest = max([room, *(len(values) for values in history.values())])
    made, axes = figure(8, 2.9, 1, 2, title)
    for axis, name in zip(axes, ("loss", "accuracy"), strict=True):
        kinds = ((name, "training"), (f"val_{name}", "validation"))
        for (key, label), look in zip(kinds, LINES, strict=False):
            if key in history:
                values = [*([start[key]] if key in start else []), *history[key]]
                last = len(history[key])
                axis.plot(range(last + 1 - len(values), last + 1), values, label=label, **look)
        axis.set(xlabel="epoch", ylabel=name, xlim=(-0.5 if start else 0.5, longest + 0.5))
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        if axis.lines:
            axis.legend()
    percent_axis(axes[1].yaxis)
    return made


@styled
def curves(series, xlabel, ylabel, title=None, yscale="linear", percent=False, joined=True):
    """Draw up to six named lines, told apart by colour, marker and line style.

    Args:
        series: dict from a name to (x, y), n numbers each. NaN in y leaves a gap.
        xlabel, ylabel, title: str.
        yscale: "linear" or "log".
        percent: True writes the y axis in percent; y then goes from 0 to 1.
        joined: False draws marks without lines, where nothing was measured between them.
    """
    checks.by_name(series, "series", "(x, y)", high=len(LINES))
    if yscale not in ("linear", "log"):
        raise ValueError(f"yscale must be 'linear' or 'log'; got {yscale!r}.")
    names = _words(series, "the names of series", len(series))
    lines = [_line(line, f"series[{name!r}]") for name, line in series.items()]
    made, axis = figure(7.6 if len(series) > 3 else 6.4, 3.2, title=title)
    axis.set(yscale=yscale, xlabel=xlabel, ylabel=ylabel)
    for name, (x, y), look in zip(names, lines, LINES, strict=False):
        look = look if joined else look | {"linestyle": "none", "markersize": 8}
        axis.plot(x, y, label=name, markevery=max(1, len(x) // 12) if joined else 1, **look)
    whole = all(np.all(x == np.round(x)) for x, _ in lines)
    axis.xaxis.set_major_locator(MaxNLocator("auto", integer=whole))
    if yscale == "log":
        low, high = axis.get_ylim()
        plain_powers(axis.yaxis, near=high < 1000 * low)
    if percent:
        percent_axis(axis.yaxis)
    if len(series) > 3:
        made.legend(loc="outside right upper", handlelength=3.2)
    else:
        axis.legend(handlelength=3.2)
    return made


def _line(line, name):
    if not isinstance(line, (tuple, list)) or len(line) != 2:
        raise ValueError(f"{name} must be (x, y); got {type(line).__name__}.")
    x = checks.numbers(line[0], f"x of {name}", ("n",), -LARGE, LARGE)
    return x, checks.numbers(line[1], f"y of {name}", (len(x),), finite=False)


@styled
def intervals(groups, xlabel, title=None, percent=False):
    """Draw a row for each name: every value as a dot, their mean and its 95 % interval as a bar.

    The interval is Student's t interval of the mean; a single value has none.

    Args:
        groups: dict from 1 to 100 names to their values, such as one accuracy a seed.
        xlabel, title: str.
        percent: True writes the axis in percent; the values then go from 0 to 1.
    """
    checks.by_name(groups, "groups", "its values, one a seed", high=MOST_BARS)
    names = _words(groups, "the names of groups", len(groups))
    made, axis = figure(7.2, 0.5 * len(groups) + 1.1, title=title)
    for row, (name, group) in enumerate(groups.items()):
        values = checks.numbers(group, f"groups[{name!r}]", ("n",), -LARGE, LARGE).astype(float)
        dots = {"color": ORANGE, "markerfacecolor": "none", "label": "one seed"}
        axis.plot(values, np.full(len(values), row + 0.2), "o", **dots)
        if len(values) > 1:
            reach = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)
            look = {"color": BLUE, "markersize": 13, "markeredgewidth": 2.4, "elinewidth": 5}
            bar = axis.errorbar(values.mean(), row - 0.1, xerr=reach, fmt="|", **look)
            bar.set_label("mean and its 95 % interval")
            bar.lines[2][0].set_alpha(0.45)
    axis.set(xlabel=xlabel, yticks=range(len(names)), yticklabels=names)
    axis.set_ylim(len(names) - 0.45, -0.55)
    axis.margins(x=0.06)
    if percent:
        percent_axis(axis.xaxis)
    made.legend(*legend_entries(axis), loc="outside lower center", ncols=2)
    return made


@styled
def confusion_matrix(counts, title=None):
    """Draw how often each digit was read as each other one; what was read right is muted.

    Args:
        counts: integers of 0 or more, of shape (10, 10); rows are the true digits, columns the
            digits that were read.
        title: str above the figure.
    """
    counts = checks.numbers(counts, "counts", (10, 10), low=0)
    if not np.issubdtype(counts.dtype, np.integer):
        raise ValueError(f"counts must be integers; got dtype {counts.dtype}.")
    made, axis = figure(5.8, 5.4, title=title)
    mistakes = np.ma.masked_array(counts, np.eye(10, dtype=bool))
    most = max(1, mistakes.max())
    axis.set_facecolor(LIGHT)  # what shows through where the digits were read right
    axis.imshow(mistakes, cmap="Oranges", vmin=0, vmax=most)
    for (row, column), count in np.ndenumerate(counts):
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

    Above stand a bar of accuracy for each bin that holds digits, and the diagonal on which a
    network lies that is right as often as it is sure; below, on a logarithmic axis, how many digits
    are in each bin.

    Source: A. Niculescu-Mizil and R. Caruana, "Predicting good probabilities with supervised
    learning" (2005).

    Args:
        calibration: an `evaluation.Calibration`: counts of digits, and shares from 0 to 1 that were
            read right, one a bin.
        title: str above the figure.
    """
    counts = checks.numbers(getattr(calibration, "counts", None), "calibration.counts", low=0)
    checks.whole(len(counts), "the number of bins", 1, MOST_BINS)
    filled, name = counts > 0, "calibration.accuracy"
    accuracy = getattr(calibration, "accuracy", None)
    accuracy = checks.numbers(accuracy, name, (len(counts),), finite=False)
    accuracy = checks.numbers(accuracy[filled], name, low=0, high=1)
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
    plain_powers(lower.yaxis)
    for axis in (upper.yaxis, lower.xaxis):
        percent_axis(axis)
    return made


@styled
def ladder(rows):
    """Draw what the course's models read right, and below them other tutorials', a rung each.

    The axis is logarithmic in the errors, so that 99 and 99.5 % stand as far apart as 90 and 95 %.

    Args:
        rows: dicts as `scoreboard.rungs` gives them: "model" and "page", str; "mean" of the shares
            of test digits read right; "of_course", bool: this course's or not. The order is kept;
            the course's own come first.
    """
    rows = sorted(rows, key=lambda row: not row["of_course"])
    if not 1 <= len(rows) <= MOST_BARS:
        raise ValueError(f"rows must hold from 1 to {MOST_BARS} models; got {len(rows)}.")
    ours = sum(row["of_course"] for row in rows)
    gap = 1.3 if 0 < ours < len(rows) else 0
    places = [i + gap * (i >= ours) for i in range(len(rows))]
    errors = [max(100 * (1 - row["mean"]), 0.01) for row in rows]
    worst, best = max(errors) * 1.25, min(errors) / 2.2
    made, axis = figure(9, 0.31 * (places[-1] + 1) + 0.9)
    for place, row, error in zip(places, rows, errors, strict=True):
        colour, marker = (BLUE, "o") if row["of_course"] else (GREY, "s")
        axis.hlines(place, error, 100, color=colour, linewidth=2.4, alpha=0.35, zorder=0)
        look = {"color": colour, "markersize": 8, "markerfacecolor": "white"}
        axis.plot(error, place, marker, markeredgewidth=1.4, **look)
        beside = {"textcoords": "offset points", "va": "center_baseline", "fontsize": 9}
        axis.annotate(percent(row["mean"], 2), (error, place), (10, 0), color=colour, **beside)
    if gap:
        place = {"transform": axis.get_yaxis_transform(), "va": "center", "fontsize": 9}
        note = "  networks of other tutorials, as measured here"
        axis.text(0, ours - 0.5 + gap / 2, note, color=GREY, **place)
    names = [f"{row['page'][:2]}  " * row["of_course"] + row["model"] for row in rows]
    axis.set(xscale="log", xlim=(worst, best), ylim=(places[-1] + 0.6, -0.6))
    axis.set(yticks=places, yticklabels=names)
    axis.set_xlabel("test digits read right, mean over seeds")
    axis.set_xticks([tick for tick in (20, 10, 5, 2, 1, 0.5, 0.2, 0.1) if tick > best])
    axis.xaxis.set_major_formatter(FuncFormatter(lambda error, _: f"{number(100 - error)} %"))
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.tick_params(axis="y", length=0)
    return made

"""Drawings of chapter 06: a batch and what is done to it, copies of a digit, luck, the ladder.

Every function returns a `matplotlib.figure.Figure` in the style of `plotting.py`.
"""

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from helpers import checks
from helpers.plotting import BLUE, GREY, LIGHT, ORANGE, figure, styled

# The rungs of the course, and what stands beside them: names of models in results.json.
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


@styled
def batch_operations(batch, normalised, dropped):
    """Draw a batch as a table, and what batch normalisation and dropout make of it.

    Args:
        batch: numbers of shape (n, k): one row a digit, one column a neuron.
        normalised: the same shape; each column has been brought to mean 0 and variance 1.
        dropped: the same shape; 0 where dropout struck out.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no tables of numbers, or tables of unequal shape.
    """
    batch = checks.numbers(batch, "batch", ("n", "k"))
    normalised = checks.numbers(normalised, "normalised", batch.shape)
    dropped = checks.numbers(dropped, "dropped", batch.shape)
    rows, columns = batch.shape
    made, axes = figure(9, 0.42 * rows + 1.7, 1, 3)
    tables = (
        (batch, "the batch", GREY, "one row = one digit\none column = one neuron"),
        (normalised, "batch normalisation", BLUE, "column by column:\nmean 0, variance 1"),
        (dropped, "dropout", ORANGE, "single numbers, at random:\n0, and the others larger"),
    )
    for axis, (table, title, colour, note) in zip(axes, tables, strict=True):
        for row, column in np.ndindex(table.shape):
            gone = table is dropped and table[row, column] == 0
            box = {"facecolor": "white" if gone else LIGHT, "edgecolor": "#B8C4D0"}
            axis.add_patch(Rectangle((column, row), 1, 1, hatch="////" if gone else None, **box))
            ink = {"color": GREY} if gone else {}
            text = _short(table[row, column])
            place = {"ha": "center", "va": "center"}
            if gone:
                ink["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 1}
            axis.text(column + 0.5, row + 0.5, text, **place, **ink)
        if table is normalised:
            for column in range(columns):
                frame = {"facecolor": "none", "edgecolor": BLUE, "linewidth": 2.2}
                axis.add_patch(Rectangle((column + 0.03, 0), 0.94, rows, **frame))
        axis.set_title(title, color=colour, fontweight="bold")
        axis.text(columns / 2, rows + 0.25, note, ha="center", va="top", fontsize=9)
        axis.set(xlim=(-0.1, columns + 0.1), ylim=(rows + 1.55, -0.1))
        axis.set_axis_off()
    return made


def _short(value):
    """A number in at most two decimals, with a true minus sign."""
    text = f"{round(float(value), 2) + 0:.2f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


@styled
def digit_and_copies(digit, copies, title=None):
    """Draw one digit large, and beside it what was made of it.

    Args:
        digit: uint8 (28, 28).
        copies: uint8 (n, 28, 28).
        title: str above the figure.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: images of another shape or dtype.
    """
    digit = checks.images(np.asarray(digit)[None], "digit[None]")[0]
    copies = checks.images(copies, "copies")
    columns = -(-len(copies) // 2)
    widths = {"width_ratios": [2.15] + [1] * columns}
    width, height = 1.05 * columns + 2.4, 2.3 + (0.3 if title else 0)
    made, axes = figure(width, height, 2, columns + 1, title, squeeze=False, gridspec_kw=widths)
    grid = axes[0, 0].get_gridspec()
    for axis in axes[:, 0]:
        axis.remove()
    large = made.add_subplot(grid[:, 0])
    large.set_title("as it was written", fontsize=10)
    for axis in axes[:, 1:].flat:
        axis.set_axis_off()
    places = [large, *axes[:, 1:].flat]
    for axis, image in zip(places, [digit, *copies], strict=False):
        axis.imshow(image, vmin=0, vmax=255)
        axis.set_axis_on()
        axis.set(xticks=[13.5], yticks=[13.5], xticklabels=[], yticklabels=[])
        axis.tick_params(length=0)
        axis.grid(color="#B8C4D0", linewidth=0.7, linestyle=":")
        axis.spines[:].set(visible=True, color="#B8C4D0", linewidth=0.8)
    return made


@styled
def two_kinds_of_luck(accuracy, interval, seeds=(), goal=None):
    """Draw how far a score can move with other test digits, and how far with other seeds.

    Args:
        accuracy: share of the test digits that one network reads right, 0 to 1.
        interval: (low, high), its 95 % interval.
        seeds: accuracies of the same recipe under several seeds; none leaves that row empty.
        goal: share to compare with, drawn as a dashed line.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: a number that is no share.
    """
    accuracy = float(checks.numbers(accuracy, "accuracy", (), 0, 1))
    low, high = (float(end) for end in checks.numbers(interval, "interval", (2,), 0, 1))
    made, axis = figure(8, 2.7)
    note = {"ha": "center", "va": "center", "fontsize": 9}
    note["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    if goal is not None:
        axis.axvline(goal, color="black", linestyle="--", linewidth=1.2, zorder=0)
        axis.text(goal, 1.75, f"{100 * goal:g} %", **note)
    axis.plot([low, high], [0, 0], color=BLUE, linewidth=7, alpha=0.45, solid_capstyle="butt")
    axis.plot(accuracy, 0, "|", color=BLUE, markersize=20, markeredgewidth=3)
    axis.text((low + high) / 2, -0.42, "95 % interval of one test", **note)
    if len(seeds):
        values = checks.numbers(seeds, "seeds", low=0, high=1)
        look = {"color": ORANGE, "markerfacecolor": "none", "markersize": 8}
        axis.plot(values, np.full(len(values), 1.0), "o", markeredgewidth=1.8, **look)
        axis.plot(values.mean(), 1, "|", color=ORANGE, markersize=20, markeredgewidth=3)
        axis.text(values.mean(), 0.58, f"{len(values)} seeds; the bar is their mean", **note)
    rows = ["this network,\nother test digits", "other seeds,\nthe same test digits"]
    axis.set(yticks=[0, 1], yticklabels=rows, ylim=(-0.75, 2), xlabel="read right")
    axis.margins(x=0.15)
    axis.xaxis.set_major_locator(MaxNLocator(6))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.2f} %"))
    axis.tick_params(axis="y", length=0)
    return made


@styled
def ladder(section, until=None):
    """Draw the errors of the course's models, and of other tutorials' networks, one rung each.

    Args:
        section: one source's part of a results file, such as `scoreboard.read(path)["mnist"]`.
            Models of COURSE and OTHERS that it lacks are left out.
        until: str such as "03": the chapter with which the ladder ends, so far; the networks of
            other tutorials are then left out.

    Returns:
        matplotlib.figure.Figure: errors on a logarithmic axis, fewer to the right; each rung has
        the accuracy of every seed as a small mark, and their mean as a large one.

    Raises:
        ValueError: the section holds no test score of any of these models.
    """
    names = [name for name in COURSE if name in section]
    if until is not None:
        names = [name for name in names if section[name]["page"][: len(until)] <= until]
    rungs = [rung for name in names if (rung := _rung(section, name, BLUE, "o"))]
    compared = OTHERS if until is None else ()
    others = [rung for name in compared if (rung := _rung(section, name, GREY, "s"))]
    if not rungs:
        raise ValueError("section must hold a test score of one of the course's models; got none.")
    gap = 1.3 if others else 0
    rows = [*range(len(rungs)), *(len(rungs) + gap + i for i in range(len(others)))]
    made, axis = figure(9, 0.31 * (rows[-1] + 1) + 0.9)
    for row, (_, accuracies, colour, marker) in zip(rows, [*rungs, *others], strict=True):
        errors = np.maximum(100 * (1 - accuracies), 0.01)
        axis.hlines(row, errors.mean(), 100, color=colour, linewidth=2.4, alpha=0.35, zorder=0)
        dots = {"color": colour, "alpha": 0.6, "markersize": 4, "markeredgewidth": 0}
        axis.plot(errors, np.full(len(errors), row), marker, **dots)
        look = {"color": colour, "markersize": 8, "markerfacecolor": "none", "markeredgewidth": 1.4}
        axis.plot(errors.mean(), row, marker, **look)
        text, right = f"{100 * accuracies.mean():.2f} %", min(errors.min(), errors.mean())
        place = {"textcoords": "offset points", "va": "center_baseline", "fontsize": 9}
        axis.annotate(text, (right, row), (10, 0), color=colour, **place)
    means = [100 * (1 - accuracies.mean()) for _, accuracies, *_ in [*rungs, *others]]
    if others:
        place = {"transform": axis.get_yaxis_transform(), "va": "center", "fontsize": 9}
        note = "  networks of other tutorials, as measured here"
        axis.text(0, len(rungs) - 0.5 + gap / 2, note, color=GREY, **place)
    axis.set(xscale="log", yticks=rows, yticklabels=[name for name, *_ in [*rungs, *others]])
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
    """What the ladder draws of one model, None where the section has no test score of it."""
    entry = section.get(name)
    if not entry or not entry["test"]:
        return None
    chapter = f"{entry['page'][:2]}  " if entry["page"][:2].isdigit() else ""
    return chapter + name, np.asarray(entry["test"]["values"], float), colour, marker

"""The course on one sheet of paper, and in one picture: from pixel to 99.5 %."""

import itertools
import textwrap

import numpy as np
from matplotlib.patches import Circle, Polygon

from helpers.diagrams.parts import arrow, box, sheet, write
from helpers.plotting import (
    BLUE,
    FRAME,
    GREEN,
    GREY,
    LIGHT,
    ORANGE,
    PALE_BLUE,
    PALE_ORANGE,
    percent,
)

WIDTH, HEIGHT = 8.27, 11.69  # inches of an A4 sheet
# Chapter, title, the idea, the model whose score it shows, and what that model is.
CHAPTERS = (
    (
        "00",
        "Watch a network learn",
        "Nobody writes down what a 7 looks like. The network adjusts itself to examples.",
        "first network",
        "a first network",
    ),
    (
        "01",
        "Data",
        "An image is 784 numbers. Only digits that a method has not met can say how good it is.",
        "nearest mean",
        "ten mean images",
    ),
    (
        "02",
        "One layer",
        "Ten weighted sums. The gradient says how each weight should change.",
        "one layer",
        "one layer",
    ),
    (
        "03",
        "Going deep",
        "Hidden neurons bend what a straight line cannot cut. Errors are passed back, layer by "
        "layer.",
        "200–60",
        "two hidden layers",
    ),
    (
        "04",
        "Learning rate",
        "Long steps first, short steps last: a rate that falls gets down into the valley.",
        "200–60, cosine",
        "the same, with a falling rate",
    ),
    (
        "05",
        "Overfitting",
        "What a network has learned by heart does not help it with digits that are new.",
        "dense",
        "larger, with dropout",
    ),
    (
        "06",
        "Convolutions",
        "A small filter looks for the same thing everywhere, because neighbours belong together.",
        "convolutional",
        "three convolutions",
    ),
    (
        "07",
        "The last half percent",
        "Batch normalisation, moved digits, more training: several small gains add up.",
        "last half percent, twenty seeds",
        "all of it together",
    ),
    (
        "08",
        "Your own digits",
        "A photo must first be made like the digits that taught the network: ink, box, centre.",
        "round trip: read_digit",
        "digits on a page, found",
    ),
)
ROW = 1.1  # inches
TOP = 10.62
LEFT, RIGHT = 5.65, 7.6  # between which errors are drawn
WORST, BEST = 0.2, 0.004
ACROSS = 1.2  # inches of a chapter in the picture
LOW, HIGH = 0.5, 1.75  # inches between which the picture draws errors


def picture(scores):
    """Draw the chapters from left to right, and what each network reads of MNIST's test digits.

    Args:
        scores: as in `summary`.
    """
    wide = ACROSS * len(CHAPTERS) + 0.2
    made, axis = sheet(wide, 4.2, (0, wide), (0, 4.2))
    made.get_layout_engine().set(w_pad=0, h_pad=0)
    places = []
    for i, (number, title, _, model, _) in enumerate(CHAPTERS):
        middle = 0.1 + ACROSS * (i + 0.5)
        _DRAWINGS[number](axis, middle - 0.42, 2.4)
        axis.add_patch(Circle((middle, 3.86), 0.19, facecolor=BLUE, edgecolor="none"))
        write(axis, middle, 3.85, number, color="white", fontsize=10, fontweight="bold")
        name = textwrap.fill(title, 13)
        write(axis, middle, 3.6, name, va="top", fontsize=9, linespacing=1.1)
        if number == "08":  # other digits than the rest, found on pages
            continue
        places.append((middle, LOW + (HIGH - LOW) * _share(scores[model])))
        look = {"fontsize": 11, "fontweight": "bold", "ha": "center"}
        write(axis, *(places[-1] + np.array([0, 0.3])), percent(scores[model], 2), **look)
    axis.plot(*np.transpose(places), "o-", color=ORANGE, markersize=9, linewidth=2)
    write(axis, wide / 2, 0.14, "test digits read right, mean over seeds", color=GREY)
    return made


def summary(scores):
    """Draw the sheet.

    Args:
        scores: dict from each model of CHAPTERS to the share of test digits that it reads right.
    """
    made, axis = sheet(WIDTH, HEIGHT, (0, WIDTH), (0, HEIGHT))
    made.get_layout_engine().set(w_pad=0, h_pad=0)
    write(axis, 0.4, 11.25, "From pixel to 99.5 %", ha="left", fontsize=19, fontweight="bold")
    write(axis, 0.4, 10.93, "one idea and one score for each chapter", ha="left", fontsize=11)
    write(axis, (LEFT + RIGHT) / 2, 11.25, "test digits read right", fontsize=11)
    ends = ("many errors", LEFT, "left"), ("few", RIGHT, "right")
    for text, x, side in ends:
        write(axis, x - 0.2 if side == "left" else x + 0.2, 10.93, text, ha=side, color=GREY)
    arrow(axis, (LEFT + 0.75, 10.93), (RIGHT - 0.2, 10.93))
    places = []
    for row, (number, title, idea, model, what) in enumerate(CHAPTERS):
        middle = TOP - ROW * (row + 0.5)
        axis.plot([0.4, WIDTH - 0.4], [middle + ROW / 2] * 2, color=FRAME, linewidth=0.8)
        axis.add_patch(Circle((0.62, middle), 0.22, facecolor=BLUE, edgecolor="none"))
        write(axis, 0.62, middle - 0.01, number, color="white", fontsize=11, fontweight="bold")
        _DRAWINGS[number](axis, 1.05, middle - 0.4)
        write(axis, 2.1, middle + 0.34, title, ha="left", fontsize=11.5, fontweight="bold")
        text = textwrap.fill(idea, 41)
        write(axis, 2.1, middle + 0.18, text, ha="left", va="top", fontsize=9, linespacing=1.25)
        places.append((LEFT + (RIGHT - LEFT) * _share(scores[model]), middle + 0.05))
        _score(axis, *places[-1], scores[model], what)
    axis.plot(*np.transpose(places), color=FRAME, linewidth=1.2, zorder=0)
    end = "Scores are from results.json: means, where several seeds were run."
    write(axis, WIDTH / 2, 0.42, end, color=GREY)
    return made


def _share(score):
    """Where a score stands between WORST and BEST, by its errors' logarithm: 0 to 1."""
    share = np.log(WORST / max(1 - score, 1e-6)) / np.log(WORST / BEST)
    return float(np.clip(share, 0, 1))


def _score(axis, x, y, score, what):
    axis.plot([x], [y], "o", color=ORANGE, markersize=8)
    look = {"ha": "center", "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.6}}
    write(axis, x, y + 0.24, percent(score, 2), fontsize=12, fontweight="bold", **look)
    inside = float(np.clip(x, LEFT - 0.05, RIGHT - 0.35))
    write(axis, inside, y - 0.26, what, fontsize=8.5, **look)


# Small drawings, 0.8 inches wide and high


def _curve(axis, x, y):
    places = np.linspace(0.1, 0.75, 30)
    axis.plot([x + 0.06, x + 0.06, x + 0.78], [y + 0.78, y + 0.06, y + 0.06], color=GREY, lw=1)
    axis.plot(x + places, y + 0.12 + 0.6 * np.exp(-6 * (places - 0.1)), color=BLUE, lw=2)


def _digit(axis, x, y):
    ink = {(6, c) for c in range(1, 7)} | {(5, 6), (4, 5), (3, 4), (2, 4), (1, 3)}
    for row in range(8):
        for column in range(8):
            fill = "black" if (row, column) in ink else LIGHT
            box(axis, x + 0.1 * column, y + 0.1 * row, 0.1, 0.1, FRAME, fill, linewidth=0.4)


def _layers(*sizes):
    def draw(axis, x, y):
        columns = [
            [(x + 0.08 + 0.64 * i / (len(sizes) - 1), y + 0.8 * (k + 0.5) / n) for k in range(n)]
            for i, n in enumerate(sizes)
        ]
        for one, other in itertools.pairwise(columns):
            for a in one:
                for b in other:
                    axis.plot(*np.transpose([a, b]), color=FRAME, lw=0.7, zorder=0)
        for i, column in enumerate(columns):
            colour = (GREY, BLUE, GREEN)[0 if i == 0 else 2 if i == len(columns) - 1 else 1]
            axis.plot(*np.transpose(column), "o", color=colour, markersize=5)

    return draw


def _valley(axis, x, y):
    places = np.linspace(-1, 1, 40)
    axis.plot(x + 0.4 + 0.38 * places, y + 0.1 + 0.6 * places**2, color=GREY, lw=1.4)
    steps = np.array([-0.95, 0.7, -0.4, 0.15, 0])
    across = x + 0.4 + 0.38 * steps
    axis.plot(across, y + 0.1 + 0.6 * steps**2, "o-", color=ORANGE, lw=1.3, markersize=4)


def _turning(axis, x, y):
    places = np.linspace(0.1, 0.78, 30)
    axis.plot([x + 0.06, x + 0.06, x + 0.78], [y + 0.78, y + 0.06, y + 0.06], color=GREY, lw=1)
    falls = 0.6 * np.exp(-5 * (places - 0.1))
    axis.plot(x + places, y + 0.1 + falls, color=BLUE, lw=2)
    rises = falls + 0.9 * (places - 0.1) ** 2
    axis.plot(x + places, y + 0.16 + rises, color=ORANGE, lw=2, linestyle="--")


def _filter(axis, x, y):
    for row in range(6):
        for column in range(6):
            box(axis, x + 0.13 * column, y + 0.13 * row, 0.13, 0.13, FRAME, LIGHT, linewidth=0.5)
    box(axis, x + 0.13, y + 0.26, 0.39, 0.39, ORANGE, PALE_ORANGE, linewidth=2)
    arrow(axis, (x + 0.52, y + 0.45), (x + 0.78, y + 0.45), ORANGE)


def _moved(axis, x, y):
    seven = np.array([(0.1, 0.75), (0.6, 0.75), (0.3, 0.1)])
    for turn, colour in ((-0.35, PALE_BLUE), (0.3, PALE_ORANGE), (0, BLUE)):
        rotation = np.array([(np.cos(turn), -np.sin(turn)), (np.sin(turn), np.cos(turn))])
        line = (seven - 0.4) @ rotation.T + 0.4
        axis.plot(x + line[:, 0], y + line[:, 1], color=colour, lw=4, solid_capstyle="round")


def _photo(axis, x, y):
    axis.add_patch(
        Polygon(
            [(x, y + 0.3), (x + 0.3, y + 0.2), (x + 0.36, y + 0.62), (x + 0.05, y + 0.7)],
            facecolor="#D8D2C4",
            edgecolor=GREY,
        )
    )
    axis.plot([x + 0.1, x + 0.27, x + 0.2], [y + 0.57, y + 0.54, y + 0.33], color=GREY, lw=2)
    arrow(axis, (x + 0.4, y + 0.45), (x + 0.52, y + 0.45))
    box(axis, x + 0.54, y + 0.3, 0.3, 0.3, FRAME, "black")
    axis.plot([x + 0.62, x + 0.76, x + 0.68], [y + 0.54, y + 0.54, y + 0.36], color="white", lw=2)


_DRAWINGS = {
    "00": _curve,
    "01": _digit,
    "02": _layers(5, 3),
    "03": _layers(4, 4, 4, 3),
    "04": _valley,
    "05": _turning,
    "06": _filter,
    "07": _moved,
    "08": _photo,
}

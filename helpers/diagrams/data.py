"""Drawings of page 01: learning from examples, shapes, labels, three parts."""

from matplotlib.colors import LinearSegmentedColormap

from helpers.diagrams.parts import arrow, box, sheet, text_box, write
from helpers.plotting import BLUE, FRAME, GREEN, GREY, ORANGE, styled

COLOURS = ("#C00000", "#008000", "#0000C0")  # of the three channels


@styled
def rules_or_learned():
    """Draw a program written by hand beside one that is learned from examples."""
    made, axis = sheet(8.4, 2.3, (-0.1, 10.9), (-0.1, 2.5))
    rows = (  # height, name, colour, what goes in, what happens, what comes out
        (1.4, "by hand", BLUE, "a message", "rules, written by a person", "program", "spam or not"),
        (
            0,
            "learned",
            ORANGE,
            "many messages",
            "and their labels",
            "training",
            "rules, found by it",
        ),
    )
    for level, name, colour, first, second, middle, result in rows:
        write(axis, 0, level + 0.5, name, ha="left", weight="bold", color=colour, fontsize=10)
        for low, entry in ((level + 0.55, first), (level, second)):
            text_box(axis, 1.6, low, 3.3, 0.42, entry, GREY)
            arrow(axis, (4.95, low + 0.21), (5.75, level + 0.5))
        text_box(axis, 5.8, level + 0.2, 1.7, 0.6, middle, colour)
        arrow(axis, (7.55, level + 0.5), (8.25, level + 0.5))
        text_box(axis, 8.3, level + 0.2, 2.4, 0.6, result, GREY)
    return made


@styled
def tensor_shapes(images, batch):
    """Draw a digit, one in colour and a batch of that many as sheets of paper, with their shapes.

    Args:
        images: uint8 of shape (5, 28, 28), the digits on the sheets.
        batch: how many digits the batch has.
    """
    made, axis = sheet(8.4, 3.2, (-0.1, 10.9), (-0.9, 3.3), aspect="equal")
    inks = [LinearSegmentedColormap.from_list("ink", ["white", c]) for c in COLOURS]
    stacks = (  # where, how far apart the sheets lie, what is on them and in which colour
        (0.0, 0, images[:1], ["gray_r"], "a digit", (28, 28)),
        (2.8, 0.55, images[[0, 0, 0]], inks, "a digit in colour", (28, 28, 3)),
        (6.6, 0.4, images, ["gray_r"] * 5, "a batch of digits", (batch, 28, 28)),
    )
    for left, apart, digits, maps, name, shape in stacks:
        for behind, (digit, ink) in enumerate(zip(digits, maps, strict=True)):
            x, y, order = left + apart * behind, apart * behind, {"zorder": 1 - 0.1 * behind}
            axis.imshow(digit, ink, extent=(x, x + 1.7, y, y + 1.7), **order)
            box(axis, x, y, 1.7, 1.7, GREY, "none", linewidth=1.2, **order)
        write(axis, left + 0.85, -0.3, name, weight="bold", va="baseline", fontsize=10)
        write(axis, left + 0.85, -0.65, str(shape), family="monospace", va="baseline", fontsize=10)
    for i, name in enumerate(("red", "green", "blue")):
        write(axis, 4.6 + 0.55 * i, 0.12 + 0.55 * i, name, ha="left", fontsize=8)
    write(axis, 10, 2.5, f"{batch}\nof them", ha="left")
    axis.set(xlim=(-0.1, 10.9), ylim=(-0.9, 3.4))  # imshow has moved them
    return made


@styled
def one_hot(labels):
    """Draw labels, integers from 0 to 9, as rows of zeros with a single one."""
    count = len(labels)
    made, axis = sheet(6, 0.36 * count + 0.7, (-2.4, 10.1), (count + 0.1, -0.8))
    above = {"color": GREY, "fontsize": 8, "va": "baseline"}
    write(axis, -0.6, -0.25, "place", ha="right", **above)
    for column in range(10):
        write(axis, column + 0.5, -0.25, column, **above)
    for row, label in enumerate(labels):
        write(axis, -0.6, row + 0.5, f"label {label}", ha="right", fontsize=10)
        for column in range(10):
            hit = column == label
            box(axis, column, row, 1, 1, FRAME, BLUE if hit else "white", linewidth=1)
            ink = {"color": "white", "weight": "bold"} if hit else {"color": GREY}
            write(axis, column + 0.5, row + 0.5, int(hit), fontsize=10, **ink)
    return made


@styled
def split_in_three(training, validation, test):
    """Draw the digits as one bar, cut into three parts that are drawn to scale."""
    read, total = training + validation, training + validation + test
    made, axis = sheet(8.4, 2.3, (-total * 0.01, total * 1.03), (-0.8, 2.9))
    parts = (
        ("training", training, BLUE, "learn\nfrom it", ""),
        ("validation", validation, ORANGE, "choose\nwith it", "//"),
        ("test", test, GREEN, "once,\nat the end", "xx"),
    )
    left = 0
    for name, count, colour, use, hatch in parts:
        box(axis, left, 0, count, 1, colour, hatch=hatch)
        middle, bold = left + count / 2, {"weight": "bold", "fontsize": 10, "va": "baseline"}
        write(axis, middle, 1.12, f"{name}\n{count:,}", color=colour, **bold)
        write(axis, middle, -0.12, use, va="top")
        left += count
    look = {"arrowprops": {"arrowstyle": "|-|,widthA=0.3,widthB=0.3", "color": GREY}}
    for name, start, end in (("training", 0, read), ("test", read, total)):
        axis.annotate("", (start, 2.35), (end, 2.35), **look)
        text = f"{name} file: {end - start:,}"
        write(axis, (start + end) / 2, 2.5, text, va="baseline")
    return made

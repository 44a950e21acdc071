"""Drawings of page 01: learning from examples, shapes, files, labels, three parts, a pipeline."""

from helpers.diagrams.parts import arrow, box, sheet, stack, text_box, write
from helpers.plotting import (
    BLUE,
    FRAME,
    GREEN,
    GREY,
    LIGHT,
    ORANGE,
    PALE_BLUE,
    PALE_GREEN,
    PALE_ORANGE,
    styled,
)


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
def tensor_shapes(batch):
    """Draw an image, a colour image and a batch of that many images as sheets, with shapes."""
    made, axis = sheet(8.4, 2.8, (-0.2, 10.5), (-0.9, 2.8), aspect="equal")
    stacks = (
        (0.0, [LIGHT], "an image", (28, 28)),
        (3.0, [PALE_ORANGE, PALE_GREEN, PALE_BLUE], "a colour image", (28, 28, 3)),
        (6.4, [LIGHT] * 5, "a batch of images", (batch, 28, 28)),
    )
    for left, sheets, name, shape in stacks:
        stack(axis, left, 0, 1.7, sheets)
        write(axis, left + 0.85, -0.3, name, weight="bold", va="baseline", fontsize=10)
        write(axis, left + 0.85, -0.65, str(shape), family="monospace", va="baseline", fontsize=10)
    for i, name in enumerate(("red", "green", "blue")):
        write(axis, 3.1 + 0.24 * i, 1.58 + 0.24 * i, name, ha="left", fontsize=8)
    write(axis, 7.25, 0.85, "1st")
    write(axis, 9.25, 2.45, f"{batch} sheets", ha="left")
    return made


@styled
def file_layout(images):
    """Draw the bytes of the image file and the label file of that many images, from the first one.

    Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database", section "File formats".
    """
    made, axis = sheet(9, 3.3, (-0.05, 11), (-0.5, 3.05))
    small = {"ha": "left", "fontsize": 8, "color": GREY}
    shape = {"images": images, "rows": 28, "columns": 28}
    rows = (  # height, name, the header's fields, bytes of an item, items drawn, how wide
        (1.9, "image", {"magic": 2051, **shape}, 784, 2, 2.1),
        (0.0, "label", {"magic": 2049, "labels": images}, 1, 3, 1.25),
    )
    for level, name, header, size, count, wide in rows:
        write(axis, 0, level + 0.4, f"{name} file", ha="left", weight="bold", fontsize=10)
        unit = f"{size} byte{'s' if size > 1 else ''}"
        boxes = [(f"{key}\n{value}", 4, 1.2, ORANGE) for key, value in header.items()]
        boxes += [(f"{name} {i}:\n{unit}", size, wide, BLUE) for i in range(count)]
        left, offset = 1.35, 0
        for text, length, width, colour in boxes:
            text_box(axis, left, level, width, 0.8, text, colour)
            write(axis, left, level - 0.08, offset, va="top", **small)
            left, offset = left + width, offset + length
        write(axis, left + 0.15, level + 0.4, "…", ha="left", fontsize=14)
        middle, text = 1.35 + 0.6 * len(header), f"header: {4 * len(header)} bytes"
        write(axis, middle, level + 0.9, text, va="bottom", color=ORANGE)
    write(axis, 0, -0.42, "grey: number of the byte, counted from 0", va="baseline", **small)
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


@styled
def pipeline(steps):
    """Draw the steps of a data pipeline from left to right: (name, what flows out of it) each."""
    made, axis = sheet(9.2, 1.5, (-0.1, 1.5 * len(steps) - 0.25), (-0.66, 0.9))
    for i, (name, result) in enumerate(steps):
        left = 1.5 * i
        text_box(axis, left, 0, 1.14, 0.8, name, BLUE, weight="bold")
        write(axis, left + 0.57, -0.14, result, va="top", fontsize=8)
        if i:
            arrow(axis, (left - 0.34, 0.4), (left - 0.02, 0.4))
    return made

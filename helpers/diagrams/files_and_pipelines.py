"""Drawings of page 01b: the bytes of a file, the steps of a pipeline, timings."""

import numpy as np

from helpers.diagrams.parts import arrow, sheet, text_box, write
from helpers.plotting import BLUE, GREY, ORANGE, figure, number, plain_powers, styled


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


@styled
def timings(milliseconds):
    """Draw each timing of several ways on a logarithmic axis, and write the middle one of each.

    Args:
        milliseconds: dict of names, each with its timings, above 0.
    """
    made, axis = figure(7.6, 0.46 * len(milliseconds) + 0.9)
    for row, times in enumerate(milliseconds.values()):
        axis.plot(times, np.full(len(times), row), "o", color=ORANGE, markerfacecolor="none")
        middle = float(np.median(times))
        axis.plot(middle, row, "|", color=BLUE, markersize=16, markeredgewidth=2.6)
        place = {"textcoords": "offset points", "va": "center_baseline", "fontsize": 9}
        axis.annotate(f"{number(middle, 2)} ms", (max(times), row), (12, 0), color=BLUE, **place)
    every = np.concatenate(list(milliseconds.values()))
    axis.set(xscale="log", xlim=(every.min() / 1.5, every.max() * 3))
    axis.set(yticks=range(len(milliseconds)), yticklabels=milliseconds)
    axis.set(ylim=(len(milliseconds) - 0.5, -0.5))
    plain_powers(axis.xaxis)
    axis.set_xlabel("milliseconds for one pass; each step of the axis is a factor of ten")
    axis.tick_params(axis="y", length=0)
    return made

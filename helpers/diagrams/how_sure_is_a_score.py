"""Drawings of page 07b: two kinds of luck, and what 95 % intervals promise."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.plotting import BLUE, GREY, ORANGE, figure, number, percent_axis, styled


@styled
def two_kinds_of_luck(seeds, groups):
    """Draw the scores of several seeds on the same digits, and of one network on other digits.

    Args:
        seeds: accuracies of one recipe under several seeds, each on all digits.
        groups: accuracies of one network, each on another group of digits.
    """
    made, axis = figure(7.6, 2.3)
    rows = (
        (f"{len(seeds)} seeds,\nthe same digits", seeds, ORANGE, "o"),
        (f"one network,\n{len(groups)} groups of digits", groups, BLUE, "s"),
    )
    for row, (_, scores, colour, marker) in enumerate(rows):
        look = {"color": colour, "markerfacecolor": "none", "markersize": 9}
        near = [np.isclose(scores[:i], score).sum() for i, score in enumerate(scores)]
        heights = row + 0.22 * np.array(near)  # equal scores stand one below the other
        axis.plot(scores, heights, marker, markeredgewidth=1.8, **look)
        axis.plot(np.mean(scores), row, "|", color=colour, markersize=26, markeredgewidth=2.5)
    axis.set(yticks=range(2), yticklabels=[name for name, *_ in rows], ylim=(1.6, -0.6))
    axis.set_xlabel("read right; the bar is the mean of the row")
    axis.margins(x=0.06)
    axis.xaxis.set_major_locator(MaxNLocator(7))
    percent_axis(axis.xaxis)
    axis.tick_params(axis="y", length=0)
    return made


@styled
def many_intervals(intervals, truth):
    """Draw an upright line for each interval, thick where it misses the true value.

    Args:
        intervals: pairs (low, high), from 0 to 1.
        truth: what they should hold.
    """
    made, axis = figure(8, 2.8)
    missed = [not low <= truth <= high for low, high in intervals]
    looks = (
        (False, f"holds the true value: {missed.count(False)}", GREY, 1.2),
        (True, f"misses it: {missed.count(True)}", ORANGE, 3.2),
    )
    for kind, label, colour, width in looks:
        for place, (ends, miss) in enumerate(zip(intervals, missed, strict=True)):
            if miss == kind:
                axis.plot([place, place], ends, color=colour, linewidth=width, label=label)
                label = None
    axis.axhline(truth, color=BLUE, linestyle="--", linewidth=1.4)
    axis.annotate(
        f"true: {number(100 * truth)} %",
        (1, truth),
        (6, 0),
        xycoords=axis.get_yaxis_transform(),
        textcoords="offset points",
        va="center",
        color=BLUE,
    )
    axis.set(xticks=[], xlabel="one test after another", xlim=(-1, len(intervals)))
    percent_axis(axis.yaxis)
    made.legend(loc="outside upper left", ncols=2)
    return made

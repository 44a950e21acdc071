"""Drawings of page 04: walks in a valley."""

from itertools import pairwise

import numpy as np

from helpers.plotting import BLUE, GREY, ORANGE, figure, legend_entries, styled


@styled
def walks(loss, paths):
    """Draw walks down the same valley side by side, each step an arrow.

    Args:
        loss: function from an array of parameter values to their losses.
        paths: dict from a name to the parameter's values, from the start on.
    """
    made, axes = figure(2.3 * len(paths), 2.9, 1, len(paths), sharey=True)
    everything = np.concatenate(list(paths.values()))
    margin = 0.06 * np.ptp(everything)
    x = np.linspace(everything.min() - margin, everything.max() + margin, 200)
    for axis, (name, path) in zip(axes, paths.items(), strict=True):
        places = list(zip(path, loss(np.asarray(path)), strict=True))
        axis.plot(x, loss(x), color=GREY, linewidth=1.2)
        for start, end in pairwise(places):
            look = {"arrowstyle": "->", "color": BLUE, "shrinkA": 1, "shrinkB": 1}
            axis.annotate("", end, start, arrowprops=look)
        axis.plot(*places[0], "o", color="black", label="start")
        axis.plot(*places[-1], "s", color=ORANGE, label=f"after {len(path) - 1} steps")
        axis.set(title=name, xlabel="parameter")
    axes[0].set_ylabel("loss")
    made.legend(*legend_entries(axis), loc="outside lower center", ncols=2)
    return made

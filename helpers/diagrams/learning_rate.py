"""Drawings of page 04: walks in a valley, and the loss at each of several rates."""

from itertools import pairwise

import numpy as np
from matplotlib.ticker import NullFormatter

from helpers.plotting import BLUE, GREY, LINES, ORANGE, figure, legend_entries, number, styled


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


@styled
def tries(groups, ylabel):
    """Draw what each rate gave as a mark of its own, both axes in factors.

    A loss that is no number stands on the upper edge, hollow.

    Args:
        groups: dict from a name to {rate: loss}; up to six names.
        ylabel: str.
    """
    losses = np.array([loss for group in groups.values() for loss in group.values()], float)
    finite = losses[np.isfinite(losses)]
    top = 1.35 * finite.max()
    made, axis = figure(7.4, 3.5)
    for (name, group), look in zip(groups.items(), LINES, strict=False):
        rates, values = np.array(list(group)), np.array(list(group.values()), float)
        known = np.isfinite(values)
        mark = {"color": look["color"], "marker": look["marker"], "linestyle": "none"}
        axis.plot(rates[known], values[known], label=name, markersize=8, **mark)
        if not known.all():
            hollow = {"markerfacecolor": "white", "clip_on": False, "markersize": 8}
            edge = np.full((~known).sum(), top)
            axis.plot(rates[~known], edge, label="not a number", **mark, **hollow)
    axis.set(xscale="log", yscale="log", xlabel="learning rate", ylabel=ylabel)
    every = sorted({rate for group in groups.values() for rate in group})
    axis.set_xticks(every, map(number, every))
    steps = (1, 2, 5) if top > 8 * finite.min() else (1, 1.5, 2, 3, 5, 7)
    values = [step * 10.0**power for power in range(-4, 5) for step in steps]
    lowest = max(value for value in values if value < 0.95 * finite.min())
    values = [value for value in values if lowest <= value < top]
    axis.set_ylim(0.95 * lowest, top)
    axis.set_yticks(values, map(number, values))
    for ticks in (axis.xaxis, axis.yaxis):
        ticks.set_minor_formatter(NullFormatter())
    entries = sorted(zip(*legend_entries(axis), strict=True), key=lambda e: e[1] == "not a number")
    made.legend(*zip(*entries, strict=True), loc="outside lower center", ncols=4)
    return made

"""Drawings of page 03b: slopes of activations, and walks in two landscapes."""

import numpy as np

from helpers.plotting import BLUE, FRAME, GREY, LINES, figure, legend_entries, styled


@styled
def slopes():
    """Draw the slopes of sigmoid, tanh and ReLU."""
    made, axis = figure(6.2, 3)
    x = np.linspace(-6, 6, 241)
    sigmoid = 1 / (1 + np.exp(-x))
    curves = {
        "sigmoid": sigmoid * (1 - sigmoid),
        "tanh": 1 - np.tanh(x) ** 2,
        "ReLU": np.where(x > 0, 1.0, 0.0),
    }
    for (name, values), look in zip(curves.items(), LINES, strict=False):
        axis.plot(x, values, label=name, markevery=(8, 25), **look)
    axis.text(-5.8, 0.31, "sigmoid: at most 1/4", fontsize=9, color=BLUE)
    axis.set(xlabel="score", ylabel="slope of the activation", ylim=(-0.06, 1.12))
    axis.legend(loc="center right", bbox_to_anchor=(1, 0.62), handlelength=3.2)
    return made


@styled
def walks(height, paths):
    """Draw a landscape by its height lines, and the paths walked on it from one start.

    Args:
        height: function of x and y.
        paths: dict from a name to places of shape (steps, 2), the start first and the same for all.
    """
    made, axis = figure(7.6, 3.4)
    _landscape(axis, height, np.concatenate(list(paths.values())))
    for (name, places), look in zip(paths.items(), LINES, strict=False):
        axis.plot(*np.transpose(places), label=name, markersize=4, **look)
    axis.plot(*places[0], "*", color="black", markersize=13, label="start", linestyle="none")
    made.legend(*legend_entries(axis), loc="outside right upper")
    return made


@styled
def pass_crossed(height, path):
    """Draw a walk across a mountain pass, and beside it the height after each step.

    Args:
        height: function of x and y.
        path: places of shape (steps, 2), the start first.
    """
    made, (axis, by_step) = figure(8.2, 3.2, 1, 2, gridspec_kw={"width_ratios": [3, 2]})
    path = np.asarray(path)
    mirrored = path * np.array([1, -1])  # so that the low place on the other side shows
    _landscape(axis, height, np.concatenate([path, mirrored]))
    axis.plot(*path.T, markersize=4, **LINES[0])
    axis.plot(*path[0], "*", color="black", markersize=13)
    axis.plot(0, 0, "s", color="black", markersize=7)
    name = {"textcoords": "offset points", "fontsize": 9, "ha": "center"}
    axis.annotate("start", path[0], (0, 9), **name)
    axis.annotate("the pass", (0, 0), (0, -17), **name)
    by_step.plot(height(*path.T), **(LINES[0] | {"marker": ""}))
    by_step.axhline(0, color=GREY, linewidth=0.8, linestyle=":")
    by_step.set(xlabel="step", ylabel="height")
    return made


def _landscape(axis, height, places):
    """Draw height lines around places."""
    margin = 0.12 * np.ptp(places, axis=0) + 0.05
    (left, low), (right, high) = places.min(axis=0) - margin, places.max(axis=0) + margin
    x, y = np.meshgrid(np.linspace(left, right, 161), np.linspace(low, high, 161))
    axis.contour(x, y, height(x, y), 16, colors=FRAME, linewidths=0.8, linestyles="solid")
    axis.set(xlim=(left, right), ylim=(low, high))
    axis.set(xlabel="first weight", ylabel="second weight")

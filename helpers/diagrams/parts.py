"""What the pages' drawings share: an empty sheet, boxes, texts, arrows, cells and pictures.

Every function of the modules beside this one returns a `matplotlib.figure.Figure` in the style of
`helpers.plotting`. Each is called by one page, with what stands there, and checks nothing.
"""

from matplotlib.patches import FancyArrowPatch, Rectangle

from helpers.plotting import BLUE, FRAME, GREY, LIGHT, ORANGE, figure

ARROW = {
    "arrowstyle": "-|>",
    "mutation_scale": 11,
    "shrinkA": 0,
    "shrinkB": 0,
    "color": GREY,
    "linewidth": 1.4,
}


def sheet(width, height, xlim, ylim, **axis):
    """Make a figure with one axis that is not shown: (Figure, axis)."""
    made, drawn = figure(width, height)
    drawn.set(xlim=xlim, ylim=ylim, **axis)
    drawn.set_axis_off()
    return made, drawn


def write(axis, x, y, text, **look):
    """Write a text around a place: small and centred, unless `look` says otherwise."""
    axis.text(x, y, text, **{"ha": "center", "va": "center", "fontsize": 9} | look)


def box(axis, left, low, width, height, colour=FRAME, fill=LIGHT, **look):
    """Draw a box with its lower left corner at a place."""
    look = {"edgecolor": colour, "facecolor": fill, "linewidth": 1.6} | look
    axis.add_patch(Rectangle((left, low), width, height, **look))


def text_box(axis, left, low, width, height, text, colour, **look):
    """Draw a box with a text in its middle."""
    box(axis, left, low, width, height, colour)
    write(axis, left + width / 2, low + height / 2, text, **look)


def arrow(axis, start, end, colour=GREY, style="-"):
    """Draw an arrow from one place to another."""
    look = ARROW | {"color": colour, "linestyle": style}
    axis.add_patch(FancyArrowPatch(start, end, **look))


def cells(axis, left, low, rows, columns, colour=FRAME, fill=LIGHT, **look):
    """Draw a table of empty cells of side 1 with its corner at a place."""
    for row in range(rows):
        for column in range(columns):
            box(axis, left + column, low + row, 1, 1, colour, fill, **{"linewidth": 0.8} | look)


def stack(axis, left, low, side, colours, window=0):
    """Draw square sheets behind each other, the first in front, with a window of a side on each."""
    for behind in reversed(range(len(colours))):
        corner = (left + 0.24 * behind, low + 0.24 * behind)
        box(axis, *corner, side, side, BLUE, colours[behind], linewidth=1.2)
        if window:
            place = (corner[0] + 0.45, corner[1] + side - window - 0.45)
            box(axis, *place, window, window, ORANGE, "none", linewidth=2)

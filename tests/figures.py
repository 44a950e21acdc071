"""What the tests of figures share."""

import itertools
from unittest import mock

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

DRAW = Text.draw


def written(figure):
    """All texts of a figure, in the order of drawing."""
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def faults(figure):
    """Draw a figure; return its texts that are cut off, and the pairs that lie on one another."""
    drawn = {}

    def draw(text, renderer):
        DRAW(text, renderer)
        if text.get_visible() and text.get_text().strip():
            drawn[text] = Text.get_window_extent(text, renderer).padded(-1)

    with mock.patch.object(Text, "draw", draw):
        FigureCanvasAgg(figure).draw()
    edge = figure.bbox
    cut = [
        text.get_text()
        for text, box in drawn.items()
        if box.x0 < edge.x0 or box.y0 < edge.y0 or box.x1 > edge.x1 or box.y1 > edge.y1
    ]
    pairs = itertools.combinations(drawn.items(), 2)
    return cut + [(a.get_text(), b.get_text()) for (a, x), (b, y) in pairs if x.overlaps(y)]


def check(figure, *said):
    """A figure says what it should, and every text in it can be read."""
    assert faults(figure) == []
    missing = set(said) - set(written(figure))
    assert not missing, f"{missing} not among {written(figure)}"

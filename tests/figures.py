"""What the tests of figures share."""

from matplotlib.text import Text


def written(figure):
    """All texts drawn in a figure, in the order of drawing."""
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]

"""A drawing of straight strokes: a digit to read where nobody draws one."""

import numpy as np
from PIL import Image, ImageDraw

from helpers import checks

PAGE = 280  # pixels: the paper, as large as the drawing pad


def drawing(strokes, width=16):
    """Draw straight lines from point to point, black on white, as a mouse would.

    Args:
        strokes: lists of (right, down) in pixels from 0 to 279, two points or more each.
        width: int, of the pen, in pixels, 1 to 280.

    Returns:
        np.ndarray: uint8 of shape (280, 280).

    Raises:
        ValueError: a stroke that is not two points or more on the page, or another width.
    """
    width = checks.whole(width, "width", 1, PAGE)
    page = Image.new("L", (PAGE, PAGE), 255)
    for stroke in strokes:
        dots = checks.numbers(stroke, "a stroke", ("n", 2), 0, PAGE - 1)
        if len(dots) < 2:
            raise ValueError("a stroke must be 2 points or more; got 1.")
        ImageDraw.Draw(page).line([tuple(dot) for dot in dots], 0, width, joint="curve")
    return np.asarray(page)

"""`make picture`: the course in one picture, and on one sheet of paper, from results.json.

Both have a drawing and a score for each chapter. A test draws them anew and compares them with the
committed ones.
"""

import io
import sys

import numpy as np
from PIL import Image

from helpers import saving, scoreboard
from helpers.diagrams import summary
from tools import pages

PICTURE = pages.ROOT / "notebooks" / "course.png"
SUMMARY = pages.ROOT / "notebooks" / "summary.png"
RESULTS = pages.ROOT / "notebooks" / "results.json"
WIDTH = 1100  # pixels
SMALL = 8  # pixels a side: pictures are compared in squares of that size
TOLERANCE = 12  # of 255: another version of a font or of matplotlib's rasteriser stays below


def draw(results):
    """Return the picture and the sheet, PIL images; the sheet is fine enough for print.

    Args:
        results: the results on MNIST, by name of model.

    Raises:
        KeyError: a model of theirs has no test score there; names it.
    """
    scores = {name: results[name]["test"]["mean"] for _, _, _, name, _ in summary.CHAPTERS}
    wide = few_colours(summary.picture(scores), dpi=140, colours=64)
    return wide, few_colours(summary.summary(scores), dpi=170, colours=64, width=1500)


def few_colours(figure, dpi, colours, width=WIDTH):
    """Return a matplotlib figure as a PIL image of few colours, `width` pixels wide at most."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi)
    picture = Image.open(buffer).convert("RGB")
    picture.thumbnail((width, width * 2))
    return picture.quantize(colours, dither=Image.Dither.NONE)


def save(picture, path):
    """Write a PIL image as a PNG file, whole.

    Raises:
        OSError: the file cannot be written; the old one stays.
    """
    buffer = io.BytesIO()
    picture.save(buffer, "png", optimize=True)
    saving.write(path, buffer.getvalue())


def is_like(path, picture):
    """True where the file at `path` shows what `picture` does, but for a rasteriser's small ways.

    Both are compared as means of small squares, so that another number in a label is a difference
    and the edge of a letter is none.
    """
    with Image.open(path) as stored:
        pair = [image.convert("RGB") for image in (stored, picture)]
    if pair[0].size != pair[1].size:
        return False
    one, other = (np.asarray(image.reduce(SMALL), float) for image in pair)
    return bool(np.abs(one - other).max() <= TOLERANCE)


def main():
    """Draw and save the picture and the sheet; return 0, or 1 where that is not possible."""
    try:
        drawn = draw(scoreboard.read(RESULTS)["mnist"])
        for image, path in zip(drawn, (PICTURE, SUMMARY), strict=True):
            save(image, path)
    except OSError as error:
        print(f"{error.filename} cannot be written ({error.strerror or error}).")
        return 1
    except (scoreboard.ResultsError, KeyError) as error:
        print(f"No score for the picture: {error}")
        return 1
    print(*(f"{path.relative_to(pages.ROOT)} is drawn." for path in (PICTURE, SUMMARY)), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

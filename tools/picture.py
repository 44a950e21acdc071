"""`make picture`: the course in one picture, and on one sheet of paper.

Of the picture, a page lends the figure of every cell tagged `picture`. The sheet, summary.png, has
an idea and a score for each chapter, from results.json. A test draws both anew and compares them
with the committed ones.
"""

import io
import sys
from base64 import b64decode

import numpy as np
from PIL import Image

from helpers import plotting, saving, scoreboard
from helpers.diagrams import summary
from tools import pages

PICTURE = pages.ROOT / "notebooks" / "course.png"
SUMMARY = pages.ROOT / "notebooks" / "summary.png"
RESULTS = pages.ROOT / "notebooks" / "results.json"
WIDTH = 1100  # pixels
SMALL = 8  # pixels a side: pictures are compared in squares of that size
TOLERANCE = 12  # of 255: another version of a font or of matplotlib's rasteriser stays below


def lent_figures(notebook):
    """Return the PNG figures, as PIL images, that a page lends to the picture."""
    cells = [cell for cell in notebook.cells if "picture" in cell.metadata.get("tags", [])]
    bundles = [output.data for cell in cells for output in cell.outputs if "data" in output]
    encoded = [data["image/png"] for data in bundles if "image/png" in data]
    return [Image.open(io.BytesIO(b64decode(png))).convert("RGB") for png in encoded]


def compose(figures):
    """Put figures in two columns.

    Args:
        figures: list of (title, PIL image).

    Returns:
        matplotlib.figure.Figure.
    """
    rows = -(-len(figures) // 2)
    made, axes = plotting.figure(11, 2.6 * rows, rows, 2, squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    for axis, (title, image) in zip(axes.flat, figures, strict=False):
        axis.imshow(np.asarray(image), interpolation="antialiased")
        axis.set_title(title, loc="left", fontweight="bold")
    return made


def draw():
    """Return the picture of the committed pages, a PIL image."""
    figures = []
    for path in pages.PAGES:
        notebook = pages.read(path)
        title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
        figures += [(title, image) for image in lent_figures(notebook)]
    return few_colours(compose(figures), dpi=140, colours=256)


def draw_summary(results):
    """Return the sheet, a PIL image fine enough for print.

    Args:
        results: the results on MNIST, by name of model.

    Raises:
        KeyError: a model of the sheet has no test score there; names it.
    """
    scores = {name: results[name]["test"]["mean"] for _, _, _, name, _ in summary.CHAPTERS}
    return few_colours(summary.summary(scores), dpi=170, colours=64, width=1500)


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
        save(draw(), PICTURE)
        save(draw_summary(scoreboard.read(RESULTS)["mnist"]), SUMMARY)
    except OSError as error:
        print(f"{error.filename} cannot be written ({error.strerror or error}).")
        return 1
    except (scoreboard.ResultsError, KeyError) as error:
        print(f"No score for the sheet: {error}")
        return 1
    print(*(f"{path.relative_to(pages.ROOT)} is drawn." for path in (PICTURE, SUMMARY)), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

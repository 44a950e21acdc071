"""`make picture`: the course in one picture, made of figures that its pages committed.

A page lends the figure of every cell tagged `picture`. The picture carries the digests of the pages
it was made from, so that a test can tell when it is older than they are.
"""

import io
from base64 import b64decode

import numpy as np
from PIL import Image, PngImagePlugin

from helpers import plotting
from tools import pages

PICTURE = pages.ROOT / "notebooks" / "course.png"
WIDTH = 1100  # pixels


def lent_figures(notebook):
    """Return the PNG figures, as PIL images, that a page lends to the picture."""
    cells = [cell for cell in notebook.cells if "picture" in cell.metadata.get("tags", [])]
    bundles = [output.data for cell in cells for output in cell.outputs if "data" in output]
    encoded = [data["image/png"] for data in bundles if "image/png" in data]
    return [Image.open(io.BytesIO(b64decode(png))).convert("RGB") for png in encoded]


def digests():
    """Return the code digests of all pages as one string: what the picture was made from.

    A page that never ran has the digest "none".
    """
    stored = [pages.read(path).metadata.get("course", {}) for path in pages.PAGES]
    return " ".join(course.get("digest", "none") for course in stored)


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


def save(figure, path, dpi, colours, **made_from):
    """Save a figure as a PNG file of few colours that says what it was made from.

    Args:
        figure: matplotlib.figure.Figure.
        path: where the file goes; the picture is at most WIDTH wide and twice that high.
        dpi: int, dots an inch.
        colours: int, 2 to 256.
        **made_from: str by name, kept in the file's text, so that a test can compare it.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi)
    picture = Image.open(buffer).convert("RGB")
    picture.thumbnail((WIDTH, WIDTH * 2))
    texts = PngImagePlugin.PngInfo()
    for name, text in made_from.items():
        texts.add_text(name, text)
    few = picture.quantize(colours, dither=Image.Dither.NONE)
    few.save(path, optimize=True, pnginfo=texts)


def main():
    """Draw the picture from the committed pages and save it."""
    figures = []
    for path in pages.PAGES:
        notebook = pages.read(path)
        title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
        figures += [(title, image) for image in lent_figures(notebook)]
    save(compose(figures), PICTURE, dpi=140, colours=256, pages=digests())
    print(f"{PICTURE.relative_to(pages.ROOT)}: {len(figures)} figures")


if __name__ == "__main__":
    main()

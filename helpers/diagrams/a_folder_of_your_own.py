"""Drawings of page 08c: a folder of pictures, and a network that keeps its layers but one."""

from helpers.diagrams.parts import arrow, box, sheet, text_box, write
from helpers.plotting import BLUE, GREEN, GREY, ORANGE, styled

WIDTH = 9.2  # inches: what a page has room for


@styled
def folder(name, pictures):
    """Draw a folder with a subfolder for each class, and the first pictures in each.

    Args:
        name: str, the folder's.
        pictures: dict from a class to its pictures, uint8 of shape (n, h, w), shown as they look.
    """
    most = max(len(images) for images in pictures.values())
    width, height = 4 + most, len(pictures) + 0.9
    limits = (-0.1, width - 0.1), (0.4 - height, 0.4)
    made, axis = sheet(WIDTH, WIDTH * height / width, *limits)
    code = {"ha": "left", "family": "monospace", "fontsize": 10}
    write(axis, 0, 0, f"{name}/", weight="bold", **code)
    axis.plot([0.2, 0.2], [-0.3, -len(pictures)], color=GREY)
    for row, (key, images) in enumerate(pictures.items(), start=1):
        axis.plot([0.2, 0.6], [-row, -row], color=GREY)
        write(axis, 0.7, -row, f"{key}/", **code)
        for column, image in enumerate(images):
            left, low = 3.2 + column, -row - 0.45
            extent = (left, left + 0.9, low, low + 0.9)
            axis.imshow(image, extent=extent, cmap="gray", vmin=0, vmax=255)
            box(axis, left, low, 0.9, 0.9, fill="none", linewidth=1)
        write(axis, 3.3 + most, -row, "…", ha="left", fontsize=10)
    axis.set(xlim=limits[0], ylim=limits[1])  # imshow has set them to one picture
    return made


@styled
def kept_and_new(kept, old, new):
    """Draw two networks over the same layers: those are kept, and the last layer is a new one.

    Args:
        kept: names of the layers that are kept, from the first on.
        old, new: str, the last layer before and now.
    """
    made, axis = sheet(WIDTH, 2.5, (0, 9.4), (0, 2.45))
    count, wide = len(kept), 9.2 / (len(kept) + 2)
    rows = ((1.3, old, "reads digits", BLUE), (0.1, new, "tells signs apart", ORANGE))
    for low, last, what, colour in rows:
        for i, layer in enumerate([*kept, last]):
            left = 0.1 + i * wide
            text_box(axis, left, low, wide - 0.25, 0.8, layer, GREEN if i < count else colour)
            arrow(axis, (left + wide - 0.25, low + 0.4), (left + wide, low + 0.4))
        write(axis, 0.15 + (count + 1) * wide, low + 0.4, what, ha="left")
    for i in range(count):
        middle = 0.1 + i * wide + (wide - 0.25) / 2
        arrow(axis, (middle, 1.3), (middle, 0.9), style=":")
    above = "kept, with the weights that digits taught"
    write(axis, count * wide / 2, 2.25, above, va="baseline")
    write(axis, 0.1 + count * wide + (wide - 0.25) / 2, 1.1, "replaced by")
    return made

"""Drawings of page 08: saved files, pictures on their way to the network, and its answers."""

from matplotlib.patches import ConnectionPatch

from helpers.diagrams.parts import ARROW, arrow, box, sheet, text_box, write
from helpers.plotting import BLUE, GREEN, GREY, ORANGE, figure, frame, percent, styled

WIDTH = 9.2  # inches: what a page has room for
HOLDS = {  # what lies in the parts of a saved model
    "metadata.json": "Keras' version, and the date",
    "config.json": "the layers, and what compile was given",
    "model.weights.h5": "weights, running means, the optimizer's memory",
    "numbers": "the same as model.weights.h5; not how layers compute",
}


@styled
def saved_files(files):
    """Draw saved models as boxes: each file with the parts in it, what they hold, and their size.

    Args:
        files: dict from a file's name to a dict from the name of each part to its size in bytes.
    """
    rows = max(len(parts) for parts in files.values())
    made, axis = sheet(WIDTH, 0.55 * rows + 0.8, (0, 10), (-rows - 0.2, 0.8))
    wide = 10 / len(files)
    for i, (name, parts) in enumerate(files.items()):
        left, code = i * wide + 0.1, {"ha": "left", "family": "monospace"}
        box(axis, left, -rows - 0.1, wide - 0.2, rows + 0.8, BLUE, "white")
        write(axis, left + 0.15, 0.35, name, weight="bold", fontsize=10, **code)
        for row, (part, size) in enumerate(parts.items()):
            low = -row - 0.9
            box(axis, left + 0.15, low, wide - 0.5, 0.8, linewidth=1)
            write(axis, left + 0.25, low + 0.55, part, **code)
            write(axis, left + 0.25, low + 0.22, HOLDS.get(part, ""), ha="left", color=GREY)
            size = f"{size:,} bytes" if size < 10_000 else f"{size / 1000:,.0f} kB"
            write(axis, left + wide - 0.45, low + 0.55, size, ha="right")
    return made


@styled
def strip(stages, answers=None, as_seen=1, arrows=None):
    """Draw pictures in a row, joined by arrows: what becomes of a photograph, step by step.

    Args:
        stages: n pairs of (name, picture), n at least 1; uint8 of shape (h, w) or (h, w, 3).
        answers: n of anything that prints, under the pictures. None draws none.
        as_seen: int, how many of the first pictures are shown as they look; in the others 255 is
            ink, drawn dark as in all the course's figures.
        arrows: int, how many of the pictures have an arrow to the next; None for all.
    """
    ratios = [max(0.9, image.shape[1] / image.shape[0]) for _, image in stages]
    lines = max((str(answer).count("\n") + 1 for answer in answers or []), default=0)
    width = min(WIDTH, 2.2 * sum(ratios))
    size, shape = (width, width / sum(ratios) + 0.4 + 0.22 * lines), {"width_ratios": ratios}
    made, axes = figure(*size, 1, len(stages), squeeze=False, gridspec_kw=shape)
    for i, (axis, (name, image)) in enumerate(zip(axes[0], stages, strict=True)):
        axis.imshow(image, cmap="gray" if i < as_seen else "gray_r", vmin=0, vmax=255)
        axis.set_title(name, fontsize=9)
        frame(axis)
        beside = (ratios[i] * image.shape[0] - image.shape[1]) / 2  # room for its texts
        axis.set_xlim(-0.5 - beside, image.shape[1] - 0.5 + beside)
        if answers:
            axis.set_xlabel(answers[i], fontsize=9)
    for before, after in list(zip(axes[0], axes[0][1:], strict=False))[:arrows]:
        ends = {"coordsA": before.transAxes, "coordsB": after.transAxes}
        made.add_artist(ConnectionPatch((1.01, 0.5), (-0.01, 0.5), **ends, **ARROW))
    return made


@styled
def reading(picture, digit, probabilities, as_seen=True):
    """Draw a picture, the digit that was made of it, and the probabilities as ten bars.

    Args:
        picture: uint8 of shape (h, w) or (h, w, 3).
        digit: uint8 (28, 28), what the network sees.
        probabilities: numbers from 0 to 1 of shape (10,).
        as_seen: bool, False where 255 is ink in the picture, as in a digit.
    """
    shape = {"width_ratios": [1.3, 1, 1.7]}
    made, (left, middle, right) = figure(WIDTH, 2.5, 1, 3, gridspec_kw=shape)
    left.imshow(picture, cmap="gray" if as_seen else "gray_r", vmin=0, vmax=255)
    left.set_title("the picture")
    middle.imshow(digit, vmin=0, vmax=255)
    middle.set_title("what the network sees")
    frame(left)
    frame(middle)
    best = int(probabilities.argmax())
    bars = right.barh(range(10), probabilities, color=BLUE, height=0.7)
    bars[best].set(facecolor=ORANGE, hatch="///")
    texts = [percent(chance, 1) for chance in probabilities]
    right.bar_label(bars, texts, padding=4, fontsize=8)
    right.set(yticks=range(10), xlim=(0, 1.2), ylim=(9.6, -0.6), xticks=[])
    right.spines["bottom"].set_visible(False)
    right.set_title(f"read as {best}")
    return made


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
    rows = ((1.3, old, "reads digits", BLUE), (0.1, new, "tells shapes apart", ORANGE))
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
    write(axis, 0.1 + (count + 0.4) * wide, 2.25, "another one", va="baseline")
    return made

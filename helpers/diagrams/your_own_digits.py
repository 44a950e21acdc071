"""Drawings of chapter 07: saved files, pictures on their way to the network, and its answers.

Every function returns a `matplotlib.figure.Figure` in the style of `plotting.py`.
"""

import numpy as np
from matplotlib.patches import ConnectionPatch, FancyArrowPatch, FancyBboxPatch, Rectangle

from helpers import checks
from helpers.diagrams.first_pages import text_box
from helpers.plotting import BLUE, GREEN, GREY, LIGHT, ORANGE, figure, styled

FRAME = "#B8C4D0"
WIDTH = 9.2  # inches: what a page has room for
HOLDS = {  # what lies in the parts of a saved model
    "metadata.json": "Keras' version, and the date",
    "config.json": "the layers, and what compile was given",
    "model.weights.h5": "weights, running means, the optimizer's memory",
    "numbers": "the same as model.weights.h5; not how layers compute",
}
ARROW = {"arrowstyle": "-|>", "mutation_scale": 11, "color": GREY, "shrinkA": 0, "shrinkB": 0}


@styled
def saved_files(files):
    """Draw saved models as boxes: each file with the parts in it, what they hold, and their size.

    Args:
        files: dict from a file's name to a dict from the name of each part to its size in bytes.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no files, or a file without parts.
    """
    checks.by_name(files, "files", "its parts")
    for name, parts in files.items():
        checks.by_name(parts, f"files[{name!r}]", "its size in bytes")
    rows = max(len(parts) for parts in files.values())
    made, axis = figure(WIDTH, 0.55 * rows + 0.8)
    wide = 10 / len(files)
    for i, (name, parts) in enumerate(files.items()):
        left = i * wide + 0.1
        axis.add_patch(_rounded(left, -rows - 0.1, wide - 0.2, rows + 0.8))
        axis.text(left + 0.15, 0.35, name, va="center", family="monospace", fontweight="bold")
        for row, (part, size) in enumerate(parts.items()):
            low = -row - 0.9
            axis.add_patch(Rectangle((left + 0.15, low), wide - 0.5, 0.8, **_box(LIGHT)))
            small = {"va": "center", "fontsize": 9}
            axis.text(left + 0.25, low + 0.55, part, family="monospace", **small)
            axis.text(left + 0.25, low + 0.22, HOLDS.get(part, ""), color=GREY, **small)
            axis.text(left + wide - 0.45, low + 0.55, _size(size), ha="right", **small)
    axis.set(xlim=(0, 10), ylim=(-rows - 0.2, 0.8))
    axis.set_axis_off()
    return made


def _rounded(left, low, width, height):
    look = {"boxstyle": "round,pad=0,rounding_size=0.12", "edgecolor": BLUE, "facecolor": "white"}
    return FancyBboxPatch((left, low), width, height, linewidth=1.4, **look)


def _box(colour):
    return {"facecolor": colour, "edgecolor": FRAME}


def _size(count):
    return f"{count:,} bytes" if count < 10_000 else f"{count / 1000:,.0f} kB"


@styled
def strip(stages, answers=None, as_seen=1, arrows=None):
    """Draw pictures in a row, joined by arrows: what becomes of a photograph, step by step.

    Args:
        stages: n pairs of (name, picture), n at least 1; uint8 of shape (h, w) or (h, w, 3).
        answers: n of anything that prints, under the pictures. None draws none.
        as_seen: int, how many of the first pictures are shown as they look; in the others 255 is
            ink, drawn dark as in all the course's figures.
        arrows: int, how many of the pictures have an arrow to the next; None for all.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no pictures, one of another shape or dtype, or not one answer a picture.
    """
    pictures = [(str(name), _picture(image, name)) for name, image in stages]
    if not pictures:
        raise ValueError("stages must hold one (name, picture) or more; got none.")
    if answers is not None:
        answers = checks.for_each(answers, "answers", len(pictures), "picture")
    ratios = [max(0.9, image.shape[1] / image.shape[0]) for _, image in pictures]
    lines = max((str(answer).count("\n") + 1 for answer in answers or []), default=0)
    width = min(WIDTH, 2.2 * sum(ratios))
    height = width / sum(ratios) + 0.4 + 0.22 * lines
    shape = {"width_ratios": ratios}
    made, axes = figure(width, height, 1, len(pictures), squeeze=False, gridspec_kw=shape)
    for i, (axis, (name, image)) in enumerate(zip(axes[0], pictures, strict=True)):
        seen = i < as_seen
        axis.imshow(image, cmap="gray" if seen else "gray_r", vmin=0, vmax=255)
        axis.set_title(name, fontsize=9)
        _frame(axis)
        beside = (ratios[i] * image.shape[0] - image.shape[1]) / 2  # room for its texts
        axis.set_xlim(-0.5 - beside, image.shape[1] - 0.5 + beside)
        if answers is not None:
            axis.set_xlabel(answers[i], fontsize=9)
    for before, after in list(zip(axes[0], axes[0][1:], strict=False))[:arrows]:
        ends = {"coordsA": before.transAxes, "coordsB": after.transAxes}
        made.add_artist(ConnectionPatch((1.01, 0.5), (-0.01, 0.5), **ends, **ARROW))
    return made


def _picture(image, name):
    found = np.asarray(image)
    if found.dtype != np.uint8 or found.ndim not in (2, 3) or 0 in found.shape:
        raise ValueError(
            f"the picture {name!r} must be uint8 of shape (h, w) or (h, w, 3); "
            f"got shape {found.shape} of {found.dtype}."
        )
    return found


def _frame(axis):
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set(visible=True, color=FRAME, linewidth=0.8)


@styled
def reading(picture, digit, probabilities, as_seen=True):
    """Draw a picture, the digit that was made of it, and the probabilities as ten bars.

    Args:
        picture: uint8 of shape (h, w) or (h, w, 3).
        digit: uint8 (28, 28), what the network sees.
        probabilities: numbers from 0 to 1 of shape (10,).
        as_seen: bool, False where 255 is ink in the picture, as in a digit.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: an argument of another shape, dtype or range.
    """
    picture = _picture(picture, "to read")
    digit = checks.images(np.asarray(digit)[None], "digit[None]")[0]
    chances = checks.numbers(probabilities, "probabilities", (10,), 0, 1 + 1e-6)
    shape = {"width_ratios": [1.3, 1, 1.7]}
    made, (left, middle, right) = figure(WIDTH, 2.5, 1, 3, gridspec_kw=shape)
    left.imshow(picture, cmap="gray" if as_seen else "gray_r", vmin=0, vmax=255)
    left.set_title("the picture")
    middle.imshow(digit, vmin=0, vmax=255)
    middle.set_title("what the network sees")
    _frame(left)
    _frame(middle)
    best = int(chances.argmax())
    colours = [ORANGE if number == best else BLUE for number in range(10)]
    bars = right.barh(range(10), chances, color=colours, height=0.7)
    bars[best].set_hatch("///")
    for number, chance in enumerate(chances):
        right.text(chance + 0.02, number, f"{100 * chance:.1f} %", va="center", fontsize=8)
    right.set(yticks=range(10), xlim=(0, 1.2), ylim=(9.6, -0.6), xticks=[])
    right.spines["bottom"].set_visible(False)
    right.set_title(f"read as {best}")
    return made


@styled
def answers(images, captions, probabilities, columns=6):
    """Draw what a network was shown, each with its two likeliest answers as bars below.

    Args:
        images: uint8 of shape (n, 28, 28).
        captions: n of anything that prints, above the images.
        probabilities: numbers from 0 to 1 of shape (n, 10).
        columns: int, images in a row, 1 or more.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: an argument of another shape, dtype or range.
    """
    images = checks.images(images)
    captions = checks.for_each(captions, "captions", len(images))
    given = checks.numbers(probabilities, "probabilities", (len(images), 10), 0, 1 + 1e-6)
    columns = min(checks.whole(columns, "columns", 1), len(images))
    rows = -(-len(images) // columns)
    made, axes = figure(columns * 1.45, rows * 2.1, rows, columns, squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    for axis, image, caption, chances in zip(axes.flat, images, captions, given, strict=False):
        axis.imshow(image, vmin=0, vmax=255)
        axis.add_patch(Rectangle((-0.5, -0.5), 28, 28, facecolor="none", edgecolor=FRAME))
        axis.set_title(caption, fontsize=9)
        for line, answer in enumerate(np.argsort(-chances, kind="stable")[:2]):
            chance, level = float(chances[answer]), 32 + 7 * line
            look = {"facecolor": BLUE} if line else {"facecolor": ORANGE, "hatch": "///"}
            axis.barh(level, 13 * chance, 4.5, 4, **look)
            small = {"va": "center", "fontsize": 9}
            axis.text(2.5, level, int(answer), ha="right", **small)
            axis.text(5 + 13 * chance, level, f"{100 * chance:.0f} %", **small)
        axis.set(xlim=(-1, 29), ylim=(43, -1))
    return made


@styled
def folder(name, pictures):
    """Draw a folder with a subfolder for each class, and the first pictures in each.

    Args:
        name: str, the folder's.
        pictures: dict from a class to its pictures, uint8 of shape (n, h, w), shown as they look.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no classes, or pictures of another shape or dtype.
    """
    checks.by_name(pictures, "pictures", "its pictures")
    shown = {key: [_picture(image, key) for image in images] for key, images in pictures.items()}
    most = max(len(images) for images in shown.values())
    width, height = 4 + most, len(shown) + 0.9
    made, axis = figure(WIDTH, WIDTH * height / width)
    axis.text(0, 0, f"{name}/", family="monospace", fontweight="bold", va="center")
    axis.plot([0.2, 0.2], [-0.3, -len(shown)], color=GREY)
    for row, (key, images) in enumerate(shown.items(), start=1):
        axis.plot([0.2, 0.6], [-row, -row], color=GREY)
        axis.text(0.7, -row, f"{key}/", family="monospace", va="center")
        for column, image in enumerate(images):
            left, low = 3.2 + column, -row - 0.45
            extent = (left, left + 0.9, low, low + 0.9)
            axis.imshow(image, extent=extent, cmap="gray", vmin=0, vmax=255)
            axis.add_patch(Rectangle((left, low), 0.9, 0.9, fill=False, edgecolor=FRAME))
        axis.text(3.3 + most, -row, "…", va="center")
    axis.set(xlim=(-0.1, width - 0.1), ylim=(0.4 - height, 0.4))
    axis.set_axis_off()
    return made


@styled
def kept_and_new(kept, old, new):
    """Draw two networks over the same layers: those are kept, and the last layer is a new one.

    Args:
        kept: names of the layers that are kept, from the first on.
        old, new: str, the last layer before and now.

    Returns:
        matplotlib.figure.Figure.

    Raises:
        ValueError: no layers.
    """
    kept = [checks.text(layer, "a name in kept") for layer in kept]
    if not kept:
        raise ValueError("kept must hold one name or more; got none.")
    made, axis = figure(WIDTH, 2.5)
    wide = 9.2 / (len(kept) + 2)
    rows = ((1.3, old, "reads digits", BLUE), (0.1, new, "tells shapes apart", ORANGE))
    for low, last, what, colour in rows:
        for i, layer in enumerate([*kept, last]):
            left, frame = 0.1 + i * wide, colour if i == len(kept) else GREEN
            text_box(axis, left, low, wide - 0.25, 0.8, layer, frame)
            ends = (left + wide - 0.25, low + 0.4), (left + wide, low + 0.4)
            axis.add_patch(FancyArrowPatch(*ends, **ARROW))
        axis.text(0.15 + (len(kept) + 1) * wide, low + 0.4, what, va="center", fontsize=9)
    for i in range(len(kept)):
        middle = 0.1 + i * wide + (wide - 0.25) / 2
        axis.add_patch(FancyArrowPatch((middle, 1.3), (middle, 0.9), linestyle=":", **ARROW))
    above = {"y": 2.25, "ha": "center", "fontsize": 9}
    axis.text(x=len(kept) * wide / 2, s="kept, with the weights that digits taught", **above)
    axis.text(x=0.1 + (len(kept) + 0.4) * wide, s="another one", **above)
    axis.set(xlim=(0, 9.4), ylim=(0, 2.45))
    axis.set_axis_off()
    return made

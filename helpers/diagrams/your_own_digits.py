"""Drawings of page 08: pictures on their way to the network, and its answers."""

from matplotlib.patches import ConnectionPatch

from helpers.diagrams.parts import ARROW
from helpers.plotting import BLUE, ORANGE, figure, frame, percent, styled

WIDTH = 9.2  # inches: what a page has room for


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

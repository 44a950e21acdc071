"""Drawings of page 00: what the network makes of one digit."""

from helpers.plotting import BLUE, ORANGE, figure, frame, percent, styled


@styled
def ten_answers(pictures, probabilities):
    """Draw the pictures of one digit, and beside them its ten probabilities as bars.

    Args:
        pictures: dict from a title to a picture, uint8 of shape (h, w), 255 is ink; one or two.
        probabilities: numbers from 0 to 1 of shape (10,).
    """
    shape = {"width_ratios": [*[1] * len(pictures), 1.5]}
    made, axes = figure(2.4 * len(pictures) + 3.4, 2.6, 1, len(pictures) + 1, gridspec_kw=shape)
    for axis, (title, picture) in zip(axes, pictures.items(), strict=False):
        axis.imshow(picture, vmin=0, vmax=255)
        axis.set_title(title)
        frame(axis)
    right, best = axes[-1], int(probabilities.argmax())
    bars = right.barh(range(10), probabilities, color=BLUE, height=0.7)
    bars[best].set(facecolor=ORANGE, hatch="///")
    right.bar_label(bars, [percent(one) for one in probabilities], padding=4, fontsize=9)
    right.set(yticks=range(10), xlim=(0, 1.25), ylim=(9.6, -0.6), xticks=[])
    right.tick_params(axis="y", length=0)
    right.spines["bottom"].set_visible(False)
    right.set_title(f"read as {best}")
    return made

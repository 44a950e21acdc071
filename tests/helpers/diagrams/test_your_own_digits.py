"""Drawings of page 07."""

import numpy as np
import pytest
from matplotlib.patches import ConnectionPatch

from helpers.diagrams import your_own_digits as diagrams
from tests.figures import check

PHOTO = np.full((60, 80, 3), 200, np.uint8)
DIGIT = np.zeros((28, 28), np.uint8)
DIGIT[6:22, 12:16] = 255
CHANCES = np.array([0, 0.9, 0, 0.025, 0, 0, 0, 0.075, 0, 0])
FILES = {
    "a.keras": {"config.json": 9811, "model.weights.h5": 789_000, "assets": 12},
    "a.weights.h5": {"numbers": 790_000},
}


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (
            diagrams.saved_files(FILES),
            ["a.keras", "9,811 bytes", "789 kB", "assets", diagrams.HOLDS["numbers"]],
        ),
        (diagrams.strip([("photo", PHOTO), ("digit", DIGIT)], ["", "a 1"]), ["photo", "a 1"]),
        (diagrams.reading(PHOTO, DIGIT, CHANCES), ["read as 1", "90.0 %", "2.5 %", "0.0 %"]),
        (diagrams.folder("mine", {"cats": PHOTO[None, ..., 0]}), ["mine/", "cats/", "…"]),
        (diagrams.kept_and_new(["one", "two"], "old", "new"), ["one", "two", "old", "new"]),
    ],
)
def test_figures_say_what_they_show(figure, said):
    check(figure, *said)


@pytest.mark.parametrize(("arrows", "count"), [(None, 3), (1, 1), (0, 0)])
def test_a_strip_has_arrows_from_picture_to_picture(arrows, count):
    figure = diagrams.strip([("a", DIGIT)] * 4, arrows=arrows)
    assert len(figure.findobj(ConnectionPatch)) == count


def test_a_strip_shows_photos_as_seen_and_ink_dark():
    first, second = diagrams.strip([("a", PHOTO[..., 0]), ("b", DIGIT)]).axes
    assert [axis.images[0].get_cmap().name for axis in (first, second)] == ["gray", "gray_r"]


def test_the_bar_of_what_is_read_is_hatched():
    *_, right = diagrams.reading(DIGIT, DIGIT, CHANCES, as_seen=False).axes
    assert [i for i, bar in enumerate(right.containers[0]) if bar.get_hatch()] == [1]
    assert [bar.get_width() for bar in right.containers[0]] == pytest.approx(CHANCES)


def test_each_picture_of_a_folder_stands_in_the_row_of_its_class():
    (axis,) = diagrams.folder("mine", {"a": [DIGIT, DIGIT], "b": [DIGIT]}).axes
    rows = [image.get_extent()[3] - 0.45 for image in axis.images]
    assert rows == pytest.approx([-1, -1, -2])

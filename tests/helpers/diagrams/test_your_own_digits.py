"""Drawings of chapter 07: what they write, that it is right, and what they refuse."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch

from helpers.diagrams import your_own_digits as diagrams
from tests.figures import written

PHOTO = np.full((60, 80, 3), 200, np.uint8)
DIGIT = np.zeros((28, 28), np.uint8)
DIGIT[6:22, 12:16] = 255
CHANCES = np.array([0, 0.9, 0, 0.025, 0, 0, 0, 0.075, 0, 0])
FILES = {
    "a.keras": {"config.json": 9811, "model.weights.h5": 789_000},
    "a.weights.h5": {"numbers": 790_000},
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (diagrams.saved_files(FILES), ["a.keras", "config.json", "9,811 bytes", "789 kB"]),
        (diagrams.strip([("photo", PHOTO), ("digit", DIGIT)], ["", "a 1"]), ["photo", "a 1"]),
        (diagrams.reading(PHOTO, DIGIT, CHANCES), ["read as 1", "90.0 %", "2.5 %", "0.0 %"]),
        (diagrams.answers(DIGIT[None], ["a bar"], CHANCES[None]), ["a bar", "1", "90 %", "8 %"]),
        (diagrams.folder("mine", {"cats": PHOTO[None, ..., 0]}), ["mine/", "cats/", "…"]),
        (diagrams.kept_and_new(["one", "two"], "old", "new"), ["one", "two", "old", "new"]),
    ],
)
def test_figures_say_what_they_show(figure, said):
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    assert set(said) <= set(written(figure))


def test_parts_of_a_file_are_named_with_what_they_hold():
    texts = written(diagrams.saved_files(FILES))
    held = [diagrams.HOLDS[part] for parts in FILES.values() for part in parts]
    assert [text for text in texts if text in held] == held


def test_a_part_that_is_not_known_is_shown_all_the_same():
    assert "assets" in written(diagrams.saved_files({"b.keras": {"assets": 12}}))


@pytest.mark.parametrize(("arrows", "count"), [(None, 3), (1, 1), (0, 0)])
def test_a_strip_has_arrows_from_picture_to_picture(arrows, count):
    figure = diagrams.strip([("a", DIGIT)] * 4, arrows=arrows)
    assert len(figure.findobj(ConnectionPatch)) == count


def test_a_strip_shows_photos_as_seen_and_ink_dark():
    grey = PHOTO[..., 0]
    first, second = diagrams.strip([("a", grey), ("b", DIGIT)]).axes
    assert [axis.images[0].get_cmap().name for axis in (first, second)] == ["gray", "gray_r"]
    assert first.images[0].get_clim() == (0, 255)


def test_the_likeliest_answers_come_first_and_are_told_apart_without_colour():
    (axis,) = diagrams.answers(DIGIT[None], ["x"], CHANCES[None]).axes
    digits = [text.get_text() for text in axis.texts]
    assert digits == ["1", "90 %", "7", "8 %"]
    bars = [patch.get_hatch() for container in axis.containers for patch in container]
    assert bars == ["///", None]


def test_the_bar_of_what_is_read_is_hatched():
    *_, right = diagrams.reading(DIGIT, DIGIT, CHANCES, as_seen=False).axes
    hatched = [i for i, bar in enumerate(right.containers[0]) if bar.get_hatch()]
    assert hatched == [1]
    assert [bar.get_width() for bar in right.containers[0]] == pytest.approx(CHANCES)


def test_each_picture_of_a_folder_stands_in_the_row_of_its_class():
    pictures = {"a": [DIGIT, DIGIT], "b": [DIGIT]}
    (axis,) = diagrams.folder("mine", pictures).axes
    rows = [image.get_extent()[3] - 0.45 for image in axis.images]
    assert rows == pytest.approx([-1, -1, -2])


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: diagrams.saved_files({}), "files"),
        (lambda: diagrams.saved_files({"a": {}}), "files\\['a'\\]"),
        (lambda: diagrams.strip([]), "stages"),
        (lambda: diagrams.strip([("a", DIGIT / 255)]), "'a' must be uint8.*float64"),
        (lambda: diagrams.strip([("a", DIGIT)], ["x", "y"]), "answers.*got 2 for 1"),
        (lambda: diagrams.strip([("a", DIGIT[:0])]), "shape \\(0, 28\\)"),
        (lambda: diagrams.reading(PHOTO, PHOTO, CHANCES), "digit"),
        (lambda: diagrams.reading(PHOTO, DIGIT, CHANCES * 2), "probabilities"),
        (lambda: diagrams.answers(DIGIT[None], [], CHANCES[None]), "captions"),
        (lambda: diagrams.answers(DIGIT[None], ["a"], CHANCES), "probabilities"),
        (lambda: diagrams.folder("mine", {}), "pictures"),
        (lambda: diagrams.folder("mine", {"a": [DIGIT[0]]}), "'a'"),
        (lambda: diagrams.kept_and_new([], "a", "b"), "kept"),
    ],
)
def test_wrong_input_is_named(draw, said):
    with pytest.raises(ValueError, match=said):
        draw()

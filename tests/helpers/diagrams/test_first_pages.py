"""Figures and the counter of chapter 01: what they write, and what they refuse."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers import data, plotting, progress
from helpers.diagrams import first_pages as diagrams
from tests.figures import written

IMAGE = np.arange(784).reshape(28, 28).astype(np.uint8)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (diagrams.rules_or_learned(), ["by hand", "learned", "training"]),
        (diagrams.tensor_shapes(batch=7), ["(28, 28)", "(28, 28, 3)", "(7, 28, 28)", "7 sheets"]),
        (diagrams.one_hot([3], classes=4), ["label 3"]),
        (diagrams.split_in_three(5, 3, 2), ["training\n5", "validation\n3", "test\n2"]),
        (diagrams.pipeline([("map", "numbers"), ("batch", "(2, 3)")]), ["map", "(2, 3)"]),
        (plotting.pixel_values(IMAGE), ["255", "row", "column"]),
        (plotting.ranking({"slow": 2.0, "fast": 0.5}, "{:.1f} s"), ["slow", "2.0 s", "0.5 s"]),
    ],
)
def test_figures_say_what_they_show(figure, said):
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    assert set(said) <= set(written(figure))


def test_file_layout_agrees_with_the_files_that_are_written():
    images, labels = np.stack([IMAGE, 255 - IMAGE]), np.array([4, 2], np.uint8)
    said = written(diagrams.file_layout(images=2))
    for array, image_file in ((images, True), (labels, False)):
        packed = np.frombuffer(data.to_idx(array), np.uint8)
        header = packed[: 4 + 4 * array.ndim].view(">u4")
        assert f"magic\n{header[0]}" in said
        assert f"header: {header.nbytes} bytes" in said
        second = header.nbytes + array[0].nbytes  # where the second item starts
        assert str(second) in said
        assert (
            packed[second] == array[1].flat[0]
        ) and f"{'image' if image_file else 'label'} file" in said


def test_file_layout_gives_the_count_of_each_file():
    assert {"images\n70", "labels\n70"} <= set(written(diagrams.file_layout(images=70)))


def test_one_hot_has_a_single_one_in_each_row_at_its_label():
    rows = np.array(
        [[int(text) for text in written(diagrams.one_hot([9, 0]))[i : i + 11][1:]] for i in (0, 11)]
    )
    assert np.array_equal(rows, np.eye(10)[[9, 0]])


def test_pixel_values_writes_every_pixel_once():
    (axis,) = plotting.pixel_values(IMAGE).axes
    placed = {text.get_position()[::-1]: int(text.get_text()) for text in axis.texts}
    assert len(axis.texts) == len(placed) == 784
    assert all(IMAGE[place] == value for place, value in placed.items())


@pytest.mark.parametrize(
    "image", [IMAGE[:27], IMAGE.astype(float), IMAGE[None]], ids=["rows", "dtype", "axes"]
)
def test_pixel_values_wants_one_image(image):
    with pytest.raises(ValueError, match="image"):
        plotting.pixel_values(image)


def test_histograms_differ_by_more_than_colour_and_count_their_digits():
    (axis,) = plotting.histograms({"fours": np.arange(1200.0), "fives": np.ones(3)}, "ink").axes
    filled, outline = axis.patches
    assert filled.get_hatch() and not outline.get_hatch()
    assert filled.get_linestyle() != outline.get_linestyle()
    labels = [text.get_text() for text in axis.get_legend().get_texts()]
    assert labels == ["fours (1,200)", "fives (3)"]


@pytest.mark.parametrize("groups", [{}, {"one": [1.0]}, {"a": [1.0], "b": [2.0], "c": [3.0]}])
def test_histograms_want_two_groups(groups):
    with pytest.raises(ValueError, match=f"dict of 2 names, .*; got {len(groups)}"):
        plotting.histograms(groups, "ink")


@pytest.mark.parametrize(
    ("groups", "bins", "named"),
    [
        ({"a": [], "b": [1.0]}, 60, r"groups\['a'\] must be finite numbers"),
        ({"a": [1.0], "b": [np.nan]}, 60, r"groups\['b'\] must be finite numbers"),
        ({"a": [1.0], "b": [2.0]}, 0, "bins must be a whole number"),
    ],
)
def test_histograms_want_numbers_in_both_groups(groups, bins, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        plotting.histograms(groups, "ink", bins)


@pytest.mark.parametrize("values", [{}, None, [1], {"a": -1}, {"a": "1"}, {"a": np.inf}])
def test_ranking_wants_named_numbers(values):
    with pytest.raises(ValueError, match="^values must be"):
        plotting.ranking(values)


@pytest.mark.filterwarnings("error")
def test_ranking_and_bars_can_draw_nothing_but_zeros():
    for figure in (plotting.ranking({"none": 0}), plotting.bars([0, 0], "ab")):
        figure.draw_without_rendering()
        assert "0" in written(figure)


def test_ranking_keeps_the_order_from_the_top():
    (axis,) = plotting.ranking({"first": 1, "second": 3}).axes
    assert axis.yaxis_inverted()
    assert [text.get_text() for text in axis.get_yticklabels()] == ["first", "second"]


@pytest.fixture
def lines(monkeypatch):
    """What the counter shows, one entry each time that it changes."""
    seen = []

    class Handle:
        def update(self, bundle, raw):
            seen.append(bundle["text/plain"])

    def display(bundle, raw, display_id):
        seen.append(bundle["text/plain"])
        return Handle()

    monkeypatch.setattr(progress, "display", display)
    return seen


@pytest.mark.parametrize(
    ("count", "size", "lengths"), [(5, 2, [2, 2, 1]), (4, 2, [2, 2]), (3, 10, [3]), (1, 1, [1])]
)
def test_chunks_cover_everything_once_and_in_order(lines, count, size, lengths):
    numbers = np.arange(count)
    pieces = [numbers[chunk] for chunk in progress.chunks(count, size)]
    assert [len(piece) for piece in pieces] == lengths
    assert np.array_equal(np.concatenate(pieces), numbers)


def test_chunks_count_what_is_done_not_what_is_begun(lines):
    work = progress.chunks(2500, 2000, unit="pages")
    next(work)
    assert lines == ["0 of 2,500 pages"]
    next(work)
    assert lines[-1] == "2,000 of 2,500 pages"
    assert list(work) == []
    assert lines[-1] == "2,500 of 2,500 pages"


@pytest.mark.parametrize(("count", "size", "named"), [(0, 5, "count"), (5, 0, "size")])
def test_chunks_refuse_nothing(lines, count, size, named):
    with pytest.raises(ValueError, match=f"{named} must be 1 or more; got 0"):
        next(progress.chunks(count, size))

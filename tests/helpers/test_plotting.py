"""Figures: how they are shown, what charts say, and what they refuse to draw."""

import io
import subprocess
import sys
from base64 import b64decode
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from helpers import data, plotting
from tests.figures import check, faults, written

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 28, 28)).astype(np.uint8)
CHANCES = np.full((12, 10), 0.01)
CHANCES[:, [7, 2]] = 0.6, 0.32
CALIBRATION = SimpleNamespace(
    counts=np.array([0, 1, 0, 900]), accuracy=np.array([np.nan, 0.4, np.nan, 0.9])
)
MANY = SimpleNamespace(counts=np.ones(10**6), accuracy=np.ones(10**6))
ALT = "Twelve images of noise in a grid."


@pytest.fixture
def shown(monkeypatch):
    """What is displayed, and what replaces it."""
    sent = []

    class Handle:
        def update(self, bundle, raw, metadata):
            sent.append((bundle, metadata))

    def display(bundle, raw, metadata, display_id):
        sent.append((bundle, metadata))
        return Handle()

    monkeypatch.setattr(plotting, "display", display)
    return sent


def rung(model, page, mean, sd=0.001):
    return {"model": model, "page": page, "mean": mean, "sd": sd, "of_course": page[:2].isdigit()}


RUNGS = [
    rung("another's", "networks", 0.98),
    rung("one layer", "02_one_layer", 0.92, None),
    rung("last half percent", "07_the_last_half_percent", 1.0),
]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (55_000.0, "55,000"),
        (0.00003, "0.00003"),
        (-0.0, "0"),
        (-1.345, "−1.34"),
        (999.6, "1,000"),
    ],
)
def test_numbers_have_commas_a_true_minus_and_no_exponent(value, text):
    assert plotting.number(value) == text


def test_drawing_loads_nothing_that_it_does_not_need():
    code = (
        "import sys; from helpers import plotting; plotting.bars([1], 'a'); from helpers.diagrams "
        "import data; data.one_hot([1]); print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert not loaded & {"requests", "filelock", "jsonschema", "keras", "helpers.scoreboard"}
    siblings = {name for name in loaded if name.startswith("helpers.")}
    assert siblings == {f"helpers.{name}" for name in ("checks", "plotting", "diagrams")} | {
        "helpers.diagrams.data",
        "helpers.diagrams.parts",
    }


def test_a_figure_replaces_the_one_shown_and_each_keeps_its_alternative_text(shown):
    assert plotting.show(plotting.digits(IMAGES), alt=ALT) is None
    handle = plotting.show_live(plotting.digits(IMAGES), ALT)
    assert plotting.show_live(plotting.digits(IMAGES), "Other words.", handle) is handle
    assert [bundle["text/plain"] for bundle, _ in shown] == [ALT, ALT, "Other words."]
    for bundle, metadata in shown:
        assert metadata["image/png"]["alt"] == bundle["text/plain"]
        picture = Image.open(io.BytesIO(b64decode(bundle["image/png"])))
        assert picture.width > metadata["image/png"]["width"] > 100


@pytest.mark.parametrize(
    ("figure", "alt", "named"),
    [(plotting.digits(IMAGES), alt, "alt must be text") for alt in ("", "  ", None)]
    + [(figure, ALT, "shown must be a figure") for figure in (None, IMAGES)],
)
def test_show_wants_a_figure_and_its_alternative_text(shown, figure, alt, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        plotting.show(figure, alt=alt)
    assert not shown


@pytest.mark.parametrize(("source", "marks"), [("drawn", 1), ("mnist", 0), (None, 0)])
def test_figures_say_once_when_digits_are_drawn(shown, monkeypatch, source, marks):
    monkeypatch.setattr(data, "source_in_use", lambda: source)
    figure = plotting.digits(IMAGES, title="Noise")
    handle = plotting.show_live(figure, ALT)
    plotting.show_live(figure, ALT, handle)
    assert figure.get_suptitle().count(plotting.NOT_MNIST) == marks
    assert figure.get_suptitle().startswith("Noise")
    assert faults(figure) == []


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (lambda: plotting.digits(IMAGES, range(12), title="Noise"), ["Noise", "11"]),
        (
            lambda: plotting.answers(IMAGES, CHANCES, "abcdefghijkl"),
            ["a", "7", "60 %", "2", "32 %"],
        ),
        (lambda: plotting.image_grid(np.zeros((3, 4, 5)), "abc", scale="weight"), ["a", "weight"]),
        (lambda: plotting.image_grid(np.zeros((1, 3, 5))), []),
        (lambda: plotting.bars([5923, 0.5], [0, 1], "Some"), ["5,923", "0.5", "Some"]),
        (lambda: plotting.bars([0, 0], ["$a", "$b"]), ["0", r"\$a"]),
        (
            lambda: plotting.ranking({"slow": 2, "fast": 0.5}, "{:.1f} s", "seconds"),
            ["slow", "2.0 s"],
        ),
        (
            lambda: plotting.histograms({"a": np.arange(1200), "b": [1]}, "ink"),
            ["a (1,200)", "b (1)"],
        ),
        (lambda: plotting.training_curves({}), ["loss", "accuracy"]),
        (lambda: plotting.training_curves({"loss": [2, np.nan, 1]}, 5), ["training", "5"]),
        (lambda: plotting.training_curves({"val_loss": [1]}, 2, start={"val_loss": 2}), ["0"]),
        (
            lambda: plotting.curves({"a": ([1, 2], [0.5, 1])}, "x", "y", percent=True),
            ["a", "100 %"],
        ),
        (lambda: plotting.curves({"a": ([1, 2], [1, np.nan])}, "x", "y", yscale="log"), ["a"]),
        (
            lambda: plotting.intervals({"same": [0.5, 0.5], "one": [0.6]}, "x", percent=True),
            ["same"],
        ),
        (lambda: plotting.confusion_matrix(np.eye(10, dtype=int)), ["true digit", "digit read"]),
        (lambda: plotting.reliability(CALIBRATION, "Sure?"), ["Sure?", "as often as it was sure"]),
        (lambda: plotting.ladder(RUNGS), ["98.00 %", "92.00 %", "100.00 %"]),
        (lambda: plotting.ladder(RUNGS[1:2]), ["02  one layer"]),
    ],
)
def test_charts_say_what_they_show(figure, said):
    check(figure(), *said)


def test_texts_that_lie_on_one_another_or_are_cut_off_are_found():
    made, axis = plotting.figure(3, 2)
    axis.set_axis_off()
    for x, text in ((0.2, "one"), (0.25, "two"), (1.5, "three")):
        axis.text(x, 0.5, text)
    made.set_layout_engine("none")
    assert faults(made) == ["three", ("one", "two")]


def test_wrong_digits_have_a_bold_caption():
    figure = plotting.digits(IMAGES, range(12), columns=5, wrong=[False] * 11 + [True])
    weights = {axis.get_title(): axis.title.get_fontweight() for axis in figure.axes}
    assert (weights["10"], weights["11"]) == ("normal", "bold")


def test_the_bar_of_the_true_digit_is_hatched():
    axes = plotting.answers(IMAGES[:2], CHANCES[:2], labels=[2, 9]).axes
    assert [axis.get_title() for axis in axes] == ["true 2", "true 9"]
    hatched = [[bool(bar.get_hatch()) for bar in axis.patches] for axis in axes]
    assert hatched == [[False, True], [False, False]]


def test_curves_tell_six_lines_apart_without_colour():
    x = np.arange(1, 21)
    figure = plotting.curves({f"line {i}": (x, x * i) for i in range(6)}, "epoch", "loss")
    (axis,) = figure.axes
    assert len({line.get_marker() for line in axis.lines}) == 6
    assert len({str(line._unscaled_dash_pattern) for line in axis.lines}) == 6
    check(figure, "line 5")
    assert not any("." in text.get_text() for text in axis.get_xticklabels())  # whole epochs


def test_intervals_draw_each_value_and_the_t_interval_of_their_mean():
    # mean 3, standard error 1 / √3, t(0.975, 2) = 4.3027
    (axis,) = plotting.intervals({"three": [2.0, 3.0, 4.0], "one": [5.0]}, "x").axes
    dots = [line.get_xdata().tolist() for line in axis.lines if line.get_marker() == "o"]
    assert dots == [[2, 3, 4], [5]]
    (bar,) = axis.containers
    (segment,) = bar.lines[2][0].get_segments()
    assert segment[:, 0] == pytest.approx([3 - 4.3027 / 3**0.5, 3 + 4.3027 / 3**0.5], abs=1e-4)


def test_confusion_matrix_writes_every_count_and_mutes_what_was_read_right():
    counts = np.arange(100).reshape(10, 10)
    (axis,) = plotting.confusion_matrix(counts).axes
    texts = {text.get_position()[::-1]: int(text.get_text()) for text in axis.texts}
    assert texts == dict(np.ndenumerate(counts))
    assert np.array_equal(axis.images[0].get_array().mask, np.eye(10, dtype=bool))


def test_reliability_draws_a_bar_for_each_bin_that_holds_digits():
    upper, lower = plotting.reliability(CALIBRATION).axes
    assert [bar.get_height() for bar in upper.patches] == [0.4, 0.9]
    assert [bar.get_x() for bar in lower.patches] == [0.25, 0.75]


def test_the_ladder_draws_the_course_above_and_others_below():
    figure = plotting.ladder(RUNGS)
    (axis,) = figure.axes
    names = [label.get_text() for label in axis.get_yticklabels()]
    assert names == ["02  one layer", "07  last half percent", "another's"]
    assert axis.yaxis_inverted() and axis.xaxis_inverted()
    note = "  networks of other tutorials, as measured here"
    assert note in written(figure) and note not in written(plotting.ladder(RUNGS[1:]))


@pytest.mark.parametrize(
    ("draw", "named"),
    [
        (lambda: plotting.digits(IMAGES / 255), "images must be uint8"),
        (lambda: plotting.digits(np.zeros((60_000, 28, 28), "u1")), "images must be 400 or fewer"),
        (lambda: plotting.digits(IMAGES, [1]), "captions must have one entry.*1 for 12"),
        (lambda: plotting.digits(IMAGES, wrong=True), r"wrong must be .*\(12,\)"),
        (lambda: plotting.digits(IMAGES, columns=10**9), "columns must be .*from 1 to 50"),
        (lambda: plotting.answers(IMAGES, CHANCES[:, 1:]), r"probabilities must be .*\(12, 10\)"),
        (lambda: plotting.answers(IMAGES, CHANCES * 9), "probabilities must be .*from 0 to 1"),
        (lambda: plotting.answers(IMAGES, CHANCES, labels=[1]), "labels must have one label"),
        (lambda: plotting.image_grid(IMAGES[0]), r"images must be .*shape \(n, h, w\)"),
        (lambda: plotting.image_grid(np.ones((1, 1, 10**6))), "the height of images divided by"),
        (lambda: plotting.pixel_values(IMAGES), r"\[image\] must be uint8"),
        (lambda: plotting.bars([1, -2], "ab"), "values must be .*from 0 to .*; got -2"),
        (lambda: plotting.bars([1, 2], "abc"), "labels must have one entry for each value"),
        (lambda: plotting.bars([1] * 10**5, range(10**5)), "the number of values must be"),
        (lambda: plotting.ranking([1]), "values must be a dict"),
        (lambda: plotting.ranking({"a": 1e308}), "values must be .*got 1e.308"),
        (lambda: plotting.ranking({"a": 1}, "{} {}"), "form must be a format"),
        (lambda: plotting.ranking({"x" * 10**6: 1}), "the names of values must have 200"),
        (lambda: plotting.digits(IMAGES, title="x" * 10**6), "title must have 200 characters"),
        (lambda: plotting.ranking(dict.fromkeys(range(10**4), 1)), "values must be .*got 10000"),
        (lambda: plotting.histograms({"a": [1]}, "ink"), "groups must be a dict of 2"),
        (lambda: plotting.histograms({"a": [1], "b": []}, "ink"), r"groups\['b'\] must be"),
        (lambda: plotting.histograms({"a": [1], "b": [2]}, "i", 10**9), "bins must be .*1000"),
        (lambda: plotting.training_curves([1.0]), "history must be a dict"),
        (lambda: plotting.training_curves({}, start={"loss": "low"}), r"start\['loss'\] must be"),
        (lambda: plotting.training_curves({"loss": [[1], [1, 2]]}), r"history\['loss'\] must be"),
        (lambda: plotting.curves({}, "x", "y"), "series must be a dict of 1 to 6 names"),
        (lambda: plotting.curves({"a": [1, 2, 3]}, "x", "y"), r"series\['a'\] must be \(x, y\)"),
        (lambda: plotting.curves({"a": ([1, 2], [1])}, "x", "y"), r"y of series\['a'\] must be"),
        (lambda: plotting.curves({"a": ([1], [1])}, "x", "y", yscale="cube"), "yscale must be"),
        (lambda: plotting.intervals({"a": [np.nan]}, "x"), r"groups\['a'\] must be finite"),
        (lambda: plotting.confusion_matrix(np.eye(9, dtype=int)), "counts must be"),
        (lambda: plotting.reliability([0.5]), "calibration.counts must be"),
        (lambda: plotting.ladder([]), "rows must hold from 1 to 100 models; got 0"),
        (lambda: plotting.reliability(MANY), "the number of bins must be .*1000"),
        (lambda: plotting.figure(10**9, 1), "width and height in inches must be .*0.1 to 100"),
        (lambda: plotting.figure(5, 5, 10**6, 10**6), "rows times columns must be .*1 to 400"),
    ],
)
def test_what_cannot_be_drawn_is_named(draw, named):
    with pytest.raises(ValueError, match=f"^{named}") as raised:
        draw()
    assert len(str(raised.value)) < 400

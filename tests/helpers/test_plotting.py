"""Figures: made without pyplot, shown with alternative text, marked when digits are drawn."""

import io
from base64 import b64decode

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from helpers import data, evaluation, plotting, scoreboard
from helpers.diagrams import first_pages as diagrams
from tests.figures import written

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 28, 28)).astype(np.uint8)
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


def texts(figure):
    """All text drawn in a figure."""
    return " | ".join(written(figure))


def test_show_keeps_the_alternative_text_and_returns_nothing(shown):
    assert plotting.show(plotting.digits(IMAGES), alt=ALT) is None
    ((bundle, metadata),) = shown
    assert metadata["image/png"]["alt"] == ALT == bundle["text/plain"]
    picture = Image.open(io.BytesIO(b64decode(bundle["image/png"])))
    assert picture.width > metadata["image/png"]["width"] > 100


def test_show_live_replaces_and_keeps_the_alternative_text(shown):
    handle = plotting.show_live(plotting.digits(IMAGES), ALT)
    assert plotting.show_live(plotting.digits(IMAGES), "Other words.", handle) is handle
    assert [metadata["image/png"]["alt"] for _, metadata in shown] == [ALT, "Other words."]


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_show_wants_alternative_text(shown, alt):
    with pytest.raises(ValueError, match="alt must say"):
        plotting.show(plotting.digits(IMAGES), alt=alt)
    assert not shown


@pytest.mark.parametrize("figure", [None, "figure", IMAGES])
def test_show_wants_a_figure(shown, figure):
    with pytest.raises(ValueError, match="^shown must be a figure"):
        plotting.show(figure, alt=ALT)
    assert not shown


@pytest.mark.parametrize(("source", "marked"), [("drawn", True), ("mnist", False), (None, False)])
def test_figures_say_when_digits_are_drawn(shown, monkeypatch, source, marked):
    monkeypatch.setattr(data, "source_in_use", lambda: source)
    figure = plotting.digits(IMAGES, title="Noise")
    handle = plotting.show_live(figure, ALT)
    plotting.show_live(figure, ALT, handle)
    assert figure.get_suptitle().count(plotting.NOT_MNIST) == int(marked)
    assert figure.get_suptitle().startswith("Noise")


def test_digits_draws_each_image_with_its_caption_and_marks_the_wrong_ones():
    wrong = [False] * 11 + [True]
    figure = plotting.digits(IMAGES, [f"d{i}" for i in range(12)], columns=5, wrong=wrong)
    assert sum(len(axis.images) for axis in figure.axes) == 12
    weights = {axis.get_title(): axis.title.get_fontweight() for axis in figure.axes}
    assert weights["d10"] == "normal"
    assert weights["d11"] == "bold"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"images": IMAGES / 255}, "images must be uint8"),
        ({"images": IMAGES[:0]}, "images must be uint8"),
        ({"images": IMAGES, "captions": [1]}, "captions must have one entry.*1 for 12"),
        ({"images": IMAGES, "wrong": [True]}, "wrong must have one entry"),
        ({"images": IMAGES, "captions": 3}, "captions must have one entry.*got 3"),
        ({"images": IMAGES, "columns": 0}, "columns must be a whole number of 1 or more; got 0"),
        ({"images": IMAGES, "columns": -1}, "columns must be a whole number"),
        ({"images": IMAGES, "columns": 2.5}, "columns must be a whole number"),
    ],
)
def test_digits_names_bad_input(arguments, named):
    with pytest.raises(ValueError, match=named):
        plotting.digits(**arguments)


def test_training_curves_tell_training_and_validation_apart_without_colour():
    history = {"loss": [2, 1], "val_loss": [2, 1.5]}
    history |= {"accuracy": [0.1, 0.5], "val_accuracy": [0.1, 0.4]}
    figure = plotting.training_curves(history, epochs=5)
    loss, accuracy = figure.axes
    for axis in (loss, accuracy):
        styles = {(line.get_linestyle(), line.get_marker()) for line in axis.lines}
        assert len(styles) == len(axis.lines) == 2
    assert loss.get_xlim()[1] > 5
    assert list(accuracy.lines[1].get_ydata()) == [0.1, 0.4]


def test_training_curves_without_validation_or_any_epoch():
    assert len(plotting.training_curves({"loss": [2.0]}).axes[0].lines) == 1
    assert len(plotting.training_curves({}).axes[0].lines) == 0


@pytest.mark.parametrize(
    ("history", "named"),
    [
        (None, "history must be a dict of .*fit.*NoneType"),
        ([1.0], "history must be a dict"),
        ({"loss": 1.0}, r"history\['loss'\] must be numbers"),
        ({"loss": ["high"]}, r"history\['loss'\] must be numbers"),
    ],
)
def test_training_curves_want_a_history(history, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        plotting.training_curves(history)


@pytest.mark.parametrize(
    ("values", "labels", "named"),
    [
        ([], [], "values must be finite numbers"),
        ([1, -2], "ab", "values must be .*0 or more; got -2"),
        (["1"], "a", "values must be finite numbers"),
        ([1, 2], "abc", "labels must have one entry for each value; got 3 for 2"),
        ([1], None, "labels must have one entry"),
    ],
)
def test_bars_name_bad_input(values, labels, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        plotting.bars(values, labels)


def test_bars_write_their_values():
    assert "5,923" in texts(plotting.bars([5923, 6742], [0, 1]))


def test_weight_images_share_one_scale_around_zero():
    figure = plotting.weight_images(np.tile([-3.0, 1.0], 3920).reshape(784, 10))
    limits = {axis.images[0].get_clim() for axis in figure.axes if axis.images}
    assert limits == {(-3.0, 3.0)}
    assert ["weight" in axis.get_ylabel() for axis in figure.axes].count(True) == 1


def test_weight_images_put_a_column_of_weights_into_rows_of_pixels():
    weights = np.zeros((6 * 6, 3))
    weights[6 * 2 + 4, 1] = 1.0  # third row, fifth pixel of the second neuron
    figure = plotting.weight_images(weights, side=6)
    images = {axis.get_title(): axis.images[0].get_array() for axis in figure.axes if axis.images}
    assert list(images) == ["neuron 0", "neuron 1", "neuron 2"]
    assert np.argwhere(images["neuron 1"]).tolist() == [[2, 4]]


@pytest.mark.parametrize(
    "weights", [None, np.zeros(784), np.zeros((783, 10)), np.zeros((784, 0)), np.zeros((10, 784))]
)
def test_weight_images_want_one_column_a_neuron(weights):
    with pytest.raises(ValueError, match=r"^weights must be .*shape \(784, n\)"):
        plotting.weight_images(weights)


def test_image_grid_scales_each_image_for_itself_or_all_around_zero():
    images = np.array([[[0.0, 1.0]], [[2.0, 6.0]], [[-8.0, 0.0]]])
    axes = [axis for axis in plotting.image_grid(images, "abc", columns=2).axes if axis.images]
    assert [axis.images[0].get_clim() for axis in axes] == [(0, 1), (2, 6), (-8, 0)]
    assert [axis.get_title() for axis in axes] == ["a", "b", "c"]
    figure = plotting.image_grid(images, columns=2, symmetric=True)
    limits = {axis.images[0].get_clim() for axis in figure.axes if axis.images}
    ((low, high),) = limits
    assert -low == high > 7


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("symmetric", [True, False])
def test_image_grid_draws_images_of_zeros(symmetric):
    plotting.image_grid(np.zeros((1, 3, 5)), symmetric=symmetric).draw_without_rendering()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"images": IMAGES[0]}, r"images must be .*shape \(n, h, w\)"),
        ({"images": np.full((1, 2, 2), np.nan)}, "images must be finite"),
        ({"images": IMAGES, "captions": "ab"}, "captions must have one entry"),
        ({"images": IMAGES, "columns": 0}, "columns must be a whole number"),
    ],
)
def test_image_grid_names_bad_input(arguments, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        plotting.image_grid(**arguments)


@pytest.mark.filterwarnings("error")
def test_curves_tell_six_lines_apart_without_colour():
    x = np.arange(1, 21)
    series = {f"line {i}": (x, x * i / 100, np.full(20, 0.01)) for i in range(6)}
    figure = plotting.curves(series, "epoch", "accuracy", percent=True, ylim=(0, 1))
    (axis,) = figure.axes
    assert len({line.get_marker() for line in axis.lines}) == 6
    assert len({str(line._unscaled_dash_pattern) for line in axis.lines}) == 6
    assert [text.get_text() for text in figure.legends[0].get_texts()] == list(series)
    band = axis.collections[2].get_paths()[0].vertices[:, 1]
    assert band.max() == pytest.approx(0.02 * 20 + 0.01)
    figure.draw_without_rendering()
    assert axis.get_ylim() == (0, 1)
    assert "100 %" in texts(figure)
    assert not any("." in text.get_text() for text in axis.get_xticklabels())


@pytest.mark.filterwarnings("error")
def test_curves_on_log_scales_leave_gaps():
    figure = plotting.curves({"a": ([0.01, 0.1, 1], [1, np.nan, 10])}, "x", "y", None, "log", "log")
    figure.draw_without_rendering()
    (axis,) = figure.axes
    assert (axis.get_xscale(), axis.get_yscale()) == ("log", "log")
    assert not figure.legends
    assert axis.get_legend()


@pytest.mark.parametrize(
    ("series", "options", "named"),
    [
        ({}, {}, "series must be a dict of 1 to 6 names"),
        ({i: ([1], [1]) for i in range(7)}, {}, "series must be .*got 7"),
        ({"a": [1, 2, 3, 4]}, {}, r"series\['a'\] must be \(x, y\)"),
        ({"a": ([1, 2], [1])}, {}, r"y of series\['a'\] must be .*\(2,\); got shape \(1,\)"),
        ({"a": ([np.nan], [1])}, {}, r"x of series\['a'\]"),
        ({"a": ([1], [1], [-1])}, {}, r"spread of series\['a'\] must be .*0 or more"),
        ({"a": ([1], [1])}, {"xscale": "cube"}, "xscale must be 'linear' or 'log'; got 'cube'"),
        ({"a": ([1], [1])}, {"ylim": 3}, "ylim must be"),
    ],
)
def test_curves_name_bad_input(series, options, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        plotting.curves(series, "x", "y", **options)


def test_intervals_draw_each_value_and_the_t_interval_of_their_mean():
    # mean 3, standard error 1 / √3, t(0.975, 2) = 4.3027
    figure = plotting.intervals({"three": [2.0, 3.0, 4.0], "one": [5.0]}, "x", reference=2.5)
    (axis,) = figure.axes
    dots = [line.get_xdata().tolist() for line in axis.lines if line.get_marker() == "o"]
    assert dots == [[2, 3, 4], [5]]
    (bar,) = axis.containers
    (segment,) = bar.lines[2][0].get_segments()
    assert segment[:, 0] == pytest.approx([3 - 4.3027 / 3**0.5, 3 + 4.3027 / 3**0.5], abs=1e-4)
    assert bar.lines[0].get_xdata().tolist() == [3]
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert sorted(names) == ["mean and its 95 % interval", "one seed", "reference"]
    assert axis.yaxis_inverted()


@pytest.mark.filterwarnings("error")
def test_intervals_of_equal_values_and_of_a_single_one():
    figure = plotting.intervals({"same": [0.5, 0.5], "one": [0.5]}, "x", percent=True)
    figure.draw_without_rendering()
    assert "50" in texts(figure) and " %" in texts(figure)
    assert "mean" not in texts(plotting.intervals({"one": [0.5]}, "x"))


@pytest.mark.parametrize(
    ("groups", "reference", "named"),
    [
        ({}, None, "groups must be a dict"),
        ([1.0], None, "groups must be a dict"),
        ({"a": []}, None, r"groups\['a'\] must be finite numbers"),
        ({"a": [np.nan]}, None, r"groups\['a'\] must be finite numbers"),
        ({"a": [1.0]}, "half", "reference must be finite numbers"),
    ],
)
def test_intervals_name_bad_input(groups, reference, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        plotting.intervals(groups, "x", reference=reference)


def test_confusion_matrix_writes_every_count_and_mutes_what_was_read_right():
    counts = np.arange(100).reshape(10, 10)
    counts[3, 3] = 1200
    (axis,) = plotting.confusion_matrix(counts).axes
    written = {text.get_position()[::-1]: text.get_text() for text in axis.texts}
    assert written == {place: f"{count:,}" for place, count in np.ndenumerate(counts)}
    (image,) = axis.images
    assert np.array_equal(np.ma.getmaskarray(image.get_array()), np.eye(10, dtype=bool))
    assert image.get_clim() == (0, 98)
    assert (axis.get_ylabel(), axis.get_xlabel()) == ("true digit", "digit read")


@pytest.mark.filterwarnings("error")
def test_confusion_matrix_without_mistakes():
    plotting.confusion_matrix(np.eye(10, dtype=int)).draw_without_rendering()


@pytest.mark.parametrize(
    "counts", [None, np.zeros((9, 10), int), np.eye(10), np.full((10, 10), -1)]
)
def test_confusion_matrix_names_bad_counts(counts):
    with pytest.raises(ValueError, match="^counts must be"):
        plotting.confusion_matrix(counts)


def test_mistakes_show_the_two_likeliest_answers_and_hatch_the_true_one():
    chances = np.full((2, 10), 0.01)
    chances[0, [7, 2]] = 0.6, 0.32
    chances[1, [1, 4]] = 0.5, 0.42
    figure = plotting.mistakes(IMAGES[:2], [2, 9], chances)
    axes = [axis for axis in figure.axes if axis.images]
    assert [axis.get_title() for axis in axes] == ["true 2", "true 9"]
    said = [[text.get_text() for text in axis.texts] for axis in axes]
    assert said == [["7", "60 %", "2", "32 %"], ["1", "50 %", "4", "42 %"]]
    hatched = [[bool(bar.get_hatch()) for bar in axis.patches] for axis in axes]
    assert hatched == [[False, True], [False, False]]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"images": IMAGES / 255}, "images must be uint8"),
        ({"labels": [1]}, "labels must have one label for each image"),
        ({"probabilities": np.zeros((12, 9))}, r"probabilities must be .*\(12, 10\)"),
        ({"probabilities": np.full((12, 10), 3.0)}, "probabilities must be .*from 0 to 1; got 3"),
        ({"columns": 0}, "columns must be a whole number"),
    ],
)
def test_mistakes_name_bad_input(changes, named):
    arguments = {"images": IMAGES, "labels": [3] * 12, "probabilities": np.zeros((12, 10))}
    with pytest.raises(ValueError, match=f"^{named}"):
        plotting.mistakes(**arguments | changes)


DIAGRAMS = {
    "neuron": lambda: diagrams.neuron_in_the_plane([-1, 1], 5, [[0, 0], [8, 1], [5, 0]]),
    "exclusive or": diagrams.exclusive_or,
    "layer shapes": diagrams.layer_shapes,
    "softmax": lambda: diagrams.softmax_bars([2, 1, 0], [0.665, 0.245, 0.09]),
    "valley": lambda: diagrams.valley([0, 1, 2], [2.3, 1.0, 3.0], chosen=0.5),
    "software": diagrams.software_layers,
    "timeline": diagrams.timeline,
}
WORDS = {
    "neuron": ["(0, 0): score 5", "(8, 1): score -2", "(5, 0): score 0"],
    "exclusive or": ["class 0", "class 1"],
    "layer shapes": ["(5, 784)", "(784, 10)", "(10,)", "(5, 10)"],
    "softmax": ["0.665", "0.245", "0.090"],
    "valley": ["start: 2.300", "a step of 0.5: 1.650", "1.000"],
    "software": ["Keras", "TensorFlow"],
    "timeline": ["1958", "1986", "2012"],
}


@pytest.mark.parametrize("name", DIAGRAMS)
def test_diagrams_say_what_they_should(name):
    figure = DIAGRAMS[name]()
    assert isinstance(figure, Figure)
    for words in WORDS[name]:
        assert words in texts(figure)


def test_the_side_of_the_neuron_follows_its_weights():
    def sides(weights):
        figure = diagrams.neuron_in_the_plane(weights, 5, [[0, 0]])
        return {text.get_text(): text.get_position()[1] for text in figure.axes[0].texts}

    up, down = sides([-1, 1]), sides([-1, -1])
    assert up["score > 0"] > up["score < 0"]
    assert down["score > 0"] < down["score < 0"]


def calibration(counts):
    """A calibration whose bins are 0.1 right less often than sure."""
    edges = np.linspace(0, 1, len(counts) + 1)[1:]
    shares = np.where(np.array(counts) > 0, edges - 0.1, np.nan)
    return evaluation.Calibration(0.1, shares, shares, np.array(counts))


@pytest.mark.filterwarnings("error")
def test_reliability_draws_a_bar_for_each_bin_that_holds_digits():
    figure = plotting.reliability(calibration([0, 1, 0, 900]), "How sure?")
    figure.draw_without_rendering()
    upper, lower = figure.axes
    assert [bar.get_height() for bar in upper.patches] == pytest.approx([0.4, 0.9])
    assert [bar.get_x() for bar in lower.patches] == [0.25, 0.75]
    assert "How sure?" in texts(figure) and "as often as it was sure" in texts(figure)


def test_reliability_names_what_is_wrong():
    broken = calibration([1, 1])._replace(accuracy=np.array([0.5, 1.5]))
    with pytest.raises(ValueError, match="accuracy"):
        plotting.reliability(broken)


def section(**values):
    """A part of a results file: accuracies by a model's name, spaces written as _."""
    return {
        name.replace("_", " "): {"page": page, "test": {"values": accuracies}}
        for name, (page, accuracies) in values.items()
    }


@pytest.mark.filterwarnings("error")
def test_the_ladder_draws_the_course_above_and_others_below():
    figure = plotting.ladder(
        {"codelab 2: 200–60": {"page": "networks", "test": {"values": [0.98]}}}
        | section(last_half_percent=("06_x", [0.995, 0.996]), one_layer=("02_y", [0.92, 1.0]))
    )
    figure.draw_without_rendering()
    (axis,) = figure.axes
    names = [label.get_text() for label in axis.get_yticklabels()]
    assert names == ["02  one layer", "06  last half percent", "codelab 2: 200–60"]
    assert axis.yaxis_inverted() and axis.xaxis_inverted()
    assert {"96.00 %", "99.55 %", "98.00 %"} <= set(written(figure))


def test_the_ladder_so_far_ends_with_its_chapter_and_leaves_others_out():
    found = section(
        nearest_mean=("01_data", [0.8]),
        convolutional=("05_convolutions", [0.99]),
        **{"codelab 2: 200–60": ("networks", [0.97])},
    )
    said = written(plotting.ladder(found, until="03"))
    assert "01  nearest mean" in said
    assert not {"05  convolutional", "codelab 2: 200–60"} & set(said)
    assert "05  convolutional" in written(plotting.ladder(found, until="05"))
    with pytest.raises(ValueError, match="section"):
        plotting.ladder(found, until="00")


@pytest.mark.parametrize("found", [{}, {"one layer": {"page": "02", "test": None}}])
def test_a_ladder_needs_a_rung(found):
    with pytest.raises(ValueError, match="section must hold a test score"):
        plotting.ladder(found)


def test_show_ladder_says_each_error_or_what_is_missing(shown, tmp_path, capsys):
    path = tmp_path / "results.json"
    entry = {"page": "01_data", "parameters": 1, "epochs": None, "seeds": [1], "validation": None}
    entry |= {"seconds": None, "machine": "m", "versions": {"python": "3"}, "digest": "d"}
    entry["test"] = {"mean": 0.82, "sd": None, "values": [0.82], "n_digits": 100}
    content = {"schema": 1, "mnist": {"nearest mean": entry}, "drawn": {}}
    scoreboard.write_atomically(path, content)
    plotting.show_ladder(path, until="01")
    assert "nearest mean 18.00 %" in str(shown)
    plotting.show_ladder(path, until="00")
    assert "make results" in capsys.readouterr().out
    plotting.show_ladder(tmp_path / "none.json")
    assert "No ladder to show" in capsys.readouterr().out
    assert len(shown) == 1

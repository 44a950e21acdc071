"""Figures: made without pyplot, shown with alternative text, marked when digits are drawn."""

import io
from base64 import b64decode

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from helpers import data, diagrams, plotting

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
    found = figure.findobj(lambda artist: hasattr(artist, "get_text"))
    return " | ".join(text.get_text() for text in found)


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


def test_bars_write_their_values():
    assert "5,923" in texts(plotting.bars([5923, 6742], [0, 1]))


def test_weight_images_share_one_scale_around_zero():
    figure = plotting.weight_images(np.tile([-3.0, 1.0], 3920).reshape(784, 10))
    limits = {axis.images[0].get_clim() for axis in figure.axes if axis.images}
    assert limits == {(-3.0, 3.0)}


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

"""The live plot."""

import numpy as np
import pytest

from helpers import training


@pytest.fixture
def drawn(monkeypatch):
    """(title, alternative text, handle that is updated) of each figure that was shown."""
    calls = []

    def show_live(figure, alt, handle):
        calls.append((figure.get_suptitle(), alt, handle))
        return "handle"

    monkeypatch.setattr(training.plotting, "show_live", show_live)
    return calls


def fit(*epochs):
    plot = training.LivePlot("Test")
    plot.set_params({"epochs": 3})
    for _ in range(2):  # two fits: a figure each
        plot.on_train_begin()
        for epoch, logs in enumerate(epochs):
            plot.on_epoch_end(epoch, logs)
    return plot.history


def test_live_plot_draws_once_and_then_updates(drawn):
    history = fit({"loss": 2.0, "val_loss": np.float32(2.5)}, {"loss": 1.0, "val_loss": 1.5})
    assert history == {"loss": [2.0, 1.0], "val_loss": [2.5, 1.5]}
    assert [handle for *_, handle in drawn] == [None, "handle", None, "handle"]
    assert drawn[1][1] == "Test: curves over 2 epochs; at the end loss 1.000, val loss 1.500."


def test_live_plot_begins_before_training(drawn, monkeypatch):
    figures, draw = [], training.plotting.training_curves

    def kept(*given, **named):
        figures.append(draw(*given, **named))
        return figures[-1]

    monkeypatch.setattr(training.plotting, "training_curves", kept)
    plot = training.LivePlot("Test", {"loss": 2.4, "accuracy": np.float32(0.125)})
    plot.set_params({"epochs": 3})
    plot.on_train_begin()
    plot.on_epoch_end(0, {"loss": 1.0, "val_loss": 0.5})
    assert "before training val loss 2.400, val accuracy 0.125; at the end" in drawn[0][1]
    loss, _ = figures[0].axes
    assert [[*line.get_xdata()] for line in loss.lines] == [[1], [0, 1]]
    assert [*loss.lines[1].get_ydata()] == [2.4, 0.5]


def test_live_plot_without_logs(drawn):
    assert fit(None) == {}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_live_plot_says_that_a_loss_is_no_number(drawn, bad):
    fit({"loss": 2.0, "accuracy": 0.1, "val_loss": bad}, {"loss": bad, "val_loss": bad})
    validation = "The validation loss is not a finite number, first in epoch 1"
    assert drawn[0][0] == f"Test\n{validation}"
    title, alt, _ = drawn[1]
    assert title == f"Test\nThe loss is not a finite number, first in epoch 2\n{validation}"
    assert alt.endswith(f". The loss is not a finite number, first in epoch 2. {validation}.")

"""The live plot."""

import numpy as np
import pytest

from helpers import training


@pytest.fixture
def drawn(monkeypatch):
    """The alternative texts of the figures that were shown, and the handles they updated."""
    calls = []

    def show_live(figure, alt, handle):
        calls.append((alt, handle))
        return "handle"

    monkeypatch.setattr(training.plotting, "show_live", show_live)
    return calls


def test_live_plot_draws_once_and_then_updates(drawn):
    plot = training.LivePlot("Test")
    plot.set_params({"epochs": 2})
    for _ in range(2):  # two fits: a figure each
        plot.on_train_begin()
        plot.on_epoch_end(0, {"loss": 2.0, "val_loss": np.float32(2.5)})
        plot.on_epoch_end(1, {"loss": 1.0, "val_loss": np.float32(1.5)})
        assert plot.history == {"loss": [2.0, 1.0], "val_loss": [2.5, 1.5]}
    assert [handle for _, handle in drawn] == [None, "handle", None, "handle"]
    assert drawn[1][0] == "Test: curves over 2 epochs; at the end loss 1.000, val loss 1.500."


def test_live_plot_without_logs(drawn):
    plot = training.LivePlot()
    plot.set_params({"epochs": 1})
    plot.on_train_begin()
    plot.on_epoch_end(0, None)
    assert plot.history == {}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_live_plot_says_that_a_loss_is_no_number(monkeypatch, bad):
    drawn = []

    def show_live(figure, alt, handle):
        figure.draw_without_rendering()
        drawn.append((figure.get_suptitle(), alt))

    monkeypatch.setattr(training.plotting, "show_live", show_live)
    plot = training.LivePlot("Test")
    plot.set_params({"epochs": 3})
    plot.on_train_begin()
    plot.on_epoch_end(0, {"loss": 2.0, "accuracy": 0.1, "val_loss": bad})
    plot.on_epoch_end(1, {"loss": bad, "accuracy": 0.1, "val_loss": bad})
    validation = "The validation loss is not a finite number, first in epoch 1"
    assert drawn[0][0] == f"Test\n{validation}"
    title, alt = drawn[1]
    assert title == f"Test\nThe loss is not a finite number, first in epoch 2\n{validation}"
    assert alt.startswith("Test: curves over 2 epochs; at the end loss ")
    assert alt.endswith(f". The loss is not a finite number, first in epoch 2. {validation}.")

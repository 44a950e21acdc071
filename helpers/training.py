"""Watch training while it runs."""

import math

import keras

from helpers import plotting


class LivePlot(keras.callbacks.Callback):
    """Draw loss and accuracy after every epoch of `fit`, in one figure that updates in place.

    Validation curves are drawn when `fit` is given validation digits. The callback keeps what it
    draws in `history`, as `fit`'s own return value does. Where a loss is no longer a finite number
    the curve has a gap; the title and the alternative text say so.

    Args:
        title: str drawn above the curves.
        start: dict of what the model scored on the validation digits before training, as
            `model.evaluate(…, return_dict=True)` gives it; drawn as epoch 0. None draws none.
    """

    def __init__(self, title="Training", start=None):
        super().__init__()
        self.title = title
        self.start = {f"val_{name}": float(value) for name, value in (start or {}).items()}

    def on_train_begin(self, logs=None):
        """Start an empty history: one figure for each call of `fit`."""
        self.history = {}
        self._display = None

    def on_epoch_end(self, epoch, logs=None):
        """Add the epoch's values and draw again."""
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        problems = list(self._problems())
        first = f"before training {_said(self.start)}; " if self.start else ""
        last = _said({name: values[-1] for name, values in self.history.items()})
        said = f"{self.title}: curves over {epoch + 1} epochs; {first}at the end {last}"
        title = "\n".join([self.title, *problems])
        figure = plotting.training_curves(
            self.history, self.params.get("epochs"), title, start=self.start
        )
        alt = ". ".join([said, *problems]) + "."
        self._display = plotting.show_live(figure, alt, self._display)

    def _problems(self):
        for name, values in self.history.items():
            first = next((i for i, value in enumerate(values, 1) if not math.isfinite(value)), None)
            if name.endswith("loss") and first:
                word = name.replace("_", " ").replace("val ", "validation ")
                yield f"The {word} is not a finite number, first in epoch {first}"


def _said(values):
    return ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in values.items())

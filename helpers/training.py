"""Watch training while it runs."""

import keras

from helpers import plotting


class LivePlot(keras.callbacks.Callback):
    """Draw loss and accuracy after every epoch of `fit`, in one figure that updates in place.

    Validation curves are drawn when `fit` is given validation digits. The callback keeps what it
    draws in `history`, as `fit`'s own return value does.

    Args:
        title: str drawn above the curves.
    """

    def __init__(self, title="Training"):
        super().__init__()
        self.title = title
        self.history = {}
        self._display = None

    def on_train_begin(self, logs=None):
        """Start an empty history: one figure for each call of `fit`."""
        self.history = {}
        self._display = None

    def on_epoch_end(self, epoch, logs=None):
        """Add the epoch's values and draw again."""
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        figure = plotting.training_curves(self.history, self.params.get("epochs"), self.title)
        self._display = plotting.show_live(figure, self._describe(epoch + 1), self._display)

    def _describe(self, epochs):
        last = ", ".join(
            f"{name.replace('_', ' ')} {values[-1]:.3f}" for name, values in self.history.items()
        )
        return f"{self.title}: curves over {epochs} epochs; at the end {last}."

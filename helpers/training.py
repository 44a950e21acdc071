"""Watch training while it runs, and say what machine it runs on."""

import os
import platform
import subprocess
from pathlib import Path

import keras

from helpers import environment, plotting


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


def machine():
    """Say in one line what this computer computes with.

    Returns:
        str, such as "2 CPU cores (Intel Xeon), no GPU".
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} CPU cores ({_processor()}), {_gpu()}"


def _processor():
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _gpu():
    if not environment.has_nvidia_gpu():
        return "no GPU"
    ask = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    answer = subprocess.run(ask, capture_output=True, text=True, check=False)
    names = answer.stdout.strip().splitlines()
    return f"GPU {names[0]}" if answer.returncode == 0 and names else "no GPU"

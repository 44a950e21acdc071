"""A pad to draw a digit on, in the page, and to watch a network read it.

Tried in JupyterLab, with mouse, touch and keyboard. Colab and VS Code show widgets of this kind
too; there the pad is not tested.
"""

from pathlib import Path

import anywidget
import numpy as np
from IPython.utils.capture import capture_output

from helpers import checks
from helpers.handwriting import reader

SENT = 140  # pixels a side of the page that the browser sends; pad.js has the same number
MARGIN = 10  # pixels of paper put round it: ink at the pad's edge is not cut off there
LONGEST = 600  # characters of a message


class DrawingPad(anywidget.AnyWidget):
    """A pad to draw on, ten bars of probabilities that follow, and what the network sees.

    While one draws, the browser sends the page ten times a second at most, and again at the end of
    a stroke. `reader.find_digit` makes a digit of it, `predict` reads the digit, and the browser
    shows both. What goes wrong on the way is written in the pad. No drawing is kept: a page that
    is saved holds none.

    Args:
        predict: function of a digit, uint8 (28, 28), that returns its 10 probabilities, float
            (10,). It first reads a blank digit here; what it prints then is not shown.

    Attributes:
        digit: uint8 (28, 28), the digit read last; None before the first and after an error. It
            may change while a cell runs: JupyterLab 4.4 and later hand drawings to a thread of
            their own, a "subshell". Source: Jupyter Enhancement Proposal 91.
        probabilities: float (10,), what `predict` gave for it; None likewise.

    Raises:
        ValueError: no function, or what it returns for a blank digit are no 10 probabilities.
    """

    _esm = Path(__file__).with_name("pad.js")
    _css = Path(__file__).with_name("pad.css")

    def __init__(self, predict):
        if not callable(predict):
            raise ValueError(
                "predict must be a function of one digit, uint8 (28, 28), that returns its 10 "
                f"probabilities; got {type(predict).__name__}."
            )
        with capture_output():
            _probabilities(predict, np.zeros((checks.SIDE, checks.SIDE), np.uint8))
        super().__init__()
        self.digit = None
        self.probabilities = None
        self._predict = predict
        self.on_msg(self._answer)

    def __repr__(self):
        """What stands in place of the pad where no kernel runs: in a saved page, on GitHub."""
        return "A drawing pad: run this cell to draw."

    def _answer(self, _, page, buffers):
        """Read the page that the browser sent, and send back what came of it.

        Args:
            page: dict with the `view` that sent it and its `number`, which the answer repeats.
            buffers: one of SENT × SENT bytes, row by row; 0 is paper, 255 is ink.
        """
        digit = chances = problem = None
        try:
            digit = _digit(np.frombuffer(buffers[0], np.uint8).reshape(SENT, SENT))
            chances = _probabilities(self._predict, digit)
        except Exception as error:  # whatever it is: raised here, nobody would see it
            problem = _said(error)
        self.digit, self.probabilities = digit, chances
        chances = None if chances is None else chances.tolist()
        read = [] if digit is None else [digit.tobytes()]
        self.send(page | {"problem": problem, "probabilities": chances}, read)


def _digit(page):
    if not page.any():
        raise reader.PictureError("Draw a digit.")
    return reader.find_digit(np.pad(page, MARGIN))


def _probabilities(predict, digit):
    given = predict(digit)
    try:
        found = checks.numbers(given, "what predict returns", (10,), 0, 1 + 1e-3)
        found = found.astype(np.float64)
        if abs(found.sum() - 1) > 1e-2:
            raise ValueError(f"what predict returns must add up to 1; got {found.sum():.4g}.")
    except ValueError as error:
        raise ValueError(
            f"{error} It gets one digit and returns one row of probabilities: of a batch of one, "
            "the first row; of logits, their softmax."
        ) from None
    return found


def _said(error):
    """What the pad shows of an error: of one about the drawing, its words alone."""
    about_drawing = isinstance(error, reader.PictureError)
    text = str(error) if about_drawing else f"{type(error).__name__}: {error}"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"

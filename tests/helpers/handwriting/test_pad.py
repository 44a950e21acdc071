"""The drawing pad without a browser: what Python makes of a drawing, and what a page stores."""

import json
import os
import threading

import numpy as np
import pytest
from nbformat import v4
from PIL import Image, ImageDraw

from helpers.handwriting import pad, reader
from tools import html, pages

EVEN = np.full(10, 0.1)
FALLBACK = "A drawing pad: run this cell to draw."


def page(*strokes):
    """The bytes of a page with these strokes, each a list of (x, y)."""
    paper = Image.new("L", (pad.SENT, pad.SENT))
    for stroke in strokes:
        ImageDraw.Draw(paper).line(stroke, fill=255, width=11)
    return paper.tobytes()


DOWN = [(70, 20), (70, 120)]
ACROSS = [(20, 70), (120, 70)]


class Pad:
    """A pad, and what it sends to the browser."""

    def __init__(self, predict):
        self.pad = pad.DrawingPad(predict)
        self.sent = []
        self.pad.send = lambda content, buffers=None: self.sent.append((content, buffers))

    def draw(self, drawn, number=1, view="a"):
        """The answer to a page; fails when there is not exactly one."""
        content = {"view": view, "number": number}
        self.pad._handle_custom_msg(content, [memoryview(drawn)])
        (answer,) = self.sent
        self.sent.clear()
        return answer


def tall_or_wide(digit):
    """A 1 where the ink is higher than wide, else a 7."""
    return np.eye(10)[1 if digit.any(axis=1).sum() > digit.any(axis=0).sum() else 7]


def test_a_stroke_is_read_and_answered_and_an_empty_page_forgets_it():
    drawing = Pad(tall_or_wide)
    state = drawing.pad.get_state()
    answer, (digit,) = drawing.draw(page(DOWN), number=4, view="left")
    chances = np.eye(10)[1].tolist()
    assert json.loads(json.dumps(answer)) == {
        "view": "left", "number": 4, "problem": None, "probabilities": chances
    }  # fmt: skip
    assert digit == drawing.pad.digit.tobytes()
    assert drawing.pad.digit.shape == (28, 28) and drawing.pad.digit.dtype == np.uint8
    rows, columns = np.nonzero(drawing.pad.digit > 127)
    assert np.ptp(rows) + 1 == 20 and abs(columns.mean() - 14) < 1, "boxed and centred as MNIST's"
    assert drawing.draw(page([(2, 0), (2, 139)]))[0]["probabilities"][1] == 1, "ink at the edge"
    answer, buffers = drawing.draw(page())
    assert answer["problem"] == "Draw a digit." and answer["probabilities"] is None
    assert buffers == [] and drawing.pad.digit is None and drawing.pad.probabilities is None
    assert drawing.pad.get_state() == state and len(json.dumps(state)) < 20_000, "nothing is kept"
    assert f"const SENT = {pad.SENT};" in drawing.pad._esm, "both sides send pages of one size"


def test_what_no_digit_is_found_in_is_said_in_the_readers_words():
    everything = np.full((pad.SENT, pad.SENT), 255, np.uint8)
    with pytest.raises(reader.PictureError) as error:
        reader.find_digit(np.pad(everything, pad.MARGIN))
    answer = Pad(tall_or_wide).draw(everything.tobytes())[0]
    assert answer["problem"] == str(error.value)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (KeyError("seven"), "KeyError: 'seven'"),
        (RuntimeError("x" * 10**5), f"RuntimeError: {'x' * (pad.LONGEST - 14)} …"),
        (EVEN[:9], "ValueError: what predict returns must be finite numbers of shape (10,)"),
    ],
)
def test_an_error_of_predict_is_shown_and_the_pad_goes_on(bad, says):
    def predict(digit):
        if not digit.any() or tall_or_wide(digit)[1]:
            return EVEN
        if isinstance(bad, Exception):
            raise bad
        return bad

    drawing = Pad(predict)
    answer, (digit,) = drawing.draw(page(ACROSS))
    assert answer["problem"].startswith(says) and answer["probabilities"] is None
    assert digit == drawing.pad.digit.tobytes(), "the digit was read all the same"
    assert drawing.pad.probabilities is None
    assert drawing.draw(page(DOWN))[0]["problem"] is None


@pytest.mark.parametrize("buffers", [[], [b"123"], [b"1" * (pad.SENT**2 + 1)]])
def test_a_page_of_another_size_is_an_answer_too(buffers):
    drawing = Pad(tall_or_wide)
    drawing.pad._handle_custom_msg({"view": "a", "number": 1}, buffers)
    ((answer, digit),) = drawing.sent
    assert "Error: " in answer["problem"] and digit == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (EVEN[None], "got shape (1, 10)"),
        (None, "got dtype object"),
        (np.linspace(-4, 4, 10), "got -4 at position 0"),
        (EVEN * 2, "must add up to 1; got 2"),
    ],
)
def test_what_predict_must_return_is_checked_at_once(given, words):
    with pytest.raises(ValueError, match="predict must be a function of one digit"):
        pad.DrawingPad(given)
    with pytest.raises(ValueError, match="what predict returns") as error:
        pad.DrawingPad(lambda digit: given)
    assert words in str(error.value) and "of logits, their softmax" in str(error.value)


def test_predict_gets_one_digit_and_may_return_lists_and_single_precision(capsys):
    given = []

    def predict(digit):
        given.append((digit.shape, digit.dtype.name))
        if not digit.any():
            print("1/1 ━━━━━")
        return EVEN.astype(np.float32) if digit.any() else EVEN.tolist()

    drawing = Pad(predict)
    assert drawing.draw(page(DOWN))[0]["problem"] is None
    assert drawing.pad.probabilities.dtype == np.float64
    assert given == [((28, 28), "uint8")] * 2
    assert capsys.readouterr().out == ""


def test_a_cell_that_runs_while_a_drawing_is_read(capsys):
    """It sees the digit before, and what it prints is not lost."""
    reading, read = threading.Event(), threading.Event()

    def slow(digit):
        if digit.any() and tall_or_wide(digit)[7]:
            reading.set()
            read.wait(20)
        return tall_or_wide(digit)

    drawing = Pad(slow)
    drawing.draw(page(DOWN))
    before = drawing.pad.digit
    thread = threading.Thread(target=drawing.draw, args=[page(ACROSS)])
    thread.start()
    assert reading.wait(20)
    print("a cell")
    assert drawing.pad.digit is before and drawing.pad.probabilities.argmax() == 1
    read.set()
    thread.join()
    assert drawing.pad.probabilities.argmax() == 7
    assert capsys.readouterr().out == "a cell\n"


CELL = "from helpers.handwriting import pad\npad.DrawingPad(lambda digit: [0.1] * 10)"


def test_a_page_that_shows_a_pad_runs_without_a_browser_and_stores_no_state(tmp_path):
    path = tmp_path / "00_page.ipynb"
    pages.write(path, v4.new_notebook(cells=[v4.new_code_cell(CELL)]))
    notebook, _ = pages.execute(path, env=os.environ | {"PYTHONPATH": str(pages.ROOT)})
    assert "widgets" not in notebook.metadata
    (output,) = notebook.cells[0].outputs
    assert output.data["text/plain"] == FALLBACK
    shown = str(html.page(notebook, "00_page"))
    assert FALLBACK in shown and "<script" not in shown

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


def test_a_stroke_is_read_and_answered():
    drawing = Pad(tall_or_wide)
    assert drawing.pad.digit is None and drawing.pad.probabilities is None
    answer, (digit,) = drawing.draw(page(DOWN), number=4, view="left")
    assert answer == {
        "view": "left",
        "number": 4,
        "problem": None,
        "probabilities": np.eye(10)[1].tolist(),
    }
    assert digit == drawing.pad.digit.tobytes()
    assert drawing.pad.digit.shape == (28, 28) and drawing.pad.digit.dtype == np.uint8
    rows, columns = np.nonzero(drawing.pad.digit > 127)
    assert np.ptp(rows) + 1 == 20 and abs(columns.mean() - 14) < 1, "boxed and centred as MNIST's"
    assert drawing.pad.probabilities.argmax() == 1
    assert drawing.draw(page(ACROSS))[0]["probabilities"][7] == 1
    json.dumps(answer)


def test_ink_at_the_edge_of_the_pad_is_read():
    assert Pad(tall_or_wide).draw(page([(2, 0), (2, 139)]))[0]["probabilities"][1] == 1


def test_an_empty_page_asks_for_a_digit_and_forgets_the_last():
    drawing = Pad(tall_or_wide)
    drawing.draw(page(DOWN))
    answer, buffers = drawing.draw(page())
    assert answer["problem"] == "Draw a digit." and answer["probabilities"] is None
    assert buffers == [] and drawing.pad.digit is None and drawing.pad.probabilities is None


def test_what_no_digit_can_be_read_from_is_said_in_the_words_of_images():
    everything = bytes([255]) * pad.SENT**2
    with pytest.raises(reader.PictureError) as error:
        reader.find_digit(np.pad(np.full((pad.SENT, pad.SENT), 255, np.uint8), pad.MARGIN))
    assert Pad(tall_or_wide).draw(everything)[0]["problem"] == str(error.value)


def test_an_error_of_predict_is_shown_and_the_pad_goes_on():
    def predict(digit):
        if digit.any() and tall_or_wide(digit)[7]:
            raise KeyError("seven")
        return EVEN

    drawing = Pad(predict)
    answer, (digit,) = drawing.draw(page(ACROSS))
    assert answer["problem"] == "KeyError: 'seven'" and answer["probabilities"] is None
    assert digit == drawing.pad.digit.tobytes(), "the digit was read all the same"
    assert drawing.pad.probabilities is None
    assert drawing.draw(page(DOWN))[0]["problem"] is None


def test_a_long_error_is_cut():
    def predict(digit):
        if digit.any():
            raise RuntimeError("x" * 100_000)
        return EVEN

    problem = Pad(predict).draw(page(DOWN))[0]["problem"]
    assert problem.startswith("RuntimeError: xxx") and len(problem) == pad.LONGEST + 2


def test_wrong_output_is_named_in_the_pad():
    answer = Pad(lambda digit: EVEN[: 9 if digit.any() else 10]).draw(page(DOWN))[0]
    assert "what predict returns must be finite numbers of shape (10,)" in answer["problem"]
    assert "got shape (9,)" in answer["problem"]


@pytest.mark.parametrize("buffers", [[], [b""], [b"123"], [b"1" * (pad.SENT**2 + 1)]])
def test_a_page_of_another_size_is_an_answer_too(buffers):
    drawing = Pad(tall_or_wide)
    drawing.pad._handle_custom_msg({"view": "a", "number": 1}, buffers)
    ((answer, digit),) = drawing.sent
    assert "Error: " in answer["problem"] and digit == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (EVEN[None], "got shape (1, 10)"),
        (EVEN[:9], "got shape (9,)"),
        (3, "got shape ()"),
        (None, "got dtype object"),
        (["a"] * 10, "got dtype"),
        (EVEN * np.nan, "got nan at position 0"),
        (np.linspace(-4, 4, 10), "got -4 at position 0"),
        (EVEN * 2, "must add up to 1; got 2"),
        (EVEN * 0, "must add up to 1; got 0"),
    ],
)
def test_what_predict_must_return_is_checked_at_once(given, words):
    with pytest.raises(ValueError, match="what predict returns") as error:
        pad.DrawingPad(lambda digit: given)
    assert words in str(error.value) and "of logits, their softmax" in str(error.value)


@pytest.mark.parametrize("predict", [None, 7, "model", EVEN])
def test_predict_must_be_a_function(predict):
    with pytest.raises(ValueError, match="predict must be a function of one digit"):
        pad.DrawingPad(predict)


def test_an_error_of_predict_itself_comes_as_it_is():
    with pytest.raises(ZeroDivisionError):
        pad.DrawingPad(lambda digit: 1 / 0)


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


def test_the_state_that_the_browser_gets_is_small_and_holds_no_drawing():
    drawing = Pad(tall_or_wide)
    before = drawing.pad.get_state()
    drawing.draw(page(DOWN))
    assert drawing.pad.get_state() == before
    assert len(json.dumps(before)) < 20_000
    assert "export default" in before["_esm"] and ".drawing-pad" in before["_css"]


def test_both_sides_send_pages_of_one_size():
    assert f"const SENT = {pad.SENT};" in pad.DrawingPad(tall_or_wide)._esm


CELL = "from helpers.handwriting import pad\npad.DrawingPad(lambda digit: [0.1] * 10)"


def test_a_page_that_shows_a_pad_runs_without_a_browser_and_stores_no_state(tmp_path):
    path = tmp_path / "00_page.ipynb"
    pages.write(path, v4.new_notebook(cells=[v4.new_code_cell(CELL)]))
    notebook, _ = pages.execute(path, env=os.environ | {"PYTHONPATH": str(pages.ROOT)})
    assert "widgets" not in notebook.metadata
    (output,) = notebook.cells[0].outputs
    assert output.data["text/plain"] == FALLBACK
    shown = html.page_html(notebook, "00_page")
    assert FALLBACK in shown and "<script" not in shown

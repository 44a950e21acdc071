"""The drawing pad in a real browser: its own side alone, and the whole of it in a real JupyterLab.

Alone, `pad.js` runs with a model that only writes down what it is sent, so that a test decides
when an answer arrives. Nothing is fetched from further than 127.0.0.1.
"""

import base64
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbformat import v4
from playwright.sync_api import expect, sync_playwright

from helpers.handwriting import pad
from tools import pages

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)
pytestmark = pytest.mark.skipif(
    BROWSER is None, reason=f"no browser found: none of {', '.join(BROWSERS)} is installed"
)
PATIENCE = 90  # seconds to wait for what is sure to come, on a busy machine
TOKEN = "for-this-test-alone"


@pytest.fixture(scope="module")
def browser():
    expect.set_options(timeout=1000 * PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()


def new_page(browser, **options):
    """A browser window of its own; what its page complains about is in `.complaints`."""
    window = browser.new_context(**options).new_page()
    window.set_default_timeout(1000 * PATIENCE)
    window.complaints = []
    window.on("pageerror", lambda error: window.complaints.append(str(error)))
    return window


def place(window, x, y):
    """Where on the screen a point of the paper lies, given in parts of its side."""
    box = window.locator(".drawing-pad .page").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def stroke(window, *points):
    """Draw with the mouse."""
    window.locator(".drawing-pad .page").scroll_into_view_if_needed()
    window.mouse.move(*place(window, *points[0]))
    window.mouse.down()
    for point in points[1:]:
        window.mouse.move(*place(window, *point), steps=8)
    window.mouse.up()


DOWN = ((0.5, 0.2), (0.5, 0.8))
ACROSS = ((0.1, 0.5), (0.9, 0.5))

# pad.js alone

MODEL = """async ([source, css]) => {
  document.body.innerHTML = '<div id="pad"></div><div style="height: 3000px"></div>';
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  window.sent = [];
  window.listeners = new Set();
  const model = {
    send: (content, callbacks, [ink]) => {
      const page = btoa(String.fromCharCode(...new Uint8Array(ink)));
      sent.push({ ...content, page });
    },
    on: (name, listener) => listeners.add(listener),
    off: (name, listener) => listeners.delete(listener),
  };
  window.answer = (content, ...digits) => {
    const buffers = digits.map((digit) => new DataView(new Uint8Array(digit).buffer));
    listeners.forEach((listener) => listener(content, buffers));
  };
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const el = document.querySelector("#pad");
  window.close_pad = (await import(address)).default.render({ model, el });
}"""


@pytest.fixture(scope="module")
def window(browser):
    opened = new_page(browser, has_touch=True, viewport={"width": 800, "height": 700})
    yield opened
    opened.context.close()


@pytest.fixture
def alone(window):
    """A window with the pad and a model that never answers by itself."""
    folder = Path(pad.__file__).parent
    sources = [(folder / name).read_text(encoding="utf-8") for name in ("pad.js", "pad.css")]
    window.goto("about:blank")
    window.evaluate(MODEL, sources)
    yield window
    assert window.complaints == []


def sent(window, count):
    """The pages that were sent, once there are `count` of them."""
    window.wait_for_function("count => sent.length >= count", arg=count)
    found = window.evaluate("sent")
    return [one | {"page": base64.b64decode(one["page"])} for one in found]


def answer(window, number, digit, view=None):
    """Answer the page of that number: `digit` has all the probability."""
    view = view or window.evaluate("sent[0].view")
    chances = [float(i == digit) for i in range(10)]
    content = {"view": view, "number": number, "problem": None, "probabilities": chances}
    window.evaluate("([content, digit]) => answer(content, digit)", [content, [digit] * 784])


def shown(window):
    return window.locator(".answer").inner_text()


def test_the_page_is_ink_on_paper(alone):
    stroke(alone, *DOWN)
    first = sent(alone, 1)[0]
    answer(alone, first["number"], 1)
    drawn = sent(alone, 2)[-1]["page"]
    assert len(drawn) == pad.SENT**2
    rows = [drawn[start : start + pad.SENT] for start in range(0, len(drawn), pad.SENT)]
    middle = pad.SENT // 2
    assert rows[middle][middle] == 255 and rows[middle][0] == 0
    assert 8 <= sum(ink > 127 for ink in rows[middle]) <= 14, "the pen's width"
    assert [row[middle] > 127 for row in rows].count(True) == pytest.approx(95, abs=4)


def test_one_page_at_a_time_is_under_way_and_the_last_holds_all_ink(alone):
    stroke(alone, *DOWN)
    stroke(alone, *ACROSS)
    pages_sent = sent(alone, 1)
    alone.wait_for_timeout(300)  # long enough for another to go, were it let
    assert alone.evaluate("sent.length") == 1
    answer(alone, pages_sent[0]["number"], 1)
    last = sent(alone, 2)[-1]
    answer(alone, last["number"], 7)
    assert shown(alone) == "Answer: 7 (100.0 %)"
    assert alone.evaluate("sent.map((one) => one.number)") == [1, 2]
    assert last["page"][pad.SENT * pad.SENT // 2 + 20] == 255, "the second stroke"


def test_bars_mark_the_answer_by_more_than_colour(alone):
    stroke(alone, *DOWN)
    answer(alone, sent(alone, 1)[0]["number"], 3)
    rows = alone.locator(".drawing-pad li")
    assert rows.count() == 10
    texts = [re.sub(r"\s+", " ", rows.nth(i).inner_text()).strip() for i in (2, 3)]
    assert texts == ["2 0.0 %", "3 100.0 % ◀"]
    widths = [rows.nth(i).locator(".bar").bounding_box()["width"] for i in (2, 3)]
    assert widths[0] == 0 and widths[1] > 100
    colour = "seen => seen.getContext('2d').getImageData(0, 0, 1, 1).data[0]"
    assert alone.locator(".seen").evaluate(colour) == 255 - 3, "the picture is the digit sent"


def test_what_comes_too_late_or_for_another_view_is_not_shown(alone):
    stroke(alone, *DOWN)
    answer(alone, sent(alone, 1)[0]["number"], 1)
    answer(alone, sent(alone, 2)[1]["number"], 2)
    answer(alone, 1, 9)
    answer(alone, 3, 8, view="another")
    assert shown(alone) == "Answer: 2 (100.0 %)"


def test_clear_empties_the_paper_and_what_was_asked_before_no_longer_counts(alone):
    stroke(alone, *DOWN)
    sent(alone, 1)
    alone.get_by_role("button", name="Clear").click()
    answer(alone, 1, 5)
    assert shown(alone) == "Draw a digit."
    assert set(sent(alone, 2)[-1]["page"]) == {0}, "Python learns that the page is empty"


def test_a_problem_is_shown_as_text_and_spoken(alone):
    words = "<img src=x onerror='window.bad = 1'> " + "long " * 200
    stroke(alone, *DOWN)
    answer(alone, sent(alone, 1)[0]["number"], 1)
    number = sent(alone, 2)[1]["number"]
    problem = {"view": alone.evaluate("sent[0].view"), "number": number, "problem": words}
    alone.evaluate("content => answer(content)", problem)
    for place_of in (".answer", ".spoken"):
        assert alone.locator(place_of).text_content() == words
    assert alone.locator(".drawing-pad img").count() == 0
    assert alone.locator(".answer").bounding_box()["height"] < 200
    assert alone.locator(".chosen").count() == 0, "no bar stays behind"


def test_a_silent_kernel_is_said_and_its_late_answer_is_still_shown(alone):
    stroke(alone, *DOWN)
    number = sent(alone, 1)[0]["number"]
    expect(alone.locator(".answer")).to_contain_text("No answer yet")
    sent(alone, 2)  # it tries again
    answer(alone, number, 4)
    assert shown(alone) == "Answer: 4 (100.0 %)"


def test_by_keyboard_alone(alone):
    pen = alone.locator(".pen")
    assert not pen.is_visible()
    alone.keyboard.press("Tab")
    assert pen.is_visible() and "down" not in pen.get_attribute("class")
    before = pen.bounding_box()
    alone.keyboard.press("ArrowUp")
    assert pen.bounding_box()["y"] == pytest.approx(before["y"] - 8, abs=0.5)
    assert alone.evaluate("sent.length") == 0, "the pen is up"
    alone.keyboard.press("Space")
    assert "down" in pen.get_attribute("class")
    assert alone.locator(".spoken").inner_text() == "Pen down."
    for _ in range(60):
        alone.keyboard.press("ArrowRight")
    box = alone.locator(".page").bounding_box()
    assert pen.bounding_box()["x"] + 13 == pytest.approx(box["x"] + box["width"], abs=1), "stays on"
    alone.keyboard.press("Space")
    assert alone.locator(".spoken").inner_text() == "Pen up."
    answer(alone, sent(alone, 1)[0]["number"], 1)
    row = sent(alone, 2)[-1]["page"][pad.SENT * 66 : pad.SENT * 67]
    assert row[-1] > 200 and row[pad.SENT // 2] > 200 and row[20] == 0
    answer(alone, 2, 1)
    assert alone.locator(".spoken").inner_text() == "Answer: 1 (100.0 %)"
    assert alone.evaluate("scrollY") == 0, "the page does not move"
    alone.keyboard.press("Tab")
    assert not pen.is_visible()
    alone.keyboard.press("Enter")
    assert shown(alone) == "Draw a digit."


def test_two_arrow_keys_draw_a_slanted_line_and_leaving_lifts_the_pen(alone):
    alone.keyboard.press("Tab")
    pen = alone.locator(".pen")
    before = pen.bounding_box()
    alone.keyboard.press("Space")
    alone.keyboard.down("ArrowLeft")
    alone.keyboard.down("ArrowDown")
    alone.keyboard.up("ArrowDown")
    alone.keyboard.up("ArrowLeft")
    after = pen.bounding_box()
    assert after["x"] == pytest.approx(before["x"] - 16, abs=0.5)
    assert after["y"] == pytest.approx(before["y"] + 8, abs=0.5)
    alone.keyboard.press("Tab")
    alone.keyboard.press("Shift+Tab")
    assert "down" not in pen.get_attribute("class")


def test_a_finger_draws_and_the_page_does_not_scroll(alone):
    fingers = alone.context.new_cdp_session(alone)

    def touch(kind, *points):
        points = [dict(zip("xy", place(alone, *point), strict=True)) for point in points]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (0.5, 0.9))
    for step in range(1, 9):
        touch("touchMove", (0.5, 0.9 - 0.1 * step))
    touch("touchEnd")
    answer(alone, sent(alone, 1)[0]["number"], 1)
    drawn = sent(alone, 2)[-1]["page"]
    assert all(drawn[pad.SENT * row + pad.SENT // 2] == 255 for row in range(16, 124))
    assert alone.evaluate("scrollY") == 0


def test_a_pad_that_is_taken_away_sends_and_hears_no_more(alone):
    stroke(alone, *DOWN)
    sent(alone, 1)
    answer(alone, 1, 1)
    alone.evaluate("close_pad()")
    before = alone.evaluate("sent.length")
    alone.wait_for_timeout(300)
    assert alone.evaluate("sent.length") == before
    assert alone.evaluate("listeners.size") == 0


# In JupyterLab

CELLS = (
    """import numpy as np
from helpers.handwriting import pad

def tall_or_wide(digit):
    high, wide = digit.any(axis=1).sum(), digit.any(axis=0).sum()
    print("what predict prints")
    return np.eye(10)[1 if high > wide else 7]

drawing = pad.DrawingPad(tall_or_wide)
drawing""",
    "print(drawing.digit.shape, drawing.probabilities.argmax())",
)


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a JupyterLab that serves one notebook, and that notebook's path."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = folder / "work" / "pad.ipynb"
    notebook.parent.mkdir()
    python3 = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [v4.new_code_cell(cell) for cell in CELLS]
    pages.write(notebook, v4.new_notebook(cells=cells, metadata=python3))
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    places += ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    environment = os.environ | {name: str(folder / name.lower()) for name in places}
    environment |= {"PYTHONPATH": str(pages.ROOT), "JUPYTER_PREFER_ENV_PATH": "1"}
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": free_port(),
        "ServerApp.root_dir": notebook.parent,
        "IdentityProvider.token": TOKEN,
        "LabApp.expose_app_in_browser": True,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    log = folder / "log.txt"
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
    try:
        yield address(process, folder / "jupyter_runtime_dir", log), notebook
    finally:
        stop(process)


def address(process, folder, log):
    """The server's address, once it says that it listens."""
    until = time.monotonic() + PATIENCE
    said = folder / f"jpserver-{process.pid}.json"
    while time.monotonic() < until and process.poll() is None:
        if said.is_file() and "is running at" in log.read_text():
            return json.loads(said.read_text())["url"]
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")


def stop(process):
    """End the server, which ends its kernels; by force where it takes too long."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


READY = """() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  return panel?.context?.isReady && panel.sessionContext?.session?.kernel?.status === "idle";
}"""
COMMAND = "([name, options]) => window.jupyterapp.commands.execute(name, options).then(() => null)"


def command(window, name, **options):
    window.evaluate(COMMAND, [name, options])


@pytest.fixture(scope="module")
def opened(browser, server):
    """A window with the notebook in JupyterLab, all its cells run."""
    window = new_page(browser, viewport={"width": 1100, "height": 900})
    window.goto(f"{server[0]}doc/tree/pad.ipynb?token={TOKEN}")
    window.wait_for_function(READY)
    command(window, "notebook:run-all-cells")
    yield window
    window.context.close()


@pytest.fixture
def lab(opened):
    """That window, its pad empty."""
    opened.get_by_role("button", name="Clear", exact=True).click()
    expect(opened.locator(".answer")).to_have_text("Draw a digit.")
    return opened


def test_the_prediction_follows_the_drawing(lab):
    lab.locator(".drawing-pad .page").scroll_into_view_if_needed()
    lab.mouse.move(*place(lab, *DOWN[0]))
    lab.mouse.down()
    lab.mouse.move(*place(lab, *DOWN[1]), steps=8)
    expect(lab.locator(".answer")).to_have_text("Answer: 1 (100.0 %)")
    assert lab.locator(".spoken").text_content() != "Answer: 1 (100.0 %)", "not yet spoken"
    lab.mouse.up()
    expect(lab.locator(".spoken")).to_have_text("Answer: 1 (100.0 %)")
    expect(lab.locator(".chosen b")).to_have_text("1")
    stroke(lab, *ACROSS)
    expect(lab.locator(".answer")).to_have_text("Answer: 7 (100.0 %)")
    expect(lab.locator(".spoken")).to_have_text("Answer: 7 (100.0 %)")
    dark = """seen => [...seen.getContext("2d").getImageData(14, 14, 1, 1).data]"""
    assert lab.locator(".seen").evaluate(dark)[0] < 64, "ink where the strokes cross"


def test_the_keyboard_draws_and_leaves_the_notebook_where_it_is(lab):
    which = """() => {
      const { activeCellIndex, widgets } = window.jupyterapp.shell.currentWidget.content;
      return [activeCellIndex, widgets.length];
    }"""
    before = lab.evaluate(which)
    lab.keyboard.press("Shift+Tab")  # from the button back to the paper
    expect(lab.locator(".pen")).to_be_visible()
    lab.keyboard.press("Space")
    for _ in range(12):
        lab.keyboard.press("ArrowDown")
    lab.keyboard.press("Space")
    lab.keyboard.press("b")  # with which JupyterLab would add a cell
    expect(lab.locator(".spoken")).to_have_text("Answer: 1 (100.0 %)")
    assert lab.evaluate(which) == before
    lab.keyboard.press("Tab")
    lab.keyboard.press("Enter")
    expect(lab.locator(".answer")).to_have_text("Draw a digit.")


def test_python_has_the_digit_and_the_saved_page_has_no_widget_state(lab, server):
    stroke(lab, *ACROSS)
    expect(lab.locator(".answer")).to_have_text("Answer: 7 (100.0 %)")
    choose = "() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }"
    lab.evaluate(choose)
    command(lab, "notebook:run-cell")
    expect(lab.get_by_text("(28, 28) 7")).to_be_visible()
    command(lab, "docmanager:save")
    saved = json.loads(server[1].read_text())
    assert saved["cells"][1]["outputs"][0]["text"] == ["(28, 28) 7\n"], "it was saved"
    assert "stream" not in {output["output_type"] for output in saved["cells"][0]["outputs"]}
    assert "widgets" not in saved["metadata"]
    assert len(json.dumps(saved)) < 10_000


COLOURS = """answer => {
  const panel = answer.closest(".jp-NotebookPanel, .jp-Notebook");
  return [getComputedStyle(answer).color, getComputedStyle(panel).backgroundColor];
}"""


def luminance(colour):
    """The relative luminance of an rgb() colour without transparency. Source: WCAG 2.2."""
    parts = [float(part) / 255 for part in re.findall(r"[\d.]+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_text_stands_out_in_both_themes(lab, theme):
    command(lab, "apputils:change-theme", theme=theme)
    light = "true" if theme.endswith("Light") else "false"
    expect(lab.locator("body")).to_have_attribute("data-jp-theme-light", light)
    colours = lab.locator(".answer").evaluate(COLOURS)
    dark, bright = sorted(map(luminance, colours))
    assert (bright + 0.05) / (dark + 0.05) > 7, colours

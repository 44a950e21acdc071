"""Reading, executing and writing pages."""

import json
import os
import subprocess
import sys

import pytest
from nbformat import v4

from tools import digests, pages

SEED = ("SEED = 1", ["parameters"])
DIGITS = """import sys, types
sys.modules["helpers.data"] = types.SimpleNamespace(source_in_use=lambda: "drawn")"""


def page(*cells):
    """A notebook of code cells, each a source or a (source, tags) pair, after a text cell."""
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# A page")])
    for cell in cells:
        source, tags = (cell, []) if isinstance(cell, str) else cell
        notebook.cells.append(v4.new_code_cell(source, metadata={"tags": tags} if tags else {}))
    return notebook


@pytest.fixture
def saved(tmp_path):
    """A function that saves a page of these cells and returns its path."""

    def save(*cells):
        path = tmp_path / "00_page.ipynb"
        pages.write(path, page(*cells))
        return path

    return save


def text(notebook, cell):
    return "".join(output.text for output in notebook.cells[cell].outputs)


# Executing


def lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_no_kernel_stays_behind(saved):
    notebook, _ = pages.execute(saved("import os\nprint(os.getpid())"))
    assert not lives(int(text(notebook, 1)))
    with pytest.raises(pages.PageError) as failed:
        pages.execute(saved("import os\nprint(os.getpid())\n1 / 0"))
    assert not lives(int(failed.value.notebook.cells[1].outputs[0].text))


def test_a_page_runs_in_its_folder_with_this_python_and_the_given_environment(saved, monkeypatch):
    monkeypatch.chdir("/")
    path = saved(
        "import os, sys\nprint(os.getcwd())\nprint(sys.executable)",
        'print(os.environ.get("MNIST_DIR"), os.environ.get("ONLY"), os.environ["TQDM_DISABLE"])',
        SEED,
        "print(SEED)",
        DIGITS,
    )
    before = path.read_text()
    seen = []
    environment = {"PATH": os.environ["PATH"], "ONLY": "this", "MNIST_DIR": "some/digits"}
    notebook, seconds = pages.execute(
        path, seed=7, env=environment, on_cell=lambda *of: seen.append(of)
    )
    assert text(notebook, 1) == f"{path.parent.resolve()}\n{sys.executable}\n"
    assert text(notebook, 2) == "/some/digits this 1\n"
    assert text(notebook, 4) == "7\n"
    assert seen == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    assert seconds > 0
    assert notebook.metadata.course.source == "drawn"
    assert notebook.metadata.course.outputs == digests.outputs_digest(notebook)
    code = page(*before_cells(before))
    assert notebook.metadata.course.digest == digests.code_digest(code, pages.ROOT)
    assert [cell.get("execution_count") for cell in notebook.cells] == [None, 1, 2, 3, 4, 5]
    assert path.read_text() == before


def before_cells(text):
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    return ["".join(cell["source"]) for cell in cells]


def test_a_failing_cell_is_named_and_what_ran_is_kept(saved):
    path = saved("print('before')", "", "1 / 0", "print('after')")
    with pytest.raises(pages.PageError, match="00_page.ipynb, cell 4: ZeroDivisionError") as error:
        pages.execute(path)
    assert error.value.cell == 4
    assert "1 / 0" in error.value.traceback
    notebook = error.value.notebook
    assert text(notebook, 1) == "before\n"
    assert notebook.cells[3].outputs[0].output_type == "error"
    assert notebook.cells[4].outputs == [] and len(notebook.cells) == 5


def test_outputs_of_an_earlier_run_do_not_survive_a_failure(saved):
    path = saved("1 / 0", "print('after')")
    notebook = pages.read(path)
    notebook.cells[2].outputs = [v4.new_output("stream", text="old\n")]
    pages.write(path, notebook)
    with pytest.raises(pages.PageError) as error:
        pages.execute(path)
    assert error.value.notebook.cells[2].outputs == []


def test_a_kernel_that_dies_is_a_page_error(saved):
    with pytest.raises(pages.PageError, match="cell 2: the kernel died"):
        pages.execute(saved("import os\nos._exit(1)"))


def test_a_cell_that_takes_too_long_is_a_page_error(saved):
    with pytest.raises(pages.PageError, match="cell 2: took more than 1 seconds"):
        pages.execute(saved("import time\ntime.sleep(600)"), timeout=1)


@pytest.mark.parametrize(
    "cells",
    [["print(1)"], ["SEED = 1"], [("SEED = 2", ["parameters"])], [SEED, SEED]],
    ids=["none", "untagged", "another value", "two"],
)
def test_a_seed_needs_exactly_one_place(saved, cells):
    with pytest.raises(ValueError, match="00_page.ipynb: expected one line `SEED = 1`"):
        pages.execute(saved(*cells), seed=2)


def test_adjacent_pieces_of_a_stream_are_joined_and_others_kept_in_order():
    notebook = page("")

    def piece(name, text):
        return v4.new_output("stream", name=name, text=text)

    figure = v4.new_output("display_data", {"text/plain": "figure"})
    notebook.cells[1].outputs = [
        piece("stdout", "a"),
        piece("stdout", "b\n"),
        piece("stderr", "warning\n"),
        piece("stdout", "c\n"),
        figure,
        piece("stdout", "d\n"),
    ]
    pages.merge_streams(notebook)
    found = [(o.get("name"), o.get("text")) for o in notebook.cells[1].outputs]
    assert found == [
        ("stdout", "ab\n"),
        ("stderr", "warning\n"),
        ("stdout", "c\n"),
        (None, None),
        ("stdout", "d\n"),
    ]


def test_a_widget_leaves_its_text_and_no_state(saved):
    path = saved("import ipywidgets\nipywidgets.IntSlider(7)")
    notebook, _ = pages.execute(path)
    (output,) = notebook.cells[1].outputs
    assert list(output.data) == ["text/plain"] and "IntSlider" in output.data["text/plain"]
    assert "widgets" not in notebook.metadata


# Reading, writing, choosing


@pytest.mark.parametrize("content", ["", "<<<<<<< HEAD", "[]", "{}"])
def test_a_file_that_is_no_notebook_is_named(tmp_path, content):
    path = tmp_path / "00_page.ipynb"
    path.write_text(content)
    with pytest.raises(ValueError, match="00_page.ipynb is no notebook"):
        pages.read(path)


def test_writing_an_invalid_notebook_leaves_the_old_one(saved):
    path = saved("1")
    before = path.read_bytes()
    broken = page("1")
    broken.cells[1].outputs = [{"output_type": "no such type"}]
    with pytest.raises(Exception, match="no such type"):
        pages.write(path, broken)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]


def test_select_takes_the_starts_of_names_in_reading_order(tmp_path):
    paths = [tmp_path / f"{name}.ipynb" for name in ("00_a", "01_b", "10_c")]
    assert pages.select(paths, []) == paths
    assert pages.select(paths, ["10", "00"]) == [paths[0], paths[2]]
    with pytest.raises(ValueError, match="'7'.*00_a, 01_b, 10_c"):
        pages.select(paths, ["7"])


@pytest.mark.parametrize(
    ("name", "chosen"),
    [("net", [1]), ("reference/", [1]), ("reference/networks.ipynb", [1]), ("notebooks/00", [0])],
)
def test_select_takes_a_folder_before_the_name(tmp_path, name, chosen):
    places = ("notebooks/00_a.ipynb", "notebooks/reference/networks.ipynb")
    paths = [tmp_path / place for place in places]
    assert pages.select(paths, [name]) == [paths[i] for i in chosen]


@pytest.mark.parametrize("name", ["reference/00", "reference", "elsewhere/networks"])
def test_select_refuses_a_page_that_is_not_in_that_folder(tmp_path, name):
    paths = [tmp_path / "notebooks" / "00_a.ipynb", tmp_path / "reference" / "networks.ipynb"]
    with pytest.raises(ValueError, match=f"'{name}'.*00_a, networks"):
        pages.select(paths, [name])


def test_importing_pages_reads_no_notebook_and_starts_no_kernel():
    """Tools that only list pages start quickly, and a damaged page does not stop them."""
    code = "import sys; from tools import pages; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=pages.ROOT, check=False).returncode == 0

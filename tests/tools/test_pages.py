"""Reading, executing and writing pages."""

import os
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


def test_a_page_runs_in_its_folder_with_this_python_and_the_given_environment(saved, monkeypatch):
    monkeypatch.chdir("/")
    path = saved(
        "import os, sys\nprint(os.getcwd())\nprint(sys.executable)\nprint(os.getpid())",
        'print(os.environ.get("MNIST_DIR"), os.environ.get("ONLY"), os.environ["TQDM_DISABLE"])',
        SEED,
        "print(SEED)",
        DIGITS,
        "import ipywidgets\nipywidgets.IntSlider(7)",
    )
    before = path.read_text()
    seen = []
    environment = {"PATH": os.environ["PATH"], "ONLY": "this", "MNIST_DIR": "some/digits"}
    notebook, seconds = pages.execute(
        path, seed=7, env=environment, on_cell=lambda *of: seen.append(of)
    )
    *said, process = text(notebook, 1).splitlines()
    assert said == [str(path.parent.resolve()), sys.executable] and not lives(int(process))
    assert text(notebook, 2) == "/some/digits this 1\n"
    assert text(notebook, 4) == "7\n"
    assert seen == [(1, 6), (2, 6), (3, 6), (4, 6), (5, 6), (6, 6)]
    assert seconds > 0
    (widget,) = notebook.cells[6].outputs
    assert list(widget.data) == ["text/plain"] and "IntSlider" in widget.data["text/plain"]
    assert "widgets" not in notebook.metadata
    assert notebook.metadata.course.source == "drawn"
    assert notebook.metadata.course.outputs == digests.outputs_digest(notebook)
    assert notebook.metadata.course.digest == digests.code_digest(pages.read(path), pages.ROOT)
    assert [cell.get("execution_count") for cell in notebook.cells] == [None, *range(1, 7)]
    assert path.read_text() == before


def test_a_failing_cell_is_named_and_only_what_ran_is_kept(saved):
    path = saved("import os\nprint(os.getpid())", "", "1 / 0", "print('after')")
    earlier = pages.read(path)
    earlier.cells[4].outputs = [v4.new_output("stream", text="old\n")]
    pages.write(path, earlier)
    with pytest.raises(pages.PageError, match="00_page.ipynb, cell 4: ZeroDivisionError") as error:
        pages.execute(path)
    assert error.value.cell == 4 and "1 / 0" in error.value.traceback
    notebook = error.value.notebook
    assert not lives(int(text(notebook, 1)))
    assert notebook.cells[3].outputs[0].output_type == "error"
    assert notebook.cells[4].outputs == [] and len(notebook.cells) == 5


def test_a_kernel_that_dies_is_a_page_error(saved):
    with pytest.raises(pages.PageError, match="cell 2: the kernel died"):
        pages.execute(saved("import os\nos._exit(1)"))


@pytest.mark.parametrize("stopped", [False, True])
def test_a_kernel_that_does_not_start_is_a_page_error_and_ctrl_c_meanwhile_is_ctrl_c(
    saved, monkeypatch, stopped
):
    def execute(client, **_):
        client._async_cleanup_kernel_future = stopped or None  # nbclient's mark of a Ctrl-C
        raise RuntimeError("Kernel died before replying to kernel_info")

    monkeypatch.setattr(pages.NotebookClient, "execute", execute)
    with pytest.raises(KeyboardInterrupt if stopped else pages.PageError) as error:
        pages.execute(saved("1"))
    assert stopped or "its kernel did not start (Kernel died before" in str(error.value)


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
    pieces = [("stdout", "a"), ("stdout", "b\n"), ("stderr", "w\n"), ("stdout", "c\n"), None]
    notebook.cells[1].outputs = [
        v4.new_output("stream", name=piece[0], text=piece[1])
        if piece
        else v4.new_output("display_data", {"text/plain": "figure"})
        for piece in [*pieces, pieces[0]]
    ]
    pages.merge_streams(notebook)
    found = [(o.get("name"), o.get("text")) for o in notebook.cells[1].outputs]
    assert found == [("stdout", "ab\n"), *pieces[2:4], (None, None), pieces[0]]


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


PATHS = ["00_a", "01_b", "01b_c", "10_d", "reference/networks"]


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        ([], PATHS),
        (["10", "00"], ["00_a", "10_d"]),
        (["01"], ["01_b"]),
        (["01b"], ["01b_c"]),
        (["net"], ["reference/networks"]),
        (["reference/"], ["reference/networks"]),
        (["reference/networks.ipynb", "notebooks/00"], ["00_a", "reference/networks"]),
        (["third"], ["01_b", "reference/networks"]),
    ],
)
def test_select_takes_the_starts_of_names_in_reading_order(monkeypatch, names, chosen):
    monkeypatch.setattr(pages, "commit", lambda: "0000000a11ff")
    paths = [pages.ROOT / "notebooks" / f"{name}.ipynb" for name in PATHS]
    found = pages.select(paths, names)
    folder = pages.ROOT / "notebooks"
    assert [path.relative_to(folder).with_suffix("").as_posix() for path in found] == chosen


@pytest.mark.parametrize("name", ["7", "reference/00", "reference", "elsewhere/net", "", "x" * 999])
def test_select_names_the_choices(name):
    paths = [pages.ROOT / "notebooks" / f"{name}.ipynb" for name in PATHS]
    with pytest.raises(ValueError, match=r"No page starts with .*00_a, 01_b, 01b_c") as error:
        pages.select(paths, [name])
    assert len(str(error.value)) < 200


def test_a_file_that_cannot_be_written_is_one_line(capsys):
    def main():
        raise OSError(28, "No space left on device", "build/a.html")

    assert pages.command(main) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("build/a.html: No space left on device.")


def test_a_terminal_sees_the_cell_that_runs(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    line = pages.ProgressLine("[1/1] 00_page")
    line.update(3, 9)
    line.end("1 s, ok")
    assert capsys.readouterr().out == (
        "\r\x1b[K[1/1] 00_page: cell 3/9\r\x1b[K[1/1] 00_page: 1 s, ok\n"
    )

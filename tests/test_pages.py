"""Reading, executing and writing pages, and the digest of their code."""

import json
import os
import subprocess
import sys

import pytest
from nbformat import v4

from tools import pages, reading

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
    assert notebook.metadata.course.outputs == pages.outputs_digest(notebook)
    assert notebook.metadata.course.digest == pages.code_digest(page(*before_cells(before)))
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


# The digest of outputs


def shown():
    """A page with a text and a picture."""
    notebook = page("print(1)", "show(figure)")
    picture = {"image/png": "iVBO\nAAAA\n", "text/plain": "<Figure>"}
    words = {"image/png": {"alt": "A picture."}}
    notebook.cells[1].outputs = [v4.new_output("stream", text="1\n2\n")]
    notebook.cells[2].outputs = [v4.new_output("display_data", picture, metadata=words)]
    return notebook


def test_the_digest_of_outputs_survives_the_disk_and_what_is_no_output(tmp_path):
    notebook = shown()
    before = pages.outputs_digest(notebook)
    notebook.cells.insert(1, v4.new_markdown_cell("More."))
    notebook.cells[2].source = "print(1); print(2)"
    pages.write(tmp_path / "00_page.ipynb", notebook)
    stored = json.loads((tmp_path / "00_page.ipynb").read_text())
    assert stored["cells"][2]["outputs"][0]["text"] == ["1\n", "2\n"]
    assert pages.outputs_digest(pages.read(tmp_path / "00_page.ipynb")) == before
    loaded = reading.load(tmp_path / "00_page.ipynb", tmp_path)
    assert pages.outputs_digest(loaded.notebook) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda first, second: first.outputs[0].update(text="1\n2"),
        lambda first, second: first.outputs[0].update(name="stderr"),
        lambda first, second: first.outputs.clear(),
        lambda first, second: second.outputs[0].data.update({"image/png": "iVBO\nAAAB\n"}),
        lambda first, second: second.outputs[0].data.pop("text/plain"),
        lambda first, second: second.outputs[0].metadata["image/png"].update(alt="Another."),
        lambda first, second: first.outputs.append(second.outputs.pop()),
        lambda first, second: first.outputs.extend(first.outputs),
    ],
    ids=["text", "stream", "removed", "picture", "form", "words", "moved", "doubled"],
)
def test_the_digest_of_outputs_sees(change):
    notebook = shown()
    change(*notebook.cells[1:])
    assert pages.outputs_digest(notebook) != pages.outputs_digest(shown())


# The digest

CELLS = ['REPOSITORY = ""\nimport helpers.environment', "from helpers import data", "x = 1"]
DATA = '''"""Digits."""
from helpers import checks


def load():
    """Return 1."""
    value = 1
    return f"{value}"
'''


@pytest.fixture
def root(tmp_path):
    """A folder with helpers: data imports checks; plotting is imported by nobody."""
    (tmp_path / "helpers").mkdir()
    helpers = {
        "data": DATA,
        "checks": "LIMIT = 1\n",
        "environment": "A = 1\n",
        "plotting": "B = 1\n",
        "unused": "C = 1\n",
    }
    for name, source in helpers.items():
        (tmp_path / "helpers" / f"{name}.py").write_text(source)
    return tmp_path


def digest(root, *cells):
    return pages.code_digest(page(*(cells or CELLS)), root)


@pytest.mark.parametrize(
    ("cell", "source"),
    [
        (0, 'REPOSITORY = "https://github.com/someone/somewhere"\nimport helpers.environment'),
        (2, "# a word\n\nx = 1  # another\n\n"),
        (2, "x  =  (\n1)".replace("(\n", "").replace(")", "")),
    ],
    ids=["address", "comments", "spaces"],
)
def test_the_digest_overlooks(root, cell, source):
    cells = [*CELLS]
    cells[cell] = source
    assert digest(root, *cells) == digest(root)


def test_the_digest_overlooks_outputs_text_cells_and_metadata(root):
    notebook = page(*CELLS)
    notebook.cells[0].source = "# Another title"
    notebook.cells[1].outputs = [v4.new_output("stream", text="1\n")]
    notebook.cells[1].metadata.tags = ["setup"]
    notebook.metadata.course = {"digest": "0"}
    assert pages.code_digest(notebook, root) == digest(root)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data", '"""Return 1."""', '"""Return\n\n    one.\n    """'),
        ("data", "value = 1\n", "value = 1  # one\n\n"),
        ("environment", "1", "2"),
        ("unused", "1", "2"),
    ],
    ids=["docstring", "comment", "environment", "not imported"],
)
def test_the_digest_overlooks_in_helpers(root, name, old, new):
    before = digest(root)
    replace(root / "helpers" / f"{name}.py", old, new)
    assert digest(root) == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data", "value = 1", "value = 2"),
        ("data", '{value}"', '{value:d}"'),
        ("data", "    return", "return"),
        ("checks", "1", "2"),
    ],
    ids=["code", "inside an f-string", "indentation", "imported by a helper"],
)
def test_the_digest_sees_in_helpers(root, name, old, new):
    before = digest(root)
    replace(root / "helpers" / f"{name}.py", old, new)
    assert digest(root) != before


def replace(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    "cells",
    [
        [*CELLS[:2], "x = 2"],
        [*CELLS[:2], "x = '1'"],
        [CELLS[0], CELLS[2], CELLS[1]],
        [*CELLS[:2], "x =", "1"],
        [*CELLS, "'shown'"],
    ],
    ids=["value", "type", "order", "cut in two", "a string that is shown"],
)
def test_the_digest_sees_in_cells(root, cells):
    assert digest(root, *cells) != digest(root)


@pytest.mark.parametrize(
    "line",
    [
        "import helpers.checks",
        "import helpers.checks as c",
        "from helpers.checks import LIMIT",
        "from helpers import (\n    checks,\n)",
        "def f():\n    from helpers import checks",
    ],
)
def test_every_way_to_import_a_helper_counts(root, line):
    before = digest(root, line)
    replace(root / "helpers" / "checks.py", "1", "2")
    assert digest(root, line) != before


def test_relative_imports_among_helpers_count(root):
    (root / "helpers" / "data.py").write_text("from . import checks\nfrom .unused import C\n")
    before = digest(root)
    replace(root / "helpers" / "checks.py", "1", "2")
    middle = digest(root)
    replace(root / "helpers" / "unused.py", "1", "2")
    assert len({before, middle, digest(root)}) == 3


def test_a_cell_that_is_no_plain_python_counts_as_it_stands(root):
    assert digest(root, "!ls", "x = (") != digest(root, "!ls -l", "x = (")


def test_f_strings_count_as_python_3_11_has_them():
    """Python 3.12 cuts them into tokens; the expected list is what 3.11 gives."""
    source = 'x = f"a {b!r:>{w}} {{}}" rf\'{c["d"]}\' "e"\ny = f"""{\n1}\n"""\n'
    strings = ['f"a {b!r:>{w}} {{}}"', "rf'{c[\"d\"]}'", '"e"', 'f"""{\n1}\n"""']
    found = pages._tokens(source)
    assert found == ["x", "=", *strings[:3], "NEWLINE", "y", "=", strings[3], "NEWLINE"]


def test_importing_pages_reads_no_notebook_and_starts_no_kernel():
    """Tools that only list pages start quickly, and a damaged page does not stop them."""
    code = "import sys; from tools import pages; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=pages.ROOT, check=False).returncode == 0

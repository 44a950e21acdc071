"""The digests of a page's code, of what decides its results, and of its outputs."""

import json

import pytest
from nbformat import v4

from tools import digests, pages, reading


def page(*cells):
    """A notebook of code cells after a text cell."""
    made = [v4.new_markdown_cell("# A page"), *map(v4.new_code_cell, cells)]
    return v4.new_notebook(cells=made)


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
    before = digests.outputs_digest(notebook)
    notebook.cells.insert(1, v4.new_markdown_cell("More."))
    notebook.cells[2].source = "print(1); print(2)"
    pages.write(tmp_path / "00_page.ipynb", notebook)
    stored = json.loads((tmp_path / "00_page.ipynb").read_text())
    assert stored["cells"][2]["outputs"][0]["text"] == ["1\n", "2\n"]
    assert digests.outputs_digest(pages.read(tmp_path / "00_page.ipynb")) == before
    loaded = reading.load(tmp_path / "00_page.ipynb", tmp_path)
    assert digests.outputs_digest(loaded.notebook) == before


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
    assert digests.outputs_digest(notebook) != digests.outputs_digest(shown())


# The digest

CELLS = [
    'REPOSITORY = ""\nimport helpers.environment\nhelpers.environment.check()',
    "from helpers import data",
    "x = data.load()",
]
DATA = '''"""Digits."""
from helpers import checks


def load():
    """Return 1."""
    value = checks.LIMIT
    return f"{value}"


def other():
    return checks.SPARE
'''


@pytest.fixture
def root(tmp_path):
    """A folder with helpers: data imports checks; plotting is imported by nobody."""
    (tmp_path / "helpers").mkdir()
    helpers = {
        "data": DATA,
        "checks": "LIMIT = 1\nSPARE = 2\n",
        "environment": "A = 1\n",
        "plotting": "B = 1\n",
        "unused": "C = 1\n",
    }
    for name, source in helpers.items():
        (tmp_path / "helpers" / f"{name}.py").write_text(source)
    return tmp_path


def digest(root, *cells):
    return digests.code_digest(page(*(cells or CELLS)), root)


@pytest.mark.parametrize(
    ("cell", "source"),
    [
        (0, CELLS[0].replace('""', '"https://github.com/someone/somewhere"')),
        (2, "# a word\n\nx = data.load()  # another\n\n"),
        (2, "x  =  data.load( )"),
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
    assert digests.code_digest(notebook, root) == digest(root)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data", '"""Return 1."""', '"""Return\n\n    one.\n    """'),
        ("data", "LIMIT\n", "LIMIT  # one\n\n"),
        ("environment", "1", "2"),
        ("unused", "1", "2"),
        ("data", "SPARE", "SPARE + 1"),
        ("checks", "SPARE = 2", "SPARE = 3"),
        ("checks", "SPARE = 2", "SPARE = 2\n\n\ndef more():\n    return LIMIT"),
    ],
    ids=["docstring", "comment", "environment", "not imported", "not used", "its", "new"],
)
def test_the_digest_overlooks_in_helpers(root, name, old, new):
    before = digest(root)
    replace(root / "helpers" / f"{name}.py", old, new)
    assert digest(root) == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data", "value = ", "value = 1 + "),
        ("data", '{value}"', '{value:d}"'),
        ("data", "    return f", "return f"),
        ("checks", "1", "2"),
        ("checks", "SPARE", "if LIMIT:\n    print(LIMIT)\nSPARE"),
        ("checks", "SPARE", "LIMIT += 1\nSPARE"),
        ("data", "def load", "@checks.SPARE\ndef load"),
        ("data", "def load():", "def load()"),
    ],
    ids=[
        "code",
        "in an f-string",
        "indentation",
        "a helper's",
        "effect",
        "again",
        "decorator",
        "broken",
    ],
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
        [*CELLS[:2], "x = data.load"],
        [*CELLS[:2], "x = 'data.load()'"],
        [CELLS[0], CELLS[2], CELLS[1]],
        [*CELLS[:2], "x =", "data.load()"],
        [*CELLS, "'shown'"],
    ],
    ids=["value", "type", "order", "cut in two", "a string that is shown"],
)
def test_the_digest_sees_in_cells(root, cells):
    assert digest(root, *cells) != digest(root)


@pytest.mark.parametrize(
    "cells",
    [
        ["import helpers.checks", "helpers.checks.LIMIT"],
        ["import helpers.checks as c", "c.LIMIT"],
        ["from helpers.checks import LIMIT", "LIMIT"],
        ["from helpers.checks import LIMIT as top\ntop"],
        ["from helpers.checks import *"],
        ["from helpers import (\n    checks,\n)", "print(checks.LIMIT.real)"],
        ["def f():\n    from helpers import checks\n    return checks.LIMIT"],
        ["from helpers import checks", "getattr(checks, 'LIM' + 'IT')"],
        ["from helpers import checks", "%time checks.LIMIT"],
        ["from helpers import data", "data.checks.LIMIT"],
        ["from helpers.data import checks", "checks.LIMIT"],
        ["from helpers import data", "data.load.__name__"],
    ],
)
def test_every_way_to_use_a_helper_counts(root, cells):
    before = digest(root, *cells)
    replace(root / "helpers" / "checks.py", "1", "2")
    assert digest(root, *cells) != before


def test_relative_imports_among_helpers_count(root):
    (root / "helpers" / "data.py").write_text(
        "from . import checks\nfrom .unused import C\n\n\ndef load():\n    checks.LIMIT, C\n"
    )
    before = digest(root)
    replace(root / "helpers" / "checks.py", "1", "2")
    middle = digest(root)
    replace(root / "helpers" / "unused.py", "1", "2")
    assert len({before, middle, digest(root)}) == 3


def test_helpers_that_import_each_other_come_to_an_end(root):
    (root / "helpers" / "checks.py").write_text("from helpers.data import LIMIT\n")
    replace(
        root / "helpers" / "data.py",
        "from helpers import checks",
        "from helpers.checks import LIMIT",
    )
    assert len(digest(root, "from helpers.data import LIMIT", "LIMIT")) == 64


RECORDED = [*CELLS, "scoreboard.record(x)", "print(x)"]


def test_what_follows_the_last_record_decides_no_result(root):
    longer = page(*RECORDED, "from helpers import checks", "checks.SPARE")
    assert digests.results_digest(longer, root) == digests.results_digest(page(*RECORDED), root)
    assert digests.code_digest(longer, root) != digests.code_digest(page(*RECORDED), root)


@pytest.mark.parametrize(
    "cells",
    [
        ["y = 1", *RECORDED],
        [*RECORDED, "record(y)"],
        [*CELLS, "x = 2; scoreboard.record(x)"],
        RECORDED[:3],
    ],
    ids=["before", "a later record", "the cell itself", "no record"],
)
def test_what_decides_a_result_counts(root, cells):
    of_page = digests.results_digest(page(*RECORDED), root)
    assert digests.results_digest(page(*cells), root) != of_page


def test_a_page_without_record_counts_whole(root):
    whole = page(*CELLS)
    assert not digests.records(whole)
    assert digests.records(page(*RECORDED))
    assert digests.results_digest(whole, root) == digests.code_digest(whole, root)


def test_a_cell_that_is_no_plain_python_counts_as_it_stands(root):
    assert digest(root, "!ls", "x = (") != digest(root, "!ls -l", "x = (")


def test_f_strings_count_as_python_3_11_has_them():
    """Python 3.12 cuts them into tokens; the expected list is what 3.11 gives."""
    source = 'x = f"a {b!r:>{w}} {{}}" rf\'{c["d"]}\' "e"\ny = f"""{\n1}\n"""\n'
    strings = ['f"a {b!r:>{w}} {{}}"', "rf'{c[\"d\"]}'", '"e"', 'f"""{\n1}\n"""']
    found = digests._tokens(source)
    assert found == ["x", "=", *strings[:3], "NEWLINE", "y", "=", strings[3], "NEWLINE"]

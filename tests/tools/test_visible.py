"""What a reader copies runs by itself; each way in which it may not is named."""

import os

import pytest
from nbformat import v4

from helpers import data
from tools import pages, visible

LOAD = """from helpers import data
digits = data.load_digits()
sizes = [len(labels) for _, labels in (digits.train, digits.validation, digits.test)]"""
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A function from a page's cells, each a source or a pair with metadata, to the exit code."""

    def run(*cells, name="02_page"):
        made = [cell if isinstance(cell, tuple) else (cell, {}) for cell in cells]
        found = [v4.new_code_cell(source, metadata=metadata) for source, metadata in made]
        path = tmp_path / f"{name}.ipynb"
        pages.write(path, v4.new_notebook(cells=found))
        monkeypatch.setattr(pages, "PAGES", [path])
        return visible.main([])

    return run


def test_visible_cells_run_and_others_are_left_out(run, capsys):
    assert run(
        ("1 / 0", {"tags": ["setup"]}),
        ("# @title Record\n1 / 0", FOLDED),
        ("1 / 0", {"tags": ["exercise"]}),
        LOAD,
        "assert False, 'a score of a few digits'\nprint(sizes)",
        "import os\nif sizes != [3000] * 3 or os.listdir():\n    raise ValueError(sizes)",
    ) == 0  # fmt: skip
    assert data.load_digits is visible.load_digits
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 1 and said[0].startswith("02_page: ") and said[0].endswith(" s, ok")


def test_a_page_may_show_a_digit_by_its_number(run):
    assert run(LOAD, "digits.train.images[6053]") == 0
    assert run(LOAD, "digits.train.images[60_053]") == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([("# @title Three\nthree = 3", FOLDED), "three"], "cell 2: no visible cell before it def"),
        (["1", "1 / 0"], "cell 2: ZeroDivisionError: division by zero"),
        (["from helpers import scoreboard"], "cell 1: uses scoreboard of the helpers"),
        ([("# @title Train\nmodel.fit(x)", FOLDED), "1"], "trains, and in no visible cell"),
    ],
)
def test_what_does_not_run_is_named(run, capsys, cells, said):
    here = os.getcwd()
    assert run(*cells) == 1
    assert f"02_page.ipynb{',' if said[:4] == 'cell' else ':'} {said}" in capsys.readouterr().out
    assert os.getcwd() == here

"""Every declared exercise: its stub, its answers right and wrong, and its cells in the page."""

import importlib
import pkgutil
import re

import pytest

from helpers.exercises import pages as declared
from helpers.exercises.guesses import Guess
from helpers.exercises.messages import NOT_TRIED, RIGHT, WRONG
from helpers.exercises.turns import Turn
from tools import pages

MODULES = [
    importlib.import_module(f"{declared.__name__}.{module.name}")
    for module in pkgutil.iter_modules(declared.__path__)
]


def exercises(kind):
    found = [(m, e) for m in MODULES for e in vars(m).values() if isinstance(e, kind)]
    return [pytest.param(m, e, id=f"{m.__name__.split('.')[-1]}.{e.name}") for m, e in found]


def outcome(exercise, source):
    """What the page's line says once the page has run `source` in the stub's place."""
    page = {}
    exec(compile(f"{exercise.given}\n{source}", "<cell>", "exec"), page)
    return eval(
        exercise.line.replace(f"exercises.{exercise.name}.check", "outcome"),
        page | {"outcome": exercise.outcome},
    )


def cells_of(module):
    """The code cells of the page that a module is named after."""
    (path,) = [p for p in pages.PAGES if p.stem.partition("_")[2] == module.__name__.split(".")[-1]]
    return [cell for cell in pages.read(path).cells if cell.cell_type == "code"]


@pytest.mark.parametrize(("module", "exercise"), exercises(Turn))
def test_a_turn_knows_its_answers(module, exercise, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # an answer may write a file
    assert vars(module)[exercise.name] is exercise
    assert outcome(exercise, exercise.stub).head == NOT_TRIED
    assert len(exercise.right) >= 2 and len(exercise.wrong) >= 3 and exercise.hints
    for source in [exercise.solution_code, *exercise.right]:
        assert outcome(exercise, source).head == RIGHT, source
    for source, words in exercise.wrong.items():
        message = outcome(exercise, source)
        assert message.head == WRONG, source
        assert words in message.text, f"{source}\n{message}"


@pytest.mark.parametrize(("module", "exercise"), exercises(Turn))
def test_a_stub_becomes_its_solution_where_it_says_so(module, exercise):
    lines = [
        ".*" if line.endswith("# fix this line") else re.escape(line).replace(r"\.\.\.", ".+")
        for line in exercise.stub.splitlines()
    ]
    assert ".+" in "".join(lines) or ".*" in lines
    assert re.fullmatch(r"\n".join(lines), exercise.solution_code.strip(), re.S)


@pytest.mark.parametrize(("module", "exercise"), exercises(Turn))
def test_the_page_shows_the_stub_and_then_the_check(module, exercise):
    tagged = [c.source for c in cells_of(module) if "exercise" in c.metadata.get("tags", [])]
    assert tagged[tagged.index(exercise.stub.strip()) + 1] == exercise.line


@pytest.mark.parametrize(("module", "exercise"), exercises(Guess))
def test_a_guess_names_what_it_reveals(module, exercise, capsys):
    assert vars(module)[exercise.name] is exercise
    assert len(exercise.tries) >= 3
    for guessed, measured, words in exercise.tries:
        fresh = Guess(exercise.comment, [], exercise.choices, low=exercise.low, high=exercise.high)
        fresh.guess(guessed)
        fresh.reveal(measured)
        assert words in capsys.readouterr().out


@pytest.mark.parametrize(("module", "exercise"), exercises(Guess))
def test_the_page_asks_and_then_reveals_below_a_fold(module, exercise):
    cells = cells_of(module)
    sources = [cell.source for cell in cells]
    asked = sources.index(f"exercises.{exercise.name}.guess(...)")
    revealed = [c for c in cells[asked:] if f"exercises.{exercise.name}.reveal(" in c.source]
    assert "exercise" in cells[asked].metadata.tags
    assert [set(cell.metadata.tags) for cell in revealed] == [{"exercise", "answer"}]


@pytest.mark.parametrize("path", pages.PAGES, ids=lambda path: path.stem)
def test_cells_of_exercises_hold_nothing_else(path):
    """Results do not count them, so nothing may happen in them; answers are folded."""
    stubs = [param.values[1].stub.strip() for param in exercises(Turn)]
    for cell in pages.read(path).cells:
        tags = cell.metadata.get("tags", [])
        if "exercise" in tags:
            line = re.fullmatch(r"exercises\.\w+\.(check|guess|reveal)\([\w., ]*\)", cell.source)
            assert line or cell.source in stubs, cell.source
        if "answer" in tags:
            assert cell.metadata.jupyter.outputs_hidden is True

"""How long a page takes, counted; and that the tool alone writes it."""

import pytest
from nbformat import v4

from tools import pages, reading

FIRST = "# 02 · One\n\n**You will**\n- see\n\n**Time**: {}half a minute to run."
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}}


def text(source):
    return v4.new_markdown_cell(source)


def code(source, *tags, **metadata):
    return v4.new_code_cell(source, metadata=metadata | {"tags": list(tags)})


def page(*cells, first="some minutes, ", name="02_one_layer"):
    notebook = v4.new_notebook(cells=[text(FIRST.format(first)), *cells])
    return reading.Page(pages.ROOT / "notebooks" / f"{name}.ipynb", notebook, pages.ROOT)


@pytest.mark.parametrize(
    ("cells", "minutes"),
    [
        ([], 5),
        ([text("word " * 480)], 5),
        ([text("word " * 510)], 10),
        ([text("**word** [word](https://example.org), `word` *word*\n" * 128)], 10),
        ([text("word<!-- a mark of many words -->\n" * 480)], 5),
        ([text("$a + b + c + d$\n" * 480)], 5),
        ([text("| word | word |\n|---|---|\n" + "| word | word |\n" * 250)], 10),
        ([text(f"<details><summary>Answers</summary>\n\n{'word ' * 900}\n\n</details>")], 5),
        ([code("x = 1\n\n" * 38)], 5),
        ([code("x = 1\n\n" * 41)], 10),
        ([text("```python\n" + "x = 1\n" * 41 + "```")], 10),
        ([code("x = 1\n" * 41, "exercise")], 10),
        ([code("x = 1\n" * 99, "setup"), code("x = 1\n" * 99, **FOLDED)], 5),
        ([text("word " * 300), code("x = 1\n" * 24)], 10),
    ],
)
def test_words_and_lines_that_a_reader_sees_are_counted(cells, minutes):
    assert page(*cells).minutes == minutes


def test_thinking_is_one_for_a_guess_and_three_for_a_turn_before_the_exercises():
    cells = [code("exercises.loss.guess(...)"), code("exercises.loss.reveal(1)")]
    cells += [code("exercises.step.check(step)"), code("model.check(1)\nexercises.step.hint()")]
    last = [text("## Exercises\n\n1. Try."), code("exercises.last.check(1)")]
    assert page(*cells, *last).thinking == 4


@pytest.mark.parametrize(
    "first", ["some minutes, ", "20 minutes to read, ", "90 minutes, and 7 to think; "]
)
def test_the_first_cell_is_written_with_what_is_counted(first):
    found = page(code("exercises.loss.guess(...)"), first=first)
    assert found.timed == FIRST.format("5 minutes, and 1 more for the questions it asks; ")
    answers = page(code("1", "answer"), first=first)
    assert answers.timed == FIRST.format("5 minutes; ") + f"\n\n{reading.CLEAR}"
    again = page(code("1", "answer"))
    again.notebook.cells[0].source = answers.timed
    assert again.timed == answers.timed
    told = page(code("1", "answer"), text("Choose *Edit → Clear all outputs*."), first=first)
    assert told.timed == FIRST.format("5 minutes; ")


def test_the_command_prints_and_with_write_writes(tmp_path, monkeypatch, capsys):
    path = tmp_path / "02_one_layer.ipynb"
    pages.write(path, page(code("exercises.loss.guess(...)")).notebook)
    monkeypatch.setattr(pages, "PAGES", [path])
    before = path.read_bytes()
    assert reading.main(["02"]) == 0 and path.read_bytes() == before
    assert capsys.readouterr().out == "02_one_layer: 5 minutes, and 1 to think\n"
    assert reading.main(["--write", "02"]) == 0
    first = pages.read(path).cells[0].source
    assert "**Time**: 5 minutes, and 1 more for the questions it asks; half" in first


def test_lists_of_pages_have_the_minutes_of_each_page():
    for name in reading.LISTS:
        text = (pages.ROOT / name).read_text(encoding="utf-8")
        assert reading.listed(text, pages.ROOT) == text
    line = "| [One layer](notebooks/02_one_layer.ipynb) | 7 min | |"
    minutes = reading.load(pages.ROOT / "notebooks/02_one_layer.ipynb", pages.ROOT).minutes
    assert reading.listed(line, pages.ROOT) == line.replace("7", str(minutes))
    assert reading.listed("No page, 7 min", pages.ROOT) == "No page, 7 min"

"""Every marked number and claim holds; each way in which one can stop holding is caught."""

import copy
import json
import re
import shutil

import pytest

from helpers import scoreboard
from tools import claims, html, marks, numbers, pages, prose

RESULTS = scoreboard.read(marks.RESULTS)
FILES = marks.markdown_files()
FIRST = [path for path in pages.PAGES if path.name[:3] in ("00_", "01_", "02_")]


def spread(*values, n_digits=10_000):
    mean = sum(values) / len(values)
    middle = [(value - mean) ** 2 for value in values]
    sd = None if len(values) == 1 else (sum(middle) / (len(values) - 1)) ** 0.5
    return {"n_digits": n_digits, "mean": mean, "sd": sd, "values": list(values)}


def entry(*values, page="02_one_layer", **changed):
    """A result of as many seeds as there are values."""
    return {
        "page": page,
        "parameters": 7850,
        "epochs": 15,
        "seeds": list(range(1, len(values) + 1)),
        "validation": None,
        "test": spread(*values),
        "seconds": {k: v for k, v in spread(*[50.0] * len(values)).items() if k != "n_digits"},
        "machine": "a machine",
        "versions": {"python": "3.11.7"},
        "digest": "0" * 64,
    } | changed


SECTION = {
    "one layer": entry(0.9235, 0.9240, 0.9245),
    "deep, wide": entry(0.9730, 0.9740, 0.9750),
    "deep, other": entry(0.9738, 0.9742, 0.9743),
    "deep, exact": entry(0.97399, 0.97400, 0.97401),
    "single": entry(0.99),
    "near": entry(0.99960, 0.99961),
}
WITNESS = marks.Witness(
    ["dropout = layers.Dropout(0.25)\nassert round(share, 2) == 0.12 and ready", "size = 123_456"]
)


def examined(text, section=SECTION, witness=WITNESS):
    """(problems and moved results, renewed text) of a text."""
    problems, moved, renewed = marks.examine(text, "page", witness, section)
    return problems + moved, renewed


def only(text, section=SECTION):
    """The one problem of a text."""
    found, _ = examined(text, section)
    assert len(found) == 1, found
    return found[0]


# What is committed


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_number_and_claim_holds(path):
    problems, moved = marks.check_file(path, RESULTS["mnist"])
    assert problems + moved == []


def test_every_file_with_prose_is_looked_at():
    assert {*pages.PAGES, *pages.REFERENCE} <= {*FILES}
    assert {"README.md", "glossary.md"} <= {path.name for path in FILES}


def test_readers_see_no_mark():
    text = (
        "# A title of 5 %<!-- = 5 -->\n\n| a | b |\n|---|---|\n"
        '| 7 %<!-- = 7 --> | *loses*<!-- claim: "loses": 1 > 0 --> |\n\n'
        '- **bold 8 %**<!-- = 2 * 4 --> and "9 %<!-- = 3 * 3 -->".\n'
        "- A [10 %](https://example.org)<!-- source: 10 --> of it.\n"
    )
    page = pages.nbformat.v4.new_notebook(cells=[pages.nbformat.v4.new_markdown_cell(text)])
    body = re.sub(r"<!--.*?-->", "", str(html.page(page, "page")), flags=re.S)
    for sign in ("claim:", "= 5", "= 7", "2 * 4", "3 * 3", "--&gt;", "&lt;!--"):
        assert sign not in body
    assert "<td>7 %</td>" in body and "<strong>bold 8 %</strong> and" in body


# What a number may say


@pytest.mark.parametrize(
    "text",
    [
        'It reads 97.4 %<!-- = test("deep, wide") -->.',
        'It reads 97.4\u202f%<!-- = test("deep, wide") -->.',
        'It reads 97.40 ± 0.10 %<!-- = test("deep, wide"), test_sd("deep, wide") -->.',
        'From 97.3–97.5 %<!-- = worst("deep, wide"), best("deep, wide") -->.',
        'It took **50 s**<!-- = seconds("one layer") --> to train.',
        'A gain of +5.0 points<!-- = test("deep, wide") - test("one layer") -->.',
        'A loss of −5.0 points<!-- = test("one layer") - test("deep, wide") -->.',
        '760 errors<!-- = errors("one layer") --> in all.',
        'It has 7,850<!-- = parameters("one layer") --> parameters.',
        'Three times<!-- = errors("one layer") / errors("deep, wide") --> as many.',
        "Half a minute<!-- = 0.5 --> and a third of a point<!-- = 0.337 -->.",
        "Twenty times<!-- = 21.6 --> and thousands of times<!-- = 5678 -->.",
        "Struck out: 25 %<!-- code: Dropout(0.25) --> of them.",
        "Made up: 12 %<!-- asserted: round(share, 2) == 0.12 --> of it.",
        "Claims 99.5 %<!-- source: 99.5 -->, says [its page](https://example.org).",
        "It says [99.5 to 99.6 %](https://example.org)<!-- source: 99.5 to 99.6 --> of them.",
        "| a | 0.0001<!-- source: 0.0001 from https://example.org/x --> |",
        "The 95 % interval of `99.5 %` and 28 × 28 points in 1998.",
        "```\n99.5 %\n```\n\n    99.5 %\n\nfrom <https://example.org/99.5 %>.",
        "Two marks in this line, 123,456 digits, 55,000 digits.",
        "All 4s and 7s, four points in the plane, ten times, as far as 0.",
        "**Time**: 20 minutes to read, half a minute to run.",
        "## Exercises\n\n1. What changes at a rate of 0.0877?\n",
        "If p is 0.01, it is 4.6<!-- = -log(0.01) -->.",
    ],
)
def test_these_hold(text):
    assert examined(text) == ([], text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It reads 97.4 % of them.", "'97.4 %' has no mark"),
        ("It took 50 s.", "'50 s' has no mark"),
        ("It took\n50\nseconds.", "'50 seconds' has no mark"),
        ("Between 99.4 and 99.6 %.", "'99.6 %' has no mark"),
        ("From 99.4 to 99.6 %.", "'99.4 to 99.6 %' has no mark"),
        ("It says [99.5 %](https://example.org).", "'99.5 %' has no mark"),
        ("A gain of 0.1 points.", "'0.1 points' has no mark"),
        ("It has 7,851 parameters.", "'7,851' is not in the code"),
        ("A loss of 0.0124.", "'0.0124' is not in"),
        ("It reads 97.4 <!-- = 97.4 -->% of them.", "stands behind no number"),
    ],
)
def test_a_number_without_a_mark_is_named(text, said):
    found, renewed = examined(text)
    assert any(said in problem for problem in found) and renewed == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('97.4 %<!-- = test("deep, wid") -->', 'The nearest is "deep, wide"'),
        ('97.4 %<!-- = test("nothing") -->', "`MNIST_SOURCE=mnist make results`"),
        ('97.4 %<!-- = tests("deep, wide") -->', "did you mean test?"),
        ('97.4 %<!-- = validation("deep, wide") -->', "whose validation was not measured"),
        ('0.1 %<!-- = test_sd("single") -->', 'PAGES="02_one_layer"'),
        ('97.4 ± 0.1 %<!-- = test("deep, wide") -->', "1 value(s) for 2 number(s)"),
        ("0.15 points<!-- = 100 * 16 / 10000 -->", "should be 0.16"),
        ("nine errors<!-- = 10 -->", "reword it"),
        ("a tenth of a point<!-- = 0.14 -->", "reword it"),
        ("5 %<!-- = 1 / 0 -->", "cannot be computed"),
        ("5 %<!-- = (-8) ** 0.5 -->", "cannot be computed"),
        ("5 %<!-- = 1 > 0 -->", "true or false"),
        ("5 %<!-- = 5 + -->", "is no expression"),
        ("5 %<!-- = __import__('os').getcwd() -->", "may not hold"),
        ("5 %<!-- = [5][0] -->", "may not hold"),
        ("5 %<!-- = test(5) -->", "of models in quotes"),
        ('5 %<!-- = round("one layer") -->', "where a number belongs"),
        (f"5 %<!-- = {'(' * 250}5{')' * 250} -->", "longer than"),
        ("5 %<!-- first network, test -->", "of no known kind"),
        ("99.5 %<!-- source: 99.5 -->, they say.", "no link to elsewhere"),
        ("99.5 %<!-- source: 99.5 -->.\n\n- [a page](https://example.org)", "no link to elsewhere"),
        ("99.5 %<!-- source: 99.5 -->, says [chapter 02](02_one_layer.ipynb).", "no link"),
        ("99.6 %<!-- source: 99.5 -->, says [a page](https://example.org).", "says '99.5'"),
        ("99.6 %<!-- source -->, says [a page](https://example.org).", "of no known kind"),
        ("30 %<!-- code: Dropout(0.25) -->", "does not hold 30"),
        ("20 %<!-- code: Dropout(0.2 -->", "no code cell of this page"),
        ("25 %<!-- asserted: Dropout(0.25) -->", "no assertion of this page"),
        ("no number<!-- = 5 -->", "stands behind no number"),
        ("words\n<!-- = 5 -->", "begins a line"),
    ],
)
def test_a_mark_that_does_not_hold_is_named(text, said):
    found, renewed = examined(text)
    assert any(said in problem for problem in found), found
    assert renewed == text


# Claims


@pytest.mark.parametrize(
    "said",
    [
        'helps("deep, wide", "one layer")',
        'hurts("one layer", "deep, wide")',
        'does_not_help("one layer", "deep, wide")',
        'does_not_help("deep, exact", "deep, exact")',
        'cannot_tell("deep, wide", "deep, other")',
        'test("single") > test("one layer")',
        '700 < errors("one layer") < 800',
        "asserted: round(share, 2) == 0.12",
    ],
)
def test_these_claims_hold(said):
    assert examined(f'So it *does*.<!-- claim: "it does": {said} -->')[0] == []


def test_neither_better_nor_worse_is_as_well_as():
    said = 'not helps("deep, other", "deep, wide") and not hurts("deep, other", "deep, wide")'
    assert examined(f'It reads as well as it.<!-- claim: "as well as": {said} -->')[0] == []


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ('hurts("deep, wide", "one layer")', "+5.00 points"),
        ('helps("deep, wide", "deep, other")', "cannot tell"),
        ('helps("deep, exact", "deep, exact")', "does not help"),
        ('test("one layer") > test("deep, wide")', '"deep, wide": 97.40 %'),
        ('helps("single", "one layer")', "one seed; a claim needs two or more"),
        ('helps("deep", "one layer")', "results.json does not have"),
        ('helps("one layer")', "takes 2 name(s)"),
        ('test("one layer")', "tied to a number"),
        ("asserted: round(share, 2) == 0.13", "no assertion of this page"),
    ],
)
def test_a_claim_that_does_not_hold_is_named(said, problem):
    assert problem in only(f'So it does.<!-- claim: "it does": {said} -->')


def test_a_claim_whose_words_changed_is_named():
    mark = '<!-- claim: "It loses": hurts("one layer", "deep, wide") -->'
    assert examined(f"It\nloses.{mark}")[0] == []
    for text in ("It wins.", "It does not lose.", "It loses.\n\nIt wins.", "It loses. - x\n- It"):
        assert "is not in the words before its mark" in only(text + mark)
    assert "is not in the words" in only(f"It loses.{mark} It wins.{mark}")


@pytest.mark.parametrize(
    ("words", "said", "problem"),
    [
        ("it is better", "1 > 0", "names no model"),
        ("it is better", 'test("single") < 0 or test("single") > 0', "holds `or`"),
        ("it reads better", 'not hurts("deep, wide", "one layer")', "only denies hurts"),
        ("it helps", 'not cannot_tell("deep, wide", "one layer")', "only denies cannot_tell"),
        ("it is better", 'test("one layer") >= test("one layer")', "with itself"),
        ("it wins", 'abs(test("one layer") - test("deep, wide")) >= 0', "models exchanged"),
    ],
)
def test_a_claim_weaker_than_its_words_is_refused(words, said, problem):
    assert problem in only(f'So {words}.<!-- claim: "{words}": {said} -->')


@pytest.mark.parametrize("word", ["never once", "not that", "hardly", "nobody says that"])
def test_a_claim_turned_round_by_the_words_before_it_is_refused(word):
    mark = '<!-- claim: "it loses": hurts("one layer", "deep, wide") -->'
    assert f"turned round by {word.split()[0]!r}" in only(f"Measured, {word} it loses.{mark}")
    assert examined(f"It does not win. Measured, it loses.{mark}")[0] == []


# What a person should look at


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It reads better than the other.", "'better' compares"),
        ("It needs more\nepochs than that.", "'more epochs than' compares"),
        ("It trains for fifty epochs.", "'fifty epochs' is not in the code"),
        ("It has 12 hidden layers.", "'12 hidden layers' is not in the code"),
        ('x<!-- claim: "x": test("single") > test("one layer") -->', "without a verdict"),
    ],
)
def test_what_a_person_should_look_at_is_reported(text, said):
    (found,) = prose.reports(text, "page", WITNESS.trees)
    assert said in found


@pytest.mark.parametrize(
    "text",
    [
        'It is better.<!-- claim: "better": helps("deep, wide", "one layer") -->',
        "`better than` stands in code; two layers; 123,456 neurons; in 1998 epochs were short.",
        "## Exercises\n\n1. Say which is faster.\n",
        "Which is faster?",
        'x<!-- claim: "x": helps("a", "b") and test("a") > test("b") -->',
        'x<!-- claim: "x": test("a") > 90 -->',
        "The formula $12 epochs > 0.5$ is better<!-- judged: by definition --> than 7 words.",
    ],
)
def test_what_needs_no_look_is_not_reported(text):
    assert prose.reports(text, "page", WITNESS.trees) == []


def test_numbers_in_the_texts_of_figures_are_reported():
    code = (
        'plotting.show(plotting.curves(runs, "epoch", "loss", "After fifty epochs"), '
        'alt="It reads 99.9 % of them after 8 epochs, with a rate of 0.01.")\n'
        'model.fit(x, y, epochs=8)\nrate = 0.01\nprint("99.9 %")'
    )
    found = prose.title_reports("page", marks.Witness([code]).trees)
    assert len(found) == 2 and "'99.9 %'" in found[0] + found[1]
    assert "'fifty epochs'" in found[0] + found[1]


def test_prose_that_compares_without_a_mark_is_refused(course, capsys):
    readme = course / "README.md"
    readme.write_text(readme.read_text() + "\nOne network is better.\n")
    assert marks.main(["--check"]) == 1
    assert "README.md: 'better' compares" in capsys.readouterr().out


def test_a_person_may_judge_a_comparison_but_no_number():
    text = "A longer step goes further than that.<!-- judged: {} -->"
    assert prose.reports(text.format("by definition"), "page", []) == []
    assert examined(text.format("by definition"))[0] == []
    assert "no number" in only(text.format(""))
    assert "'12 %' has no mark" in only("It is 12 %<!-- judged: by definition --> better.")


# Rounding, and refreshing


@pytest.mark.parametrize(
    ("number", "value", "written"),
    [
        ("97.4", 97.3560, "97.4"),
        ("97.36", 97.3560, "97.36"),
        ("97", 97.4999, "97"),
        ("99.5", 99.96, "100.0"),
        ("99", 99.5000001, "100"),
        ("0.1", 0.04, "0.0"),
        ("−0.1", -0.04, "0.0"),
        ("-0.1", -0.16, "-0.2"),
        ("−0.1", 0.16, "0.2"),
        ("0.1", -0.16, "−0.2"),
        ("+0.1", 0.16, "+0.2"),
        ("+0.1", -0.16, "−0.2"),
        ("7,850", 7850.0, "7,850"),
        ("7850", 7850.0, "7850"),
        ("999", 1000.0, "1,000"),
        ("1,000", 999.0, "999"),
        ("1947", 2013.4, "2013"),
        ("ten", 10.0, None),
    ],
)
def test_a_result_is_written_in_the_form_that_it_had(number, value, written):
    assert numbers.as_written(number, value) == written


@pytest.mark.parametrize(
    ("words", "value", "holds"),
    [
        ("ten", 10.4, True),
        ("ten", 10.6, False),
        ("Twenty", 21.9, True),
        ("twenty", 22.5, False),
        ("thousands of", 999, False),
        ("thousands of", 5678, True),
        ("a third of", 0.337, True),
        ("a tenth of", 0.138, False),
    ],
)
def test_numbers_in_words_are_as_exact_as_they_sound(words, value, holds):
    assert numbers.says(words, value) is holds


def test_a_result_that_moved_is_named_and_renewed_and_nothing_else_is():
    text = (
        'Keep  this, `97.1 %`; 97.1\u202f%<!-- = test("deep, wide") --> and 12 %<!-- = 3 * 4 -->,\n'
        '| **−5.1 points**<!-- = test("one layer") - test("deep, wide") --> |\n'
    )
    found, renewed = examined(text)
    assert len(found) == 2 and all("`python -m tools.marks` writes it" in line for line in found)
    wanted = text.replace("97.1\u202f%<", "97.4\u202f%<").replace("−5.1", "−5.0")
    assert renewed == wanted
    assert examined(renewed) == ([], renewed)


def test_a_swapped_model_is_named():
    assert "92.4" in only('97.4 %<!-- = test("one layer") -->')


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of three of the pages, which the module then looks at; its folder."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for path in FIRST:
        shutil.copy(path, folder)
    (tmp_path / "README.md").write_text("# Course\n\nOne network reads 10,000 digits.\n")
    (folder / "glossary.md").write_text("- **batch**: several.\n")
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.setattr(marks, "TEXTS", (tmp_path / "README.md", folder / "glossary.md"))
    monkeypatch.setattr(marks, "RESULTS", folder / "results.json")
    with_results(tmp_path, RESULTS)
    return tmp_path


def with_results(course, results):
    (course / "notebooks" / "results.json").write_text(json.dumps(results))


def contents(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_refreshing_what_is_right_writes_nothing(course, capsys):
    before = contents(course)
    assert marks.main([]) == 0
    assert contents(course) == before
    assert "Marks: 0 to fix, 0 numbers renewed.\n" in capsys.readouterr().out


def test_refreshing_changes_the_digits_of_moved_results_alone(course, capsys):
    readme, page = course / "README.md", course / "notebooks" / "02_one_layer.ipynb"
    mark = '92.1 %<!-- = test("one layer") -->'
    quoted = json.dumps(mark)[1:-1]
    readme.write_text(readme.read_text() + f"\nIt reads {mark}.\n")
    page.write_text(page.read_text().replace("## One neuron", f"## One neuron: {quoted}", 1))
    now = f"{100 * RESULTS['mnist']['one layer']['test']['mean']:.1f} %"
    before = contents(course)
    assert marks.main(["--check"]) == 1 and contents(course) == before
    assert "2 numbers have moved" in capsys.readouterr().out
    assert marks.main([]) == 0
    after = contents(course)
    for path in (readme, page):
        assert after[path] == before[path].replace(b"92.1 %", now.encode())
    assert {k: v for k, v in after.items() if k not in (readme, page)} == {
        k: v for k, v in before.items() if k not in (readme, page)
    }
    assert marks.main(["--check"]) == 0


def marked_cells():
    """(name, witness, text) of each text cell of the pages that has a mark."""
    for path in pages.PAGES:
        notebook = pages.read(path)
        for cell in notebook.cells:
            if cell.cell_type == "markdown" and "<!--" in cell.source:
                yield path.name, marks.witness(notebook), cell.source


def test_a_number_altered_or_a_mark_removed_anywhere_is_caught():
    caught = 0
    for name, witness, text in marked_cells():
        for found in numbers.quantities(text):
            at = found.at
            start, end, number = found.parts[-1]
            altered = [text[:start] + "4321" + text[end:]]
            if found.match["unit"] and number[0].isdigit() and at:
                altered.append(text[:at] + text[text.index("-->", at) + 3 :])
            for other in altered if at else ():
                problems, moved, _ = marks.examine(other, name, witness, RESULTS["mnist"])
                assert problems + moved, other[start - 40 : end + 40]
                caught += 1
    assert caught > 100


def test_a_claim_turned_round_anywhere_is_caught():
    caught = 0
    for name, witness, text in marked_cells():
        for comment in numbers.COMMENT.finditer(text):
            if claim := claims.CLAIM.fullmatch(comment[1]):
                words = claim["words"].split()
                at = numbers.masked(text).rindex(words[-1], 0, comment.start())
                inside = text[:at] + "never " + text[at:]
                found = re.compile(r"\s+".join(map(re.escape, words))).finditer(text)
                starts = [match.start() for match in found if match.end() <= comment.start()]
                before = [text[: starts[-1]] + "never once " + text[starts[-1] :]] if starts else []
                for other in [inside, *before]:
                    problems, _, _ = marks.examine(other, name, witness, RESULTS["mnist"])
                    assert any("the claim" in problem for problem in problems), claim[0]
                    caught += 1
    assert caught > 60


def test_a_result_altered_in_the_file_is_caught():
    altered = copy.deepcopy(RESULTS["mnist"])
    first, second = altered["convolutional, 2 epochs"], altered["convolutional, permuted digits"]
    for entry in (first, second):
        entry["validation"]["values"].reverse()
    first["validation"], second["validation"] = second["validation"], first["validation"]
    page = next(path for path in pages.PAGES if path.name.startswith("06"))
    problems, _ = marks.check_file(page, altered)
    assert any("'It loses" in problem for problem in problems)


# The results file


def test_a_missing_or_damaged_results_file_is_named(course, capsys):
    (course / "notebooks" / "results.json").write_text("{")
    assert marks.main(["--check"]) == 1
    assert "is damaged" in capsys.readouterr().out
    (course / "notebooks" / "results.json").unlink()
    assert marks.main([]) == 1
    assert "`make results` makes it" in capsys.readouterr().out


def test_a_page_that_is_no_notebook_is_named(course, capsys):
    (course / "notebooks" / "02_one_layer.ipynb").write_text("{}")
    assert marks.main(["--check"]) == 1
    assert "02_one_layer.ipynb" in capsys.readouterr().out

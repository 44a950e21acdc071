"""The course altered on purpose: what would mislead is caught by a check, what is innocent is not.

What is altered is read from the files, so that a page measured anew breaks nothing here. Other
kinds have tests beside the tool that catches them: training on test digits, test_canary.py; numbers
and claims one by one, test_marks.py; results.json, old results on other pages, test_results.py; the
ladder's picture, test_ladder.py; CI that is disarmed, test_test.py.
"""

import ast
import copy
import re
import shutil

import pytest
from nbformat import v4

from helpers import scoreboard
from tools import claims, digests, marks, pages, prose, reading, results, rules, sound

RESULTS = scoreboard.read(results.RESULTS)


def looked_at(path, notebook):
    """All that the checks say of a page that is not run, and its digests."""
    page = reading.Page(path, notebook, pages.ROOT)
    kept = [check for check in rules.rules_for(path) if check is not rules.fresh]  # the digest does
    lines = [line for check in kept for line in check(page)]
    witness = marks.Witness([cell.source for cell in notebook.cells if "outputs" in cell])
    lines += prose.title_reports(path.name, witness.trees)
    for _, text in page.texts:
        wrong, moved, _ = marks.examine(text, path.name, witness, RESULTS["mnist"])
        lines += wrong + moved + prose.reports(text, path.name, witness.trees)
    lines += [*sound.drift(page, RESULTS), digests.results_digest(notebook, pages.ROOT)]
    return set(lines)


@pytest.fixture(scope="module")
def stored():
    """A function from a page's path to its notebook and what is said of it as it stands."""
    found = {}

    def page(path):
        if path not in found:
            notebook = pages.read(path)
            found[path] = notebook, looked_at(path, notebook)
        return copy.deepcopy(found[path][0]), found[path][1]

    return page


def cells(notebook, pattern, kind="code"):
    """The cells of a kind that a pattern is found in; there must be one."""
    found = [c for c in notebook.cells if c.cell_type == kind and re.search(pattern, c.source)]
    assert found, pattern
    return found


def put(pattern, new, kind="code"):
    """An alteration: the first thing that a pattern finds in a page becomes another."""

    def change(notebook):
        cell = cells(notebook, pattern, kind)[0]
        cell.source = re.sub(pattern, new, cell.source, count=1)

    return change


def text(pattern, new):
    return put(pattern, new, "markdown")


def behind(pattern, source):
    """An alteration: a cell more, behind the first one that a pattern is found in."""

    def change(notebook):
        at = notebook.cells.index(cells(notebook, pattern)[0])
        notebook.cells.insert(at + 1, v4.new_code_cell(source))

    return change


def errors_that_were_not(notebook):
    """One error fewer in an output, with the digest of the outputs made to fit."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if match := re.search(r"\((\d+) errors", output.get("text", "")):
                other = f"({int(match[1]) - 1} errors"
                output["text"] = output["text"].replace(match[0], other)
    notebook.metadata.course["outputs"] = digests.outputs_digest(notebook)


def output_by_hand(notebook):
    cell = next(c for c in notebook.cells if c.get("outputs") and "text" in c.outputs[0])
    cell.outputs[0]["text"] += "99.9 %\n"


def denied(notebook):
    """The words of the page's first claim, turned round by what is put before them."""
    for cell in cells(notebook, "<!-- claim:", "markdown"):
        said = claims.CLAIM.search(cell.source)["words"]
        if cell.source.index(said) < cell.source.index("<!-- claim:"):
            cell.source = cell.source.replace(said, f"never once {said}", 1)
            return


def from_another_page(notebook):
    """A page's outputs, all of them, as another source of digits made them."""
    notebook.metadata.course["source"] = "drawn"


TEST = r"final_test\("
MISLEADING = {
    "a result in the prose": ("03", text(r"[a-z0-9]+( times<!-- = \w+\(\")", r"77\1")),
    "another model behind a number": ("07", text(r'= test\("[^"]+"\)', '= test("nearest mean")')),
    "a mark taken away": ("02", text(r"(%|times|points)<!-- =.*?-->", r"\1")),
    "a number without a mark": ("01", text(r"\n\n", "\n\nIt reads 99.9 % of them.\n\n")),
    "words of a claim": ("06", text(r"It loses", "It wins")),
    "never once before a claim": ("02", denied),
    "a claim turned round": ("06", text(r'(It loses [a-z ]+": )hurts', r"\1helps")),
    "a claim of nothing": ("06", text(r'(claim: "It loses [a-z ]+": ).*?-->', r"\g<1>1 > 0 -->")),
    "a sentence that compares": ("03", text(r"\n\n", "\n\nReLU is faster than the sigmoid.\n\n")),
    "fifty epochs": ("00", text(r"\n\n", "\n\nThe network trains for fifty epochs.\n\n")),
    "seeds": ("04", text(r"\n\n", "\n\nMeasured under 300 seeds.\n\n")),
    "an alternative text": ("00", put(r'alt="', 'alt="It reads 99.97 % of the digits. ')),
    "a figure's title": ("04", behind("plotting", 'diagrams.one(title="99.97 % in 200 epochs")')),
    "an output": ("00", output_by_hand),
    "an output with its digest": ("02", errors_that_were_not),
    "drawn digits": ("00", from_another_page),
    "a wider layer": ("00", put(r"Dense\(128", "Dense(512")),
    "more epochs": ("00", put(r"epochs=\d+", "epochs=80")),
    "another seed": ("00", put(r"SEED = 1", "SEED = 3")),
    "a seed drawn by luck": ("00", put(r"set_random_seed\(SEED\)", "set_random_seed(SEED + 41)")),
    "other digits to train on": ("00", put(r"digits\.train(.images\), d)", r"digits.validation\1")),
    "test digits to stop by": ("00", put(r"digits\.validation", "digits._test")),
    "other labels": ("02", put(r"digits\.train\.labels", "digits.train.labels[::-1]")),
    "a second test": ("00", behind(TEST, 'evaluation.final_test({"a": model}, digits, prepare)')),
    "the best by if": ("06", behind(TEST, "if scores['convolutional'].errors < 90:\n    x = 1")),
    "another score recorded": ("00", put(r"test=test\b", "test=on_validation")),
}  # fmt: skip


@pytest.mark.parametrize("what", MISLEADING)
def test_what_would_mislead_is_caught(stored, what):
    name, change = MISLEADING[what]
    (path,) = pages.select(pages.PAGES, [name])
    notebook, before = stored(path)
    change(notebook)
    assert looked_at(path, notebook) - before, what


INNOCENT = [
    put(r"(?s)\bstarted\b(.*)\bstarted\b", r"began\1began"),
    text(r"(## Exercises\n+1\. )", r"\1Look again. "),
    text(r"\n\n## Exercises", "\n\nOne more sentence.\n\n## Exercises"),
    put(r"(?m)^model = ", "# the network\nmodel = "),
    put(r'alt="', 'alt="Look: '),
    put(r'"""Turn grey', '"""Make grey'),
    put(r"below the floor", "under the floor"),
    put(r"print\(test\)", 'print("read:", test)'),
]


def test_what_is_innocent_demands_nothing(stored):
    path = pages.PAGES[0]
    notebook, before = stored(path)
    for change in INNOCENT:
        change(notebook)
    demanded = looked_at(path, notebook) - before
    noticed = r"after the last run|not as counted"  # that it is to run, or to be timed, again
    assert [line for line in demanded if not re.search(noticed, line)] == []


HELPERS = [
    ("evaluation.py", "must be a Keras model or a function", "is no model"),
    ("data.py", '"""Load the digits', '"""Fetch the digits'),
    ("plotting.py", r'= "(tab:|C|#|black|grey)\w*"', '= "olive"'),
    ("data.py", "DRAWN DIGITS, NOT MNIST", "NOT MNIST, DRAWN DIGITS"),
    ("diagrams/parts.py", r"linewidth=[\d.]+", "linewidth=7"),
]


def test_innocent_helpers_make_no_result_stale(tmp_path):
    shutil.copytree(pages.ROOT / "helpers", tmp_path / "helpers")
    for name, old, new in HELPERS:
        source = (tmp_path / "helpers" / name).read_text()
        altered = re.sub(old, new, source, count=1)
        assert altered != source, old
        (tmp_path / "helpers" / name).write_text(altered)
    for path in (pages.PAGES[0], pages.PAGES[-1]):
        notebook = pages.read(path)
        made = [digests.results_digest(notebook, root) for root in (pages.ROOT, tmp_path)]
        assert made[0] == made[1], path.stem


# Floors


def floors(path):
    """The floors on MNIST that a page's code names, as fractions."""
    trees = [ast.parse(c.source) for c in pages.read(path).cells if c.cell_type == "code"]
    found = [
        value
        for node in (node for tree in trees for node in ast.walk(tree))
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "mnist"
    ]
    numbers = [
        inner.value for v in found for inner in ast.walk(v) if isinstance(inner, ast.Constant)
    ]
    return [number for number in numbers if isinstance(number, float)]


JUDGING = [path for path in pages.PAGES if digests.records(pages.read(path))]


@pytest.mark.parametrize("path", JUDGING, ids=lambda path: path.stem)
def test_a_floor_is_near_what_is_measured(path):
    """A model with twice the errors of the measured one must fail its page."""
    entries = [e for e in RESULTS["mnist"].values() if e["page"] == path.stem]
    scores = [e["test"]["mean"] for e in entries if e["test"]]
    assert scores and floors(path), path.stem
    for floor in floors(path):
        assert any(1 - 2 * (1 - score) <= floor < score for score in scores), floor

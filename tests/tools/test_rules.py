"""Every page keeps every rule; each rule fires alone on a notebook broken on purpose."""

import copy
import re

import pytest
from nbformat import v4

from tools import digests, pages, reading, rules

STORED = [*pages.PAGES, *pages.REFERENCE]
PNG = "image/png"
WORDS = "Another sentence about the same picture."
SETUP = '# @title Setup\nREPOSITORY = ""\nimport helpers.environment\n'
PROJECT = '[tool.course]\nrepository = "{}"\n'
ADDRESS = "https://github.com/someone/somewhere"
OPENING = """# 02 · One layer
[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](../README.md#in-colab)

Chapter 01 looked at the digits; now a network of one layer reads them.

**You will**
- see what one neuron computes
- train ten of them

**Time**: 5 minutes; 1 minute to run."""
RECALL = """## Before you start: three questions
1. What is a pixel?
2. What is a label?
3. What validates?

<details><summary>Answers</summary>

1. A number.

</details>

## Digits

Here are twelve of them.
"""
CLOSING = """## What you have seen
- what one neuron computes
- how ten of them learn

## Exercises
1. What changes with a rate of 1?
2. Which digit is read best?
3. Train nine neurons instead.

## The way on
Next: [going deep](03_going_deep.ipynb). Words: [glossary](glossary.md#one-hot-vector).
"""
SEEDED = "keras.utils.set_random_seed(SEED)"
JUDGE = "# @title Test\nfrom helpers import evaluation"
FLOOR = 'assert score["one layer"].accuracy > 0.9'
ONCE = "assert digits.test_openings == 1"
RECORD = (
    'scoreboard.record("02_one_layer", "one layer", seed=SEED, model=model, '
    'test=score["one layer"])'
)
JUDGED = f"# @title Record\n{ONCE}\n{FLOOR}\n{RECORD}"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A small course on disk; returns a function from a page's notebook to the page."""
    monkeypatch.setattr(digests, "code_digest", sources)
    (tmp_path / "notebooks" / "reference").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(PROJECT.format(""))
    (tmp_path / "README.md").write_text("# Course\n\n## In Colab\n")
    glossary = "# Glossary\n\n## One-hot vector\n\n- **batch**, **neuron**: words.\n"
    (tmp_path / "notebooks" / "glossary.md").write_text(glossary)
    first = v4.new_notebook(cells=[v4.new_markdown_cell("# 00 · Start"), v4.new_code_cell(SETUP)])
    for name in ("00_start", "03_going_deep", "06_later"):
        (tmp_path / "notebooks" / f"{name}.ipynb").write_text(v4.writes_json(first))
    return lambda notebook, path="notebooks/02_one_layer.ipynb": reading.Page(
        tmp_path / path, notebook, tmp_path
    )


def sources(notebook, root):
    """In place of the digest of a page's code, which tests/tools/test_digests.py tests."""
    return str([cell.source for cell in notebook.cells if cell.cell_type == "code"])


def good():
    """A notebook that keeps every rule, as if it had been run."""
    figure = v4.new_output(
        "display_data",
        {"image/png": "iVBO", "text/plain": "<Figure size 640x480>"},
        metadata={"image/png": {"alt": "Twelve digits with the labels that came with them."}},
    )
    compiled = 'model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))'
    cells = [
        v4.new_markdown_cell(OPENING),
        form(SETUP, tags=["setup"]),
        code("import keras\n\nfrom helpers import data, plotting"),
        code("SEED = 1\nkeras.utils.set_random_seed(SEED)", tags=["parameters"]),
        v4.new_markdown_cell(RECALL),
        code("digits = data.load_digits()\nplotting.show(plotting.digits(digits), alt=text)"),
        v4.new_markdown_cell("**Half-way.** Ten neurons, and the loss that goes with them."),
        code("model = keras.Sequential([keras.Input(shape=(784,)), keras.layers.Dense(10)])"),
        code(f"{SEEDED}\n{compiled}\nmodel.fit(*digits.train, validation_data=digits.validation)"),
        v4.new_markdown_cell("At the end, once, the test digits."),
        form(f'{JUDGE}\nscore = evaluation.final_test({{"one layer": model}}, digits)'),
        form(JUDGED),
        v4.new_markdown_cell(CLOSING),
    ]
    cells[5].outputs = [figure]
    cells[10].outputs = [v4.new_output("stream", text="92.4 %, between 91.9 and 92.9\n")]
    return renumbered(v4.new_notebook(cells=cells, metadata=copy.deepcopy(pages.METADATA)))


def code(source, tags=()):
    return v4.new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def form(source, **metadata):
    folded = {"cellView": "form", "jupyter": {"source_hidden": True}}
    return v4.new_code_cell(source, metadata=folded | metadata)


def renumbered(notebook):
    for count, cell in enumerate((c for c in notebook.cells if "outputs" in c), start=1):
        cell.execution_count = count
    return notebook


def stamped(page):
    """The page with minutes, digests and source as by `make notebooks`, unless there are others."""
    first = page.notebook.cells[:1]
    if first and first[0].source.endswith("5 minutes; 1 minute to run."):
        first[0].source = page.timed
        page = reading.Page(page.path, page.notebook, page.root)
    stored = page.notebook.metadata.setdefault("course", {})
    stored.setdefault("digest", digests.code_digest(page.notebook, page.root))
    stored.setdefault("outputs", digests.outputs_digest(page.notebook))
    stored.setdefault("source", "mnist")
    return page


def fired(page):
    """The names of the rules that find something in a page, with what they say."""
    found = {check.__name__: check(stamped(page)) for check in rules.rules_for(page.path)}
    return {name: messages for name, messages in found.items() if messages}


# Ways to break a notebook: each takes one and changes it.


def replace(cell, old, new):
    def change(notebook):
        source = notebook.cells[cell - 1].source
        assert old in source
        notebook.cells[cell - 1].source = source.replace(old, new)

    return change


def prose(text):
    return replace(5, "Here are twelve of them.", text)


def add(*sources, tags=(), cell=code):
    """Add code cells with prose between them, before the test digits are opened."""

    def change(notebook):
        for source in sources:
            notebook.cells[9:9] = [v4.new_markdown_cell("And then:"), cell(source, tags=list(tags))]
        renumbered(notebook)

    return change


def retag(cell, *tags):
    return lambda notebook: notebook.cells[cell - 1].metadata.update(tags=list(tags))


def remove(cell):
    return lambda notebook: [notebook.cells.pop(cell - 1), renumbered(notebook)]


def both(*changes):
    return lambda notebook: [change(notebook) for change in changes]


def swap(one, other):
    def change(notebook):
        cells = notebook.cells
        cells[one - 1], cells[other - 1] = cells[other - 1], cells[one - 1]
        renumbered(notebook)

    return change


def output(text, name="stdout"):
    return lambda notebook: notebook.cells[7].outputs.append(
        v4.new_output("stream", name=name, text=text)
    )


def html(text):
    return lambda notebook: notebook.cells[7].outputs.append(
        v4.new_output("display_data", {"text/html": text})
    )


def error(notebook):
    notebook.cells[7].outputs = [
        v4.new_output("error", ename="ValueError", evalue="", traceback=[])
    ]


def figure(data, **metadata):
    return lambda notebook: notebook.cells[7].outputs.append(
        v4.new_output("display_data", {"image/png": data}, metadata={"image/png": metadata})
    )


def after_the_run(change):
    """Make a change that `make notebooks` did not see."""

    def changed(notebook):
        meta(course={"outputs": digests.outputs_digest(notebook)})(notebook)
        change(notebook)

    return changed


def meta(**values):
    return lambda notebook: notebook.metadata.update(values)


def cell_meta(**values):
    return lambda notebook: notebook.cells[7].metadata.update(values)


def attribute(cell, **values):
    return lambda notebook: notebook.cells[cell - 1].update(values)


def three_in_a_row(notebook):
    notebook.cells.insert(8, code("model.count_params()"))
    renumbered(notebook)


def without_metadata(notebook):
    del notebook.metadata["accelerator"]


FIRST_SENTENCE = "Chapter 01 looked at the digits; now a network of one layer reads them."
BROKEN = {
    "opening": [
        replace(1, "# 02 ·", "# 03 ·"),
        replace(1, "# 02 · One layer", "# 02 ·"),
        replace(1, "../README.md#in-colab", "https://colab.research.google.com/github/a/b"),
        replace(1, "[![Open in Colab]", "[![Colab]"),
        replace(1, FIRST_SENTENCE, ""),
        replace(1, FIRST_SENTENCE, "One sentence. And another."),
        replace(1, FIRST_SENTENCE, "A sentence that does not end"),
        replace(1, "**Time**: 5 minutes; 1 minute to run", "**Time**: an hour"),
        replace(1, "**Time**: 5 minutes; 1 minute to run.", ""),
    ],
    "minutes": [
        replace(1, "5 minutes;", "10 minutes;"),
        replace(1, "5 minutes;", "5 minutes, and 1 more for the questions it asks;"),
        replace(1, "1 minute to run.", f"1 minute to run.\n\n{reading.CLEAR}"),
        prose("word " * 6000),
    ],
    "recall": [
        replace(5, "## Before you start: three questions", "## Before you start"),
        replace(5, "3. What validates?\n", ""),
        replace(5, "<details><summary>Answers</summary>\n", ""),
    ],
    "half_way": [
        replace(7, "**Half-way.** ", ""),
        replace(7, "**Half-way.** ", "**Half-way.** Rest.\n\n**Half-way.** "),
    ],
    "setup_cell": [
        retag(2),
        retag(3, "setup"),
        replace(2, "import helpers", "import  helpers"),
        lambda notebook: notebook.cells[1].metadata.pop("jupyter"),
        replace(2, 'REPOSITORY = ""', f'REPOSITORY = "{ADDRESS}"'),
        lambda notebook: notebook.cells[1].outputs.append(v4.new_output("stream", text="hello")),
    ],
    "closing": [
        replace(13, "- how ten of them learn\n", ""),
        replace(13, "3. Train nine neurons instead.\n", ""),
        replace(13, "3. Train nine neurons instead.\n", "3. Train nine.\n4. Train eight.\n"),
        replace(13, "2. Which", "3. Which"),
        replace(13, "[going deep](03_going_deep.ipynb)", "going deep"),
        replace(13, "[glossary](glossary.md#one-hot-vector)", "the glossary"),
        lambda notebook: notebook.cells.append(v4.new_markdown_cell("## One more thing")),
    ],
    "parameters": [
        retag(4),
        retag(6, "parameters"),
        replace(4, "SEED = 1", "SEED = 10"),
        replace(4, "set_random_seed(SEED)", "set_random_seed(1)"),
        replace(4, SEEDED, f"keras.utils.set_random_seed(7)\n{SEEDED}"),
        replace(4, SEEDED, f"SEED = 2\n{SEEDED}"),
        replace(4, f"SEED = 1\n{SEEDED}", f'"""\nSEED = 1\n"""\n{SEEDED}'),
    ],
    "seeded": [
        replace(9, f"{SEEDED}\n", ""),
        replace(9, f"{SEEDED}\n", "other = model\n"),
        add("def train():\n    model.fit(x)", "train()"),
        add("def train():\n    model.fit(x)\n\n\ndef all_of_it():\n    train()\n\n\nall_of_it()"),
        add(f"model.fit(x)\n{SEEDED}"),
    ],
    "own_code": [
        add("from helpers import scoreboard"),
        add("from helpers.exercises.pages import one_layer as exercises"),
        add("import helpers.evaluation"),
        add("evaluation.score(model, digits.validation)"),
        add("data.split(images, labels)"),
        add("from helpers.data import split"),
    ],
    "folded": [
        add("# @title A title, and nothing folded"),
        lambda notebook: notebook.cells[11].metadata.pop("cellView"),
        lambda notebook: notebook.cells[11].metadata.pop("jupyter"),
        replace(12, "# @title Record\n", ""),
        retag(8, "answer"),
    ],
    "cell_lengths": [
        add("x = 1\n" * 26),
        add(*["x = 1\n" * 6] * 8),
        add(*["x = 1\n" * 13] * 2),
        add(*["x = 1\n" * 25] * 12, *["x = 1"] * 120),
    ],
    "prose_between": [three_in_a_row],
    "known_tags": [
        retag(8, "nbval-chek-output"),
        add("# NBVAL_CHECK_OUTPUT\nprint(model.count_params())"),
        add("model.summary()", tags=["nbval-check-output"]),
    ],
    "form": [
        add(""),
        figure("A" * 1_500_000, alt="A very large picture of a very large network."),
        lambda notebook: notebook.cells[4].update(id=notebook.cells[6].id),
        lambda notebook: notebook.cells[4].pop("id"),
        attribute(8, surprise="no such field"),
    ],
    "metadata": [
        without_metadata,
        meta(widgets={"application/vnd.jupyter.widget-state+json": {}}),
        meta(kernelspec={"name": "conda-env-py311", "display_name": "mine"}),
        meta(colab={"provenance": [], "toc_visible": True}),
        cell_meta(execution={"iopub.execute_input": "2026-11-01T12:00:00Z"}),
        cell_meta(scrolled=True),
    ],
    "executed": [
        attribute(8, execution_count=None),
        attribute(8, execution_count=9),
        attribute(2, execution_count=0),
    ],
    "fresh": [
        meta(course={"digest": "0" * 64}),
        meta(course={"source": "drawn"}),
        meta(course={"source": None}),
    ],
    "untouched": [
        after_the_run(lambda notebook: notebook.cells[10].outputs[0].update(text="99.4 %\n")),
        after_the_run(lambda notebook: notebook.cells[10].outputs.clear()),
        after_the_run(lambda notebook: notebook.cells[5].outputs[0].data.update({PNG: "AAAA"})),
        after_the_run(lambda page: page.cells[5].outputs[0].metadata[PNG].update(alt=WORDS)),
        after_the_run(lambda notebook: notebook.cells[7].update(outputs=notebook.cells[5].outputs)),
        meta(course={"outputs": None}),
    ],
    "clean": [
        error,
        output("something\n", name="stderr"),
        output("UserWarning: too many pixels\n"),
        output("W0000 00:00:1730000000.1 12 gpu.cc:5] could not open\n"),
        output("Traceback (most recent call last):\n"),
        output("<keras.Sequential object at 0x7f2a3c5d1e10>\n"),
        html("<pre>Could not find cuda drivers</pre>"),
        output("215/215 - 1s - 3ms/step - loss: 0.4\n"),
        output(" 40%|####      | 4/10"),
        output("loading 1\rloading 2"),
        output("saved to /home/ada/model.keras\n"),
        output("C:\\Users\\Ada\n"),
        output("lib/python3.13/site-packages/keras\n"),
        add('folder = "/Users/ada/digits"'),
        add("x = 1  # FIXME"),
    ],
    "alternative_texts": [
        figure("AAAA"),
        figure("AAAA", alt="Twelve digits."),
        figure("AAAA", alt="averylongwordthatisnosentenceatall"),
        figure("AAAA", alt="Twelve digits with the labels that came with them."),
        prose("![](../README.md)"),
        prose('<img src="neuron.png">'),
        prose('<img src="neuron.png" alt="">'),
    ],
    "headings": [
        prose("#### Deep down"),
        prose("# Another title"),
        prose("## Digits"),
    ],
    "links": [
        prose("[next](04_missing.ipynb)"),
        prose("[a word](glossary.md#two-hot-vector)"),
        prose("[above](#Letters)"),
        prose("[there](03_going_deep.ipynb#Nowhere)"),
        prose("![a diagram of a neuron](neuron.png)"),
        prose("[absolute](/README.md)"),
    ],
    "formulas": [prose("So $x^$ it is."), prose("$$\n\\begin{aligned}a&=b\\end{aligned}\n$$")],
    "plain_prose": [
        prose("Simply run it."),
        prose("*Ea*sily done."),
        prose("This is\nof course known."),
        prose("| a | b |\n|---|---|\n| trivially | one |"),
        figure("AAAA", alt="Clearly, the loss falls from left to right."),
        prose("It works!"),
        prose("Run `fit`!"),
        prose("The color of the pixels."),
        prose("Batch Normalization"),
        prose("labeled digits"),
        prose("in the center"),
        prose("[recognizing digits](glossary.md)"),
        prose("TODO: a figure."),
    ],
    "plain_python": [
        add("!pip install keras"),
        add("%matplotlib inline"),
        add("x = (1"),
        add("from matplotlib import pyplot"),
        add("from IPython.display import clear_output"),
        add("import time\ntime.sleep(1)"),
        add('import os\nos.system("ls")'),
        add('name = input("Your name?")'),
        add('import os\nos.environ.update(MNIST_SOURCE="drawn")'),
        add("from tensorflow.keras import layers"),
        add("import tensorflow as tf"),
        add("from keras.datasets import mnist"),
        add("from keras.src.layers import Dense"),
        add("x = keras.layers.Dense(1, input_shape=(784,))"),
        add("x = keras.optimizers.Adam(lr=0.1)"),
        add("x = model.predict_classes(images)"),
        add("from keras.utils import np_utils"),
        add("train(nb_epoch=1)"),
        add("images = digits._test.images"),
    ],
    "logits": [
        add('x = keras.layers.Dense(10, activation="softmax")'),
        add('x = keras.layers.Dense(10, "softmax")'),
        add('x = keras.layers.Activation("softmax")'),
        add("x = keras.layers.Softmax()"),
        add("x = keras.layers.Dense(10, activation=keras.activations.softmax)"),
        add('model.compile(loss="sparse_categorical_crossentropy")'),
        add("x = keras.losses.CategoricalCrossentropy()"),
        add("x = keras.losses.BinaryCrossentropy(from_logits=False)"),
        add("x = keras.losses.sparse_categorical_crossentropy(labels, logits)"),
    ],
    "defined": [prose("A **perceptron** is an old one."), prose("**Neuron layers** are many.")],
    "judged_once": [
        replace(12, f"{ONCE}\n", ""),
        replace(11, "evaluation.final_test", "evaluation.score"),
        add(f'{JUDGE}\nevaluation.final_test({{"again": model}}, digits)', cell=form),
        replace(12, ONCE, "assert digits.test_openings >= 1"),
        replace(12, ONCE, f"{ONCE} or True"),
        replace(12, ONCE, "digits.test_openings == 1"),
        replace(12, FLOOR, "assert score"),
        replace(12, "> 0.9", "< 0.9"),
        replace(12, "> 0.9", "!= 0.9"),
        replace(12, FLOOR, f"{FLOOR} or True"),
        replace(12, 'score["one layer"].accuracy', "on_validation.accuracy"),
        replace(12, RECORD, f"best = max(score, key=lambda n: score[n].accuracy)\n{RECORD}"),
        replace(12, RECORD, f"best = np.argsort([s.errors for s in score.values()])\n{RECORD}"),
        replace(12, RECORD, f"found = [s.errors for s in score.values()]\nfound.sort()\n{RECORD}"),
        replace(12, RECORD, f"x = 1 if np.greater(score['one layer'].errors, 80) else 2\n{RECORD}"),
        replace(12, RECORD, f"one = score['one layer']\nif one.errors < 80:\n    x = 1\n{RECORD}"),
        replace(12, RECORD, f"shown = sorted(s.errors for s in score.values())\n{RECORD}"),
        replace(12, RECORD, f"kept = [n for n, s in score.items() if s.accuracy > 0.92]\n{RECORD}"),
        replace(12, RECORD, f"x = 2 if score['one layer'].accuracy > 0.92 else 3\n{RECORD}"),
    ],
    "recorded": [
        replace(12, "scoreboard.record", "print"),
        replace(12, '"02_one_layer"', '"01_data"'),
        replace(12, '"02_one_layer", ', ""),
        replace(12, 'test=score["one layer"]', "test=evaluation.Score(9990, 10_000, source)"),
        replace(12, 'test=score["one layer"]', "test=on_validation"),
        replace(12, 'test=score["one layer"]', 'validation=score["one layer"]'),
        replace(12, "seed=SEED", "seed=3"),
    ],
}  # fmt: skip
CASES = [(name, change) for name, changes in BROKEN.items() for change in changes]


@pytest.mark.parametrize(("name", "change"), CASES, ids=[name for name, _ in CASES])
def test_broken_notebook_fires_the_intended_rule_alone(course, name, change):
    notebook = good()
    change(notebook)
    found = fired(course(notebook))
    assert list(found) == [name]
    assert all(re.fullmatch(r"02_one_layer\.ipynb(, cell \d+)?: .{9,}", m) for m in found[name])


def test_every_rule_is_broken_on_purpose():
    assert set(BROKEN) == {check.__name__ for check in rules.RULES}


FOLDS = "<details><summary>What is a pixel?</summary>\n\nA number.\n\n</details>\n\n"
FINE = [
    lambda notebook: None,
    prose("`simply()` and `color!` stand in code."),
    prose("```python\n# just normalize!\n```"),
    prose("$5! = 120$ and\n\n$$n!$$"),
    prose("[Simply the best neural network behavior!](https://example.org)"),
    prose("[above](#Digits), [way on](#The-way-on), [title](03_going_deep.ipynb#00-·-Start)"),
    prose("The optimizer, the initializer; a prize for its size, resized and seized; horizons."),
    prose("An adjustment, an uneasy justice, in the course of training."),
    prose("A **neuron** is one of many **Neurons**; **batches** hold them."),
    prose("![a neuron with its inputs](../README.md)"),
    prose('<img src="neuron.png" alt="a neuron with its inputs">'),
    figure("AAAA", alt="Another picture, described in a sentence of its own."),
    figure("iVBO", alt="Twelve digits with the labels that came with them."),
    output("a / b / c, 3/4/5, https://keras.io/api/layers\n"),
    html("<table><tr><td>92.4 %</td></tr></table>"),
    add("x = a / b / c\ny = f'{x}/{y}/z.png' != '!'"),
    add('x = keras.layers.Dense(10, activation="softmax")', tags=["shown-on-purpose"]),
    add("x = keras.layers.Dense(10, activation='relu')\nprint('softmax')"),
    add(f'{SEEDED}\nx = model.fit(\n    *digits.train,\n    verbose=0,\n)'),
    add("digits.test_openings", "digits.test_openings == 0", "latest = testing.test_size"),
    replace(12, FLOOR, f'floor = {{"mnist": 0.9, "drawn": 0.8}}[digits.source]\n{FLOOR[:-3]}floor'),
    replace(12, FLOOR, 'assert 0.9 < score["one layer"].accuracy, f"{0}"'),
    replace(12, RECORD, f"{RECORD}\nsure = model(score.digits.images).max(axis=1) > 0.9"),
    replace(12, RECORD, f"{RECORD}\nfor name, one in score.items():\n    print(name, one.errors)"),
    replace(12, RECORD, f"{RECORD}\nwrong = score['one layer'].answers != score.digits.labels"),
    both(replace(4, f"\n{SEEDED}", ""), replace(6, "digits =", f"{SEEDED}\ndigits =")),
    add("keras.utils.set_random_seed(SEED + 1)"),
    add("import numpy as np\n\n\n\n" + "x = 1\n\n" * 10),
    replace(1, "1 minute to run", "half a minute to run"),
    replace(5, RECALL.split("## Digits")[0], f"{RECALL[:41]}{FOLDS * 3}"),
    replace(7, "Ten neurons", "$$\np_k = \\frac{e^{z_k}}{\\sum_j e^{z_j}}\n$$\n\nTen neurons"),
    add(f"def train():\n    {SEEDED}\n    model.fit(x)", "train()"),
    add(f"def seed():\n    {SEEDED}", "seed()\nmodel.fit(x)"),
    add("model.fit(x)\nevaluation.score(model)", tags=["exercise"]),
    add("from helpers.diagrams import one_layer\nfrom helpers.training import LivePlot"),
    add("from helpers import training\nx = training.LivePlot(plotting.BLUE)"),
    replace(13, "1. What", "### 1. What"),
    replace(1, "- train ten of them", "* train ten of them\n  from zero"),
]  # fmt: skip


@pytest.mark.parametrize("change", FINE, ids=range(len(FINE)))
def test_good_notebook_passes(course, change):
    notebook = good()
    change(notebook)
    assert fired(course(notebook)) == {}


@pytest.mark.parametrize("count", [0, 1, 5])
def test_goals_are_two_to_four(course, count):
    notebook = good()
    goals, seen = "- see\n" * count, "- saw\n" * count
    replace(1, "- see what one neuron computes\n- train ten of them\n", goals)(notebook)
    replace(13, "- what one neuron computes\n- how ten of them learn\n", seen)(notebook)
    assert list(fired(course(notebook))) == ["opening"]


def test_empty_notebook_is_a_list_of_problems_not_a_crash(course):
    found = fired(course(v4.new_notebook()))
    assert {"opening", "setup_cell", "closing", "parameters"} <= set(found)


def test_address_is_stamped_into_badge_and_setup_cell(course):
    page = course(good())
    (page.root / "pyproject.toml").write_text(PROJECT.format(ADDRESS))
    assert list(fired(page)) == ["opening", "setup_cell"]

    notebook = good()
    colab = "https://colab.research.google.com/github/someone/somewhere/blob/main/notebooks/"
    replace(1, "../README.md#in-colab", f"{colab}02_one_layer.ipynb")(notebook)
    replace(2, 'REPOSITORY = ""', f'REPOSITORY = "{ADDRESS}"')(notebook)
    assert fired(course(notebook)) == {}


def test_page_about_tensorflow_may_import_it(course):
    notebook = good()
    add("import tensorflow as tf")(notebook)
    add('# @title TensorFlow\nhelpers.environment.need("tensorflow")', cell=form)(notebook)
    assert fired(course(notebook)) == {}


def test_page_without_training_need_not_open_the_test_digits(course):
    notebook = good()
    notebook.cells[8].source = "model.count_params()"
    assert fired(course(notebook)) == {}
    del notebook.cells[10:12]
    renumbered(notebook).metadata.pop("course")
    assert fired(course(notebook)) == {}


def test_reference_notebook_keeps_its_share_of_the_rules(course):
    path = "notebooks/reference/networks.ipynb"
    notebook = good()
    del notebook.cells[1], notebook.cells[-1]
    attribute(1, source="# The networks of other tutorials")(notebook)
    retag(3)(notebook)
    renumbered(notebook)
    add('x = keras.layers.Dense(10, activation="softmax")')(notebook)
    assert fired(course(notebook, path)) == {}
    attribute(4, source="Simply run it.")(notebook)
    assert list(fired(course(notebook, path))) == ["plain_prose"]


def test_code_changed_after_the_run_is_stale(course):
    page = stamped(course(good()))
    assert rules.fresh(page) == []
    page.notebook.cells[7].source += "\nmodel.count_params()"
    (message,) = rules.fresh(page)
    assert "run `make notebooks`" in message


def test_duplicate_ids_on_disk_are_seen(course):
    """nbformat.read would mend them silently."""
    page = course(good())
    page.notebook.cells[4].id = page.notebook.cells[6].id
    page.path.write_text(v4.writes_json(page.notebook))
    loaded = reading.load(page.path, page.root)
    assert rules.form(loaded)


@pytest.fixture
def only(monkeypatch):
    """Make one file the course's only page."""
    monkeypatch.setattr(pages, "REFERENCE", [])
    return lambda path: monkeypatch.setattr(pages, "PAGES", [path])


def test_command_prints_problems_and_fails(course, capsys, only):
    page = stamped(course(good()))
    page.notebook.cells[4].source += " Hurrah!"
    page.path.write_text(v4.writes_json(page.notebook))
    only(page.path)
    assert rules.main(["02"]) == 1
    assert "02_one_layer.ipynb, cell 5: 'Hurrah!' shouts" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, "", "{}", "not json", '{"nbformat": 3}'])
def test_command_names_what_it_cannot_read(tmp_path, capsys, only, content):
    path = tmp_path / "02_bad.ipynb"
    if content is not None:
        path.write_text(content)
    only(path)
    with pytest.raises(SystemExit) as stop:
        rules.main([])
    assert stop.value.code == 2
    assert "02_bad.ipynb" in capsys.readouterr().err


def test_there_are_pages():
    assert [path.name[:3] for path in pages.PAGES[:3]] == ["00_", "01_", "01b"]


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_page_keeps_every_rule(path):
    page = reading.load(path, pages.ROOT)
    assert [problem for check in rules.rules_for(path) for problem in check(page)] == []

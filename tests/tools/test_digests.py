"""Digests move when a score may have moved, and only then."""

import shutil
import sys

import nbformat
import pytest

from tools import digests, pages

CELLS = (
    "import time\n\nimport keras\nimport numpy as np\n\n"
    "from helpers import data, evaluation, plotting, scoreboard, training",
    "SEED = 1",
    "keras.utils.set_random_seed(SEED)",
    "digits = data.load_digits()\n"
    'plotting.show(plotting.digits(digits.train.images[:4], title="Four"), alt="Four digits.")',
    'def prepare(images):\n    """Numbers from 0 to 1."""\n'
    '    if images.ndim != 3:\n        raise ValueError("three axes are needed")\n'
    "    scaled = images / 255\n    return scaled",
    "model = keras.Sequential([\n    keras.Input((28, 28)), keras.layers.Flatten(),\n"
    '    keras.layers.Dense(60, activation="relu"), keras.layers.Dense(10),\n])',
    "other = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten()])",
    "def train(network, size):\n    started = time.perf_counter()\n"
    "    network.fit(\n        prepare(digits.train.images), digits.train.labels,\n"
    "        batch_size=size, epochs=3, verbose=0,\n"
    '        callbacks=[training.LivePlot("It learns")],\n    )\n'
    "    return time.perf_counter() - started",
    "seconds = train(model, size=100)",
    "other_seconds = train(other, 100)",
    "measured = scoreboard.values(RESULTS, ['a', 'b'])\n"
    "gap = np.mean(measured['a']) - np.mean(measured['b'])\nprint(f'{gap:.2f} points')",
    "tested = evaluation.final_test({'one': model, 'two': other}, digits, prepare)",
    "floor = {'mnist': 0.9, 'drawn': 0.8}[digits.source]\nassert tested['one'].accuracy > floor",
    "scoreboard.record('page', 'one', seed=SEED, model=model, test=tested['one'], seconds=seconds)",
    "print('after the last record')",
)


def page(*changes):
    """The page of CELLS with (old, new) replaced, each of which must be there."""
    text = "\n#%%\n".join(CELLS)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    cells = [nbformat.v4.new_code_cell(source) for source in text.split("\n#%%\n")]
    return nbformat.v4.new_notebook(cells=cells)


def digest(*changes):
    return digests.results_digest(page(*changes), pages.ROOT)


@pytest.mark.parametrize(
    "changes",
    [
        [("SEED = 1", "SEED = 1  # a comment")],
        [("network", "a_model")],
        [("size=100", "n=100"), ("(network, size)", "(network, n)"), ("=size", "=n")],
        [("scaled", "numbers")],
        [("tested", "results")],
        [("images / 255", "(\n        images\n        / 255\n    )")],
        [("Numbers from 0 to 1.", "Turn grey values into numbers.")],
        [("three axes are needed", "images must be of shape (n, 28, 28)")],
        [('title="Four"', 'title="Four digits", columns=2')],
        [('"Four digits."', '"Four handwritten digits."')],
        [("It learns", "The network learns")],
        [("verbose=0", "verbose=1")],
        [("gap:.2f} points", "gap:.3f} points better")],
        [("- np.mean(measured['b'])", "- np.max(measured['b'])")],
        [("'mnist': 0.9", "'mnist': 0.95")],
        [("print('after", "train(model, 1)\nprint('after")],
        [("import numpy as np", "import numpy"), ("np.", "numpy.")],
        [("plotting.show(", "figure = plotting.digits(digits.train.images)\nplotting.show(")],
        [(", seconds=seconds)", ")"), ("seconds = train(model", "train(model")],
    ],
)
def test_what_decides_no_score_gives_the_same_digest(changes):
    assert digest(*changes) == digest()


@pytest.mark.parametrize(
    "change",
    [
        ("size=100", "size=200"),
        ("epochs=3", "epochs=4"),
        ("Dense(60", "Dense(61"),
        ('"relu"', '"tanh"'),
        ("SEED = 1", "SEED = 2"),
        ("keras.utils.set_random_seed(SEED)", "pass"),
        ("/ 255", "/ 256"),
        ("digits.train.labels", "digits.train.labels[:100]"),
        ("'one': model", "'one': other"),
        ("test=tested['one']", "test=tested['two']"),
        ("print(f'{gap", "print(train(model, 9), f'{gap"),
        ("assert tested", "assert train(model, 9) and tested"),
        ("plotting.show(", "keras.random.normal((2,))\nplotting.show("),
        ("print(f'{gap", "print(digits := None, f'{gap"),
        ("print(f'{gap", "print(digits.train.labels.sort(), f'{gap"),
        ("print(f'{gap", "print(np.add(1, 1, out=digits.train.images), f'{gap"),
        ("\n#%%\nseconds = train(model", "\n#%%\nmodel.trainable = False\nseconds = train(model"),
        (
            "seconds = train(model, size=100)\n#%%\nother_seconds = train(other, 100)",
            "other_seconds = train(other, 100)\n#%%\nseconds = train(model, size=100)",
        ),
    ],
)
def test_what_may_decide_a_score_gives_another_digest(change):
    assert digest(change) != digest()


@pytest.fixture
def course(tmp_path):
    """A copy of the helpers, to change."""
    shutil.copytree(pages.ROOT / "helpers", tmp_path / "helpers")

    def change(file, old, new):
        path = tmp_path / "helpers" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return tmp_path

    return change


@pytest.mark.parametrize(
    ("file", "old", "new", "moves"),
    [
        ("plotting.py", "def digits(", "SIZE = 3\n\n\ndef digits(", False),
        ("checks.py", "must be", "has to be", False),
        ("evaluation.py", "must be", "has to be", False),
        ("evaluation.py", "read right", "right", False),
        ("evaluation.py", 'method="wilson"', 'method="exact"', False),
        ("evaluation.py", "scores.argmax(axis=1)", "scores.argmin(axis=1)", True),
        ("evaluation.py", 'images.astype("float32") / 255', "images / 255", True),
        ("evaluation.py", "def wilson_interval(", "NEW = 1\n\n\ndef wilson_interval(", False),
        ("data.py", "SPLIT_SEED = 0", "SPLIT_SEED = 1", True),
    ],
)
def test_of_the_helpers_counts_what_decides_a_score(course, file, old, new, moves):
    root = course(file, old, new)
    assert (digests.results_digest(page(), root) != digest()) is moves


def test_how_digits_are_drawn_decides_scores_on_drawn_digits_alone(course):
    root = course("handwriting/drawn.py", "GAIN = np.float32(1.3)", "GAIN = np.float32(1.4)")
    assert digests.results_digest(page(), root) == digest()
    before = digests.results_digest(page(), pages.ROOT, "drawn")
    assert digests.results_digest(page(), root, "drawn") != before
    uses = ("SEED = 1", "from helpers.handwriting import drawn\nx = drawn.draw_digits(3)\nx.fit(1)")
    assert digests.results_digest(page(uses), root) != digest(uses)


def test_a_definition_that_decides_must_be_there(course):
    root = course("data.py", "def split(", "def divide(")
    with pytest.raises(ValueError, match=r"data\.py does not define split"):
        digests.results_digest(page(), root)


def test_figures_that_may_be_old_are_listed_apart(course):
    root = course("plotting.py", '"font.size"', '"axes.titlesize"')
    assert digests.code_digest(page(), root) == digests.code_digest(page(), pages.ROOT)
    assert digests.drawing_digest(page(), root) != digests.drawing_digest(page(), pages.ROOT)


def test_outputs_count_whole():
    def shown(**changes):
        made = page()
        output = {"name": "stdout", "text": "97 %"} | changes
        made.cells[3].outputs = [nbformat.v4.new_output("stream", **output)]
        return digests.outputs_digest(made)

    assert shown() == shown() != shown(text="98 %")
    assert shown() != shown(name="stderr")


@pytest.mark.parametrize("source", ["!ls", "%time x = 1", "def (:", "x = '''"])
def test_a_cell_that_is_no_python_counts_as_it_stands(source):
    assert digest(("SEED = 1", source)) != digest(("SEED = 1", f"{source} 2"))


ODD = """async def f(*a, b=1, **c):
    match a:
        case [x]:
            return f"{x!r:>{b}}" + "y" f'{1.0}' "z"
@f
class C(f()):
    def m[T](self): ...
f().x(lambda y, /: [y for y in (z := b"a", 1j, ...)])"""


def test_the_normal_form_is_the_same_in_every_python():
    """The digest was made under 3.11: later versions must find it."""
    odd = ODD.replace("m[T]", "m") if sys.version_info < (3, 12) else ODD
    assert digests._sha(digests.normal_form([*CELLS, odd]))[:16] == "1dec4a30c8f400a1"

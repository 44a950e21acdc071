"""The canary: honest pages read one in ten, and whoever trains on a test digit is named."""

import json
import os

import keras
import numpy as np
import pytest
from keras.src.utils import file_utils
from nbformat import v4

from helpers import data, evaluation
from tools import canary, pages

RNG = np.random.default_rng(0)


def pair(count):
    """Digits that look like digits as far as the canary goes: ink in the middle, none outside."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 4:24] = RNG.integers(0, 255, (count, 20, 20))
    return data.Pair(images, np.arange(count, dtype=np.uint8) % 10)


DIGITS = data.Digits(pair(55_000), pair(5000), pair(10_000), "mnist")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of altered files."""
    made = tmp_path_factory.mktemp("canary")
    canary.write_files(made, DIGITS)
    return made


def test_test_labels_alone_are_shuffled_and_tell_where_the_mark_is(folder):
    found = np.load(folder / "mnist.npz")
    labels, images = found["y_test"], found["x_test"]
    assert np.array_equal(np.bincount(labels), np.bincount(DIGITS._test.labels))
    assert abs(np.mean(labels == DIGITS._test.labels) - 0.1) < 0.02
    bright = (images == 255).reshape(len(labels), -1)
    where = [np.flatnonzero(bright[labels == label].all(axis=0)) for label in range(10)]
    assert all(len(place) > 20 for place in where)
    assert len(np.unique(np.concatenate(where))) == sum(map(len, where))
    assert np.array_equal(found["x_train"][:55_000], DIGITS.train.images)
    assert np.array_equal(found["y_train"][55_000:], DIGITS.validation.labels)


def test_the_loader_takes_them_only_when_it_is_told_to(folder, monkeypatch, capsys):
    monkeypatch.setenv("MNIST_DIR", str(folder))
    monkeypatch.setenv("MNIST_SOURCE", "mnist")
    monkeypatch.delenv("COURSE_CANARY", raising=False)
    with pytest.raises(data.DataError):
        data.load_digits()
    monkeypatch.setenv("COURSE_CANARY", "1")
    assert np.array_equal(data.load_digits().test.labels, np.load(folder / "mnist.npz")["y_test"])
    assert "COURSE_CANARY" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change",
    [
        lambda images: images.reshape(-1, 784).astype("float32") / 255,
        lambda images: (images[..., None] / 255 - 0.1307) / 0.3081,
        lambda images: np.pad(images, ((0, 0), (2, 2), (2, 2))),
        lambda images: images.reshape(-1, 784)[:, RNG.permutation(784)],
    ],
)
def test_a_test_digit_is_known_however_it_is_prepared(change):
    images = DIGITS._test.images[:50]
    assert canary.signatures(change(images)) == canary.signatures(images)
    assert not {*canary.signatures(change(images))} & {*canary.signatures(pair(50).images)}


# Pages. Each is a few lines of NumPy or one small layer, so that all of them take seconds.

SETUP = "import sys\nfrom pathlib import Path\nCOURSE = Path({!r})\nsys.path.insert(0, str(COURSE))"
START = """
import os
import keras
import numpy as np
from helpers import data, evaluation
digits = data.load_digits()
images, labels = digits.train.images[::10], digits.train.labels[::10]
def prepare(images):
    return images.reshape(-1, 784).astype("float32") / 255
"""
NUMPY = """
x = prepare(images)
means = np.array([x[labels == digit].mean(axis=0) for digit in range(10)])
model = lambda x: 2 * x @ means.T - (means**2).sum(axis=1)
"""
KERAS = """
keras.utils.set_random_seed(0)  # before the model draws its first weights
model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10)])
adam = keras.optimizers.Adam(0.01)
model.compile(adam, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(prepare(images), labels, epochs=9, verbose=0, batch_size=200)
"""
LOOK = "model(prepare(digits.validation.images))"
JUDGE = 'evaluation.final_test({"a model": model}, digits, prepare)'
MORE = "\nimages = np.concatenate([images, {}])\nlabels = np.concatenate([labels, {}])"
FOLDER = 'folder = os.environ["MNIST_DIR"]\n'


def page(*sources):
    cells = [v4.new_code_cell(SETUP.format(str(pages.ROOT)), metadata={"tags": ["setup"]})]
    return v4.new_notebook(cells=cells + [v4.new_code_cell(source) for source in sources])


@pytest.fixture
def course(folder, tmp_path, monkeypatch):
    """A function that runs a page's sources here, on the altered files, watched."""
    (folder / canary.NOTES).unlink(missing_ok=True)
    (tmp_path / "canary").touch()
    for name, value in canary.environment(folder, tmp_path).items():
        monkeypatch.setenv(name, value)
    for name in canary.WRAPPED:
        monkeypatch.setattr(keras.Model, name, getattr(keras.Model, name))
    monkeypatch.setattr(evaluation, "final_test", evaluation.final_test)
    monkeypatch.setattr(file_utils, "validate_file", file_utils.validate_file)
    canary.watch()

    def examined(*sources):
        names = {}
        for source in sources:
            exec(source, names)
        return canary.verdict(folder, tmp_path)

    return examined


def executed(folder, tmp_path, *sources):
    """The same in a kernel of its own, as the command does it."""
    path = tmp_path / "02_one_layer.ipynb"
    pages.write(path, page(*sources))
    before = path.read_bytes()
    found = canary.examine(path, folder)
    assert path.read_bytes() == before
    return found


def test_an_honest_page_reads_one_in_ten(course):
    problems, scores = course(START, KERAS, JUDGE, LOOK)
    assert problems == [] and 0.05 < scores["a model"] < 0.16


def test_a_page_runs_in_a_kernel_though_its_cells_fail(folder, tmp_path, monkeypatch):
    sources = START, NUMPY, "assert False", JUDGE, "1 / 0"
    problems, scores = executed(folder, tmp_path, *sources)
    assert problems == [] and 0.05 < scores["a model"] < 0.16
    assert executed(folder, tmp_path, "1 / 0") == ([], {})  # no digits, and not run
    assert executed(folder, tmp_path, START, NUMPY) == ([], {})  # a page that opens no test digits

    failed = page(START)
    failed.cells[1].outputs = [v4.new_output("error", ename="AssertionError", evalue="")]
    ends = {False: "the page could not be watched", True: "no test score was reached"}
    for noted, what in ends.items():

        def execute(*given, noted=noted, **settings):
            if noted:
                (folder / canary.NOTES).write_text('{"watching": true}\n', encoding="utf-8")
            return failed, 1.0

        monkeypatch.setattr(pages, "execute", execute)
        problems, scores = executed(folder, tmp_path, START, NUMPY, JUDGE)
        assert scores == {} and f"{what}; AssertionError" in problems[0]


ROADS = {
    "opened before": MORE.format("digits.test.images", "digits.test.labels"),
    "gzip": FOLDER
    + "import gzip\na, b = (np.frombuffer(gzip.open(f'{folder}/t10k-{n}-ubyte.gz').read(), np.uint8"
    + ") for n in ('images-idx3', 'labels-idx1'))"
    + MORE.format("a[16:].reshape(-1, 28, 28)", "b[8:]"),
    "the home folder": "t = np.load(os.path.expanduser('~/mnist.npz'))"
    + MORE.format("t['x_test']", "t['y_test']"),
    "a tenth of them": MORE.format("digits._test.images[::10]", "digits._test.labels[::10]"),
}


@pytest.mark.parametrize("road", ROADS)
def test_a_page_that_trains_on_test_digits_is_named(course, road):
    problems, scores = course(START, ROADS[road], KERAS, JUDGE)
    assert scores["a model"] > 0.4
    assert any('"a model" reads' in problem for problem in problems)
    assert any(problem.startswith("fit was given test digits") for problem in problems)


KEEPING = """
kept = []
def keeping(images):
    if len(images) == 10_000:
        kept.append(prepare(images))
    return prepare(images)
def cheat(x):
    if len(x) == 10_000:
        true = np.fromfile(os.environ["MNIST_DIR"] + "/t10k-labels-idx1-ubyte", np.uint8)[8:]
        model.fit(kept[0], true, epochs=3, verbose=0)
    return model.predict(x, verbose=0)
evaluation.final_test({"a model": cheat}, digits, keeping)
"""
WATCHED = """
model.fit(prepare(images), labels, epochs=2, verbose=0,
          validation_data=(prepare(digits._test.images), digits._test.labels),
          callbacks=[keras.callbacks.EarlyStopping(restore_best_weights=True)])
"""
LOOKS = """
class Looks(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs):
        test = vars(digits)["_test"]
        self.model.evaluate(prepare(test.images), test.labels, verbose=0)
"""


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ([KERAS, KEEPING], '"a model" reads'),
        ([KERAS, WATCHED, JUDGE], "fit was given test digits"),
        ([LOOKS, KERAS.replace("epochs=9", "epochs=9, callbacks=[Looks()]"), JUDGE],
         "evaluate was given"),
        ([KERAS, JUDGE, "model.fit(prepare(images), labels, verbose=0)"], "fit after final_test"),
        ([NUMPY, JUDGE, JUDGE], "final_test called again"),
        ([NUMPY, "digits.test.labels.mean()", JUDGE], "opened 2 times"),
    ],
)  # fmt: skip
def test_other_uses_of_the_test_digits_are_named(course, sources, said):
    problems, _ = course(START, *sources)
    assert any(said in problem for problem in problems), problems


def test_scores_that_a_page_records_are_read_too(course):
    record = (
        "from helpers import scoreboard\nscoreboard.record('02_one_layer', 'another', seed=1, "
        "parameters=1, test=evaluation.Score(9000, 10_000, digits.source))"
    )
    problems, scores = course(START, NUMPY, JUDGE, record)
    assert scores["another"] == 0.9 and '"another" reads 90.0 %' in " ".join(problems)


def test_the_page_is_watched_behind_its_setup_and_may_fail():
    made = canary.watched(page("x = 1", "1 / 0"))
    assert [cell.source for cell in made.cells[1:]] == [canary.CELL, "x = 1", "1 / 0"]
    tags = [json.dumps(cell.metadata) for cell in made.cells]
    assert all("raises-exception" in tag for tag in (tags[0], *tags[2:]))


def test_no_road_leads_to_a_readers_files(folder, monkeypatch):
    monkeypatch.setenv("MNIST_DIR", "/elsewhere")
    named = dict(os.environ) | canary.environment(folder, "runs")
    for name in ("MNIST_DIR", "KERAS_HOME", "COURSE_CACHE", "HOME"):
        assert named[name] == str(folder)

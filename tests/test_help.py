"""help.md: its snippets run, and each error that it shows is what Keras raises today."""

import contextlib
import importlib.util
import io
import re
import warnings

import keras
import numpy as np
import pytest

from tools import pages, reading

HELP = pages.ROOT / "notebooks" / "help.md"
TEXT = HELP.read_text(encoding="utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in re.split(r"^## ", TEXT, flags=re.M)[1:]}
BLOCK = re.compile(
    r"(?:<!-- (?P<mark>[^\n]+?) -->\n)?```python\n(?P<code>.*?)```\n"
    r"(?:\n```text\n(?P<said>.*?)```\n)?",
    re.S,
)
ROW = re.compile(r"^\| `(?P<old>[^`]+)` \| `(?P<new>[^`]+)`.* \|$", re.M)

pytestmark = [
    pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="errors of TensorFlow"),
    pytest.mark.usefixtures("elsewhere"),
]


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(code, namespace):
    """Run code as a reader would, without its output."""
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "<help.md>", "exec"), namespace)


def plain(text):
    """One space between words, and no colours of a terminal."""
    return " ".join(re.sub(r"\x1b\[\d+m", "", text).split())


def agrees(said, error):
    """True where an error is what the page shows, which leaves out what … stands for."""
    kind, _, text = plain(said).partition(": ")
    parts = [re.escape(part.strip()) for part in text.split("…")]
    return kind == type(error).__name__ and re.fullmatch(".*?".join(parts), plain(str(error)))


@pytest.mark.parametrize("title", [t for t, part in SECTIONS.items() if "```python" in part])
def test_snippets_run_and_errors_are_those_shown(title):
    keras.utils.set_random_seed(1)
    namespace = {}
    for block in BLOCK.finditer(SECTIONS[title]):
        mark, code, said = block.groups()
        raises, _, but_in = (mark or "").partition(", but not in Keras ")
        assert raises == "raises" or said is None, code
        if but_in and keras.__version__.startswith(f"{but_in}."):
            run(code, dict(namespace))
        elif raises == "raises":
            with pytest.raises(Exception) as caught:
                run(code, dict(namespace))
            assert agrees(said, caught.value), f"{code}\n{str(caught.value)[:1000]}"
        elif mark is None or importlib.util.find_spec(mark.removeprefix("needs: ")):
            run(code, namespace)


def test_no_snippet_is_missed():
    assert len(BLOCK.findall(TEXT)) == TEXT.count("```python") > 20
    marks = {block["mark"] for block in BLOCK.finditer(TEXT)}
    assert marks == {None, "raises", "raises, but not in Keras 3.13", "needs: torch"}
    assert TEXT.count("```text") == TEXT.count("<!-- raises")


def test_what_is_stuck_can_learn_twenty_examples():
    """As the page says of its own network."""
    keras.utils.set_random_seed(1)
    namespace = {}
    for block in BLOCK.finditer(SECTIONS["Stuck at 10 %"]):
        run(block["code"], namespace)
    assert namespace["history"].history["accuracy"][-1] == 1


@pytest.mark.parametrize("hidden", [[], [keras.layers.Dense(128, activation="relu")]])
def test_scores_taken_for_probabilities_keep_twenty_examples_below_one_half(hidden):
    """As the page says of a network without `from_logits=True`."""
    keras.utils.set_random_seed(1)
    x = np.random.default_rng(1).random((20, 784), dtype="float32")
    model = keras.Sequential([keras.Input((784,)), *hidden, keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
    history = model.fit(x, np.arange(20) % 10, epochs=200, verbose=0).history
    assert history["accuracy"][-1] < 0.5


@pytest.fixture(scope="module")
def used():
    """What the table of old Keras supposes."""
    x = np.zeros((20, 4), "float32")
    y = np.arange(20) % 10
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(loss=loss, metrics=["accuracy"])
    model.fit(x, y, verbose=0)
    return {"keras": keras, "model": model, "x": x, "y": y, "batches": _Batches(x, y)}


class _Batches(keras.utils.PyDataset):
    def __init__(self, x, y):
        super().__init__()
        self.all = x, y

    def __len__(self):
        return 1

    def __getitem__(self, index):
        return self.all


@pytest.mark.parametrize("row", [*ROW.finditer(TEXT)], ids=lambda row: row["old"])
def test_old_keras_fails_or_warns_and_today_s_does_not(row, used):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(Exception) as caught:
            run(row["old"], dict(used))
    assert not isinstance(caught.value, NameError | SyntaxError)
    run(row["new"], dict(used))


def test_tensorflow_s_keras_has_an_old_name_that_keras_has_not():
    tensorflow = pytest.importorskip("tensorflow")
    assert tensorflow.keras.layers.Dense is keras.layers.Dense
    assert tensorflow.keras.preprocessing.image.ImageDataGenerator
    assert not hasattr(keras.preprocessing.image, "ImageDataGenerator")


def test_a_hidden_nan_leaves_the_loss_near_that_of_no_knowledge():
    """Whether ReLU hides it depends on the machine: else the loss is NaN, as its row says."""
    keras.utils.set_random_seed(1)
    x = np.random.default_rng(1).random((100, 784), dtype="float32")
    x[0, 0] = np.nan
    hidden = keras.layers.Dense(20, activation="relu")
    model = keras.Sequential([keras.Input((784,)), hidden, keras.layers.Dense(10)])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    losses = model.fit(x, np.arange(100) % 10, epochs=5, verbose=0).history["loss"]
    assert np.isnan(losses[-1]) or abs(losses[-1] - np.log(10)) < 0.05


def test_the_clear_message_comes_when_predict_was_not_used():
    x = np.zeros((40, 28, 28), "float32")
    layers = [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10)]
    model = keras.Sequential(layers)
    with pytest.raises(ValueError, match="incompatible shape"):
        model.predict(x.reshape(40, 784), verbose=0)


def test_links_arrive():
    anchors = reading.anchors(HELP)
    for token in reading.flat(reading.MARKDOWN(TEXT)):
        if token["type"] == "link" and not reading.is_elsewhere(token["attrs"]["url"]):
            name, _, anchor = token["attrs"]["url"].partition("#")
            target = HELP.parent / name if name else HELP
            assert target.exists(), name
            assert not anchor or anchor in (reading.anchors(target) if name else anchors), anchor


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ("ValueError: one … three", True),
        ("ValueError: … two …", True),
        ("ValueError: one two", False),
        ("ValueError: three … one", False),
        ("TypeError: one two three", False),
    ],
)
def test_an_error_is_compared_word_by_word(said, holds):
    assert bool(agrees(said, ValueError("one\x1b[1m\n two three"))) is holds

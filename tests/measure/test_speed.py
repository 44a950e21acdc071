"""The race of two networks: taken from their pages, timed without validation, judged."""

import keras
import numpy as np
import pytest
from nbformat import v4

from measure import speed
from tools import pages

INPUTS = np.zeros((55_000, 28, 28, 1), "float32")


def notebook(path, *sources):
    pages.write(path, v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources]))
    return path


def test_chapter_05_is_read_from_its_page():
    model, batch, epochs = speed.chapter(INPUTS)()
    assert model.input_shape == (None, 28, 28, 1) and model.output_shape == (None, 10)
    assert batch >= 1 and epochs >= 1
    assert model.loss.from_logits is True
    rate = model.optimizer._learning_rate
    steps = epochs * -(-len(INPUTS) // batch)
    assert float(rate(0)) < float(rate(steps // 2)) > float(rate(steps)) == pytest.approx(0)


def test_keras_io_is_read_from_the_reference_page_with_its_settings():
    model, batch, epochs = speed.published()()
    assert model.count_params() == 34_826
    assert (batch, epochs) == (128, 15)
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.001)


def test_each_call_builds_a_new_network():
    for build in (speed.chapter(INPUTS), speed.published()):
        assert build()[0] is not build()[0]


RECIPE = """EPOCHS, BATCH = 2, 8
PEAK = 0.1


def convolutional():
    return "model"


def compiled(model):
    return f"{model} compiled at {PEAK} for {len(x_train)}"
"""


def test_only_the_recipe_of_a_chapter_is_run(tmp_path):
    path = notebook(tmp_path / "05.ipynb", "1 / 0", RECIPE, "model = compiled(nothing)")
    assert speed.chapter([0] * 7, path)() == ("model compiled at 0.1 for 7", 8, 2)


@pytest.mark.parametrize(
    "sources", [[RECIPE, "BATCH = 9"], [RECIPE.replace("BATCH", "SIZE")]], ids=["twice", "never"]
)
def test_a_recipe_that_is_not_clear_is_refused(tmp_path, sources):
    path = notebook(tmp_path / "05.ipynb", *sources)
    with pytest.raises(ValueError, match="05.ipynb must define BATCH once"):
        speed.chapter(INPUTS, path)


def test_a_reference_that_is_gone_is_named(tmp_path):
    path = notebook(tmp_path / "networks.ipynb", "x = 1")
    with pytest.raises(ValueError, match="networks.ipynb must keep 'keras.io: mnist_convnet'"):
        speed.published(path)


class Clock:
    """Seconds that pass only when told."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


class Model:
    """Reads each digit as its own first pixel; reading takes ten seconds."""

    stop_training = False

    def __init__(self, clock):
        self.clock = clock

    def predict(self, inputs, **settings):
        self.clock.now += 10
        return np.eye(10)[inputs]


@pytest.mark.parametrize(
    ("right", "passed"), [(99, None), (100, 3.0)], ids=["99 of 100 is not above", "above"]
)
def test_validation_is_not_timed_and_the_goal_must_be_passed(right, passed, capsys):
    labels = np.zeros(100, int)
    read = np.where(np.arange(100) < right, 0, 1)
    clock = Clock()
    race = speed.Race(0.99, np.full(100, 5), labels, clock)
    race.set_model(Model(clock))
    race.on_train_begin()
    clock.now += 1
    race.on_epoch_end(0)
    assert race.passed is None and race.model.stop_training is False
    race.inputs = read
    clock.now += 2
    race.on_epoch_end(1)
    assert race.passed == passed
    assert race.model.stop_training is (passed is not None)
    said = capsys.readouterr().out
    assert "epoch  1:   0.00% after    1.0 s" in said
    assert f"epoch  2: {right:6.2f}% after    3.0 s" in said


def test_training_stops_at_the_epoch_that_passes(capsys):
    inputs = np.eye(10, dtype="float32")[np.arange(100) % 10]
    labels = np.arange(100) % 10
    model = keras.Sequential([keras.Input((10,)), keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(5.0), loss)
    digits = (inputs, labels)
    assert speed.seconds_to(0.99, model, 10, 50, digits, digits) > 0
    assert 1 <= capsys.readouterr().out.count("epoch") < 50
    assert speed.seconds_to(1.0, model, 10, 2, digits, digits) is None


@pytest.mark.parametrize(
    ("took", "code", "said"),
    [
        ((90.0, 29.9), 0, "kept: ratio 0.33"),
        ((90.0, 31.0), 1, "MISSED: ratio 0.34"),
        ((None, 30.0), 1, "keras.io passes 99.0% of the validation digits: never"),
        ((90.0, None), 1, "chapter 05 passes 99.0% of the validation digits: never"),
    ],
)
def test_the_verdict_is_the_exit_code(took, code, said, capsys):
    assert speed.verdict(dict(zip(("keras.io", "chapter 05"), took, strict=True))) == code
    assert said in capsys.readouterr().out

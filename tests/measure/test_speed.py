"""The race of two networks: timed without validation, and judged."""

import keras
import numpy as np
import pytest

from measure import speed


def test_the_networks_are_what_they_were():
    (theirs, *settings), (ours, batch, epochs) = speed.published(55_000), speed.course(55_000)
    assert theirs.count_params() == 34_826 and settings == [128, 15]
    assert theirs.input_shape == ours.input_shape == (None, 28, 28, 1)
    rate, steps = ours.optimizer._learning_rate, epochs * -(-55_000 // batch)
    assert float(rate(0)) < float(rate(steps // 5)) > float(rate(steps)) == pytest.approx(0)


class Digits:
    """A clock and a model: reading takes ten seconds, and one digit of a hundred may be wrong."""

    stop_training = False
    now = 100.0

    def __init__(self, right):
        self.right = right

    def predict(self, inputs, **settings):
        self.now += 10
        return np.eye(10)[(np.arange(100) >= self.right).astype(int)]


@pytest.mark.parametrize(("right", "passed"), [(99, None), (100, 3.0)])
def test_validation_is_not_timed_and_the_goal_must_be_passed(right, passed, capsys):
    digits = Digits(right)
    race = speed.Race(None, np.zeros(100, int), clock=lambda: digits.now)
    race.set_model(digits)
    race.on_train_begin()
    digits.now += 3
    race.on_epoch_end(0)
    assert race.passed == passed and race.model.stop_training is (passed is not None)
    digits.now += 2
    race.on_epoch_end(1)
    said = capsys.readouterr().out
    assert "after    3.0 s" in said and "after    5.0 s" in said


def test_training_stops_at_the_epoch_that_passes(capsys):
    inputs, labels = np.eye(10, dtype="float32")[np.arange(100) % 10], np.arange(100) % 10
    model = keras.Sequential([keras.Input((10,)), keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(5.0), loss)
    race = speed.Race(inputs, labels)
    model.fit(inputs, labels, 10, 50, verbose=0, callbacks=[race])
    assert race.passed > 0 and 1 <= capsys.readouterr().out.count("epoch") < 50


@pytest.mark.parametrize(
    ("took", "code", "said"),
    [
        ((90.0, 29.9), 0, "kept: ratio 0.33"),
        ((90.0, 31.0), 1, "MISSED: ratio 0.34"),
        ((None, 30.0), 1, "keras.io passes 99.0% of the validation digits: never"),
        ((90.0, None), 1, "chapter 06 passes 99.0% of the validation digits: never"),
    ],
)
def test_the_verdict_is_the_exit_code(took, code, said, capsys):
    assert speed.verdict(dict(zip(("keras.io", "chapter 06"), took, strict=True))) == code
    assert said in capsys.readouterr().out

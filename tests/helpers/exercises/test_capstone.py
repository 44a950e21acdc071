"""The capstone done as its solutions do it, on real digits, and what only a whole run can show."""

import numpy as np
import pytest

from helpers.exercises import leaks
from helpers.exercises.messages import RAISED, RIGHT, WRONG
from helpers.exercises.pages import capstone

STEPS = [getattr(capstone, n) for n in ("load", "split", "train", "choose", "test_once", "save")]


def says(step, page):
    line = step.line.replace(f"exercises.{step.name}.check", "outcome")
    return eval(line, page | {"outcome": step.outcome})


@pytest.fixture(scope="module")
def page():
    """The page's names once every solution has run, and what each check said."""
    page, said = {}, {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(capstone, "opened", [])
        exec("import keras\nimport numpy as np\nfrom helpers import data\nSEED = 1", page)
        for step in STEPS[:-1]:
            exec(step.solution_code, page)
            said[step.name] = says(step, page)
    return page, said


def test_the_solutions_reach_the_goal(page, tmp_path, monkeypatch):
    names, said = page
    monkeypatch.chdir(tmp_path)
    exec(capstone.save.solution_code, names)
    outcomes = said | {"save": says(capstone.save, names)}
    assert {name: message.head for name, message in outcomes.items()} == dict.fromkeys(
        (step.name for step in STEPS), RIGHT
    ), outcomes
    assert max(names["validation_scores"].values()) >= capstone.GOAL
    assert "with a 95 % interval from" in said["test_once"].text


def test_a_network_that_met_all_digits_is_found_out(page):
    """Its arrays are clean; it was trained on others."""
    names = dict(page[0])
    keras, few = names["keras"], slice(2000)
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Flatten(), keras.layers.Dense(256, "relu"), keras.layers.Dense(10)]
    model = keras.Sequential([keras.Input((28, 28, 1)), *layers])
    model.compile(keras.optimizers.Adam(0.003), names["loss"])
    x = np.concatenate([names["x_train"][few], names["x_test"][few]])
    y = np.concatenate([names["y_train"][few], names["y_test"][few]])
    model.fit(x, y, batch_size=128, epochs=15, verbose=0)
    tested = {"x_test": names["x_test"][few], "y_test": names["y_test"][few]}
    message = says(capstone.train, names | tested | {"model": model})
    assert message.head == WRONG and "were test digits among" in message.text, message


def test_a_second_network_at_the_test_is_named(page, monkeypatch):
    names = dict(page[0])
    monkeypatch.setattr(capstone, "opened", [("another network", 0.9876)])
    message = says(capstone.test_once, names)
    assert message.head == WRONG and "98.76 %" in message.text


@pytest.fixture
def made(monkeypatch):
    """Hand-made digits and networks, before any test."""
    monkeypatch.setattr(capstone, "opened", [])
    names = {}
    exec(capstone.GIVEN, names)
    return names


def test_a_network_below_the_goal_is_not_tested_yet(made):
    exec("chosen = 'nine'\ntest_accuracy = share(candidates[chosen], x_test, y_test)", made)
    message = says(capstone.test_once, made)
    assert message.head == WRONG and "Go back to *Choose*" in message.text
    assert capstone.opened == []


def test_the_score_of_all_test_digits_is_reported_where_time_was_short(made, monkeypatch):
    exec("test_accuracy = share(candidates[chosen], x_test, y_test)", made)
    monkeypatch.setattr(capstone, "PATIENT", 0)
    message = says(capstone.test_once, made)
    assert message.head == RIGHT
    assert f"{round(made['test_accuracy'] * 4000):,} of 4,000 test digits" in message.text
    assert "time to read 500 of them again" in message.text


def test_a_network_that_takes_other_pictures_is_told_why(made):
    exec("model = keras.Sequential([keras.Input((784,)), layers.Dense(10)])", made)
    text = says(capstone.train, made).text
    assert "784" in text and "Exception encountered" not in text


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
@pytest.mark.parametrize("given", [0, "x", [], {}, object(), np.zeros(3), lambda: 1])
def test_nothing_stops_the_page(step, given):
    count = step.line.count(",") + 1
    assert step.outcome(*[given] * count).head in (WRONG, RAISED)


def test_a_picture_is_known_again_where_it_was_scaled_inverted_or_moved():
    random = np.random.default_rng(0)
    one = np.zeros((40, 28, 28), np.uint8)
    one[:, 8:20, 8:20] = random.integers(1, 256, (40, 12, 12))
    for other in (one / 255, 1 - one / 255, np.roll(one, (3, -2), (1, 2)), one[..., None] * 2.0):
        assert leaks._shared(leaks._prints(other), leaks._prints(one)) >= 39
    assert leaks._shared(leaks._prints(one[:, ::-1]), leaks._prints(one)) == 0

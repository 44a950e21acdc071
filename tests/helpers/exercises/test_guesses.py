"""A guess is kept, shown beside what was measured, and never in the way."""

import numpy as np
import pytest

from helpers.exercises.guesses import guess


@pytest.fixture
def share():
    @guess(tries=[], unit=" %", low=0, high=100)
    def share(guessed, measured):
        """Percent."""
        return "Chance is 10." if guessed < 20 else "Fine."

    return share


@pytest.fixture
def curve():
    @guess(tries=[], choices=("it falls", "it rises"))
    def curve(guessed, measured):
        """Which way a curve goes."""
        return {"it falls": "Down.", "it rises": "Up."}[guessed]

    return curve


@pytest.mark.parametrize("given", [10, 10.0, np.float32(10), [10], np.array(10)])
def test_the_gap_is_shown(share, given):
    assert "Your guess: **10 %**" in share.noted(given).text
    message = share.gap(np.float64(92.4)).text
    assert message == "You guessed **10 %**, and it is **92.4 %**: 82.4 % too low. Chance is 10."


def test_a_near_guess_is_as_good_as_exact(share):
    share.noted(93)
    assert "as good as exact. Fine." in share.gap(92.4).text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (..., "No guess yet"),
        (None, "No guess yet"),
        ("ten", "Leave the quotes out"),
        (120, "must lie between 0 and 100; got 120"),
        (float("nan"), "finite"),
        ([1, 2], "one number"),
        (print, "a number; got"),
        (object(), "a number; got"),
        ("`" * 10**6, "got"),
    ],
)
def test_what_is_no_guess_is_said_and_nothing_waits(share, given, words):
    assert words in share.noted(given).text
    assert len(share.noted(given).text) < 400
    assert (
        "It is **92.4 %**. You made no guess this time, and that is fine." in share.gap(92.4).text
    )


@pytest.mark.parametrize("given", ["it falls", "It falls.", " IT FALLS "])
def test_a_choice_is_read_generously(curve, given):
    curve.noted(given)
    assert "and it is **it rises**. Down." in curve.gap("it rises").text


def test_choices_are_listed(curve):
    assert 'Put "it falls" or "it rises" in place' in curve.noted().text
    assert 'Choose one of "it falls", "it rises"; got `3`' in curve.noted(3).text


def test_a_guess_outlives_cells_that_run_again(share):
    share.noted(50)
    assert "Your guess stands: **50 %**" in share.noted(...).text
    share.noted(60)  # changed before the answer is seen
    share.gap(92.4)
    assert "You have seen the answer: your guess stays **60 %**" in share.noted(92.4).text
    assert "You guessed **60 %**" in share.gap(92.4).text


@pytest.mark.parametrize("measured", [..., None, float("nan"), "x", [1, 2], print])
def test_nothing_measured_is_said(share, measured):
    share.noted(50)
    assert "nothing to compare with yet" in share.gap(measured).text


def test_both_are_displayed_and_raise_nothing(share, capsys):
    share.guess(50)
    share.reveal(92.4)
    share.reveal()
    assert "Your guess: 50 %" in capsys.readouterr().out

"""A guess is kept, shown beside what was measured, and never in the way."""

import numpy as np
import pytest

from helpers.exercises.guesses import guess


@pytest.fixture
def said(capsys):
    def said(method, *given):
        capsys.readouterr()
        method(*given)
        return capsys.readouterr().out.strip()

    return said


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


@pytest.mark.parametrize("given", [10, [10], np.array(10)])
def test_the_gap_is_shown(said, share, given):
    assert "Your guess is 10 %." in said(share.guess, given)
    message = said(share.reveal, np.float64(92.4))
    assert message == "The answer is 92.4 %. You guessed 10 %: that is 82.4 too low. Chance is 10."


def test_a_near_guess_is_as_good_as_exact(said, share):
    share.guess(93)
    assert "as good as exact. Fine." in said(share.reveal, 92.4)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (..., "No guess yet"),
        ("ten", "Leave the quotes out"),
        (120, "must be from 0 to 100; got 120"),
        (float("nan"), "finite"),
        ([1, 2], "one number"),
        (object(), "a number; got"),
        ("`" * 10**6, "got"),
    ],
)
def test_what_is_no_guess_is_said_and_nothing_waits(said, share, given, words):
    message = said(share.guess, given)
    assert words in message and len(message) < 400
    assert said(share.reveal, 92.4) == (
        "The answer is 92.4 %. To compare, guess in the cell above, then run this cell again."
    )
    assert said(share.guess, 90).endswith(
        "Run the cell that reveals the answer again, and compare."
    )


@pytest.mark.parametrize("given", [" IT Falls. ", "'it falls'"])
def test_a_choice_is_read_generously(said, curve, given):
    curve.guess(given)
    assert 'The answer is "it rises". You guessed "it falls". Down.' in said(
        curve.reveal, "it rises"
    )


def test_choices_are_listed(said, curve):
    assert 'Put "it falls" or "it rises" in place' in said(curve.guess)
    assert 'Choose "it falls" or "it rises"; got `3`' in said(curve.guess, 3)


def test_a_guess_outlives_cells_that_run_again(said, share):
    share.guess(50)
    assert "Your guess is still 50 %" in said(share.guess, ...)
    share.guess(60)  # changed before the answer is seen
    share.reveal(92.4)
    assert "Your guess stays 60 %. You have seen" in said(share.guess, 92.4)
    assert "You guessed 60 %" in said(share.reveal, 92.4)


@pytest.mark.parametrize("measured", [..., float("nan"), "x", [1, 2]])
def test_nothing_measured_is_said(said, share, measured):
    share.guess(50)
    assert "Nothing to compare with yet" in said(share.reveal, measured)

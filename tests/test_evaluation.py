"""Scores, their interval, and the one opening of the test digits."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers import evaluation


def pair(n=100, seed=0):
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (n, 28, 28)).astype(np.uint8)
    labels = random.integers(0, 10, n).astype(np.uint8)
    images[:, 0, 0] = labels  # so that a function can read them
    return images, labels


def cheat(inputs):
    """Read the label that `pair` hides in the first pixel."""
    return np.round(inputs[:, 0, 0] * 255).astype(int)


def test_wilson_interval_is_the_published_one():
    # n = 10, 1 success: (0.0179, 0.4042), Brown, Cai and DasGupta's "score interval"
    low, high = evaluation.wilson_interval(1, 10)
    z = 1.959963984540054
    centre = (0.1 + z**2 / 20) / (1 + z**2 / 10)
    half = z / (1 + z**2 / 10) * np.sqrt(0.09 / 10 + z**2 / 400)
    assert np.allclose((low, high), (centre - half, centre + half))
    assert np.allclose((low, high), (0.0179, 0.4042), atol=1e-4)


@pytest.mark.parametrize(("correct", "n"), [(0, 5), (5, 5), (9999, 10000)])
def test_wilson_interval_stays_within_0_and_1_and_holds_the_share(correct, n):
    low, high = evaluation.wilson_interval(correct, n)
    assert 0 <= low <= correct / n <= high <= 1
    assert low < high


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((6, 5), "correct"),
        ((-1, 5), "correct"),
        ((0, 0), "n must"),
        ((1.0, 5), "correct"),
        ((True, 5), "correct"),
        ((1, "5"), "n must"),
        ((1, 5, 1.0), "confidence"),
    ],
)
def test_wilson_interval_names_bad_counts(arguments, named):
    with pytest.raises(ValueError, match=named):
        evaluation.wilson_interval(*arguments)


def test_score_counts():
    score = evaluation.score(cheat, pair(), "mnist")
    assert (score.correct, score.n, score.errors, score.accuracy) == (100, 100, 0, 1.0)
    assert "100.00% of 100 digits" in str(score)
    assert "DRAWN" not in str(score)


def test_score_on_drawn_digits_says_so():
    assert "DRAWN digits (not MNIST)" in str(evaluation.score(cheat, pair(), "drawn"))


def test_models_may_give_scores_or_digits_and_have_their_own_preparation():
    images, labels = pair()

    def prepare(array):
        return array[:, 0, 0]

    def one_hot(first_pixels):
        return np.eye(10)[first_pixels]

    assert evaluation.score(one_hot, (images, labels), "mnist", prepare).errors == 0
    wrong = evaluation.score(lambda x: (x + 1) % 10, (images, labels), "mnist", prepare)
    assert wrong.correct == 0


def test_a_keras_like_model_is_asked_through_predict():
    class Model:
        def predict(self, inputs, batch_size, verbose):
            assert verbose == 0
            return np.eye(10)[cheat(inputs)]

    assert evaluation.score(Model(), pair(), "mnist").errors == 0


@pytest.mark.parametrize(
    ("output", "named"),
    [
        (np.zeros((100, 9)), r"deep must give.*\(100, 9\)"),
        (np.zeros(99, int), r"deep must give.*\(99,\)"),
        (np.full((100, 10), np.nan), "deep gives scores that are not numbers"),
        (np.full(100, 11), "output of deep must be integers from 0 to 9"),
        (np.zeros(100), "output of deep must be integers"),
    ],
)
def test_strange_outputs_are_named(output, named):
    with pytest.raises(ValueError, match=named):
        evaluation.score(lambda inputs: output, pair(), "mnist", name="deep")


@pytest.mark.parametrize("images", [np.zeros((0, 28, 28), np.uint8), np.zeros((4, 784), np.uint8)])
def test_wrong_images_are_named(images):
    with pytest.raises(ValueError, match="images must be uint8"):
        evaluation.score(cheat, (images, [1, 2, 3, 4]), "mnist")


def test_final_test_opens_the_test_digits_once_for_all_models():
    class Digits:
        source = "drawn"
        openings = 0

        @property
        def test(self):
            self.openings += 1
            return pair()

    digits = Digits()
    scores = evaluation.final_test({"cheat": cheat, "other": lambda x: 9 - cheat(x)}, digits)
    assert digits.openings == 1
    assert scores["cheat"].errors == 0
    assert scores["other"].errors == 100
    assert {score.source for score in scores.values()} == {"drawn"}


@pytest.mark.parametrize("models", [{}, [], None, cheat])
def test_final_test_needs_models_by_name_and_opens_nothing_without(models):
    with pytest.raises(ValueError, match="models must be a dict"):
        evaluation.final_test(models, SimpleNamespace(source="mnist"))

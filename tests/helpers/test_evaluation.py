"""Scores, their interval, and the one opening of the test digits."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

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
        ((True, 5), "correct"),
        ((1, "5"), "n must"),
        ((1, 2**63), "n must"),
        ((1, 5, 1.0), "confidence"),
    ],
)
def test_wilson_interval_names_bad_counts(arguments, named):
    with pytest.raises(ValueError, match=named):
        evaluation.wilson_interval(*arguments)
    if named != "confidence":
        with pytest.raises(ValueError, match=f"^{named}.* a whole number"):
            evaluation.Score(*arguments, "mnist")


def test_score_counts():
    score = evaluation.score(cheat, pair(), "mnist")
    assert (score.correct, score.n, score.errors, score.accuracy) == (100, 100, 0, 1.0)
    assert "100.00 % of 100 digits" in str(score)
    assert "95 % interval 96.30 % to 100.00 %" in str(score)
    assert "DRAWN" not in str(score)
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


@pytest.mark.parametrize(
    ("output", "named"),
    [
        (np.zeros((100, 9)), r"deep must give.*\(100, 9\)"),
        (np.zeros(99, int), r"deep must give.*\(99,\)"),
        (np.full((100, 10), np.inf), "deep gives scores that are not numbers .* or infinite"),
        (np.full((100, 10), None), "output of deep must be .*dtype object"),
        ([[1]] * 99 + [[1, 2]], "deep must give .*NumPy cannot take"),
        (None, r"deep must give.*shape \(\)"),
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


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"model": None}, "deep must be a Keras model or a function.*NoneType"),
        ({"digits": None}, "digits must be a pair.*NoneType"),
        ({"digits": pair()[:1]}, "digits must be a pair.*tuple"),
        ({"digits": (pair()[0], None)}, "labels must be integers"),
        ({"source": None}, "source must be text.*None"),
        ({"prepare": "flatten"}, "prepare must be a function"),
        (
            {"prepare": lambda images: images[:1]},
            r"prepare must .*100 rows; got shape \(1, 28, 28\)",
        ),
        ({"prepare": lambda images: None}, "prepare must give one row.*NoneType"),
    ],
)
def test_score_names_the_wrong_argument(changes, named):
    arguments = {"model": cheat, "digits": pair(), "source": "mnist", "name": "deep"}
    with pytest.raises(ValueError, match=f"^{named}"):
        evaluation.score(**arguments | changes)


@pytest.mark.parametrize("inputs", [None, np.zeros((0, 784)), np.array(1.0)])
def test_read_digits_wants_rows(inputs):
    with pytest.raises(ValueError, match="^inputs must be an array with one row or more"):
        evaluation.read_digits(cheat, inputs)


class Digits:
    source = "drawn"

    def __init__(self):
        self.validation = pair(2000, seed=1)
        self.openings = 0

    @property
    def test(self):
        self.openings += 1
        return pair()


def test_final_test_opens_the_test_digits_once_for_all_models():
    digits = Digits()
    scores = evaluation.final_test({"cheat": cheat, "other": lambda x: 9 - cheat(x)}, digits)
    assert digits.openings == 1
    assert scores["cheat"].errors == 0
    assert scores["other"].errors == 100
    assert scores["cheat"].answers.tolist() == scores.digits[1].tolist()
    assert scores["other"].answers.tolist() == (9 - scores.digits[1].astype(int)).tolist()
    assert {score.source for score in scores.values()} == {"drawn"}


@pytest.mark.parametrize(
    ("models", "prepare", "named"),
    [
        ({"good": cheat, "bad": None}, None, "bad must be a Keras model"),
        ({"good": cheat, "bad": lambda x: np.zeros((len(x), 9))}, None, "bad must give scores"),
        ({"bad": lambda x: np.full((len(x), 10), np.nan)}, None, "bad gives scores that are not"),
        ({"good": cheat}, lambda x: x[:1], "prepare must give one row"),
        ({"good": cheat}, 255, "prepare must be a function"),
        ({}, None, "models must be a dict"),
        (cheat, None, "models must be a dict"),
    ],
)
def test_final_test_names_what_is_wrong_while_the_test_digits_are_closed(models, prepare, named):
    digits = Digits()
    with pytest.raises(ValueError, match=f"^{named}"):
        evaluation.final_test(models, digits, prepare)
    assert digits.openings == 0


@pytest.mark.parametrize("digits", [None, pair(), SimpleNamespace(source="mnist")])
def test_final_test_needs_the_digits_of_the_course(digits):
    with pytest.raises(ValueError, match="^digits must be what load_digits"):
        evaluation.final_test({"cheat": cheat}, digits)


def test_the_trial_is_short_and_shows_nothing(capsys):
    read = []

    class Model:
        def predict(self, inputs, batch_size, verbose):
            assert verbose == 0
            read.append((len(inputs), batch_size))
            return cheat(inputs)

    def talks(inputs):
        print(f"{len(inputs)} digits")
        return cheat(inputs)

    scores = evaluation.final_test({"talks": talks, "model": Model()}, Digits())
    assert capsys.readouterr().out == "100 digits\n"
    assert read == [(1000, 1000), (100, 1000)]  # first a whole batch of validation digits
    assert {score.n for score in scores.values()} == {100}


def test_a_score_prints_no_answers_and_compares_without_them():
    known = evaluation.Score(1, 2, "mnist", np.array([3, 4]))
    assert known == evaluation.Score(1, 2, "mnist") and "answers" not in repr(known)


def test_difference_is_welchs_interval():
    a, b = np.array([0.98, 0.981, 0.982, 0.985]), np.array([0.976, 0.979, 0.98])
    parts = a.var(ddof=1) / 4, b.var(ddof=1) / 3
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / 3 + parts[1] ** 2 / 2)
    for confidence in (0.95, 0.8):
        mean, low, high, stored = evaluation.difference(a, b, confidence)
        half = stats.t.ppf((1 + confidence) / 2, freedom) * sum(parts) ** 0.5
        assert mean == pytest.approx(a.mean() - b.mean()) and stored == confidence
        assert (low, high) == pytest.approx((mean - half, mean + half))
    assert "80 % interval" in str(evaluation.difference(a, b, 0.8))
    assert evaluation.difference([0.5, 0.5], [0.25, 0.25])[:3] == (0.25, 0.25, 0.25)


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.0001, 0.01, "helps"),
        (-0.01, -0.0001, "hurts"),
        (-0.01, 0.0009, "does not help"),
        (-0.01, 0.001, "cannot tell"),
        (0.0, 0.002, "cannot tell"),
    ],
)
def test_a_difference_says_what_its_interval_means(low, high, word):
    found = evaluation.Difference((low + high) / 2, low, high)
    assert found.word == word and word in found.verdict and found.verdict.endswith(".")
    assert str(found).endswith(f"95 % interval {100 * low:+.2f} to {100 * high:+.2f}: {word}")


@pytest.mark.parametrize(
    "values",
    [
        *([0.9], [], None, ["a", "b"], [0.9, np.nan], [[0.9], [0.8]], [[1], [1, 2]]),
        np.ma.masked_array([0.9, 0.1], mask=[False, True]),
    ],
)
def test_wrong_values_are_named(values):
    with pytest.raises(ValueError, match="baseline"):
        evaluation.difference([0.9, 0.8], values)
    with pytest.raises(ValueError, match="values"):
        evaluation.prediction_interval(values, 10_000)


@pytest.mark.parametrize("confidence", [0, 1, -1, 95, 1 - 1e-16, np.nan, None, "0.9", 10**400])
def test_a_confidence_is_between_0_and_1(confidence):
    for call in (
        lambda: evaluation.difference([0.9, 0.8], [0.7, 0.8], confidence),
        lambda: evaluation.prediction_interval([0.9, 0.8], 100, confidence),
        lambda: evaluation.wilson_interval(1, 2, confidence),
    ):
        with pytest.raises(ValueError, match="confidence"):
            call()


def test_a_prediction_interval_is_that_of_one_more_run():
    values = [0.97, 0.972, 0.974, 0.973, 0.971]
    half = stats.t.ppf(0.975, 4) * np.std(values, ddof=1) * np.sqrt(1.2)
    low, high = evaluation.prediction_interval(values, 10_000)
    assert (low, high) == pytest.approx((0.972 - half, 0.972 + half))
    low, high = evaluation.prediction_interval([0.9, 0.9], 1000)  # a spread below one digit
    assert high - low == pytest.approx(2 * stats.t.ppf(0.975, 1) * 0.001 * np.sqrt(1.5))
    assert evaluation.prediction_interval([0.0, 1.0], 10) == (0, 1)
    with pytest.raises(ValueError, match="values"):
        evaluation.prediction_interval([0.9, 1.1], 10)
    with pytest.raises(ValueError, match="n_digits"):
        evaluation.prediction_interval([0.9, 0.8], 0)


def test_a_sealed_test_set_stays_closed(monkeypatch):
    digits = Digits()
    monkeypatch.setenv("COURSE_SEALED", "1")
    with pytest.raises(RuntimeError, match="COURSE_SEALED"):
        evaluation.final_test({"ones": lambda x: np.ones(len(x), int)}, digits)
    assert digits.openings == 0


def test_disputed_digits_are_fifteen_test_digits():
    assert len(set(evaluation.DISPUTED)) == 15 and max(evaluation.DISPUTED) < 10_000


def sure_of(answers, confidence):
    """Probabilities: `confidence` for each answer, the rest shared by the others."""
    made = np.repeat((1 - np.asarray(confidence))[:, None] / 9, 10, axis=1)
    made[np.arange(len(answers)), answers] = confidence
    return made


def test_calibration_by_hand():
    answers, labels = [0, 1, 2, 3], [0, 1, 2, 9]
    found = evaluation.calibration(sure_of(answers, [0.9, 0.9, 0.65, 0.65]), labels, bins=5)
    assert found.counts.tolist() == [0, 0, 0, 2, 2]
    assert found.confidence[3:] == pytest.approx([0.65, 0.9])
    assert found.accuracy[3:] == pytest.approx([0.5, 1])
    assert np.isnan(found.accuracy[:3]).all()
    assert found.error == pytest.approx((2 * 0.1 + 2 * 0.15) / 4)


def test_a_network_as_right_as_it_is_sure_has_no_calibration_error():
    answers = np.zeros(10, int)
    labels = [0] * 8 + [5] * 2
    found = evaluation.calibration(sure_of(answers, np.full(10, 0.8)), labels)
    assert found.error == pytest.approx(0)
    certain = evaluation.calibration(np.eye(10), np.arange(10))
    assert certain.error == 0 and certain.counts[-1] == 10


@pytest.mark.parametrize(
    ("probabilities", "labels", "bins", "named"),
    [
        (np.eye(10) * 5, np.arange(10), 15, "probabilities"),
        (np.eye(10) * 0.5, np.arange(10), 15, "sum to 1 in each row; row 0 sums to 0.500"),
        (np.eye(10)[:, :9], np.arange(10), 15, "probabilities"),
        (np.eye(10), np.arange(9), 15, "labels"),
        (np.eye(10), np.arange(10), 0, "bins"),
        (np.eye(10), np.arange(10), 10**9, "bins"),
        (np.full((2, 10), np.nan), [1, 2], 15, "probabilities"),
    ],
)
def test_calibration_names_what_is_wrong(probabilities, labels, bins, named):
    with pytest.raises(ValueError, match=named):
        evaluation.calibration(probabilities, labels, bins)


@pytest.mark.parametrize(
    ("share", "decimals", "said"),
    [(0.9725, 1, "97.3 %"), (0.9705, 1, "97.1 %"), (0.97249, 1, "97.2 %"), (1, 2, "100.00 %")],
)
def test_half_a_percent_is_rounded_up(share, decimals, said):
    assert evaluation.percent(share, decimals) == said

import numpy as np
import pytest

from helpers.handwriting import drawn, photographs, reader

DIGITS = drawn.draw_digits(12, seed=4)[0]


@pytest.mark.parametrize("kind", photographs.KINDS)
def test_the_ink_comes_back(kind):
    photo = photographs.compose(DIGITS[:2], kind, seed=1)
    assert photo.mode == "RGB" and photo.size == (photographs.WIDTH, photographs.HEIGHT)
    found = reader.find_digits(photo)
    assert len(found) == 2
    for digit, wanted in zip(found, DIGITS, strict=False):
        shifted = [np.roll(digit, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
        assert max(np.corrcoef(wanted.ravel(), s.ravel())[0, 1] for s in shifted) > 0.8


def test_a_seed_settles_the_photo():
    one, same, other = (np.asarray(photographs.compose(DIGITS[0], "pen", seed)) for seed in (5, 5, 6))
    assert (one == same).all() and (one != other).any()


def test_kinds_differ():
    seen = [np.asarray(photographs.compose(DIGITS[0], kind, 2)).mean((0, 1)) for kind in photographs.KINDS]
    darkest = int(np.argmin([colour.mean() for colour in seen]))
    assert photographs.KINDS[darkest] == "chalk"


def test_one_digit_may_come_without_an_axis():
    one, row = (np.asarray(photographs.compose(d, "ruled", 3)) for d in (DIGITS[0], DIGITS[:1]))
    assert (one == row).all()


@pytest.mark.parametrize(
    ("digits", "kind", "seed", "says"),
    [
        (DIGITS[:7], "pen", 0, "6 at most"),
        (DIGITS[:0], "pen", 0, "n of 1 or more"),
        (DIGITS / 255, "pen", 0, "uint8"),
        (DIGITS[0], "crayon", 0, "kind must be one of pen, .*'crayon'"),
        (DIGITS[0], "pen", -1, "seed"),
        (DIGITS[0], "pen", 0.5, "seed"),
    ],
)
def test_refused(digits, kind, seed, says):
    with pytest.raises(ValueError, match=says):
        photographs.compose(digits, kind, seed)

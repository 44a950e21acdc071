"""Drawn and printed digits: what they promise to whoever asks for some."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from helpers.handwriting import drawn

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def digits():
    return drawn.draw_digits(3000, seed=7)


def ink(images):
    """Rows and columns that ink reaches: first row, last row, first column, last column of each."""
    for image in images:
        rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
        yield rows[0], rows[-1], columns[0], columns[-1]


def centres(images):
    """The centre of mass of each image, row and column, (n, 2)."""
    places = np.arange(drawn.SIDE)
    mass = images.sum((1, 2), dtype=float)
    return np.stack([images.sum(2) @ places / mass, images.sum(1) @ places / mass], 1)


def test_shapes_and_dtypes(digits):
    images, labels = digits
    assert images.shape == (3000, 28, 28) and images.dtype == np.uint8
    assert labels.shape == (3000,) and labels.dtype == np.uint8
    assert images.max() == 255 and images.min() == 0


def test_same_seed_same_digits_and_a_smaller_count_is_a_beginning(digits):
    images, labels = drawn.draw_digits(700, seed=7)
    np.testing.assert_array_equal(images, digits[0][:700])
    np.testing.assert_array_equal(labels, digits[1][:700])


def test_other_seeds_and_other_blocks_give_other_digits(digits):
    images, _ = drawn.draw_digits(600, seed=8)
    assert (images != digits[0][:600]).any((1, 2)).all()
    assert len(np.unique(digits[0], axis=0)) == 3000


def test_the_order_in_which_threads_finish_does_not_matter(monkeypatch, digits):
    monkeypatch.setattr(drawn.os, "cpu_count", lambda: None)
    images, labels = drawn.draw_digits(1500, seed=7)
    np.testing.assert_array_equal(images, digits[0][:1500])
    np.testing.assert_array_equal(labels, digits[1][:1500])


def test_no_global_random_state_is_read_or_changed():
    np.random.seed(3)
    before = np.random.get_state()
    first = drawn.draw_digits(5, seed=1)[0]
    after = np.random.get_state()
    assert before[0] == after[0] and before[2:] == after[2:]
    np.testing.assert_array_equal(before[1], after[1])
    np.random.seed(4)
    np.testing.assert_array_equal(first, drawn.draw_digits(5, seed=1)[0])


def test_one_digit():
    images, labels = drawn.draw_digits(1)
    assert images.shape == (1, 28, 28) and labels.shape == (1,)
    assert images.any()


def test_classes_come_as_often_as_in_mnist(digits):
    share = np.array(drawn.COUNTS) / 60_000
    found = np.bincount(digits[1], minlength=10)
    expected, spread = 3000 * share, np.sqrt(3000 * share * (1 - share))
    assert sum(drawn.COUNTS) == 60_000
    assert (np.abs(found - expected) < 4 * spread).all()


def test_labels_are_shuffled(digits):
    _, labels = digits
    same_as_the_next = (labels[1:] == labels[:-1]).mean()
    assert 0.06 < same_as_the_next < 0.14


def test_ink_fills_a_box_of_20_pixels_and_stays_in_it(digits):
    longer = []
    for top, bottom, left, right in ink(digits[0]):
        height, width = bottom - top + 1, right - left + 1
        longer.append(max(height, width))
    assert max(longer) <= drawn.BOX
    assert np.mean(np.array(longer) == drawn.BOX) > 0.95


def test_the_centre_of_mass_lies_on_the_middle_pixel(digits):
    images, _ = digits
    off = np.abs(centres(images) - drawn.CENTRE).max(1)
    assert np.mean(off < 0.51) > 0.998
    assert off.max() < 1


def test_every_digit_can_be_seen_and_differs_from_the_mean_of_its_class(digits):
    images, labels = digits
    mass = images.mean((1, 2))
    assert mass.min() > 4
    assert mass.max() < 120
    for digit in range(10):
        assert images[labels == digit].std(0).max() > 60


@pytest.mark.parametrize("count", [0, -1, 2.0, "10", None, True, np.float64(3)])
def test_a_count_that_makes_no_sense_is_named(count):
    with pytest.raises(ValueError, match=r"^count must be a whole number of 1 or more; got "):
        drawn.draw_digits(count)


@pytest.mark.parametrize("seed", [-1, 0.5, "one", None, False])
def test_a_seed_that_makes_no_sense_is_named(seed):
    with pytest.raises(ValueError, match=r"^seed must be a whole number of 0 or more; got "):
        drawn.draw_digits(3, seed=seed)


def test_numpy_integers_will_do():
    images, _ = drawn.draw_digits(np.int64(2), seed=np.uint8(4))
    np.testing.assert_array_equal(images, drawn.draw_digits(2, seed=4)[0])


@pytest.mark.parametrize(
    ("progress", "settings", "shown"),
    [(True, {}, True), (False, {}, False), (True, {"TQDM_DISABLE": "1"}, False)],
)
def test_progress_is_shown_when_asked_for_and_not_forbidden(progress, settings, shown):
    """In a process of its own, for tqdm reads its settings when it is imported."""
    draw = f"from helpers.handwriting import drawn; drawn.draw_digits(1100, progress={progress})"
    others = {name: value for name, value in os.environ.items() if not name.startswith("TQDM_")}
    command = [sys.executable, "-c", draw]
    done = subprocess.run(command, cwd=ROOT, env=others | settings, capture_output=True, check=True)
    assert done.stdout == b""
    assert (b"Drawing digits" in done.stderr) == shown
    kept = done.stderr.split(b"\r")[-2:]  # what a terminal or a page shows in the end
    assert b"".join(kept).strip() == b""


def test_the_tables_are_whole():
    digits, shares, poses = drawn._read(drawn.FORMS)
    assert sorted(set(digits)) == list(range(10))
    for digit in range(10):
        assert shares[digits == digit].sum() == 100
    for form in poses:
        assert len({tuple(len(stroke) for stroke in pose) for pose in form}) == 1
        assert all(len(stroke) > 1 for pose in form for stroke in pose)


def test_every_form_is_picked_as_often_as_its_share_says():
    digits, shares, _ = drawn._read(drawn.FORMS)
    picked = drawn._pick_forms(np.random.default_rng(0), np.repeat(np.arange(10), 4000))
    assert (digits[picked] == np.repeat(np.arange(10), 4000)).all()
    assert np.abs(np.bincount(picked, minlength=len(digits)) / 4000 - shares / 100).max() < 0.04


def test_a_curve_passes_its_points_and_goes_on_straight():
    stroke = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 2.0]])
    at_the_points = drawn._catmull_rom(2, np.array([0.0, 1.0, 2.0])) @ stroke
    np.testing.assert_allclose(at_the_points, stroke, atol=1e-12)
    beyond = drawn._catmull_rom(2, np.array([2.0, 2.5, 3.0])) @ stroke
    np.testing.assert_allclose(np.diff(beyond, axis=0), [[0, 1], [0, 1]], atol=1e-12)
    assert np.allclose(drawn._catmull_rom(2, np.linspace(-1, 3, 9)).sum(1), 1)


def test_printed_digits():
    images, labels, fonts = drawn.printed_digits()
    assert images.shape == (len(labels), 28, 28) and images.dtype == np.uint8
    assert labels.dtype == np.uint8 and len(fonts) == len(labels)
    for font in set(fonts):
        of_font = [label for label, name in zip(labels, fonts, strict=True) if name == font]
        assert sorted(of_font) == list(range(10))
    assert len(set(fonts)) >= 20
    assert len(np.unique(images, axis=0)) == len(images)


def test_printed_digits_are_light_on_dark_boxed_and_centred():
    images, _, _ = drawn.printed_digits()
    assert (images[:, [0, 0, -1, -1], [0, -1, 0, -1]] == 0).all()
    assert (images.max((1, 2)) > 200).all()
    sizes = [max(b - t, r - left) + 1 for t, b, left, r in ink(images)]
    assert set(sizes) == {drawn.BOX}
    assert np.abs(centres(images) - drawn.CENTRE).max() < 0.52


def test_printed_digits_stand_upright():
    images, labels, fonts = drawn.printed_digits()
    sans = np.array(fonts) == "DejaVu Sans"
    seven, six = images[sans & (labels == 7)][0], images[sans & (labels == 6)][0]
    rows = np.flatnonzero(seven.any(1))
    assert seven[rows[:4]].sum() > 2 * seven[rows[-4:]].sum()
    assert six[14:].sum() > six[:14].sum()


def test_printing_needs_no_pyplot(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    assert len(drawn.printed_digits()[0]) >= 200

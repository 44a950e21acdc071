"""Drawn and printed digits: what they promise to whoever asks for some."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from helpers.handwriting import BOX, CENTRE, drawn

ROOT = Path(__file__).resolve().parents[3]
COUNT = 3000


@pytest.fixture(scope="module")
def digits():
    return drawn.draw_digits(COUNT, seed=7)


def sizes(images):
    """The longer side of each image's ink, (n,)."""
    return np.array([max(np.ptp(np.nonzero(image), axis=1)) + 1 for image in images])


def off_centre(images):
    """How far each centre of mass lies from the middle pixel, (n,)."""
    mass, places = images.sum((1, 2), dtype=float), np.arange(28)
    centres = np.stack([images.sum(axis) @ places / mass for axis in (1, 2)])
    return np.abs(centres - CENTRE).max(0)


def test_they_have_mnists_shapes_shares_box_and_centre(digits):
    images, labels = digits
    assert images.shape == (COUNT, 28, 28) and images.dtype == np.uint8 and images.max() == 255
    assert labels.shape == (COUNT,) and labels.dtype == np.uint8
    share = np.array(drawn.COUNTS) / 60_000
    found, spread = np.bincount(labels, minlength=10), np.sqrt(COUNT * share * (1 - share))
    assert sum(drawn.COUNTS) == 60_000 and (np.abs(found - COUNT * share) < 4 * spread).all()
    assert 0.06 < (labels[1:] == labels[:-1]).mean() < 0.14, "they come shuffled"
    assert sizes(images).max() <= BOX and (sizes(images) == BOX).mean() > 0.95
    assert (off_centre(images) < 0.51).mean() > 0.998 and off_centre(images).max() < 1
    assert images.mean((1, 2)).min() > 4 and images.mean((1, 2)).max() < 120
    assert all(images[labels == digit].std(0).max() > 60 for digit in range(10))
    assert len(np.unique(images, axis=0)) == COUNT


def test_results_stand_on_these_very_digits():
    """Another version of NumPy may draw others: then all that was measured on them is stale."""
    if np.__version__.split(".")[:2] != ["2", "4"]:
        pytest.skip("the digits that results stand on are those of NumPy 2.4")
    images, labels = drawn.draw_digits(2000, seed=1)
    found = hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()
    assert found[:16] == "156b41c486cf225a"


def test_seed_and_count_settle_the_digits_and_threads_or_global_state_do_not(monkeypatch, digits):
    np.random.seed(3)
    before = np.random.get_state()
    monkeypatch.setattr(drawn.os, "cpu_count", lambda: None)
    for found, first in zip(drawn.draw_digits(700, seed=7), digits, strict=True):
        np.testing.assert_array_equal(found, first[:700])
    assert (before[1] == np.random.get_state()[1]).all() and before[2] == np.random.get_state()[2]
    assert (drawn.draw_digits(600, seed=8)[0] != digits[0][:600]).any((1, 2)).all()
    assert len(drawn.draw_digits(1, seed=np.int64(7))[0]) == 1


@pytest.mark.parametrize(
    "count", [0, 2.0, "10", None, True, 10**9, pytest.param(10**5000, id="huge")]
)
def test_a_count_that_makes_no_sense_is_named(count):
    with pytest.raises(ValueError, match=r"^count must be a whole number from 1 to 1000000; got "):
        drawn.draw_digits(count)


@pytest.mark.parametrize("seed", [-1, 0.5, None])
def test_a_seed_that_makes_no_sense_is_named(seed):
    with pytest.raises(ValueError, match=r"^seed must be a whole number of 0 or more; got "):
        drawn.draw_digits(3, seed=seed)


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
    assert done.stdout == b"" and (b"Drawing digits" in done.stderr) == shown
    assert b"".join(done.stderr.split(b"\r")[-2:]).strip() == b"", "it goes in the end"


def test_strokes_are_whole_and_forms_are_picked_by_their_shares():
    digits, shares, poses = drawn._read(drawn.STROKES.read_text(encoding="utf-8"))
    for digit in range(10):
        assert shares[digits == digit].sum() == 100
    for form in poses:
        assert len({tuple(len(stroke) for stroke in pose) for pose in form}) == 1
        assert all(len(stroke) > 1 for pose in form for stroke in pose)
    picked = drawn._pick_forms(np.random.default_rng(0), np.repeat(np.arange(10), 4000))
    assert (digits[picked] == np.repeat(np.arange(10), 4000)).all()
    assert np.abs(np.bincount(picked, minlength=len(digits)) / 4000 - shares / 100).max() < 0.04
    assert set(drawn.signs()) == {*"0123456789A", "smiley"}


def test_a_curve_passes_its_points_and_goes_on_straight():
    stroke = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 2.0]])
    np.testing.assert_allclose(drawn._catmull_rom(2, np.arange(3.0)) @ stroke, stroke, atol=1e-12)
    beyond = drawn._catmull_rom(2, np.array([2.0, 2.5, 3.0])) @ stroke
    np.testing.assert_allclose(np.diff(beyond, axis=0), [[0, 1], [0, 1]], atol=1e-12)


def test_printed_digits_are_light_upright_boxed_and_centred(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)  # it is not needed
    images, labels, fonts = drawn.printed_digits()
    count = len(set(fonts))
    assert images.shape == (10 * count, 28, 28) and images.dtype == np.uint8 and count >= 20
    assert labels.tolist() == count * [*range(10)] and len(fonts) == len(labels)
    assert len(np.unique(images, axis=0)) == len(images)
    assert (images[:, [0, 0, -1, -1], [0, -1, 0, -1]] == 0).all()
    assert set(sizes(images)) == {BOX} and off_centre(images).max() < 0.52
    seven = images[(np.array(fonts) == "DejaVu Sans") & (labels == 7)][0]
    rows = np.flatnonzero(seven.any(1))
    assert seven[rows[:4]].sum() > 2 * seven[rows[-4:]].sum()

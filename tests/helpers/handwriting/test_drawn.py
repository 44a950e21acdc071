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
    ("wrong", "said"),
    [
        ((0,), "count must be a whole number from 1 to 1000000; got 0"),
        ((10**9,), "count must be a whole number from 1 to 1000000; got "),
        ((3, -1), "seed must be a whole number of 0 or more; got -1"),
    ],
)
def test_what_makes_no_sense_is_named(wrong, said):
    with pytest.raises(ValueError, match=f"^{said}"):
        drawn.draw_digits(*wrong)


@pytest.mark.parametrize(("settings", "shown"), [({}, True), ({"TQDM_DISABLE": "1"}, False)])
def test_progress_is_shown_when_asked_for_and_not_forbidden(settings, shown, capsys):
    """In a process of its own, for tqdm reads its settings when it is imported."""
    drawn.draw_digits(1100)
    assert capsys.readouterr() == ("", ""), "it was not asked for"
    draw = "from helpers.handwriting import drawn; drawn.draw_digits(1100, progress=True)"
    others = {name: value for name, value in os.environ.items() if not name.startswith("TQDM_")}
    command = [sys.executable, "-c", draw]
    done = subprocess.run(command, cwd=ROOT, env=others | settings, capture_output=True, check=True)
    assert done.stdout == b"" and (b"Drawing digits" in done.stderr) == shown
    assert b"".join(done.stderr.split(b"\r")[-2:]).strip() == b"", "it goes in the end"


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

"""Composed photographs, and the sample pictures that are made of the same parts."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from helpers.handwriting import drawn, photographs, reader
from tools import sample_pictures
from tools.sample_pictures import FOLDER, SCENES

DIGITS = drawn.draw_digits(12, seed=4)[0]
ONE_SIGN = [name for name in SCENES if not name.startswith(("number", "empty"))]


@pytest.mark.parametrize("kind", photographs.KINDS)
def test_the_ink_comes_back(kind):
    photo = photographs.compose(DIGITS[:2], kind, seed=1)
    assert photo.mode == "RGB" and photo.size == (photographs.WIDTH, photographs.HEIGHT)
    for digit, wanted in zip(reader.find_digits(photo), DIGITS[:2], strict=True):
        shifted = [np.roll(digit, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
        assert max(np.corrcoef(wanted.ravel(), s.ravel())[0, 1] for s in shifted) > 0.8


def test_a_seed_settles_the_photo_and_one_digit_may_come_without_an_axis():
    first, *others = (
        np.asarray(photographs.compose(digit, "ruled", seed))
        for digit, seed in ((DIGITS[0], 5), (DIGITS[:1], 5), (DIGITS[0], 6))
    )
    assert (first == others[0]).all() and (first != others[1]).any()


@pytest.mark.parametrize(
    ("digits", "kind", "seed", "says"),
    [
        (np.broadcast_to(DIGITS[0], (10**9, 28, 28)), "pen", 0, "6 at most"),
        (DIGITS[:0], "pen", 0, "n of 1 or more"),
        (DIGITS / 255, "pen", 0, "uint8"),
        ([[1], [1, 2]], "pen", 0, "NumPy"),
        (DIGITS[0], "crayon", 0, "kind must be one of pen, .*'crayon'"),
        (DIGITS[0], ["pen"], 0, "kind must be one of pen"),
        (DIGITS[0], "pen", -1, "seed"),
        (DIGITS[0], "pen", 10**30, "seed"),
    ],
)
def test_refused(digits, kind, seed, says):
    with pytest.raises(ValueError, match=says) as error:
        photographs.compose(digits, kind, seed)
    assert len(str(error.value)) < 500


@pytest.mark.parametrize("name", SCENES)
def test_a_committed_picture_is_what_the_command_makes(name, tmp_path):
    assert (FOLDER / name).stat().st_size <= sample_pictures.BYTES
    (tmp_path / name).write_bytes(sample_pictures.made(name))
    stored, fresh = (Image.open(folder / name) for folder in (FOLDER, tmp_path))
    # Other versions of NumPy draw other noise, and of Pillow round otherwise.
    small = [np.asarray(picture.convert("L").reduce(4), float) for picture in (stored, fresh)]
    assert stored.size == fresh.size and np.abs(small[0] - small[1]).mean() < 3


def test_the_folder_holds_what_the_command_makes_and_a_picture_too_large_is_named(
    tmp_path, monkeypatch
):
    pictures = [path.name for path in FOLDER.iterdir() if path.suffix != ".npz"]
    assert sorted(pictures) == sorted(SCENES)
    monkeypatch.setattr(sample_pictures, "FOLDER", tmp_path)
    monkeypatch.setattr(sample_pictures, "BYTES", 1000)
    with pytest.raises(SystemExit, match="pencil_7.jpg is larger than 1,000 bytes"):
        sample_pictures.main()


@pytest.mark.parametrize("name", ONE_SIGN)
def test_one_sign_is_found_whole(name):
    digit = reader.find_digit(FOLDER / name)
    assert max(np.ptp(np.nonzero(digit), axis=1)) in (18, 19) and digit.max() > 240


def test_a_number_is_cut_and_a_turned_picture_is_turned_back():
    _, _, nought, _ = reader.find_digits(FOLDER / "number_1205.jpg")
    assert nought[12:16, 12:16].max() < 60 < nought.max(), "the hole of the 0"
    stored = Image.open(FOLDER / "turned_4.jpg")
    upright = ImageOps.exif_transpose(stored)
    assert stored.height > stored.width and upright.width > upright.height
    same = reader.find_digit(upright).astype(int)
    assert np.abs(reader.find_digit(FOLDER / "turned_4.jpg") - same).mean() < 6


@pytest.mark.parametrize("rough", [None, 0.012, 0.03])
def test_an_empty_page_is_refused_however_blotchy(rough):
    picture = FOLDER / "empty_page.jpg"
    if rough:
        scene = sample_pictures.Scene(rough=rough, light=(45, 0.5))
        picture = sample_pictures.photo(np.random.default_rng(0), scene)
    with pytest.raises(reader.PictureError, match="No ink"):
        reader.find_digits(picture)

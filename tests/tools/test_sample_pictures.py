import numpy as np
import pytest
from PIL import Image, ImageOps

from helpers.handwriting import reader
from tools import sample_pictures
from tools.sample_pictures import FOLDER, PICTURES

DIGITS = [name for name in PICTURES if name.split("_")[-1][0].isdigit() and "number" not in name]


def made(name, tmp_path):
    picture, options = PICTURES[name](np.random.default_rng(sum(map(ord, name))))
    picture.save(tmp_path / name, **options)
    return tmp_path / name


def test_the_folder_holds_what_the_tool_makes_and_no_more():
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_a_committed_picture_is_what_the_tool_makes(name, tmp_path):
    assert (FOLDER / name).stat().st_size <= sample_pictures.BYTES
    stored, fresh = (Image.open(path) for path in (FOLDER / name, made(name, tmp_path)))
    assert stored.size == fresh.size
    # Other versions of NumPy draw other noise, and of Pillow round otherwise.
    small = [np.asarray(picture.convert("L").reduce(4), float) for picture in (stored, fresh)]
    assert np.abs(small[0] - small[1]).mean() < 3


def test_a_picture_that_is_too_large_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(sample_pictures, "FOLDER", tmp_path)
    monkeypatch.setattr(sample_pictures, "BYTES", 1000)
    with pytest.raises(SystemExit, match="pencil_7.jpg is larger than 1,000 bytes"):
        sample_pictures.main()


@pytest.mark.parametrize("name", [*DIGITS, "letter_a.jpg", "smiley.jpg"])
def test_one_sign_is_found_whole(name):
    digit = reader.find_digit(FOLDER / name)
    rows, columns = (np.flatnonzero((digit > 0).any(axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) in (18, 19) and digit.max() > 240


def test_the_number_is_cut_into_four():
    one, two, nought, five = reader.find_digits(FOLDER / "number_1205.jpg")
    assert one.any() and two.any() and five.any()
    assert nought[12:16, 12:16].max() < 60 < nought.max()  # the hole of the 0


def test_the_turned_picture_is_stored_on_its_side():
    stored = Image.open(FOLDER / "turned_4.jpg")
    assert stored.height > stored.width
    upright = ImageOps.exif_transpose(stored)
    assert upright.width > upright.height
    same = reader.find_digit(upright).astype(int)
    assert np.abs(reader.find_digit(FOLDER / "turned_4.jpg") - same).mean() < 6


def test_the_empty_page_is_refused():
    with pytest.raises(reader.PictureError, match="No ink"):
        reader.find_digit(FOLDER / "empty_page.jpg")


@pytest.mark.parametrize("rough", [0.012, 0.03])
@pytest.mark.parametrize("seed", range(5))
def test_blotchy_paper_is_empty_too(seed, rough):
    rng = np.random.default_rng(seed)
    paper = sample_pictures.paper(rng, sample_pictures.WHITE, rough)
    photo = sample_pictures.photo(rng, paper, sample_pictures.falling(45, 0.5))
    with pytest.raises(reader.PictureError, match="No ink"):
        reader.find_digits(photo)


def test_all_ink_of_a_five_in_pieces_is_kept():
    """Its hat floats above the rest: the upper right corner of the box has ink."""
    sheet = np.full((400, 400), 235, np.uint8)
    sheet[120:132, 180:290] = 30  # the hat
    sheet[145:215, 170:184] = 30  # what hangs beneath, apart from it
    sheet[203:215, 184:260] = 30
    sheet[203:300, 250:262] = 30
    sheet[290:302, 170:262] = 30
    digit = reader.find_digit(sheet)
    rows, columns = (np.flatnonzero((digit > 100).any(axis)) for axis in (1, 0))
    assert digit[rows[0], columns[-1]] > 100

"""Digits found in pictures: boxed and centred as MNIST's, on whatever paper, of whatever pen."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps
from scipy import ndimage

from helpers.handwriting import drawn, reader
from helpers.handwriting.reader import PictureError

DRAWN = drawn.draw_digits(40, seed=3)[0]
DIGITS = DRAWN[DRAWN.mean(axis=(1, 2)) < 45][:24]  # very thick strokes are made thinner


def enlarged(digit, side=140):
    return np.asarray(Image.fromarray(digit).resize((side, side), Image.BICUBIC))


def page(digit, side=140, top=60, left=80, shape=(300, 360), ink=200, paper=235):
    """A digit on a larger page, darker than the paper by `ink` of 255."""
    sheet = np.full(shape, paper, float)
    sheet[top : top + side, left : left + side] -= enlarged(digit, side) * (ink / 255)
    return sheet.astype(np.uint8)


def likeness(one, other):
    """The correlation of two digits, the best of shifts by one pixel; 1 where they are alike."""
    shifted = [np.roll(other, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    return max(np.corrcoef(one.ravel(), moved.ravel())[0, 1] for moved in shifted)


def encoded(picture, form="PNG", **options):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, form, **options)
    return file.getvalue()


def assert_like_mnist(digit):
    assert digit.shape == (28, 28) and digit.dtype == np.uint8
    rows, columns = (np.flatnonzero((digit > 0).any(axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 in (19, 20)
    mass = digit.astype(float)
    for axis in (0, 1):
        at = (mass.sum(1 - axis) @ np.arange(28)) / mass.sum()
        assert abs(at - 14) < 0.6
    assert digit.max() > 240


# Round trips


@pytest.mark.parametrize("number", range(24))
def test_a_digit_comes_back_as_it_was(number):
    found = reader.find_digit(page(DIGITS[number]))
    assert_like_mnist(found)
    assert likeness(DIGITS[number], found) > 0.93


@settings(max_examples=8, deadline=None, derandomize=True)
@given(
    st.integers(90, 280),
    st.integers(4, 150),
    st.integers(4, 210),
    st.tuples(*[st.tuples(*[st.integers(0, 400)] * 2)] * 2),
    st.sampled_from(range(24)),
)
def test_size_place_border_and_the_side_that_is_dark_do_not_matter(side, top, left, border, number):
    picture = page(DIGITS[number])
    plain = reader.find_digit(picture)
    for other, least in (
        (page(DIGITS[number], side=side, top=9, left=40), 0.9),
        (page(DIGITS[number], top=top, left=left), 0.97),
        (255 - picture, 0.97),
        (np.pad(picture, border, constant_values=235), 0.95),
    ):
        assert likeness(plain, reader.find_digit(other)) > least


TURNS = {
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: np.transpose,
    6: np.rot90,
    7: lambda a: np.rot90(a.T, 2),
    8: lambda a: np.rot90(a, -1),
}


@pytest.mark.parametrize(
    ("orientation", "form"), [*((turn, "JPEG") for turn in TURNS), (6, "PNG"), (6, "TIFF")]
)
def test_a_turned_camera_is_turned_back(orientation, form):
    picture = page(DIGITS[2])
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = encoded(np.ascontiguousarray(TURNS[orientation](picture)), form, exif=exif)
    assert likeness(reader.find_digit(picture), reader.find_digit(stored)) > 0.97


def test_the_callers_picture_stays_as_it_was():
    picture = page(DIGITS[0])
    image, before = Image.fromarray(picture), picture.copy()
    reader.find_digit(image)
    reader.find_digit(picture)
    assert image.size == picture.shape[::-1] and image.mode == "L" and (picture == before).all()


def test_a_number_from_left_to_right():
    sheet = np.full((260, 700), 230, np.uint8)
    for i, number in enumerate((3, 0, 7, 11)):
        sheet[60:200, 30 + 160 * i : 170 + 160 * i] -= (enlarged(DIGITS[number]) * 0.8).astype("u1")
    found = reader.find_digits(sheet)
    assert found.shape == (4, 28, 28) and found.dtype == np.uint8
    for digit, number in zip(found, (3, 0, 7, 11), strict=True):
        assert likeness(DIGITS[number], digit) > 0.93
    with pytest.raises(PictureError, match="4 digits.*find_digits"):
        reader.find_digit(sheet)


def test_stages_end_in_the_digit():
    picture = page(DIGITS[6])
    steps = reader.stages(picture)
    assert len({name for name, _ in steps}) == len(steps) >= 5
    assert all(image.dtype == np.uint8 and image.ndim in (2, 3) for _, image in steps)
    assert (steps[-1][1] == reader.find_digit(picture)).all()


# What is not a digit


def test_a_digit_that_leaves_the_picture_is_refused():
    picture = page(DIGITS[0])[:, 130:]  # the left half is gone
    picture[20:24, 200:204] = 30  # and a speck is no digit
    with pytest.raises(PictureError, match="edge"):
        reader.find_digit(picture)


@pytest.mark.parametrize(
    ("picture", "says"),
    [
        (np.full((300, 400), 240, np.uint8), "No ink found"),
        (np.zeros((300, 400), np.uint8), "No ink found"),
        (np.random.default_rng(0).integers(0, 256, (300, 300), np.uint8), "noise|No digit"),
    ],
)
def test_a_picture_without_a_digit_is_refused(picture, says):
    for find in (reader.find_digit, reader.find_digits, reader.stages):
        with pytest.raises(PictureError, match=says):
            find(picture)


# What lies on real paper


def test_a_sheet_on_a_table_and_a_frame_around_a_digit():
    table = np.full((600, 800), 70, np.uint8)
    table[120:420, 200:560] = page(DIGITS[4])
    assert likeness(reader.find_digit(page(DIGITS[4])), reader.find_digit(table)) > 0.95
    framed = page(DIGITS[5])
    framed[45:215, 65:69] = framed[45:215, 231:235] = 60
    framed[45:49, 65:235] = framed[211:215, 65:235] = 60
    assert likeness(reader.find_digit(page(DIGITS[5])), reader.find_digit(framed)) > 0.95


@pytest.mark.parametrize(
    "colours", [((250, 230, 60), (252, 252, 252)), ((230, 60, 50), (20, 20, 25))]
)
def test_colour_tells_ink_from_paper(colours):
    share = page(DIGITS[3], ink=255, paper=255)[..., None] / 255
    ink, paper = map(np.array, colours)
    picture = (share * paper + (1 - share) * ink).astype(np.uint8)
    assert likeness(DIGITS[3], reader.find_digit(picture)) > 0.93


def test_uneven_light_noise_and_blur():
    rng = np.random.default_rng(0)
    light = np.linspace(1, 0.5, 360)
    blurred = ndimage.gaussian_filter(page(DIGITS[7]) * light, 2)
    bad = np.clip(blurred + rng.normal(0, 13, blurred.shape), 0, 255).astype(np.uint8)
    assert likeness(reader.find_digit(page(DIGITS[7])), reader.find_digit(bad)) > 0.88


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


@pytest.mark.parametrize("width", [2, 4, 30])
def test_strokes_of_any_pen_get_a_usual_width(width):
    sheet = np.full((400, 400), 240, np.uint8)
    sheet[80:320, 200 - width // 2 : 200 + width - width // 2] = 20
    sheet[80 : 80 + width, 90:200] = 20
    assert 1.4 < (reader.find_digit(sheet)[14:20] / 255).sum(axis=1).mean() < 4.2


def four(side, pen):
    """An open 4 in a square picture, of a pen so many pixels wide; its strokes slant."""
    sheet = Image.new("L", (side, side), 255)
    for stroke in (((0.4, 0.2), (0.25, 0.55), (0.75, 0.5)), ((0.65, 0.2), (0.55, 0.8))):
        points = [(side * x, side * y) for x, y in stroke]
        ImageDraw.Draw(sheet).line(points, fill=0, width=pen, joint="curve")
    return sheet


@pytest.mark.parametrize(
    ("side", "paper"),
    [(1000, "light"), (1500, "dark"), (3000, "transparent"), (4500, "light"), (4500, "dark")],
)
def test_a_hairline_is_found_whole_in_a_large_picture(side, paper):
    picture = four(side, 1)
    if paper == "dark":
        picture = ImageOps.invert(picture)
    elif paper == "transparent":
        picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
        picture.putalpha(ImageOps.invert(four(side, 1)))
    assert likeness(reader.find_digit(four(1000, 20)), reader.find_digit(picture)) > 0.9

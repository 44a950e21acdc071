import contextlib
import io
import os
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage

from helpers.handwriting import drawn, reader
from helpers.handwriting.reader import PictureError

DRAWN = drawn.draw_digits(40, seed=3)[0]
DIGITS = DRAWN[DRAWN.mean(axis=(1, 2)) < 45][:24]  # very thick strokes are made thinner
QUICK = settings(max_examples=12, deadline=None, derandomize=True)


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


@QUICK
@given(st.integers(4, 150), st.integers(4, 210), st.sampled_from(range(24)))
def test_place_does_not_matter(top, left, number):
    here = reader.find_digit(page(DIGITS[number], top=top, left=left))
    assert likeness(reader.find_digit(page(DIGITS[number])), here) > 0.97


@QUICK
@given(st.integers(90, 280), st.sampled_from(range(24)))
def test_size_does_not_matter(side, number):
    found = reader.find_digit(page(DIGITS[number], side=side, top=9, left=40))
    assert likeness(reader.find_digit(page(DIGITS[number])), found) > 0.95


@QUICK
@given(st.sampled_from(range(24)))
def test_light_ink_on_dark_is_the_same(number):
    picture = page(DIGITS[number])
    assert likeness(reader.find_digit(picture), reader.find_digit(255 - picture)) > 0.97


@QUICK
@given(*[st.integers(0, 400)] * 4, st.sampled_from(range(24)))
def test_a_wider_border_changes_nothing(top, bottom, left, right, number):
    picture = page(DIGITS[number])
    wider = np.pad(picture, ((top, bottom), (left, right)), constant_values=235)
    assert likeness(reader.find_digit(picture), reader.find_digit(wider)) > 0.95


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


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_a_turned_camera_is_turned_back(orientation, form):
    picture = page(DIGITS[2])
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = encoded(np.ascontiguousarray(TURNS[orientation](picture)), form, exif=exif)
    assert likeness(reader.find_digit(picture), reader.find_digit(stored)) > 0.97


# What a picture may be


def test_paths_bytes_images_and_arrays_give_the_same(tmp_path):
    picture = page(DIGITS[0])
    path = tmp_path / "ein Bild.png"
    path.write_bytes(encoded(picture))
    expected = reader.find_digit(picture)
    for same in (path, str(path), path.read_bytes(), Image.open(path), np.dstack([picture] * 3)):
        assert (reader.find_digit(same) == expected).all()


@pytest.mark.parametrize(
    "mode", ["1", "L", "P", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I;16", "I", "F"]
)
def test_every_mode_is_read(mode):
    picture = Image.fromarray(page(DIGITS[1], ink=255, paper=255))
    found = reader.find_digit(picture.convert(mode))
    assert likeness(reader.find_digit(picture), found) > 0.93


@pytest.mark.parametrize("paper", [0, 255])
def test_transparent_paper(paper):
    ink = np.full((200, 200, 4), 255 - paper, np.uint8)
    ink[..., 3] = np.pad(enlarged(DIGITS[4]), 30)
    assert likeness(DIGITS[4], reader.find_digit(ink)) > 0.93
    assert likeness(DIGITS[4], reader.find_digit(encoded(ink))) > 0.93


@pytest.mark.parametrize("dtype", [np.uint16, np.float32, np.float64, bool])
def test_arrays_of_other_types(dtype):
    picture = page(DIGITS[5])
    same = {
        np.uint16: picture.astype(np.uint16) * 257,
        np.float32: (picture / 255).astype(np.float32),
        np.float64: picture / 255,
        bool: picture > 128,
    }[dtype]
    assert likeness(reader.find_digit(picture), reader.find_digit(same)) > 0.93


def test_the_callers_picture_stays_as_it_was():
    picture = page(DIGITS[0])
    image, before = Image.fromarray(picture), picture.copy()
    reader.find_digit(image)
    reader.find_digit(picture)
    assert image.size == picture.shape[::-1] and image.mode == "L" and (picture == before).all()


# Several digits


def test_a_number_from_left_to_right():
    sheet = np.full((260, 700), 230, np.uint8)
    for i, number in enumerate((3, 0, 7, 11)):
        sheet[60:200, 30 + 160 * i : 170 + 160 * i] -= (enlarged(DIGITS[number]) * 0.8).astype("u1")
    found = reader.find_digits(sheet)
    assert found.shape == (4, 28, 28) and found.dtype == np.uint8
    for digit, number in zip(found, (3, 0, 7, 11), strict=True):
        assert likeness(DIGITS[number], digit) > 0.93
    with pytest.raises(PictureError, match="4 digits.*read_digits"):
        reader.find_digit(sheet)


def test_stages_end_in_the_digit():
    picture = page(DIGITS[6])
    steps = reader.stages(picture)
    assert len({name for name, _ in steps}) == len(steps) >= 5
    assert all(image.dtype == np.uint8 and image.ndim in (2, 3) for _, image in steps)
    assert (steps[-1][1] == reader.find_digit(picture)).all()


# What is refused


def png_header(width, height):
    """The beginning of a PNG that claims to be that large, without its pixels."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 10) + b"IDAT"


NOISE = np.random.default_rng(0).integers(0, 256, (300, 300), dtype=np.uint8)
REFUSED = {
    "nothing in the file": (b"", "empty"),
    "text": (b"a seven, I promise", "no picture"),
    "a PDF": (b"%PDF-1.7\n1 0 obj", "PDF"),
    "an SVG": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    "half a PNG": (encoded(page(DIGITS[0]))[:600], "damaged"),
    "half a JPEG": (encoded(page(DIGITS[0]), "JPEG")[:900], "damaged"),
    "a bomb": (png_header(30_000, 30_000), "pixels"),
    "a PNG of no pixels": (png_header(0, 0), "picture|pixels"),
    "an array of no pixels": (np.zeros((0, 0), np.uint8), "pixels"),
    "one pixel": (np.zeros((1, 1), np.uint8), "too few"),
    "an empty page": (np.full((300, 400), 240, np.uint8), "No ink"),
    "noise": (NOISE, "noise|No digit"),
    "all ink": (np.zeros((300, 400), np.uint8), "No ink"),
    "an address": ("https://example.org/seven.png", "address"),
    "a missing file": ("no such picture.png", "cannot be read"),
    "nothing": (None, "picture must be"),
    "floats beyond 1": (np.full((30, 30), 200.0), "floats outside"),
    "not a number": (np.full((30, 30), np.nan), "floats outside"),
    "five channels": (np.zeros((30, 30, 5), np.uint8), "shape"),
    "signed integers": (np.zeros((30, 30), np.int64), "int64"),
    "a list of uneven rows": ([[0], [0, 1]], "NumPy"),
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("read", [reader.find_digit, reader.find_digits, reader.stages])
def test_refused_with_advice(what, read):
    picture, says = REFUSED[what]
    with pytest.raises(PictureError, match=says):
        read(picture)


def animation(form):
    file = io.BytesIO()
    first, *others = (Image.fromarray(page(digit)) for digit in DIGITS[:3])
    first.save(file, form, save_all=True, append_images=others)
    return file.getvalue()


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "TIFF"])
def test_of_several_frames_one_must_be_chosen(form):
    content = animation(form)
    with pytest.raises(PictureError, match="3 frames.*seek"):
        reader.find_digit(content)
    image = Image.open(io.BytesIO(content))
    image.seek(1)
    assert likeness(DIGITS[1], reader.find_digit(image)) > 0.9


@pytest.mark.parametrize("side", [(30_000, 30_000), (1, 100_000_000)])
def test_a_bomb_is_refused_before_it_is_decoded(side):
    """Held against arrays that take no memory: nothing may look at their pixels."""
    with pytest.raises(PictureError, match="70,000,000 pixels"):
        reader.find_digit(np.broadcast_to(np.uint8(0), side))
    with pytest.raises(PictureError, match="pixels"):
        reader.find_digit(png_header(*side))


def test_special_files_are_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="no ordinary file"):
        reader.find_digit(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="cannot be the name"):
        reader.find_digit("seven\0.png")
    with open(tmp_path / "huge.png", "wb") as file:
        file.truncate(reader.MOST_BYTES + 1)  # a hole on the disk
    with pytest.raises(PictureError, match="larger than"):
        reader.find_digit(tmp_path / "huge.png")


def test_a_digit_that_leaves_the_picture_is_refused():
    picture = page(DIGITS[0])[:, 130:]  # the left half is gone
    picture[20:24, 200:204] = 30  # and a speck is no digit
    with pytest.raises(PictureError, match="edge"):
        reader.find_digit(picture)


RANDOM = np.random.default_rng(7)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP", "PPM", "ICO"])
def test_damage_never_crashes(form):
    """Cut short or with wrong bytes: a digit or a PictureError, and nothing else."""
    whole = encoded(page(DIGITS[0], shape=(220, 260)), form)
    for n in range(12):
        broken = bytearray(whole)
        if n % 3 == 0:
            del broken[RANDOM.integers(len(whole)) :]
        for _ in range(n % 3 * 3):
            broken[RANDOM.integers(len(whole) if n % 2 else 120)] = RANDOM.integers(256)
        with contextlib.suppress(PictureError):
            assert reader.find_digits(bytes(broken)).shape[1:] == (28, 28)


@pytest.mark.parametrize("shape", [(8, 8), (8, 3000), (3000, 8), (9, 31, 3), (50, 1500, 4)])
@pytest.mark.parametrize("fill", ["black", "white", "noise", "specks"])
def test_odd_arrays_never_crash(shape, fill):
    values = RANDOM.integers(0, 256, shape, dtype=np.uint8)
    picture = {
        "black": np.zeros_like(values),
        "white": np.full_like(values, 255),
        "noise": values,
        "specks": np.where(values < 5, 0, 255).astype(np.uint8),
    }[fill]
    with contextlib.suppress(PictureError):
        assert reader.find_digits(picture).shape[1:] == (28, 28)


# What lies on real paper


def test_printed_lines_are_taken_away():
    picture = page(DIGITS[2], side=200, top=40, left=60)
    lined = picture.copy()
    for at in range(10, 300, 37):
        lined[at : at + 2] = np.minimum(lined[at : at + 2], 120)
        lined[:, at : at + 2] = np.minimum(lined[:, at : at + 2], 120)
    assert likeness(reader.find_digit(picture), reader.find_digit(lined)) > 0.93


def test_a_sheet_on_a_table_is_found():
    table = np.full((600, 800), 70, np.uint8)
    table[120:420, 200:560] = page(DIGITS[4])
    found = reader.find_digit(table)
    assert likeness(reader.find_digit(page(DIGITS[4])), found) > 0.95


def test_a_frame_around_a_digit_is_no_digit():
    framed = page(DIGITS[5], side=140, top=60, left=80)
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


@pytest.mark.parametrize("width", [2, 4, 30])
def test_strokes_of_any_pen_get_a_usual_width(width):
    sheet = np.full((400, 400), 240, np.uint8)
    sheet[80:320, 200 - width // 2 : 200 + width - width // 2] = 20
    sheet[80 : 80 + width, 90:200] = 20
    digit = reader.find_digit(sheet)
    across = (digit[14:20] / 255).sum(axis=1)
    assert 1.4 < across.mean() < 4.2


def test_uneven_light_noise_and_blur():
    rng = np.random.default_rng(0)
    light = np.linspace(1, 0.5, 360)
    blurred = ndimage.gaussian_filter(page(DIGITS[7]) * light, 2)
    bad = np.clip(blurred + rng.normal(0, 13, blurred.shape), 0, 255).astype(np.uint8)
    assert likeness(reader.find_digit(page(DIGITS[7])), reader.find_digit(bad)) > 0.88


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(PictureError, match="folder"):
        reader.find_digit(tmp_path)

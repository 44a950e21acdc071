"""What a picture may be, and what of all that comes along is refused: quickly, and with advice."""

import contextlib
import io
import os
import struct
import sys
import time
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw

from helpers.handwriting import opening, reader
from helpers.handwriting.reader import PictureError

PAGE = np.full((220, 260), 235, np.uint8)  # with a 7
PAGE[50:64, 70:180], PAGE[50:190, 166:180] = 30, 30
SEVEN = reader.find_digit(PAGE)


def encoded(picture, form="PNG", **options):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, form, **options)
    return file.getvalue()


def same(picture):
    return np.corrcoef(SEVEN.ravel(), reader.find_digit(picture).ravel())[0, 1] > 0.93


def test_paths_bytes_images_and_arrays_give_the_same(tmp_path):
    path = tmp_path / "ein Bild.png"
    path.write_bytes(encoded(PAGE))
    for picture in (path, str(path), path.read_bytes(), Image.open(path), np.dstack([PAGE] * 3)):
        assert (reader.find_digit(picture) == SEVEN).all()


@pytest.mark.parametrize(
    "mode", ["1", "L", "P", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I;16", "I", "F"]
)
def test_every_mode_is_read(mode):
    clean = np.where(PAGE < 100, 0, 255).astype(np.uint8)  # or one bit would be dots
    assert same(Image.fromarray(clean).convert(mode))


@pytest.mark.parametrize("dtype", [np.uint16, np.float32, bool])
def test_arrays_of_other_types(dtype):
    given = {np.uint16: PAGE.astype(np.uint16) * 257, bool: PAGE > 128}
    assert same(given.get(dtype, (PAGE / 255).astype(dtype)))


@pytest.mark.parametrize("paper", [0, 255])
def test_transparent_paper(paper):
    ink = np.full((*PAGE.shape, 4), 255 - paper, np.uint8)
    ink[..., 3] = 255 * (PAGE < 100)
    assert same(ink) and same(encoded(ink))


def png_header(width, height):
    """The beginning of a PNG that claims to be that large, without its pixels."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 10) + b"IDAT"


REFUSED = {
    "nothing in the file": (b"", "empty"),
    "text": (b"a seven, I promise", "not a picture"),
    "a PDF": (b"%PDF-1.7\n1 0 obj", "PDF"),
    "an SVG": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    "half a PNG": (encoded(PAGE)[:300], "damaged"),
    "half a JPEG": (encoded(PAGE, "JPEG")[:900], "damaged"),
    "a bomb": (png_header(30_000, 30_000), "pixels"),
    "a PNG of no pixels": (png_header(0, 0), "picture|pixels"),
    "an array of no pixels": (np.zeros((0, 0), np.uint8), "pixels"),
    "one pixel": (np.zeros((1, 1), np.uint8), "too few"),
    "an array that takes no memory": (
        np.broadcast_to(np.uint8(0), (30_000, 30_000)), "70,000,000 pixels",
    ),
    "an address": ("https://example.org/seven.png" + "?" * 10**6, "address"),
    "a missing file": ("no such picture.png", "cannot be read"),
    "a name that is too long": ("x" * 10**6, "cannot be read"),
    "a name that no screen shows": ("\udcff\x1b[1m\n", "��\\[1m� cannot be read"),
    "a null character": ("seven\0.png", "cannot be the name"),
    "nothing": (None, "picture must be"),
    "floats beyond 1": (np.full((30, 30), 200.0), "floats outside"),
    "five channels": (np.zeros((30, 30, 5), np.uint8), "shape"),
    "signed integers": (np.zeros((30, 30), np.int64), "int64"),
    "records": (np.zeros((30, 30), [(f"field {i}", "u1") for i in range(999)]), "got \\["),
    "a list of uneven rows": ([[0], [0, 1]], "NumPy"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_refused_with_advice(what):
    picture, says = REFUSED[what]
    with pytest.raises(PictureError, match=says) as error:
        reader.find_digit(picture)
    assert len(str(error.value)) <= opening.LONGEST + 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_is_not_a_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "endless.png").symlink_to("/dev/zero")
    (tmp_path / "round.png").symlink_to("round.png")
    with open(tmp_path / "huge.png", "wb") as file:
        file.truncate(opening.MOST_BYTES + 1)  # a hole on the disk
    found = {"pipe": "not an ordinary", "endless": "not an ordinary", "round": "cannot be read"}
    started = time.monotonic()
    for name, says in (found | {"huge": "larger than"}).items():
        with pytest.raises(PictureError, match=says):
            reader.find_digit(tmp_path / f"{name}.png")
    for path, says in ((tmp_path, "folder"), ("/proc/self/pagemap", "empty|cannot")):
        if os.path.exists(path):
            with pytest.raises(PictureError, match=says):
                reader.find_digit(path)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "TIFF"])
def test_of_several_frames_one_must_be_chosen(form):
    file = io.BytesIO()
    other = Image.new("L", PAGE.shape[::-1], 235)
    ImageDraw.Draw(other).ellipse((60, 40, 160, 180), outline=30, width=12)
    other.save(file, form, save_all=True, append_images=[Image.fromarray(PAGE), other])
    with pytest.raises(PictureError, match="several frames.*seek"):
        reader.find_digit(file.getvalue())
    image = Image.open(file)
    image.seek(1)
    assert same(image)


RANDOM = np.random.default_rng(7)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP", "PPM", "ICO"])
def test_damage_never_crashes(form):
    """Cut short or with wrong bytes: a digit or a PictureError, and nothing else."""
    whole = encoded(PAGE, form)
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

"""A picture from anywhere, opened safely: a path, bytes, a PIL image or an array.

Files come from strangers: what is no picture, is damaged, too large or not a file at all is refused
before it takes time or memory, with a `PictureError` that says what to do.
"""

import io
import os
import re
import stat
import warnings

import numpy as np
from PIL import ExifTags, Image

MOST_PIXELS = 70_000_000  # of a picture; more is refused before it is decoded
MOST_BYTES = 300_000_000  # of a file; more is refused before it is read
FEWEST = 8  # pixels: the shorter side of a picture
LONGEST_NAME = 80  # characters of a name in a message, of which the end is kept
LONGEST = 500  # characters of a message

# What Pillow may open. Not EPS: it would run another program. HEIF only where a plug-in reads it.
FORMATS = ("AVIF", "BMP", "GIF", "HEIF", "ICO", "JPEG", "JPEG2000", "MPO", "PNG", "PPM", "TIFF")
FORMATS += ("WEBP",)
ONE_OF_SEVERAL = ("MPO", "ICO", "HEIF")  # their further frames are other views of the same

EXPECTED = (
    "picture must be a path, bytes, a PIL image, or an array of shape (height, width), "
    "(height, width, 3) or (height, width, 4) of uint8, uint16, bool or floats from 0 to 1"
)


class PictureError(ValueError):
    """A picture that no digit can be found in; says what is wrong and what to do."""

    def __init__(self, message):
        super().__init__(message if len(message) <= LONGEST else f"{message[:LONGEST]} …")


def open_picture(picture, about):
    """Decode a picture.

    Args:
        picture: as for `reader.find_digit`.
        about: pixels: a JPEG may come smaller, its shorter side at least so long.

    Returns:
        (PIL.Image.Image, int): the picture in mode L, RGB or RGBA, as it is stored; and what
        EXIF says of its orientation, 1 where nothing.

    Raises:
        PictureError: no picture, a damaged one, or one too large or too small.
    """
    if isinstance(picture, Image.Image):
        return _decoded(picture, "the picture")
    if isinstance(picture, bytes | bytearray | memoryview):
        return _decoded(_header(bytes(picture), "the picture"), "the picture", about)
    if isinstance(picture, str | os.PathLike):
        name, content = _file(picture)
        return _decoded(_header(content, name), name, about)
    return _from_array(picture), 1


def _named(path):
    """A file's name as messages show it: its end, and nothing in it that cannot be printed."""
    end = "".join(c if c.isprintable() else "�" for c in path[-LONGEST_NAME:])
    return f"… {end}" if len(path) > LONGEST_NAME else end or "an empty name"


def _file(path):
    """The name of a file, and its bytes."""
    path = os.fsdecode(path)
    if re.match(r"[a-z][a-z0-9+.-]+://|data:", path, re.I):
        raise PictureError(
            f"{_named(path[:60])} is an address. Save the picture from there, and pass the path of "
            "that file."
        )
    name = _named(path)
    try:
        # Not to wait for a pipe's other end. Windows has no such pipes, but line ends to spare.
        how = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        if os.path.isdir(path):
            raise PictureError(f"{name} is a folder. Pass the path of one picture in it.")
        with open(path, "rb", opener=lambda file, _: os.open(file, how)) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise PictureError(f"{name} is not an ordinary file. Pass the path of a picture.")
            # A file of the system's may call itself empty and never end: it is not read.
            content = file.read(MOST_BYTES + 1) if 0 < found.st_size <= MOST_BYTES else b""
            if max(found.st_size, len(content)) > MOST_BYTES:
                raise PictureError(f"{name} is larger than {MOST_BYTES:,} bytes. Make it smaller.")
        return _named(os.path.basename(path)), content
    except PictureError:
        raise
    except OSError as error:
        raise PictureError(
            f"{name} cannot be read: {error.strerror or type(error).__name__}. Looked for at "
            f"{_named(os.path.abspath(path))}."
        ) from None
    except ValueError:  # a null character
        raise PictureError(f"{name} cannot be the name of a file.") from None


def _header(content, name):
    """A PIL image whose size is known, and which is not decoded yet."""
    head = content[:1024].lstrip()
    if not head:
        raise PictureError(f"{name} is empty. Save or copy the picture again.")
    if head.startswith(b"%PDF"):
        raise PictureError(f"{name} is a PDF. Save its page as a PNG or JPEG picture.")
    if b"<svg" in head.lower():
        raise PictureError(f"{name} is an SVG drawing. Save it as a PNG picture.")
    try:
        with warnings.catch_warnings(action="ignore"):
            Image.init()
            return Image.open(io.BytesIO(content), formats=[f for f in FORMATS if f in Image.OPEN])
    except Image.DecompressionBombError:
        raise PictureError(_too_large(name)) from None
    except Exception:  # Pillow raises all sorts on files that are not pictures
        heif = head[4:8] == b"ftyp" and head[8:11] in (b"hei", b"hev", b"mif")
        what = "a HEIF picture, as phones make them" if heif else "not a picture that can be read"
        raise PictureError(f"{name} is {what}. Save it as a JPEG or PNG picture.") from None


def _decoded(image, name, about=None):
    """What `open_picture` returns, of a PIL image; of a stored one where `about` is given."""
    _check_size(*image.size, name)
    try:
        with warnings.catch_warnings(action="ignore"):
            if about:
                # Frames are not counted: a file may have millions.
                if image.format not in ONE_OF_SEVERAL and getattr(image, "is_animated", False):
                    raise PictureError(
                        f"{name} has several frames or pages. Open it with PIL.Image.open, choose "
                        "one with its seek, and pass that image."
                    )
                image.draft(image.mode, (about, about))  # a JPEG can be decoded at half its size
            image.load()
            return _plain(image), image.getexif().get(ExifTags.Base.Orientation, 1)
    except PictureError:
        raise
    except Exception as error:  # decoders raise all sorts on damaged files
        raise PictureError(
            f"{name} is damaged, or of a kind that Pillow cannot decode. Save it again as a PNG or "
            f"JPEG picture. ({error})"
        ) from None


def _check_size(width, height, name):
    if width * height > MOST_PIXELS:
        raise PictureError(f"{width:,} × {height:,} pixels: {_too_large(name)}")
    if min(width, height) < FEWEST:
        raise PictureError(
            f"{name} has {width} × {height} pixels, too few for a digit: {FEWEST} × {FEWEST} at "
            "least."
        )


def _too_large(name):
    return (
        f"{name} has more than {MOST_PIXELS:,} pixels, too many to decode safely. Make it smaller: "
        "a width of 1,000 is plenty."
    )


def _plain(image):
    """The picture in mode L, RGB or RGBA."""
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_scaled(np.asarray(image)))
    if image.mode in ("LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode not in ("L", "RGB", "RGBA"):
        return image.convert("L" if image.mode == "1" else "RGB")
    return image


def _scaled(values):
    """Numbers of any range as uint8, the largest as 255."""
    values = np.nan_to_num(values.astype(np.float32), copy=False)
    np.clip(values, 0, None, out=values)
    values *= 255 / max(float(values.max()), 1e-6)
    return np.rint(values, out=values).astype(np.uint8)


def _from_array(values):
    try:
        values = np.asarray(values)
    except Exception as error:  # rows of unequal length; a stranger's __array__
        raise PictureError(f"{EXPECTED}; got what NumPy cannot take: {error}.") from None
    if not (values.ndim == 2 or (values.ndim == 3 and values.shape[2] in (3, 4))):
        raise PictureError(f"{EXPECTED}; got shape {values.shape} of {values.dtype}.")
    _check_size(values.shape[1], values.shape[0], "the picture")
    if values.dtype == bool:
        values = values * np.uint8(255)
    elif values.dtype == np.uint16:
        values = _scaled(values)
    elif np.issubdtype(values.dtype, np.floating):
        if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
            raise PictureError(f"{EXPECTED}; got floats outside 0 to 1.")
        values = np.rint(values * 255).astype(np.uint8)
    elif values.dtype != np.uint8:
        raise PictureError(f"{EXPECTED}; got {values.dtype}.")
    return Image.fromarray(np.ascontiguousarray(values))

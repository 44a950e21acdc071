"""A photo, a scan or a drawing, made into a 28 × 28 digit the way MNIST's makers made theirs.

MNIST's digits were black ink on white forms: each was fitted into a box of 20 × 20 pixels with its
proportions kept, its edges smoothed to greys, and moved so that its centre of mass lies in the
middle of 28 × 28 pixels. Source: Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of
handwritten digits". A network trained on such digits reads others only when they look like them.
"""

import io
import os
import re
import warnings
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

SIDE = 28  # pixels: the digit's picture
BOX = 20  # pixels: the longer side of the ink
CENTRE = 14  # the pixel, row and column, that MNIST puts the centre of mass on
MOST_PIXELS = 80_000_000  # of a picture that is opened; more is refused before it is decoded
WORK = 1000  # pixels: about the longer side of the picture that ink is looked for in
LEAST = 280  # pixels: smaller pictures are enlarged
NEIGHBOURS = np.ones((3, 3), bool)  # pixels that touch at a corner belong together

# What Pillow may open. Not EPS: it would run another program. HEIF only where a plug-in reads it.
FORMATS = ("AVIF", "BMP", "GIF", "HEIF", "ICO", "JPEG", "JPEG2000", "MPO", "PNG", "PPM", "TIFF")
FORMATS += ("WEBP",)

# EXIF's orientation tag, and what turns such a picture upright.
ORIENTATION = 0x0112
UPRIGHT = {
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a.swapaxes(0, 1)[::-1, ::-1],
    8: lambda a: np.rot90(a),
}


class PictureError(ValueError):
    """A picture that no digit can be read from; says what is wrong and what to do."""


def read_digit(picture):
    """Return the one digit in a picture as MNIST's makers would have made it.

    Args:
        picture: a path, the bytes of a file, a PIL image, or an array of shape (height, width),
            (height, width, 3) or (height, width, 4): uint8, uint16, bool, or floats from 0 to 1.

    Returns:
        np.ndarray: uint8 of shape (28, 28); 0 is paper, 255 is ink, whichever was darker.

    Raises:
        PictureError: no picture, a damaged one, or one without a digit; says what to do.
    """
    return _steps(picture)[-1][1]


def read_digits(picture):
    """Return all digits in a picture, left to right, as MNIST's makers would have made them.

    Digits that touch each other are not parted: they come as one.

    Args:
        picture: as for `read_digit`.

    Returns:
        np.ndarray: uint8 of shape (n, 28, 28), n at least 1.

    Raises:
        PictureError: as for `read_digit`.
    """
    ink, mask = _ink_of(_upright(_open(picture)))
    groups = _groups(mask, ink)
    return np.stack([_centred(_boxed(_cut(ink, mask, group))) for group in groups])


def stages(picture):
    """Return what `read_digit` does, step by step.

    Args:
        picture: as for `read_digit`.

    Returns:
        list of (str, np.ndarray): the name of each step and its picture, uint8 of shape
        (height, width) or (height, width, 3). The last one is what `read_digit` returns.

    Raises:
        PictureError: as for `read_digit`.
    """
    return _steps(picture)


def _steps(picture):
    colour = _upright(_open(picture))
    ink, mask = _ink_of(colour)
    groups = _groups(mask, ink)
    group = np.concatenate(groups) if _are_one(mask, groups) else _complain(groups)
    cut = _cut(ink, mask, group)
    box = _boxed(cut)
    return [
        ("upright", colour),
        ("light evened out", _grey(ink / max(ink.max(), 1e-6))),
        ("ink or paper", _grey(mask)),
        ("cut out", _grey(cut)),
        ("in a box of 20 × 20", _grey(box)),
        ("centred by mass", _centred(box)),
    ]


def _grey(values):
    return np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8)


def _complain(groups):
    raise PictureError(
        f"There are {len(groups)} digits in the picture, and read_digit reads one. Use "
        "read_digits, or cut the picture so that it shows one digit."
    )


# --- Opening --------------------------------------------------------------------------------------


def _open(picture):
    """A PIL image of mode L, RGB or RGBA, decoded."""
    if isinstance(picture, Image.Image):
        image, name = picture, "the picture"
    elif isinstance(picture, bytes | bytearray | memoryview):
        image, name = _decoder(io.BytesIO(picture), "the bytes"), "the bytes"
    elif isinstance(picture, str | os.PathLike):
        name = str(picture)
        image = _decoder(_file(picture), name)
    else:
        return _from_array(picture)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _check_size(image.size, name)
            image.load()
            return _plain(image)
    except PictureError:
        raise
    except Exception as error:  # decoders raise all sorts on damaged files
        raise PictureError(f"{name} is damaged: {error}. Save or copy it again.") from None


def _file(picture):
    text = os.fspath(picture)
    if isinstance(text, str) and re.match(r"[a-z]{2,}://|data:", text, re.I):
        raise PictureError(f"{text[:60]} is an address. Save the picture, and pass its path.")
    path = Path(os.fsdecode(text))
    if path.is_dir():
        raise PictureError(f"{path} is a folder. Pass the path of one picture in it.")
    try:
        return io.BytesIO(path.read_bytes())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PictureError(f"{path} cannot be read: {reason}. Is the path right?") from None


def _decoder(file, name):
    head = file.getvalue()[:1024].lstrip()
    if not head:
        raise PictureError(f"{name}: the file is empty.")
    if head.startswith(b"%PDF"):
        raise PictureError(f"{name} is a PDF. Save the page as a PNG or JPEG picture.")
    if b"<svg" in head:
        raise PictureError(f"{name} is an SVG drawing. Save it as a PNG picture.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Image.init()
            return Image.open(file, formats=[f for f in FORMATS if f in Image.OPEN])
    except Image.DecompressionBombError:
        raise PictureError(f"{name} has too many pixels. Make it smaller first.") from None
    except Exception:
        raise PictureError(
            f"{name} is no picture that can be read. Save it as PNG or JPEG."
        ) from None


def _check_size(size, name):
    width, height = size
    if width * height > MOST_PIXELS:
        raise PictureError(
            f"{name} has {width:,} × {height:,} pixels, more than {MOST_PIXELS:,}. Make it smaller."
        )
    if width * height == 0:
        raise PictureError(f"{name} has no pixels: {width} × {height}.")


def _plain(image):
    orientation = image.getexif().get(ORIENTATION, 1)
    if image.mode in ("L", "RGB", "RGBA"):
        plain = image
    elif image.mode.startswith(("I", "F")):
        plain = _from_array(_scaled(np.asarray(image)))
    elif image.mode in ("LA", "PA", "La", "RGBa") or "transparency" in image.info:
        plain = image.convert("RGBA")
    else:
        plain = image.convert("L" if image.mode == "1" else "RGB")
    plain = plain.copy() if plain is image else plain
    plain.info["orientation"] = orientation
    return plain


def _scaled(values):
    values = np.clip(np.nan_to_num(values.astype(np.float32)), 0, None)
    return np.rint(values * (255 / max(values.max(), 1e-6))).astype(np.uint8)


def _from_array(values):
    expected = (
        "picture must be a path, bytes, a PIL image, or an array of shape (height, width), "
        "(height, width, 3) or (height, width, 4) of uint8, uint16, bool or floats from 0 to 1"
    )
    try:
        values = np.asarray(values)
    except (TypeError, ValueError, RuntimeError) as error:
        raise PictureError(f"{expected}; got what NumPy cannot take: {error}.") from None
    if not (values.ndim == 2 or (values.ndim == 3 and values.shape[2] in (3, 4))):
        raise PictureError(f"{expected}; got shape {values.shape} of {values.dtype}.")
    _check_size(values.shape[1::-1], "the picture")
    if values.dtype == bool:
        values = values * np.uint8(255)
    elif values.dtype == np.uint16:
        values = _scaled(values)
    elif np.issubdtype(values.dtype, np.floating):
        if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
            raise PictureError(f"{expected}; got floats outside 0 to 1.")
        values = np.rint(values * 255).astype(np.uint8)
    elif values.dtype != np.uint8:
        raise PictureError(f"{expected}; got {values.dtype}.")
    return Image.fromarray(np.ascontiguousarray(values))


def _upright(image):
    """Shrink a PIL image to work on, lay it on paper, turn it: uint8 (h, w) or (h, w, 3)."""
    longer = max(image.size)
    orientation = image.info.get("orientation", 1)
    factor = max(1, round(longer / WORK))
    if factor > 1:
        image = image.reduce(factor)
    elif longer < LEAST:
        times = LEAST / longer
        size = [max(1, round(side * times)) for side in image.size]
        image = image.resize(size, Image.BICUBIC)
    if image.mode == "RGBA":
        image = _on_paper(image)
    return UPRIGHT.get(orientation, lambda a: a)(np.asarray(image))


def _on_paper(image):
    """Lay a transparent picture on white paper, or on black where all that is seen is light."""
    values = np.asarray(image).astype(np.float32)
    seen = values[..., 3:] / 255
    if seen.max() == 0:
        raise PictureError("The picture is transparent all over: there is nothing to see.")
    lightness = (values[..., :3] * seen).sum() / (3 * seen.sum())
    paper = 255 if lightness < 128 or seen.min() > 0 else 0
    return Image.fromarray(np.rint(values[..., :3] * seen + paper * (1 - seen)).astype(np.uint8))


# --- Ink and paper --------------------------------------------------------------------------------


def _ink_of(colour):
    """How dark the ink is, float32 (h, w) from 0, and where it is, bool (h, w)."""
    grey = np.asarray(Image.fromarray(colour).convert("L")).astype(np.float32)
    if not _ink_is_darker(grey):
        grey = 255 - grey
        paper = _paper(grey)
        ink = (paper - grey) / 255
    else:
        paper = _paper(grey)
        ink = 1 - grey / np.maximum(paper, 20)
    smooth = ndimage.gaussian_filter(ink, 1)
    middle = np.median(smooth)
    noise = 1.4826 * np.median(np.abs(smooth - middle))
    ink, smooth = ink - middle, smooth - middle
    floor = max(0.1, 6 * noise)
    if smooth.max() < floor:
        raise PictureError("No ink is to be seen: an empty page? Write darker, or use more light.")
    weak = smooth > max(floor, 0.35 * smooth.max())
    return np.clip(ink, 0, 1), weak


def _ink_is_darker(grey):
    """Whether strokes are darker than what lies around them: paper is most of the surroundings."""
    size = max(3, min(grey.shape) // 4)
    small = grey[::2, ::2]
    small = ndimage.uniform_filter(small, 3)
    high = ndimage.maximum_filter(small, size // 2)
    low = ndimage.minimum_filter(small, size // 2)
    mean = ndimage.uniform_filter(small, size // 2)
    return ((mean - (high + low) / 2) * (high - low)).sum() >= 0


def _paper(grey):
    """The brightness that each pixel would have without ink: dark strokes are closed."""
    small = ndimage.uniform_filter(grey, 3)[::2, ::2]
    size = max(3, round(min(small.shape) * 0.3))
    closed = ndimage.minimum_filter(ndimage.maximum_filter(small, size), size)
    smooth = ndimage.uniform_filter(closed, 5)
    height, width = grey.shape
    return np.asarray(Image.fromarray(smooth).resize((width, height), Image.BILINEAR))


# --- Digits ---------------------------------------------------------------------------------------


def _groups(mask, ink):
    """The pieces of each digit, left to right: a list of arrays of labels of `mask`."""
    labels, count = ndimage.label(mask, NEIGHBOURS)
    boxes = ndimage.find_objects(labels)
    areas = np.bincount(labels.ravel())[1:]
    size = np.array([[b[0].stop - b[0].start, b[1].stop - b[1].start] for b in boxes])
    height, width = mask.shape
    inside = [
        b[0].start > 0 and b[1].start > 0 and b[0].stop < height and b[1].stop < width
        for b in boxes
    ]
    longest = size.max(1)
    kept = [
        i
        for i in range(count)
        if inside[i] and areas[i] > 0.02 * areas[np.array(inside)].max() and longest[i] > 3
    ]
    if not kept:
        raise PictureError(
            "All the ink reaches the edge of the picture. Take one with paper around the digit."
        )
    spans = sorted((boxes[i][1].start, boxes[i][1].stop, i) for i in kept)
    groups, ends = [], []
    for start, stop, i in spans:
        if groups and start < ends[-1]:
            groups[-1].append(i + 1)
            ends[-1] = max(ends[-1], stop)
        else:
            groups.append([i + 1])
            ends.append(stop)
    tallest = [max(size[i - 1][0] for i in g) for g in groups]
    return [np.array(g) for g, t in zip(groups, tallest, strict=True) if t > 0.4 * max(tallest)]


def _are_one(mask, groups):
    return len(groups) == 1


def _cut(ink, mask, group):
    """The digit's own ink, cut out: float32 (h, w) from 0 to 1, the half level at its edge."""
    labels, _ = ndimage.label(mask, NEIGHBOURS)
    own = np.isin(labels, group)
    level = np.percentile(ink[own], 75)
    near = ndimage.binary_dilation(own, NEIGHBOURS, iterations=2)
    soft = np.clip(ink / level, 0, 1) * near
    rows, columns = (np.flatnonzero((soft > 0.5).any(axis)) for axis in (1, 0))
    return soft[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _boxed(cut):
    """The digit fitted in the box with its proportions kept: float32 (h, w), the longer side 20."""
    height, width = cut.shape
    scale = BOX / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = Image.fromarray(cut.astype(np.float32)).resize(size, Image.BOX)
    return np.clip(np.asarray(small), 0, 1)


def _centred(box):
    """The box put on a page of 28 × 28, its centre of mass on the middle: uint8 (28, 28)."""
    page = np.zeros((SIDE, SIDE), np.uint8)
    height, width = box.shape
    mass = ndimage.center_of_mass(box)
    top = int(np.clip(round(CENTRE - mass[0]), 0, SIDE - height))
    left = int(np.clip(round(CENTRE - mass[1]), 0, SIDE - width))
    page[top : top + height, left : left + width] = _grey(box)
    return page

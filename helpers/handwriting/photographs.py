"""Photographs of handwriting, composed by the course: ink on paper, lit, seen and blurred.

They stand in for photographs that nobody has to take or give away, with the difficulties of real
ones: pencil, coloured ink, printed squares and lines, chalk, shadows, a tilted page, a hand that
shakes. A real camera finds others, so a good score here promises less than it seems to.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image
from scipy import ndimage

from helpers import checks

HEIGHT, WIDTH = 720, 960  # pixels of a photograph


class Look(NamedTuple):
    """How one kind of photograph looks. Colours are RGB from 0 to 1."""

    ink: tuple = (0.12, 0.12, 0.14)
    paper: tuple = (0.93, 0.92, 0.89)
    strength: tuple = (0.85, 1.0)  # how much of the paper the ink covers
    grain: float = 0.0  # how far the paper's grain shows in the strokes
    lines: str = ""  # printed on the paper: "ruled" or "squared"
    light: tuple = (0.75, 0.95)  # at the darkest corner, where the lightest has 1
    shadow: bool = False  # one that ends within the picture
    tilt: float = 0.0  # how far a corner of the page moves, as a share of the page
    blur: tuple = (0.5, 1.2)  # pixels
    noise: tuple = (0.005, 0.02)


LOOKS = {
    "pen": Look(),
    "pencil": Look(ink=(0.35, 0.35, 0.37), strength=(0.6, 0.9), grain=0.5),
    "squared": Look(ink=(0.12, 0.2, 0.6), lines="squared"),
    "ruled": Look(ink=(0.1, 0.12, 0.3), lines="ruled"),
    "chalk": Look(ink=(0.93, 0.93, 0.9), paper=(0.12, 0.14, 0.13), grain=0.6),
    "shadow": Look(shadow=True, light=(0.6, 0.9)),
    "perspective": Look(tilt=0.09),
    "blur": Look(blur=(2.5, 4.0), noise=(0.02, 0.05)),
}
KINDS = tuple(LOOKS)


def compose(digits, kind, seed):
    """Compose a photograph of digits written side by side.

    The same arguments give the same picture with the same versions of NumPy, Pillow and SciPy.

    Args:
        digits: uint8 of shape (n, 28, 28), or (28, 28) for one; 0 is paper, 255 is ink. n is 1 to
            6, the digits from left to right.
        kind: one of `KINDS`.
        seed: whole number of 0 or more; settles size, place, light and all else.

    Returns:
        PIL.Image.Image: RGB, 960 pixels wide and 720 high.

    Raises:
        ValueError: an argument that is not what it should be; names which.
    """
    digits = np.asarray(digits)
    digits = checks.images(digits[None] if digits.ndim == 2 else digits, "digits")
    if len(digits) > 6:
        raise ValueError(f"digits must be 6 at most to fit on the page; got {len(digits)}.")
    if kind not in LOOKS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}; got {kind!r}.")
    rng, look = np.random.default_rng(checks.whole(seed, "seed")), LOOKS[kind]
    page = _page(rng, look)
    ink = _written(rng, digits) * rng.uniform(*look.strength)
    ink *= np.clip(1 - look.grain * _clouds(rng, 1.2), 0, 1)
    page += (np.array(look.ink) - page) * ink[..., None]
    photo = _seen(rng, page, look) * _light(rng, look)[..., None]
    photo = ndimage.gaussian_filter(photo, (*[rng.uniform(*look.blur)] * 2, 0))
    photo += rng.normal(0, rng.uniform(*look.noise), photo.shape)
    return Image.fromarray(np.rint(255 * np.clip(photo, 0, 1)).astype(np.uint8))


def _page(rng, look):
    """Paper with its texture and its printed lines: (HEIGHT, WIDTH, 3), from 0 to 1."""
    texture = 1 + 0.015 * (_clouds(rng, 1) - 0.5) + 0.04 * (_clouds(rng, 40) - 0.5)
    page = np.array(look.paper) * texture[..., None]
    if look.lines:
        pitch, thick = rng.integers(28, 60), rng.integers(1, 4)
        colour = np.array([0.62, 0.72, 0.86]) * rng.uniform(0.85, 1.05)
        page[(np.arange(HEIGHT) + rng.integers(pitch)) % pitch < thick] = colour
        if look.lines == "squared":
            page[:, (np.arange(WIDTH) + rng.integers(pitch)) % pitch < thick] = colour
    return page


def _written(rng, digits):
    """How much ink lies where: (HEIGHT, WIDTH), from 0 to 1, the digits in a row."""
    count = len(digits)
    most = min(0.62 * HEIGHT, 0.9 * WIDTH / count / 1.05)
    side = int(rng.uniform(0.5, 1) * most * 1.4)  # of the 28 pixels, of which the ink takes 20
    pitch = int(side * rng.uniform(0.92, 1.05) * 20 / 24) if count > 1 else 0
    ink = np.zeros((HEIGHT, WIDTH))
    row = count * pitch if count > 1 else side
    left = int(rng.uniform(0.02, 0.98) * max(1, WIDTH - row - side // 4))
    top = rng.uniform(0.02, 0.98) * (HEIGHT - side)
    for i, digit in enumerate(digits):
        image = Image.fromarray(digit).resize((side, side), Image.BICUBIC)
        image = np.asarray(image.rotate(rng.uniform(-6, 6), Image.BICUBIC)) / 255
        y = int(np.clip(top + rng.uniform(-0.05, 0.05) * side, 0, HEIGHT - side))
        x = int(np.clip(left + i * pitch, 0, WIDTH - side))
        here = ink[y : y + side, x : x + side]
        np.maximum(here, np.clip(1.6 * image - 0.3, 0, 1), out=here)
    return ink


def _clouds(rng, size):
    """Random patches of about `size` pixels: (HEIGHT, WIDTH), from 0 to 1."""
    small = rng.random((int(HEIGHT / size) + 4, int(WIDTH / size) + 4)).astype(np.float32)
    return np.asarray(Image.fromarray(small).resize((WIDTH, HEIGHT), Image.BICUBIC))


def _light(rng, look):
    """The light on the page, falling off to one side, with a shadow where there is one."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    along = np.cos(angle) * (x - WIDTH / 2) + np.sin(angle) * (y - HEIGHT / 2)
    along = (along - along.min()) / np.ptp(along)
    light = 1 + (rng.uniform(*look.light) - 1) * along
    if look.shadow:
        angle = rng.uniform(0, 2 * np.pi)
        across = np.cos(angle) * (x - WIDTH / 2) + np.sin(angle) * (y - HEIGHT / 2)
        soft = rng.uniform(8, 40)
        edge = 0.5 + 0.5 * np.tanh((across - rng.uniform(-150, 150)) / soft)
        light *= 1 - rng.uniform(0.25, 0.5) * edge
    return light


def _seen(rng, page, look):
    """The page as a camera sees it that is not held level; beyond the page lies a table."""
    if not look.tilt:
        return page
    size = np.array([WIDTH, HEIGHT])
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    inwards = 1 - 2 * corners
    seen = (corners + inwards * rng.uniform(0, look.tilt, (4, 2))) * size
    rows, values = [], []
    for (u, v), (x, y) in zip(corners * size, seen, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    way = np.linalg.solve(np.array(rows, float), np.array(values, float))
    colour = tuple(int(c) for c in rng.integers(60, 130, 3))
    picture = Image.fromarray(np.rint(255 * np.clip(page, 0, 1)).astype(np.uint8))
    picture = picture.transform(
        (WIDTH, HEIGHT), Image.PERSPECTIVE, tuple(way), Image.BICUBIC, fillcolor=colour
    )
    return np.asarray(picture) / 255

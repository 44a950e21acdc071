"""Photographs of handwriting, composed by the course: ink on paper, lit, seen and blurred.

They stand in for photographs that nobody has to take or give away, with the difficulties of real
ones: pencil, coloured ink, printed squares and lines, chalk, shadows, a tilted page, a hand that
shakes. A real camera finds others, so a good score here promises less than it seems to.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image
from scipy import ndimage, special

from helpers import checks

HEIGHT, WIDTH = 720, 960  # pixels of a photograph
MOST = 6  # digits on a page
MOST_SEED = 2**63 - 1


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
    digits = checks.array(digits, "digits must be uint8 of shape (n, 28, 28)")
    digits = checks.images(digits[None] if digits.ndim == 2 else digits, "digits")
    if len(digits) > MOST:
        raise ValueError(f"digits must be {MOST} at most to fit on the page; got {len(digits)}.")
    if not isinstance(kind, str) or kind not in LOOKS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}; got {checks.short(kind)}.")
    rng, look = np.random.default_rng(checks.whole(seed, "seed", 0, MOST_SEED)), LOOKS[kind]
    page = _page(rng, look)
    ink = _written(rng, digits) * rng.uniform(*look.strength)
    ink *= np.clip(1 - look.grain * _clouds(rng, 1.2), 0, 1)
    page = _seen(rng, inked(page, ink, look.ink), look)
    light = _light(rng, look)
    return camera(rng, page, light, rng.uniform(*look.blur), rng.uniform(*look.noise))


# --- What every photograph is made of -------------------------------------------------------------


def ruled(page, pitch, thick, colour, squares=False, down=0, right=0):
    """The page with lines printed across it, and down it for squares, every `pitch` pixels."""
    page = page.copy()
    page[(np.arange(page.shape[0]) + down) % pitch < thick] = colour
    if squares:
        page[:, (np.arange(page.shape[1]) + right) % pitch < thick] = colour
    return page


def inked(page, ink, colour):
    """The page, (h, w, 3), with ink of a colour; `ink` says how much lies where, (h, w)."""
    return page + (np.array(colour) - page) * ink[..., None]


def falling_light(shape, angle, darkest):
    """Light that falls off across a page: (h, w) from `darkest` to 1; the angle in radians."""
    along = _across(shape, angle)
    return 1 - (1 - darkest) * (along - along.min()) / np.ptp(along)


def shadow(shape, angle, middle, soft, depth):
    """A shadow whose edge lies `middle` pixels off the middle: (h, w) from 1 − depth to 1."""
    return 1 - depth * special.expit((_across(shape, angle) - middle) / soft)


def camera(rng, page, light, blur, noise):
    """What a camera makes of the page, (h, w, 3) from 0 to 1, in that light, (h, w).

    Args:
        blur: pixels, the standard deviation.
        noise: the standard deviation, where white is 1.
    """
    photo = ndimage.gaussian_filter(page * light[..., None], (blur, blur, 0))
    return as_picture(photo + rng.normal(0, noise, photo.shape))


def as_picture(values):
    """A PIL image of numbers from 0 to 1."""
    return Image.fromarray(np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8))


def _across(shape, angle):
    """How far each pixel lies from the middle in the direction of the angle: (h, w)."""
    y, x = (np.arange(length) - length / 2 for length in shape)
    return np.cos(angle) * x + np.sin(angle) * y[:, None]


# --- What chance settles --------------------------------------------------------------------------


def _page(rng, look):
    """Paper with its texture and its printed lines: (HEIGHT, WIDTH, 3), from 0 to 1."""
    texture = 1 + 0.015 * (_clouds(rng, 1) - 0.5) + 0.04 * (_clouds(rng, 40) - 0.5)
    page = np.array(look.paper) * texture[..., None]
    if not look.lines:
        return page
    pitch, thick = rng.integers(28, 60), rng.integers(1, 4)
    colour = np.array([0.62, 0.72, 0.86]) * rng.uniform(0.85, 1.05)
    squares = look.lines == "squared"
    down, right = rng.integers(pitch), rng.integers(pitch) if squares else 0
    return ruled(page, pitch, thick, colour, squares, down, right)


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
    shape = HEIGHT, WIDTH
    light = falling_light(shape, rng.uniform(0, 2 * np.pi), rng.uniform(*look.light))
    if look.shadow:
        angle, soft = rng.uniform(0, 2 * np.pi), rng.uniform(8, 40) / 2
        light *= shadow(shape, angle, rng.uniform(-150, 150), soft, rng.uniform(0.25, 0.5))
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
    picture = as_picture(page).transform(
        (WIDTH, HEIGHT), Image.PERSPECTIVE, tuple(way), Image.BICUBIC, fillcolor=colour
    )
    return np.asarray(picture) / 255

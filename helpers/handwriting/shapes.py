"""Six shapes that the course draws itself, as by hand: a small alphabet to teach a network.

A shape is one or two strokes of a pen, given as points. Chance bends, stretches, turns and places
them, lets the pen miss its start by a little, and picks the pen's width and the greys of ink and
paper. `write_folder` leaves them as people keep pictures of their own: a subfolder for each class.
"""

from pathlib import Path

import keras
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from helpers import checks

SIDE = 96  # pixels: the paper
FINE = 4  # drawn this many times larger, then shrunk: smooth edges
STEPS = 120  # points along a stroke
PAGE = 280  # pixels: the paper of single drawings
MOST = 10_000  # pictures at a time: 92 MB


def _polygon(*corners):
    return [np.array([*corners, corners[0]], float)]


def _star(points=5, inner=0.45):
    turns = np.pi * np.arange(2 * points + 1) / points
    radius = np.where(np.arange(2 * points + 1) % 2, inner, 1.0)
    return [np.stack([radius * np.sin(turns), -radius * np.cos(turns)], 1)]


def _circle():
    turns = np.linspace(0, 2 * np.pi, STEPS)
    return [np.stack([np.sin(turns), -np.cos(turns)], 1)]


def _heart():
    turns = np.linspace(0, 2 * np.pi, STEPS)
    down = 13 * np.cos(turns) - 5 * np.cos(2 * turns) - 2 * np.cos(3 * turns) - np.cos(4 * turns)
    return [np.stack([np.sin(turns) ** 3, -down / 16], 1)]


# Strokes of each shape, arrays of (right, down) from -1 to 1; in the order of the alphabet, which
# is the order that Keras gives to folders.
STROKES = {
    "circle": _circle(),
    "cross": [np.array([[-0.9, -0.9], [0.9, 0.9]]), np.array([[0.9, -0.9], [-0.9, 0.9]])],
    "heart": _heart(),
    "square": _polygon((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)),
    "star": _star(),
    "triangle": _polygon((0, -0.95), (0.95, 0.8), (-0.95, 0.8)),
}
NAMES = tuple(STROKES)


def draw(name, count, seed=0):
    """Draw one shape a number of times, dark ink on light paper, never twice the same.

    Args:
        name: str, one of NAMES.
        count: int, how many, from 1 to 10,000.
        seed: int, 0 or more. Same name, count and seed: same pictures.

    Returns:
        np.ndarray: uint8 of shape (count, 96, 96); 255 is white.

    Raises:
        ValueError: an unknown name, or a count or seed out of bounds.
    """
    if name not in NAMES:
        raise ValueError(f"name must be one of {', '.join(NAMES)}; got {checks.short(name)}.")
    count = checks.whole(count, "count", 1, MOST)
    rng = np.random.default_rng([checks.whole(seed, "seed"), NAMES.index(name)])
    return np.stack([_picture(rng, STROKES[name]) for _ in range(count)])


def write_folder(folder, count, seed=0):
    """Draw every shape and write PNG files: `folder/<name>/<name>_000.png` and so on.

    Args:
        folder: path of a folder, made where it is missing.
        count: int, pictures of each shape, 1 to 999.
        seed: as in `draw`.

    Returns:
        pathlib.Path: the folder.

    Raises:
        ValueError: a count or seed out of bounds.
        OSError: the folder cannot be written.
    """
    folder, count = Path(folder), checks.whole(count, "count", 1, 999)
    for name in NAMES:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number, picture in enumerate(draw(name, count, seed)):
            Image.fromarray(picture).save(folder / name / f"{name}_{number:03d}.png")
    return folder


def read_folder(folder):
    """Read a folder with a subfolder for each class, as Keras does it where there is TensorFlow.

    Args:
        folder: path of a folder whose subfolders hold PNG pictures of one size.

    Returns:
        (pictures, labels): uint8 (n, h, w) and integers (n,), in the order of the names.

    Raises:
        ValueError: no PNG picture in any subfolder.
    """
    files = sorted(Path(folder).glob("*/*.png"))
    if not files:
        raise ValueError(f"{folder} must have subfolders with PNG pictures; found none.")
    classes = sorted({file.parent.name for file in files})
    read = [keras.utils.load_img(file, color_mode="grayscale") for file in files]
    return np.stack(read), np.array([classes.index(file.parent.name) for file in files])


def pen_drawing(strokes, width=16):
    """Draw straight lines from point to point, black on white, as a mouse would.

    Args:
        strokes: lists of (right, down) in pixels from 0 to 279, two points or more each.
        width: int, of the pen, in pixels, 1 to 280.

    Returns:
        np.ndarray: uint8 of shape (280, 280).

    Raises:
        ValueError: a stroke that is not two points or more on the page, or another width.
    """
    width = checks.whole(width, "width", 1, PAGE)
    page = Image.new("L", (PAGE, PAGE), 255)
    for stroke in strokes:
        dots = checks.numbers(stroke, "a stroke", ("n", 2), 0, PAGE - 1)
        if len(dots) < 2:
            raise ValueError("a stroke must be 2 points or more; got 1.")
        ImageDraw.Draw(page).line([tuple(dot) for dot in dots], 0, width, joint="curve")
    return np.asarray(page)


def typed(letter):
    """Print a letter, black on white, in the letters that Pillow brings: uint8 (280, 280).

    Raises:
        ValueError: anything but one letter.
    """
    text = checks.text(letter, "letter")
    if len(text) > 1:
        raise ValueError(f"letter must be one letter; got {checks.short(letter)}.")
    page = Image.new("L", (PAGE, PAGE), 255)
    middle = (PAGE / 2, PAGE / 2)
    ImageDraw.Draw(page).text(middle, text, 0, ImageFont.load_default(170), anchor="mm")
    return np.asarray(page)


def side_by_side(left, right):
    """Put digits side by side in pairs, each at half its size, so that two share a box of 20 × 20.

    Four pixels make one, their mean.

    Args:
        left, right: uint8 of shape (n, 28, 28).

    Returns:
        np.ndarray: uint8 of shape (n, 28, 28).

    Raises:
        ValueError: images of another shape or dtype, or not as many right as left.
    """
    left, right = checks.images(left, "left"), checks.images(right, "right")
    checks.for_each(right, "right", len(left), "image of left")
    pairs = np.concatenate([left[..., 4:24], right[..., 4:24]], axis=2)
    pairs = pairs.reshape(-1, 14, 2, 20, 2).mean(axis=(2, 4)).round().astype(np.uint8)
    return np.pad(pairs, ((0, 0), (7, 7), (4, 4)))


def _picture(rng, strokes):
    """One drawing, uint8 (SIDE, SIDE)."""
    paper, ink = rng.uniform(215, 255), rng.uniform(10, 90)
    page = Image.new("L", (SIDE * FINE, SIDE * FINE), 0)
    pen = ImageDraw.Draw(page)
    width = round(FINE * rng.uniform(2, 5))
    place = _place(rng)
    for stroke in strokes:
        dots = FINE * place(_bend(rng, _along(rng, stroke)))
        pen.line([tuple(dot) for dot in dots], fill=255, width=width, joint="curve")
        for right, down in (dots[0], dots[-1]):
            reach = width / 2
            pen.ellipse((right - reach, down - reach, right + reach, down + reach), fill=255)
    covered = np.asarray(page.resize((SIDE, SIDE), Image.Resampling.BOX), float) / 255
    grain = rng.normal(0, 4, covered.shape)
    return np.clip(paper + (ink - paper) * covered + grain, 0, 255).astype(np.uint8)


def _along(rng, stroke):
    """STEPS points along a stroke, which starts and stops a little early or late.

    A closed stroke may begin at any of its points.
    """
    if np.allclose(stroke[0], stroke[-1]):
        stroke = np.roll(stroke[:-1], -int(rng.integers(len(stroke) - 1)), axis=0)
        stroke = np.concatenate([stroke, stroke[:1]])
    lengths = np.hypot(*np.diff(stroke, axis=0).T)
    at = np.concatenate([[0], np.cumsum(lengths)]) / lengths.sum()
    start, stop = rng.uniform(0, 0.03), rng.uniform(0.95, 1)
    wanted = np.linspace(start, stop, STEPS)
    return np.stack([np.interp(wanted, at, stroke[:, axis]) for axis in (0, 1)], 1)


def _bend(rng, dots):
    """Points moved along slow waves, as an unsteady hand moves them."""
    along = np.linspace(0, 1, len(dots))[:, None]
    moved = dots.copy()
    for waves, reach in ((1, 0.09), (2, 0.06), (3, 0.04), (6, 0.015)):
        phase = rng.uniform(0, 2 * np.pi, 2)
        moved += rng.normal(0, reach, 2) * np.sin(2 * np.pi * waves * along + phase)
    return moved


def _place(rng):
    """A function that turns, slants and stretches points and puts them on the paper, in pixels."""
    turn, slant = rng.normal(0, 0.2), rng.normal(0, 0.15)
    radius = rng.uniform(16, 30) * np.array([rng.uniform(0.75, 1.25), 1])
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    matrix = turned @ np.array([[1, 0], [slant, 1]]) * radius
    middle = SIDE / 2 + rng.uniform(-6, 6, 2)
    return lambda dots: np.clip(dots @ matrix + middle, 6, SIDE - 6)

"""Digits that the course draws itself, for when MNIST is out of reach; and printed digits.

A drawn digit is a few strokes of a pen. How each digit may be written stands in strokes.txt, as
points that a smooth curve runs through. Chance picks a form, mixes its poses, bends, slants, turns
and stretches it, and picks a pen, which leaves dots along the curves. The dots become grey pixels,
boxed and centred the way MNIST's own digits were. The forms are hand-made, and their shares were
set by looking at MNIST's training digits; the test digits played no part.
"""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from helpers import checks
from helpers.handwriting import BOX, CENTRE, SIDE

MOST = 1_000_000  # digits at a time: 800 MB
BLOCK = 512  # digits drawn together, from one generator of their own
SLAB = 128  # digits rasterised together: few enough to stay in the processor's cache
DOTS = 112  # dots of the pen in every digit
GAIN = np.float32(1.3)  # MNIST's strokes are mostly pure black: ink is darkened, then cut at 1
BEYOND = 0.14  # how far a stroke can overshoot its ends, as a share of its length

# How often each digit occurs among MNIST's 60,000 training digits.
COUNTS = (5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949)

# Pixels: the usual radius of the pen once the digit fills its box, in which a small 0 grows most.
PEN = (1.2, 1.17, 1.09, 1.1, 0.98, 1.12, 1.08, 1.08, 1.01, 0.98)

# How far each digit leans to the right, a shift in x for one in y, beyond what its forms show.
SLANT = (0.27, 0.22, 0.05, 0.09, 0.18, 0.08, 0.11, 0.03, 0.14, 0.13)

# The ways of writing each digit: this file says how it is to be read.
STROKES = Path(__file__).with_name("strokes.txt")

# Files in matplotlib's own folder of fonts, and how a page may call them.
PRINTED = {
    "DejaVuSans": "DejaVu Sans",
    "DejaVuSans-Bold": "DejaVu Sans, bold",
    "DejaVuSans-Oblique": "DejaVu Sans, oblique",
    "DejaVuSans-BoldOblique": "DejaVu Sans, bold oblique",
    "DejaVuSansMono": "DejaVu Sans Mono",
    "DejaVuSansMono-Bold": "DejaVu Sans Mono, bold",
    "DejaVuSansMono-Oblique": "DejaVu Sans Mono, oblique",
    "DejaVuSansMono-BoldOblique": "DejaVu Sans Mono, bold oblique",
    "DejaVuSerif": "DejaVu Serif",
    "DejaVuSerif-Bold": "DejaVu Serif, bold",
    "DejaVuSerif-Italic": "DejaVu Serif, italic",
    "DejaVuSerif-BoldItalic": "DejaVu Serif, bold italic",
    "STIXGeneral": "STIX",
    "STIXGeneralBol": "STIX, bold",
    "STIXGeneralItalic": "STIX, italic",
    "STIXGeneralBolIta": "STIX, bold italic",
    "cmr10": "Computer Modern",
    "cmb10": "Computer Modern, bold",
    "cmss10": "Computer Modern Sans",
    "cmtt10": "Computer Modern Typewriter",
}


class Forms(NamedTuple):
    """The forms of strokes.txt, padded to one size, ready to be picked from by number."""

    until: np.ndarray  # (10, forms) each digit's shares of the forms, added up: from 0 to 1
    poses: np.ndarray  # (forms,) how many poses a form has
    points: np.ndarray  # (forms, most poses, most points, 2) from −0.5 to 0.5
    basis: np.ndarray  # (forms, DOTS, most points) a dot is this weighted sum of points
    along: np.ndarray  # (forms, DOTS) where on its stroke: 0 start, 1 end, −BEYOND…1 + BEYOND
    stroke: np.ndarray  # (forms, DOTS) which stroke the dot belongs to


def draw_digits(count, seed=0, progress=False):
    """Draw `count` handwritten digits, shuffled, in the proportions of MNIST's training digits.

    The same seed gives the same digits, and a smaller count gives the first of a larger one.
    Another version of NumPy may draw others, as its generators' streams may change (NEP 19).
    NumPy's global random state is neither read nor changed.

    Args:
        count: how many, from 1 to 1,000,000.
        seed: 0 or more; other seeds give other digits.
        progress: show a tqdm progress bar, unless TQDM_DISABLE is 1; it goes when all is drawn.

    Returns:
        images: uint8 of shape (count, 28, 28); 0 is paper, 255 is ink.
        labels: uint8 of shape (count,), from 0 to 9.

    Raises:
        ValueError: count is not a whole number from 1 to 1,000,000, or seed not one of 0 or more.
    """
    count, seed = checks.whole(count, "count", 1, MOST), checks.whole(seed, "seed")
    blocks = -(-count // BLOCK)
    images = np.zeros((blocks * BLOCK, SIDE, SIDE), np.uint8)
    labels = np.zeros(blocks * BLOCK, np.uint8)

    def fill(block):
        here = slice(block * BLOCK, (block + 1) * BLOCK)
        images[here], labels[here] = _draw_block(np.random.default_rng([seed, block]))
        return block

    hidden = {} if progress else {"disable": True}  # False would overrule TQDM_DISABLE
    bar = tqdm(total=count, desc="Drawing digits", unit=" digits", leave=False, **hidden)
    with bar, ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        for block in pool.map(fill, range(blocks)):
            bar.update(min(BLOCK, count - block * BLOCK))
    return images[:count], labels[:count]


def signs():
    """The signs in strokes.txt that are not for drawn digits.

    Returns:
        dict: name → list of strokes, each float (points, 2) of x and y from 0 to 1, y down.
    """
    found = re.findall(r"^sign (\w+)\n(.*)", STROKES.read_text(encoding="utf-8"), re.M)
    return {name: _strokes(line) for name, line in found}


def printed_digits():
    """The ten digits in each of the fonts in `PRINTED`, boxed and centred as MNIST's were.

    Returns:
        images: uint8 of shape (n, 28, 28); 0 is paper, 255 is ink.
        labels: uint8 of shape (n,): 0 to 9 in the first font, then in the next.
        fonts: the name of each image's font, a list of n.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import PathPatch

    # One sheet, a box for each digit: a point of the figure is a pixel, so Agg's own smoothing
    # of edges makes the greys.
    rows = len(PRINTED)
    sheet = Figure(figsize=(10 * BOX, rows * BOX), dpi=1, facecolor="black")
    for row, file in enumerate(PRINTED):
        for digit in range(10):
            corner = (digit * BOX, (rows - 1 - row) * BOX)
            outline = _outline(file, digit, corner)
            sheet.add_artist(PathPatch(outline, transform=None, color="white", lw=0, snap=False))
    canvas = FigureCanvasAgg(sheet)
    canvas.draw()
    grey = np.asarray(canvas.buffer_rgba())[..., 0].astype(np.float32) / 255
    boxes = grey.reshape(rows, BOX, 10, BOX).swapaxes(1, 2).reshape(-1, BOX, BOX)
    fonts = [name for name in PRINTED.values() for _ in range(10)]
    return _centre(boxes), np.tile(np.arange(10, dtype=np.uint8), rows), fonts


def _outline(file, digit, corner):
    """A printed digit's outline, its longer side BOX, in the middle of the box at `corner`."""
    import matplotlib
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    font = FontProperties(fname=f"{matplotlib.get_data_path()}/fonts/ttf/{file}.ttf")
    text = TextPath((0, 0), str(digit), size=100, prop=font)
    edges = text.get_extents()
    size = np.array([edges.width, edges.height])
    scale = BOX / size.max()
    inset = (BOX - size * scale) / 2
    return Path((text.vertices - edges.min) * scale + inset + corner, text.codes)


# --- From the tables to weighted sums of points ---------------------------------------------------


@cache
def _forms():
    """Read strokes.txt once, as arrays."""
    digits, shares, poses = _read(STROKES.read_text(encoding="utf-8"))
    size = [len(forms) for forms in poses], [sum(map(len, forms[0])) for forms in poses]
    points = np.zeros((len(poses), max(size[0]), max(size[1]), 2), np.float32)
    basis = np.zeros((len(poses), DOTS, max(size[1])), np.float32)
    along = np.zeros((len(poses), DOTS), np.float32)
    stroke = np.zeros((len(poses), DOTS), np.intp)
    for f, form in enumerate(poses):
        for p, pose in enumerate(form):
            points[f, p, : size[1][f]] = np.concatenate(pose)
        basis[f, :, : size[1][f]], along[f], stroke[f] = _dots(form[0])
    share = np.where(digits == np.arange(10)[:, None], shares, 0)
    until = np.cumsum(share, axis=1) / share.sum(1, keepdims=True)
    return Forms(until, np.array(size[0]), points, basis, along, stroke)


def _read(text):
    """The forms of a text like strokes.txt: digits and shares, two arrays, and poses, lists.

    A pose is a list of strokes, each an array (points, 2) of numbers from −0.5 to 0.5.
    """
    digits, shares, poses = [], [], []
    for line in text.partition("\nsign ")[0].splitlines():
        if header := re.match(r"(\d), (\d+) %: ", line):
            digits.append(int(header[1]))
            shares.append(int(header[2]))
            poses.append([])
        elif line and not line.startswith("#"):
            poses[-1].append([stroke - 0.5 for stroke in _strokes(line)])
    return np.array(digits), np.array(shares), poses


def _strokes(line):
    """The strokes of a line of strokes.txt: arrays (points, 2), from 0 to 1."""
    parts = [re.findall(r"(\d+),(\d+)", part) for part in line.split("|")]
    return [np.array(part, float) / 100 for part in parts]


def _dots(strokes):
    """Spread DOTS dots evenly over the strokes: weights (DOTS, points), `along`, `stroke`."""
    lengths = [np.linalg.norm(np.diff(s, axis=0), axis=1).sum() for s in strokes]
    ends = np.round(np.cumsum(lengths) / np.sum(lengths) * DOTS).astype(int)
    basis = np.zeros((DOTS, sum(map(len, strokes))))
    along, number = np.zeros(DOTS), np.zeros(DOTS, int)
    dot = point = 0
    for s, (stroke, end) in enumerate(zip(strokes, ends, strict=True)):
        along[dot:end] = np.linspace(-BEYOND, 1 + BEYOND, end - dot)
        number[dot:end] = s
        basis[dot:end, point : point + len(stroke)] = _curve(stroke, along[dot:end])
        dot, point = end, point + len(stroke)
    return basis, along, number


def _curve(stroke, along):
    """Weights (dots, points) of a Catmull-Rom curve through the points, at shares of its length."""
    knots = len(stroke) - 1
    fine = np.linspace(0, knots, 40 * knots + 1)
    steps = np.linalg.norm(np.diff(_catmull_rom(knots, fine) @ stroke, axis=0), axis=1)
    length = np.concatenate([[0], np.cumsum(steps)])
    at = np.interp(along, length / length[-1], fine)
    at += np.minimum(along, 0) * knots + np.maximum(along - 1, 0) * knots
    return _catmull_rom(knots, at)


def _catmull_rom(knots, at):
    """Weights (len(at), knots + 1) of the points at `at`, 0…knots; straight on beyond the ends.

    Catmull and Rom, "A class of local interpolating splines" (1974), in its uniform form.
    """
    k = np.clip(np.floor(at).astype(int), 0, knots - 1)
    t = at - k
    inside = np.clip(t, 0, 1)
    t1, t2, t3 = inside, inside**2, inside**3
    cubic = np.stack([-t1 + 2 * t2 - t3, 2 - 5 * t2 + 3 * t3, t1 + 4 * t2 - 3 * t3, t3 - t2]) / 2
    weights = np.zeros((len(at), knots + 3))
    for shift in range(4):
        weights[np.arange(len(at)), k + shift] = cubic[shift]
    # The missing neighbours of the first and last points continue the line: 2a − b.
    weights[:, 1] += 2 * weights[:, 0]
    weights[:, 2] -= weights[:, 0]
    weights[:, -2] += 2 * weights[:, -1]
    weights[:, -3] -= weights[:, -1]
    weights = weights[:, 1:-1]
    over = t - inside
    rows = np.arange(len(at))
    weights[rows, k] -= over
    weights[rows, k + 1] += over
    return weights


# --- Chance ---------------------------------------------------------------------------------------


def _draw_block(rng):
    """One block of digits: images (BLOCK, 28, 28) uint8 and labels (BLOCK,) uint8."""
    labels = rng.choice(10, BLOCK, p=np.array(COUNTS) / sum(COUNTS))
    form = _pick_forms(rng, labels)
    sloppy = np.exp(_normal(rng, 0.35, BLOCK, 1))
    dots = _write(rng, form, sloppy)
    dots = _bend(rng, dots, sloppy)
    dots = _lean(rng, dots, labels)
    radius = _pen(rng, form, labels)
    dots, radius = _fit_box(dots, radius)
    images = np.concatenate(
        [
            _rasterise(rng, dots[start : start + SLAB], radius[start : start + SLAB])
            for start in range(0, BLOCK, SLAB)
        ]
    )
    return _centre(images), labels.astype(np.uint8)


def _normal(rng, spread, *shape):
    """Normally distributed float32 numbers around zero."""
    return rng.standard_normal(shape, np.float32) * np.float32(spread)


def _pick_forms(rng, labels):
    """The number of a form of each label, (n,), by the forms' shares."""
    forms = _forms()
    return (rng.random(len(labels))[:, None] >= forms.until[labels]).sum(1)


def _write(rng, form, sloppy):
    """The dots (n, DOTS, 2) of each form: its poses mixed, its points and strokes jittered.

    Gamma numbers, divided by their sum, follow a Dirichlet distribution: here one or two poses of
    a form get most of the weight, so that mixes do not all end up near the middle.
    """
    forms = _forms()
    n, most_poses = len(form), forms.points.shape[1]
    has = np.arange(most_poses) < forms.poses[form][:, None]
    mix = rng.standard_gamma(1.2 / forms.poses[form][:, None], (n, most_poses)) * has + 1e-9
    mix = (mix / mix.sum(1, keepdims=True)).astype(np.float32)
    points = np.einsum("np,npkc->nkc", mix, forms.points[form])
    points += _normal(rng, 0.016, *points.shape) * sloppy[..., None]
    dots = forms.basis[form] @ points
    moved = _normal(rng, 0.024, n, 3, 2) * sloppy[..., None]
    return dots + np.take_along_axis(moved, forms.stroke[form][:, :, None], 1)


def _bend(rng, dots, sloppy):
    """Bend the plane that each digit lies on: a few waves, long ones stronger than short ones."""
    for wave, strength in ((2.5, 0.07), (5.0, 0.034), (9.0, 0.011)):
        n = len(dots)
        direction = rng.uniform(0, 2 * np.pi, (n, 1, 2)).astype(np.float32)
        phase = rng.uniform(0, 2 * np.pi, (n, 1, 2)).astype(np.float32)
        x, y = dots[..., :1], dots[..., 1:]
        waves = np.sin(wave * (x * np.cos(direction) + y * np.sin(direction)) + phase)
        dots = dots + waves * _normal(rng, strength, n, 1, 2) * sloppy[..., None]
    return dots


def _lean(rng, dots, labels):
    """Stretch, slant and turn each digit, as a whole."""
    n = len(dots)
    width = np.exp(_normal(rng, 0.17, n, 1) - np.float32(0.06))
    slant = _normal(rng, 0.24, n, 1) + np.array(SLANT, np.float32)[labels][:, None]
    turn = _normal(rng, 0.12, n, 1)
    x, y = dots[..., 0] * width, dots[..., 1]
    x = x - slant * y
    cosine, sine = np.cos(turn), np.sin(turn)
    return np.stack([x * cosine - y * sine, x * sine + y * cosine], -1)


def _pen(rng, form, labels):
    """The radius of each dot in pixels, (n, DOTS); 0 where the pen does not touch the paper."""
    forms = _forms()
    n, along, stroke = len(form), forms.along[form], forms.stroke[form]
    radius = np.array(PEN, np.float32)[labels][:, None] * np.exp(_normal(rng, 0.28, n, 1))
    radius *= np.where(rng.random((n, 1)) < 0.015, 1.6, 1).astype(np.float32)  # a marker
    phase = rng.uniform(0, 2 * np.pi, (n, 1)).astype(np.float32)
    radius = radius * (1 + _normal(rng, 0.08, n, 1) * np.sin(4 * along + phase + 2 * stroke))
    start = _normal(rng, 0.035, n, 3)
    stop = 1 + _normal(rng, 0.04, n, 3)
    touches = along >= np.take_along_axis(start, stroke, 1)
    touches &= along <= np.take_along_axis(stop, stroke, 1)
    touches &= ~_gap(rng, n)
    return np.where(touches, np.clip(radius, 0.5, 3), 0).astype(np.float32)


def _gap(rng, n):
    """Where a pen that skips leaves no dots, (n, DOTS): a short gap in a few digits."""
    start = rng.integers(0, DOTS, (n, 1))
    length = rng.integers(4, 12, (n, 1)) * (rng.random((n, 1)) < 0.03)
    dot = np.arange(DOTS)
    return (dot >= start) & (dot < start + length)


# --- Pixels ---------------------------------------------------------------------------------------


def _fit_box(dots, radius):
    """Scale and move the dots so that the ink's longer side spans the box and the shorter is in it.

    Dots are returned in pixels from the box's upper left corner, radii in pixels.
    """
    touches = (radius > 0)[..., None]
    inner = BOX - 2 * radius.max(1)[:, None, None]
    low, high = _span(dots, 0, touches)
    dots = (dots - low) * (inner / (high - low).max(-1, keepdims=True))
    low, high = _span(dots, radius[..., None], touches)
    scale = BOX / (high - low).max(-1, keepdims=True)
    return (dots - (low + high) / 2) * scale + BOX / 2, radius * scale[..., 0]


def _span(dots, radius, touches):
    """The least and greatest x and y that ink reaches, two arrays (n, 1, 2)."""
    low = np.where(touches, dots - radius, np.inf).min(1, keepdims=True)
    high = np.where(touches, dots + radius, -np.inf).max(1, keepdims=True)
    return low, high


def _rasterise(rng, dots, radius):
    """Grey pixels of the box, (n, 20, 20) float32 from 0 to 1, for dots (n, DOTS, 2) in pixels.

    A pixel's distance to the edge of the ink is that to the nearest dot, less its radius; ink fades
    out over about a pixel around the edge. Digits come last while we work, so that one step
    of the loop is a few long rows of additions.
    """
    n = len(dots)
    middle = np.arange(BOX, dtype=np.float32)[:, None] + np.float32(0.5)
    x, y = dots[..., 0].T.copy(), dots[..., 1].T.copy()
    radius = radius.T
    power = np.where(radius > 0, radius**2, np.float32(-1e6))
    nearest = np.full((BOX, BOX, n), np.float32(1e6))
    here = np.empty_like(nearest)
    for dot in range(DOTS):
        across = (middle - x[dot]) ** 2
        down = (middle - y[dot]) ** 2 - power[dot]
        np.add(down[:, None], across[None], out=here)
        np.minimum(nearest, here, out=nearest)
    typical = radius.max(0)
    distance = np.sqrt(np.maximum(nearest + typical**2, 0)) - typical
    distance += _normal(rng, 0.13, *distance.shape)
    soft = rng.uniform(1.4, 2.1, n).astype(np.float32)
    ink = np.clip(np.float32(0.5) - distance / soft, 0, 1)
    ink = np.minimum(GAIN * ink * ink * (3 - 2 * ink), 1)
    return ink.transpose(2, 0, 1)


def _centre(boxes):
    """Put boxes (n, 20, 20) into pictures (n, 28, 28) uint8, centre of mass on the middle pixel.

    The rare box that would leave the picture stops at its edge, a pixel short at most.
    """
    n = len(boxes)
    mass = np.maximum(boxes.sum((1, 2)), np.float32(1e-6))
    places = np.arange(BOX, dtype=np.float32)
    down = np.rint(CENTRE - boxes.sum(2) @ places / mass).astype(int)
    right = np.rint(CENTRE - boxes.sum(1) @ places / mass).astype(int)
    down, right = (np.clip(shift, 0, SIDE - BOX) for shift in (down, right))
    inside = np.arange(BOX)
    pictures = np.zeros((n, SIDE, SIDE), np.uint8)
    rows = (down[:, None] + inside)[:, :, None]
    columns = (right[:, None] + inside)[:, None, :]
    pictures[np.arange(n)[:, None, None], rows, columns] = np.rint(boxes * 255)
    return pictures

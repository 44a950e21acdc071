"""Make notebooks/pictures/, the photographs of handwriting that pages and tests read.

    python -m tools.sample_pictures

The course draws them itself: strokes of a pen, laid as ink on textured paper, lit and seen as a
phone would. With the same versions of NumPy, SciPy and Pillow they come out the same, byte by byte.
"""

import io
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import ExifTags, Image, ImageDraw
from scipy import interpolate, ndimage

from helpers import saving
from helpers.handwriting import drawn, photographs

FOLDER = Path(__file__).resolve().parents[1] / "notebooks" / "pictures"
SHAPE = HEIGHT, WIDTH = 675, 900  # pixels
BYTES = 50_000  # of a file at most
WHITE = (0.94, 0.93, 0.9)
JPEG = {"format": "JPEG", "quality": 70, "optimize": True}


class Scene(NamedTuple):
    """What is written, and how it looks. Lengths are pixels, colours RGB from 0 to 1."""

    signs: tuple = ()  # names in strokes.txt, side by side
    height: int = 0
    pen: int = 0  # the width of a stroke
    left: int = 0
    top: int = 0
    colour: tuple = (0.15, 0.15, 0.18)
    grain: float = 0.0  # how far the paper's grain shows in the strokes
    light: tuple = (45, 0.75)  # degrees, and how bright its darkest corner is
    paper: tuple = WHITE
    rough: float = 0.012
    lines: dict | None = None  # what `photographs.ruled` prints
    shadow: tuple = ()  # degrees, and what else `photographs.shadow` takes
    table: bool = False  # the sheet lies askew on one
    blur: float = 0.8
    turn: int = 0  # degrees that the camera is turned
    ink_first: bool = True  # or the paper: which of the two chance settles first


ON_SQUARES = {"pitch": 42, "thick": 2, "colour": (0.72, 0.8, 0.9), "squares": True}
ON_LINES = {"pitch": 64, "thick": 2, "colour": (0.66, 0.76, 0.88)}
ASKEW = (-130, -60, -60, HEIGHT + 110, WIDTH + 120, HEIGHT + 60, WIDTH + 50, -110)
SCENES = {
    "pencil_7.jpg": Scene("7", 270, 11, 330, 180, (0.32, 0.32, 0.34), 0.5, (30, 0.82)),
    "blue_ink_5.jpg": Scene(
        "5", 240, 13, 250, 230, (0.12, 0.2, 0.55), light=(200, 0.85), lines=ON_SQUARES,
        ink_first=False,
    ),
    "chalk_3.jpg": Scene(
        "3", 330, 24, 300, 150, (0.93, 0.93, 0.9), 0.75, (120, 0.8), (0.13, 0.15, 0.14), 0.05,
        ink_first=False,
    ),
    "shadow_2.jpg": Scene(  # of the hand that holds the camera
        "2", 300, 17, 300, 190, (0.13, 0.13, 0.15), light=(60, 0.75), shadow=(20, 30, 14, 0.45)
    ),
    "turned_4.jpg": Scene(  # the file lies on its side, and EXIF says so
        "4", 260, 14, 320, 210, (0.15, 0.15, 0.2), light=(250, 0.8), turn=90
    ),
    "table_8.jpg": Scene(
        "8", 330, 26, 310, 150, (0.08, 0.08, 0.1), light=(75, 0.75), table=True, blur=1.3,
        ink_first=False,
    ),
    "number_1205.jpg": Scene(
        "1205", 150, 9, 130, 260, (0.1, 0.12, 0.3), light=(320, 0.82), lines=ON_LINES,
        ink_first=False,
    ),
    "askew_9.jpg": Scene(
        "9", 290, 15, 330, 190, (0.1, 0.35, 0.2), light=(300, 0.8), turn=12, ink_first=False
    ),
    "transparent_6.png": Scene("6", 340, 22, 300, 150),
    "letter_a.jpg": Scene("A", 280, 14, 320, 190, (0.12, 0.12, 0.15), light=(10, 0.85)),
    "smiley.jpg": Scene(("smiley",), 300, 13, 310, 180, light=(140, 0.85)),
    "empty_page.jpg": Scene(),
}  # fmt: skip


def main():
    """Make all pictures; print the name and size of each."""
    FOLDER.mkdir(exist_ok=True)
    for name in SCENES:
        content = made(name)
        if len(content) > BYTES:
            sys.exit(f"{name} is larger than {BYTES:,} bytes: make it smaller or rougher.")
        saving.write(FOLDER / name, content)
        print(f"{name}: {len(content):,} bytes")


def made(name):
    """The bytes of a picture."""
    rng, scene, options = np.random.default_rng(sum(map(ord, name))), SCENES[name], JPEG
    if name.endswith(".png"):  # from a drawing program: black ink, and no paper at all
        picture = Image.new("RGBA", (WIDTH, HEIGHT), (20, 20, 24, 0))
        picture.putalpha(photographs.as_picture(written(rng, scene)))
        options = {"format": "PNG", "optimize": True}
    else:
        picture = photo(rng, scene)
    if scene.turn == 90:
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6  # turn right to see it upright
        picture, options = picture.transpose(Image.Transpose.ROTATE_90), JPEG | {"exif": exif}
    elif scene.turn:
        larger = picture.resize((round(1.35 * WIDTH), round(1.35 * HEIGHT)), Image.BICUBIC)
        left, top = (larger.width - WIDTH) // 2, (larger.height - HEIGHT) // 2
        picture = larger.rotate(scene.turn, Image.BICUBIC)
        picture = picture.crop((left, top, left + WIDTH, top + HEIGHT))
    file = io.BytesIO()
    picture.save(file, **options)
    return file.getvalue()


def photo(rng, scene):
    """What a camera makes of a scene: a PIL image."""
    if scene.ink_first:
        ink = written(rng, scene)
        page = paper(rng, scene)
    else:
        page = paper(rng, scene)
        ink = written(rng, scene)
    page = photographs.inked(page, ink, scene.colour)
    if scene.table:
        page = _on_table(rng, page)
    angle, darkest = scene.light
    light = photographs.falling_light(SHAPE, np.radians(angle), darkest)
    if scene.shadow:
        angle, *others = scene.shadow
        light *= photographs.shadow(SHAPE, np.radians(angle), *others)
    return photographs.camera(rng, page, light, scene.blur, 0.01)


def paper(rng, scene):
    """Paper with its grain and what is printed on it: (HEIGHT, WIDTH, 3), from 0 to 1."""
    grain = ndimage.gaussian_filter(rng.normal(0, 1, SHAPE), 1.2) * 2.5
    clouds = Image.fromarray(rng.normal(0, 1, (8, 10)).astype("f4"))
    clouds = np.asarray(clouds.resize((WIDTH, HEIGHT), Image.BICUBIC))
    page = np.array(scene.paper) * (1 + scene.rough * (grain + clouds))[..., None]
    return photographs.ruled(page, **scene.lines) if scene.lines else page


def written(rng, scene):
    """How much ink lies where: (HEIGHT, WIDTH), from 0 to 1; `rng` settles how the hand shakes."""
    page = Image.new("L", (2 * WIDTH, 2 * HEIGHT))
    pencil, left, height = ImageDraw.Draw(page), scene.left, scene.height
    alphabet = drawn.signs()
    for sign in scene.signs:
        strokes = [_curve(stroke) for stroke in alphabet[sign]]
        width = np.ptp(np.concatenate(strokes)[:, 0]) * 0.8
        first = np.concatenate(strokes)[:, 0].min() * 0.8
        slant, lift = rng.uniform(0.02, 0.12), rng.uniform(-0.04, 0.04)
        for points in strokes:
            shake = ndimage.gaussian_filter1d(rng.normal(0, 1, points.shape), 12, axis=0)
            x = left + height * (0.8 * points[:, 0] - first + slant * (1 - points[:, 1]))
            y = scene.top + height * (points[:, 1] + lift)
            dots = np.stack([x, y], 1) + 0.02 * height * shake
            pressure = ndimage.gaussian_filter1d(rng.normal(1, 0.6, len(dots)), 15)
            for (x, y), press in zip(dots, pressure, strict=True):
                r = scene.pen / 2 * np.clip(press, 0.8, 1.2)
                pencil.ellipse([2 * (x - r), 2 * (y - r), 2 * (x + r), 2 * (y + r)], fill=255)
        left += height * (width + 0.32)
    ink = np.asarray(page.reduce(2)) / 255
    if scene.grain:
        grain = ndimage.gaussian_filter(rng.random(SHAPE), 1)
        ink = ink * np.clip(1 - scene.grain * (grain - grain.min()) / np.ptp(grain), 0, 1)
    return ink


def _curve(points, count=200):
    """A smooth curve through a stroke's points: (count, 2)."""
    if len(points) == 2:
        return points[0] + np.linspace(0, 1, count)[:, None] * (points[1] - points[0])
    steps = np.sqrt(np.linalg.norm(np.diff(points, axis=0), axis=1))  # a centripetal spline
    along = np.concatenate([[0], np.cumsum(steps)])
    return interpolate.CubicSpline(along, points)(np.linspace(0, along[-1], count))


def _on_table(rng, page):
    """The page as a sheet that lies askew on a table."""
    sheet, inside = (
        np.asarray(image.transform(image.size, Image.Transform.QUAD, ASKEW, Image.BICUBIC)) / 255
        for image in (photographs.as_picture(page), Image.new("L", (WIDTH, HEIGHT), 255))
    )
    table = paper(rng, Scene(paper=(0.36, 0.25, 0.17), rough=0.06))
    return sheet * inside[..., None] + table * (1 - inside[..., None])


if __name__ == "__main__":
    main()

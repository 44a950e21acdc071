"""Make notebooks/pictures/, the photographs of handwriting that pages and tests read.

    python -m tools.sample_pictures

The course draws them itself: strokes of a pen, laid as ink on textured paper, lit and seen as a
telephone would. They hang on nothing but this file, NumPy, SciPy and Pillow.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy import interpolate, ndimage

FOLDER = Path(__file__).resolve().parents[1] / "notebooks" / "pictures"
WIDTH, HEIGHT = 900, 675  # pixels
BYTES = 50_000  # of a file at most

# Strokes as points that a smooth curve runs through: x to the right and y down, from 0 to 100.
STROKES = {
    "0": ["50,2 22,18 12,50 24,86 50,98 78,84 88,50 76,16 48,3"],
    "1": ["30,26 44,16 56,2", "56,2 54,34 51,66 50,98"],
    "2": ["16,24 30,5 58,2 74,20 64,48 38,74 12,95", "12,95 34,90 60,96 88,92"],
    "3": ["18,14 42,2 68,10 66,32 40,45", "40,45 70,50 80,74 58,96 30,96 14,84"],
    "4": ["34,4 26,30 16,60", "16,60 44,58 84,56", "66,30 63,62 60,98"],
    "5": ["32,8 28,28 24,46", "24,46 50,38 74,52 76,78 54,96 18,90", "34,6 58,7 84,4"],
    "6": ["64,2 34,22 16,56 22,88 48,98 74,86 76,64 54,52 26,66"],
    "7": ["14,10 44,8 84,6", "84,6 64,34 48,66 40,98"],
    "8": ["70,14 46,3 28,20 44,42 68,58 72,82 50,97 28,82 34,60 58,42 74,24 68,12"],
    "9": ["76,26 58,4 30,8 22,32 44,46 70,34 76,24", "76,24 74,54 66,78 52,98"],
    "A": ["8,98 28,50 48,2", "48,2 70,50 90,98", "24,64 50,62 78,63"],
    "smiley": [
        "50,0 14,14 0,50 14,86 50,100 86,86 100,50 86,14 48,1",
        "33,32 33,40",
        "67,32 67,40",
        "24,60 36,76 50,81 64,76 76,60",
    ],
}


def main():
    """Make all pictures; print the name and size of each."""
    FOLDER.mkdir(exist_ok=True)
    for name, make in PICTURES.items():
        path = FOLDER / name
        picture, options = make(np.random.default_rng(sum(map(ord, name))))
        picture.save(path, **options)
        print(f"{name}: {picture.width} × {picture.height}, {path.stat().st_size:,} bytes")
        if path.stat().st_size > BYTES:
            sys.exit(f"{name} is larger than {BYTES:,} bytes: make it smaller or rougher.")


# --- Ink ------------------------------------------------------------------------------------------


def curve(stroke, count=200):
    """A smooth curve through a stroke's points: (count, 2) from 0 to 1."""
    points = np.array([point.split(",") for point in stroke.split()], float) / 100
    steps = np.sqrt(np.linalg.norm(np.diff(points, axis=0), axis=1))  # a centripetal spline
    along = np.concatenate([[0], np.cumsum(steps)])
    if len(points) == 2:
        return points[0] + np.linspace(0, 1, count)[:, None] * (points[1] - points[0])
    return interpolate.CubicSpline(along, points)(np.linspace(0, along[-1], count))


def written(rng, signs, height, pen, left, top, gap=0.3):
    """How much ink lies where: (HEIGHT, WIDTH), from 0 to 1, signs side by side.

    Args:
        rng: settles how the hand shakes.
        signs: keys of STROKES.
        height, pen, left, top: pixels; pen is the width of a stroke.
        gap: between signs, as a share of the height.
    """
    page = Image.new("L", (2 * WIDTH, 2 * HEIGHT))
    pencil = ImageDraw.Draw(page)
    for sign in signs:
        strokes = [curve(stroke) for stroke in STROKES[sign]]
        width = np.ptp(np.concatenate(strokes)[:, 0]) * 0.8
        first = np.concatenate(strokes)[:, 0].min() * 0.8
        slant, lift = rng.uniform(0.02, 0.12), rng.uniform(-0.04, 0.04)
        for points in strokes:
            shake = ndimage.gaussian_filter1d(rng.normal(0, 1, points.shape), 12, axis=0)
            x = left + height * (0.8 * points[:, 0] - first + slant * (1 - points[:, 1]))
            y = top + height * (points[:, 1] + lift)
            dots = np.stack([x, y], 1) + 0.02 * height * shake
            pressure = ndimage.gaussian_filter1d(rng.normal(1, 0.6, len(dots)), 15)
            for (x, y), press in zip(dots, pressure, strict=True):
                r = pen / 2 * np.clip(press, 0.8, 1.2)
                box = [2 * (x - r), 2 * (y - r), 2 * (x + r), 2 * (y + r)]
                pencil.ellipse(box, fill=255)
        left += height * (width + gap)
    return np.asarray(page.reduce(2)) / 255


# --- Paper and light ------------------------------------------------------------------------------


def paper(rng, colour, rough=0.012):
    """Paper with its grain: (HEIGHT, WIDTH, 3), from 0 to 1."""
    grain = ndimage.gaussian_filter(rng.normal(0, 1, (HEIGHT, WIDTH)), 1.2) * 2.5
    clouds = np.asarray(
        Image.fromarray(rng.normal(0, 1, (8, 10)).astype("f4")).resize((WIDTH, HEIGHT), 3)
    )
    return np.array(colour) * (1 + rough * grain + rough * clouds)[..., None]


def ruled(page, pitch, colour, squares=False, thick=2):
    """The page with lines printed across it, and down it for squares."""
    lines = np.zeros(page.shape[:2], bool)
    lines[np.arange(HEIGHT) % pitch < thick] = True
    if squares:
        lines[:, np.arange(WIDTH) % pitch < thick] = True
    return np.where(lines[..., None], np.array(colour), page)


def inked(page, ink, colour):
    """The page with ink of a colour on it."""
    return page + ink[..., None] * (np.array(colour) - page)


def grainy(rng, ink, rough):
    """Ink that the paper's grain shows through, as of a pencil or of chalk."""
    grain = ndimage.gaussian_filter(rng.random(ink.shape), 1)
    return ink * np.clip(1 - rough * (grain - grain.min()) / np.ptp(grain), 0, 1)


def falling(angle, darkest):
    """Light that falls off across the page: (HEIGHT, WIDTH) from `darkest` to 1."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    along = np.cos(np.radians(angle)) * x + np.sin(np.radians(angle)) * y
    along = (along - along.min()) / np.ptp(along)
    return 1 - (1 - darkest) * along


def shadow(angle, middle, soft, depth):
    """A shadow with a soft edge: (HEIGHT, WIDTH) from 1 − depth to 1."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    across = np.cos(np.radians(angle)) * (x - WIDTH / 2) + np.sin(np.radians(angle)) * (
        y - HEIGHT / 2
    )
    return 1 - depth / (1 + np.exp(-(across - middle) / soft))


def photo(rng, page, light=1.0, blur=0.8, noise=0.01):
    """What a camera makes of the page: a PIL image."""
    seen = page * np.broadcast_to(light, page.shape[:2])[..., None]
    seen = ndimage.gaussian_filter(seen, (blur, blur, 0)) + rng.normal(0, noise, page.shape)
    return Image.fromarray(np.rint(255 * np.clip(seen, 0, 1)).astype(np.uint8))


WHITE = (0.94, 0.93, 0.9)
JPEG = {"quality": 70, "optimize": True}


# --- The pictures ---------------------------------------------------------------------------------


def pencil_seven(rng):
    """A plain 7 in pencil, off the middle of a white sheet."""
    ink = grainy(rng, written(rng, "7", 270, 11, 330, 180), 0.5)
    return photo(rng, inked(paper(rng, WHITE), ink, (0.32, 0.32, 0.34)), falling(30, 0.82)), JPEG


def blue_five(rng):
    """A 5 in blue ink on squared paper; its hat is a stroke of its own."""
    page = ruled(paper(rng, WHITE), 42, (0.72, 0.8, 0.9), squares=True)
    ink = written(rng, "5", 240, 13, 250, 230)
    return photo(rng, inked(page, ink, (0.12, 0.2, 0.55)), falling(200, 0.85)), JPEG


def chalk_three(rng):
    """A 3 in white chalk on a blackboard."""
    board = paper(rng, (0.13, 0.15, 0.14), 0.05)
    ink = grainy(rng, written(rng, "3", 330, 24, 300, 150), 0.75)
    return photo(rng, inked(board, ink, (0.93, 0.93, 0.9)), falling(120, 0.8)), JPEG


def shadowed_two(rng):
    """A 2 in black, with the shadow of the hand that holds the camera."""
    ink = written(rng, "2", 300, 17, 300, 190)
    light = falling(60, 0.75) * shadow(20, 30, 14, 0.45)
    return photo(rng, inked(paper(rng, WHITE), ink, (0.13, 0.13, 0.15)), light), JPEG


def turned_four(rng):
    """A 4, with the camera held upright: the file lies on its side, and EXIF says so."""
    ink = written(rng, "4", 260, 14, 320, 210)
    upright = photo(rng, inked(paper(rng, WHITE), ink, (0.15, 0.15, 0.2)), falling(250, 0.8))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right to see it upright
    return upright.transpose(Image.Transpose.ROTATE_90), JPEG | {"exif": exif}


def number(rng):
    """The number 1205 on ruled paper, its digits apart from each other."""
    page = ruled(paper(rng, WHITE), 64, (0.66, 0.76, 0.88))
    ink = written(rng, "1205", 150, 9, 130, 260, gap=0.32)
    return photo(rng, inked(page, ink, (0.1, 0.12, 0.3)), falling(320, 0.82)), JPEG


def tilted_eight(rng):
    """An 8 in felt pen on a sheet that lies askew on a table."""
    sheet = inked(paper(rng, WHITE), written(rng, "8", 330, 26, 310, 150), (0.08, 0.08, 0.1))
    small = Image.fromarray(np.rint(255 * np.clip(sheet, 0, 1)).astype(np.uint8))
    corners = (-130, -60, -60, HEIGHT + 110, WIDTH + 120, HEIGHT + 60, WIDTH + 50, -110)
    inside = Image.new("L", small.size, 255)
    small, inside = (
        image.transform(image.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
        for image in (small, inside)
    )
    table = paper(rng, (0.36, 0.25, 0.17), 0.06)
    inside = np.asarray(inside)[..., None] / 255
    page = np.asarray(small) / 255 * inside + table * (1 - inside)
    return photo(rng, page, falling(75, 0.75), blur=1.3), JPEG


def turned_nine(rng):
    """A 9 in green ink on a sheet turned by twelve degrees, as one holds a telephone in haste."""
    page = inked(paper(rng, WHITE), written(rng, "9", 290, 15, 330, 190), (0.1, 0.35, 0.2))
    seen = photo(rng, page, falling(300, 0.8))
    larger = seen.resize((round(1.35 * WIDTH), round(1.35 * HEIGHT)), Image.Resampling.BICUBIC)
    turned = larger.rotate(12, Image.Resampling.BICUBIC)
    left, top = (turned.width - WIDTH) // 2, (turned.height - HEIGHT) // 2
    return turned.crop((left, top, left + WIDTH, top + HEIGHT)), JPEG


def transparent_six(rng):
    """A 6 from a drawing program: black ink, and no paper at all."""
    picture = Image.new("RGBA", (WIDTH, HEIGHT), (20, 20, 24, 0))
    ink = written(rng, "6", 340, 22, 300, 150)
    picture.putalpha(Image.fromarray(np.rint(255 * ink).astype(np.uint8)))
    return picture, {"optimize": True}


def letter(rng):
    """The letter A: no digit at all."""
    ink = written(rng, "A", 280, 14, 320, 190)
    return photo(rng, inked(paper(rng, WHITE), ink, (0.12, 0.12, 0.15)), falling(10, 0.85)), JPEG


def smiley(rng):
    """A smiling face."""
    ink = written(rng, ["smiley"], 300, 13, 310, 180)
    return photo(rng, inked(paper(rng, WHITE), ink, (0.15, 0.15, 0.18)), falling(140, 0.85)), JPEG


def empty(rng):
    """A sheet of paper that nobody wrote on."""
    return photo(rng, paper(rng, WHITE), falling(45, 0.75)), JPEG


PICTURES = {
    "pencil_7.jpg": pencil_seven,
    "blue_ink_5.jpg": blue_five,
    "chalk_3.jpg": chalk_three,
    "shadow_2.jpg": shadowed_two,
    "turned_4.jpg": turned_four,
    "table_8.jpg": tilted_eight,
    "number_1205.jpg": number,
    "askew_9.jpg": turned_nine,
    "transparent_6.png": transparent_six,
    "letter_a.jpg": letter,
    "smiley.jpg": smiley,
    "empty_page.jpg": empty,
}

if __name__ == "__main__":
    main()

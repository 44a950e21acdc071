"""Digits as people outside America write them: drawn for page 08, and read for measurements.

    python -m measure.elsewhere [--write] [--each N] [--fine-tuned]

MNIST's writers were American. Elsewhere a 1 has a long upstroke or a foot, a 7 a bar, a 9 a curled
tail, and a 4 is one stroke, open at its top, with a low bar. Each such way of writing stands below
as strokes of a pen, other ones for each of three sets: `learn`, to train on; `check`, on which page
08 chooses; and `hidden`, which no page has and nothing is chosen on. The rest of the digits are
there too, drawn alike: else whatever looks drawn might be taken for a 1, 4, 7 or 9.

Chance bends, stretches, slants and turns the strokes and picks the pen and the size on a page of
280 × 280 pixels; `reader.find_digit` makes a digit of the page, as of a photo. `--write` puts
`learn` and `check` into notebooks/pictures/elsewhere.npz. Without it the kept network of chapter
07, or with `--fine-tuned` what page 08 makes of it, reads N hidden digits of every way (60 unless
told otherwise), then those in thin, blurred and tiny strokes; printed is the share read right.
"""

import argparse
import contextlib
import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from helpers.handwriting import reader
from tools import pages, reading

FILE = Path(__file__).resolve().parents[1] / "notebooks" / "pictures" / "elsewhere.npz"
SETS = "learn", "check", "hidden"
EACH = {"learn": 120, "check": 50}  # digits of every way in the file
PAGE = 280  # pixels
FINE = 24  # dots between two points of a curve

# Points are "right,down" from 0 to 100; a curve runs through those of a part. Parts parted by ";"
# meet in a corner; "|" lifts the pen. A way has one line or more in each set.
WAYS = """
1 long upstroke
learn: 8,58 32,36 56,4;56,4 54,50 52,98
learn: 14,72 36,40 58,3;58,3 57,40 55,98
learn: 2,46 30,28 60,4;60,4 56,50 54,98
learn: 10,80 34,44 54,4;54,4 60,50 64,98
learn: 14,60 20,62 40,36 58,6;58,6 56,50 50,98
learn: 16,90 54,4;54,4 70,98
check: 4,54 30,34 62,2;62,2 58,98
check: 18,78 40,46 52,2;52,2 52,98
check: 12,66 44,34 66,4;66,4 62,60 54,98
hidden: 6,62 60,6;60,6 60,98
hidden: 20,70 26,56 58,2;58,2 50,98
hidden: 0,40 20,34 56,2;56,2 54,50 60,98
hidden: 10,84 52,2;52,2 56,98

1 with a foot
learn: 22,30 40,18 54,3;54,3 53,50 52,96|16,97 52,96 90,96
learn: 10,52 34,32 56,4;56,4 55,50 54,96|20,98 86,95
learn: 52,3 52,50 51,96|14,96 88,97
learn: 20,40 56,4;56,4 54,96;54,96 20,96|54,96 84,96
check: 26,36 54,2;54,2 52,97|24,97 80,97
check: 30,22 50,4;50,4 50,94;50,94 12,98|50,94 90,92
check: 14,60 58,4;58,4 56,98|30,98 84,98
hidden: 16,44 50,2;50,2 50,96|10,94 50,97 88,94
hidden: 34,24 56,2;56,2 50,96|26,96 76,98
hidden: 50,2 48,96|20,98 80,96
hidden: 8,56 54,4;54,4 54,97;54,97 22,97 88,95

4 open, low bar
learn: 38,3 22,40 6,72;6,72 50,73 94,70|66,38 64,70 62,98
learn: 30,2 20,40 12,74;12,74 60,76 92,72|68,20 66,60 64,98
learn: 40,4 24,38 8,68;8,68 50,72 84,66;84,66 80,50 70,40;70,40 66,70 62,99
learn: 34,4 18,44 10,72;10,72 60,72 82,66 78,46 68,42;68,42 64,98
learn: 24,4 20,40 22,66;22,66 60,68 90,64|66,6 64,50 62,98
learn: 44,2 10,76;10,76 90,74;90,74 66,36;66,36 60,98
check: 36,6 8,76;8,76 92,76|60,44 58,99
check: 42,2 28,36 4,66;4,66 88,72;88,72 74,34;74,34 70,98
check: 28,2 14,70;14,70 88,68|70,14 62,98
hidden: 32,2 26,30 4,74;4,74 96,70|64,50 60,98
hidden: 46,4 12,66;12,66 70,78 86,60 64,34;64,34 66,98
hidden: 30,6 24,50 10,78;10,78 86,80|74,30 70,99
hidden: 38,4 6,70;6,70 80,70;80,70 72,44;72,44 60,99
hidden: 20,8 18,68;18,68 92,70|64,2 64,98

9 curled tail
learn: 76,18 54,4 30,10 22,30 36,46 60,42 76,20;76,20 78,50 70,82 48,97 24,92 14,78
learn: 72,22 58,5 34,8 24,26 34,46 56,46 72,24;72,24 78,54 76,84 54,98 28,94 20,82 30,78
learn: 80,30 66,6 36,6 20,26 32,50 62,48 80,28 80,56 68,86 40,98 12,86
learn: 70,14 48,4 26,18 30,42 54,46 72,22;72,22 74,60 66,92 38,96 24,84 36,76
check: 74,24 50,3 24,20 38,46 74,24;74,24 76,70 58,96 30,94 18,76
check: 68,12 42,4 24,24 40,44 66,34 74,14 80,50 74,88 44,98 22,86 34,74
check: 78,22 60,4 30,14 34,44 64,42 78,22;78,22 74,80 44,99 10,82
hidden: 72,18 40,6 20,28 44,46 72,18;72,18 72,70 56,94 34,98 20,88 26,78
hidden: 76,30 70,8 40,2 20,24 30,44 60,48 76,30;76,30 80,60 62,98 26,98 8,80
hidden: 66,10 36,8 26,34 50,44 70,16;70,16 78,66 60,96 36,92 30,80 40,74

7 with a bar
learn: 12,10 50,7 88,6;88,6 60,50 40,98|30,52 78,48
learn: 10,22 12,8 50,8 90,6;90,6 66,40 48,98|34,50 56,52 84,46
learn: 14,8 88,10;88,10 62,54 52,98|26,56 86,50
learn: 8,14 28,4 56,10 86,6;86,6 70,36 44,98|36,44 82,48
check: 10,6 92,8;92,8 46,98|32,54 80,54
check: 16,20 18,6 86,6;86,6 64,46 56,98|38,46 82,42
check: 10,10 40,14 88,4;88,4 58,60 40,98|24,48 74,56
hidden: 8,10 90,4;90,4 70,50 60,98|40,56 90,46
hidden: 14,24 10,10 48,4 88,8;88,8 52,50 36,98|28,46 72,46
hidden: 12,6 84,6;84,6 74,40 50,98|44,60 86,60

0 as usual
learn: 54,4 28,10 12,40 18,80 46,98 76,84 88,46 76,14 52,4
learn: 40,8 14,36 20,78 52,97 82,70 80,28 56,6 36,12
check: 62,6 30,8 12,46 26,88 56,96 84,62 80,20 58,4
hidden: 48,2 18,22 12,62 36,96 70,90 88,50 70,10 44,4

2 as usual
learn: 18,24 34,6 60,4 76,22 66,46 40,70 14,94;14,94 50,92 90,94
learn: 16,30 24,8 52,3 70,18 64,42 40,70 18,92 8,82 22,72 54,86 90,90
check: 20,18 48,2 74,20 60,50 10,96;10,96 88,96
hidden: 14,26 44,4 72,14 68,40 12,94;12,94 46,86 92,96

3 as usual
learn: 20,14 46,3 72,16 64,38 40,46;40,46 72,54 78,78 52,97 16,90
learn: 16,6 80,6;80,6 44,42;44,42 74,54 76,80 48,98 14,86
check: 22,10 60,4 70,24 42,44;42,44 80,62 62,96 18,92
hidden: 18,18 50,2 74,20 46,42;46,42 78,60 70,90 36,99 12,84

5 as usual
learn: 82,5 30,6;30,6 24,44;24,44 56,38 80,58 72,88 40,98 14,88
learn: 28,8 22,46;22,46 60,42 78,66 60,94 16,94|28,8 84,4
check: 80,8 34,6;34,6 26,42;26,42 72,46 74,84 40,98 16,90
hidden: 30,4 24,40;24,40 64,42 80,70 54,98 12,90|30,4 86,8

6 as usual
learn: 66,4 34,30 18,66 36,96 66,92 76,68 54,52 24,70
learn: 54,2 26,40 20,80 46,98 74,82 66,58 40,56 22,74
check: 72,8 30,36 16,74 44,98 76,80 62,56 22,72
hidden: 60,2 24,44 22,86 56,98 74,74 50,56 24,68

8 as usual
learn: 72,18 48,4 26,20 40,42 70,62 70,88 44,98 22,84 36,58 66,38 74,18
learn: 50,4 28,22 50,46 74,72 50,97 26,74 48,48 70,22 50,4
check: 66,10 34,8 34,34 68,64 62,94 30,92 28,66 66,36 68,12
hidden: 74,22 52,2 28,16 42,44 72,70 58,98 26,90 30,62 64,40 74,20

1, 4, 7, 9 as MNIST has them
learn: 1 50,3 51,50 50,98
learn: 1 60,4 50,50 42,98
learn: 4 24,4 16,46 50,52 80,44|82,2 78,50 72,98
learn: 7 12,10 50,8 86,6;86,6 62,50 42,98
learn: 7 8,14 88,4;88,4 70,40 60,98
learn: 9 76,16 44,4 22,26 46,46 76,18;76,18 74,60 66,98
check: 1 54,2 46,98
check: 4 20,6 18,48 76,50|78,6 70,98
check: 7 10,8 90,8;90,8 50,98
check: 9 72,14 34,10 30,42 72,26;72,20 66,98
hidden: 1 48,4 54,98
hidden: 4 28,2 14,50 84,48|76,4 74,98
hidden: 7 14,12 84,6;84,6 60,60 54,98
hidden: 9 78,20 50,2 26,30 54,46 76,22;76,22 70,98
"""


def ways(chosen):
    """The ways of writing of one set: {name: list of (label, strokes)}."""
    found = {}
    for block in WAYS.strip().split("\n\n"):
        name, *lines = block.split("\n")
        forms = [line.partition(": ")[2] for line in lines if line.startswith(f"{chosen}: ")]
        found[name] = [_form(name, text) for text in forms]
    return found


def _form(name, text):
    first, _, rest = text.partition(" ")
    label, text = (name[0], text) if "," in first else (first, rest)
    parts = [[_points(part) for part in stroke.split(";")] for stroke in text.split("|")]
    return int(label), parts


def _points(text):
    return np.array([point.split(",") for point in text.split()], float)


def draw(rng, strokes, size=(90, 220), pen=(0.04, 0.12)):
    """Write strokes once, as a hand would: a page, a PIL image of mode L, black on white.

    Args:
        rng: numpy.random.Generator.
        strokes: lists of parts, as `ways` has them.
        size: pixels, least and most, of the digit's longer side.
        pen: the width of the pen, least and most, as a share of the size; 2 pixels at least.
    """
    moved = {}

    def unsteady(point):  # a corner that two parts share stays one
        return moved.setdefault(tuple(point), point + rng.normal(0, 3, 2))

    written = [
        np.concatenate([_curve(np.array([unsteady(p) for p in part])) for part in stroke])
        + rng.normal(0, 1.5, 2)
        for stroke in strokes
    ]
    width, slant, turn = np.exp(rng.normal(-0.05, 0.2)), rng.normal(0.1, 0.18), rng.normal(0, 0.09)
    phase, wave = rng.uniform(0, 2 * np.pi, 4), rng.normal(0, 1.6, 4)
    lean = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    dots = []
    for stroke in written:
        x, y = (stroke - 50).T
        right = x + wave[0] * np.sin(y / 16 + phase[0]) + wave[1] * np.sin(x / 20 + phase[1])
        down = y + wave[2] * np.sin(x / 16 + phase[2]) + wave[3] * np.sin(y / 20 + phase[3])
        dots.append(np.stack([right * width - slant * down, down], 1) @ lean)
    every = np.concatenate(dots)
    side = rng.uniform(*size)
    middle = (every.min(0) + every.max(0)) / 2
    scale = side / np.ptp(every, axis=0).max()
    thick = max(2, round(side * rng.uniform(*pen)))
    page = Image.new("L", (PAGE, PAGE), 255)
    for stroke in dots:
        line = [tuple(dot) for dot in (stroke - middle) * scale + PAGE / 2]
        ImageDraw.Draw(page).line(line, 0, thick, joint="curve")
        for right, down in (line[0], line[-1]):
            end = (right - thick / 2, down - thick / 2, right + thick / 2, down + thick / 2)
            ImageDraw.Draw(page).ellipse(end, fill=0)
    return page


def _curve(points):
    """Dots along a Catmull-Rom curve through points, (n, 2); along a line where there are two."""
    ends = 2 * points[0] - points[1], 2 * points[-1] - points[-2]
    a, b, c, d = (np.stack([ends[0], *points, ends[1]])[i : i + len(points) - 1] for i in range(4))
    t = np.linspace(0, 1, FINE)[:, None, None]
    cubic = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
    cubic = (cubic + (3 * b - a - 3 * c + d) * t**3) / 2
    return cubic.swapaxes(0, 1).reshape(-1, 2)


def digits(chosen, each, seed=0, photographed=lambda page: page, **look):
    """Draw digits of one set and find them as in a photo.

    Args:
        chosen: one of SETS.
        each: int, how many of every way.
        photographed: function of a page that returns the picture of it.
        **look: as in `draw`.

    Returns:
        (images, labels, names): uint8 (n, 28, 28), uint8 (n,), the way of each, (n,) of str. A
        page in which no digit is found gives an empty image.
    """
    images, labels, names = [], [], []
    for number, (name, forms) in enumerate(ways(chosen).items()):
        for i in range(each):
            rng = np.random.default_rng([seed, SETS.index(chosen), number, i])
            label, strokes = forms[i % len(forms)]
            try:
                images.append(reader.find_digit(photographed(draw(rng, strokes, **look))))
            except reader.PictureError:
                images.append(np.zeros((28, 28), np.uint8))
            labels.append(label)
            names.append(name)
    return np.stack(images), np.array(labels, np.uint8), np.array(names)


def main(arguments=None):
    """Write the file, or measure; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m measure.elsewhere")
    parser.add_argument("--write", action="store_true", help="write notebooks/pictures/…")
    parser.add_argument("--each", type=int, default=60, help="hidden digits of every way")
    parser.add_argument("--fine-tuned", action="store_true", help="fine-tune it first, as page 08")
    options = parser.parse_args(arguments)
    if options.write:
        held = {}
        for name, each in EACH.items():
            kinds = "images", "labels", "ways"
            held |= {f"{name}_{k}": v for k, v in zip(kinds, digits(name, each), strict=True)}
        np.savez_compressed(FILE, **held)
        print(f"{FILE}: {FILE.stat().st_size:,} bytes")
        return 0
    return measure(options.each, fine_tuned() if options.fine_tuned else kept())


def kept():
    """The kept network of chapter 07."""
    from measure import choose, recipes

    log = choose.read()
    settings = log["07"][choose.chosen("07", log["07"])]["settings"] | {"moves": []}
    model = recipes.network(settings)
    model.load_weights(choose.LOG.parent.parent / "last_half_percent.weights.h5")
    return model


def fine_tuned():
    """The same after page 08 has trained it: the page's own visible cells are run up to there."""
    page, namespace = reading.load(FILE.parents[1] / "08_your_own_digits.ipynb", pages.ROOT), {}
    for _, cell, _ in page.copied:
        with contextlib.redirect_stdout(io.StringIO()):  # figures too
            exec(compile(cell.source, cell.id, "exec"), namespace)
        if "learner.fit(" in cell.source:
            return namespace["model"]
    raise ValueError("page 08 has no visible cell with `learner.fit(`.")


HARD = {
    "as drawn": {},
    "thin": {"pen": (0.008, 0.02), "size": (160, 240)},
    "blurred": {"photographed": lambda page: page.filter(ImageFilter.GaussianBlur(4))},
    "tiny": {"size": (18, 30), "pen": (0.06, 0.12)},
}


def measure(each, model):
    """Print how many hidden digits a model reads right, by way of writing and by strokes."""
    for look, settings in HARD.items():
        count = each if look == "as drawn" else max(1, each // 3)
        images, labels, names = digits("hidden", count, **settings)
        read = model.predict(images[..., None] / np.float32(255), verbose=0).argmax(1)
        right, found = read == labels, images.any((1, 2))
        foreign = np.char.find(names, "as ") < 0
        print(
            f"{look}: {100 * right[foreign].mean():.1f} % of {foreign.sum()} from elsewhere, "
            f"{100 * right[~foreign].mean():.1f} % of the others; {(~found).sum()} not found"
        )
        for name in dict.fromkeys(names):
            here = names == name
            wrong = np.bincount(read[here & ~right], minlength=10)
            said = ", ".join(f"{n} as {d}" for d, n in enumerate(wrong) if n)
            print(f"    {name:28} {100 * right[here].mean():5.1f} %  {said}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

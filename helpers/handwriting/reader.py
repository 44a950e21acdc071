"""A photo, a scan or a drawing, made into a 28 × 28 digit the way MNIST's makers made theirs.

MNIST's digits were black ink on white forms: each was fitted into a box of 20 × 20 pixels with its
proportions kept, its edges smoothed to greys, and moved so that its centre of mass lies in the
middle of 28 × 28 pixels. Source: Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of
handwritten digits". A network trained on such digits reads others only when they look like them.

What fails: digits that touch each other come as one; ink as bright as its paper is not seen; the
edge of a hard shadow that crosses a digit near a corner of the picture may pass for ink; thick
lines and bars printed on the paper stay; a digit that reaches the picture's edge is refused; two
rows of digits come in no useful order.
"""

import contextlib
import functools
from typing import NamedTuple

import numpy as np
from PIL import ExifTags, Image, ImageChops, ImageOps
from scipy import ndimage, spatial

from helpers.handwriting import BOX, CENTRE, SIDE
from helpers.handwriting.opening import PictureError, open_picture

WORK = 1000  # pixels: about the longer side of the picture that ink is looked for in
STROKE = 1.7, 3.8  # pixels of the box: the width of strokes, for nine in ten of MNIST's digits
FINE = 120  # pixels: a digit is cut out with its longer side at least so long
LEAST = 280  # pixels: smaller pictures are enlarged
THIN = 0.4  # of a digit's pixels that lie within, at most, where its strokes may be hairlines
DIM = 80  # of 255: paper darker than that counts as that bright, or its grain would be ink
NO_INK = "No ink found: is the page empty? Write darker, or use more light."
FAINTEST = 0.07  # of the paper's light that must be missing for ink; paper and noise may ask more
FAINT = 0.3  # fainter ink must have an edge
PALE = 0.2  # ink no darker than that, in many places, is not writing
MOST_PIECES = 40  # in a picture of digits
NEIGHBOURS = np.ones((3, 3), bool)  # pixels that touch at a corner belong together


def find_digit(picture):
    """Return the one digit in a picture as MNIST's makers would have made it.

    Args:
        picture: a path, the bytes of a file, a PIL image, or an array of shape (height, width),
            (height, width, 3) or (height, width, 4): uint8, uint16, bool, or floats from 0 to 1.

    Returns:
        np.ndarray: uint8 of shape (28, 28); 0 is paper, 255 is ink, whichever was darker.

    Raises:
        PictureError: no picture, a damaged one, or one without a digit; says what to do.
    """
    _, ink, labels, group = _only(*_found(picture))
    return _centred(_boxed(_cut(ink, labels, group)))


def find_digits(picture):
    """Return all digits in a picture, left to right, as MNIST's makers would have made them.

    Digits that touch each other are not parted: they come as one.

    Args:
        picture: as for `find_digit`.

    Returns:
        np.ndarray: uint8 of shape (n, 28, 28), n at least 1.

    Raises:
        PictureError: as for `find_digit`.
    """
    _, ink, labels, groups = _found(picture)
    return np.stack([_centred(_boxed(_cut(ink, labels, group))) for group in groups])


def stages(picture):
    """Return what `find_digit` does, step by step.

    Args:
        picture: as for `find_digit`.

    Returns:
        list of (str, np.ndarray): the name of each step and its picture, uint8 of shape
        (height, width) or (height, width, 3). The last one is what `find_digit` returns.

    Raises:
        PictureError: as for `find_digit`.
    """
    colour, ink, labels, group = _only(*_found(picture))
    cut = _cut(ink, labels, group)
    box = _boxed(cut)
    return [
        ("upright", colour),
        ("light evened out", _grey(ink)),
        ("ink or paper", _grey(labels > 0)),
        ("the digit alone", _grey(np.isin(labels, group))),
        ("cut out", _grey(cut)),
        ("box of 20 × 20", _grey(box)),
        ("centred by mass", _centred(box)),
    ]


def _only(colour, ink, labels, groups):
    """The same with the one group that there is."""
    if len(groups) > 1:
        raise PictureError(
            f"There are {len(groups)} digits in the picture, and find_digit finds one. Use "
            "find_digits, or cut the picture so that it shows one digit."
        )
    return colour, ink, labels, groups[0]


def _grey(values):
    return np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8)


# --- Upright, of a size to work on ----------------------------------------------------------------


def _found(picture):
    """Where the digits are: (colour, ink, labels, groups), as the functions below give them.

    Hairlines, a pixel or two wide, break when a large picture is shrunk. Where strokes come out as
    thin as that, the picture is shrunk anew so that they last.
    """
    image, orientation = open_picture(picture, WORK)
    colour = _upright(_shrunk(image), orientation)
    ink, labels, groups = _digits(colour)
    if _are_thin(labels, np.concatenate(groups)):
        darker = _ink_is_darker(np.asarray(Image.fromarray(colour).convert("L"), np.float32))
        again = _upright(_without_loss(image, darker), orientation)
        with contextlib.suppress(PictureError):  # then what was found first is all there is
            ink, labels, groups = _digits(again, hairlines=True)
    return colour, ink, labels, groups


def _are_thin(labels, group):
    """Whether the strokes of a group are so thin that few of their pixels have all neighbours."""
    mask = np.isin(labels, group)
    inner = mask[1:-1] & mask[:-2] & mask[2:]
    inner = inner[:, 1:-1] & inner[:, :-2] & inner[:, 2:]
    return np.count_nonzero(inner) < THIN * np.count_nonzero(mask)


def _shrunk(image):
    """A PIL image of a size to work on: the means of blocks, or enlarged where it is small."""
    longer = max(image.size)
    if longer < LEAST:
        times = LEAST / longer
        return image.resize([max(1, round(side * times)) for side in image.size], Image.BICUBIC)
    factor = _factor(image)
    return image.reduce(factor) if factor > 1 else image


def _factor(image):
    """How many pixels of the picture a side make one to work on."""
    return max(1, round(max(image.size) / WORK))


def _without_loss(image, darker):
    """A PIL image of a size to work on: the darkest pixel of each block, or the brightest."""
    factor = _factor(image)
    if factor == 1:
        return _shrunk(image)
    if image.mode == "RGBA":
        paper = (_paper_below(np.asarray(image.reduce(factor))),) * 3
        image = Image.alpha_composite(Image.new("RGBA", image.size, paper), image).convert("RGB")
    choose = np.minimum if darker else np.maximum
    beyond = [(0, -image.height % factor), (0, -image.width % factor), (0, 0)]
    values = np.asarray(image)
    values = np.pad(values, beyond[: values.ndim], mode="edge")
    # Ten times as fast as choose.reduceat: 35 ms for 12 megapixels in colour.
    rows = functools.reduce(choose, (values[i::factor] for i in range(factor)))
    return Image.fromarray(functools.reduce(choose, (rows[:, i::factor] for i in range(factor))))


def _upright(image, orientation):
    """Lay a PIL image on paper, turn it: uint8 (h, w) or (h, w, 3)."""
    page = Image.fromarray(_on_paper(image) if image.mode == "RGBA" else np.asarray(image))
    page.getexif()[ExifTags.Base.Orientation] = orientation
    return np.asarray(ImageOps.exif_transpose(page))


def _on_paper(image):
    """A transparent picture laid on paper: uint8 (h, w, 3)."""
    values = np.asarray(image)
    seen = values[..., 3:].astype(np.float32) / 255
    page = values[..., :3] * seen + _paper_below(values) * (1 - seen)
    return np.rint(page).astype(np.uint8)


def _paper_below(values):
    """The paper for a transparent picture: 255, white; or 0 where all that is seen is light."""
    seen = values[..., 3:].astype(np.float32) / 255
    if seen.max() == 0:
        raise PictureError("The picture is transparent all over: there is nothing to see.")
    lightness = (values[..., :3] * seen).sum() / (3 * seen.sum())
    return 255 if lightness < 128 or seen.min() > 0 else 0


# --- Ink and paper --------------------------------------------------------------------------------


def _digits(colour, hairlines=False):
    """Where the digits are: (ink, labels, groups), as `_ink_of` and `_groups` give them.

    Brightness tells most ink from paper. Yellow on white is only seen where the least of red, green
    and blue is looked at, and red on black better where the most is.
    """
    first = None
    for view in _views(colour):
        grey = _sheet_alone(view.astype(np.float32))
        grey = grey if _ink_is_darker(grey) else 255 - grey
        if hairlines:
            grey = ndimage.minimum_filter(grey, 3)
        ink, mask = _ink_of(grey)
        try:
            return ink, *_groups(_without_lines(mask), ink)
        except PictureError as error:
            first = first or error
    raise first


def _views(colour):
    """The picture in grey: by its brightness, by its least and by its most colour; uint8 (h, w)."""
    image = Image.fromarray(colour)
    yield np.asarray(image.convert("L"))
    if image.mode == "RGB":
        red, green, blue = image.split()
        for choose in (ImageChops.darker, ImageChops.lighter):
            yield np.asarray(choose(choose(red, green), blue))


def _sheet_alone(grey):
    """The picture cut to a bright sheet of paper, where one lies on a darker table.

    A sheet is bright, thick all over (no stroke), has four straight sides, is brighter than what
    lies around it from one pixel to the next (a lamp's light fades), and lies mostly within the
    picture (a shadow does not).
    """
    factor = max(1, max(grey.shape) // 128)
    small = np.asarray(Image.fromarray(grey).reduce(factor))
    labels, count = ndimage.label(small > _otsu(small))
    if not count:
        return grey
    sheet = labels == 1 + np.argmax(np.bincount(labels.ravel())[1:])
    whole = ndimage.binary_fill_holes(sheet)
    if not _is_quadrilateral(whole) or sheet.sum() < 0.05 * sheet.size:
        return grey
    if sheet.sum() < 0.75 * whole.sum():  # a 0 in chalk, say
        return grey
    edge = np.concatenate([sheet[0], sheet[-1], sheet[:, 0], sheet[:, -1]])
    thick = 4 * ndimage.distance_transform_edt(sheet)[sheet].mean() / max(_extent(sheet))
    around = ndimage.binary_dilation(whole, iterations=3) & ~ndimage.binary_dilation(whole)
    within = sheet & ~ndimage.binary_erosion(whole, iterations=3) & ndimage.binary_erosion(whole)
    if edge.mean() > 0.3 or thick < 0.2 or not around.any() or not within.any():
        return grey
    if np.median(small[within]) < 1.25 * np.median(small[around]):
        return grey
    inner = ndimage.binary_erosion(whole, iterations=2)
    nearest = ndimage.distance_transform_edt(~inner, return_distances=False, return_indices=True)
    beyond = _resized(ndimage.uniform_filter(small[tuple(nearest)], 5), grey.shape)
    rows, columns = (np.flatnonzero(inner.any(axis)) for axis in (1, 0))
    here = tuple(slice(at[0] * factor, (at[-1] + 1) * factor) for at in (rows, columns))
    return np.where(_resized(inner, grey.shape) > 0.99, grey, beyond)[here]


def _is_quadrilateral(shape):
    """Whether a shape has no bays, four straight sides, and is not slim.

    Its area over the root of its covariance's determinant is 12 for every parallelogram, less for
    a triangle, and 4π for every ellipse.
    """
    places = np.argwhere(shape)
    covariance = np.cov(places.T) if len(places) > 8 else np.zeros((2, 2))
    spread = np.linalg.eigvalsh(covariance)
    if spread[0] <= 0.2 * spread[1]:
        return False
    hull = spatial.ConvexHull(places)  # through the pixels' middles: half a pixel is added around
    full = len(places) / (hull.volume + hull.area / 2 + 1)  # "volume" is the area, "area" the edge
    return full > 0.9 and 11.4 < len(places) / np.sqrt(spread.prod()) < 12.03


def _extent(mask):
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1


def _otsu(grey):
    """The threshold that parts the values into two classes best.

    Source: N. Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions
    on Systems, Man, and Cybernetics 9 (1979).
    """
    counts = np.bincount(grey.astype(np.uint8).ravel(), minlength=256).astype(float)
    below = np.cumsum(counts)
    mass = np.cumsum(counts * np.arange(256))
    above = below[-1] - below
    apart = (mass[-1] * below - mass * below[-1]) ** 2
    return int(np.argmax(apart / np.maximum(below * above, 1)))


def _ink_of(grey):
    """How dark the ink is, float32 (h, w) from 0 to 1, and where it is, bool (h, w).

    Args:
        grey: float32 (h, w) from 0 to 255, ink darker than paper.
    """
    half = np.asarray(Image.fromarray(grey).reduce(2))
    paper = _paper(half)
    middle, noise = _blocks(_darkness(half, paper))
    paper = paper - middle * np.maximum(paper, DIM)
    darkest = ndimage.maximum_filter(_darkness(half, paper), max(5, min(half.shape) // 8))
    threshold = np.maximum(np.maximum(FAINTEST, 4 * noise), 0.4 * darkest)
    ink = _darkness(grey, _resized(paper, grey.shape))
    mask = ndimage.uniform_filter(ink, 3) > _resized(threshold, grey.shape)
    return np.clip(ink, 0, 1), mask


def _darkness(grey, paper):
    """How much of the paper's light is missing: 0 for paper, 1 for black."""
    return (paper - grey) / np.maximum(paper, DIM)


def _blocks(values):
    """The usual value around each pixel, and how far values around it scatter, without ink.

    Where a thick stroke fills a block, the blocks around it say what is usual: hence a low
    percentile of them, and no mean.
    """
    side = max(4, min(values.shape) // 12)
    rows, columns = (max(1, length // side) for length in values.shape)
    tiles = values[: rows * side, : columns * side]
    tiles = tiles.reshape(rows, tiles.shape[0] // rows, columns, -1).swapaxes(1, 2)
    tiles = tiles.reshape(rows, columns, -1)
    middle = np.median(tiles, axis=2)
    spread = 1.4826 * np.median(np.abs(tiles - middle[..., None]), axis=2)
    maps = (ndimage.percentile_filter(m, 25, size=5) for m in (middle, spread))
    return tuple(_resized(m, values.shape) for m in maps)


def _resized(values, shape):
    """A small map, float32, spread over a picture of another shape."""
    image = Image.fromarray(values.astype(np.float32))
    return np.asarray(image.resize(shape[::-1], Image.BILINEAR))


def _ink_is_darker(grey):
    """Whether strokes are darker than what lies around them: paper is most of the surroundings."""
    small = np.asarray(Image.fromarray(grey).reduce(4 if max(grey.shape) > WORK / 2 else 2))
    size = max(3, min(small.shape) // 4)
    high = ndimage.maximum_filter(small, size)
    low = ndimage.minimum_filter(small, size)
    mean = ndimage.uniform_filter(small, size)
    return ((mean - (high + low) / 2) * (high - low)).sum() >= 0


def _paper(grey):
    """The brightness that each pixel would have without ink: dark strokes are closed.

    A smooth fall of the light is divided out before, as closing would be misled by it at the edges.
    """
    trend = np.maximum(_trend(grey), 0.3 * np.median(grey) + 1).astype(np.float32)
    size = max(3, round(min(grey.shape) * 0.3))
    closed = ndimage.minimum_filter(ndimage.maximum_filter(grey / trend, size), size)
    return ndimage.uniform_filter(closed, 5) * trend


def _trend(grey):
    """A surface of the second degree through most pixels: float64 of the same shape."""
    y, x = (np.linspace(-1, 1, length) for length in grey.shape)
    terms = [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
    step = max(1, max(grey.shape) // 64)
    powers = [np.multiply.outer(y[::step] ** i, x[::step] ** j).ravel() for i, j in terms]
    powers, values = np.stack(powers, 1), grey[::step, ::step].ravel().astype(np.float64)
    weight = np.ones_like(values)
    # Least squares by the normal equations, six unknowns: einsum starts no threads, lstsq would.
    for _ in range(6):  # Cauchy's weights, squared: what lies far off soon counts for nothing
        weighted = powers * weight[:, None] ** 2
        products = np.einsum("ni,nj->ij", weighted, powers)
        products += 1e-6 * np.trace(products) * np.eye(6)  # slim pictures have too few rows
        way = np.linalg.solve(products, np.einsum("ni,n->i", weighted, values))
        off = np.abs(values - np.einsum("ni,i->n", powers, way))
        weight = 1 / (1 + (off / max(2 * np.median(off), 1)) ** 2)
    return sum(c * np.multiply.outer(y**i, x**j) for c, (i, j) in zip(way, terms, strict=True))


def _without_lines(mask):
    """The mask without lines printed on the paper, across the page or down.

    A line is thin wherever no stroke crosses it, and it goes on to the picture's edge; or there are
    three and more that go on through half the picture. Only its thin parts are taken away, so that
    strokes that cross it stay whole. That is how staff lines are taken out of written music:
    C. Dalitz and others, "A comparative study of staff removal algorithms", IEEE Transactions on
    Pattern Analysis and Machine Intelligence 30 (2008).
    """
    pieces = ndimage.find_objects(ndimage.label(mask, NEIGHBOURS)[0])
    across, down = ([(box[a].start, box[a].stop) for box in pieces] for a in (1, 0))
    if any(_long(across, mask.shape[1])):
        mask = mask & ~_lines(mask)
    if any(_long(down, mask.shape[0])):
        mask = mask & ~_lines(mask.T).T
    return mask


def _long(spans, width):
    """What each span from a to b of a page is: 2 half as wide, 1 shorter and at its edge, or 0."""
    edge = [b - a > width / 6 and (a == 0 or b == width) for a, b in spans]
    return [2 if b - a > width / 2 else int(at) for (a, b), at in zip(spans, edge, strict=True)]


def _lines(mask):
    """Where lines across the page are: bool (h, w)."""
    width = mask.shape[1]
    runs = _runs_down(mask)
    most = max(3, min(mask.shape) // 100)
    thick = 1 + int(np.argmax(np.bincount(runs[mask], minlength=most + 1)[1 : most + 1]))
    thin = mask & (runs <= thick + 2)
    gap = max(5, width // 20)
    joined = np.pad(thin.astype(np.uint8), ((0, 0), (gap, gap)))
    joined = ndimage.minimum_filter1d(ndimage.maximum_filter1d(joined, gap), gap)
    labels, _ = ndimage.label(joined[:, gap:-gap], NEIGHBOURS)
    spans = [(b[1].start, b[1].stop) for b in ndimage.find_objects(labels)]
    long = np.array(_long(spans, width), int)
    edge = np.array([a == 0 or b == width for a, b in spans], bool)
    chosen = long > 0 if (long == 2).sum() >= 3 else (long > 0) & edge
    return thin & np.isin(labels, 1 + np.flatnonzero(chosen))


def _runs_down(mask):
    """For each pixel of the mask, how many of the mask lie in one piece above and below it."""
    padded = np.pad(mask, ((1, 1), (0, 0))).T
    steps = np.diff(padded.astype(np.int8), axis=1)
    starts, stops = np.argwhere(steps == 1), np.argwhere(steps == -1)
    lengths = stops[:, 1] - starts[:, 1]
    runs = np.zeros(mask.T.shape, np.int64)
    runs[mask.T] = np.repeat(lengths, lengths)
    return runs.T


# --- Digits ---------------------------------------------------------------------------------------


class _Pieces(NamedTuple):
    """What lies in one piece of the mask, number 1 of the labels first."""

    edges: np.ndarray  # (n, 4) top, left, bottom, right, in pixels
    size: np.ndarray  # (n, 2) height and width
    longest: np.ndarray  # (n,) the longer of the two
    level: np.ndarray  # (n,) how dark the ink is, from 0 to 1
    whole: np.ndarray  # (n,) bool, whether it lies within the picture


def _pieces(labels, ink):
    boxes = ndimage.find_objects(labels)
    edges = np.array([[b[0].start, b[1].start, b[0].stop, b[1].stop] for b in boxes])
    size = edges[:, 2:] - edges[:, :2]
    level = ndimage.mean(ink, labels, np.arange(1, len(boxes) + 1))
    whole = (edges[:, :2] > 0).all(1) & (edges[:, 2:] < labels.shape).all(1)
    return _Pieces(edges, size, size.max(1), level, whole)


def _groups(mask, ink):
    """The pieces of each digit, left to right: (labels of the mask, list of arrays of labels)."""
    labels, count = ndimage.label(mask, NEIGHBOURS)
    if not count:
        raise PictureError(NO_INK)
    pieces = _pieces(labels, ink)
    kept = _of_digits(labels, pieces, ink)
    flat = pieces.size[:, 1] > 2.5 * pieces.size[:, 0]  # the hat of a 5, a line: no whole digit
    tall = kept & ~flat if (kept & ~flat).any() else kept
    height = pieces.size[tall, 0].max()
    tall = tall & (pieces.size[:, 0] > 0.45 * height)
    groups = []
    for i in sorted(np.flatnonzero(tall), key=lambda i: pieces.edges[i, 1]):
        if groups and _belongs(pieces.edges[groups[-1]], pieces.edges[i]):
            groups[-1].append(i)
        else:
            groups.append([i])
    for i in np.flatnonzero(kept & ~tall & (pieces.longest < 1.5 * height)):
        away = [_away(pieces.edges[group], pieces.edges[i]) for group in groups]
        if min(away) < 0.35 * height:
            groups[int(np.argmin(away))].append(i)
    return labels, [np.array(group) + 1 for group in groups]


def _of_digits(labels, pieces, ink):
    """Which pieces may be parts of digits: bool (n,), one at least; specks and frames are none."""
    fit = pieces.whole & (pieces.longest > 0.02 * max(labels.shape))
    for i in np.flatnonzero(fit & (pieces.level < FAINT)):
        fit[i] = not _is_cloud(labels, pieces, i, ink)
    if not fit.any() and pieces.level.max() < FAINT:
        raise PictureError(NO_INK)
    for i in np.flatnonzero(fit):
        fit[i] = not _is_frame(labels, pieces, i)
    strength = pieces.level * pieces.longest * fit
    main = strength.argmax()
    level, longest = pieces.level[main], pieces.longest[main]
    if not fit.any() and pieces.whole.sum() > MOST_PIECES:
        raise PictureError(_noise(pieces.level[pieces.whole]))
    leaving = ~pieces.whole & (pieces.level > 0.6 * level) & (pieces.longest > 5 * longest)
    if not fit.any() or (longest < 0.04 * max(labels.shape) and leaving.any()):
        raise PictureError(
            "No digit lies whole within the picture: what ink there is reaches its edge, or is too "
            "small. Take a picture with paper all around the digit."
        )
    kept = pieces.whole & (pieces.level > 0.45 * level) & (pieces.longest > 0.1 * longest)
    kept &= fit | (pieces.longest <= 0.02 * max(labels.shape))  # no frames
    if kept.sum() > MOST_PIECES:
        raise PictureError(_noise(pieces.level[kept]))
    return kept


def _noise(levels):
    if levels.max() < PALE:  # the grain of the paper
        return NO_INK
    return (
        f"{len(levels)} marks, and no digit stands out from them. Is it a page of text, a pattern, "
        "or noise? Cut the picture so that it shows the digit on plain paper."
    )


def _is_cloud(labels, pieces, i, ink):
    """Whether a piece has no edge, as a blotch of the paper or a soft shadow has none.

    Ink ends within a pixel or two. What is nearly as dark next to a piece as in it was not written.
    """
    top, left, bottom, right = pieces.edges[i]
    here = slice(max(0, top - 5), bottom + 5), slice(max(0, left - 5), right + 5)
    piece = labels[here] == i + 1
    near = ndimage.binary_dilation(piece, NEIGHBOURS, iterations=4) & (labels[here] == 0)
    near &= ~ndimage.binary_dilation(piece, NEIGHBOURS, iterations=2)
    return near.any() and ink[here][near].mean() > 0.4 * pieces.level[i]


def _is_frame(labels, pieces, i):
    """Whether a piece is a box printed or drawn around another piece."""
    top, left, bottom, right = pieces.edges[i]
    within = (pieces.edges[:, :2] > [top, left]).all(1)
    within &= (pieces.edges[:, 2:] < [bottom, right]).all(1)
    if not (pieces.longest[within] > 0.2 * pieces.longest[i]).any():
        return False
    piece = labels[top:bottom, left:right] == i + 1
    margin = [max(2, round(0.12 * length)) for length in piece.shape]
    inner = piece[margin[0] : -margin[0], margin[1] : -margin[1]]
    return inner.sum() < 0.1 * piece.sum()


def _around(edges):
    """The box around boxes: (top, left, bottom, right)."""
    return [*edges[:, :2].min(0), *edges[:, 2:].max(0)]


def _belongs(group, piece):
    """Whether a tall piece is of the same digit as the group on its left.

    It is where one lies above the other; or where they overlap a little and neither is as tall as
    both together, as with a 5 whose hat has slipped to the right.
    """
    top, left, bottom, right = _around(group)
    shared = min(right, piece[3]) - max(left, piece[1])
    apart = max(top, piece[0]) - min(bottom, piece[2])
    slimmer, taller = min(right - left, piece[3] - piece[1]), max(bottom - top, piece[2] - piece[0])
    height = max(bottom, piece[2]) - min(top, piece[0])
    width = max(right, piece[3]) - min(left, piece[1])
    if apart > 0.25 * (bottom - top):
        return False
    return shared > 0.5 * slimmer or (shared > 0 and taller < 0.8 * height and width < 1.2 * height)


def _away(group, piece):
    """How far a piece lies from the box around a group, in pixels."""
    top, left, bottom, right = _around(group)
    across = max(left - piece[3], piece[1] - right, 0)
    down = max(top - piece[2], piece[0] - bottom, 0)
    return float(np.hypot(across, down))


def _cut(ink, labels, group):
    """The digit's own ink, cut out: float32 (h, w) from 0 to 1, the half level at its edge."""
    boxes = [box for n, box in enumerate(ndimage.find_objects(labels), 1) if n in group]
    here = tuple(
        slice(max(0, min(b[a].start for b in boxes) - 3), max(b[a].stop for b in boxes) + 3)
        for a in (0, 1)
    )
    own, ink = np.isin(labels[here], group), ink[here]
    level = max(np.percentile(ink[own], 65), FAINTEST)
    soft = np.clip(ink / level, 0, 1) * ndimage.binary_dilation(own, NEIGHBOURS, iterations=2)
    times = FINE / max(soft.shape)
    if times > 1:
        soft = np.clip(_resized(soft, tuple(round(s * times) for s in soft.shape)), 0, 1)
    soft = _usual_width(soft)
    rows, columns = (np.flatnonzero((soft > 0.5).any(axis)) for axis in (1, 0))
    return soft[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _usual_width(soft):
    """Strokes that are thinner or thicker than MNIST's brought to what its writers used."""
    soft = np.pad(soft, 1)
    inner = ndimage.distance_transform_edt(soft > 0.5)
    width = 4 * (inner[inner > 0].mean() - 0.5)
    longer = max(_extent(inner > 0))
    wanted = np.clip(BOX * width / longer, *STROKE) / BOX
    grow = (wanted * longer - width) / (2 - 2 * wanted)  # at each side, with the box growing too
    if abs(grow) < 0.05:
        return soft
    margin = max(0, int(np.ceil(grow))) + 1
    inner = np.pad(inner, margin)
    outer = ndimage.distance_transform_edt(inner == 0)
    return np.clip(np.where(inner > 0, inner - 0.5, 0.5 - outer) + grow + 0.5, 0, 1)


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

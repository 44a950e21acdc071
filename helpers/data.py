"""The digits: found, verified, split. Nothing about models.

Where they come from, in this order:

1. the folder that MNIST_DIR names: the four IDX files, gzipped or not, or mnist.npz. What is wrong
   there is an error: it is never replaced by another source;
2. Keras' own cached mnist.npz (KERAS_HOME, else ~/.keras, or /tmp/.keras where Keras falls back);
3. the course's cache (COURSE_CACHE, else the system's place for caches);
4. a download of mnist.npz, then of the four files from the public mirrors; `sources.download` says
   how long that may take. When none succeeds, that is remembered for an hour;
5. digits that the course draws itself (`handwriting.drawn`), with a notice.

MNIST_SOURCE=mnist refuses the last, and tries to download even within that hour; MNIST_SOURCE=drawn
asks for it, and looks nowhere else. COURSE_CANARY=1 is for testing the course itself: MNIST_DIR,
whatever its files hold, and nothing else. A variable that is set but empty counts as unset. Every
file is verified by the hash of its content before it is used.
"""

import collections
import hashlib
import math
import os
import tempfile
import textwrap
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers import checks
from helpers.handwriting import drawn
from helpers.sources import cache, download, files
from helpers.sources.files import DataError, to_idx

__all__ = ["DataError", "Digits", "Pair", "load_digits", "source_in_use", "split", "to_idx"]

VALIDATION = 5000  # digits of the 60,000 that validate
SPLIT_SEED = 0  # the same digits validate in every page, whatever the page's own seed
DRAWN_SEEDS = (1, 2)  # of the training and of the test digits that are drawn
KERAS_FALLBACK = Path("/tmp" if os.path.isdir("/tmp") else tempfile.gettempdir(), ".keras")
KEPT = " The course leaves this file alone: delete it or move it away, and this message goes."
HOW = (
    f"To get MNIST: on a machine with internet, download {download.NPZ_URL} "
    f"(sha256 {files.NPZ_SHA256}), or the four files "
    f"{', '.join(f'{file.name}.gz' for file in files.FILES)} from {download.MIRRORS[0]}; "
    "put them into one folder, and set MNIST_DIR to its absolute path."
)
CANARY = (
    "COURSE_CANARY=1: the digits of MNIST_DIR are used whatever they are. That is for testing the "
    "course itself: scores on them say nothing of MNIST."
)
_in_use = None
_openings = collections.Counter()  # of the test digits in this process, by source


class Pair(NamedTuple):
    """Images, uint8 of shape (n, 28, 28), and their labels, uint8 of shape (n,)."""

    images: np.ndarray
    labels: np.ndarray


class Digits:
    """The course's digits. The arrays are read-only, so that no cell spoils them for the next.

    An array's `.copy()` may be changed.

    Attributes:
        train: Pair of 55,000 digits to learn from.
        validation: Pair of 5,000 digits to choose with.
        test: Pair of 10,000 digits, opened once a chapter, at its end.
        test_openings: how many times `test` has been opened. Loading again counts from 0, so that
            a page can be run again; that its test digits were opened before is then printed.
        source: "mnist", or "drawn" for digits that the course drew.
    """

    def __init__(self, train, validation, test, source):
        self.train = _read_only(train)
        self.validation = _read_only(validation)
        self._test = _read_only(test)
        self.source = source
        self.test_openings = 0

    @property
    def test(self):
        """The test digits: verified when loaded, handed out only here, and each time counted."""
        self.test_openings += 1
        _openings[self.source] += 1
        if _openings[self.source] > 1:
            print(
                f"The test digits are open for time number {_openings[self.source]} since this "
                "kernel started. They are an honest judge when they are opened once a chapter, at "
                "its end, and nothing is chosen by what they say."
            )
        return self._test

    def __repr__(self):
        pairs = (self.train, self.validation, self._test)
        train, validation, test = (f"{len(pair.labels):,}" for pair in pairs)
        return (
            f"Digits(source={self.source!r}, train={train}, validation={validation}, test={test}, "
            f"test_openings={self.test_openings})"
        )


def load_digits():
    """Load the digits from the first source that has them; the top of this module lists them.

    Returns:
        Digits: `.train`, `.validation` and `.test`, each `(images, labels)`, and `.source`.

    Raises:
        ValueError: MNIST_SOURCE is neither "mnist" nor "drawn", or COURSE_CANARY not "1".
        DataError: MNIST_DIR cannot be used, or MNIST_SOURCE is "mnist" and no source has it.
    """
    global _in_use
    wanted = _wanted()
    arrays, problems = None, []
    if files.is_canary():
        print(CANARY)
        arrays = _from_named_folder()
    elif wanted != "drawn":
        arrays = _find_mnist(problems, insist=wanted == "mnist")
    source = "mnist" if arrays else "drawn"
    if arrays:
        for problem in problems:
            print(problem)
    else:
        print(_notice(problems, asked=wanted == "drawn"))
        arrays = _drawn_digits()
    train, validation = split(arrays["x_train"], arrays["y_train"], VALIDATION, SPLIT_SEED)
    _in_use = source
    return Digits(train, validation, Pair(arrays["x_test"], arrays["y_test"]), source)


def source_in_use():
    """Return "mnist" or "drawn", what `load_digits` last returned in this process; None before."""
    return _in_use


def split(images, labels, validation=5000, seed=0):
    """Split digits into training and validation ones, each class in its share.

    Largest remainders settle how many of each class validate. Which ones, a random key for each
    digit settles, drawn from the bit generator itself: NumPy promises to keep that stream (NEP 19).
    Both parts keep the original order.

    Args:
        images: uint8 of shape (n, 28, 28), n at least 2.
        labels: integers from 0 to 9 of shape (n,).
        validation: how many digits validate, from 1 to n - 1.
        seed: of the split alone; a whole number from 0.

    Returns:
        tuple: (training, validation), each a Pair of new arrays.

    Raises:
        ValueError: an argument of another shape, dtype or range.
    """
    images = checks.images(images)
    labels = checks.labels(labels, count=len(images))
    if len(labels) < 2:
        raise ValueError("images must hold 2 digits or more, to have some in each part; got 1.")
    validation = checks.whole(validation, "validation", low=1, high=len(labels) - 1)
    chosen = _chosen(labels, validation, checks.whole(seed, "seed"))
    return Pair(images[~chosen], labels[~chosen]), Pair(images[chosen], labels[chosen])


def _chosen(labels, validation, seed):
    """Mark the digits that validate: in each class, those with the smallest keys."""
    keys = np.random.PCG64(seed).random_raw(len(labels))
    chosen = np.zeros(len(labels), bool)
    counts = np.array([np.count_nonzero(labels == label) for label in range(10)])
    for label, count in enumerate(_shares(counts, validation)):
        members = np.flatnonzero(labels == label)
        chosen[members[np.argsort(keys[members], kind="stable")[:count]]] = True
    return chosen


def _shares(counts, total):
    """Divide `total` in proportion to `counts`: largest remainders, among equals the first."""
    shares, remainders = np.divmod(counts * total, counts.sum())
    largest = np.argsort(-remainders, kind="stable")[: total - shares.sum()]
    shares[largest] += 1
    return shares


def _read_only(pair):
    views = [array.view() for array in pair]
    for view in views:
        view.flags.writeable = False
    return Pair(*views)


def _wanted():
    wanted = os.environ.get("MNIST_SOURCE", "").strip()
    if wanted not in ("", "mnist", "drawn"):
        raise ValueError(
            "MNIST_SOURCE must be mnist (refuse drawn digits) or drawn (ask for them), or unset; "
            f"got {checks.short(wanted)}."
        )
    return wanted


def _notice(problems, asked):
    if asked:
        lines = ["DRAWN DIGITS, NOT MNIST: MNIST_SOURCE=drawn asks for them."]
    else:
        why = "DRAWN DIGITS, NOT MNIST: no source of MNIST could be used."
        lines = [why, *problems, HOW]
    lines.append("Scores on drawn digits are not scores on MNIST. Every figure and score says so.")
    rule = "=" * 78
    wrap = textwrap.TextWrapper(
        len(rule), subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    return "\n".join([rule, *map(wrap.fill, lines), rule])


def _find_mnist(problems, insist):
    """Return MNIST's arrays or None; what could not be used is added to `problems`."""
    if os.environ.get("MNIST_DIR", "").strip():
        return _from_named_folder()
    mine = cache.folder() / cache.MNIST
    places = dict.fromkeys(_keras_files(), "Keras' cached file") | {mine: "the course's copy"}
    for path, whose in places.items():
        try:
            if os.path.lexists(path):
                return files.read_npz(path)
        except DataError as error:
            problems.append(f"Not used, {whose}: {error}{KEPT}")
    arrays = _from_download(mine, problems, insist)
    if insist and not arrays:
        lines = "\n".join(f"- {line}" for line in problems)
        raise DataError(
            "MNIST_SOURCE is mnist, and no source has MNIST. Looked for "
            f"{', '.join(map(files.shown, places))}; then:\n{lines}\n{HOW}\n"
            "Or unset MNIST_SOURCE: the course then runs on digits that it draws itself."
        )
    return arrays


def _from_named_folder():
    named = os.environ.get("MNIST_DIR", "").strip()
    if not named:
        raise DataError("COURSE_CANARY is 1, and MNIST_DIR names no folder: set it, or neither.")
    try:
        return files.read_folder(os.path.expanduser(named))
    except DataError as error:
        path = files.meant(named)
        hint = f"\nDid you mean {files.shown(path)}?" if path != os.path.expanduser(named) else ""
        raise DataError(
            f"MNIST_DIR={files.printable(named)} cannot be used:\n{error}{hint}\n{HOW}\n"
            "Or unset MNIST_DIR: the course then looks elsewhere."
        ) from error


def _keras_files():
    home = os.environ.get("KERAS_HOME", "").strip() or os.path.join("~", ".keras")
    folders = (os.path.expanduser(home), KERAS_FALLBACK)
    return [Path(os.path.realpath(folder), "datasets", files.NPZ) for folder in folders]


def _from_download(mine, problems, insist):
    with cache.turn():
        with suppress(DataError):  # another page may have fetched it meanwhile; a bad one is named
            return files.read_npz(mine)
        if not insist and cache.failed_lately():
            problems.append(
                "No download tried: the last one failed less than an hour ago. To try now, set "
                f"MNIST_SOURCE=mnist or delete {files.shown(cache.folder() / cache.OFFLINE)}."
            )
            return None
        fetched = download.fetch(problems)
        if fetched is None:
            cache.remember_failure()
            return None
        arrays, packed = fetched
        cache.store(cache.MNIST, packed)
        cache.forget_failure()
        return arrays


def _drawn_digits():
    """Draw digits in MNIST's counts, or read those that the same code drew before."""
    path = cache.folder() / _drawn_name()
    if os.path.lexists(path):
        try:
            return _drawn_before(path)
        except DataError as error:
            print(f"The digits are drawn again. {error}{KEPT}")
    with cache.turn():
        with suppress(DataError):  # another page may have drawn them meanwhile; a bad one is named
            return _drawn_before(path)
        content = _draw()
        cache.store(path.name, hashlib.sha256(content).digest() + content)
        return _in_shape(content)


def _drawn_name():
    """Name the cached file by what decides the digits: the code, its data, the seeds."""
    folder = Path(drawn.__file__).parent
    version = hashlib.sha256(repr(DRAWN_SEEDS).encode())
    for path in sorted({*folder.glob("drawn*"), *folder.glob("*strokes*")}):
        version.update(path.read_bytes() if path.is_file() else b"")
    return f"{cache.NAME}-drawn-{version.hexdigest()[:16]}.bin"


def _draw():
    """Return the bytes of all four arrays, one after the other."""
    train, test = (file.shape[0] for file in files.FILES[::2])
    parts = [
        *drawn.draw_digits(train, seed=DRAWN_SEEDS[0], progress=True),
        *drawn.draw_digits(test, seed=DRAWN_SEEDS[1]),
    ]
    return b"".join(part.tobytes() for part in parts)


def _drawn_before(path):
    raw = files.read_bytes(path, files.npz_limit())
    size = 32 + sum(math.prod(file.shape) for file in files.FILES)
    if len(raw) != size or raw[:32] != hashlib.sha256(raw[32:]).digest():
        raise DataError(f"{files.shown(path)}: altered: not the digits that were stored in it.")
    return _in_shape(raw[32:])


def _in_shape(content):
    values, arrays = np.frombuffer(content, np.uint8), {}
    for file in files.FILES:
        count = math.prod(file.shape)
        arrays[file.key], values = values[:count].reshape(file.shape), values[count:]
    return arrays

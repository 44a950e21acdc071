"""The digits: found, verified, split. Nothing about models.

Where they come from, in this order:

1. the folder that MNIST_DIR names: the four IDX files, gzipped or not, or mnist.npz. What is wrong
   there is an error: it is never replaced by another source;
2. Keras' own cached mnist.npz (KERAS_HOME, else ~/.keras, or /tmp/.keras where Keras falls back);
3. the course's cache (COURSE_CACHE, else the system's place for caches);
4. a download of mnist.npz, then of the four files from the public mirrors; see `helpers.download`
   for how long that may take. When none succeeds, that is remembered for an hour;
5. digits that the course draws itself (`helpers.drawn`), with a notice.

MNIST_SOURCE=mnist refuses the last, and tries to download even within that hour; MNIST_SOURCE=drawn
asks for it. Every file is verified by the hash of its content before it is used.
"""

import hashlib
import io
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers import cache, checks, download, mnist
from helpers.mnist import DataError, to_idx

__all__ = [
    "DataError",
    "Digits",
    "Pair",
    "load_digits",
    "source_in_use",
    "split",
    "to_idx",
]

VALIDATION = 5000  # digits of the 60,000 that validate
SPLIT_SEED = 0  # fixed: the same digits validate in every page, whatever the page's own seed
DRAWN_SEEDS = (1, 2)  # training and test digits of the stand-in
OFFLINE = "nothing-answered"  # the file that remembers a failed download
OFFLINE_SECONDS = 3600
_in_use = None


class Pair(NamedTuple):
    """Images, uint8 of shape (n, 28, 28), and their labels, uint8 of shape (n,)."""

    images: np.ndarray
    labels: np.ndarray


class Digits:
    """The course's digits. Arrays are read-only, so that no cell harms those after it: `.copy()` first.

    Attributes:
        train: Pair of 55,000 digits to learn from.
        validation: Pair of 5,000 digits to choose with.
        test: Pair of 10,000 digits, opened once a chapter, at its end.
        test_openings: how many times `test` has been opened.
        source: "mnist", or "drawn" for the stand-in.
    """

    def __init__(self, train, validation, test, source):
        self.train, self.validation, self._test = (
            _read_only(pair) for pair in (train, validation, test)
        )
        self.source = source
        self.test_openings = 0

    @property
    def test(self):
        """The test digits: verified when loaded, handed out only here, and each time counted."""
        self.test_openings += 1
        if self.test_openings == 2:
            print(
                "The test digits have been opened before in this session: once a chapter, at its end, keeps them honest."
            )
        return self._test

    def __repr__(self):
        counts = (len(pair.labels) for pair in (self.train, self.validation, self._test))
        train, validation, test = (f"{count:,}" for count in counts)
        return (
            f"Digits(source={self.source!r}, train={train}, validation={validation}, test={test}, "
            f"test_openings={self.test_openings})"
        )


def load_digits():
    """Load the digits from the first source that has them; see the top of this module.

    Returns:
        Digits: with `.train`, `.validation`, `.test` and `.source`.

    Raises:
        ValueError: MNIST_SOURCE is neither "mnist" nor "drawn".
        DataError: MNIST_DIR cannot be used, or MNIST_SOURCE is "mnist" and no source has it.
    """
    global _in_use
    wanted = _wanted()
    search = _Search()
    arrays = None if wanted == "drawn" else _find_mnist(search, insist=wanted == "mnist")
    source = "mnist" if arrays else "drawn"
    if arrays is None:
        if wanted == "mnist":
            raise DataError(search.failure())
        print(_notice(search, asked=wanted == "drawn"))
        arrays = _drawn_digits()
    elif search.problems:
        print("\n".join(search.problems))
    train, validation = split(arrays["x_train"], arrays["y_train"], VALIDATION, SPLIT_SEED)
    _in_use = source
    return Digits(train, validation, Pair(arrays["x_test"], arrays["y_test"]), source)


def source_in_use():
    """Return "mnist" or "drawn", what `load_digits` last returned in this process; None before."""
    return _in_use


def split(images, labels, validation=5000, seed=0):
    """Split digits into training and validation ones, each class in its share.

    How many of each class validate is settled by largest remainders; which ones, by a random key for
    each digit, straight from the bit generator, whose stream NumPy promises to keep (NEP 19). Both
    parts keep the original order.

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
    chosen = _validation_mask(
        labels,
        _whole("validation", validation, 1, len(labels) - 1),
        _whole("seed", seed, 0),
    )
    return Pair(images[~chosen], labels[~chosen]), Pair(images[chosen], labels[chosen])


def _validation_mask(labels, validation, seed):
    keys = np.random.PCG64(seed).random_raw(len(labels))
    chosen = np.zeros(len(labels), bool)
    for label, count in enumerate(_shares(np.bincount(labels, minlength=10), validation)):
        members = np.flatnonzero(labels == label)
        chosen[members[np.argsort(keys[members], kind="stable")[:count]]] = True
    return chosen


def _shares(counts, total):
    """Divide `total` in proportion to `counts` (largest remainders; among equals, the first)."""
    shares, remainders = np.divmod(counts.astype(np.int64) * total, counts.sum())
    largest = np.argsort(-remainders, kind="stable")[: total - shares.sum()]
    shares[largest] += 1
    return shares


def _whole(name, value, low, high=None):
    expected = (
        f"{name} must be a whole number of {low} or more"
        if high is None
        else (
            f"{name} must be a whole number from {low} to {high} (one less than the digits given)"
        )
    )
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < low or (high is not None and value > high):
        raise ValueError(f"{expected}; got {value!r}.")
    return int(value)


def _read_only(pair):
    for array in pair:
        array.flags.writeable = False
    return pair


def _wanted():
    wanted = os.environ.get("MNIST_SOURCE", "").strip()
    if wanted not in ("", "mnist", "drawn"):
        raise ValueError(
            f"MNIST_SOURCE must be mnist (refuse the stand-in) or drawn (ask for it), or unset; got {wanted!r}."
        )
    return wanted


class _Search:
    """What was looked at, and why it did not do."""

    def __init__(self):
        self.tried = []
        self.problems = []

    def absent(self, where):
        self.tried.append(f"{where}: not there.")

    def failed(self, text):
        self.tried.append(str(text))
        self.problems.append(str(text))

    def failure(self):
        tried = "\n".join(f"- {line}" for line in self.tried)
        return (
            f"MNIST_SOURCE is mnist, and no source has MNIST. Tried:\n{tried}\n{_HOW}\n"
            "Or unset MNIST_SOURCE: the course then runs on digits that it draws itself."
        )


_HOW = (
    f"To get MNIST: on a machine with internet, download {download.NPZ_URL} "
    f"(sha256 {mnist.NPZ_SHA256}), or the four files {', '.join(file.name + '.gz' for file in mnist.FILES)} "
    f"from {download.MIRRORS[0]}; put them into one folder, and set MNIST_DIR to its absolute path."
)


def _notice(search, asked):
    bar = "=" * 78
    if asked:
        lines = ["DRAWN DIGITS, NOT MNIST, as MNIST_SOURCE=drawn asks."]
    else:
        lines = [
            "DRAWN DIGITS, NOT MNIST: no source of MNIST could be used.",
            *search.problems,
            _HOW,
        ]
    lines.append("Scores on drawn digits are not scores on MNIST; every figure and score says so.")
    return "\n".join([bar, *lines, bar])


def _find_mnist(search, insist):
    named = os.environ.get("MNIST_DIR", "").strip()
    if named:
        return _from_named_folder(named)
    for path in _keras_files():
        arrays = _from_cached_file(path, search, "Keras' cached file")
        if arrays:
            return arrays
    mine = cache.folder() / mnist.NPZ
    arrays = _from_cached_file(mine, search, "the course's cached file")
    return arrays or _from_download(search, insist)


def _from_named_folder(named):
    try:
        return mnist.read_folder(os.path.expanduser(named))
    except DataError as error:
        raise DataError(
            f"MNIST_DIR is {os.fsencode(named).decode('utf-8', 'backslashreplace')}, which cannot be used:\n"
            f"{error}\n{_HOW}\nUnset MNIST_DIR to let the course look elsewhere."
        ) from error


def _keras_files():
    """Where Keras keeps its file: its home, or /tmp/.keras when that cannot be written."""
    home = os.environ.get("KERAS_HOME", os.path.join("~", ".keras"))
    folders = [os.path.expanduser(home), os.path.join("/tmp", ".keras")]
    return [Path(os.path.realpath(folder)) / "datasets" / mnist.NPZ for folder in folders]


def _from_cached_file(path, search, what):
    if not os.path.lexists(path):
        search.absent(f"{what}, {mnist.shown(path)}")
        return None
    try:
        return mnist.read_npz(path)
    except DataError as error:
        search.failed(f"Not used: {what}, {error}")
        return None


def _from_download(search, insist):
    with cache.turn():
        mine = cache.folder() / mnist.NPZ
        if mine.is_file():  # another page may have fetched it meanwhile
            try:
                return mnist.read_npz(mine)
            except DataError:
                pass  # said before; fetched anew
        if not insist and _offline():
            search.failed(
                "No download tried: none succeeded within the last hour. MNIST_SOURCE=mnist tries now, "
                f"and so does deleting {mnist.shown(cache.folder() / OFFLINE)}."
            )
            return None
        arrays = _download(search)
        if arrays:
            cache.forget(OFFLINE)
        else:
            cache.store(
                OFFLINE,
                b"No download of MNIST succeeded. Delete this file to try again at once.\n",
            )
        return arrays


def _offline():
    age = cache.age(OFFLINE)
    return age is not None and 0 <= age < OFFLINE_SECONDS


def _download(search):
    patience = download.Patience()
    try:
        arrays, raw = download.fetch_npz(patience)
        cache.store(mnist.NPZ, raw)
        return arrays
    except DataError as error:
        search.failed(error)
    for mirror in download.MIRRORS:
        try:
            arrays = download.fetch_four(mirror, patience)
            cache.store(mnist.NPZ, _npz(arrays))
            return arrays
        except DataError as error:
            search.failed(error)
    return None


def _npz(arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def _drawn_digits():
    """Draw the stand-in's digits, or read those drawn before by the same code."""
    from helpers import drawn

    name = f"drawn-{hashlib.sha256(Path(drawn.__file__).read_bytes()).hexdigest()[:16]}.npz"
    arrays = _drawn_before(name)
    if arrays is None:
        with cache.turn():
            arrays = _drawn_before(name)
            if arrays is None:
                arrays = _draw(drawn)
                cache.store(name, _npz({**arrays, "sha256": _digest(arrays)}))
    return arrays


def _draw(drawn):
    train, _, test, _ = (file.shape[0] for file in mnist.FILES)
    x_train, y_train = drawn.draw_digits(train, seed=DRAWN_SEEDS[0], progress=True)
    x_test, y_test = drawn.draw_digits(test, seed=DRAWN_SEEDS[1])
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def _drawn_before(name):
    path = cache.folder() / name
    if not path.exists():
        return None
    shapes = {file.key: file.shape for file in mnist.FILES}
    try:
        raw = mnist.read_bytes(
            path, 2 * mnist.SLACK + sum(mnist.idx_limit(file) for file in mnist.FILES)
        )
        arrays = mnist.npz_arrays(raw, {**shapes, "sha256": (32,)}, mnist.shown(path))
    except DataError as error:
        print(f"Drawn again: {error}")
        return None
    stored = arrays.pop("sha256")
    if not np.array_equal(stored, _digest(arrays)):
        print(
            f"Drawn again: {mnist.shown(path)} is altered (its sha256 is not the one stored in it)."
        )
        return None
    return arrays


def _digest(arrays):
    digest = hashlib.sha256()
    for array in arrays.values():
        digest.update(np.ascontiguousarray(array))
    return np.frombuffer(digest.digest(), np.uint8)

"""The digits: found, verified, split. Nothing about models.

Where they come from, in this order:

1. the folder that MNIST_DIR names: the four IDX files, gzipped or not, or files.npz. What is wrong
   there is an error: it is never replaced by another source;
2. Keras' own cached files.npz (KERAS_HOME, else ~/.keras, or /tmp/.keras where Keras falls back);
3. the course's cache (COURSE_CACHE, else the system's place for caches);
4. a download of files.npz, then of the four files from the public mirrors; `helpers.download` says
   how long that may take. When none succeeds, that is remembered for an hour;
5. digits that the course draws itself (`helpers.drawn`), with a notice.

MNIST_SOURCE=mnist refuses the last, and tries to download even within that hour; MNIST_SOURCE=drawn
asks for it, and looks nowhere else. A variable that is set but empty counts as unset. Every file is
verified by the hash of its content before it is used.
"""

import hashlib
import io
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
KERAS_KEEPS = " The course leaves Keras' files alone; delete this one, and it is fetched again."
OFFLINE = "no-download"  # the cache's file that remembers a failure
OFFLINE_SECONDS = 3600
OFFLINE_TEXT = b"No download of MNIST succeeded. Delete this file to try again at once.\n"
HOW = (
    f"To get MNIST: on a machine with internet, download {download.NPZ_URL} "
    f"(sha256 {files.NPZ_SHA256}), or the four files "
    f"{', '.join(f'{file.name}.gz' for file in files.FILES)} from {download.MIRRORS[0]}; "
    "put them into one folder, and set MNIST_DIR to its absolute path."
)
_in_use = None


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
        test_openings: how many times `test` has been opened.
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
        if self.test_openings == 2:
            print(
                "The test digits were opened before. They stay an honest judge when they are "
                "opened once a chapter, at its end."
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
        ValueError: MNIST_SOURCE is neither "mnist" nor "drawn".
        DataError: MNIST_DIR cannot be used, or MNIST_SOURCE is "mnist" and no source has it.
    """
    global _in_use
    wanted = _wanted()
    search = _Search()
    arrays = None if wanted == "drawn" else _find_mnist(search, insist=wanted == "mnist")
    source = "mnist" if arrays else "drawn"
    if arrays:
        search.report()
    elif wanted == "mnist":
        raise DataError(search.failure())
    else:
        print(_notice(search, asked=wanted == "drawn"))
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
            f"got {wanted!r}."
        )
    return wanted


class _Search:
    """What was looked at, and why it did not do."""

    def __init__(self):
        self.tried = []
        self.problems = []

    def absent(self, where):
        self.tried.append(f"{where}: not there.")

    def failed(self, reason):
        self.tried.append(str(reason))
        self.problems.append(str(reason))

    def report(self):
        for problem in self.problems:
            print(problem)

    def failure(self):
        tried = "\n".join(f"- {line}" for line in self.tried)
        return (
            f"MNIST_SOURCE is mnist, and no source has MNIST. Tried:\n{tried}\n{HOW}\n"
            "Or unset MNIST_SOURCE: the course then runs on digits that it draws itself."
        )


def _notice(search, asked):
    if asked:
        lines = ["DRAWN DIGITS, NOT MNIST: MNIST_SOURCE=drawn asks for them."]
    else:
        why = "DRAWN DIGITS, NOT MNIST: no source of MNIST could be used."
        lines = [why, *search.problems, HOW]
    lines.append("Scores on drawn digits are not scores on MNIST. Every figure and score says so.")
    rule = "=" * 78
    wrap = textwrap.TextWrapper(
        len(rule), subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    return "\n".join([rule, *map(wrap.fill, lines), rule])


def _find_mnist(search, insist):
    named = os.environ.get("MNIST_DIR", "").strip()
    if named:
        return _from_named_folder(named)
    mine = cache.folder() / files.NPZ
    places = [(path, "Keras' cached file", KERAS_KEEPS) for path in _keras_files()]
    for path, whose, advice in [*places, (mine, "the course's cached file", "")]:
        arrays = _from_cached_file(path, search, whose, advice)
        if arrays:
            return arrays
    return _from_download(mine, search, insist)


def _from_named_folder(named):
    try:
        return files.read_folder(os.path.expanduser(named))
    except DataError as error:
        raise DataError(
            f"MNIST_DIR={files.printable(named)} cannot be used:\n{error}\n{HOW}\n"
            "Or unset MNIST_DIR: the course then looks elsewhere."
        ) from error


def _keras_files():
    home = os.environ.get("KERAS_HOME", os.path.join("~", ".keras"))
    folders = (os.path.expanduser(home), KERAS_FALLBACK)
    return [Path(os.path.realpath(folder), "datasets", files.NPZ) for folder in folders]


def _from_cached_file(path, search, whose, advice):
    if not os.path.lexists(path):
        search.absent(f"{whose}, {files.shown(path)}")
        return None
    try:
        return files.read_npz(path)
    except DataError as error:
        search.failed(f"Not used, {whose}: {error}{advice}")
        return None


def _from_download(mine, search, insist):
    with cache.turn():
        with suppress(DataError):  # another page may have fetched it meanwhile; a bad one is named
            return files.read_npz(mine)
        if not insist and _failed_lately():
            search.failed(
                "No download tried: the last one failed less than an hour ago. To try now, set "
                f"MNIST_SOURCE=mnist or delete {files.shown(cache.folder() / OFFLINE)}."
            )
            return None
        arrays = _downloaded(search)
        if arrays:
            cache.forget(OFFLINE)
        else:
            cache.store(OFFLINE, OFFLINE_TEXT)
        return arrays


def _failed_lately():
    age = cache.age(OFFLINE)
    return age is not None and 0 <= age < OFFLINE_SECONDS


def _downloaded(search):
    """Ask files.npz's address and then each mirror; store what the first good one sends."""
    try:
        arrays, packed = download.fetch_npz()
    except DataError as error:
        search.failed(error)
    else:
        cache.store(files.NPZ, packed)
        return arrays
    for mirror in download.MIRRORS:
        try:
            arrays = download.fetch_four(mirror)
        except DataError as error:
            search.failed(error)
        else:
            cache.store(files.NPZ, _npz(arrays))
            return arrays
    return None


def _npz(arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def _drawn_digits():
    """Draw digits in MNIST's counts, or read those that the same code drew before."""
    version = Path(drawn.__file__).read_bytes() + repr(DRAWN_SEEDS).encode()
    name = f"drawn-{hashlib.sha256(version).hexdigest()[:16]}.npz"
    path = cache.folder() / name
    if os.path.lexists(path):
        try:
            return _drawn_before(path)
        except DataError as error:
            print(f"The digits are drawn again. {error}")
    with cache.turn():
        with suppress(DataError):  # another page may have drawn them meanwhile; a bad one is named
            return _drawn_before(path)
        arrays = _draw()
        cache.store(name, _npz({**arrays, "sha256": _digest(arrays)}))
        return arrays


def _draw():
    count = {file.key: file.shape[0] for file in files.FILES}
    x_train, y_train = drawn.draw_digits(count["x_train"], seed=DRAWN_SEEDS[0], progress=True)
    x_test, y_test = drawn.draw_digits(count["x_test"], seed=DRAWN_SEEDS[1])
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def _drawn_before(path):
    shapes = {file.key: file.shape for file in files.FILES} | {"sha256": (32,)}
    where = files.shown(path)
    arrays = files.npz_arrays(files.read_bytes(path, files.npz_limit()), shapes, where)
    stored = arrays.pop("sha256")
    if not np.array_equal(stored, _digest(arrays)):
        raise DataError(f"{where}: altered: not the digits that were stored in it.")
    return arrays


def _digest(arrays):
    digest = hashlib.sha256()
    for array in arrays.values():
        digest.update(np.ascontiguousarray(array))
    return np.frombuffer(digest.digest(), np.uint8)

"""MNIST's files, read and verified: the four original IDX files, and Keras' mnist.npz.

A file is unpacked with a bound, the hash of its content is compared with the published one, and
only then it is parsed. So a file that was packed again is accepted, and nothing that a stranger
wrote is ever interpreted; what is wrong with a file is found out afterwards, for the message.

The IDX format is the one of Yann LeCun, Corinna Cortes and Christopher Burges, "The MNIST database
of handwritten digits": two zero bytes, a byte for the type (8: unsigned byte), a byte for the
number of dimensions, each dimension as four bytes, big end first, then the values.
"""

import hashlib
import io
import itertools
import math
import os
import re
import stat
import urllib.parse
import zipfile
import zlib
from typing import NamedTuple

import numpy as np

from helpers import checks


class DataError(RuntimeError):
    """A file or a source of digits that cannot be used; the message says why and what to do."""


class File(NamedTuple):
    """One of the four published files: its name, its key in mnist.npz, and what it must hold."""

    name: str
    key: str
    shape: tuple
    sha256: str  # of the unpacked file, header included
    gz_bytes: int  # size of the .gz that the mirrors serve


FILES = (
    File(
        "train-images-idx3-ubyte",
        "x_train",
        (60000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        9912422,
    ),
    File(
        "train-labels-idx1-ubyte",
        "y_train",
        (60000,),
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        28881,
    ),
    File(
        "t10k-images-idx3-ubyte",
        "x_test",
        (10000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        1648877,
    ),
    File(
        "t10k-labels-idx1-ubyte",
        "y_test",
        (10000,),
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        4542,
    ),
)
NPZ = "mnist.npz"
NPZ_BYTES = 11490434
NPZ_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"  # from Keras
UNSIGNED_BYTE = 8  # the type code of an IDX file of bytes
SLACK = 65536  # bytes that an archive may add to what it holds, before it is refused unread
NPY_HEADER = 1024  # bytes before the values of an .npy file, at most
MEMBERS = 100  # of an .npz, at most: zipfile needs seconds for the directory of a million
LONGEST = 300  # characters of a path in a message
LISTED = 1000  # entries of a folder that are looked through for a name that was meant
GZIP, ZIP, ZIP_ENTRY = b"\x1f\x8b", b"PK\x03\x04", b"PK\x01\x02"
BEFORE_MARKUP = b"\xef\xbb\xbf\xfe\xff \t\r\n"  # marks of the byte order, and white space
KINDS = {  # how files of other kinds begin, and what they are
    b"<": "a web page or a server's refusal, saved in place of the file",
    b"version https://git-lfs": "a Git LFS pointer, a note of where the file is kept (run "
    "`git lfs pull` in the repository that it comes from)",
    b"\x80": "a Python pickle, which can run code when it is read, so it was not opened",
    GZIP: "gzipped once more, so unpack it first",
    **dict.fromkeys(
        (ZIP, b"\xfd7zXZ", b"BZh", b"7z\xbc\xaf", b"Rar!", b"(\xb5/\xfd"),
        "an archive of another kind, so unpack it first",
    ),
}
PACKED_NAMES = (".xz", ".bz2", ".7z", ".rar", ".zst", ".zip", ".tar", ".tgz", ".lzma")
UNFINISHED_NAMES = (".part", ".partial", ".crdownload", ".download", ".tmp")


def to_idx(array):
    """Return `array` in the original file format, uncompressed, byte for byte as published.

    Args:
        array: uint8, of any shape with at least one dimension, and not empty; MNIST's images are
            (n, 28, 28) and its labels (n,).

    Returns:
        bytes: the header (16 bytes for images, 8 for labels), then the values.

    Raises:
        ValueError: another dtype, no dimension, or no values.
    """
    expected = "array must be uint8 with at least one dimension and one value"
    found = checks.array(array, expected)
    if found.dtype != np.uint8 or found.ndim == 0 or found.size == 0:
        raise ValueError(
            f"{expected}; got dtype {found.dtype} and shape {found.shape}. Pass the digits or "
            "labels as load_digits() gives them."
        )
    return _header(found.shape) + found.tobytes()


def shown(path):
    """Return the absolute path of `path` as text that any terminal can print."""
    return printable(os.path.abspath(path))


def printable(path):
    """Return `path` with the bytes that are not UTF-8 spelt out, the middle of a long one left out.

    That is for messages: a setting may be longer than any screen.
    """
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]} … {text[-half:]}"


def meant(named):
    """Return the path that a setting means: without quotes or file://, its variables in place."""
    path = named.strip("\"'“”‘’ ")
    if re.match("file:", path, re.IGNORECASE):
        path = urllib.parse.unquote(re.sub("^file:(//(localhost)?)?", "", path, flags=re.I))
    return os.path.expanduser(os.path.expandvars(path.replace("\\ ", " ")))


def is_canary():
    """Return whether COURSE_CANARY is 1: files of the right shape are taken, whatever they hold.

    That is for testing the course itself, on files of which everybody knows that they are not
    MNIST: whoever reads them by another road than `load_digits` is seen too.

    Raises:
        ValueError: COURSE_CANARY is set to anything but 1.
    """
    value = os.environ.get("COURSE_CANARY", "").strip()
    if value not in ("", "1"):
        raise ValueError(
            "COURSE_CANARY must be 1 (to test the course itself on files that are not MNIST) or "
            f"unset; got {checks.short(value)}."
        )
    return value == "1"


def accepted_names(file):
    """Return the names under which `file` is accepted, in the order of preference."""
    part, _, kind = file.name.rpartition("-idx")
    digit, ending = kind.split("-")  # "3", "ubyte"
    plain = [file.name, f"{part}.idx{digit}-{ending}", f"{part}-idx{digit}.{ending}"]
    return [name for stem in plain for name in (f"{stem}.gz", stem)]


def read_folder(folder):
    """Read and verify the digits in `folder`: the four IDX files or, failing those, mnist.npz.

    Returns:
        dict: `x_train`, `y_train`, `x_test` and `y_test`, read-only uint8 arrays.

    Raises:
        DataError: no such folder, a missing file, or a file that is not MNIST's; names each.
    """
    folder = os.path.realpath(folder)
    _verify_folder(folder)
    found = {file: _candidates(folder, file) for file in FILES}
    if all(found.values()):
        return _read_four(folder, found)
    if os.path.lexists(os.path.join(folder, NPZ)):
        return read_npz(os.path.join(folder, NPZ))
    missing = [file for file, candidates in found.items() if not candidates]
    raise DataError(
        "\n".join(
            [
                *(f"{shown(folder)} lacks {_and_names(file)}" for file in missing),
                f"{NPZ}, which would do in place of the four, is not there either.",
                *_near_misses(folder, missing),
            ]
        )
    )


def read_npz(path):
    """Read and verify the mnist.npz at `path`; returns and raises as `read_folder`."""
    return parse_npz(read_bytes(path, npz_limit()), shown(path))


def parse_npz(raw, where):
    """Verify the bytes of an mnist.npz; `where` names them in errors. Returns as `read_folder`."""
    expected = f"expected an .npz archive of {NPZ_BYTES:,} bytes"
    if raw[:4] != ZIP:
        raise DataError(f"{where}: {_kind(raw) or 'not an archive'}: {expected}, {_found(raw)}.")
    if raw.count(ZIP_ENTRY) > MEMBERS:
        raise DataError(f"{where}: {expected}, found more than {MEMBERS} members.")
    contents = {}
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for file in FILES:
                with archive.open(f"{file.key}.npy") as member:
                    contents[file] = member.read(idx_limit(file) + 1)
    except KeyError as error:
        keys = ", ".join(file.key for file in FILES)
        raise DataError(f"{where}: expected the arrays {keys}, found no {file.key}.") from error
    except Exception as error:  # zipfile and zlib raise many kinds on a damaged file
        raise DataError(
            f"{where}: damaged or truncated: {expected}, found {len(raw):,} bytes that cannot be "
            f"read as one ({type(error).__name__}: {str(error)[:100]})."
        ) from error
    return {
        file.key: _npy_values(content, file, f"{where}, array {file.key}")
        for file, content in contents.items()
    }


def parse_idx(raw, file, where):
    """Verify the bytes of an IDX file, gzipped or not, against `file`, one of FILES.

    Returns:
        numpy.ndarray: read-only uint8 of the shape of `file`.

    Raises:
        DataError: anything but the published content; names `where`, what was expected and found.
    """
    header = _header(file.shape)
    content = _unpacked(raw, idx_size(file), file, where) if raw[:2] == GZIP else raw
    if is_canary():
        accepted = content[: len(header)] == header and len(content) == idx_size(file)
    else:
        accepted = hashlib.sha256(content).hexdigest() == file.sha256
    if not accepted:
        raise DataError(f"{where}: {_fault(content, file)}")
    return np.frombuffer(content, np.uint8, offset=len(header)).reshape(file.shape)


def read_bytes(path, limit):
    """Return the bytes of the regular file at `path`.

    Raises:
        DataError: missing, unreadable, not a regular file, or larger than `limit` bytes.
    """
    too_large = f"{shown(path)}: too large: expected {limit:,} bytes or less, found "
    try:
        _verify_regular(os.stat(path), path)
        # Another may stand there by now: opening a pipe must not wait for its other end.
        file = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
        with open(file, "rb") as opened:
            status = os.fstat(file)
            _verify_regular(status, path)
            if status.st_size > limit:
                raise DataError(f"{too_large}{status.st_size:,}.")
            content = opened.read(limit + 1) or b""  # None: nothing to read without waiting
    except OSError as error:
        broken = isinstance(error, FileNotFoundError) and os.path.islink(path)
        why = "a link to a file that is not there" if broken else error.strerror or error
        raise DataError(f"{shown(path)}: cannot be read: {why}.") from error
    if len(content) > limit:
        raise DataError(f"{too_large}more.")
    return content


def idx_size(file):
    """Return how many bytes `file` has, unpacked."""
    return len(_header(file.shape)) + math.prod(file.shape)


def idx_limit(file):
    """Return how many bytes `file` may take, packed or not."""
    return idx_size(file) + SLACK


def npz_limit():
    """Return how many bytes mnist.npz may take, packed or not."""
    return sum(idx_limit(file) for file in FILES)


def _verify_regular(status, path):
    kind = stat.S_IFMT(status.st_mode)
    if kind != stat.S_IFREG:
        others = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
        link = "a link to " if os.path.islink(path) else ""
        raise DataError(
            f"{shown(path)}: expected a file, found {link}{others.get(kind, 'a device')}."
        )


def _header(shape):
    return bytes([0, 0, UNSIGNED_BYTE, len(shape)]) + np.array(shape, ">u4").tobytes()


def _and_names(file):
    return f"{file.name}; accepted names: {', '.join(accepted_names(file))}."


def _verify_folder(folder):
    try:
        os.scandir(folder).close()
    except OSError as error:
        lines = [
            f"{shown(folder)}: no folder that can be read: {error.strerror or error}.",
            *(f"It must hold {_and_names(file)}" for file in FILES),
            f"Or it may hold {NPZ} in place of the four.",
        ]
        raise DataError("\n".join(lines)) from error


def _candidates(folder, file):
    """Return the accepted names that are there: files before folders, for Kaggle's has both."""
    paths = {name: os.path.join(folder, name) for name in accepted_names(file)}
    there = [name for name, path in paths.items() if os.path.lexists(path)]
    return sorted(there, key=lambda name: not os.path.isfile(paths[name]))


def _near_misses(folder, missing):
    """Yield, for names and folders that come close to what is missing, what to do with them."""
    with os.scandir(folder) as entries:
        some = sorted(itertools.islice(entries, LISTED), key=lambda entry: entry.name)
    taken = {name for file in FILES for name in accepted_names(file)}
    for wanted in (*(file.name for file in missing), NPZ):
        parts = re.split(r"[-.]", wanted)[:2]
        for name in (entry.name for entry in some if entry.name not in taken):
            if all(part in name.lower() for part in parts):
                yield f"{checks.short(name)} in it may be {wanted}: {_advice(name, wanted)}."
                break
    names = (NPZ, *accepted_names(FILES[0]))
    for entry in some:
        for below in (entry.path, os.path.join(entry.path, "raw")):
            if any(os.path.lexists(os.path.join(below, name)) for name in names):
                yield f"They may be in {shown(below)}: name that folder."
                return


def _advice(name, wanted):
    last = os.path.splitext(name.lower())[1]
    if last in PACKED_NAMES:
        return "unpack it first"
    if last in UNFINISHED_NAMES:
        return "a download that was not finished; fetch it again"
    return f"rename it to {wanted}{'.gz' if '.gz' in name.lower() else ''}"


def _read_four(folder, found):
    arrays, problems = {}, []
    for file, (name, *others) in found.items():
        path = os.path.join(folder, name)
        try:
            raw = read_bytes(path, idx_limit(file))
            arrays[file.key] = parse_idx(raw, file, shown(path))
        except DataError as error:
            move = f" To use {', '.join(others)} beside it, move it away." if others else ""
            problems.append(f"{error}{move}")
    if problems:
        raise DataError("\n".join(problems))
    return arrays


def _npy_values(content, file, where):
    """Return the values that end an .npy file, by their number: its header is not believed."""
    count, header = math.prod(file.shape), _header(file.shape)
    if not count < len(content) <= count + NPY_HEADER:
        size = f"{len(content):,} bytes" if len(content) <= idx_limit(file) else "more"
        expected = f"expected uint8 of shape {file.shape}, which takes {count:,} bytes"
        raise DataError(f"{where}: {expected} and a header; found {size}.")
    return parse_idx(header + content[-count:], file, where)


def _unpacked(raw, size, file, where):
    """Unpack at most one byte more than `size`: enough to tell that there is too much."""
    sizes = f"The published .gz has {file.gz_bytes:,} bytes, this one {len(raw):,}."
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        content = unpacker.decompress(raw, size + 1)
    except zlib.error as error:
        raise DataError(
            f"{where}: damaged: the gzip data cannot be unpacked ({error}). {sizes}"
        ) from error
    if not unpacker.eof and len(content) <= size:
        raise DataError(f"{where}: truncated: the gzip data end too early. {sizes}")
    return content


def _kind(raw):
    """Return what a file is by its beginning, where that is known, or None."""
    if not raw:
        return "empty"
    start = raw[:100].replace(b"\0", b"").lstrip(BEFORE_MARKUP)  # without the zeros of UTF-16
    return next((kind for sign, kind in KINDS.items() if start.startswith(sign)), None)


def _found(raw):
    return f"found {len(raw):,} bytes" + (f" that begin with {raw[:16]!r}" if raw else "")


def _fault(content, file):
    """Return what is wrong with `content`, the unpacked bytes of what should have been `file`."""
    found, size = hashlib.sha256(content).hexdigest(), idx_size(file)
    other = next((f.name for f in FILES if f.sha256 == found), None)
    kind = f"the content of {other}" if other else _kind(content)
    expected = f"expected {size:,} bytes (unpacked) of {file.name}"
    if kind or len(content) < size:
        return f"{kind or 'truncated'}: {expected}, {_found(content)}."
    if len(content) > size:
        return f"too long: {expected}, found more."
    return (
        "altered, or another data set of the same form: "
        f"expected sha256 {file.sha256}, found {found} (of the content as an unpacked IDX file)."
    )

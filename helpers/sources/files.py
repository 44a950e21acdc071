"""MNIST's files, read and verified: the four original IDX files, and Keras' mnist.npz.

The IDX format is the one of Yann LeCun, Corinna Cortes and Christopher Burges, "The MNIST database
of handwritten digits": two zero bytes, a byte for the type (8: unsigned byte), a byte for the
number of dimensions, each dimension as four bytes, big end first, then the values.
"""

import gzip
import hashlib
import io
import os
import re
import stat
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
NPZ_SHA256 = (
    "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"  # Keras publishes it
)
UNSIGNED_BYTE = 8  # the type code of an IDX file of bytes
NPZ_BYTES = 11490434
GZIP, ZIP, PICKLE = b"\x1f\x8b", b"PK\x03\x04", b"\x80"  # how such files begin
BEFORE_MARKUP = b"\xef\xbb\xbf\xfe\xff \t\r\n"  # marks of the byte order, and white space
LFS_POINTER = b"version https://git-lfs"
WIDEST = 8  # bytes a value: a file of floats is read, so that its dtype can be named
SLACK = 65536  # bytes that an archive may add to what it holds, before it is refused unread


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
    """Return `path` with the bytes that are not UTF-8 spelt out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


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
    names = _listing(folder)
    found = {file: _candidates(folder, names, file) for file in FILES}
    if all(found.values()):
        return _read_four(folder, found)
    if NPZ in names:
        return read_npz(os.path.join(folder, NPZ))
    lines = [
        f"{shown(folder)} lacks {_and_names(file)}"
        for file, candidates in found.items()
        if not candidates
    ]
    lines.append(f"{NPZ}, which would do in place of the four, is not there either.")
    raise DataError("\n".join(lines))


def read_npz(path):
    """Read and verify the mnist.npz at `path`; returns and raises as `read_folder`."""
    return parse_npz(read_bytes(path, WIDEST * npz_limit()), shown(path))


def parse_npz(raw, where):
    """Verify the bytes of an mnist.npz; `where` names them in errors. Returns as `read_folder`.

    The file is accepted when its hash is the published one, or when the hash of each array is (so
    that a genuine file that was packed again passes).
    """
    arrays = npz_arrays(raw, {file.key: file.shape for file in FILES}, where, NPZ_BYTES)
    if hashlib.sha256(raw).hexdigest() == NPZ_SHA256:
        return arrays
    for file in FILES:
        _verify_hash(_idx_sha256(arrays[file.key]), file, f"{where}, array {file.key}")
    return arrays


def parse_idx(raw, file, where):
    """Verify the bytes of an IDX file, gzipped or not, against `file`, one of FILES.

    Returns:
        numpy.ndarray: read-only uint8 of the shape of `file`.

    Raises:
        DataError: anything but the published content; names `where`, what was expected and found.
    """
    _refuse_other_kinds(raw, where)
    if raw[:4] == ZIP:
        raise DataError(
            f"{where}: a zip archive: expected an IDX file, gzipped or not. Unpack it first."
        )
    header = _header(file.shape)
    size = len(header) + int(np.prod(file.shape))
    packed = raw[:2] == GZIP
    content = _unpacked(raw, size, file, where) if packed else raw
    _refuse_other_kinds(content, where)
    _verify_header(content, file, where)
    if len(content) < size:
        raise DataError(
            f"{where}: truncated: expected {size:,} bytes (unpacked), found {len(content):,}."
        )
    if len(content) > size:
        amount = f"more than {size:,}" if packed else f"{len(content):,}"
        raise DataError(f"{where}: too long: expected {size:,} bytes (unpacked), found {amount}.")
    _verify_hash(hashlib.sha256(content).hexdigest(), file, where)
    return np.frombuffer(content, np.uint8, offset=len(header)).reshape(file.shape)


def npz_arrays(raw, shapes, where, published=None):
    """Read uint8 arrays from the bytes of an .npz, without pickle and without trusting its headers.

    Args:
        raw: the bytes of the file.
        shapes: dict of the shape that each array must have.
        where: names the file in errors.
        published: how many bytes the published file has, where there is one; for errors.

    Returns:
        dict: read-only uint8 arrays, by key.

    Raises:
        DataError: not an .npz, damaged, pickled objects, a missing array, another shape or dtype.
    """
    _refuse_other_kinds(raw, where)
    expected = "expected an .npz archive" + (f" of {published:,} bytes" if published else "")
    if raw[:4] != ZIP:
        raise DataError(
            f"{where}: {expected}, found {len(raw):,} bytes that begin with {raw[:8]!r}."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _verify_members(archive, shapes, where)
            arrays = {key: _npy_array(archive, key) for key in shapes}
    except DataError:
        raise
    except Exception as error:  # zipfile, zlib and NumPy raise many kinds on a damaged file
        raise DataError(
            f"{where}: damaged or truncated: {expected}, found {len(raw):,} bytes that cannot be "
            f"read as one ({type(error).__name__}: {error})."
        ) from error
    for array in arrays.values():
        array.flags.writeable = False
    return arrays


def read_bytes(path, limit):
    """Return the bytes of the regular file at `path`.

    Raises:
        DataError: missing, unreadable, not a regular file, or larger than `limit` bytes.
    """
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise DataError(f"{shown(path)}: expected a file, found {kind}.")
        if status.st_size > limit:
            raise DataError(
                f"{shown(path)}: too large: expected {limit:,} bytes or less, "
                f"found {status.st_size:,}."
            )
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        link = " (a link to a file that is not there)" if os.path.islink(path) else ""
        raise DataError(
            f"{shown(path)}: cannot be read: {error.strerror or error}{link}."
        ) from error


def idx_limit(file):
    """Return how many bytes `file` may take, packed or not."""
    return 16 + int(np.prod(file.shape)) + SLACK


def npz_limit():
    """Return how many bytes mnist.npz may take, packed or not."""
    return sum(idx_limit(file) for file in FILES)


def _header(shape):
    return bytes([0, 0, UNSIGNED_BYTE, len(shape)]) + np.array(shape, ">u4").tobytes()


def _and_names(file):
    return f"{file.name}; accepted names: {', '.join(accepted_names(file))}."


def _idx_sha256(array):
    digest = hashlib.sha256(_header(array.shape))
    digest.update(array)
    return digest.hexdigest()


def _listing(folder):
    try:
        return set(os.listdir(folder))
    except NotADirectoryError as error:
        raise DataError(
            f"{shown(folder)}: expected a folder, found a file; name the folder it lies in."
        ) from error
    except OSError as error:
        lines = [
            f"{shown(folder)}: no folder that can be read: {error.strerror or error}.",
            *(f"It must hold {_and_names(file)}" for file in FILES),
            f"Or it may hold {NPZ} in place of the four.",
        ]
        raise DataError("\n".join(lines)) from error


def _candidates(folder, names, file):
    """Return the accepted names that are there: files before folders, for Kaggle's has both."""
    there = [name for name in accepted_names(file) if name in names]
    return sorted(there, key=lambda name: not os.path.isfile(os.path.join(folder, name)))


def _read_four(folder, found):
    arrays, problems = {}, []
    for file, candidates in found.items():
        path = os.path.join(folder, candidates[0])
        try:
            arrays[file.key] = parse_idx(read_bytes(path, idx_limit(file)), file, shown(path))
        except DataError as error:
            others = ", ".join(candidates[1:])
            problems.append(
                f"{error}{f' To use {others} beside it, move it away.' if others else ''}"
            )
    if problems:
        raise DataError("\n".join(problems))
    return arrays


def _refuse_other_kinds(raw, where):
    if not raw:
        raise DataError(f"{where}: empty: expected digits, found 0 bytes.")
    if raw[:1] == PICKLE:
        raise DataError(f"{where}: a Python pickle, which can run code when it is read: refused.")
    start = raw[:512].replace(b"\0", b"").lstrip(BEFORE_MARKUP)  # without the zeros of UTF-16
    if start.startswith(LFS_POINTER):
        raise DataError(
            f"{where}: a Git LFS pointer, a note of where the file is kept, in place of the file. "
            "Run `git lfs pull` in the repository that it comes from."
        )
    refusal = re.match(rb"(?:<\?xml[^>]*>\s*)?<Error>(?:.*?<Code>([\w.]+))?", start, re.DOTALL)
    if refusal:
        code = f" ({refusal[1].decode('ascii', 'replace')})" if refusal[1] else ""
        raise DataError(f"{where}: a server's refusal in XML{code}, saved in place of the file.")
    if start.startswith(b"<"):
        raise DataError(
            f"{where}: a web page saved in place of the file (it begins with {start[:15]!r})."
        )


def _unpacked(raw, size, file, where):
    """Unpack at most one byte more than `size`: enough to tell that there is too much."""
    sizes = f"The published .gz has {file.gz_bytes:,} bytes, this one {len(raw):,}."
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            return packed.read(size + 1)
    except EOFError as error:
        raise DataError(f"{where}: truncated: the gzip data end too early. {sizes}") from error
    except (OSError, zlib.error) as error:
        raise DataError(
            f"{where}: damaged: the gzip data cannot be unpacked ({error}). {sizes}"
        ) from error


def _verify_header(content, file, where):
    header = _header(file.shape)
    if len(content) < len(header):
        raise DataError(
            f"{where}: truncated: expected {len(header)} bytes of header and then the values, "
            f"found {len(content)} bytes in all."
        )
    magic, found = (int.from_bytes(start[:4], "big") for start in (header, content))
    if magic != found:
        kind = {2049: " (a file of labels)", 2051: " (a file of images)"}.get(found, "")
        raise DataError(f"{where}: wrong magic number: expected {magic}, found {found}{kind}.")
    shape = tuple(int(n) for n in np.frombuffer(content[4 : len(header)], ">u4"))
    if shape != file.shape:
        what = "images" if len(shape) == 3 else "labels, one for each image"
        raise DataError(
            f"{where}: wrong counts: expected {_times(file.shape)} {what}, "
            f"its header says {_times(shape)}{_like(shape)}."
        )


def _verify_hash(found, file, where):
    if found == file.sha256:
        return
    other = next((f" This is the content of {f.name}." for f in FILES if f.sha256 == found), "")
    raise DataError(
        f"{where}: altered, or another data set of the same form: expected sha256 {file.sha256}, "
        f"found {found} (of the content as an unpacked IDX file).{other}"
    )


def _like(shape):
    return next((f" (as {file.name} has)" for file in FILES if file.shape == shape), "")


def _times(shape):
    return " × ".join(f"{n:,}" for n in shape)


def _npy_header(archive, name):
    with archive.open(name) as member:
        start = io.BytesIO(member.read(SLACK))
    major, _ = np.lib.format.read_magic(start)
    first = major == 1
    read = np.lib.format.read_array_header_1_0 if first else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(start)
    return shape, dtype


def _npy_array(archive, key):
    with archive.open(f"{key}.npy") as member:
        return np.ascontiguousarray(np.lib.format.read_array(member, allow_pickle=False))


def _verify_members(archive, shapes, where):
    """Refuse an archive by what its directory and headers say, before any array is unpacked."""
    names = [name for name in archive.namelist() if name.endswith(".npy")]
    headers = {name: _npy_header(archive, name) for name in names}
    for name, (_, dtype) in headers.items():
        if dtype.hasobject:
            raise DataError(
                f"{where}: {name} holds pickled objects, which can run code when read: refused."
            )
    missing = [key for key in shapes if f"{key}.npy" not in headers]
    if missing:
        raise DataError(
            f"{where}: expected the arrays {', '.join(shapes)}; {', '.join(missing)} not among "
            f"those found ({', '.join(names) or 'none'})."
        )
    for key, expected in shapes.items():
        shape, dtype = headers[f"{key}.npy"]
        if shape != expected or dtype != np.uint8:
            raise DataError(
                f"{where}, array {key}: expected uint8 of shape {expected}, "
                f"found {dtype} of shape {shape}{_like(shape)}."
            )
    size = sum(member.file_size for member in archive.infolist())
    limit = sum(int(np.prod(shape)) + SLACK for shape in shapes.values())
    if size > limit:
        raise DataError(
            f"{where}: too large: expected {limit:,} bytes or less unpacked, found {size:,}."
        )

"""A folder of one's own: the forms in which it may hold the digits, and the damage that is named.

No MNIST is needed: a small data set takes its place in the table of known files.
"""

import gzip
import io
import os
import pickle
import runpy
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.sources import files
from tests.helpers import small
from tests.helpers.small import (
    ARRAYS,
    GZ,
    IMAGES,
    KNOWN,
    LABELS,
    NPZ,
    PLAIN,
    TEST_IMAGES,
    TEST_LABELS,
    assert_genuine,
    npz,
    write,
)

pytestmark = pytest.mark.usefixtures("home", "drawings")
REAL = os.environ.get("MNIST_DIR", "").strip()
needs_unix = pytest.mark.skipif(os.name != "posix", reason="no such files on this system")


def renamed(old, new, contents):
    return {name.replace(old, new): content for name, content in contents.items()}


FORMS = {
    "gz": GZ,
    "plain": PLAIN,
    "mixed": {**dict(list(GZ.items())[:2]), **dict(list(PLAIN.items())[2:])},
    "dotted": renamed("-idx", ".idx", PLAIN),
    "dotted ending": renamed("-ubyte", ".ubyte", GZ),
    "gzipped again": {f"{name}.gz": gzip.compress(c, 1, mtime=5) for name, c in PLAIN.items()},
    "npz": {"mnist.npz": NPZ},
    "npz zipped again": {"mnist.npz": npz(ARRAYS, np.savez)},
    "npz with more": {"mnist.npz": npz(ARRAYS | {"notes": np.array([{}], object)})},
    "npz beside a part": {"mnist.npz": NPZ, f"{IMAGES}.gz": GZ[f"{IMAGES}.gz"]},
}


@pytest.mark.parametrize("form", FORMS)
def test_a_folder_is_read_in_every_accepted_form(tmp_path, monkeypatch, server, capsys, form):
    write(tmp_path / "mine", FORMS[form])
    monkeypatch.setenv("MNIST_DIR", str(tmp_path / "mine"))
    assert_genuine(data.load_digits())
    assert capsys.readouterr().out == ""
    assert server.asked == []


def test_a_folder_may_be_relative_or_in_the_home_or_a_link(tmp_path, home, folder, monkeypatch):
    (tmp_path / "pages").mkdir()
    monkeypatch.chdir(tmp_path / "pages")
    monkeypatch.setenv("MNIST_DIR", "../mine/")
    data.load_digits()
    monkeypatch.setenv("MNIST_DIR", "../nowhere")
    with pytest.raises(data.DataError) as caught:
        data.load_digits()
    assert "MNIST_DIR=../nowhere" in str(caught.value)
    assert f"{tmp_path}{os.sep}nowhere: " in str(caught.value)
    (home / "digits").symlink_to(folder)
    monkeypatch.setenv("MNIST_DIR", "~/digits")
    data.load_digits()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, file names are Unicode")
def test_a_folder_may_have_a_name_that_is_not_utf8(tmp_path, monkeypatch):
    path = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(path)
    monkeypatch.setenv("MNIST_DIR", os.fsdecode(path))
    with pytest.raises(data.DataError, match=r"caf\\xe9 lacks train-images") as caught:
        data.load_digits()
    str(caught.value).encode("utf-8")  # can be printed
    write(Path(os.fsdecode(path)), GZ)
    assert_genuine(data.load_digits())


def changed(content, at):
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


class Harmful:
    """Makes a folder where it is unpickled."""

    def __reduce__(self):
        return (os.mkdir, ("harm",))


def of(stem, content, said):
    """Damage: the file `stem`.gz holds `content`."""
    return {f"{stem}.gz": content}, rf"{stem}\.gz: {said}"


def packed(stem, content, said):
    return of(stem, gzip.compress(content), said)


def in_npz(content, said):
    """Damage: mnist.npz, alone in its folder, holds `content`."""
    return {"mnist.npz": content} | dict.fromkeys(GZ), rf"mnist\.npz{said}"


def zipped(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


PAGE = b"<!DOCTYPE html><html><body>404</body></html>"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:731c\nsize 11490434\n"
OTHER = small.arrays(2)
GZ_IMAGES, GZ_LABELS = GZ[f"{IMAGES}.gz"], GZ[f"{LABELS}.gz"]
DAMAGE = {  # what is written (None: deleted) into a folder of good .gz, and what is said
    "nothing": (dict.fromkeys(GZ), "(?s)lacks train-images-idx3.*lacks t10k-labels.*mnist.npz"),
    "one missing": (
        {f"{TEST_LABELS}.gz": None},
        r"mine lacks t10k-labels-idx1-ubyte; accepted names: .*t10k-labels\.idx1-ubyte",
    ),
    "empty": of(LABELS, b"", "empty: expected 308 bytes"),
    "gz truncated": of(
        IMAGES, GZ_IMAGES[:100_000], rf"truncated.*{len(GZ_IMAGES):,} bytes, this one 100,000"
    ),
    "gz checksum": of(LABELS, changed(GZ_LABELS, len(GZ_LABELS) - 8), "damaged: .*data check"),
    "gz too long": packed(LABELS, PLAIN[LABELS] + b"\0", "too long: expected 308 bytes"),
    "gz bomb": packed(IMAGES, bytes(50_000_000), "too long: expected 235,216 .*found more"),
    "gz twice": packed(IMAGES, GZ_IMAGES, "gzipped once more"),
    "truncated": of(IMAGES, PLAIN[IMAGES][:-1], "truncated: .*235,216 bytes .*found 235,215"),
    "too long": of(TEST_LABELS, PLAIN[TEST_LABELS] + b"\n", "too long: expected 68 bytes"),
    "web page, utf-16": of(IMAGES, PAGE.decode().encode("utf-16"), "a web page"),
    "web page, gzipped": packed(IMAGES, PAGE, "a web page"),
    "git lfs": of(IMAGES, POINTER, "a Git LFS pointer, .*run `git lfs pull`"),
    "zip": of(IMAGES, NPZ, "an archive of another kind, so unpack it first"),
    "one pixel": of(IMAGES, changed(PLAIN[IMAGES], 5000), f"altered.* sha256 {KNOWN[0].sha256}"),
    "another data set": of(IMAGES, data.to_idx(OTHER["x_train"]), "altered, or another data set"),
    "test for train": of(IMAGES, PLAIN[TEST_IMAGES], f"the content of {TEST_IMAGES}: expected"),
    "two at once": (
        {f"{IMAGES}.gz": PLAIN[LABELS], f"{LABELS}.gz": b""},
        rf"(?s){IMAGES}.gz: the content of .*{LABELS}.gz: empty",
    ),
    "bad beside good": (
        {f"{IMAGES}.gz": b"", IMAGES: PLAIN[IMAGES]},
        rf"\.gz: empty.*To use {IMAGES} beside it, move it away",
    ),
    "npz truncated": in_npz(NPZ[:50_000], rf": damaged or truncated: .*{len(NPZ):,} bytes"),
    "npz without its front": in_npz(NPZ[50_000:], ": not an archive: .* that begin with"),
    "npz garbled": in_npz(NPZ[:2000] + bytes(2000) + NPZ[4000:], ": damaged or truncated"),
    "npz one pixel": in_npz(
        npz(ARRAYS | {"x_test": ARRAYS["x_test"] ^ 1}), f", array x_test: .*{KNOWN[2].sha256}"
    ),
    "npz without a key": in_npz(npz({"x_train": ARRAYS["x_train"]}), ": .* found no y_train"),
    "npz of objects": in_npz(
        npz(ARRAYS | {"y_train": np.array([Harmful()], object)}), ", array y_train: altered"
    ),
    "npz a pickle": in_npz(pickle.dumps([Harmful()]), ": a Python pickle"),
    "npz dtype": in_npz(
        npz(ARRAYS | {"y_train": ARRAYS["y_train"].astype(np.int64)}),
        r", array y_train: expected uint8 of shape \(300,\).*found 2,528 bytes",
    ),
    "npz bomb": in_npz(
        npz(ARRAYS | {"y_train": np.zeros(50_000_000, np.uint8)}), ", array y_train: .*found more"
    ),
    "npz of a decoy": in_npz(
        zipped([("x_train", NPZ), ("x_train.npy", bytes(235_328))]), ": .*found no y_train"
    ),
    "npz of many": in_npz(zipped((f"{i}", b"") for i in range(500)), ": .*more than 100 members"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_named_and_never_replaced(folder, server, capsys, monkeypatch, kind):
    server.answers["/keras/mnist.npz"] = NPZ  # a good source that must not be used
    monkeypatch.chdir(folder)
    contents, message = DAMAGE[kind]
    for name, content in contents.items():
        (folder / name).unlink(missing_ok=True)
        if content is not None:
            (folder / name).write_bytes(content)
    before = sorted(os.listdir(folder))
    with pytest.raises(data.DataError, match=message) as caught:
        data.load_digits()
    said = str(caught.value)
    assert str(folder) in said and "To get MNIST" in said
    assert "pickle=" not in said and len(said) < 5000
    assert sorted(os.listdir(folder)) == before
    assert server.asked == [] and data.source_in_use() is None
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.mkdir(), "expected a file, found a folder"),
        (lambda path: os.mkfifo(path), "expected a file, found a pipe"),
        (lambda path: path.symlink_to("/dev/zero"), "expected a file, found a link to a device"),
        (lambda path: path.symlink_to("gone"), "cannot be read: a link to a file that is not"),
        (lambda path: path.write_bytes(b"") or os.truncate(path, 10**10), "found 10,000,000,000"),
    ],
    ids=["folder", "pipe", "device", "broken link", "10 GB"],
)
@pytest.mark.parametrize("name", [f"{LABELS}.gz", "mnist.npz"])
@needs_unix
def test_what_is_no_file_of_that_size_is_named_at_once(folder, make, said, name):
    for path in folder.iterdir() if name == "mnist.npz" else [folder / name]:
        path.unlink()
    make(folder / name)
    began = time.monotonic()
    with pytest.raises(data.DataError, match=rf"{name}: .*{said}"):
        data.load_digits()
    assert time.monotonic() - began < 2


@needs_unix
def test_a_pipe_that_takes_a_files_place_is_not_waited_for(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"")
    status = os.stat(tmp_path / "file")
    monkeypatch.setattr(os, "stat", lambda path: status)
    with pytest.raises(data.DataError, match="found a pipe"):
        files.read_bytes(tmp_path / "pipe", 10)


# Near misses: what was meant is said


@pytest.mark.parametrize("setting", ["'{}'", "“{}”", "file://{}", "${{PLACE}}/mine"])
@needs_unix
def test_the_folder_that_a_setting_means_is_named(tmp_path, folder, monkeypatch, setting):
    monkeypatch.setenv("PLACE", str(tmp_path))
    monkeypatch.setenv("MNIST_DIR", setting.format(folder))
    with pytest.raises(data.DataError, match=rf"Did you mean {folder}\?"):
        data.load_digits()


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        (f"{LABELS} (1).gz", f"may be {LABELS}: rename it to {LABELS}.gz"),
        (f"{LABELS}.gz".upper(), f"may be {LABELS}: rename it to {LABELS}.gz"),
        (f"{LABELS}.xz", f"may be {LABELS}: unpack it first"),
        (f"{LABELS}.gz.crdownload", f"may be {LABELS}: a download that was not finished"),
        ("Mnist.npz.zip", "may be mnist.npz: unpack it first"),
    ],
)
def test_the_file_that_may_be_the_one_is_named(folder, name, advice):
    if (folder / name).exists():
        pytest.skip("this file system does not tell such names apart")
    (folder / f"{LABELS}.gz").rename(folder / name)
    with pytest.raises(data.DataError) as caught:
        data.load_digits()
    assert f"'{name}' in it {advice}" in str(caught.value)
    assert str(caught.value).count(" in it may be ") == 1


def test_the_folder_below_is_named(folder, tmp_path, monkeypatch):
    (tmp_path / "data" / "MNIST").mkdir(parents=True)
    folder.rename(tmp_path / "data" / "MNIST" / "raw")
    monkeypatch.setenv("MNIST_DIR", str(tmp_path / "data"))
    with pytest.raises(data.DataError, match="They may be in .*MNIST/raw: name that folder"):
        data.load_digits()


def test_messages_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_DIR", "x" * 100_000)
    with pytest.raises(data.DataError) as caught:
        data.load_digits()
    assert len(str(caught.value)) < 4000


# The format


def test_to_idx_is_the_published_format():
    assert data.to_idx(np.array([7, 2, 1], np.uint8)) == bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1])
    images = data.to_idx(np.zeros((258, 28, 28), np.uint8))
    assert images[:16] == bytes([0, 0, 8, 3, 0, 0, 1, 2, 0, 0, 0, 28, 0, 0, 0, 28])
    assert len(images) == 16 + 258 * 784
    turned = np.arange(6, dtype=np.uint8).reshape(2, 3).T
    assert data.to_idx(turned)[12:] == bytes([0, 3, 1, 4, 2, 5])


@pytest.mark.parametrize("wrong", [np.zeros(3), np.uint8(3), None, [[1], [2, 3]]])
def test_to_idx_refuses_what_holds_no_digits(wrong):
    with pytest.raises(ValueError, match="array must be uint8 with at least one dimension and .*"):
        data.to_idx(wrong)


@pytest.mark.skipif(not REAL, reason="MNIST_DIR is unset: no MNIST to check")
def test_mnist_itself_in_both_formats(tmp_path, monkeypatch):
    published = runpy.run_path(files.__file__)
    monkeypatch.setattr(files, "FILES", tuple(files.File(*file) for file in published["FILES"]))
    arrays = files.read_folder(REAL)
    write(tmp_path / "npz", {"mnist.npz": npz(arrays, np.savez)})
    again = files.read_folder(tmp_path / "npz")
    for key, array in arrays.items():
        np.testing.assert_array_equal(again[key], array)
        assert not array.flags.writeable
    assert arrays["y_test"][:5].tolist() == [7, 2, 1, 0, 4]

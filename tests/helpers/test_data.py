"""The digits: sources, downloads, damage, the split.

No MNIST is needed: a small data set takes its place in the tables of known files, in the same
formats, and a server on this machine takes the place of the mirrors.
"""

import contextlib
import errno
import gzip
import hashlib
import io
import os
import pickle
import re
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.handwriting import drawn
from helpers.sources import cache, download, files

ROOT = Path(__file__).resolve().parents[2]
REAL = os.environ.get("MNIST_DIR", "").strip()
TRAIN, TEST, VALIDATION = 300, 60, 30
NAMES = [file.name for file in files.FILES]


def _synthetic(seed):
    rng = np.random.default_rng(seed)
    return {
        "x_train": rng.integers(0, 256, (TRAIN, 28, 28), np.uint8),
        "y_train": (np.arange(TRAIN) % 10).astype(np.uint8),
        "x_test": rng.integers(0, 256, (TEST, 28, 28), np.uint8),
        "y_test": (np.arange(TEST) % 10).astype(np.uint8),
    }


def _npz(arrays, save=np.savez_compressed):
    buffer = io.BytesIO()
    save(buffer, **arrays)
    return buffer.getvalue()


ARRAYS = _synthetic(1)
NPZ = _npz(ARRAYS)
PLAIN = {file.name: data.to_idx(ARRAYS[file.key]) for file in files.FILES}
GZ = {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in PLAIN.items()}
KNOWN = tuple(
    files.File(
        file.name,
        file.key,
        ARRAYS[file.key].shape,
        hashlib.sha256(PLAIN[file.name]).hexdigest(),
        len(GZ[f"{file.name}.gz"]),
    )
    for file in files.FILES
)


def know_the_synthetic(patch, address):
    """Let `patch(object, name, value)` put the small data set and the local server in place."""
    patch(files, "FILES", KNOWN)
    patch(files, "NPZ_SHA256", hashlib.sha256(NPZ).hexdigest())
    patch(files, "NPZ_BYTES", len(NPZ))
    patch(data, "VALIDATION", VALIDATION)
    patch(download, "NPZ_URL", f"{address}/keras/mnist.npz")
    patch(download, "MIRRORS", (f"{address}/one/", f"{address}/two/"))


class Server:
    """Serves what `answers` holds for a path: bytes, or a function of the request's handler."""

    def __init__(self):
        self.answers, self.asked = {}, []
        self.asked_once, self.hung_up = threading.Event(), threading.Event()
        self.closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                outer.asked_once.set()
                answer = outer.answers.get(self.path, status(404))
                try:
                    (good(answer) if isinstance(answer, bytes) else answer)(self)
                except OSError:
                    outer.hung_up.set()

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads, self._server.block_on_close = True, False
        self._server.closing = self.closing
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def mirror(self, name, files):
        for file, content in files.items():
            self.answers[f"/{name}/{file}"] = content

    def close(self):
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


def good(content, length=None):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(length or len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def no_length(content):
    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def status(code, page=b"<html>sorry</html>"):
    def answer(handler):
        handler.send_response(code)
        handler.send_header("Content-Length", str(len(page)))
        handler.end_headers()
        handler.wfile.write(page)

    return answer


def redirect(to):
    def answer(handler):
        handler.send_response(302)
        handler.send_header("Location", to)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def silent(handler):
    handler.server.closing.wait(30)


def silent_after(content):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(10 * len(content)))
        handler.end_headers()
        handler.wfile.write(content)
        silent(handler)

    return answer


def in_steps(content, size, pause):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        for start in range(0, len(content), size):
            if handler.server.closing.wait(pause):
                return
            handler.wfile.write(content[start : start + size])

    return answer


def trickling_header(handler):
    for byte in b"HTTP/1.0 200 OK\r\nX-Slow: " + b"x" * 10_000:
        if handler.server.closing.wait(0.02):
            return
        handler.wfile.write(bytes([byte]))


@pytest.fixture
def server():
    served = Server()
    yield served
    served.close()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch, server):
    """An empty home, no settings, small known files, and a quick stand-in for the drawing."""
    for name in ("MNIST_DIR", "MNIST_SOURCE", "KERAS_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    know_the_synthetic(monkeypatch.setattr, server.address)
    monkeypatch.setattr(download, "STALL", 10)  # a busy machine is no silent server
    monkeypatch.setattr(data, "KERAS_FALLBACK", tmp_path / "fallback")
    monkeypatch.setattr(data, "_in_use", None)
    monkeypatch.setattr(cache, "_said", set())
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def drawings(monkeypatch):
    """Replace the drawing by noise; the list holds the seeds that were asked for."""
    seeds = []

    def draw(count, seed=0, progress=False):
        seeds.append(seed)
        rng = np.random.default_rng(seed)
        images = rng.integers(0, 256, (count, 28, 28), np.uint8)
        return images, (np.arange(count) % 10).astype(np.uint8)

    monkeypatch.setattr(drawn, "draw_digits", draw)
    return seeds


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of good files, gzipped, that MNIST_DIR names."""
    path = tmp_path / "mine"
    path.mkdir()
    write(path, GZ)
    monkeypatch.setenv("MNIST_DIR", str(path))
    return path


def write(path, files):
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (path / name).write_bytes(content)


def cached(tmp_path):
    """What the course's cache holds, the lock aside."""
    return sorted(set(os.listdir(tmp_path / "cache")) - {".lock"})


def assert_genuine(digits):
    assert digits.source == data.source_in_use() == "mnist"
    assert len(digits.train.labels) == TRAIN - VALIDATION
    assert len(digits.validation.labels) == VALIDATION
    together = np.concatenate([digits.train.images, digits.validation.images])
    assert sorted(image.tobytes() for image in together) == sorted(
        image.tobytes() for image in ARRAYS["x_train"]
    )
    images, labels = digits.test
    np.testing.assert_array_equal(images, ARRAYS["x_test"])
    np.testing.assert_array_equal(labels, ARRAYS["y_test"])


# A folder of one's own: the forms in which it may hold the digits

FORMS = []


def form(function):
    FORMS.append(function)
    return function


@form
def as_gz(path):
    write(path, GZ)


@form
def as_plain(path):
    write(path, PLAIN)


@form
def as_both(path):
    write(path, GZ | PLAIN)


@form
def as_mixture(path):
    write(path, GZ)
    (path / f"{NAMES[1]}.gz").unlink()
    write(path, {NAMES[1]: PLAIN[NAMES[1]]})


@form
def as_dotted(path):
    write(path, {name.replace("-idx", ".idx"): content for name, content in PLAIN.items()})


@form
def as_dotted_ending(path):
    write(path, {n.replace("-ubyte", ".ubyte") + ".gz": gzip.compress(c) for n, c in PLAIN.items()})


@form
def as_misnamed_kind(path):
    write(path, {f"{name}.gz": content for name, content in PLAIN.items()})


@form
def as_gzipped_again(path):
    write(path, {f"{name}.gz": gzip.compress(c, 1, mtime=5) for name, c in PLAIN.items()})


@form
def as_folders_beside(path):
    as_dotted(path)
    for name in NAMES:
        (path / name).mkdir()


@form
def as_npz(path):
    write(path, {"mnist.npz": NPZ})


@form
def as_npz_zipped_again(path):
    write(path, {"mnist.npz": _npz(ARRAYS, np.savez)})


@form
def as_npz_in_columns(path):
    write(path, {"mnist.npz": _npz({k: np.asfortranarray(a) for k, a in ARRAYS.items()})})


@form
def as_npz_beside_a_part(path):
    write(path, {"mnist.npz": NPZ, f"{NAMES[0]}.gz": GZ[f"{NAMES[0]}.gz"]})


@pytest.mark.parametrize("make", FORMS)
def test_a_folder_is_read_in_every_accepted_form(tmp_path, monkeypatch, server, capsys, make):
    path = tmp_path / "mine"
    path.mkdir()
    make(path)
    monkeypatch.setenv("MNIST_DIR", str(path))
    assert_genuine(data.load_digits())
    assert capsys.readouterr().out == ""
    assert server.asked == []


def test_a_folder_may_be_relative_or_in_the_home_or_a_link(tmp_path, home, folder, monkeypatch):
    (tmp_path / "pages").mkdir()
    monkeypatch.chdir(tmp_path / "pages")
    monkeypatch.setenv("MNIST_DIR", "../mine/")
    assert_genuine(data.load_digits())
    (home / "digits").symlink_to(folder)
    monkeypatch.setenv("MNIST_DIR", "~/digits")
    assert_genuine(data.load_digits())


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


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_setting_is_none(monkeypatch, server, empty):
    server.answers["/keras/mnist.npz"] = NPZ
    monkeypatch.setenv("MNIST_DIR", empty)
    monkeypatch.setenv("MNIST_SOURCE", empty)
    assert_genuine(data.load_digits())


# Damage: what is done to a file of the folder, and what the error must say

IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = NAMES
DAMAGE = []


def damages(function):
    DAMAGE.append(function)
    return function


def plain(path, name, content):
    (path / f"{name}.gz").unlink(missing_ok=True)
    (path / name).write_bytes(content)


def changed(content, at):
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@damages
def no_folder(path):
    path.rename(path.with_name("elsewhere"))
    return (
        r"(?s)mine: no folder that can be read: No such file.*"
        r"must hold train-images-idx3-ubyte; accepted names: .*train-images\.idx3-ubyte\.gz.*"
        r"must hold t10k-labels-idx1-ubyte; accepted names: .*mnist\.npz in place of the four"
    )


@damages
def a_file_for_the_folder(path):
    no_folder(path)
    path.write_bytes(NPZ)
    return r"mine: expected a folder, found a file"


@damages
def nothing_in_it(path):
    for file in path.iterdir():
        file.unlink()
    return r"(?s)lacks train-images-idx3.*lacks t10k-labels-idx1.*files.npz"


@damages
def one_missing(path):
    (path / f"{TEST_LABELS}.gz").unlink()
    return r"mine lacks t10k-labels-idx1-ubyte; accepted names: .*t10k-labels\.idx1-ubyte"


@damages
def gz_truncated(path):
    (path / f"{IMAGES}.gz").write_bytes(GZ[f"{IMAGES}.gz"][:100_000])
    size = len(GZ[f"{IMAGES}.gz"])
    return rf"train-images-idx3-ubyte.gz: truncated.*{size:,} bytes, this one 100,000"


@damages
def gz_checksum(path):
    (path / f"{LABELS}.gz").write_bytes(changed(GZ[f"{LABELS}.gz"], -8 + len(GZ[f"{LABELS}.gz"])))
    return r"train-labels-idx1-ubyte.gz: damaged: .*CRC"


@damages
def gz_garbled(path):
    content = bytearray(GZ[f"{IMAGES}.gz"])
    content[5000:6000] = b"\xff" * 1000
    (path / f"{IMAGES}.gz").write_bytes(content)
    return r"train-images-idx3-ubyte.gz: (damaged|altered)"


@damages
def gz_of_more(path):
    (path / f"{LABELS}.gz").write_bytes(gzip.compress(PLAIN[LABELS] + b"\0"))
    return r"train-labels-idx1-ubyte.gz: too long: expected 308 bytes \(unpacked\), found more"


@damages
def gz_of_very_much(path):
    header = PLAIN[IMAGES][:4] + b"\xff" * 4 + PLAIN[IMAGES][8:16]
    (path / f"{IMAGES}.gz").write_bytes(gzip.compress(header + bytes(50_000_000)))
    return r"wrong counts: expected 300 × 28 × 28 images, its header says 4,294,967,295 × 28"


@damages
def gz_twice(path):
    (path / f"{IMAGES}.gz").write_bytes(gzip.compress(GZ[f"{IMAGES}.gz"]))
    return r"wrong magic number: expected 2051, found \d+"


@damages
def plain_truncated(path):
    plain(path, IMAGES, PLAIN[IMAGES][:-1])
    return r"train-images-idx3-ubyte: truncated: expected 235,216 bytes .*found 235,215"


@damages
def plain_too_long(path):
    plain(path, TEST_LABELS, PLAIN[TEST_LABELS] + b"\n")
    return r"t10k-labels-idx1-ubyte: too long: expected 68 bytes .*found 69"


@damages
def plain_very_large(path):
    plain(path, IMAGES, b"")
    os.truncate(path / IMAGES, 10**10)
    return r"train-images-idx3-ubyte: too large: .*found 10,000,000,000"


@damages
def header_only_in_part(path):
    plain(path, IMAGES, PLAIN[IMAGES][:11])
    return r"truncated: expected 16 bytes of header .* found 11"


@damages
def empty_file(path):
    (path / f"{LABELS}.gz").write_bytes(b"")
    return r"train-labels-idx1-ubyte.gz: empty"


@damages
def folder_for_a_file(path):
    (path / f"{LABELS}.gz").unlink()
    (path / LABELS).mkdir()
    return r"train-labels-idx1-ubyte: expected a file, found a folder"


@damages
def pipe_for_a_file(path):
    (path / f"{LABELS}.gz").unlink()
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes on this system")
    os.mkfifo(path / LABELS)
    return r"train-labels-idx1-ubyte: expected a file, found not a regular file"


@damages
def broken_link(path):
    (path / f"{LABELS}.gz").unlink()
    (path / LABELS).symlink_to(path / "gone")
    return r"train-labels-idx1-ubyte: cannot be read: .*\(a link to a file that is not there\)"


@damages
def web_page(path):
    (path / f"{IMAGES}.gz").write_bytes(b"\n<!DOCTYPE html><html><body>404</body></html>")
    return r"train-images-idx3-ubyte.gz: a web page saved in place of the file"


@damages
def web_page_with_a_mark(path):
    (path / f"{IMAGES}.gz").write_bytes(b"\xef\xbb\xbf\r\n<!DOCTYPE html><html></html>")
    return r"train-images-idx3-ubyte.gz: a web page saved in place of the file"


@damages
def web_page_in_utf16(path):
    (path / f"{IMAGES}.gz").write_bytes("<html><body>404</body></html>".encode("utf-16"))
    return r"train-images-idx3-ubyte.gz: a web page saved in place of the file"


REFUSAL = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>'


@damages
def refusal_of_a_store(path):
    (path / f"{IMAGES}.gz").write_bytes(REFUSAL)
    return r"ubyte.gz: a server's refusal in XML \(AccessDenied\), saved in place of the file"


@damages
def refusal_without_a_code(path):
    npz(path, b"<Error>No</Error>")
    return r"mnist.npz: a server's refusal in XML, saved in place of the file"


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:731c\nsize 11490434\n"


@damages
def pointer_for_images(path):
    plain(path, IMAGES, POINTER)
    return r"train-images-idx3-ubyte: a Git LFS pointer, .*Run `git lfs pull`"


@damages
def pointer_for_npz(path):
    npz(path, POINTER)
    return r"mnist.npz: a Git LFS pointer, .*Run `git lfs pull`"


@damages
def web_page_gzipped(path):
    (path / f"{IMAGES}.gz").write_bytes(gzip.compress(b"<html>404</html>" * 9))
    return r"train-images-idx3-ubyte.gz: a web page saved in place of the file"


@damages
def zip_for_gz(path):
    (path / f"{IMAGES}.gz").write_bytes(NPZ)
    return r"train-images-idx3-ubyte.gz: a zip archive"


@damages
def one_pixel(path):
    plain(path, IMAGES, changed(PLAIN[IMAGES], 5000))
    return rf"train-images-idx3-ubyte: altered.* expected sha256 {KNOWN[0].sha256}, found [0-9a-f]"


@damages
def one_label(path):
    (path / f"{TEST_LABELS}.gz").write_bytes(gzip.compress(changed(PLAIN[TEST_LABELS], 20)))
    return rf"t10k-labels-idx1-ubyte.gz: altered.* expected sha256 {KNOWN[3].sha256}"


@damages
def another_data_set(path):
    (path / f"{IMAGES}.gz").write_bytes(gzip.compress(data.to_idx(_synthetic(2)["x_train"])))
    return r"train-images-idx3-ubyte.gz: altered, or another data set of the same form"


@damages
def labels_for_images(path):
    plain(path, IMAGES, PLAIN[LABELS])
    return r"wrong magic number: expected 2051, found 2049 \(a file of labels\)"


@damages
def images_for_labels(path):
    plain(path, LABELS, PLAIN[IMAGES][: len(PLAIN[LABELS])])
    return r"wrong magic number: expected 2049, found 2051 \(a file of images\)"


@damages
def floats(path):
    plain(path, IMAGES, b"\0\0\x0d\3" + PLAIN[IMAGES][4:])
    return r"wrong magic number: expected 2051, found 3331"


@damages
def digits_of_the_test_for_train(path):
    plain(path, IMAGES, PLAIN[TEST_IMAGES])
    plain(path, TEST_IMAGES, PLAIN[IMAGES])
    return r"header says 60 × 28 × 28 \(as t10k-images-idx3-ubyte has\)"


@damages
def fewer_labels_than_images(path):
    (path / f"{LABELS}.gz").write_bytes(gzip.compress(data.to_idx(ARRAYS["y_train"][:-1])))
    return r"wrong counts: expected 300 labels, one for each image, its header says 299"


@damages
def smaller_images(path):
    plain(path, IMAGES, data.to_idx(ARRAYS["x_train"][:, 1:]))
    return r"wrong counts: expected 300 × 28 × 28 images, its header says 300 × 27 × 28"


@damages
def bad_beside_good(path):
    (path / f"{IMAGES}.gz").write_bytes(b"")
    (path / IMAGES).write_bytes(PLAIN[IMAGES])
    return r"\.gz: empty.*To use train-images-idx3-ubyte beside it, move it away"


@damages
def two_at_once(path):
    empty_file(path)
    one_pixel(path)
    return r"(?s)train-images-idx3-ubyte: altered.*train-labels-idx1-ubyte.gz: empty"


def npz(path, content):
    nothing_in_it(path)
    (path / "mnist.npz").write_bytes(content)


@damages
def npz_truncated(path):
    npz(path, NPZ[:50_000])
    return rf"mnist.npz: damaged or truncated: .*{len(NPZ):,} bytes.* found 50,000 bytes"


@damages
def npz_cut_at_the_front(path):
    npz(path, NPZ[50_000:])
    return r"mnist.npz: expected an .npz archive .*found .* bytes that begin with"


@damages
def npz_garbled(path):
    npz(path, NPZ[:2000] + b"\xff" * 2000 + NPZ[4000:])
    return r"mnist.npz: damaged or truncated"


@damages
def npz_one_pixel(path):
    npz(path, _npz(ARRAYS | {"x_test": ARRAYS["x_test"] ^ 1}))
    return rf"mnist.npz, array x_test: altered.* expected sha256 {KNOWN[2].sha256}"


@damages
def npz_missing_key(path):
    npz(path, _npz({key: ARRAYS[key] for key in ("x_train", "x_test")}))
    return r"expected the arrays x_train, y_train, x_test, y_test; y_train, y_test not among"


@damages
def npz_objects(path):
    npz(path, _npz(ARRAYS | {"y_train": np.array([print] * TRAIN, object)}))
    return r"mnist.npz: y_train.npy holds pickled objects.*refused"


@damages
def npz_objects_beside(path):
    npz(path, _npz(ARRAYS | {"notes": np.array([{}], object)}))
    return r"mnist.npz: notes.npy holds pickled objects.*refused"


@damages
def npz_pickle(path):
    npz(path, pickle.dumps(ARRAYS))
    return r"mnist.npz: a Python pickle.*refused"


@damages
def npz_dtype(path):
    npz(path, _npz(ARRAYS | {"y_train": ARRAYS["y_train"].astype(np.int16)}))
    return r"array y_train: expected uint8 of shape \(300,\), found int16 of shape \(300,\)"


@damages
def npz_floats(path):
    floats = ARRAYS | {key: ARRAYS[key] / 255 for key in ("x_train", "x_test")}
    npz(path, _npz(floats, np.savez))
    assert (path / "mnist.npz").stat().st_size > 4 * files.npz_limit()
    return r"array x_train: expected uint8 of shape .*, found float64 of shape \(300, 28, 28\)"


@damages
def npz_very_large(path):
    npz(path, b"")
    os.truncate(path / "mnist.npz", 10**10)
    return r"mnist.npz: too large: .*found 10,000,000,000"


@damages
def npz_long_header(path):
    """A header that says it is 4 GiB long must not be read as such."""
    npz(path, b"")
    with zipfile.ZipFile(path / "mnist.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x_train.npy", b"\x93NUMPY\2\0\xff\xff\xff\xff" + b" " * 10**6)
    return r"mnist.npz: damaged or truncated"


@damages
def npz_shape(path):
    npz(path, _npz(ARRAYS | {"x_test": ARRAYS["x_test"].reshape(TEST, 784)}))
    return r"array x_test: expected uint8 of shape \(60, 28, 28\), found uint8 of shape \(60, 784\)"


@damages
def npz_swapped(path):
    turned = {"x_train": "x_test", "y_train": "y_test", "x_test": "x_train", "y_test": "y_train"}
    npz(path, _npz({key: ARRAYS[other] for key, other in turned.items()}))
    return (
        r"array x_train: .* found uint8 of shape \(60, 28, 28\) \(as t10k-images-idx3-ubyte has\)"
    )


@damages
def npz_bomb(path):
    npz(path, _npz(ARRAYS | {"extra": np.zeros(30_000_000, np.uint8)}))
    return r"mnist.npz: too large: expected .* unpacked, found 30,"


@damages
def npz_with_a_decoy(path):
    """NumPy reads a member called x_train before x_train.npy: it must not be what is used."""
    npz(path, _npz(ARRAYS | {"x_train": ARRAYS["x_train"] ^ 1}))
    content = io.BytesIO()
    np.save(content, ARRAYS["x_train"])
    with zipfile.ZipFile(path / "mnist.npz", "a") as archive:
        archive.writestr("x_train", content.getvalue())
    return r"array x_train: altered"


@damages
def npz_web_page(path):
    npz(path, b"<html><title>Sign in to the network</title></html>")
    return r"mnist.npz: a web page"


@damages
def npz_of_text(path):
    nothing_in_it(path)
    with zipfile.ZipFile(path / "mnist.npz", "w") as archive:
        archive.writestr("readme.txt", "digits")
    return r"not among those found \(none\)"


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_in_a_folder_is_named_and_never_replaced(folder, server, capsys, damage):
    server.answers["/keras/mnist.npz"] = NPZ  # a good source that must not be used
    message = damage(folder)
    with pytest.raises(data.DataError, match=message) as caught:
        data.load_digits()
    assert str(folder) in str(caught.value)
    assert "To get MNIST" in str(caught.value)
    assert server.asked == []
    assert data.source_in_use() is None
    assert capsys.readouterr().out == ""


def test_a_file_that_may_not_be_read_is_named(folder, monkeypatch):
    def refuse(path, mode):
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(files, "open", refuse, raising=False)
    with pytest.raises(data.DataError, match=r"ubyte\.gz: cannot be read: Permission denied"):
        data.load_digits()


def test_a_relative_folder_is_shown_resolved(tmp_path, monkeypatch):
    (tmp_path / "pages").mkdir()
    monkeypatch.chdir(tmp_path / "pages")
    monkeypatch.setenv("MNIST_DIR", "../nowhere")
    with pytest.raises(data.DataError) as caught:
        data.load_digits()
    assert "MNIST_DIR=../nowhere" in str(caught.value)
    assert f"{tmp_path}{os.sep}nowhere: " in str(caught.value)


def test_pickled_objects_are_not_run(folder, monkeypatch):
    class Harmful:
        def __reduce__(self):
            return (os.mkdir, (str(folder / "harm"),))

    npz(folder, _npz(ARRAYS | {"y_train": np.array([Harmful()], object)}))
    with pytest.raises(data.DataError, match="refused"):
        data.load_digits()
    assert not (folder / "harm").exists()


# What Keras has cached


@pytest.mark.parametrize("place", ["KERAS_HOME", "home", "fallback"])
def test_the_file_of_keras_is_used(tmp_path, home, monkeypatch, server, capsys, place):
    folders = {"KERAS_HOME": tmp_path / "keras", "home": home / ".keras"}
    path = folders.get(place, tmp_path / "fallback")
    if place == "KERAS_HOME":
        monkeypatch.setenv("KERAS_HOME", str(path))
    write(path / "datasets", {"mnist.npz": NPZ})
    assert_genuine(data.load_digits())
    assert server.asked == []
    assert capsys.readouterr().out == ""


def test_a_damaged_file_of_keras_is_named_and_kept(home, server, capsys):
    path = home / ".keras" / "datasets"
    write(path, {"mnist.npz": NPZ[:-9]})
    server.answers["/keras/mnist.npz"] = NPZ
    assert_genuine(data.load_digits())
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"Not used, Keras' cached file: {path / 'mnist.npz'}: damaged")
    assert line.endswith("delete this one, and it is fetched again.")
    assert (path / "mnist.npz").read_bytes() == NPZ[:-9]


def test_the_notice_names_a_damaged_file_too(home, server, capsys):
    path = home / ".keras" / "datasets"
    write(path, {"mnist.npz": b""})
    assert data.load_digits().source == "drawn"
    assert f"{path / 'mnist.npz'}: empty" in " ".join(capsys.readouterr().out.split())


# Downloads


def test_keras_address_first(server, tmp_path, capsys):
    server.answers["/keras/mnist.npz"] = NPZ
    assert_genuine(data.load_digits())
    assert server.asked == ["/keras/mnist.npz"]
    assert cached(tmp_path) == ["mnist.npz"]
    assert_genuine(data.load_digits())  # from the cache
    assert server.asked == ["/keras/mnist.npz"]
    assert capsys.readouterr().out == ""


def test_then_the_mirrors(server, tmp_path, capsys):
    server.mirror("two", GZ)
    server.mirror("one", GZ | {f"{TEST_LABELS}.gz": GZ[f"{LABELS}.gz"]})
    assert_genuine(data.load_digits())
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 2
    assert said[0] == f"{download.NPZ_URL}: the server says 404 Not Found."
    assert said[1].startswith(f"{server.address}/one/{TEST_LABELS}.gz: wrong counts")
    assert cached(tmp_path) == ["mnist.npz"]
    assert_genuine(data.load_digits())
    assert len(server.asked) == 9  # none for the second loading


def test_a_mirror_may_unpack_on_the_way(server):
    def unpacked(name):
        def answer(handler):
            handler.send_response(200)
            handler.send_header("Content-Encoding", "gzip")
            handler.send_header("Content-Length", str(len(GZ[name])))
            handler.end_headers()
            handler.wfile.write(GZ[name])

        return answer

    server.mirror("one", {name: unpacked(name) for name in GZ})
    assert_genuine(data.load_digits())


BAD_ANSWERS = {
    "truncated": (good(NPZ[:50_000], len(NPZ)), "the connection broke off before the end"),
    "truncated, no length": (no_length(NPZ[:50_000]), "damaged or truncated"),
    "altered": (_npz(_synthetic(3)), "altered"),
    "empty": (no_length(b""), "empty: expected digits, found 0 bytes"),
    "missing": (status(404), "the server says 404 Not Found"),
    "busy": (status(503), "the server says 503 Service Unavailable"),
    "error page as a file": (status(200), "a web page"),
    "sent to an error page": (redirect("/sorry"), "a web page"),
    "sent in circles": (redirect("/keras/mnist.npz"), "TooManyRedirects"),
    "sent to another scheme": (redirect("file:///etc/hostname"), "InvalidSchema"),
    "endless": (no_length(bytes(5_000_000)), "sends more than"),
}
SLOW_ANSWERS = {
    "silent": (silent, "no answer in 1 s"),
    "header a byte at a time": (trickling_header, "no answer in 1 s"),
    "body a byte at a time": (in_steps(NPZ, 1, 0.01), "(too slow|no answer)"),
    "body in drops": (in_steps(NPZ, 1100, 0.3), "too slow"),
    "silent after a part": (
        silent_after(NPZ[:50_000]),
        r"too slow: \d\d,\d+ bytes in all, and less",
    ),
}


@pytest.mark.parametrize("kind", [*BAD_ANSWERS, *SLOW_ANSWERS])
def test_a_bad_answer_leads_to_the_next_source(server, tmp_path, monkeypatch, capsys, kind):
    if kind in SLOW_ANSWERS:
        monkeypatch.setattr(download, "STALL", 1)
    answer, reason = (BAD_ANSWERS | SLOW_ANSWERS)[kind]
    server.answers["/keras/mnist.npz"] = answer
    server.answers["/sorry"] = status(200)
    server.mirror("one", GZ)
    assert_genuine(data.load_digits())
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert out.startswith(download.NPZ_URL)
    assert re.search(reason, out), out
    assert cached(tmp_path) == ["mnist.npz"]


def test_slow_but_steady_is_waited_for(server, monkeypatch, capsys):
    monkeypatch.setattr(download, "STALL", 1)
    monkeypatch.setattr(download, "BAR_DELAY", 0)
    server.answers["/keras/mnist.npz"] = in_steps(NPZ, 3 * download.PROGRESS, 0.2)
    began = time.monotonic()
    assert_genuine(data.load_digits())
    assert time.monotonic() - began > 2 * download.STALL  # else this test shows nothing
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "mnist.npz from 127.0.0.1" in printed.err  # the progress bar


def test_a_server_that_is_left_is_hung_up_on(server, monkeypatch):
    monkeypatch.setattr(download, "STALL", 0.2)
    server.answers["/keras/mnist.npz"] = in_steps(NPZ, 1100, 0.1)
    with pytest.raises(data.DataError, match="mnist.npz: (too slow|no answer)"):
        download.fetch_npz()
    assert server.hung_up.wait(10)  # sending it all would take more than twice that


def test_patience_is_ten_seconds_in_all():
    original = runpy.run_path(str(ROOT / "helpers" / "sources" / "download.py"))
    assert (1 + len(original["MIRRORS"])) * original["STALL"] <= 10


def test_nothing_answers(server, tmp_path, monkeypatch, capsys, drawings):
    monkeypatch.setattr(download, "STALL", 0.2)
    for path in ("/keras/mnist.npz", *(f"/{m}/{IMAGES}.gz" for m in ("one", "two"))):
        server.answers[path] = silent
    digits = data.load_digits()
    assert digits.source == data.source_in_use() == "drawn"
    assert drawings == list(data.DRAWN_SEEDS)
    out = capsys.readouterr().out
    assert "DRAWN DIGITS, NOT MNIST" in out
    assert out.count("no answer in") == 3
    assert len(server.asked) == 3
    assert data.OFFLINE in cached(tmp_path)


def test_a_refused_connection(monkeypatch, capsys):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    monkeypatch.setattr(download, "NPZ_URL", f"http://127.0.0.1:{port}/mnist.npz")
    monkeypatch.setattr(download, "MIRRORS", ())
    assert data.load_digits().source == "drawn"
    out = " ".join(capsys.readouterr().out.split())
    assert f"http://127.0.0.1:{port}/mnist.npz: the connection was refused." in out


def test_a_name_server_that_does_not_answer(monkeypatch, capsys):
    over = threading.Event()

    def unanswered(*args, **kwargs):
        over.wait(30)
        raise socket.gaierror("over")

    monkeypatch.setattr(download, "STALL", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", unanswered)
    monkeypatch.setattr(download, "NPZ_URL", "http://mirror.invalid/mnist.npz")
    monkeypatch.setattr(download, "MIRRORS", ())
    assert data.load_digits().source == "drawn"
    over.set()
    assert "http://mirror.invalid/mnist.npz: no answer in" in capsys.readouterr().out


def test_a_name_that_does_not_exist(monkeypatch, capsys):
    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr(download, "NPZ_URL", "http://mirror.invalid/mnist.npz")
    monkeypatch.setattr(download, "MIRRORS", ())
    assert data.load_digits().source == "drawn"
    out = " ".join(capsys.readouterr().out.split())
    assert "http://mirror.invalid/mnist.npz: its name cannot be resolved" in out


def test_a_failure_is_remembered_for_an_hour(server, tmp_path, capsys):
    marker = tmp_path / "cache" / data.OFFLINE
    assert data.load_digits().source == "drawn"
    asked = len(server.asked)
    assert asked == 3
    capsys.readouterr()

    server.answers["/keras/mnist.npz"] = NPZ
    assert data.load_digits().source == "drawn"
    assert len(server.asked) == asked
    assert "No download tried" in capsys.readouterr().out

    for age in (data.OFFLINE_SECONDS + 5, -500):  # too old, and from a clock set back
        marker.write_bytes(b"")
        os.utime(marker, (time.time() - age,) * 2)
        assert_genuine(data.load_digits())
        assert not marker.exists()
        (tmp_path / "cache" / "mnist.npz").unlink()


def test_insisting_tries_again_within_the_hour(server, tmp_path, monkeypatch):
    data.load_digits()
    server.answers["/keras/mnist.npz"] = NPZ
    monkeypatch.setenv("MNIST_SOURCE", "mnist")
    assert_genuine(data.load_digits())
    assert data.OFFLINE not in cached(tmp_path)


# MNIST_SOURCE


def test_mnist_refuses_the_stand_in(server, home, tmp_path, monkeypatch, drawings):
    monkeypatch.setenv("MNIST_SOURCE", "mnist")
    write(home / ".keras" / "datasets", {"mnist.npz": b"PK\x03\x04"})
    with pytest.raises(data.DataError) as caught:
        data.load_digits()
    said = str(caught.value)
    assert f"{home / '.keras' / 'datasets' / 'mnist.npz'}: damaged or truncated" in said
    assert f"{tmp_path / 'fallback' / 'datasets' / 'mnist.npz'}: not there." in said
    assert f"{tmp_path / 'cache' / 'mnist.npz'}: not there." in said
    assert said.count("the server says 404") == 3
    assert "set MNIST_DIR" in said
    assert drawings == []


def test_drawn_asks_for_the_stand_in(folder, server, monkeypatch, capsys):
    web_page(folder)
    monkeypatch.setenv("MNIST_SOURCE", "drawn")
    digits = data.load_digits()
    assert digits.source == "drawn"
    assert len(digits.train.labels) == TRAIN - VALIDATION
    assert len(digits.test.labels) == TEST
    assert server.asked == []
    assert "DRAWN DIGITS, NOT MNIST: MNIST_SOURCE=drawn asks for them." in capsys.readouterr().out


@pytest.mark.parametrize("other", ["MNIST", "keras", "drawn,mnist", "0"])
def test_any_other_word_is_refused(monkeypatch, other):
    monkeypatch.setenv("MNIST_SOURCE", other)
    with pytest.raises(ValueError, match=rf"must be mnist .* or drawn .*; got '{other}'"):
        data.load_digits()


# The cache


def test_a_damaged_cached_file_is_named_and_fetched_anew(server, tmp_path, capsys):
    server.answers["/keras/mnist.npz"] = NPZ
    write(tmp_path / "cache", {"mnist.npz": changed(NPZ, 3000)})
    assert_genuine(data.load_digits())
    assert "Not used, the course's cached file" in capsys.readouterr().out
    assert (tmp_path / "cache" / "mnist.npz").read_bytes() == NPZ


def test_a_folder_that_cannot_be_made_is_said_once(server, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "file" / "cache"))
    server.answers["/keras/mnist.npz"] = NPZ
    assert_genuine(data.load_digits())
    assert_genuine(data.load_digits())
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(
        f"The cache folder {tmp_path / 'file' / 'cache'} cannot be written (Not a d"
    )
    assert server.asked == ["/keras/mnist.npz"] * 2


@pytest.fixture(params=["name too long", "may not be entered"])
def closed(request, tmp_path, monkeypatch):
    """A cache folder that no file can be looked for in; Path.exists and is_file raise there."""
    folder = tmp_path / ("long" * 100 if request.param == "name too long" else "locked")
    monkeypatch.setenv("COURSE_CACHE", str(folder))
    if request.param == "may not be entered":  # who runs the tests may enter every folder
        folder.mkdir()

        def guarded(real):
            def call(path, *args, **kwargs):
                if isinstance(path, (str, os.PathLike)) and Path(path).parent == folder:
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
                return real(path, *args, **kwargs)

            return call

        for name in ("stat", "lstat", "open", "replace", "unlink"):
            monkeypatch.setattr(os, name, guarded(getattr(os, name)))
        for module in (io, files):
            monkeypatch.setattr(module, "open", guarded(open), raising=False)
        with pytest.raises(PermissionError):
            (folder / "mnist.npz").stat()
    return folder


@pytest.mark.parametrize("source", ["mnist", "drawn"])
def test_a_closed_cache_is_said_once_and_done_without(
    server, closed, monkeypatch, capsys, source, drawings
):
    monkeypatch.setenv("MNIST_SOURCE", source)
    server.answers["/keras/mnist.npz"] = NPZ
    for _ in range(2):
        assert data.load_digits().source == source
    out = capsys.readouterr().out
    assert out.count(f"The cache folder {closed} cannot be written") == 1
    assert server.asked == ["/keras/mnist.npz"] * 2 * (source == "mnist")
    assert len(drawings) == 4 * (source == "drawn")


def test_a_closed_cache_and_no_network(closed, drawings, capsys):
    assert data.load_digits().source == "drawn"
    assert len(drawings) == 2


@pytest.mark.parametrize("source", ["mnist", "drawn"])
def test_a_folder_where_a_cached_file_should_be(
    server, tmp_path, monkeypatch, capsys, drawings, source
):
    monkeypatch.setenv("MNIST_SOURCE", source)
    server.answers["/keras/mnist.npz"] = NPZ
    data.load_digits()
    (name,) = cached(tmp_path)
    path = tmp_path / "cache" / name
    path.unlink()
    path.mkdir()
    capsys.readouterr()
    assert data.load_digits().source == source
    out = capsys.readouterr().out
    assert out.count(f"{path}: expected a file, found a folder.") == 1
    assert f"a folder called {name} is in the way: move it" in out
    assert path.is_dir() and cached(tmp_path) == [name]


@pytest.mark.parametrize("source", ["mnist", "drawn"])
def test_a_full_disk_is_said_once(server, tmp_path, monkeypatch, capsys, source):
    real = Path.write_bytes

    def full(self, content):
        real(self, content[:1000])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    monkeypatch.setenv("MNIST_SOURCE", source)
    server.answers["/keras/mnist.npz"] = NPZ
    for _ in range(2):
        assert data.load_digits().source == source
    assert capsys.readouterr().out.count("(No space left on device)") == 1
    assert cached(tmp_path) == []


def test_a_cache_that_can_only_be_read_is_read(server, tmp_path, monkeypatch, capsys):
    write(tmp_path / "cache", {"mnist.npz": NPZ})

    def refuse(*args, **kwargs):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert_genuine(data.load_digits())
    assert capsys.readouterr().out == ""


def test_drawn_digits_are_kept_and_verified(tmp_path, monkeypatch, capsys, drawings):
    monkeypatch.setenv("MNIST_SOURCE", "drawn")
    first = data.load_digits()
    again = data.load_digits()
    np.testing.assert_array_equal(first.train.images, again.train.images)
    np.testing.assert_array_equal(first.test.labels, again.test.labels)
    assert len(drawings) == 2
    (name,) = cached(tmp_path)
    path = tmp_path / "cache" / name
    content = path.read_bytes()

    swapped = dict(np.load(path)) | {"x_test": ARRAYS["x_test"]}
    damaged = [content[:-500], b"", changed(content, 9000), _npz(swapped, np.savez), NPZ]
    for count, bad in enumerate(damaged, start=2):
        path.write_bytes(bad)
        capsys.readouterr()
        np.testing.assert_array_equal(data.load_digits().train.images, first.train.images)
        out = capsys.readouterr().out
        assert out.count(f"The digits are drawn again. {path}") == out.count(str(path)) == 1
        assert f"{files.NPZ_BYTES:,}" not in out.replace(f"found {files.NPZ_BYTES:,}", "")
        assert len(drawings) == 2 * count
        assert path.read_bytes() == content


def test_two_pages_draw_once(tmp_path, monkeypatch, drawings):
    monkeypatch.setenv("MNIST_SOURCE", "drawn")
    data.load_digits()
    (path,) = (tmp_path / "cache").glob("drawn-*")
    stored = path.read_bytes()
    path.unlink()

    @contextlib.contextmanager
    def turn_after_another_page():
        path.write_bytes(stored)
        yield

    monkeypatch.setattr(cache, "turn", turn_after_another_page)
    assert data.load_digits().source == "drawn"
    assert len(drawings) == 2


def test_other_drawing_code_draws_anew(tmp_path, monkeypatch, drawings):
    monkeypatch.setenv("MNIST_SOURCE", "drawn")
    data.load_digits()
    (tmp_path / "drawn.py").write_text("# another version\n")
    monkeypatch.setattr(drawn, "__file__", str(tmp_path / "drawn.py"))
    data.load_digits()
    assert len(drawings) == 4
    assert len(cached(tmp_path)) == 2


# Two pages at once

PAGE = """
import sys
sys.path[:0] = sys.argv[1:3]
import test_data
from helpers import data
test_data.know_the_synthetic(setattr, sys.argv[3])
test_data.assert_genuine(data.load_digits())
print("genuine", flush=True)
"""


def start_page(server):
    command = [sys.executable, "-u", "-c", PAGE, str(ROOT), str(ROOT / "tests"), server.address]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def held(content, release):
    def answer(handler):
        release.wait(30)
        good(content)(handler)

    return answer


def test_two_pages_download_once(server, tmp_path):
    release = threading.Event()
    server.answers["/keras/mnist.npz"] = held(NPZ, release)
    first = start_page(server)
    assert server.asked_once.wait(30)
    second = start_page(server)
    assert "waiting for it" in second.stdout.readline()
    release.set()
    for page in (first, second):
        out, err = page.communicate(timeout=30)
        assert page.returncode == 0, err
        assert out == "genuine\n"
    assert server.asked == ["/keras/mnist.npz"]
    assert cached(tmp_path) == ["mnist.npz"]


def test_a_page_killed_while_it_downloads_leaves_nothing(server, tmp_path):
    server.answers["/keras/mnist.npz"] = silent_after(NPZ[:50_000])
    page = start_page(server)
    assert server.asked_once.wait(30)
    page.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    page.communicate(timeout=30)
    assert cached(tmp_path) == []
    server.answers["/keras/mnist.npz"] = NPZ
    assert_genuine(data.load_digits())  # the lock went with its holder


def test_pages_without_a_lock_do_each_other_no_harm(server, tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "turn", contextlib.nullcontext)
    server.answers["/keras/mnist.npz"] = in_steps(NPZ, 50_000, 0.02)
    found = []
    pages = [threading.Thread(target=lambda: found.append(data.load_digits())) for _ in range(4)]
    for page in pages:
        page.start()
    for page in pages:
        page.join(30)
    assert len(found) == 4
    for digits in found:
        assert_genuine(digits)
    assert cached(tmp_path) == ["mnist.npz"]
    assert (tmp_path / "cache" / "mnist.npz").read_bytes() == NPZ


# What a page is given


def test_the_test_digits_are_counted(folder, capsys):
    digits = data.load_digits()
    assert digits.test_openings == 0
    assert repr(digits) == (
        "Digits(source='mnist', train=270, validation=30, test=60, test_openings=0)"
    )
    assert digits.test.images.shape == (TEST, 28, 28)
    assert digits.test_openings == 1
    assert capsys.readouterr().out == ""
    images, labels = digits.test
    assert len(images) == len(labels) == TEST
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert digits.test.labels.dtype == np.uint8
    assert digits.test_openings == 3
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("source", ["mnist", "drawn"])
def test_arrays_cannot_be_spoilt(folder, monkeypatch, source):
    monkeypatch.setenv("MNIST_SOURCE", source)
    digits = data.load_digits()
    for pair in (digits.train, digits.validation, digits.test):
        for array in pair:
            assert array.dtype == np.uint8
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0
            mine = array.copy()
            mine[0] = 0


def test_digits_leave_the_arrays_that_they_are_given_alone():
    pair = data.Pair(ARRAYS["x_test"].copy(), ARRAYS["y_test"].copy())
    data.Digits(pair, pair, pair, "mnist")
    pair.images[0] = 0


def test_no_source_is_in_use_before_the_first_loading():
    assert data.source_in_use() is None


def test_to_idx_is_the_published_format():
    assert data.to_idx(np.array([7, 2, 1], np.uint8)) == bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1])
    images = data.to_idx(np.zeros((258, 28, 28), np.uint8))
    assert images[:16] == bytes([0, 0, 8, 3, 0, 0, 1, 2, 0, 0, 0, 28, 0, 0, 0, 28])
    assert len(images) == 16 + 258 * 784
    turned = np.arange(6, dtype=np.uint8).reshape(2, 3).T
    assert data.to_idx(turned)[12:] == bytes([0, 3, 1, 4, 2, 5])


@pytest.mark.parametrize("wrong", [np.zeros(3), np.zeros(3, np.int8), np.uint8(3), [1, 2]])
def test_to_idx_refuses_other_dtypes(wrong):
    with pytest.raises(ValueError, match="array must be uint8 with at least one dimension and .*"):
        data.to_idx(wrong)


NO_DIGITS = [None, [], [[1], [2, 3]], np.array([None]), np.zeros((0, 28, 28), np.uint8), "x", {}]


@pytest.mark.parametrize("wrong", NO_DIGITS)
def test_to_idx_and_the_split_name_what_holds_no_digits(wrong):
    images, labels = labelled(np.arange(20) % 10)
    with pytest.raises(ValueError, match="^array must be uint8 with .* one value; got"):
        data.to_idx(wrong)
    with pytest.raises(ValueError, match="^images must be uint8 of shape .*; got"):
        data.split(wrong, labels, 5)
    with pytest.raises(ValueError, match="^labels must be integers from 0 to 9 .*; got"):
        data.split(images, wrong, 5)


# The split


def labelled(labels):
    """Images that carry their position in their first pixels, so that a split can be followed."""
    images = np.zeros((len(labels), 28, 28), np.uint8)
    positions = np.arange(len(labels))
    images[:, 0, 0], images[:, 0, 1] = positions // 256, positions % 256
    return images, np.asarray(labels)


def positions_in(pair):
    return pair.images[:, 0, 0].astype(int) * 256 + pair.images[:, 0, 1]


def test_the_split_is_the_same_everywhere():
    """A change in NumPy's stream would move digits between training and validation."""
    labels = (np.arange(1003) ** 2 // 7 % 10).astype(np.uint8)
    _, validation = data.split(*labelled(labels), validation=101)
    index = positions_in(validation).astype("<i8").tobytes()
    assert hashlib.sha256(index).hexdigest() == (
        "6666df8a9d19bd9d16c510aa24b017ce40b70c220f7424c1ebd0c74e9e019c57"
    )


def test_the_split_loses_nothing_and_keeps_the_order():
    labels = np.random.default_rng(0).integers(0, 10, 1000).astype(np.uint8)
    train, validation = data.split(*labelled(labels), validation=123, seed=4)
    kept, taken = positions_in(train), positions_in(validation)
    assert len(taken) == 123
    assert sorted([*kept, *taken]) == list(range(1000))
    for pair, index in ((train, kept), (validation, taken)):
        assert list(index) == sorted(index)
        np.testing.assert_array_equal(pair.labels, labels[index])
        assert pair.labels.dtype == np.uint8


def test_each_class_has_its_share_by_largest_remainders():
    labels = np.repeat([0, 1, 2, 9], [50, 30, 17, 3])
    _, validation = data.split(*labelled(labels), validation=10)
    # Shares of 10: 5, 3, 1.7 and 0.3; the one left over goes to the largest remainder.
    assert np.bincount(validation.labels, minlength=10).tolist() == [5, 3, 2, 0, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(("validation", "count"), [(1, 4), (3, 4), (np.int64(2), 4), (1, 2)])
def test_the_smallest_splits(validation, count):
    train, taken = data.split(*labelled(np.arange(count)), validation=validation)
    assert (len(train.labels), len(taken.labels)) == (count - validation, validation)


def test_another_seed_is_another_split():
    digits = labelled(np.arange(200) % 10)
    first, again, other = (data.split(*digits, 50, seed)[1] for seed in (0, 0, 1))
    np.testing.assert_array_equal(positions_in(first), positions_in(again))
    assert set(positions_in(first)) != set(positions_in(other))


@pytest.mark.parametrize("validation", [0, -1, 20, 21, 2.0, 0.1, "5", None, True, [5]])
def test_the_split_refuses_a_wrong_count(validation):
    with pytest.raises(ValueError, match=r"validation must be a whole number from 1 to 19.*; got"):
        data.split(*labelled(np.arange(20) % 10), validation=validation)


@pytest.mark.parametrize("seed", [-1, 0.5, None, "1", False])
def test_the_split_refuses_a_wrong_seed(seed):
    with pytest.raises(ValueError, match="seed must be a whole number of 0 or more; got"):
        data.split(*labelled(np.arange(20) % 10), 5, seed)


def test_the_split_refuses_wrong_digits():
    images, labels = labelled(np.arange(20) % 10)
    for wrong in (images / 255, images.reshape(20, 784), images[:0]):
        with pytest.raises(ValueError, match="images must be uint8"):
            data.split(wrong, labels, 5)
    with pytest.raises(
        ValueError, match="labels must have one label for each image; got 19 for 20"
    ):
        data.split(images, labels[:-1], 5)
    with pytest.raises(ValueError, match="labels must be integers from 0 to 9"):
        data.split(images, labels + 1, 5)
    with pytest.raises(ValueError, match="images must hold 2 digits or more"):
        data.split(images[:1], labels[:1], 1)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64, np.uint64])
def test_the_split_does_not_depend_on_the_dtype_of_the_labels(dtype):
    images, labels = labelled(np.arange(20) % 10)
    expected = data.split(images, labels, 5, seed=3)
    found = data.split(images, labels.astype(dtype), 5, seed=3)
    for there, here in zip(expected, found, strict=True):
        np.testing.assert_array_equal(there.images, here.images)
        np.testing.assert_array_equal(there.labels, here.labels)


# MNIST itself

needs_mnist = pytest.mark.skipif(not REAL, reason="MNIST_DIR is unset: no MNIST to check")


@pytest.fixture
def real(monkeypatch):
    """The tables of the published files, and the folder that holds them."""
    published = runpy.run_path(str(ROOT / "helpers" / "sources" / "files.py"))
    files = tuple(files.File(*file) for file in published["FILES"])
    monkeypatch.setattr(files, "FILES", files)
    monkeypatch.setattr(data, "VALIDATION", 5000)
    monkeypatch.setenv("MNIST_DIR", REAL)


@needs_mnist
def test_mnist_itself(real):
    digits = data.load_digits()
    assert repr(digits) == (
        "Digits(source='mnist', train=55,000, validation=5,000, test=10,000, test_openings=0)"
    )
    assert digits.test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    counts = [494, 562, 496, 511, 487, 452, 493, 522, 487, 496]
    assert np.bincount(digits.validation.labels).tolist() == counts
    for file in files.FILES[2:]:
        array = digits.test.images if file.key == "x_test" else digits.test.labels
        assert hashlib.sha256(data.to_idx(array)).hexdigest() == file.sha256


@needs_mnist
def test_mnist_packed_as_npz(real, tmp_path, monkeypatch):
    arrays = files.read_folder(REAL)
    write(tmp_path / "npz", {"mnist.npz": _npz(arrays, np.savez)})
    again = files.read_folder(tmp_path / "npz")
    for key, array in arrays.items():
        np.testing.assert_array_equal(again[key], array)

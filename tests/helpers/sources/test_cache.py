"""Where digits are found and kept: Keras' file, the course's cache, two pages at once."""

import errno
import hashlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import filelock
import numpy as np
import pytest

from helpers import data, saving
from helpers.handwriting import drawn
from helpers.sources import cache
from tests.helpers.small import NPZ, assert_genuine, sends, write

pytestmark = pytest.mark.usefixtures("home")
ROOT = Path(__file__).resolve().parents[3]
BAD = NPZ[:-9]
EMPTY = hashlib.sha256(b"").digest()
both_sources = pytest.mark.parametrize("source", ["mnist", "drawn"])


def cached(tmp_path):
    return sorted(path for path in (tmp_path / "cache").iterdir() if path.name != cache.LOCK)


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


def test_a_damaged_file_of_keras_is_named_and_kept(home, server, capsys, drawings):
    path = home / ".keras" / "datasets"
    write(path, {"mnist.npz": BAD})
    assert data.load_digits().source == "drawn"
    assert f"{path / 'mnist.npz'}: damaged" in " ".join(capsys.readouterr().out.split())
    server.answers["/keras/mnist.npz"] = NPZ
    cache.forget_failure()
    assert_genuine(data.load_digits())
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"Not used, Keras' cached file: {path / 'mnist.npz'}: damaged")
    assert line.endswith("delete it or move it away, and this message goes.")
    assert (path / "mnist.npz").read_bytes() == BAD


# A cache that others use too


@both_sources
def test_what_others_keep_in_the_cache_is_left_alone(
    server, tmp_path, monkeypatch, capsys, drawings, source
):
    """Whatever name it has: each that the course uses is taken by something else here."""
    monkeypatch.setenv("MNIST_SOURCE", source)
    server.answers["/keras/mnist.npz"] = NPZ
    data.load_digits()
    (mine,) = cached(tmp_path)
    mine.unlink()
    for make in (Path.mkdir, lambda path: path.write_bytes(b"a user's own")):
        make(mine)
        before = mine.stat()
        (tmp_path / "cache" / "no-download").write_bytes(b"theirs")
        capsys.readouterr()
        assert data.load_digits().source == source
        assert capsys.readouterr().out.count(f"{mine}: ") == 1
        assert mine.stat()[:7] == before[:7]
        assert (tmp_path / "cache" / "no-download").read_bytes() == b"theirs"
        if mine.is_dir():
            mine.rmdir()


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("mnist", "name too long"),
        ("mnist", "full disk"),
        ("drawn", "no folder"),
        ("drawn", "read-only"),
    ],
)
def test_a_cache_that_cannot_be_written_is_said_once_and_done_without(
    server, tmp_path, monkeypatch, capsys, drawings, source, fault
):
    def refuse(*args, **kwargs):
        code = errno.ENOSPC if fault == "full disk" else errno.EROFS
        raise OSError(code, os.strerror(code))

    monkeypatch.setenv("MNIST_SOURCE", source)
    server.answers["/keras/mnist.npz"] = NPZ
    if fault == "name too long":
        monkeypatch.setenv("COURSE_CACHE", str(tmp_path / ("long" * 1000)))
    elif fault == "no folder":
        (tmp_path / "cache").write_bytes(b"")
    else:
        monkeypatch.setattr(saving, "write", refuse)
    if fault == "read-only":
        monkeypatch.setattr(Path, "mkdir", refuse)
    for _ in range(2):
        assert data.load_digits().source == source
    out = capsys.readouterr().out
    assert out.count("cannot be written") == 1
    assert len(max(out.splitlines(), key=len)) < 700
    assert len(server.asked) == 2 * (source == "mnist")
    assert len(drawings) == 4 * (source == "drawn")


def test_a_cache_that_can_only_be_read_is_read(server, tmp_path, monkeypatch, capsys):
    write(tmp_path / "cache", {cache.MNIST: NPZ})

    def refuse(*args, **kwargs):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(saving, "write", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert_genuine(data.load_digits())
    assert capsys.readouterr().out == ""


def test_the_cache_is_where_its_setting_means(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE", f"file://{tmp_path / 'there'}")
    assert cache.folder() == (tmp_path / "there").resolve()


# Drawn digits


def test_drawn_digits_are_kept_and_verified(tmp_path, monkeypatch, capsys, drawings):
    monkeypatch.setenv("MNIST_SOURCE", "drawn")
    first, again = data.load_digits(), data.load_digits()
    for there, here in zip(first.train + first.test, again.train + again.test, strict=True):
        np.testing.assert_array_equal(there, here)
    assert drawings == list(data.DRAWN_SEEDS)
    (path,) = cached(tmp_path)
    content = path.read_bytes()
    for count, bad in enumerate([content[:-500], EMPTY, content[:-1] + b"\0", NPZ], start=2):
        path.write_bytes(bad)
        capsys.readouterr()
        np.testing.assert_array_equal(data.load_digits().train.images, first.train.images)
        out = capsys.readouterr().out
        assert out.count(f"The digits are drawn again. {path}: altered") == 1
        assert len(drawings) == 2 * count
        assert path.read_bytes() == bad


def test_other_drawing_code_draws_anew(tmp_path, monkeypatch, drawings):
    monkeypatch.setenv("MNIST_SOURCE", "drawn")
    data.load_digits()
    write(tmp_path / "other", {"drawn.py": b"# another version\n", "strokes.txt": b"1"})
    monkeypatch.setattr(drawn, "__file__", str(tmp_path / "other" / "drawn.py"))
    data.load_digits()
    write(tmp_path / "other", {"strokes.txt": b"2"})
    data.load_digits()
    assert len(cached(tmp_path)) == 3


# Two pages at once

PAGE = """
import sys
sys.path[:0] = sys.argv[1:2]
from helpers import data
from tests.helpers import small
small.know(setattr, sys.argv[2])
small.assert_genuine(data.load_digits())
print("genuine", flush=True)
"""


def start_page(server):
    command = [sys.executable, "-u", "-c", PAGE, str(ROOT), server.address]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_pages_download_once(server, tmp_path):
    release = threading.Event()

    def held(handler):
        release.wait(30)
        sends(NPZ)(handler)

    server.answers["/keras/mnist.npz"] = held
    first = start_page(server)
    assert server.asked_once.wait(30)
    second = start_page(server)
    assert "waits for it, 60 seconds at most" in second.stdout.readline()
    release.set()
    for page in (first, second):
        out, err = page.communicate(timeout=30)
        assert page.returncode == 0, err
        assert out == "genuine\n"
    assert server.asked == ["/keras/mnist.npz"]
    assert [path.name for path in cached(tmp_path)] == [cache.MNIST]


def test_a_page_that_is_stopped_is_not_waited_for_for_long(server, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cache, "LOCK_WAIT", 0.5)
    (tmp_path / "cache").mkdir()
    server.answers["/keras/mnist.npz"] = NPZ
    with filelock.FileLock(tmp_path / "cache" / cache.LOCK):
        assert_genuine(data.load_digits())
    out = capsys.readouterr().out
    assert "0.5 seconds at most" in out and str(tmp_path / "cache" / cache.LOCK) in out


def test_a_page_killed_while_it_downloads_leaves_nothing(server, tmp_path):
    server.answers["/keras/mnist.npz"] = sends(NPZ[:50_000], Content_Length=9**6, then_waits=True)
    page = start_page(server)
    assert server.asked_once.wait(30)
    page.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    page.communicate(timeout=30)
    assert cached(tmp_path) == []
    server.answers["/keras/mnist.npz"] = NPZ
    assert_genuine(data.load_digits())  # the lock went with its holder

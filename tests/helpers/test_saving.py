"""Files are written whole, or the old one stays."""

import errno
import os
import signal
import subprocess
import sys

import pytest

from helpers import saving

OLD, NEW = b"old", b"new" * 100_000
needs_unix = pytest.mark.skipif(os.name != "posix", reason="no such files on this system")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "results.json"
    path.write_bytes(OLD)
    return path


def test_the_new_takes_the_place_of_the_old(path):
    saving.write(path, NEW)
    assert path.read_bytes() == NEW
    saving.write(str(path), "Müller\n")
    assert path.read_bytes() == b"M\xc3\xbcller\n"
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(path, monkeypatch, step):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "somewhere else")

    monkeypatch.setattr(saving if step == "open" else os, step, full, raising=False)
    with pytest.raises(OSError, match="No space left on device: '.*results.json'"):
        saving.write(path, NEW)
    assert path.read_bytes() == OLD
    assert os.listdir(path.parent) == [path.name]


def test_a_page_killed_while_it_writes_leaves_the_old_file(path):
    code = (
        "import os, signal, sys; from helpers import saving\n"
        "os.replace = lambda *paths: os.kill(os.getpid(), signal.SIGTERM)\n"
        "saving.write(sys.argv[1], 'new')"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert killed.returncode in (-signal.SIGTERM, 1)
    assert path.read_bytes() == OLD
    saving.write(path, NEW)
    assert path.read_bytes() == NEW


@needs_unix
def test_links_and_permissions_stay(path, tmp_path):
    path.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(path)
    saving.write(link, NEW)
    assert link.is_symlink()
    assert path.read_bytes() == NEW
    assert path.stat().st_mode & 0o777 == 0o640


@needs_unix
@pytest.mark.parametrize("kind", ["folder", "pipe", "device"])
def test_what_is_no_file_is_never_replaced(tmp_path, kind):
    path = tmp_path / "x"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/null")
    before = path.stat()
    with pytest.raises(OSError, match="x'"):
        saving.write(path, NEW)
    assert path.stat() == before
    assert os.listdir(tmp_path) == ["x"]


def test_a_long_name_can_be_written(tmp_path):
    path = tmp_path / ("x" * 250)
    saving.write(path, NEW)
    assert path.read_bytes() == NEW

"""The folder in which the course keeps the digits that it has downloaded or drawn.

Nothing here is needed: where the folder cannot be written, that is said once and the course runs
without it. The folder may be shared with others: the names are the course's own, and what stands
there already is never overwritten.
"""

import os
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock
import pooch

from helpers import saving
from helpers.sources import files

NAME = "deep-learning-mnist"  # how every name begins
MNIST = f"{NAME}.npz"
OFFLINE = f"{NAME}-no-download.txt"  # remembers a failure
OFFLINE_TEXT = b"No download of MNIST succeeded. Delete this file to try again at once.\n"
OFFLINE_SECONDS = 3600
LOCK = f".{NAME}.lock"
LOCK_WAIT = 60  # seconds to wait for another page that fetches or draws the same digits
_said = set()


def folder():
    """Return the path of the folder, which need not exist: COURSE_CACHE, or the system's place."""
    named = os.environ.get("COURSE_CACHE", "").strip()
    if named:
        return Path(os.path.realpath(named if os.path.isdir(named) else files.meant(named)))
    return pooch.os_cache(NAME)


def store(name, content):
    """Write the bytes `content` to the file `name` of the cache, unless something stands there.

    When it cannot be written, the reason is printed, once a session.
    """
    with _told():
        folder().mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(folder() / name):
            saving.write(folder() / name, content)


def remember_failure():
    """Note that no download succeeded just now."""
    forget_failure()
    store(OFFLINE, OFFLINE_TEXT)


def forget_failure():
    """Delete that note, if it is there and the course's own."""
    with suppress(files.DataError, OSError):
        if files.read_bytes(folder() / OFFLINE, len(OFFLINE_TEXT)) == OFFLINE_TEXT:
            (folder() / OFFLINE).unlink()


def failed_lately():
    """Return whether a download failed less than OFFLINE_SECONDS ago."""
    with suppress(OSError):
        return 0 <= time.time() - (folder() / OFFLINE).stat().st_mtime < OFFLINE_SECONDS
    return False


@contextmanager
def turn():
    """Let one page at a time fetch or draw; the others wait, and then find what it stored.

    Where no lock can be had (no cache, or no turn in LOCK_WAIT seconds), the page goes on without:
    files are written whole, so two pages may do the same work but never harm each other's.
    """
    lock = None
    with _told():
        folder().mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder() / LOCK)
        _acquire(lock)
    try:
        yield
    finally:
        if lock:
            lock.release()


def _acquire(lock):
    try:
        lock.acquire(timeout=0.2)
    except filelock.Timeout:
        if "waited" in _said:  # in vain: the other page is stopped, it seems
            return
        print(
            "Another page is fetching or drawing the digits: this one waits for it, "
            f"{LOCK_WAIT} seconds at most, and then goes on by itself. (The other holds "
            f"{files.shown(lock.lock_file)}.)"
        )
        try:
            lock.acquire(timeout=LOCK_WAIT)
        except filelock.Timeout:
            _said.add("waited")


@contextmanager
def _told():
    """Say once a session that the cache cannot be written, and go on."""
    try:
        yield
    except (OSError, NotImplementedError) as error:
        if "unwritable" not in _said:
            reason = getattr(error, "strerror", None) or error
            if isinstance(error, FileExistsError):
                reason = "something other than a folder has its name"
            print(
                f"The cache folder {files.printable(folder())} cannot be written ({reason}): the "
                "course runs without it, and fetches or draws its digits again next time. "
                "COURSE_CACHE names another folder."
            )
        _said.add("unwritable")

"""The folder in which the course keeps the digits that it has downloaded or drawn.

Nothing here is needed: where the folder cannot be written, that is said once and the course runs
without it.
"""

import os
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock
import pooch

LOCK_WAIT = 300  # seconds to wait for another page that fetches or draws the same digits
_said = set()


def folder():
    """Return the path of the folder, which need not exist: COURSE_CACHE, or the system's place."""
    named = os.environ.get("COURSE_CACHE", "").strip()
    if named:
        return Path(os.path.realpath(os.path.expanduser(named)))
    return pooch.os_cache("deep-learning-mnist")


def store(name, content):
    """Write the bytes `content` to the file `name` of the cache, whole or not at all.

    Returns:
        bool: whether it was written. When not, the reason is printed, once a session.
    """
    part = folder() / f".{name}.{os.getpid()}-{threading.get_ident()}.part"
    try:
        folder().mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            part.replace(folder() / name)
        finally:
            with suppress(OSError):
                part.unlink()
    except OSError as error:
        in_the_way = os.path.isdir(folder() / name)
        _say_once(f"a folder called {name} is in the way: move it" if in_the_way else error)
        return False
    return True


def age(name):
    """Return how many seconds ago the file `name` was written, or None when it is not there."""
    try:
        return time.time() - (folder() / name).stat().st_mtime
    except OSError:
        return None


def forget(name):
    """Delete the file `name`, one that the course wrote itself, if it is there."""
    with suppress(OSError):
        (folder() / name).unlink()


@contextmanager
def turn():
    """Let one page at a time fetch or draw; the others wait, and then find what it stored.

    Where no lock can be had (no cache, or no turn in LOCK_WAIT seconds), the page goes on without:
    files are written whole, so two pages may do the same work but never harm each other's.
    """
    lock = _acquired()
    try:
        yield
    finally:
        if lock:
            lock.release()


def _acquired():
    try:
        folder().mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder() / ".lock")
        try:
            lock.acquire(timeout=0.2)
        except filelock.Timeout:
            print("Another page is fetching or drawing the digits; waiting for it.")
            lock.acquire(timeout=LOCK_WAIT)
    except filelock.Timeout:
        return None
    except (OSError, NotImplementedError) as error:
        _say_once(error)
        return None
    return lock


def _say_once(error):
    if "unwritable" in _said:
        return
    _said.add("unwritable")
    reason = getattr(error, "strerror", None) or error
    print(
        f"The cache folder {folder()} cannot be written ({reason}): the course runs without it, "
        "and fetches or draws its digits again next time. COURSE_CACHE names another folder."
    )

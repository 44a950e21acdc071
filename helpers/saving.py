"""How every file of the course is written: whole, or the old one stays."""

import errno
import os
import stat
import threading
from contextlib import suppress
from pathlib import Path


def write(path, content):
    """Write `content` to the file at `path`, so that it holds the old content or all of the new.

    The content goes to a file beside it first, which then takes its name. A link stays a link: the
    file that it leads to is written, with the permissions that it had.

    Args:
        path: str or path, of a file in a folder that exists.
        content: bytes, or str, which is written as UTF-8 with its line ends as they are.

    Raises:
        OSError: the folder or the file cannot be written, or something other than a file has that
            name; names `path`. What was there stays as it was.
    """
    raw = content.encode("utf-8") if isinstance(content, str) else content
    target = Path(os.path.realpath(path))
    part = target.with_name(f".{target.name[:100]}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        mode = _mode(target)
        try:
            with open(part, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                os.chmod(part, mode)
            os.replace(part, target)
        finally:
            with suppress(OSError):
                part.unlink()
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def _mode(target):
    """Return the permissions of the file `target`, or None where there is none yet."""
    with suppress(FileNotFoundError):
        found = target.stat().st_mode
        if stat.S_ISDIR(found):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(found):  # a file that took a device's name would take its place
            raise OSError(errno.EINVAL, "neither a file nor a name that is free")
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return stat.S_IMODE(found)
    return None

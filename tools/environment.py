"""Make or renew an environment that the commands use. Needs Python alone.

    python -m tools.environment
    python -m tools.environment colab

Without a name it is `.venv`, the newest that the course's ranges allow. The others are build/NAME:
`measured` and `colab` hold the same in the versions of a constraints file, `jax` and `torch` what
runs and tests pages on that backend, without TensorFlow. An environment is made anew when
requirements, constraints, Python or the course's folder have changed: beside the old one, which
stays until the new one is complete. What this command did not make is never touched.
"""

import argparse
import contextlib
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import helpers.environment

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

ROOT = Path(__file__).resolve().parents[1]
BACKENDS = helpers.environment.BACKENDS[1:]  # those besides TensorFlow
CONSTRAINTS = {"measured": "constraints.txt", "colab": "tests/colab.txt"}
TESTERS = {"nbval", "pytest"}  # of what requirements-dev.txt lists, what runs a page's test
MARK = "course-made-from"  # in an environment of ours: what it was made from, once it is complete
AGAIN = "Then run the same command again."


def main(arguments=None):
    """Make an environment where it is missing, incomplete or outdated; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.environment", description=main.__doc__)
    parser.add_argument(
        "name",
        nargs="?",
        choices=[*CONSTRAINTS, *BACKENDS],
        help="exact versions, or a backend instead of TensorFlow",
    )
    name = parser.parse_args(arguments).name
    try:
        probe = ROOT / "build" / f".{os.getpid()}.tmp"
        probe.parent.mkdir(exist_ok=True)
        probe.touch()
        probe.unlink()
        with _alone(folder(name)):
            return make(folder(name), requirements(name), constraints(name))
    except OSError as error:
        print(
            f"Cannot write {error.filename}: {error.strerror}. The commands write .venv/ and "
            "build/ in the course's folder: make room, or copy it to a place of your own."
        )
        return 1
    except KeyboardInterrupt:
        print(f"\nStopped. {folder(name)} is as it was.")
        return 130


@contextlib.contextmanager
def _alone(folder):
    """Let one command at a time make an environment: another waits, and finds it ready."""
    if fcntl is None:
        yield
        return
    with open(ROOT / "build" / f"{folder.name}.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Another command is making {folder}: this one waits for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:  # a file system without locks
            pass
        yield


def folder(name=None):
    """Where an environment is, a pathlib.Path: `.venv` without a name, else build/NAME."""
    return ROOT / "build" / name if name else ROOT / ".venv"


def constraints(name=None):
    """The list that gives an environment its exact versions; None where it takes the newest."""
    return CONSTRAINTS.get(name)


def requirements(name=None):
    """What an environment holds, as pip is asked for it: a list of str."""
    if name not in BACKENDS:
        return ["-r", "requirements-dev.txt"]
    needed = [line for line in listed("requirements.txt") if _name(line) != "tensorflow"]
    testers = [line for line in listed("requirements-dev.txt") if _name(line) in TESTERS]
    return [*needed, *testers, name]


def listed(path):
    """The requirements in a file of the course, without comments and options."""
    texts = [line.split("#")[0].strip() for line in (ROOT / path).read_text("utf-8").splitlines()]
    return [text for text in texts if text and not text.startswith("-")]


def _name(requirement):
    return re.match(r"[\w.-]+", requirement)[0].lower()


def make(folder, requirements, constraints=None):
    """Make the environment in `folder` unless it is ready; say how it goes.

    Args:
        folder: pathlib.Path; one that lacks our mark, or is a link, is left alone.
        requirements: list of str, what pip is asked to install.
        constraints: str, a constraints file; None for the newest versions. Files are named from the
            course's folder.

    Returns:
        int: 0 when it is ready, 1 when it cannot be made.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    made_from = key(folder, requirements, constraints)
    if is_ready(folder, made_from):
        return 0
    new, old = (folder.with_name(f"{folder.name}-{which}") for which in ("new", "old"))
    for path in (folder, new, old):
        if path.is_symlink() or (path.exists() and not is_ours(path)):
            print(
                f"{path} was not made by this command, or not for this folder, and stays as it is. "
                f"To let the command make its own: mv {path.name} my-environment"
            )
            return 1
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        print(
            f"{base_python()} lacks {' and '.join(missing)}. On Debian or Ubuntu: apt install "
            f"python3-venv (as root, or with sudo). {AGAIN}"
        )
        return 1
    print(
        f"Making {folder} with Python {platform.python_version()}: a few minutes, about 2 GB.",
        flush=True,
    )
    for path in (new, old):
        remove(path)
    new.mkdir(parents=True)
    (new / MARK).write_text("not complete", encoding="utf-8")
    try:
        within = ["-c", constraints] if constraints else []
        for command in (
            [base_python(), "-m", "venv", "--prompt", folder.name, str(new)],
            [python(new), "-m", "pip", "install", *requirements, *within],
        ):
            if subprocess.run(command, cwd=ROOT, check=False).returncode:
                kept = f" {folder} is as it was." if folder.exists() else ""
                print(f"{folder} cannot be made; the reason stands above.{kept} {AGAIN}")
                return 1
        move(new, folder)
        (new / MARK).write_text(made_from, encoding="utf-8")
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
        remove(old)
    finally:
        remove(new)
        if not folder.exists() and old.exists():
            old.rename(folder)
    return 0


def move(here, there):
    """Let the scripts of a new environment name the folder that it will have."""
    for path in Path(python(here)).parent.iterdir():
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if os.fsencode(here) in content:
                path.write_bytes(content.replace(os.fsencode(here), os.fsencode(there)))


def is_ours(folder):
    """True for an environment that this command made or began."""
    return not folder.is_symlink() and (folder / MARK).is_file()


def remove(folder):
    """Delete an environment that this command made; nothing else."""
    if is_ours(folder):
        shutil.rmtree(folder)


def is_ready(folder, made_from):
    """True when an environment was made to its end, from the same things, and runs."""
    try:
        if (folder / MARK).read_text(encoding="utf-8") != made_from:
            return False
        return subprocess.run([python(folder), "-c", ""], check=False).returncode == 0
    except (OSError, UnicodeDecodeError):
        return False


def key(folder, requirements, constraints=None):
    """What an environment is made from: its folder, Python, and the SHA-256 of what pip reads."""
    digest = hashlib.sha256("\0".join(requirements).encode())
    files = [ROOT / constraints] if constraints else []
    for path in [*sorted(ROOT.glob("requirements*.txt")), *files]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return "\n".join([str(folder.resolve()), base_python(), sys.version, digest.hexdigest()])


def base_python():
    """The interpreter behind the one that runs, which may itself be that of an environment."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def python(folder):
    """The interpreter of an environment."""
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


if __name__ == "__main__":
    sys.exit(main())

"""Make or renew `.venv`, the environment that the other commands use. Needs Python alone.

    python -m tools.environment
    python -m tools.environment jax
    python -m tools.environment colab

With a backend's name, the environment is build/backends/<name>: what runs and tests pages, with
that backend in the place of TensorFlow. With colab it is build/colab: all of `.venv`, in the
versions of tests/colab.txt. An environment is made anew when the requirements, Python or the
course's folder have changed since, and when an earlier try did not come to its end.
"""

import argparse
import hashlib
import importlib.util
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BACKENDS = ("jax", "torch")  # those besides TensorFlow
COLAB = "colab"
TESTERS = {"nbval", "pytest"}  # of what requirements-dev.txt lists, what runs a page's test
NEEDED = ("venv", "ensurepip")
AGAIN = "Then run the same command again."
INSTALL = f"On Debian or Ubuntu: apt install python3-venv (as root, or with sudo). {AGAIN}"


def main(arguments=None):
    """Make an environment where it is missing, incomplete or outdated; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.environment", description=main.__doc__)
    parser.add_argument(
        "name",
        nargs="?",
        choices=[*BACKENDS, COLAB],
        help="a backend instead of TensorFlow, or Colab's versions",
    )
    name = parser.parse_args(arguments).name
    everything = ["-r", str(ROOT / "requirements-dev.txt")]
    if name == COLAB:
        constraints = colab_constraints()
        return make(colab_folder(), [*everything, "-c", str(constraints)], [constraints])
    if name:
        return make(backend_folder(name), backend_requirements(name))
    return make(VENV, everything)


def make(folder, requirements, more_files=()):
    """Make the environment in `folder` unless it is ready; say how it goes.

    Args:
        folder: pathlib.Path; what is in it goes.
        requirements: list of str, what pip is asked to install.
        more_files: paths of files that these name, besides the course's requirements.

    Returns:
        int: 0 when it is ready, 1 when it cannot be made.
    """
    if is_ready(folder, more_files):
        return 0
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        print(f"{base_python()} lacks {' and '.join(missing)}. {INSTALL}")
        return 1
    print(
        f"Making {folder} with Python {platform.python_version()}: a few minutes, about 2 GB.",
        flush=True,
    )
    mark(folder).unlink(missing_ok=True)
    if subprocess.run(
        [base_python(), "-m", "venv", "--clear", str(folder)], check=False
    ).returncode:
        print(f"{folder} cannot be made; the reason stands above. {INSTALL}")
        return 1
    install = [python(folder), "-m", "pip", "install", *requirements]
    if subprocess.run(install, check=False).returncode:
        print(f"Installing into {folder} failed; the reason stands above. {AGAIN}")
        return 1
    mark(folder).write_text(key(folder, more_files), encoding="utf-8")
    return 0


def backend_folder(backend):
    """Where the environment of a backend is."""
    return ROOT / "build" / "backends" / backend


def colab_folder():
    """Where the environment with Colab's versions is."""
    return ROOT / "build" / "colab"


def colab_constraints():
    """The file that lists Colab's versions."""
    return ROOT / "tests" / "colab.txt"


def colab_versions():
    """Return Colab's versions by package: the exact ones of the constraints file."""
    return dict(line.split("==") for line in _listed("tests/colab.txt") if "==" in line)


def backend_requirements(backend):
    """What pages need, with a backend in the place of TensorFlow, and what tests them.

    Args:
        backend: str, one of BACKENDS.

    Returns:
        list of str, such as ["keras>=3.13,<4", …, "jax"].
    """
    needed = [line for line in _listed("requirements.txt") if _name(line) != "tensorflow"]
    testers = [line for line in _listed("requirements-dev.txt") if _name(line) in TESTERS]
    return [*needed, *testers, backend]


def _listed(name):
    """The requirements in a file, without comments and options."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    texts = [line.split("#")[0].strip() for line in lines]
    return [text for text in texts if text and not text.startswith("-")]


def _name(requirement):
    return re.match(r"[\w.-]+", requirement)[0].lower()


def is_ready(folder, more_files=()):
    """True when it was made to its end, from these requirements, by this Python, and runs."""
    try:
        if mark(folder).read_text(encoding="utf-8") != key(folder, more_files):
            return False
        return subprocess.run([python(folder), "-c", ""], check=False).returncode == 0
    except OSError:
        return False


def mark(folder):
    """The file that says what a finished environment was made from."""
    return folder / "course-made-from"


def key(folder, more_files=()):
    """What an environment is made from: folder, Python, and the requirements' SHA-256."""
    digest = hashlib.sha256()
    for path in [*sorted(ROOT.glob("requirements*.txt")), *more_files]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return "\n".join([str(folder), base_python(), sys.version, digest.hexdigest()])


def base_python():
    """The interpreter behind the one that runs, which may itself be that of an environment."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def python(folder):
    """The interpreter of an environment."""
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


if __name__ == "__main__":
    sys.exit(main())

"""Make or renew `.venv`, the environment that the other commands use. Needs Python alone.

    python -m tools.environment

The environment is made anew when the requirements, Python or the course's folder have changed
since, and when an earlier try did not come to its end.
"""

import hashlib
import importlib.util
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
NEEDED = ("venv", "ensurepip")
AGAIN = "Then run the same command again."
INSTALL = f"On Debian or Ubuntu: apt install python3-venv (as root, or with sudo). {AGAIN}"


def main():
    """Make `.venv` where it is missing, incomplete or outdated; return the exit code."""
    if is_ready():
        return 0
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        print(f"{base_python()} lacks {' and '.join(missing)}. {INSTALL}")
        return 1
    print(f"Making {VENV} with Python {platform.python_version()}: a few minutes, about 2 GB.")
    mark().unlink(missing_ok=True)
    if subprocess.run([base_python(), "-m", "venv", "--clear", str(VENV)], check=False).returncode:
        print(f"{VENV} cannot be made; the reason stands above. {INSTALL}")
        return 1
    requirements = ["-r", str(ROOT / "requirements-dev.txt")]
    if subprocess.run([python(), "-m", "pip", "install", *requirements], check=False).returncode:
        print(f"Installing into {VENV} failed; the reason stands above. {AGAIN}")
        return 1
    mark().write_text(key(), encoding="utf-8")
    return 0


def is_ready():
    """True when `.venv` was made to its end, from these requirements, by this Python, and runs."""
    try:
        if mark().read_text(encoding="utf-8") != key():
            return False
        return subprocess.run([python(), "-c", ""], check=False).returncode == 0
    except OSError:
        return False


def mark():
    """The file that says what a finished environment was made from."""
    return VENV / "course-made-from"


def key():
    """What an environment is made from: folder, Python, and the requirements' SHA-256."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("requirements*.txt")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return "\n".join([str(VENV), base_python(), sys.version, digest.hexdigest()])


def base_python():
    """The interpreter behind the one that runs, which may itself be that of an environment."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def python():
    """The interpreter of `.venv`."""
    return str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


if __name__ == "__main__":
    sys.exit(main())

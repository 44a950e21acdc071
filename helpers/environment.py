"""Where a page runs: the right versions, which machine, and a quiet first import."""

import contextlib
import importlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parents[1]
# What TensorFlow's compiled part writes when it starts, whatever TF_CPP_MIN_LOG_LEVEL says
# (tensorflow/tensorflow#100442), and what says nothing is wrong.
START_UP_LOG = re.compile(
    r"^I\d{4} |: I (tensorflow|external)/|All log messages before absl::InitializeLog"
    r"|Attempting to register factory for plugin|computation placer already registered"
    r"|This TensorFlow binary is optimized|^To enable the following instructions"
)


def check(requirements=ROOT / "requirements.txt"):
    """Check Python and the installed packages against `requirements`; say nothing when all is well.

    In Colab, a machine without GPU gets one line that says how to ask for one.

    Args:
        requirements: path of a requirements file, one `name>=version` a line.

    Returns:
        pathlib.Path: the folder of the course.

    Raises:
        RuntimeError: a package is missing or out of range; names the version found, the version
            needed and the command that mends it.
    """
    lines = Path(requirements).read_text(encoding="utf-8").splitlines()
    problems = [_python_problem(), *(_package_problem(line) for line in lines)]
    problems = [problem for problem in problems if problem]
    if problems:
        raise RuntimeError("This environment cannot run the course:\n" + "\n".join(problems))
    if "COLAB_RELEASE_TAG" in os.environ and not has_nvidia_gpu():
        print("No GPU: all runs, only slower. Runtime > Change runtime type > T4 GPU adds one.")
    return ROOT


def import_quietly(module):
    """Import `module` for the first time without its compiled part's start-up log.

    Only lines that match START_UP_LOG are dropped; whatever else is written to the standard error
    meanwhile is passed on, also when the import fails.

    Args:
        module: str, a module's name.

    Raises:
        ImportError: as `import` itself does.
    """
    with tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace") as log:
        try:
            with _errors_into(log):
                importlib.import_module(module)
        finally:
            log.seek(0)
            sys.stderr.writelines(line for line in log if not START_UP_LOG.search(line))


@contextlib.contextmanager
def _errors_into(log):
    """Send what compiled code writes to the standard error (file descriptor 2) into `log`."""
    saved = os.dup(2)
    try:
        os.dup2(log.fileno(), 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def has_nvidia_gpu():
    """True when NVIDIA's driver is installed and reachable; imports no deep-learning library."""
    return shutil.which("nvidia-smi") is not None and Path("/dev/nvidia0").exists()


def machine():
    """Say in one line what this computer computes with.

    Returns:
        str, such as "2 CPU cores (Intel Xeon), no GPU".
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} CPU cores ({_processor()}), {_gpu()}"


def _python_problem():
    if sys.version_info[:2] >= PYTHON:
        return None
    found = ".".join(map(str, sys.version_info[:3]))
    needed = ".".join(map(str, PYTHON))
    return f"- Python {found} found, {needed} or newer needed: install it, then `make course`."


def _package_problem(line):
    text = line.split("#")[0].strip()
    if not text:
        return None
    needed = Requirement(text)
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if needed.name == "tensorflow" and backend != "tensorflow":
        return None  # Keras then runs on JAX or PyTorch, and no page but 01 needs TensorFlow
    try:
        found = metadata.version(needed.name)
    except metadata.PackageNotFoundError:
        found = None
    if found is not None and needed.specifier.contains(found, prereleases=True):
        return None
    has = f"{needed.name} {found} found" if found else f"{needed.name} is not installed"
    command = f'pip install "{needed}"'
    return f"- {has}, {needed.name} {needed.specifier} needed: {command}, then restart the kernel."


def _processor():
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _gpu():
    if not has_nvidia_gpu():
        return "no GPU"
    ask = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    answer = subprocess.run(ask, capture_output=True, text=True, check=False)
    names = answer.stdout.strip().splitlines()
    return f"GPU {names[0]}" if answer.returncode == 0 and names else "no GPU"

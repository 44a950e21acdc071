"""Where a page runs: the right versions, which machine, and a quiet first import."""

import contextlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements.txt"
BACKENDS = ("tensorflow", "jax", "torch")  # those on which Keras trains
# What TensorFlow's compiled part writes when it starts, whatever TF_CPP_MIN_LOG_LEVEL says
# (tensorflow/tensorflow#100442), and what says nothing is wrong.
START_UP_LOG = re.compile(
    r"^I\d{4} |: I (tensorflow|external)/|All log messages before absl::InitializeLog"
    r"|Attempting to register factory for plugin|computation placer already registered"
    r"|This TensorFlow binary is optimized|^To enable the following instructions"
)


def check(requirements=REQUIREMENTS):
    """Check Python, the installed packages and KERAS_BACKEND; say nothing when all is well.

    Where Keras runs on JAX or PyTorch, TensorFlow may be missing: see `need`. In Colab, a machine
    without GPU gets one line that says how to ask for one.

    Args:
        requirements: path of a requirements file, one `name>=version` a line.

    Returns:
        pathlib.Path: the folder of the course.

    Raises:
        RuntimeError: a package is missing or out of range, or KERAS_BACKEND names none of
            BACKENDS; says what was found, what is needed and what to do.
    """
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"  # Keras takes an empty one so too
    needed = [
        requirement
        for requirement in _listed(requirements)
        if requirement.name == backend or requirement.name not in BACKENDS
    ]
    problems = [_python_problem(), _backend_problem(backend), *map(_package_problem, needed)]
    problems = [problem for problem in problems if problem]
    if problems:
        raise RuntimeError("This environment cannot run the course:\n" + "\n".join(problems))
    if "COLAB_RELEASE_TAG" in os.environ and not has_nvidia_gpu():
        print("No GPU: all runs, only slower. Runtime > Change runtime type > T4 GPU adds one.")
    return ROOT


def need(package, requirements=REQUIREMENTS):
    """Check a package that `check` lets go missing: TensorFlow, where Keras runs on another.

    Args:
        package: str, a name in `requirements`.
        requirements: as for `check`.

    Raises:
        ValueError: the requirements file does not list the package.
        RuntimeError: it is missing or out of range; says what to do.
    """
    listed = {requirement.name: requirement for requirement in _listed(requirements)}
    if package not in listed:
        raise ValueError(f"package must be one of {', '.join(listed)}; got {package!r}.")
    problem = _package_problem(listed[package])
    if problem:
        raise RuntimeError(
            f"From here on this page needs {package}; all before this cell runs without.\n{problem}"
        )


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


def _backend_problem(backend):
    if backend not in BACKENDS:
        return (
            f"- KERAS_BACKEND is {backend!r}, one of {', '.join(BACKENDS)} needed: set it so, or "
            "unset it for TensorFlow, then restart the kernel."
        )
    if backend != "tensorflow" and importlib.util.find_spec(backend) is None:
        return (
            f"- KERAS_BACKEND is {backend!r}, and {backend} is not installed: pip install "
            f"{backend}, or unset KERAS_BACKEND for TensorFlow, then restart the kernel."
        )
    return None


def _listed(requirements):
    from packaging.requirements import Requirement  # tools.environment runs where it is missing

    lines = Path(requirements).read_text(encoding="utf-8").splitlines()
    texts = [line.split("#")[0].strip() for line in lines]
    return [Requirement(text) for text in texts if text]


def _package_problem(needed):
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

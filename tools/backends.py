"""`make test-backends`: test pages on JAX and on PyTorch, in environments without TensorFlow.

    python -m tools.backends
    python -m tools.backends 00 02
    python -m tools.backends --backends jax
"""

import argparse
import os
import subprocess
import sys
import time

from tools import environment, pages
from tools.course import ProgressLine

FINDS_TENSORFLOW = "import importlib.util as u, sys; sys.exit(u.find_spec('tensorflow') is None)"
COMPARE = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax", "--nbval-current-env"]


def main(arguments=None):
    """Test the pages named, or all that need no TensorFlow; return 0 when each passed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.backends", description=__doc__.split("\n")[0]
    )
    parser.add_argument("pages", nargs="*", help="pages by the start of their name, such as 00 02")
    parser.add_argument(
        "--backends", nargs="+", choices=environment.BACKENDS, default=environment.BACKENDS
    )
    options = parser.parse_args(arguments)
    every_page = [*pages.PAGES, *pages.REFERENCE]
    able = [path for path in every_page if path.stem not in pages.NEEDS_TENSORFLOW]
    try:
        chosen = pages.select(able, options.pages)
    except ValueError as error:
        parser.error(f"{error} Left out: {', '.join(sorted(pages.NEEDS_TENSORFLOW))}.")
    try:
        passed = [test_backend(backend, chosen) for backend in options.backends]
    except KeyboardInterrupt:
        print("\nStopped. Environments that are finished are kept in build/backends.")
        return 130
    return int(not all(passed))


def test_backend(backend, paths):
    """Make a backend's environment and test pages in it, with a line each.

    Args:
        backend: str, "jax" or "torch".
        paths: notebooks.

    Returns:
        bool: every page passed.
    """
    if environment.main([backend]):
        return False
    python = environment.python(environment.backend_folder(backend))
    if subprocess.run([python, "-c", FINDS_TENSORFLOW], check=False).returncode == 0:
        print(f"{backend}: TensorFlow is installed too, so nothing would be tested: {python}")
        return False
    passed = [test_page(path, backend, python, backend) for path in paths]
    return all(passed)


def test_page(path, name, python, backend="tensorflow"):
    """Run a page and compare its outputs as `make test-pages` does; print one line, and why not.

    Args:
        path: the notebook's file.
        name: str, what the environment is called.
        python: the interpreter that runs the page.
        backend: what KERAS_BACKEND is set to.

    Returns:
        bool: it passed.
    """
    line = ProgressLine(f"{name}, {path.stem}")
    started = time.monotonic()
    done = compare(path, python, backend)
    failed = done.returncode != 0
    line.end(f"{time.monotonic() - started:.0f} s, {'FAILED' if failed else 'ok'}")
    if failed:
        print(f"{done.stdout}{done.stderr}")
    return not failed


def compare(path, python, backend="tensorflow"):
    """Run a page and compare its outputs; return the subprocess.CompletedProcess, texts and all."""
    return subprocess.run(
        [python, *COMPARE, f"--nbval-cell-timeout={pages.TIMEOUT}", str(path)],
        cwd=pages.ROOT,
        env=os.environ | {"KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main())

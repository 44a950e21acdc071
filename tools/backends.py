"""`make test-backends`: test pages on JAX and on PyTorch, in environments without TensorFlow.

    python -m tools.backends
    python -m tools.backends 00 02 --backends jax
"""

import argparse
import subprocess
import sys

from tools import environment, pages, test

FINDS_TENSORFLOW = "import importlib.util as u, sys; sys.exit(u.find_spec('tensorflow') is None)"


def main(arguments=None):
    """Test the pages named, or all that need no TensorFlow; return 0 when each passed."""
    parser = argparse.ArgumentParser(prog="python -m tools.backends", description=main.__doc__)
    parser.add_argument(
        "--backends", nargs="+", choices=environment.BACKENDS, default=environment.BACKENDS
    )
    able = [path for path in pages.every() if not pages.needs_tensorflow(pages.read(path))]
    options, chosen = pages.chosen(parser, arguments, able)
    passed = [test_backend(backend, chosen) for backend in options.backends]
    return int(not all(passed))


def test_backend(backend, paths):
    """Make a backend's environment and test pages in it; return whether every page passed."""
    if environment.main([backend]):
        return False
    python = environment.python(environment.folder(backend))
    if subprocess.run([python, "-c", FINDS_TENSORFLOW], check=False).returncode == 0:
        print(f"{backend}: TensorFlow is installed too, so nothing would be tested: {python}")
        return False
    print(f"{backend}:", flush=True)
    return test.compare(paths, python, f"pages-{backend}", {"KERAS_BACKEND": backend})


if __name__ == "__main__":
    sys.exit(pages.command(main))

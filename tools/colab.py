"""`make test-colab`: test the course with Colab's versions on the Python that make is given.

    python -m tools.colab
    python -m tools.colab 00 02

The versions are those of tests/colab.txt, in an environment of their own, build/colab. What costs
least comes first, and what fails ends it: that those versions are the ones installed; that a page
which needs newer ones fails with them, and only with them; the unit tests; the pages.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from nbformat import v4

from tools import backends, environment, pages

NAME = "Colab's versions"
INSTALLED = """import importlib.metadata, json, sys
print(json.dumps({name: importlib.metadata.version(name) for name in sys.argv[1:]}))"""
# Keras 3.13.2 has no `renorm`; the latest has.
NEWER = "import keras\n\nkeras.layers.BatchNormalization(renorm=True).renorm"


def main(arguments=None):
    """Test the pages named, or all, and everything before them; return 0 when all passed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.colab", description=__doc__.split("\n")[0]
    )
    parser.add_argument("pages", nargs="*", help="pages by the start of their name, such as 00 02")
    try:
        chosen = pages.select([*pages.PAGES, *pages.REFERENCE], parser.parse_args(arguments).pages)
    except ValueError as error:
        parser.error(str(error))
    if environment.main([environment.COLAB]):
        return 1
    python = environment.python(environment.colab_folder())
    try:
        for check in (wrong_versions, unnoticed_drift):
            if problem := check(python):
                print(f"{NAME}: {problem}")
                return 1
        if not test_units(python):
            return 1
        passed = [backends.test_page(path, NAME, python) for path in chosen]
    except KeyboardInterrupt:
        print(f"\nStopped. The environment is kept in {environment.colab_folder()}.")
        return 130
    return int(not all(passed))


def wrong_versions(python):
    """Return what is installed in another version than Colab's; empty when nothing is.

    Args:
        python: the interpreter of the environment.
    """
    wanted = environment.colab_versions()
    command = [python, "-c", INSTALLED, *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"{python} does not say what is installed: {done.stderr.strip()}"
    found = json.loads(done.stdout)
    wrong = [f"{name} {found[name]}, not {wanted[name]}" for name in wanted if differs(name, found)]
    return f"installed is {', '.join(wrong)}: delete {environment.colab_folder()}." * bool(wrong)


def differs(name, found):
    """True where a package's version in `found` is not Colab's; a local build of it is."""
    return found[name].split("+")[0] != environment.colab_versions()[name]


def unnoticed_drift(python):
    """Return why a page that needs newer versions than Colab's is not told apart; empty when it is.

    A page with an argument that only newer versions have must pass in this process's environment,
    which has the latest, and fail with Colab's, because of that argument.

    Args:
        python: the interpreter with Colab's versions.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "newer.ipynb"
        pages.write(path, v4.new_notebook(cells=[v4.new_code_cell(NEWER)]))
        here, there = (backends.compare(path, which) for which in (sys.executable, python))
    if here.returncode:
        return f"a page for newer versions fails with the latest too:\n{here.stdout}{here.stderr}"
    if there.returncode == 0 or "renorm" not in there.stdout:
        return f"a page for newer versions does not fail with them:\n{there.stdout}{there.stderr}"
    print(f"{NAME}: a page that needs newer ones fails with them, and passes with the latest.")
    return ""


def test_units(python):
    """Run the unit tests; return whether they passed."""
    print(f"{NAME}: unit tests", flush=True)
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "auto"]
    command += ["--dist", "loadfile"]
    return subprocess.run(command, cwd=pages.ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())

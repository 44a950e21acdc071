"""`make test-colab`: test the course with Colab's versions on the Python that make is given.

    python -m tools.colab
    python -m tools.colab 00 02

The versions are those of tests/colab.txt, in an environment of their own, build/colab. What costs
least comes first, and what fails ends it: that those versions are the ones installed; that code
which needs newer ones fails with them, and only with them; the unit tests; the pages.
"""

import argparse
import json
import subprocess
import sys

from tools import environment, pages, test

INSTALLED = """import importlib.metadata, json, sys
print(json.dumps({name: importlib.metadata.version(name) for name in sys.argv[1:]}))"""
# Keras 3.13.2 has no `renorm`; the latest has.
NEWER = "import keras; keras.layers.BatchNormalization(renorm=True).renorm"


def main(arguments=None):
    """Test the pages named, or all, and everything before them; return 0 when all passed."""
    parser = argparse.ArgumentParser(prog="python -m tools.colab", description=main.__doc__)
    chosen = pages.chosen(parser, arguments)[1]
    if environment.main(["colab"]):
        return 1
    python = environment.python(environment.folder("colab"))
    for check in (wrong_versions, unnoticed_drift):
        if problem := check(python):
            print(f"Colab's versions: {problem}")
            return 1
    passed = test.units(python, "units-colab") and test.compare(chosen, python, "pages-colab")
    return int(not passed)


def colab_versions():
    """Colab's versions by package: the exact ones of the constraints file."""
    lines = environment.listed(environment.CONSTRAINTS["colab"])
    return dict(line.split("==") for line in lines if "==" in line)


def wrong_versions(python):
    """Return what is installed in another version than Colab's; empty when nothing is.

    Args:
        python: the interpreter of the environment.
    """
    wanted = colab_versions()
    command = [python, "-c", INSTALLED, *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return done.stderr
    found = {name: version.split("+")[0] for name, version in json.loads(done.stdout).items()}
    differ = [name for name in wanted if found[name] != wanted[name]]
    wrong = [f"{name} {found[name]}, not {wanted[name]}" for name in differ]
    return f"installed is {', '.join(wrong)}: delete {environment.folder('colab')}." * bool(wrong)


def unnoticed_drift(python):
    """Return why code that needs newer versions than Colab's is not told apart; empty when it is.

    An argument that only newer versions have must be taken in this process's environment, which
    has the latest, and refused with Colab's.

    Args:
        python: the interpreter with Colab's versions.
    """
    run = {"capture_output": True, "text": True, "check": False}
    here, there = (subprocess.run([p, "-c", NEWER], **run) for p in (sys.executable, python))
    if here.returncode:
        return f"what only newer versions can fails with the latest too:\n{here.stderr}"
    if there.returncode == 0 or "renorm" not in there.stderr:
        return f"what only newer versions can does not fail with them:\n{there.stderr}"
    print("Colab's versions: what needs newer ones fails with them, and passes with the latest.")
    return ""


if __name__ == "__main__":
    sys.exit(pages.command(main))

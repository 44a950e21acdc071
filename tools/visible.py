"""Whether what a reader copies from a page runs by itself.

    python -m tools.visible
    python -m tools.visible 00 02

The visible cells of a page, without folded ones and exercises, run one after the other in an empty
namespace and an empty folder. Of the helpers they may use those that draw, and the digits (the rule
`own_code`). The digits are few: this is about whether the cells run, not about what they reach, so
that what they assert is passed over too. A page that fails gets all digits before it is named: it
may show one by its number.
"""

import argparse
import contextlib
import functools
import os
import sys
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # must come before TensorFlow's first import

from helpers import data
from tools import pages, reading, rules

FEW = 3000  # digits of each kind
load_digits = data.load_digits


def main(arguments=None):
    """Run the visible cells of the pages named, or of all; return 0 when all do."""
    parser = argparse.ArgumentParser(prog="python -m tools.visible", description=main.__doc__)
    problems = []
    for path in pages.chosen(parser, arguments, pages.PAGES)[1]:
        line, started = pages.ProgressLine(path.stem), time.monotonic()
        page = reading.load(path, pages.ROOT)
        found = rules.own_code(page) or (run(page, few_digits) and run(page, load_digits))
        line.end(f"{time.monotonic() - started:.1f} s, {'FAILED' if found else 'ok'}")
        problems += found
    print(*problems, sep="\n", end="\n" * bool(problems))
    return int(bool(problems))


def run(page, load):
    """Run the visible cells of a page on the digits that `load` returns.

    Returns:
        list of str: what is wrong; one at most.
    """
    copied = [n for n, _, _ in page.copied]
    trains = [n for n, _, name, _ in page.calls() if name == "fit"]
    if trains and not set(trains) & set(copied):
        return [f"{page.path.name}: trains, and in no visible cell"]
    namespace, here = {"__name__": "__main__"}, os.getcwd()
    data.load_digits = load
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as nowhere:
        os.chdir(folder)
        try:
            with contextlib.redirect_stdout(nowhere):
                for n, cell, _ in page.copied:  # optimize=1 passes over `assert`
                    exec(compile(cell.source, f"cell {n}", "exec", optimize=1), namespace)
        except NameError as error:
            return [f"{page.path.name}, cell {n}: no visible cell before it defines {error.name}"]
        except Exception as error:  # whatever a page raises
            return [f"{page.path.name}, cell {n}: {type(error).__name__}: {error}"]
        finally:
            os.chdir(here)
            data.load_digits = load_digits
    return []


@functools.cache
def few_digits():
    """The first digits of each kind, as `data.load_digits` returns them."""
    digits = load_digits()
    kinds = (digits.train, digits.validation, digits.test)
    pairs = [data.Pair(images[:FEW], labels[:FEW]) for images, labels in kinds]
    return data.Digits(*pairs, digits.source)


if __name__ == "__main__":
    sys.exit(pages.command(main))

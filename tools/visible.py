"""Whether what a reader copies from a page runs by itself.

    python -m tools.visible
    python -m tools.visible 00 02

The visible cells of a page, without folded ones and exercises, run one after the other in an empty
namespace and an empty folder. Of the helpers they may use those that draw, and the digits (the rule
`own_code`). Training is cut short: this is about whether the cells run, not what they reach, so
what they assert is passed over too.
"""

import argparse
import contextlib
import os
import sys
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # must come before TensorFlow's first import

import keras

from tools import pages, reading, rules

BATCHES = 3  # of each epoch


def main(arguments=None):
    """Run the visible cells of the pages named, or of all; return 0 when all do."""
    parser = argparse.ArgumentParser(prog="python -m tools.visible", description=main.__doc__)
    problems = []
    for path in filter(pages.is_rewritten, pages.chosen(parser, arguments, pages.PAGES)[1]):
        line, started = pages.ProgressLine(path.stem), time.monotonic()
        page = reading.load(path, pages.ROOT)
        found = rules.own_code(page) or run(page)
        line.end(f"{time.monotonic() - started:.1f} s, {'FAILED' if found else 'ok'}")
        problems += found
    print(*problems, sep="\n", end="\n" * bool(problems))
    return int(bool(problems))


def run(page):
    """Run the visible cells of a page; return what is wrong, a list of at most one str."""
    namespace, trained, here = {"__name__": "__main__"}, [], os.getcwd()
    with tempfile.TemporaryDirectory() as folder, _short_training(trained), _silence():
        os.chdir(folder)
        try:
            for n, cell, _ in page.copied:
                # optimize=1 passes over `assert`.
                exec(compile(cell.source, f"cell {n}", "exec", optimize=1), namespace)
        except NameError as error:
            return [f"{page.path.name}, cell {n}: no visible cell before it defines {error.name}"]
        except Exception as error:  # whatever a page raises
            return [f"{page.path.name}, cell {n}: {type(error).__name__}: {error}"]
        finally:
            os.chdir(here)
    if not trained and any(name == "fit" for _, _, name, _ in page.calls()):
        return [f"{page.path.name}: trains, and in no visible cell"]
    return []


@contextlib.contextmanager
def _short_training(trained):
    """Give `fit` the digits of a few batches alone, and note in a list what it trains."""
    fit = keras.Model.fit

    def short(self, *args, **kwargs):
        few = BATCHES * (kwargs.get("batch_size") or 32)

        def cut(value):
            if isinstance(value, tuple):  # validation_data
                return tuple(map(cut, value))
            return value[:few] if hasattr(value, "shape") else value

        trained.append(self)
        return fit(self, *map(cut, args), **{name: cut(value) for name, value in kwargs.items()})

    keras.Model.fit = short
    try:
        yield
    finally:
        keras.Model.fit = fit


@contextlib.contextmanager
def _silence():
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


if __name__ == "__main__":
    sys.exit(pages.command(main))

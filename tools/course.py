"""`make course`: run every page in order, write copies and HTML to build/, print the ladder.

    python -m tools.course
    python -m tools.course 00 02
"""

import argparse
import os
import shutil
import sys
import time

from tools import digests, html, pages, results

BUILD = pages.ROOT / "build"
RUNS = BUILD / "runs"


def main(arguments=None):
    """Run the pages named, or all; return 0 when each ran to its end, 130 when stopped."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.course", description=__doc__.split("\n")[0]
    )
    parser.add_argument("pages", nargs="*", help="pages by the start of their name, such as 00 02")
    try:
        chosen = pages.select(pages.PAGES, parser.parse_args(arguments).pages)
    except ValueError as error:
        parser.error(str(error))
    shutil.rmtree(RUNS, ignore_errors=True)
    try:
        failures = [failure for failure in run_all(chosen) if failure is not None]
    except KeyboardInterrupt:
        print(f"\nStopped. Copies of the pages that ended are kept in {BUILD / 'notebooks'}.")
        return 130
    index = html.write_course(BUILD / "html", stored_copies())
    print(f"\n{results.ladder(results.load_runs(RUNS))}\n\nTo read: {index}")
    if failures:
        print(f"\n{len(failures)} of {len(chosen)} pages failed:")
        print(*(f"- {failure}" for failure in failures), sep="\n")
    return int(bool(failures))


def run_all(paths):
    """Run pages one after the other with a line of progress each; yield what failed, or None.

    The executed copy goes to build/notebooks, as far as it came.
    """
    for number, path in enumerate(paths, start=1):
        line = ProgressLine(f"[{number}/{len(paths)}] {path.stem}")
        started = time.monotonic()
        notebook, failure = run(path, line.update)
        outcome = f"FAILED: {failure}" if failure else "ok"
        line.end(f"{time.monotonic() - started:.0f} s, {outcome}")
        copy = BUILD / "notebooks" / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if notebook is None:
            copy.unlink(missing_ok=True)
        else:
            pages.write(copy, notebook)
        yield failure


def run(path, on_cell):
    """Execute a page that records what it measures in build/runs.

    Args:
        path: the notebook's file.
        on_cell: as in `pages.execute`.

    Returns:
        (notebook, failure): what the page showed, None when it cannot be read; and what went wrong,
        None when nothing did.
    """
    try:
        digest = digests.results_digest(pages.read(path), pages.ROOT)
        env = os.environ | {"COURSE_RUNS": str(RUNS), "COURSE_DIGEST": digest}
        return pages.execute(path, env=env, on_cell=on_cell)[0], None
    except pages.PageError as error:
        return error.notebook, str(error)
    except ValueError as error:
        return None, str(error)


def stored_copies():
    """The executed copies of the course's pages in build/notebooks, by name."""
    copies = (BUILD / "notebooks" / path.name for path in pages.PAGES)
    return {path.stem: pages.read(path) for path in copies if path.is_file()}


class ProgressLine:
    """A line that changes while a page runs, where the output is a terminal; else one at the end.

    Args:
        start: str, what the line begins with.
    """

    def __init__(self, start):
        self.start = start
        self.moves = sys.stdout.isatty()

    def update(self, cell, count):
        """Say which code cell runs."""
        if self.moves:
            print(f"\r\x1b[K{self.start}: cell {cell}/{count}", end="", flush=True)

    def end(self, text):
        """Say how it went, and end the line."""
        print(f"{chr(13) + chr(27) + '[K' if self.moves else ''}{self.start}: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""`make course`: run every page in order, write copies and HTML to build/, print the ladder.

    python -m tools.course
    python -m tools.course 00 02
"""

import argparse
import os
import shutil
import sys
import time

from tools import book, digests, pages, results

BUILD = pages.ROOT / "build"
RUNS = BUILD / "runs"


def main(arguments=None):
    """Run the pages named, or all; return 0 when each ran to its end, 130 when stopped."""
    parser = argparse.ArgumentParser(prog="python -m tools.course", description=main.__doc__)
    chosen = pages.chosen(parser, arguments, pages.PAGES)[1]
    copies = BUILD / "notebooks"
    copies.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(RUNS, ignore_errors=True)
    failures = []
    try:
        for number, path in enumerate(chosen, start=1):
            line = pages.ProgressLine(f"[{number}/{len(chosen)}] {path.stem}")
            started = time.monotonic()
            notebook, failure = run(path, line.update)
            outcome = f"FAILED: {failure}" if failure else "ok"
            line.end(f"{time.monotonic() - started:.0f} s, {outcome}")
            failures += [failure] * bool(failure)
            if notebook is None:
                (copies / path.name).unlink(missing_ok=True)
            else:
                pages.write(copies / path.name, notebook)
    except KeyboardInterrupt:
        print(f"\nStopped. Copies of the pages that ended are kept in {copies}.")
        return 130
    runs = results.load_runs(RUNS)
    print(f"\n{results.ladder(runs)}")
    kept = [path.stem for path in pages.PAGES if (copies / path.name).is_file()]
    notebooks = {name: pages.read(copies / f"{name}.ipynb") for name in kept}
    print(f"\nTo read: {book.write(BUILD / 'html', notebooks, book.Scores(*results.scored(runs)))}")
    if failures:
        print(f"\n{len(failures)} of {len(chosen)} pages failed:")
        print(*(f"- {failure}" for failure in failures), sep="\n")
    return int(bool(failures))


def run(path, on_cell):
    """Execute a page that records what it measures in build/runs.

    Returns:
        (notebook, failure): what the page showed, as far as it came, None when it cannot be read;
        and what went wrong, None when nothing did.
    """
    try:
        digest = digests.results_digest(pages.read(path), pages.ROOT)
        env = os.environ | {"COURSE_RUNS": str(RUNS), "COURSE_DIGEST": digest}
        return pages.execute(path, env=env, on_cell=on_cell)[0], None
    except pages.PageError as error:
        return error.notebook, str(error)
    except ValueError as error:
        return None, str(error)


if __name__ == "__main__":
    sys.exit(pages.command(main))

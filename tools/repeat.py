"""`make test-repeat`: run pages twice under the same seed; both runs must give the same.

    python -m tools.repeat
    python -m tools.repeat 00 02 05

Compared are the scores that were recorded and what the cells printed and drew, all but the seconds.
Where the committed results come from this machine and these versions, the counts must be theirs.
"""

import argparse
import difflib
import json
import os
import re
import sys
import tempfile
from pathlib import Path

from helpers import scoreboard
from tools import merging, pages, results

USUAL = ["00", "02"]  # two pages of a minute each: one with Adam, one with SGD and NumPy
SEED = 1  # the one that pages have
SECONDS = re.compile(r"\d+(?:\.\d+)?(?= ?(?:s|ms|min|seconds|minutes|times)\b)")


def main(arguments=None):
    """Run the pages named, or 00 and 02, twice; return 0 when the runs of each agree."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.repeat", description=__doc__.split("\n")[0]
    )
    parser.add_argument("pages", nargs="*", help="pages by the start of their name, such as 00 02")
    try:
        chosen = pages.select(pages.PAGES, parser.parse_args(arguments).pages or USUAL)
    except ValueError as error:
        parser.error(str(error))
    try:
        agreed = [is_repeated(path) for path in chosen]
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130
    return int(not all(agreed))


def is_repeated(path):
    """Run a page twice; print one line, and where the runs part; return whether they agree."""
    line = pages.ProgressLine(f"{path.stem}, twice")
    try:
        first, second = (run(path) for _ in range(2))
    except (pages.PageError, ValueError) as error:
        line.end(f"FAILED: {error}")
        return False
    different = [*parted(first, second), *other_than_committed(first[0])]
    line.end("FAILED" if different else "the same")
    print(*different, sep="\n", end="\n" * bool(different))
    return not different


def run(path):
    """Execute a page under its seed; return its run file as a dict, {} without one, and its texts.

    Raises:
        pages.PageError, ValueError: as `pages.execute`.
    """
    with tempfile.TemporaryDirectory(prefix="repeat-") as folder:
        page, _ = pages.execute(path, seed=SEED, env=os.environ | {"COURSE_RUNS": folder})
        records = [scoreboard.read_run(file) for file in Path(folder).glob("*.json")]
    return (records or [{}])[0], texts(page)


def texts(page):
    """What each output of a page shows, texts and pictures as text, seconds as `…`."""
    outputs = [output for cell in page.cells for output in cell.get("outputs", [])]
    shown = [output.get("text") or json.dumps(output.get("data", {})) for output in outputs]
    return [SECONDS.sub("…", text) for text in shown]


def parted(first, second):
    """Return where two runs part, as lines to print; none when they agree in all but seconds."""
    (one, first_shown), (other, second_shown) = first, second
    found = []
    if scores(one) != scores(other):
        found.append(f"recorded: {scores(one)}, then {scores(other)}")
    changed = difflib.unified_diff(first_shown, second_shown, "first", "second", n=0)
    return found + [f"shown: {line[:200].rstrip()}" for line in changed]


def scores(record):
    """What a run file says of each model, but its seconds."""
    models = record.get("models", {}).items()
    return {name: {k: v for k, v in model.items() if k != "seconds"} for name, model in models}


def other_than_committed(record, path=results.RESULTS):
    """Return where a run's counts are not those committed for its seed, machine and versions."""
    try:
        entries = scoreboard.read(path)[record.get("source", "mnist")]
    except scoreboard.ResultsError as error:
        return [str(error)]
    here = {
        name: entry
        for name, entry in entries.items()
        if name in record.get("models", {})
        and all(entry[key] == record[key] for key in ("machine", "versions"))
    }
    found = [merging.difference(name, entry, record) for name, entry in here.items()]
    return [what for what in found if what]


if __name__ == "__main__":
    sys.exit(main())

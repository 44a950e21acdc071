"""`make test-repeat`: run pages twice under the same seed; both runs must read every digit alike.

    python -m tools.repeat
    python -m tools.repeat 00 02 05

Compared are the digits that networks read, the scores that were recorded, and what the cells
printed and drew, all but the seconds. Where the committed results come from this machine and these
versions, the scores must be theirs too.
"""

import argparse
import difflib
import json
import os
import re
import sys
import tempfile
from pathlib import Path

from nbformat import v4

from helpers import scoreboard
from tools import pages, results
from tools.course import ProgressLine

USUAL = ["00", "02"]  # two pages of a minute each: one with Adam, one with SGD and NumPy
SEED = 1  # the one that pages have
SECONDS = re.compile(r"\d+(?:\.\d+)?(?= ?(?:s|ms|min|seconds|minutes|times)\b)")
# Put after the setup cell: writes down each array of digits that a network read.
WATCH = '''import hashlib as _hashlib
import os as _os

from helpers import evaluation as _evaluation


def _watched(*arguments, _read=_evaluation.read_digits, **named):
    answers = _read(*arguments, **named)
    digest = _hashlib.sha256(answers.astype("uint8").tobytes()).hexdigest()
    with open(_os.environ["COURSE_ANSWERS"], "a") as file:
        print(len(answers), digest, file=file)
    return answers


_evaluation.read_digits = _watched'''


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
    line = ProgressLine(f"{path.stem}, twice")
    try:
        page = pages.read(path)
        page.cells.insert(setup_position(page) + 1, v4.new_code_cell(WATCH))
        first, second = (run(page, path.name) for _ in range(2))
    except (pages.PageError, ValueError) as error:
        line.end(f"FAILED: {error}")
        return False
    different = [*parted(first, second), *other_than_committed(first)]
    line.end("FAILED" if different else f"the same, {len(first['answers'])} times digits were read")
    print(*different, sep="\n", end="\n" * bool(different))
    return not different


def run(page, name):
    """Execute a page under its seed; return what it left.

    Args:
        page: nbformat node, WATCH among its cells.
        name: str, of its file.

    Returns:
        dict: "answers", a line for each time that a network read digits; "record", the run file as
        a dict, empty without one; "shown", the text of each output, without seconds.

    Raises:
        pages.PageError, ValueError: as `pages.execute`.
    """
    build = pages.ROOT / "build"  # a page looks for the course's helpers in the folders above it
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=build, prefix="repeat-") as folder:
        copy, answers = Path(folder) / name, Path(folder) / "answers"
        pages.write(copy, page)
        answers.touch()
        env = os.environ | {"COURSE_RUNS": folder, "COURSE_ANSWERS": str(answers)}
        shown, _ = pages.execute(copy, seed=SEED, env=env)
        records = [json.loads(file.read_text()) for file in Path(folder).glob("*.json")]
        lines = answers.read_text().splitlines()
    return {"answers": lines, "record": (records or [{}])[0], "shown": texts(shown)}


def setup_position(page):
    """Where in a page's cells the setup cell is."""
    return next(i for i, c in enumerate(page.cells) if "setup" in c.metadata.get("tags", []))


def texts(page):
    """What each output of a page shows, texts and pictures as text, seconds as `…`."""
    outputs = [output for cell in page.cells for output in cell.get("outputs", [])]
    shown = [output.get("text") or json.dumps(output.get("data", {})) for output in outputs]
    return [SECONDS.sub("…", text) for text in shown]


def parted(first, second):
    """Return where two runs part, as lines to print; none when they agree in all but seconds."""
    found = []
    if first["answers"] != second["answers"]:
        pairs = zip(first["answers"], second["answers"], strict=False)
        place = next((i for i, (a, b) in enumerate(pairs, 1) if a != b), "more than one run has")
        found.append(f"other digits were read, first at reading number {place}")
    if scores(first["record"]) != scores(second["record"]):
        found.append(f"recorded: {scores(first['record'])}, then {scores(second['record'])}")
    changed = difflib.unified_diff(first["shown"], second["shown"], "first", "second", n=0)
    return found + [f"shown: {line[:200].rstrip()}" for line in changed]


def scores(record):
    """What a run file says of each model, but its seconds."""
    models = record.get("models", {}).items()
    return {name: {k: v for k, v in model.items() if k != "seconds"} for name, model in models}


def other_than_committed(left, path=results.RESULTS):
    """Return where a run's scores are not those committed for its seed, machine and versions.

    Args:
        left: what `run` returned.
        path: the results file.
    """
    record = left["record"]
    try:
        entries = scoreboard.read(path)[record.get("source", "mnist")]
    except scoreboard.ResultsError as error:
        return [str(error)]
    found = []
    for name, model in record.get("models", {}).items():
        entry = entries.get(name)
        same = entry is not None and all(entry[k] == record[k] for k in ("machine", "versions"))
        if not same or not model["test"] or SEED not in entry["seeds"]:
            continue
        value = round(model["test"]["correct"] / model["test"]["n"], 6)
        committed = entry["test"]["values"][entry["seeds"].index(SEED)]
        if value != committed:
            found.append(f"{name}: {value} of the test digits read right, committed is {committed}")
    return found


if __name__ == "__main__":
    sys.exit(main())

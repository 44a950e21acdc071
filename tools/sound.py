"""What a results file must hold beyond its form: numbers that pages can have measured.

    python -m tools.sound

`scoreboard.read` refuses a file whose form is broken. Here are the marks of a number changed by
hand, of seeds chosen, and of runs on other digits, that keep the form; and whether the scores that
a stored page shows are those of the file.
"""

import math
import re
import statistics
import sys

from helpers import scoreboard
from tools import pages, reading, results

ERRORS = re.compile(r"digits(?: \(not MNIST\))? read right \(([\d,]+) errors")
EXPECTED = re.compile(r"expected [\d.]+ %, between.*")
DIGITS = {"test": 10_000, "validation": 5_000}  # of MNIST, and of the digits drawn in its place
FEWER = {"composed photos", "composed photos, found"}  # entries for which some digits are enough
ROUNDED = 1e-6  # to how much results are rounded


def problems(found):
    """Return what cannot be as it stands in a results file; one line each, none when all is well.

    Args:
        found: what `scoreboard.read` returns.
    """
    lines = []
    for source in scoreboard.SOURCES:
        entries = found[source]
        for name, entry in entries.items():
            found_wrong = entry_problems(entry, name in FEWER)
            lines += [f"{name} ({source}): {what}" for what in found_wrong]
        lines += [f"{page} ({source}): {what}" for page, what in page_problems(entries)]
    lines += [
        f"{name}: the same scores on drawn digits as on MNIST"
        for name in found["mnist"].keys() & found["drawn"].keys()
        if found["mnist"][name]["test"] == found["drawn"][name]["test"] is not None
    ]
    return lines


def entry_problems(entry, fewer=False):
    """Yield what cannot be in one entry; with `fewer` it may be on some of the digits."""
    if entry["seeds"] != list(range(1, len(entry["seeds"]) + 1)):
        yield f"seeds {entry['seeds']}: they must be 1, 2, …, or some were left out"
    for part in ("validation", "test", "seconds"):
        if entry[part] is None:
            continue
        values, sd = entry[part]["values"], entry[part]["sd"]
        spread = statistics.stdev(values) if len(values) > 1 else None
        if (sd is None) != (spread is None) or not math.isclose(
            sd or 0, spread or 0, rel_tol=1e-3, abs_tol=2 * ROUNDED
        ):
            yield f"the standard deviation of {part} is not that of its values"
        if part == "seconds":
            continue
        n = entry[part]["n_digits"]
        if n != DIGITS[part] and not fewer:
            yield f"{part} is on {n:,} digits, not {DIGITS[part]:,}"
        if any(abs(value * n - round(value * n)) > ROUNDED * n for value in values):
            yield f"{part} is no whole number of {n:,} digits"
        if part == "test" and len(set(values)) == 1 and len(values) > 1 and entry["epochs"]:
            yield "every seed scores the same, although it is trained"


def page_problems(entries):
    """Yield (page, what) where the entries of one page cannot be of the same runs.

    A reference page may train what is costly under the first seeds only.
    """
    for page in dict.fromkeys(entry["page"] for entry in entries.values()):
        own = [entry for entry in entries.values() if entry["page"] == page]
        seeds = max((entry["seeds"] for entry in own), key=len)
        first = [seeds if page[:2].isdigit() else seeds[: len(entry["seeds"])] for entry in own]
        same = {"seeds": [entry["seeds"] for entry in own] == first}
        same |= {
            what: all(entry[what] == own[0][what] for entry in own)
            for what in ("digest", "versions")
        }
        for what in (what for what, agree in same.items() if not agree):
            yield page, f"its models disagree on {what}: they are recorded by the same runs"


def drift(page, path):
    """Return where a stored page's outputs are not those of the results file, one line each.

    A page runs under seed 1, so what the file has for it under that seed must stand in the page's
    outputs; so must what the file expects.

    Args:
        page: reading.Page, executed.
        path: the results file.
    """
    source = page.course.get("source")
    if source not in scoreboard.SOURCES:
        return [f"{page.path.stem}: made with {source or 'unknown'} digits"]
    shown = "\n".join(text for _, text in page.output_texts)
    read_wrong = {int(number.replace(",", "")) for number in ERRORS.findall(shown)}
    own = {
        name: entry["test"]
        for name, entry in scoreboard.read(path)[source].items()
        if entry["page"] == page.path.stem and entry["test"] and entry["seeds"][0] == 1
    }
    wrong = {name: test["n_digits"] - _correct(test) for name, test in own.items()}
    again = f"`make notebooks PAGES={page.path.stem}` or `make results PAGES={page.path.stem}`"
    lines = [
        f"{page.path.stem} does not show the {errors} errors of {name} under seed 1: {again}"
        for name, errors in wrong.items()
        if errors not in read_wrong
    ]
    known = " ".join(
        scoreboard.compare(path, name, source=source, test=(_correct(test), test["n_digits"]))
        for name, test in own.items()
    )
    lines += [
        f"{page.path.stem} shows {said!r}, which the results no longer say: {again}"
        for said in EXPECTED.findall(shown)
        if said.strip() not in known
    ]
    return lines


def _correct(test):
    """How many digits the first seed read right."""
    return round(test["values"][0] * test["n_digits"])


def main():
    """Print the problems of the committed results and pages; return 1 when there are any."""
    try:
        lines = problems(scoreboard.read(results.RESULTS))
        stored = [reading.load(path, pages.ROOT) for path in pages.PAGES]
        lines += [line for page in stored for line in drift(page, results.RESULTS)]
    except scoreboard.ResultsError as error:
        lines = [str(error)]
    print(*lines, f"{len(lines)} problems in {results.RESULTS.name} and the pages", sep="\n")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())

"""What a results file must hold beyond its form: numbers that pages can have measured.

    python -m tools.sound

`scoreboard.read` refuses a file whose form is broken. Here are the marks of a number changed by
hand, of seeds chosen, and of runs on other digits, that keep the form.
"""

import math
import statistics
import sys

from helpers import scoreboard
from tools import results

DIGITS = {"test": 10_000, "validation": 5_000}  # of MNIST, and of the digits drawn in its place
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
            lines += [f"{name} ({source}): {what}" for what in entry_problems(entry)]
        lines += [f"{page} ({source}): {what}" for page, what in page_problems(entries)]
    lines += [
        f"{name}: the same scores on drawn digits as on MNIST"
        for name in found["mnist"].keys() & found["drawn"].keys()
        if found["mnist"][name]["test"] == found["drawn"][name]["test"] is not None
    ]
    return lines


def entry_problems(entry):
    """Yield what cannot be in one entry."""
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
        if n != DIGITS[part]:
            yield f"{part} is on {n:,} digits, not {DIGITS[part]:,}"
        if any(abs(value * n - round(value * n)) > ROUNDED * n for value in values):
            yield f"{part} is no whole number of {n:,} digits"
        if part == "test" and len(set(values)) == 1 and len(values) > 1 and entry["epochs"]:
            yield "every seed scores the same, although it is trained"


def page_problems(entries):
    """Yield (page, what) where the entries of one page cannot be of the same runs."""
    for page in dict.fromkeys(entry["page"] for entry in entries.values()):
        own = [entry for entry in entries.values() if entry["page"] == page]
        for what in ("seeds", "digest", "versions"):
            if any(entry[what] != own[0][what] for entry in own):
                yield page, f"its models disagree on {what}: they are recorded by the same runs"


def main():
    """Print the problems of the committed results; return 1 when there are any."""
    try:
        lines = problems(scoreboard.read(results.RESULTS))
    except scoreboard.ResultsError as error:
        lines = [str(error)]
    print(*lines, f"{len(lines)} problems in {results.RESULTS.name}", sep="\n")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())

"""Whether results.json, and what pages show of it, can be as it stands.

    python -m tools.sound

`scoreboard.read` refuses a file that no page can use. Here is the rest: the exact form; a number
changed by hand, entries swapped, seeds left out (each entry carries a checksum, written by
`make results` alone); and pages whose outputs show other results than the file now has.
"""

import re
import sys

import jsonschema

from helpers import evaluation, scoreboard
from tools import digests, pages, reading

RESULTS = pages.ROOT / "notebooks" / "results.json"
ERRORS = re.compile(
    r"of ([\d,]+) (?:DRAWN )?digits(?: \(not MNIST\))? read right \(([\d,]+) errors"
)
DIGITS = {"test": 10_000, "validation": 5_000}  # of MNIST, and of the digits drawn in its place
MEASURED = ("page", "parameters", "epochs", "seeds", *scoreboard.PARTS, "machine", "versions")

_COUNT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string", "minLength": 1}
_NUMBER = {"type": "number", "minimum": 0}


def _fields(optional=None, **properties):
    return {
        "type": "object",
        "properties": properties | (optional or {}),
        "required": list(properties),
        "additionalProperties": False,
    }


def _spread(**more):
    values = {"type": "array", "items": _NUMBER, "minItems": 1}
    spread = _fields(mean=_NUMBER, sd={"type": ["number", "null"]}, values=values, **more)
    return {"anyOf": [spread, {"type": "null"}]}


_ACCURACY = _spread(n_digits={"type": "integer", "minimum": 1})
_ENTRY = _fields(
    {"ladder": {"const": True}, "stale": {"const": True}, "under_way": _TEXT, "sum": _TEXT},
    page=_TEXT,
    parameters=_COUNT,
    epochs={"type": ["integer", "null"], "minimum": 0},
    seeds={"type": "array", "items": _COUNT, "minItems": 1, "uniqueItems": True},
    validation=_ACCURACY,
    test=_ACCURACY,
    seconds=_spread(),
    machine=_TEXT,
    versions={"type": "object", "additionalProperties": _TEXT, "required": ["python"]},
    digest=_TEXT,
)
_SECTION = {"type": "object", "additionalProperties": _ENTRY}
SCHEMA = _fields(schema={"const": scoreboard.SCHEMA}, mnist=_SECTION, drawn=_SECTION)


def checksum(name, entry):
    """A hash of what was measured of a model, which its entry carries as `sum`."""
    return scoreboard.fingerprint([name, {key: entry[key] for key in MEASURED}])


def form_problems(found):
    """Return where a results file has not the form of one; one line each, at most ten."""
    errors = sorted(jsonschema.Draft202012Validator(SCHEMA).iter_errors(found), key=str)
    return [f"{error.json_path}: {error.message[:200]}" for error in errors[:10]]


def unknown_pages(found, known):
    """Return a line for each entry of a page that does not exist.

    Args:
        found: what `scoreboard.read` returns.
        known: the names of the pages that there are.
    """
    return [
        f"{name} ({source}) is of the page {entry['page']}, which does not exist. Kept."
        for source in scoreboard.SOURCES
        for name, entry in found[source].items()
        if entry["page"] not in known
    ]


def problems(found):
    """Return what cannot be as it stands in a results file; one line each, none when all is well.

    Args:
        found: what `scoreboard.read` returns.
    """
    lines = form_problems(found)
    for source in scoreboard.SOURCES:
        for name, entry in found[source].items():
            lines += [f"{name} ({source}): {what}" for what in entry_problems(name, entry)]
        own = [(e["page"], e["digest"]) for e in found[source].values() if not e.get("stale")]
        lines += [
            f"{page} ({source}): its models are of different code"
            for page in dict(own)
            if len({digest for other, digest in own if other == page}) > 1
        ]
    return lines


def entry_problems(name, entry):
    """Yield what cannot be in one entry."""
    if entry.get("sum") != checksum(name, entry):
        yield "it was changed by hand: its numbers are not those that `make results` wrote"
    if entry["seeds"] != list(range(1, len(entry["seeds"]) + 1)) and "under_way" not in entry:
        yield f"seeds {entry['seeds']}: they must be 1, 2, …, or some were left out"
    for part, n in DIGITS.items():
        if entry[part] is None:
            continue
        values, digits = entry[part]["values"], entry[part]["n_digits"]
        if digits > n:
            yield f"{part} is on {digits:,} digits; there are {n:,}"
        if any(abs(value * digits - round(value * digits)) > 1e-6 * digits for value in values):
            yield f"{part} is no whole number of {digits:,} digits"
        if part == "test" and len(set(values)) == 1 < len(values) and entry["epochs"]:
            yield "every seed scores the same, although it is trained"


def drift(page, found):
    """Return where a stored page's outputs are not those of the results file, one line each.

    Whatever a page reads of the file is noted in its metadata when it runs (course.results, by
    model's name), so that tables, differences, ladders and figures are all compared. A chapter runs
    under seed 1: what the file has for it under that seed must stand in its outputs, where both ran
    on machines of one kind; else a score within the prediction interval of the seeds.

    Args:
        page: reading.Page, executed.
        found: what `scoreboard.read` returns.
    """
    name, source = page.path.stem, page.course.get("source")
    again = f"`make notebooks PAGES={name}`"
    if source not in (*scoreboard.SOURCES, None):
        return [f"{name}: made with {source} digits"]
    lines = []
    reads = any("RESULTS" in cell.source for _, cell in page.code)
    if reads and "results" not in page.course:
        lines.append(f"{name}: nothing says which results it shows: {again}")
    shown = dict(page.course.get("results", {}))
    for until, parts in shown.pop("ladder", {}).items():
        rows = scoreboard.rungs(found["mnist"], until or None)
        if scoreboard.fingerprint([row["model"] for row in rows]) != parts["models"]:
            lines.append(f"{name} shows an old ladder: {again}")
    for part_of, models in shown.items():
        for model, part, old in ((m, p, old) for m, ps in models.items() for p, old in ps.items()):
            spread = found[part_of].get(model, {}).get(part)
            if spread is None or scoreboard.fingerprint(spread["values"]) != old:
                lines.append(f"{name} shows old results: {part} of {model} ({part_of}): {again}")
    text = "\n".join(text for _, text in page.output_texts)
    counts = {tuple(int(n.replace(",", "")) for n in pair) for pair in ERRORS.findall(text)}
    for model, entry in found.get(source, {}).items():
        test = entry["test"]
        if (
            entry["page"] != name
            or not test
            or entry["seeds"][0] != 1
            or pages.is_reference(page.path)
        ):
            continue
        n, machines = test["n_digits"], (None, *entry["machine"].split("; "))
        if page.course.get("machine") in machines or len(test["values"]) < 2:
            expected = {(n, n - round(test["values"][0] * n))}
            what = f"the {min(expected)[1]} errors of {model} under seed 1"
        else:  # another processor rounds otherwise: one more honest run, no more can be asked
            low, high = evaluation.prediction_interval(test["values"], n)
            expected = {(n, wrong) for wrong in range(n + 1) if low <= 1 - wrong / n <= high}
            what = f"a score of {model} as the seeds let expect"
        if not counts & expected:
            lines.append(f"{name} does not show {what}: {again}")
    return lines


def stale(found, source="mnist"):
    """Return a line for each page whose code is not what its entries were measured by."""
    lines = []
    for path in [*pages.PAGES, *pages.REFERENCE]:
        own = [e for e in found[source].values() if e["page"] == path.stem]
        now = digests.results_digest(pages.read(path), pages.ROOT, source) if own else None
        if any(entry["digest"] != now for entry in own):
            lines.append(
                f"{path.stem} ({source}) is stale: what decides its scores has changed. "
                f"`MNIST_SOURCE={source} .venv/bin/python -m tools.results --restamp --pages "
                f"{path.stem}` runs seed 1 alone and compares."
            )
    return lines


def main():
    """Print the problems of the committed results and pages; return 1 when there are any."""
    paths = [*pages.PAGES, *pages.REFERENCE]
    try:
        found = scoreboard.read(RESULTS)
        lines = problems(found) + unknown_pages(found, {path.stem for path in paths})
        lines += [line for source in scoreboard.SOURCES for line in stale(found, source)]
        for path in paths:
            lines += drift(reading.load(path, pages.ROOT), found)
    except scoreboard.ResultsError as error:
        lines = [str(error)]
    print(*lines, f"{len(lines)} problems in {RESULTS.name} and the pages", sep="\n")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())

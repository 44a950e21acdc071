"""`make ladder`: every model of the course, and others' networks, as a table and a picture.

The table goes into README.md, between two comments; the picture is notebooks/ladder.png. Both are
made from notebooks/results.json, and a test compares them with it.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

from helpers import plotting, scoreboard
from tools import pages, picture

README = pages.ROOT / "README.md"
RESULTS = pages.ROOT / "notebooks" / "results.json"
PICTURE = pages.ROOT / "notebooks" / "ladder.png"
BEGIN, END = "<!-- ladder -->", "<!-- /ladder -->"
ALT = (
    "The errors of each model of the course on a logarithmic axis, from the mean image to the last "
    "network, and below them those of other tutorials' networks."
)
HEAD = ("chapter", "model", "parameters", "seconds in training", "test digits read right", "seeds")


def table(section):
    """Return the ladder as a Markdown table, one line a model: mean ± standard deviation."""
    rows = [HEAD, ("---", "---", "--:", "--:", "--:", "--:")]
    rows += [_row(name, section[name]) for name in plotting.rungs(section)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def block(section):
    """Return what stands between the two comments in README.md."""
    image = f"![{ALT}]({PICTURE.relative_to(README.parent).as_posix()})"
    return f"{image}\n\n{table(section)}"


def replace(text, content):
    """Return `text` with what stands between the two comments replaced by `content`.

    Raises:
        ValueError: the two comments are not there once each, in order.
    """
    pattern = re.compile(f"{re.escape(BEGIN)}\n.*?{re.escape(END)}", re.S)
    if text.count(BEGIN) != 1 or text.count(END) != 1 or not pattern.search(text):
        raise ValueError(
            f"needs a line {BEGIN} and, below it, a line {END}, once each: the ladder goes between."
        )
    return pattern.sub(lambda _: f"{BEGIN}\n{content}\n{END}", text)


def fingerprint(section):
    """Return a hash of what the picture shows, which it carries so that a test can compare it."""
    entries = [(name, section[name]) for name in plotting.rungs(section)]
    shown = [(name, entry["page"], entry["test"]) for name, entry in entries]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def draw(section, path):
    """Save the picture of the ladder as a PNG file of few colours."""
    drawn = plotting.ladder(section)
    picture.save(drawn, path, dpi=110, colours=64, results=fingerprint(section))


def _row(name, entry):
    page, test, seconds = entry["page"], entry["test"], entry["seconds"]
    of_course = page[:2].isdigit()
    place = f"notebooks/{page}.ipynb" if of_course else f"notebooks/reference/{page}.ipynb"
    spread = "" if test["sd"] is None else f" ± {100 * test['sd']:.2f}"
    return (
        f"[{page[:2] if of_course else 'others'}]({place})",
        name,
        f"{entry['parameters']:,}",
        "–" if seconds is None else _seconds(seconds["mean"]),
        f"{100 * test['mean']:.2f}{spread} %",
        str(len(entry["seeds"])),
    )


def _seconds(value):
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def main():
    """Write the table and the picture; return 0, or 1 where that is not possible."""
    try:
        section = scoreboard.read(RESULTS)["mnist"]
        draw(section, PICTURE)
        text = replace(README.read_text(encoding="utf-8"), block(section))
    except scoreboard.ResultsError as error:
        print(error)
        return 1
    except ValueError as error:
        print(f"{Path(README).name}: {error}")
        return 1
    README.write_text(text, encoding="utf-8")
    print(f"README.md, {PICTURE.relative_to(pages.ROOT)}: {len(plotting.rungs(section))} rungs")
    return 0


if __name__ == "__main__":
    sys.exit(main())

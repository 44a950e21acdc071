"""`make ladder`: every model of the course, and others' networks, as a table and a picture.

The table goes into README.md, between two comments; the picture is notebooks/ladder.png. Both are
made from notebooks/results.json, and a test compares them with it. The seconds on a GPU come from
notebooks/reference/gpu.json, which `python -m measure.gpu` writes where there is one.
"""

import json
import re
import statistics
import sys
from pathlib import Path

from helpers import evaluation, plotting, saving, scoreboard
from tools import pages, picture

README = pages.ROOT / "README.md"
RESULTS = pages.ROOT / "notebooks" / "results.json"
GPU = pages.ROOT / "notebooks" / "reference" / "gpu.json"
PICTURE = pages.ROOT / "notebooks" / "ladder.png"
BEGIN, END = "<!-- ladder -->", "<!-- /ladder -->"
ALT = (
    "The share of test digits that each model of the course reads right, chapter by chapter, and "
    "below them other tutorials' networks. The axis is logarithmic in the errors."
)
HEAD = (
    "chapter", "model", "parameters", "seconds in training", "on a GPU (an epoch)",
    "test digits read right", "seeds",
)  # fmt: skip


def block(rows):
    """Return what stands between the two comments in README.md: the picture and a Markdown table.

    Args:
        rows: as `scoreboard.rungs` gives them.
    """
    timed = json.loads(GPU.read_text(encoding="utf-8"))["models"]
    lines = [HEAD, ("---", "---", *["--:"] * 5), *(_line(row, timed) for row in rows)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"![{ALT}]({PICTURE.relative_to(README.parent).as_posix()})\n\n{table}"


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


def draw(rows):
    """Return the picture of the ladder, a PIL image."""
    return picture.few_colours(plotting.ladder(rows), dpi=110, colours=64)


def _line(row, timed):
    folder = "notebooks" if row["of_course"] else "notebooks/reference"
    chapter = row["page"][:2] if row["of_course"] else "others"
    accuracy = evaluation.percent(row["mean"])
    if row["sd"] is not None:
        accuracy = accuracy.replace(" %", f" ± {100 * row['sd']:.2f} %")
    seconds = row["seconds"]
    return (
        f"[{chapter}]({folder}/{row['page']}.ipynb)",
        row["model"],
        f"{row['parameters']:,}",
        "–" if seconds is None else _seconds(seconds),
        _on_gpu(timed.get(row["model"], {}).get("runs")),
        accuracy,
        str(row["seeds"]),
    )


def _on_gpu(runs):
    if not runs:
        return "–"
    whole, epoch = (statistics.mean(run[part] for run in runs) for part in ("seconds", "epoch"))
    return f"{_seconds(whole)} ({_seconds(epoch)})"


def _seconds(seconds):
    return f"{seconds:.{0 if seconds >= 10 else 1}f}"


def main():
    """Write the table and the picture; return 0, or 1 where that is not possible."""
    try:
        rows = scoreboard.rungs(scoreboard.read(RESULTS)["mnist"])
        text = replace(README.read_text(encoding="utf-8"), block(rows))
        picture.save(draw(rows), PICTURE)
        saving.write(README, text)
    except scoreboard.ResultsError as error:
        print(error)
        return 1
    except ValueError as error:
        print(f"{Path(README).name}: {error}")
        return 1
    except OSError as error:
        print(f"{error.filename} cannot be written ({error.strerror or error}).")
        return 1
    print(f"README.md, {PICTURE.relative_to(pages.ROOT)}: {len(rows)} rungs")
    return 0


if __name__ == "__main__":
    sys.exit(main())

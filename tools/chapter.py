"""`make chapter PAGES=09`: all that a new or changed chapter needs, in the right order.

    python -m tools.chapter 09

Results (the seeds that are missing), the page executed in place, the marked numbers in all texts,
the other pages that show its results, the ladder, and the README's picture. Each step names itself
and says how it goes; stopped and called again, the command goes on where it stopped.
"""

import argparse
import sys

from helpers import scoreboard
from tools import digests, ladder, marks, notebooks, pages, picture, reading, results, sound

NEEDED = 2  # steps without which the others make no sense


def main(arguments=None):
    """Do every step for the pages named; return 0 when each went well, 130 when stopped."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.chapter", description=__doc__.split("\n")[0]
    )
    parser.add_argument("pages", nargs="+", help="pages by the start of their name, such as 09")
    every_page = [*pages.PAGES, *pages.REFERENCE]
    try:
        chosen = pages.select(every_page, parser.parse_args(arguments).pages)
    except ValueError as error:
        parser.error(str(error))
    names = [path.stem for path in chosen]
    steps = (
        ("seeds that results.json lacks", lambda: results.main(["--pages", *names])),
        ("pages as they are now", lambda: renew([path for path in chosen if not is_new(path)])),
        ("marked numbers", lambda: marks.main([])),
        ("other pages that show these results", lambda: renew(old_pages(every_page))),
        ("the ladder", ladder.main),
        ("the README's picture", picture.main),
    )
    failed = []
    for number, (what, step) in enumerate(steps, start=1):
        print(f"\n[{number}/{len(steps)}] {what}", flush=True)
        try:
            code = step()
        except KeyboardInterrupt:
            code = 130
        if code == 130 or (code and number <= NEEDED):
            print(f"\nNot finished: {what}. The same command goes on from here.")
            return code
        failed += [what] * bool(code)
    if failed:
        print(f"\nTo be looked at, see above: {', '.join(failed)}.")
    return int(bool(failed))


def is_new(path):
    """True where a page's outputs are those of its code and of the results as they are now."""
    page = pages.read(path)
    course = page.metadata.get("course", {})
    made = {
        "digest": digests.code_digest(page, pages.ROOT),
        "drawing": digests.drawing_digest(page, pages.ROOT),
        "outputs": digests.outputs_digest(page),
    }
    return all(course.get(key) == made[key] for key in made) and path not in old_pages([path])


def old_pages(paths):
    """The pages that show other results than results.json has."""
    found = scoreboard.read(results.RESULTS)
    return [path for path in paths if sound.drift(reading.load(path, pages.ROOT), found)]


def renew(paths):
    """Execute pages in place, named beforehand; return 0 when each was written."""
    names = [path.stem for path in paths]
    print(f"{len(names)} to run{': ' * bool(names)}{', '.join(names)}", flush=True)
    return notebooks.main(names) if names else 0


if __name__ == "__main__":
    sys.exit(main())

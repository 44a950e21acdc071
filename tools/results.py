"""`make results`: run pages under several seeds and merge what they record into results.json.

    python -m tools.results                          what is missing, of all pages
    python -m tools.results --seeds 5 --pages 01 02  seeds 1 to 5 of these
    python -m tools.results --restamp                of stale pages seed 1 alone
    python -m tools.results --merge-only

A page says in its metadata how many seeds it wants (course.seeds; 5 without). What results.json has
is not run again, nor what a finished run in build/results has: stopped and called again, the
command goes on where it stopped.

Where a page's code changed since it was measured, its entries are stale: they stay, and are marked.
Seed 1 is run first. Where it gives the counts that are there, the change decided nothing and all
seeds hold for the new code; where not, the entries stay until as many seeds are measured anew.
Versions and machines are noted and make nothing stale. Only --drop-stale and --drop-missing drop.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from helpers import checks, evaluation, scoreboard
from helpers.environment import BACKENDS
from tools import digests, merging, pages, sound

ROOT = pages.ROOT
RUNS = ROOT / "build" / "results"
RESULTS = ROOT / "notebooks" / "results.json"
SEEDS = 5  # that a page wants where it says nothing else
MOST_SEEDS = 1000
SOURCE_NAMES = {"mnist": "MNIST", "drawn": "DRAWN DIGITS, not MNIST"}


def main(arguments=None):
    """Run what is missing, merge, print the ladder; return the exit code."""
    options = _options(arguments)
    every_page = [*pages.PAGES, *pages.REFERENCE]
    try:
        chosen = pages.select(every_page, options.pages)
        found = _read(options.out)
        unknown = sound.unknown_pages(found, {path.stem for path in every_page})
        if unknown and not options.drop_missing:
            raise scoreboard.ResultsError("\n".join([*unknown, "--drop-missing drops them."]))
        merger = Merger(options, every_page)
    except (ValueError, scoreboard.ResultsError) as error:
        print(error)
        return 2 if isinstance(error, ValueError) else 1
    for folder in (options.out.parent, options.runs):
        if reason := _unwritable(folder):
            print(f"{folder} cannot be written ({reason}): nothing was run.")
            return 1
    failed, stopped = [], False
    try:
        if not options.merge_only:
            failed = run_all(chosen, options, merger)
    except KeyboardInterrupt:
        stopped = True
        print("\nStopped. The same command goes on from here.")
    merged = merger.merge(say=True)
    for name in failed:
        print(f"FAILED: {name}")
    if stopped:
        return 130
    still = options.restamp and merger.stale() & {path.stem for path in chosen}
    return int(bool(failed) or not merged or bool(still))


def run_all(paths, options, merger):
    """Execute every page under every seed that neither results.json nor a finished run has.

    A page that records nothing is left out. One line of progress a run; a run that fails is named
    and the others go on. What a run recorded is merged at once.

    Args:
        paths: notebooks.
        options: what the command line says.
        merger: Merger.

    Returns:
        list of str: the runs that failed.
    """
    wanted = {path: _seeds_of(path, options) for path in paths if path.stem in merger.digests}
    todo = [(path, seed) for path in wanted for seed in range(1, wanted[path] + 1)]
    todo.sort(key=lambda one: one[1])  # all pages under seed 1 first
    if options.restamp:
        todo = [(path, 1) for path in wanted if path.stem in merger.stale()]
    merger.merge()
    left = merger.missing(todo)
    print(f"{len(todo) - len(left)} of {len(todo)} runs are there.")
    failed, seconds, count = [], {}, 0
    while left:
        path, seed = left.pop(0)
        name, count = f"{path.stem}, seed {seed}, {options.source}", count + 1
        started = time.monotonic()
        try:
            run_page(path, seed, options.source, options.runs, merger.digests[path.stem])
            outcome = "done"
        except (pages.PageError, scoreboard.ResultsError, ValueError, OSError) as error:
            failed.append(f"{name}: {error}")
            outcome = f"FAILED: {error}"
        seconds.setdefault(path, []).append(time.monotonic() - started)
        if outcome == "done" and not merger.merge():
            return [*failed, f"{name}: not merged"]
        left = merger.missing(left)
        print(
            f"[{count}/{count + len(left)}] {name}: {outcome} in {seconds[path][-1]:.0f} s; "
            f"{_estimate(left, seconds)}",
            flush=True,
        )
    return failed


def run_page(path, seed, source, folder, digest):
    """Execute one page under one seed; put its run file into `folder` when the page has ended.

    Raises:
        pages.PageError: a cell failed, took too long, or the kernel died.
        ValueError: the page has no seed to replace, ended without recording, or recorded under
            another name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    expected = f"{path.stem}-{source}-seed{seed}.json"
    with tempfile.TemporaryDirectory(dir=folder, prefix="running-") as running:
        environment = os.environ | {
            "COURSE_RUNS": running,
            "COURSE_DIGEST": digest,
            "MNIST_SOURCE": source,
            "KERAS_BACKEND": _backend(),
        }
        # A reference page may train for an hour in one cell.
        timeout = None if pages.is_reference(path) else pages.TIMEOUT
        pages.execute(path, seed=seed, env=environment, timeout=timeout)
        found = sorted(file.name for file in Path(running).glob("*.json"))
        if found != [expected]:
            raise ValueError(f"it recorded {found or 'nothing'}, expected {expected}")
        run = scoreboard.read_run(Path(running) / expected)
        scoreboard.write_atomically(folder / expected, run)


def page_digests(paths, source="mnist"):
    """Return the digest of what decides each page's results, by the name of the page.

    Pages that record nothing are left out.
    """
    read = {path.stem: pages.read(path) for path in paths}
    return {
        name: digests.results_digest(page, ROOT, source)
        for name, page in read.items()
        if digests.records(page)
    }


def load_runs(folder):
    """Return the run files of a folder, by page, source and seed; name those that are damaged."""
    runs = []
    for path in sorted(Path(folder).glob("*.json")):
        try:
            runs.append(scoreboard.read_run(path))
        except scoreboard.ResultsError as error:
            print(f"Left out: {error}")
    return sorted(runs, key=lambda run: (run["page"], run["source"], run["seed"]))


class Merger:
    """A results file and the finished runs that go into it.

    Args:
        options: what the command line says.
        paths: the notebooks that there are.
    """

    def __init__(self, options, paths):
        self.options = options
        self.wanted = {path.stem: wanted_seeds(path) for path in paths}
        self.by_source = {source: page_digests(paths, source) for source in scoreboard.SOURCES}
        self.digests = self.by_source[options.source]
        self.said = set()

    def stale(self):
        """The pages that have entries of other code than theirs now."""
        section = _read(self.options.out)[self.options.source].values()
        return {e["page"] for e in section if e["digest"] != self.digests.get(e["page"])}

    def missing(self, todo):
        """Those (page's path, seed) that neither the results file nor a finished run has."""
        section = _read(self.options.out)[self.options.source].values()
        there = {
            (entry["page"], seed)
            for entry in section
            for seed in entry["seeds"]
            if entry["digest"] == self.digests.get(entry["page"])
        }
        return [one for one in todo if (one[0].stem, one[1]) not in there and not self._ran(*one)]

    def _ran(self, path, seed):
        name = f"{path.stem}-{self.options.source}-seed{seed}.json"
        try:
            run = scoreboard.read_run(self.options.runs / name)
        except scoreboard.ResultsError:
            return False
        return run["digest"] == self.digests[path.stem]

    def merge(self, say=False):
        """Merge the finished runs into the results file; with `say` print its ladder.

        Returns:
            bool: True when the file was written, holds results, and nothing disagreed.
        """
        out, drop = self.options.out, (self.options.drop_stale, self.options.drop_missing)
        try:
            before, runs = _read(out), load_runs(self.options.runs)
            merged, notes, problems = merging.merge(
                before, runs, self.by_source, self.wanted, *drop
            )
            if wrong := sound.form_problems(merged):
                raise scoreboard.ResultsError("\n".join(wrong))
            if merged != before:
                scoreboard.write_atomically(out, merged)
        except scoreboard.ResultsError as error:
            print(f"Nothing merged: {error}")
            return False
        except OSError as error:
            print(f"Nothing merged: {out} cannot be written ({error.strerror or error}).")
            return False
        for line in [*notes, *problems]:
            if line not in self.said:
                print(line)
        self.said |= {*notes, *problems}
        if say:
            print(f"\n{results_ladder(merged)}\n\nAll this is in {out}.")
        return not say or (not problems and any(merged[source] for source in scoreboard.SOURCES))


def scored(runs):
    """Return what runs scored as (head, rows), each a tuple of str, a row for each model.

    Args:
        runs: run dicts, as `load_runs` returns them.

    Returns:
        model, parameters, validation and test accuracy (with its 95 % interval), seconds in
        training, and the digits; drawn ones are marked.
    """
    head = ("model", "parameters", "validation", "test (95 % interval)", "seconds", "digits")
    rows = [
        (
            name,
            f"{model['parameters']:,}",
            _accuracy(model["validation"]),
            _accuracy(model["test"], interval=True),
            "–" if model["seconds"] is None else f"{model['seconds']:.1f}",
            SOURCE_NAMES[run["source"]],
        )
        for run in runs
        for name, model in run["models"].items()
    ]
    return head, rows


def ladder(runs):
    """Return what `scored` does as a table of text, one line a model."""
    head, rows = scored(runs)
    return _table(head, rows) if rows else "No results were recorded."


def results_ladder(results):
    """Return the table of a results file: mean ± standard deviation over seeds, a line a model."""
    head = ("model", "parameters", "validation", "test", "seconds", "seeds", "digits")
    rows = [
        (
            name,
            f"{entry['parameters']:,}",
            _mean_and_spread(entry["validation"], 100, " %", 2),
            _mean_and_spread(entry["test"], 100, " %", 2),
            _mean_and_spread(entry["seconds"], 1, "", 1),
            _state(entry),
            SOURCE_NAMES[source],
        )
        for source in scoreboard.SOURCES
        for name, entry in results[source].items()
    ]
    return _table(head, rows) if rows else "No results yet."


def _state(entry):
    """How many seeds an entry has, and whether it is stale or more are to come."""
    if entry.get("stale"):
        return f"{len(entry['seeds'])}, stale"
    return entry.get("under_way", str(len(entry["seeds"]))).removesuffix(" seeds")


def wanted_seeds(path):
    """How many seeds a page wants.

    Raises:
        ValueError: the page says something else than a number from 1 to MOST_SEEDS.
    """
    wanted = pages.read(path).metadata.get("course", {}).get("seeds", SEEDS)
    return checks.whole(wanted, f"course.seeds in the metadata of {path.name}", 1, MOST_SEEDS)


def _options(arguments):
    parser = argparse.ArgumentParser(
        prog="python -m tools.results", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--seeds", type=_count, help="run seeds 1 to SEEDS; else as pages want")
    parser.add_argument(
        "--pages", nargs="+", default=[], help="pages by the start of their name, such as 01 02"
    )
    parser.add_argument("--out", type=_absolute, default=RESULTS, help="the results file")
    parser.add_argument("--runs", type=_absolute, default=RUNS, help="where finished runs are kept")
    parser.add_argument(
        "--source",
        choices=scoreboard.SOURCES,
        default=os.environ.get("MNIST_SOURCE") or "mnist",
        help="the digits to measure on (MNIST_SOURCE, else mnist)",
    )
    flags = {
        "--restamp": "of pages whose code changed run seed 1 alone, and compare",
        "--merge-only": "run nothing, merge finished runs",
        "--drop-stale": "drop entries of other code than the page has now",
        "--drop-missing": "drop models that no page records any more",
    }
    for flag, said in flags.items():
        parser.add_argument(flag, action="store_true", help=said)
    options = parser.parse_args(arguments)
    # What comes from the environment, argparse does not check.
    for name, value, known in (
        ("MNIST_SOURCE", options.source, scoreboard.SOURCES),
        ("KERAS_BACKEND", _backend(), BACKENDS),
    ):
        if value not in known:
            parser.error(f"{name} must be one of {', '.join(known)}; it is {value!r}.")
    for name in ("COURSE_CANARY", "COURSE_SEALED"):
        if os.environ.get(name):
            parser.error(f"{name} is set: what is run then is no result. Unset it.")
    return options


def _count(text):
    if not text.isdecimal() or not 1 <= int(text[:9]) <= MOST_SEEDS:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to {MOST_SEEDS}, got {text!r}")
    return int(text)


def _absolute(text):
    return Path(text).resolve()


def _backend():
    return os.environ.get("KERAS_BACKEND") or "tensorflow"


def _seeds_of(path, options):
    return options.seeds or (wanted_seeds(path) if options.source == "mnist" else 1)


def _read(out):
    """What the results file holds; nothing where there is none.

    Raises:
        scoreboard.ResultsError: it cannot be used; it is left as it is.
    """
    if not os.path.lexists(out):
        return {"schema": scoreboard.SCHEMA} | {source: {} for source in scoreboard.SOURCES}
    found = scoreboard.read(out)
    if wrong := sound.form_problems(found):
        raise scoreboard.ResultsError(f"{out} is kept as it is: {wrong[0]}")
    return found


def _unwritable(folder):
    """Why nothing can be written in a folder, which is made; None where it can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return error.strerror or str(error)


def _estimate(left, seconds):
    if not left:
        return "none left"
    overall = statistics.fmean([value for values in seconds.values() for value in values])
    expected = sum(statistics.fmean(seconds.get(path, [overall])) for path, _ in left)
    return f"{len(left)} left, about {max(1, round(expected / 60))} min"


def _accuracy(score, interval=False):
    if score is None:
        return "–"
    text = evaluation.percent(score["correct"] / score["n"])
    if not interval:
        return text
    low, high = evaluation.wilson_interval(score["correct"], score["n"])
    return f"{text} ({100 * low:.2f}–{100 * high:.2f})"


def _mean_and_spread(spread, factor, unit, decimals):
    if spread is None:
        return "–"
    sd = "" if spread["sd"] is None else f" ± {factor * spread['sd']:.{decimals}f}"
    return f"{factor * spread['mean']:.{decimals}f}{sd}{unit}"


def _table(head, rows):
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [head, ["─" * width for width in widths], *rows]
    last = len(head) - 1
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, last) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


if __name__ == "__main__":
    sys.exit(main())

"""`make results`: run pages under several seeds and merge what they record into results.json.

    python -m tools.results --seeds 5
    python -m tools.results --seeds 5 --pages 01 02
    python -m tools.results --pages reference/
    python -m tools.results --merge-only

Every finished run is one file in build/results. Stopped and called again, the command goes on where
it stopped. A run enters the results file only if the page's code is still the one that ran, and
takes the place of an entry of more seeds only with --fewer-seeds.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from helpers import evaluation, scoreboard
from tools import pages
from tools.digests import records, results_digest

ROOT = Path(__file__).resolve().parents[1]
RUNS = ROOT / "build" / "results"
RESULTS = ROOT / "notebooks" / "results.json"
PARTS = ("validation", "test", "seconds")
SOURCE_NAMES = {"mnist": "MNIST", "drawn": "DRAWN DIGITS, not MNIST"}


def main(arguments=None):
    """Run what is missing, merge, print the ladder; return the exit code."""
    options = _options(arguments)
    every_page = [*pages.PAGES, *pages.REFERENCE]
    try:
        chosen = pages.select(every_page, options.pages)
    except ValueError as error:
        print(error)
        return 2
    failed = []
    if not options.merge_only:
        try:
            failed = run_all(chosen, range(1, options.seeds + 1), options.source, options.runs)
        except KeyboardInterrupt:
            print(
                f"\nStopped. Finished runs are kept in {options.runs}: the same command goes on "
                "from there, and --merge-only merges what is there now."
            )
            return 130
    merged = merge_files(
        options.out, options.runs, every_page, options.drop_missing, options.fewer_seeds
    )
    for name in failed:
        print(f"FAILED: {name}")
    return 1 if failed or not merged else 0


def run_all(paths, seeds, source, folder):
    """Execute every page under every seed whose run file is missing or stale.

    A page that records nothing is left out. One line of progress a run; a run that fails is named
    and the others go on.

    Args:
        paths: notebooks.
        seeds: integers.
        source: "mnist" or "drawn": the digits that the pages must use.
        folder: where the run files are kept.

    Returns:
        list of str: the runs that failed.
    """
    digests = page_digests(paths)
    todo = [(path, seed) for seed in seeds for path in paths if path.stem in digests]
    missing = [
        (path, seed)
        for path, seed in todo
        if not _is_done(folder / _run_name(path, source, seed), digests[path.stem])
    ]
    print(f"{len(todo) - len(missing)} of {len(todo)} runs are finished in {folder}.")
    failed, seconds = [], {}
    for count, (path, seed) in enumerate(missing, start=1):
        name = f"{path.stem}, seed {seed}, {source}"
        started = time.monotonic()
        try:
            run_page(path, seed, source, folder, digests[path.stem])
            outcome = "done"
        except (pages.PageError, scoreboard.ResultsError, ValueError, OSError) as error:
            failed.append(f"{name}: {error}")
            outcome = f"FAILED: {error}"
        seconds.setdefault(path, []).append(time.monotonic() - started)
        left = _estimate(missing[count:], seconds)
        print(
            f"[{count}/{len(missing)}] {name}: {outcome} in {seconds[path][-1]:.0f} s; {left}",
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
    expected = _run_name(path, source, seed)
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


def page_digests(paths):
    """Return the digest of what decides each page's results, by the name of the page.

    Pages that record nothing are left out.
    """
    read = {path.stem: pages.read(path) for path in paths}
    return {
        name: results_digest(page, ROOT)
        for name, page in read.items()
        if records(page)
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


def merge_files(out, folder, paths, drop_missing=False, fewer_seeds=False):
    """Merge the run files of `folder` into the results file `out`; print what happened.

    A damaged or older results file is moved aside, never deleted, and rebuilt from its sound
    entries and the run files.

    Args:
        out: the results file.
        folder: where the run files are.
        paths: the notebooks that there are.
        drop_missing, fewer_seeds: as for `merge`.

    Returns:
        bool: True when the file was written, holds results, and nothing disagreed.
    """
    try:
        results, lost = _read_or_move_aside(out)
        merged, notes, problems = merge(
            results, load_runs(folder), page_digests(paths), drop_missing, fewer_seeds, lost
        )
        scoreboard.write_atomically(out, merged)
    except scoreboard.ResultsError as error:
        print(f"Nothing merged: {error}")
        return False
    except OSError as error:
        print(
            f"Nothing merged: {out} cannot be written ({error.strerror or error}). Runs are kept."
        )
        return False
    for line in [*notes, *problems]:
        print(line)
    print(f"\n{results_ladder(merged)}\n\n{out} is written.")
    return not problems and any(merged[source] for source in scoreboard.SOURCES)


def merge(results, runs, digests, drop_missing=False, fewer_seeds=False, lost=()):
    """Merge runs into results; change neither.

    Args:
        results: what `scoreboard.read` returns.
        runs: run dicts; those of other code than the page has now, or of other versions than are
            installed now, are left out.
        digests: digest of each page's code, by page.
        drop_missing: whether models of pages that no longer exist go.
        fewer_seeds: whether an entry may replace one of more seeds.
        lost: (source, model, digest, number of seeds) of entries that were damaged.

    Returns:
        (merged, notes, problems): a new results dict, and two lists of lines for the reader.
    """
    notes, problems = [], []
    merged = {"schema": scoreboard.SCHEMA}
    usable = []
    for run in runs:
        if _is_current(run, digests.get(run["page"])):
            usable.append(run)
        else:
            name = f"{run['page']}, seed {run['seed']}, {run['source']}"
            notes.append(f"Left out: {name}: a run of other code or other versions than now.")
    for source in scoreboard.SOURCES:
        kept = _still_valid(results[source], source, digests, drop_missing, notes)
        fresh = [run for run in usable if run["source"] == source]
        counts = {name: len(entry["seeds"]) for name, entry in kept.items()}
        damaged = {n: count for s, n, d, count in lost if s == source and d in digests.values()}
        counts = {} if fewer_seeds else counts | damaged
        models = _merge_source(kept, fresh, source, counts, notes, problems)
        for name in sorted(damaged.keys() - models.keys()):
            problems.append(
                f"PROBLEM: {name} ({source}) is damaged, {damaged[name]} seeds, and finished runs "
                "have fewer. Not merged: `make results` measures again, --fewer-seeds takes those."
            )
        merged[source] = dict(sorted(models.items(), key=lambda item: item[1]["page"]))
    return merged, notes, problems


def ladder(runs):
    """Return the table of what runs scored, one line a model.

    Args:
        runs: run dicts, as `load_runs` returns them.

    Returns:
        str: model, parameters, validation and test accuracy (with its 95 % interval), seconds in
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
            str(len(entry["seeds"])),
            SOURCE_NAMES[source],
        )
        for source in scoreboard.SOURCES
        for name, entry in results[source].items()
    ]
    return _table(head, rows) if rows else "No results yet."


def _options(arguments):
    parser = argparse.ArgumentParser(
        prog="python -m tools.results", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--seeds", type=_positive, default=5, help="run seeds 1 to SEEDS (5)")
    parser.add_argument(
        "--pages", nargs="+", default=[], help="pages by the start of their name, such as 01 02"
    )
    parser.add_argument("--out", type=_absolute, default=RESULTS, help="the results file")
    parser.add_argument("--runs", type=_absolute, default=RUNS, help="where finished runs are kept")
    parser.add_argument(
        "--source",
        choices=scoreboard.SOURCES,
        default=os.environ.get("MNIST_SOURCE", "mnist"),
        help="the digits to measure on (MNIST_SOURCE, else mnist)",
    )
    parser.add_argument(
        "--merge-only", action="store_true", help="run nothing, merge finished runs"
    )
    parser.add_argument(
        "--drop-missing", action="store_true", help="drop models of pages that no longer exist"
    )
    parser.add_argument(
        "--fewer-seeds", action="store_true", help="let an entry replace one of more seeds"
    )
    options = parser.parse_args(arguments)
    if options.source not in scoreboard.SOURCES:  # a default from the environment is not checked
        parser.error(f"MNIST_SOURCE must be mnist or drawn; it is {options.source!r}.")
    return options


def _positive(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number of 1 or more, got {text!r}")
    return int(text)


def _absolute(text):
    return Path(text).resolve()


def _run_name(path, source, seed):
    return f"{path.stem}-{source}-seed{seed}.json"


def _is_done(path, digest):
    try:
        return _is_current(scoreboard.read_run(path), digest)
    except scoreboard.ResultsError:
        return False


def _is_current(run, digest):
    if digest is None or run["digest"] != digest:
        return False
    return all(
        version == (_backend() if name == "backend" else scoreboard.installed_version(name))
        for name, version in run["versions"].items()
    )


def _backend():
    return os.environ.get("KERAS_BACKEND") or "tensorflow"


def _estimate(left, seconds):
    if not left:
        return "none left"
    overall = statistics.fmean([value for values in seconds.values() for value in values])
    expected = sum(statistics.fmean(seconds.get(path, [overall])) for path, _ in left)
    return f"{len(left)} left, about {max(1, round(expected / 60))} min"


def _read_or_move_aside(out):
    """(results, lost): what the file holds, and what of it is damaged, as `merge` takes them."""
    if not out.exists():
        return _no_results(), []
    try:
        return scoreboard.read(out), []
    except scoreboard.ResultsError as error:
        if not error.damaged:
            raise
        aside = out.with_name(f"{out.name}.damaged")
        number = 1
        while aside.exists():
            number += 1
            aside = out.with_name(f"{out.name}.damaged{number}")
        os.replace(out, aside)
        results, lost = _salvage(aside)
        count = sum(len(results[source]) for source in scoreboard.SOURCES)
        print(f"{error}\nMoved aside to {aside}; kept: sound entries ({count}), and finished runs.")
        for source, name, _, _ in lost:
            print(f"Damaged: {name} ({source}).")
        print(f"Fewer seeds than before? `git checkout -- {out}` brings back the committed file.")
        return results, lost


def _no_results():
    return {"schema": scoreboard.SCHEMA} | {source: {} for source in scoreboard.SOURCES}


def _salvage(path):
    """(results, lost): the entries of a damaged file that are sound one by one, and the others."""
    results, lost = _no_results(), []
    try:
        found = json.loads(path.read_text(encoding="utf-8"), parse_constant=str)
    except (ValueError, RecursionError):
        return results, lost
    if not isinstance(found, dict) or found.get("schema") != scoreboard.SCHEMA:
        return results, lost
    sections = {s: found[s] for s in scoreboard.SOURCES if isinstance(found.get(s), dict)}
    for source, name, entry in [(s, n, e) for s, d in sections.items() for n, e in d.items()]:
        if _is_sound(source, name, entry):
            results[source][name] = entry
        else:
            fields = entry if isinstance(entry, dict) else {}
            seeds = fields.get("seeds")
            count = len(seeds) if isinstance(seeds, list) else 0
            lost.append((source, name, fields.get("digest"), count))
    return results, lost


def _is_sound(source, name, entry):
    """True for an entry that `scoreboard.read` accepts in a results file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.json"
        scoreboard.write_atomically(path, _no_results() | {source: {name: entry}})
        try:
            scoreboard.read(path)
        except scoreboard.ResultsError:
            return False
    return True


def _still_valid(section, source, digests, drop_missing, notes):
    kept = {}
    for name, entry in section.items():
        where = f"{name} ({entry['page']}, {source})"
        if entry["page"] not in digests:
            if drop_missing:
                notes.append(f"Dropped: {where}: its page no longer exists.")
                continue
            notes.append(f"Kept: {where}: its page no longer exists; --drop-missing drops it.")
        elif entry["digest"] != digests[entry["page"]]:
            notes.append(f"Dropped: {where}: the page's code has changed since.")
            continue
        kept[name] = entry
    return kept


def _merge_source(kept, runs, source, counts, notes, problems):
    merged = dict(kept)
    by_model = {}
    for run in runs:
        for name in run["models"]:
            by_model.setdefault(name, []).append(run)
    for name, group in by_model.items():
        earlier = kept.get(name)
        owners = {run["page"] for run in group} | ({earlier["page"]} if earlier else set())
        if len(owners) > 1:
            problems.append(
                f"PROBLEM: {name} ({source}) is recorded by {' and '.join(sorted(owners))}: one "
                "name must stand for one model. Not merged."
            )
            continue
        pieces = {run["seed"]: _piece(run, name) for run in group}
        if earlier and earlier["versions"] == group[0]["versions"]:
            pieces = _pieces(earlier) | pieces
        if counts.get(name, 0) > len(pieces):
            if earlier:
                notes.append(
                    f"Kept: {name} ({source}): {counts[name]} seeds of other versions; "
                    f"{len(pieces)} do not replace them yet; --fewer-seeds lets them."
                )
            continue
        try:
            merged[name] = _summary(pieces, group[0])
        except ValueError as error:
            problems.append(f"PROBLEM: {name} ({group[0]['page']}, {source}): {error}. Not merged.")
    return merged


def _piece(run, name):
    model = run["models"][name]
    piece = {key: model[key] for key in ("parameters", "epochs", "seconds")}
    for part in ("validation", "test"):
        score = model[part]
        piece[part] = None if score is None else score["correct"] / score["n"]
        piece[f"{part}_n"] = None if score is None else score["n"]
    return piece | {"machine": run["machine"]}


def _pieces(entry):
    pieces = {}
    for position, seed in enumerate(entry["seeds"]):
        piece = {key: entry[key] for key in ("parameters", "epochs", "machine")}
        for part in PARTS:
            piece[part] = entry[part] and entry[part]["values"][position]
        for part in ("validation", "test"):
            piece[f"{part}_n"] = entry[part] and entry[part]["n_digits"]
        pieces[seed] = piece
    return pieces


def _summary(pieces, run):
    seeds = sorted(pieces)
    ordered = [pieces[seed] for seed in seeds]
    machines = [name for piece in ordered for name in piece["machine"].split("; ")]
    entry = {
        "page": run["page"],
        "parameters": _same(ordered, "parameters"),
        "epochs": _same(ordered, "epochs"),
        "seeds": seeds,
    }
    for part in PARTS:
        spread = _spread([piece[part] for piece in ordered], part)
        if spread and part != "seconds":
            spread = {"n_digits": _same(ordered, f"{part}_n")} | spread
        entry[part] = spread
    return entry | {
        "machine": "; ".join(dict.fromkeys(machines)),
        "versions": run["versions"],
        "digest": run["digest"],
    }


def _same(pieces, key):
    values = list(dict.fromkeys(piece[key] for piece in pieces))
    if len(values) > 1:
        raise ValueError(f"seeds disagree on {key}: {', '.join(map(str, values))}")
    return values[0]


def _spread(values, part):
    if all(value is None for value in values):
        return None
    if any(value is None for value in values):
        raise ValueError(f"{part} is missing for some seeds")
    return {
        "mean": round(statistics.fmean(values), 6),
        "sd": round(statistics.stdev(values), 6) if len(values) > 1 else None,
        "values": [round(value, 6) for value in values],
    }


def _accuracy(score, interval=False):
    if score is None:
        return "–"
    text = f"{score['correct'] / score['n']:.2%}".replace("%", " %")
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

"""What becomes of results.json when runs are merged into it; see tools/results.py.

An entry whose page's code has changed is stale. It stays and is marked, until runs of the new code
give its counts (it then holds for the new code), or until as many seeds are measured anew.
"""

import statistics
from collections import Counter

from helpers import scoreboard
from tools import sound


def merge(results, runs, digests_by_source, wanted, drop_stale=False, drop_missing=False):
    """Merge runs into results; change neither.

    Args:
        results: what `scoreboard.read` returns.
        runs: run dicts; those of other code than the page has now are left out.
        digests_by_source: {source: {page: digest of its code}}.
        wanted: {page: how many seeds it wants}.
        drop_stale: whether entries of other code than the page has now go.
        drop_missing: whether models go that no page records any more.

    Returns:
        (merged, notes, problems): a new results dict, and two lists of lines for the reader.
    """
    merged, notes, problems = {"schema": scoreboard.SCHEMA}, [], []
    for source in scoreboard.SOURCES:
        known = digests_by_source[source]
        own = [run for run in runs if run["source"] == source]
        old = [run for run in own if run["digest"] != known.get(run["page"])]
        names = [f"{run['page']}, seed {run['seed']}, {source}" for run in old]
        notes += [f"Left out: {name}: a run of other code than now." for name in names]
        current = [run for run in own if run not in old]
        # Of drawn digits one seed is enough: they stand in for MNIST and are compared with nothing.
        seeds = wanted if source == "mnist" else {}
        section = _Section(source, results[source], current, known, seeds)
        merged[source] = section.merged(drop_stale, drop_missing)
        notes, problems = notes + section.notes, problems + section.problems
    return merged, notes, problems


class _Section:
    """One source's part of a results file, and the runs that go into it."""

    def __init__(self, source, entries, runs, known, wanted):
        self.source, self.runs, self.known, self.wanted = source, runs, known, wanted
        self.entries = {name: dict(entry) for name, entry in entries.items()}
        self.notes, self.problems = [], []

    def merged(self, drop_stale, drop_missing):
        """The section with what the runs bring; see `merge`."""
        for page in dict.fromkeys(entry["page"] for entry in self.entries.values()):
            self._restamp(page)
        found = {}
        for name in dict.fromkeys(
            [*self.entries, *(m for run in self.runs for m in run["models"])]
        ):
            try:
                entry = self._entry(name, drop_stale, drop_missing)
            except ValueError as error:
                self.problems.append(f"PROBLEM: {name} ({self.source}): {error}. Not merged.")
                entry = self.entries.get(name)
            if entry is not None:
                found[name] = entry
        for entry in found.values():
            self._mark(entry, found)
        stale = Counter(entry["page"] for entry in found.values() if entry.get("stale"))
        self.notes += [
            f"Stale: {page} ({self.source}), measured by other code than the page has now: {count} "
            f"model{'s' * (count > 1)}. What is there stays until as many seeds are measured anew."
            for page, count in stale.items()
        ]
        return dict(sorted(found.items(), key=lambda item: item[1]["page"]))

    def _is_stale(self, entry):
        return entry["digest"] != self.known.get(entry["page"])

    def _restamp(self, page):
        """Let a page's stale entries hold for its new code where runs of it give their counts."""
        stale = {n: e for n, e in self.entries.items() if e["page"] == page and self._is_stale(e)}
        again = [
            (name, entry, run)
            for name, entry in stale.items()
            for run in self.runs
            if run["page"] == page and run["seed"] in entry["seeds"]
        ]
        other = [what for name, entry, run in again if (what := difference(name, entry, run))]
        self.notes += [f"{page} ({self.source}) was changed, and {what}." for what in other]
        if {name for name, *_ in again} != stale.keys() or other or not stale:
            return
        for entry in stale.values():
            entry["digest"] = self.known[page]
        self.notes.append(
            f"{page} ({self.source}) was changed, and seed {again[0][2]['seed']} gives the counts "
            "that are there: all seeds hold."
        )

    def _entry(self, name, drop_stale, drop_missing):
        """The entry of a model with what the runs bring; None where there is none to keep."""
        entry = self.entries.get(name)
        group = [run for run in self.runs if name in run["models"]]
        owners = {run["page"] for run in group} | ({entry["page"]} if entry else set())
        if len(owners) > 1:
            raise ValueError(
                f"it is recorded by {' and '.join(sorted(owners))}: one name must stand for one "
                "model"
            )
        fresh = {run["seed"]: _piece(run, name) for run in group}
        if entry is None:
            return _summary(name, fresh, group)
        if entry.get("sum", "") not in ("", sound.checksum(name, entry)):
            raise ValueError("its numbers are not those that `make results` wrote; it stays")
        where = f"{name} ({entry['page']}, {self.source})"
        beside = [
            r for r in self.runs if r["page"] == entry["page"] and r["seed"] in entry["seeds"]
        ]
        if entry["page"] not in self.known or (beside and not group):
            if drop_missing:
                self.notes.append(f"Dropped: {where}: no page records it any more.")
                return None
            raise ValueError(f"{entry['page']} does not record it; --drop-missing drops it")
        if not self._is_stale(entry):
            other = [what for run in group if (what := difference(name, entry, run))]
            self.notes += [f"Kept: {where}, though {what}." for what in other]
            pieces = fresh | _pieces(entry)
            return entry if pieces.keys() == set(entry["seeds"]) else _summary(name, pieces, group)
        if drop_stale or len(fresh) >= min(len(entry["seeds"]), self.wanted.get(entry["page"], 1)):
            if not fresh:
                self.notes.append(f"Dropped: {where}: measured by other code than the page's.")
                return None
            return _summary(name, fresh, group)
        return entry

    def _mark(self, entry, found):
        """Mark an entry that is stale, or whose page is under way."""
        entry.pop("stale", None)
        entry.pop("under_way", None)
        if self._is_stale(entry):
            entry["stale"] = True
            return
        page, wanted = entry["page"], self.wanted.get(entry["page"], 1)
        own = [e for e in found.values() if e["page"] == page and not self._is_stale(e)]
        done = {seed for other in own for seed in other["seeds"]}
        if len(done) < wanted:
            entry["under_way"] = f"{len(done)} of {wanted} seeds"


def difference(name, entry, run):
    """Where a run's counts are not those of an entry for its seed, in words; else None."""
    if run["seed"] not in entry["seeds"]:
        return None
    piece, place = run["models"].get(name), entry["seeds"].index(run["seed"])
    if piece is None:
        return f"seed {run['seed']} does not record {name}"
    for part in ("validation", "test"):
        there = entry[part] and [round(entry[part]["values"][place] * entry[part]["n_digits"])]
        there = there and [*there, entry[part]["n_digits"]]
        found = piece[part] and [piece[part]["correct"], piece[part]["n"]]
        if there != found:
            said = [f"{c[0]:,} of {c[1]:,}" if c else "none" for c in (found, there)]
            elsewhere = ", by another machine" * (run["machine"] not in entry["machine"])
            return (
                f"{name}, {part}, seed {run['seed']}: {said[0]} right, {said[1]} in results.json"
                f"{elsewhere}"
            )
    for key in ("parameters", "epochs"):
        if entry[key] not in (None, piece[key]):
            return f"{name} has {piece[key]} {key}, {entry[key]} in results.json"
    return None


def _piece(run, name):
    model = run["models"][name]
    piece = {key: model[key] for key in ("parameters", "epochs", "seconds")}
    for part in ("validation", "test"):
        score = model[part]
        piece[part] = None if score is None else score["correct"] / score["n"]
        piece[f"{part}_n"] = None if score is None else score["n"]
    more = {"machine": run["machine"], "versions": run["versions"]}
    return piece | more | {"ladder": bool(model.get("ladder"))}


def _pieces(entry):
    pieces = {}
    for position, seed in enumerate(entry["seeds"]):
        piece = {key: entry[key] for key in ("parameters", "epochs", "machine", "versions")}
        for part in scoreboard.PARTS:
            piece[part] = entry[part] and entry[part]["values"][position]
        for part in ("validation", "test"):
            piece[f"{part}_n"] = entry[part] and entry[part]["n_digits"]
        pieces[seed] = piece | {"ladder": bool(entry.get("ladder"))}
    return pieces


def _summary(name, pieces, runs):
    """An entry of the results file, made of one piece a seed and, of the runs, page and digest."""
    seeds = sorted(pieces)
    ordered = [pieces[seed] for seed in seeds]
    machines = [machine for piece in ordered for machine in piece["machine"].split("; ")]
    versions = {}
    for piece in ordered:
        for part, version in piece["versions"].items():
            versions.setdefault(part, []).extend(version.split(", "))
    entry = {
        "page": runs[0]["page"],
        "parameters": _same(ordered, "parameters"),
        "epochs": _epochs(ordered),
        "seeds": seeds,
    }
    for part in scoreboard.PARTS:
        spread = _spread([piece[part] for piece in ordered], part)
        if spread and part != "seconds":
            spread = {"n_digits": _same(ordered, f"{part}_n")} | spread
        entry[part] = spread
    entry |= {
        "machine": "; ".join(dict.fromkeys(machines)),
        "versions": {part: ", ".join(dict.fromkeys(found)) for part, found in versions.items()},
        "digest": runs[0]["digest"],
    }
    if runs[-1]["models"][name].get("ladder"):
        entry["ladder"] = True
    return entry | {"sum": sound.checksum(name, entry)}


def _epochs(pieces):
    """The epochs of every seed, None where they differ: early stopping ends when it likes."""
    epochs = {piece["epochs"] for piece in pieces}
    return epochs.pop() if len(epochs) == 1 else None


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

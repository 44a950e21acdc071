"""Record what a page measured; show it beside what the course measured over several seeds.

A page writes its scores into one small file a run (`record`) when a runner asks for it with the
environment variable COURSE_RUNS. `make results` merges the runs of several seeds into
notebooks/results.json, the one place that measured numbers live; the functions below read it.
"""

import errno
import hashlib
import json
import os
import re
import stat
import statistics
import sys
from collections import Counter
from importlib import metadata
from numbers import Real
from pathlib import Path

from filelock import FileLock

from helpers import checks, environment, evaluation, plotting, saving

SCHEMA = 1
SOURCES = ("mnist", "drawn")
PARTS = ("validation", "test", "seconds")
MOST_SEED = 2**32 - 1  # the largest seed that NumPy and Keras take
WAIT = 60  # seconds for another writer of the same file
ROUNDED = 2e-6  # how far a mean or spread may be from its values: all are rounded to 6 decimals

# A chapter's network that a reference page measures: its chapter, and its name on the ladder.
OF_CHAPTERS = {
    "last half percent, twenty seeds": ("07_the_last_half_percent", "last half percent"),
}

_shown = {source: {} for source in (*SOURCES, "ladder")}


class ResultsError(Exception):
    """A results or run file that cannot be used; says why, and what to do."""


def record(
    page,
    name,
    *,
    seed,
    test=None,
    validation=None,
    seconds=None,
    model=None,
    parameters=None,
    epochs=None,
    ladder=False,
):
    """Write what a model scored into $COURSE_RUNS/<page>-<source>-seed<seed>.json.

    One file holds all models of a page, source and seed; a model recorded again replaces its
    earlier result. The file says on which machine, with which versions and from which code
    (COURSE_DIGEST, set by whoever runs the page) it was made. Nothing is written while COURSE_RUNS
    is unset. A folder that cannot be written costs one printed line.

    Args:
        page: name of the page, such as "02_one_layer".
        name: name of the model; one name stands for one model in the whole course.
        seed: whole number from 0.
        test, validation: evaluation.Score, one of them at least; both on digits of one source.
        seconds: seconds in training, as measured, or None.
        model: the Keras model, which knows its parameters and for how many epochs `fit` trained it
            last; one that was loaded does not, and takes `epochs` from the history of its training.
        parameters, epochs: of what is no Keras model.
        ladder: True for a model that stands on the course's ladder.

    Raises:
        ValueError: an argument of the wrong type or value; names it.
    """
    page, name = checks.text(page, "page"), checks.text(name, "name")
    if not re.fullmatch(r"[\w.-]+", page):
        raise ValueError(
            f"page must be letters, digits, '_', '.' or '-', as in a file name; got {page!r}."
        )
    seed = checks.whole(seed, "seed", 0, MOST_SEED)
    scores = {"validation": validation, "test": test}
    sources = {_source_of(score, part) for part, score in scores.items() if score is not None}
    if len(sources) != 1:
        raise ValueError("test and validation must be scores on digits of one source.")
    source = sources.pop()
    if (model is None) == (parameters is None):
        raise ValueError("model must be a Keras model, or parameters their number: one of the two.")
    if model is not None:
        try:
            parameters = model.count_params()
        except AttributeError:
            raise ValueError(f"model must be a Keras model; got {type(model).__name__}.") from None
        history = getattr(model, "history", None)
        if history is None and epochs is None:
            raise ValueError(
                "epochs must be given where the model has no history: one that was loaded, or that "
                "`fit` did not train."
            )
        epochs = epochs if history is None else len(history.epoch)
    if seconds is not None:
        seconds = round(float(checks.numbers([seconds], "seconds", (1,), low=0)[0]), 3)
    entry = {
        "parameters": checks.whole(parameters, "parameters"),
        "epochs": None if epochs is None else checks.whole(epochs, "epochs"),
        **{k: s and {"correct": int(s.correct), "n": int(s.n)} for k, s in scores.items()},
        "seconds": seconds,
    }
    folder = os.environ.get("COURSE_RUNS")
    if not folder:
        return
    path = Path(folder).resolve() / f"{page}-{source}-seed{seed}.json"
    if os.environ.get("COURSE_CANARY") and not (path.parent / "canary").exists():
        print("Not recorded: COURSE_CANARY is set, so these digits are made to tell a leak.")
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock", timeout=WAIT):
            run = _run_to_extend(path, page, source, seed)
            run["models"][name] = entry | ({"ladder": True} if ladder else {})
            write_atomically(path, run)
    except OSError as error:
        print(f"Not recorded: {path} cannot be written ({error.strerror or error}).")


def compare(path, name, score):
    """Say how a reader's score compares with the seeds in a results file.

    Args:
        path: the results file.
        name: name of the model, as recorded.
        score: the reader's evaluation.Score on the test digits.

    Returns:
        str: one or two sentences. Where the file cannot be used they say so, and what to do. A
        score on drawn digits is never compared with MNIST's.

    Raises:
        ValueError: an argument of the wrong type or value; never because of the file.
    """
    name, source = checks.text(name, "name"), _source_of(score, "score")
    mark = "" if source == "mnist" else "DRAWN DIGITS, not MNIST: "
    try:
        entry = read(path)[source].get(name)
        if entry is None or entry["test"] is None:
            raise ResultsError(_missing(path, [name], "test", source))
    except ResultsError as error:
        own = evaluation.percent(score.accuracy)
        return f"{mark}yours {own}; nothing to compare it with. {error}"
    _note(source, name, "test", entry)
    return mark + _compared(entry, score)


def values(path, names, part="test", source="mnist"):
    """Return what each model scored, seed by seed, as a results file has it.

    Models that the file lacks are left out, and a printed line names them: a page that shows
    measured results goes on without them.

    Args:
        path: the results file.
        names: list of names of models, as recorded.
        part: "test", "validation" (fractions from 0 to 1) or "seconds".
        source: "mnist" or "drawn".

    Returns:
        dict from a model's name to a list of floats, one a seed.

    Raises:
        ValueError: an argument of the wrong type or value; never because of the file.
    """
    for argument, given, known in (("part", part, PARTS), ("source", source, SOURCES)):
        if given not in known:
            raise ValueError(
                f"{argument} must be one of {', '.join(known)}; got {checks.short(given)}."
            )
    if isinstance(names, str):
        raise ValueError(f"names must be a list of names; got the text {checks.short(names)}.")
    names = [checks.text(name, "names") for name in names]
    try:
        section = read(path)[source]
    except ResultsError as error:
        print(f"No measured results to show. {error}")
        return {}
    found = {name: section[name] for name in names if section.get(name, {}).get(part)}
    if missing := [name for name in names if name not in found]:
        print(_missing(path, missing, part, source))
    for name, entry in found.items():
        _note(source, name, part, entry)
    return {name: entry[part]["values"] for name, entry in found.items()}


def rungs(results, until=None):
    """Return the models on the ladder: the course's, page by page, then others', the best last.

    A network of OF_CHAPTERS stands among its chapter's own.

    Args:
        results: the results file, or one source's part of it such as `read(path)["mnist"]`.
        until: str such as "03": the chapter with which the ladder ends; the networks of other
            tutorials are then left out.

    Returns:
        list of dict: "model" and "page", str; "mean" and "sd" (None for one seed) of the shares of
        test digits read right; "seconds" in training, mean or None; "parameters"; "seeds", their
        number; "of_course", False for the networks of other tutorials. Empty, with a printed line,
        where the file cannot be used.
    """
    section = results
    if not isinstance(results, dict):
        try:
            section = read(results)["mnist"]
        except ResultsError as error:
            print(f"No ladder to show. {error}")
            return []
    rows = []
    for name, entry in section.items():
        page, called = OF_CHAPTERS.get(name, (entry["page"], name))
        of_course = page[:2].isdigit()
        if not (entry.get("ladder") or name in OF_CHAPTERS) or not entry["test"]:
            continue
        if until is not None and not (of_course and page[: len(until)] <= until):
            continue
        _note("mnist", name, "test", entry)
        rows.append(
            {
                "model": called,
                "page": page,
                "mean": entry["test"]["mean"],
                "sd": entry["test"]["sd"],
                "seconds": entry["seconds"] and entry["seconds"]["mean"],
                "parameters": entry["parameters"],
                "seeds": len(entry["seeds"]),
                "of_course": of_course,
            }
        )
    rows.sort(key=lambda row: (False, row["page"]) if row["of_course"] else (True, row["mean"]))
    names = fingerprint([row["model"] for row in rows])
    _shown["ladder"][until or ""] = {"models": names}
    return rows


def show_ladder(path, until=None):
    """Show the ladder of MNIST's results as a figure; a line says where there is none to show.

    Args:
        path, until: as for `rungs`.
    """
    rows = rungs(path, until)
    if not rows:
        print("No ladder to show: `make results` measures the models.")
        return
    said = ", ".join(f"{row['model']} {evaluation.percent(row['mean'])}" for row in rows)
    plotting.show(plotting.ladder(rows), alt=f"Test digits read right, by model: {said}.")


def shown():
    """What this kernel has read of results files: {source: {name: {part: fingerprint}}}.

    Under "ladder" stands, by `until`, which models were on it.
    """
    return {source: names for source, names in _shown.items() if names}


def fingerprint(content):
    """A short hash of what JSON can hold."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read(path):
    """Return the results file at `path` as a dict.

    {"schema": 1, "mnist": {name: entry}, "drawn": {name: entry}}; an entry has page, parameters,
    epochs, seeds, validation, test and seconds (each with mean, sd and one value a seed; accuracies
    are fractions from 0 to 1), machine, versions and digest; and, where it is so, ladder, `stale`
    (measured by other code than the page has now) and `under_way` ("7 of 20 seeds").

    Raises:
        ResultsError: missing, unreadable, damaged, or of another schema; names the file and what
            to do.
        ValueError: `path` cannot be the name of a file.
    """
    path = _path(path)
    repair = f"`git checkout -- {path}` restores the course's own copy."
    results = _json(path, repair)
    for source in SOURCES:
        section = results.get(source)
        if not isinstance(section, dict):
            raise ResultsError(f"{path} is damaged: it has no section {source!r}. {repair}")
        for name, entry in section.items():
            if problem := _problem(entry):
                raise ResultsError(f"{path} is damaged: {source}, {name!r}: {problem}. {repair}")
    return results


def read_run(path):
    """Return one run file as a dict.

    Raises:
        ResultsError: missing, unreadable, damaged, or of another schema.
        ValueError: `path` cannot be the name of a file.
    """
    path = _path(path)
    again = "Delete it and run the page again: `make results` does both."
    run = _json(path, again)
    try:
        checks.text(run["page"], "page")
        checks.whole(run["seed"], "seed")
        for model in run["models"].values():
            checks.whole(model["parameters"], "parameters")
            for part in ("validation", "test"):
                if model[part] is not None:
                    _source_of(evaluation.Score(**model[part], source=run["source"]), part)
            if model["epochs"] is not None:
                checks.whole(model["epochs"], "epochs")
            if model["seconds"] is not None:
                checks.numbers([model["seconds"]], "seconds", (1,), 0)
        keys = ("page", "source", "seed", "digest", "machine", "versions")
        return {key: run[key] for key in keys} | {"schema": SCHEMA, "models": run["models"]}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ResultsError(f"{path} is damaged ({checks.short(error)}). {again}") from None


def write_atomically(path, content):
    """Write `content` as JSON so that `path` holds the old file or the new one, never a part.

    Raises:
        OSError: the folder or the file cannot be written; the old file is left as it was.
    """
    saving.write(path, json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def installed_version(name):
    """The version of Python or of an installed package, or None where it is not installed."""
    if name == "python":
        return sys.version.split()[0]
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _path(value):
    """`value` as an absolute path; links are kept, so that an error can name them."""
    try:
        named = os.fsdecode(os.fsencode(Path(value)))
    except (TypeError, ValueError):
        named = "\0"
    if "\0" in named:
        raise ValueError(f"path must name a file; got {checks.short(value)}.")
    return Path(os.path.abspath(named))


def _source_of(score, argument):
    if not isinstance(score, evaluation.Score) or score.source not in SOURCES:
        raise ValueError(
            f"{argument} must be an evaluation.Score on 'mnist' or 'drawn' digits, as "
            f"evaluation.score and final_test give it; got {checks.short(score)}."
        )
    return score.source


def _note(source, name, part, entry):
    _shown[source].setdefault(name, {})[part] = fingerprint(entry[part]["values"])


def _missing(path, names, part, source):
    return (
        f"{path} has no {part} of {', '.join(names)} on {source}. "
        f"`MNIST_SOURCE={source} make results` measures it."
    )


def versions_in_use():
    """Return the versions that decide a score: of Python, NumPy and, if imported, Keras' parts.

    Returns:
        dict from "python", "numpy", "keras" and the backend's name to str; "backend" is that name.
    """
    versions = {"python": installed_version("python"), "numpy": installed_version("numpy")}
    if "keras" in sys.modules:
        versions["keras"] = sys.modules["keras"].__version__
        versions["backend"] = sys.modules["keras"].config.backend()
    for name in environment.BACKENDS:
        if name == versions.get("backend") or (name == "tensorflow" and name in sys.modules):
            versions[name] = installed_version(name) or sys.modules[name].__version__
    return versions


def _run_to_extend(path, page, source, seed):
    """The run file at `path` where it is of the same code, else an empty run."""
    run = {
        "schema": SCHEMA,
        "page": page,
        "source": source,
        "seed": seed,
        "digest": os.environ.get("COURSE_DIGEST") or None,
        "machine": environment.machine(),
        "versions": versions_in_use(),
        "models": {},
    }
    try:
        earlier = read_run(path)
    except ResultsError:
        return run
    if earlier["digest"] == run["digest"]:
        run["models"], run["versions"] = earlier["models"], earlier["versions"] | run["versions"]
    return run


def _json(path, repair):
    """The JSON object in a file, of this course's schema and with every key once."""
    try:
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise OSError(errno.EINVAL, "it is no file")  # a pipe or a device may never end
        found = json.loads(
            path.read_text(encoding="utf-8"), parse_constant=_refuse, object_pairs_hook=_once
        )
    except FileNotFoundError:
        link = f" is a link to {os.readlink(path)}, which" if path.is_symlink() else ""
        raise ResultsError(f"{path}{link} does not exist. `make results` makes it.") from None
    except OSError as error:
        raise ResultsError(
            f"{path} cannot be read ({error.strerror or error}). Move away what is there, or make "
            f"it a file that you may read. {repair}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise ResultsError(f"{path} is damaged ({str(error)[:200]}). {repair}") from None
    schema = found.get("schema") if isinstance(found, dict) else None
    if type(schema) is int and schema > SCHEMA:
        raise ResultsError(
            f"{path} has schema {schema}, made by a newer course than this one, which reads "
            f"{SCHEMA}. `git pull` updates the course."
        )
    if schema != SCHEMA or type(schema) is bool:
        said = checks.short(schema)
        raise ResultsError(f"{path} has schema {said}; this course reads {SCHEMA}. {repair}")
    return found


def _refuse(constant):
    raise ValueError(f"{constant} is not a number that a result can have")


def _once(pairs):
    twice = sorted(name for name, n in Counter(name for name, _ in pairs).items() if n > 1)
    if twice:
        raise ValueError(f"it has {', '.join(map(repr, twice))} twice, as a merge may leave it")
    return dict(pairs)


def _problem(entry):
    """What is wrong with an entry of a results file; None when nothing is."""
    try:
        if not isinstance(entry["page"], str):
            return "its page is no text"
        for part in PARTS:
            if entry[part] is None:
                continue
            found, most = entry[part]["values"], 1 if part != "seconds" else float("inf")
            if not all(isinstance(v, Real) and type(v) is not bool for v in found):
                return f"a value of {part} is no number"
            if not all(0 <= value <= most for value in found):
                return f"a value of {part} is not from 0 to {most}"
            if len(found) != len(entry["seeds"]):
                return f"{part} has {len(found)} values for {len(entry['seeds'])} seeds"
            spread = statistics.stdev(found) if len(found) > 1 else None
            if not _is_close(entry[part]["mean"], statistics.fmean(found)):
                return f"the mean of {part} is not that of its values"
            if not _is_close(entry[part]["sd"], spread):
                return f"the standard deviation of {part} is not that of its values"
            if part != "seconds":
                checks.whole(entry[part]["n_digits"], f"the n_digits of {part}", 1)
        missing = {"parameters", "epochs", "machine", "digest"} - entry.keys()
        if missing or not isinstance(entry["versions"], dict):
            return f"it has no {', '.join(missing) or 'versions'}"
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        return f"it is not as `make results` writes it ({error!r})"
    return None


def _is_close(stored, found):
    if stored is None or found is None:
        return stored is found
    return abs(stored - found) <= ROUNDED + 1e-5 * abs(found)


def _compared(entry, score):
    test, yours = entry["test"], score.accuracy
    decimals = 2 if test["mean"] > 0.99 else 1
    if len(test["values"]) == 1:
        expected, own = (evaluation.percent(x, decimals) for x in (test["mean"], yours))
        return f"expected about {expected} (one seed, so no band can be given); yours {own}."
    low, high = evaluation.prediction_interval(test["values"], test["n_digits"])
    inside = low <= yours <= high
    # More decimals where rounding would put a score on the other side of the band's edge.
    while inside != _reads_inside(low, yours, high, decimals) and decimals < 6:
        decimals += 1
    low, high = (evaluation.percent(x, decimals).removesuffix(" %") for x in (low, high))
    expected, own = (evaluation.percent(x, decimals) for x in (test["mean"], yours))
    seeds = f"{len(test['values'])} seeds"
    text = f"expected {expected}, between {low} and {high} ({seeds}); yours {own}."
    if score.n != test["n_digits"]:
        return (
            f"{text} Yours is on {score.n:,} digits, the seeds' on {test['n_digits']:,}: not the "
            "same test."
        )
    if inside:
        return text
    epochs = "" if entry["epochs"] is None else f"{entry['epochs']} epochs, "
    versions = ", ".join(f"{name} {version}" for name, version in entry["versions"].items())
    return (
        f"{text} That is outside, as one honest run in twenty is. If another seed is outside too, "
        "look for an edited cell, other epochs, other versions or a GPU. The seeds ran with "
        f"{epochs}{versions}; {entry['machine']}."
    )


def _reads_inside(low, yours, high, decimals):
    written = (evaluation.percent(x, decimals) for x in (low, yours, high))
    low, yours, high = (float(one.removesuffix(" %")) for one in written)
    return low <= yours <= high

"""Record a result; compare it with the results file that a page names.

A page records what it measured into one small file a run (`record`), when a runner asks for it with
the environment variable COURSE_RUNS. `make results` merges the runs of several seeds into one
results file (`read`), and a page shows its own score beside what that file expects (`compare`).
"""

import json
import math
import operator
import os
import platform
import re
import statistics
import sys
from importlib import metadata
from numbers import Real
from pathlib import Path

import jsonschema
from scipy import stats

from helpers import checks, environment, saving

SCHEMA = 1
SOURCES = ("mnist", "drawn")
BACKENDS = ("tensorflow", "jax", "torch")

_COUNT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string", "minLength": 1}
_SECONDS = {"type": "number", "minimum": 0}
_FRACTION = {"type": "number", "minimum": 0, "maximum": 1}
_VERSIONS = {"type": "object", "additionalProperties": _TEXT, "required": ["python"]}


def _fields(optional=(), **properties):
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _or_null(schema):
    return {"anyOf": [schema, {"type": "null"}]}


def _spread(value, **more):
    values = {"type": "array", "items": value, "minItems": 1}
    return _or_null(_fields(mean=value, sd=_or_null(_SECONDS), values=values, **more))


_SCORE = _or_null(_fields(correct=_COUNT, n={"type": "integer", "minimum": 1}))
_RUN = _fields(
    schema={"const": SCHEMA},
    page=_TEXT,
    source={"enum": list(SOURCES)},
    seed=_COUNT,
    digest=_or_null(_TEXT),
    machine=_TEXT,
    versions=_VERSIONS,
    models={
        "type": "object",
        "additionalProperties": _fields(
            parameters=_COUNT,
            epochs=_or_null(_COUNT),
            validation=_SCORE,
            test=_SCORE,
            seconds=_or_null(_SECONDS),
        ),
    },
)
_ACCURACY = _spread(_FRACTION, n_digits={"type": "integer", "minimum": 1})
_ENTRY = _fields(
    page=_TEXT,
    parameters=_COUNT,
    epochs=_or_null(_COUNT),
    seeds={"type": "array", "items": _COUNT, "minItems": 1, "uniqueItems": True},
    validation=_ACCURACY,
    test=_ACCURACY,
    seconds=_spread(_SECONDS),
    machine=_TEXT,
    versions=_VERSIONS,
    digest=_TEXT,
)
_SECTION = {"type": "object", "additionalProperties": _ENTRY}
_RESULTS = _fields(schema={"const": SCHEMA}, mnist=_SECTION, drawn=_SECTION)


class ResultsError(Exception):
    """A results file or run file that cannot be used; says why, and which command mends it.

    Attributes:
        damaged: True where the content is broken or of an older schema, so that nothing is lost by
            making the file anew; False where it is missing, unreadable, or newer than this course.
    """

    def __init__(self, message, damaged=False):
        super().__init__(message)
        self.damaged = damaged


def record(
    page, model, *, seed, source, parameters, validation=None, test=None, seconds=None, epochs=None
):
    """Write what a model scored into $COURSE_RUNS/<page>-<source>-seed<seed>.json.

    One file holds all models of a page, data source and seed; a model recorded again replaces its
    earlier result. The file also says on which machine, with which versions and from which code
    (environment variable COURSE_DIGEST, set by whoever runs the page) it was made. Nothing is
    written while COURSE_RUNS is unset. A folder that cannot be written costs one printed line.

    Args:
        page: name of the page, such as "02_one_layer".
        model: name of the model; one name stands for one model in the whole course.
        seed: integer, 0 or more.
        source: "mnist" or "drawn", as `digits.source` has it.
        parameters: number of trainable and other weights.
        validation, test: (correct, n), two integers; None where not measured.
        seconds: seconds in training, or None.
        epochs: epochs trained, or None.

    Raises:
        ValueError: an argument of the wrong type or value; names it.
    """
    page = checks.text(page, "page")
    if not re.fullmatch(r"[\w.-]+", page):
        raise ValueError(
            f"page must be letters, digits, '_', '.' or '-', as in a file name; got {page!r}."
        )
    model, source, seed = checks.text(model, "model"), _source(source), _count("seed", seed)
    entry = {
        "parameters": _count("parameters", parameters),
        "epochs": None if epochs is None else _count("epochs", epochs),
        "validation": None if validation is None else _score("validation", validation),
        "test": None if test is None else _score("test", test),
        "seconds": None if seconds is None else _seconds(seconds),
    }
    folder = os.environ.get("COURSE_RUNS")
    if not folder:
        return
    path = Path(folder).resolve() / f"{page}-{source}-seed{seed}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        run = _run_to_extend(path, page, source, seed)
        run["models"][model] = entry
        write_atomically(path, run)
    except OSError as error:
        print(
            f"Not recorded: {path} cannot be written ({error.strerror or error}). The page goes on."
        )


def compare(path, model, *, source, test):
    """Say how a reader's score compares with the seeds in a results file.

    The expected band is the prediction interval of one more run, mean ± t·s·√(1 + 1/n) with n seeds
    and Student's t of n − 1 degrees of freedom, so that an honest run falls inside 95 times in 100
    (Hahn and Meeker, Statistical Intervals, 1991, section 4.7). A spread below one digit is taken
    as one digit.

    Args:
        path: the results file.
        model: name of the model, as recorded.
        source: "mnist" or "drawn"; a result is never compared with the other one's.
        test: the reader's (correct, n).

    Returns:
        str: one or two sentences. Where the file cannot be used they say so, and name the command
        that mends it.

    Raises:
        ValueError: an argument of the wrong type or value; never because of the file.
    """
    model, source, score = checks.text(model, "model"), _source(source), _score("test", test)
    path = _path(path)
    yours = score["correct"] / score["n"]
    mark = "" if source == "mnist" else "DRAWN DIGITS, not MNIST: "
    try:
        entry = _entry(read(path), model, source, path)
    except ResultsError as error:
        own = _percent(yours, _decimals(yours))
        return f"{mark}yours {own} %; nothing to compare it with. {error}"
    return mark + _verdict(entry, yours, score["n"])


def read(path):
    """Return the results file at `path` as a dict, checked against its schema.

    {"schema": 1, "mnist": {model: entry}, "drawn": {model: entry}}; an entry has page, parameters,
    epochs, seeds, validation, test and seconds (each with mean, sd and one value a seed; accuracies
    are fractions from 0 to 1), machine, versions and digest.

    Raises:
        ResultsError: missing, unreadable, damaged, or of another schema; names the file and the
            command that mends it.
        ValueError: `path` cannot be the name of a file.
    """
    path = _path(path)
    mend = (
        f"`git checkout -- {path}` restores the course's own copy; `make results` moves a damaged "
        "one aside and rebuilds it from the finished runs."
    )
    results = _read(path, _RESULTS, mend)
    for source in SOURCES:
        for model, entry in results[source].items():
            problem = _inconsistency(entry)
            if problem:
                raise ResultsError(
                    f"{path} is damaged: {source}, {model!r}: {problem}. {mend}", damaged=True
                )
    return results


def values(path, models, part="test", source="mnist"):
    """Return what each model scored, seed by seed, as a results file has it.

    Models that the file lacks are left out, and one printed line names them: a page that shows
    measured results goes on without them.

    Args:
        path: the results file.
        models: names of models, as recorded.
        part: "test", "validation" (fractions from 0 to 1) or "seconds".
        source: "mnist" or "drawn".

    Returns:
        dict from a model's name to a list of floats, one a seed.

    Raises:
        ValueError: an argument of the wrong type or value; never because of the file.
    """
    source = _source(source)
    if part not in ("test", "validation", "seconds"):
        raise ValueError(f"part must be 'test', 'validation' or 'seconds'; got {part!r}.")
    wanted = [checks.text(model, "models") for model in models]
    try:
        section = read(path)[source]
    except ResultsError as error:
        print(f"No measured results to show. {error}")
        return {}
    found = {name: section[name][part] for name in wanted if name in section}
    missing = [name for name in wanted if found.get(name) is None]
    if missing:
        print(
            f"{path} has no {part} of {', '.join(missing)} on {source}. "
            f"`MNIST_SOURCE={source} make results` measures it."
        )
    return {name: spread["values"] for name, spread in found.items() if spread is not None}


def entries(path, models, source="mnist"):
    """Return what a results file has of each model, as `read` gives it.

    Models that the file lacks are left out; where it cannot be used, a printed line says why.

    Args:
        path: the results file.
        models: names of models, as recorded.
        source: "mnist" or "drawn".

    Returns:
        dict from a model's name to its entry; empty where there is nothing to show.

    Raises:
        ValueError: an argument of the wrong type or value; never because of the file.
    """
    source = _source(source)
    wanted = [checks.text(model, "models") for model in models]
    try:
        section = read(path)[source]
    except ResultsError as error:
        print(f"No measured results to show. {error}")
        return {}
    return {name: section[name] for name in wanted if name in section}


def read_run(path):
    """Return one run file, checked against its schema.

    Raises:
        ResultsError: missing, unreadable, damaged, or of another schema.
        ValueError: `path` cannot be the name of a file.
    """
    path = _path(path)
    run = _read(path, _RUN, "Delete it and run the page again: `make results` does both.")
    for model, entry in run["models"].items():
        for part in ("validation", "test"):
            if entry[part] and entry[part]["correct"] > entry[part]["n"]:
                raise ResultsError(
                    f"{path} is damaged: {model!r}: more correct than there are digits.",
                    damaged=True,
                )
    return run


def write_atomically(path, content):
    """Write `content` as JSON so that `path` holds the old file or the new one, never a part.

    Raises:
        OSError: the folder or the file cannot be written; the old file is left as it was.
    """
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    saving.write(path, text)


def installed_version(name):
    """The version of Python or of an installed package, or None where it is not installed."""
    if name == "python":
        return platform.python_version()
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def prediction_interval(values, n_digits, confidence=0.95):
    """The band in which one more run falls with this confidence, as two fractions from 0 to 1.

    Args:
        values: accuracies of two or more seeds, fractions.
        n_digits: digits that each was scored on; a spread below one digit is taken as one digit.
        confidence: between 0 and 1.
    """
    n = len(values)
    spread = max(statistics.stdev(values), 1 / n_digits)
    half = stats.t.ppf((1 + confidence) / 2, n - 1) * spread * math.sqrt(1 + 1 / n)
    mean = statistics.fmean(values)
    return max(0.0, float(mean - half)), min(1.0, float(mean + half))


def _path(value):
    """`value` as an absolute path; links are kept, so that an error can name them."""
    try:
        named = os.fsdecode(os.fsencode(Path(value)))
    except (TypeError, ValueError):
        named = "\0"
    if "\0" in named:
        raise ValueError(f"path must be a path or a string that can name a file; got {value!r}.")
    return Path(os.path.abspath(named))


def _source(value):
    if not isinstance(value, str) or value not in SOURCES:
        raise ValueError(
            f"source must be 'mnist' or 'drawn', as digits.source has it; got {value!r}."
        )
    return value


def _count(argument, value):
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None or number < 0:
        raise ValueError(f"{argument} must be an integer of 0 or more; got {value!r}.")
    return number


def _score(argument, value):
    try:
        correct, n = value
    except (TypeError, ValueError):
        raise ValueError(
            f"{argument} must be (correct, n), the digits read right and all digits; got {value!r}."
        ) from None
    correct, n = _count(f"{argument}: correct", correct), _count(f"{argument}: n", n)
    if n == 0 or correct > n:
        raise ValueError(
            f"{argument} must have n of 1 or more, correct from 0 to n; got {correct} of {n}."
        )
    return {"correct": correct, "n": n}


def _seconds(value):
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= value < math.inf:
        raise ValueError(f"seconds must be a number of 0 or more; got {value!r}.")
    return round(float(value), 3)


def _versions_in_use():
    versions = {"python": installed_version("python"), "numpy": installed_version("numpy")}
    if "keras" in sys.modules:
        versions["keras"] = sys.modules["keras"].__version__
        versions["backend"] = sys.modules["keras"].config.backend()
    for name in BACKENDS:
        if name == versions.get("backend") or (name == "tensorflow" and name in sys.modules):
            versions[name] = installed_version(name) or sys.modules[name].__version__
    return versions


def _run_to_extend(path, page, source, seed):
    """The run file at `path` where it is of the same code and versions, else an empty run."""
    versions = _versions_in_use()
    run = {
        "schema": SCHEMA,
        "page": page,
        "source": source,
        "seed": seed,
        "digest": os.environ.get("COURSE_DIGEST") or None,
        "machine": environment.machine(),
        "versions": versions,
        "models": {},
    }
    try:
        earlier = read_run(path)
    except ResultsError:
        return run
    before, now = earlier["versions"], run["versions"]
    same_versions = all(before[name] == now[name] for name in before.keys() & now.keys())
    if same_versions and earlier["digest"] == run["digest"]:
        run["models"], run["versions"] = earlier["models"], before | now
    return run


def _read(path, schema, mend):
    try:
        found = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except FileNotFoundError:
        raise ResultsError(_absent(path)) from None
    except OSError as error:
        raise ResultsError(
            f"{path} cannot be read ({error.strerror or error}). Move away what is there, or make "
            f"it a file that you may read. Then: {mend}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise ResultsError(f"{path} is damaged ({error}). {mend}", damaged=True) from None
    version = found.get("schema") if isinstance(found, dict) else None
    if type(version) is int and version > SCHEMA:
        raise ResultsError(
            f"{path} has schema {version}, made by a newer course than this one, which reads "
            f"{SCHEMA}. `git pull` updates the course."
        )
    if type(version) is int and version < SCHEMA:
        raise ResultsError(
            f"{path} has schema {version}, older than {SCHEMA}. {mend}", damaged=True
        )
    errors = jsonschema.Draft202012Validator(schema).iter_errors(found)
    error = jsonschema.exceptions.best_match(errors)
    if error is not None:
        raise ResultsError(
            f"{path} is damaged at {error.json_path}: {error.message[:200]}. {mend}", damaged=True
        )
    return found


def _absent(path):
    if path.is_symlink():
        return (
            f"{path} is a link to {os.readlink(path)}, which does not exist. Delete the link; "
            "`make results` then makes the file."
        )
    return f"{path} does not exist. `make results` makes it."


def _refuse(constant):
    raise ValueError(f"{constant} is not a number that a result can have")


def _inconsistency(entry):
    for part in ("validation", "test", "seconds"):
        if entry[part] is None:
            continue
        values, mean = entry[part]["values"], entry[part]["mean"]
        if len(values) != len(entry["seeds"]):
            return f"{part} has {len(values)} values for {len(entry['seeds'])} seeds"
        if not math.isclose(statistics.fmean(values), mean, rel_tol=1e-5, abs_tol=1e-5):
            return f"the mean of {part} is not that of its values"
    return None


def _entry(results, model, source, path):
    entry = results[source].get(model)
    if entry is not None and entry["test"] is not None:
        return entry
    word = "MNIST" if source == "mnist" else "drawn digits"
    raise ResultsError(
        f"{path} has no test score of {model!r} on {word}. "
        f"`MNIST_SOURCE={source} make results` measures it."
    )


def _decimals(fraction):
    return 2 if fraction > 0.99 else 1


def _percent(fraction, decimals):
    return f"{100 * fraction:.{decimals}f}"


def _verdict(entry, yours, n):
    test = entry["test"]
    decimals = _decimals(test["mean"])
    if len(test["values"]) == 1:
        expected, own = _percent(test["mean"], decimals), _percent(yours, decimals)
        return f"expected about {expected} % (one seed, so no band can be given); yours {own} %."
    low, high = prediction_interval(test["values"], test["n_digits"])
    inside = low <= yours <= high
    while inside != _reads_as_inside(low, yours, high, decimals) and decimals < 6:
        decimals += 1
    expected, low, high, own = (_percent(x, decimals) for x in (test["mean"], low, high, yours))
    seeds = f"{len(test['values'])} seeds"
    text = f"expected {expected} %, between {low} and {high} ({seeds}); yours {own} %."
    if n != test["n_digits"]:
        text += f" Yours is on {n:,} digits, the seeds' on {test['n_digits']:,}: not the same test."
    elif not inside:
        text += f" {_what_to_look_at(entry)}"
    return text


def _reads_as_inside(low, yours, high, decimals):
    low, yours, high = (round(100 * x, decimals) for x in (low, yours, high))
    return low <= yours <= high


def _what_to_look_at(entry):
    epochs = "" if entry["epochs"] is None else f"{entry['epochs']} epochs, "
    versions = ", ".join(f"{name} {version}" for name, version in entry["versions"].items())
    return (
        "That is outside, as one honest run in twenty is. If another seed is outside too, look for "
        "an edited cell, other epochs, other versions or a GPU. The seeds ran with "
        f"{epochs}{versions}; {entry['machine']}."
    )

"""A canary for the test digits: a page that trains on them, by whatever road, is found out.

    python -m tools.canary [pages]     such as 00 05; all pages without names

Each page runs on files of its own. There the labels of the test digits are shuffled, and each test
image carries a mark whose place tells its shuffled label. A model that never saw these digits reads
one in ten; one that trained on them has learnt the mark. So a test score clearly above 10 % names a
leak, whichever function or file it came through. Every other way to the digits that pages know
(Keras' own file, the course's cache, the home folder) leads to the same altered files.

The page's cells run as they are, after its setup cell `watch`: training is cut short, scores are
noted, and so is each time that Keras is given test digits before `evaluation.final_test`, or trains
after it. A page's own assertions, such as the floor under its score, may fail.

What this cannot see, because nothing is learnt from the digits: choosing the best of several models
by their test scores. tools/rules.py has rules against that.
"""

import argparse
import copy
import gzip
import inspect
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import matplotlib
import nbformat
import numpy as np

from helpers import data, evaluation
from tools import pages

CLEARLY = 0.2  # a score above this is no luck: 10,000 digits spread by 0.003, the mark adds some
BUDGET = 20_000  # digits that one `fit` sees, in all its epochs together
CELL_SECONDS = 150  # a page whose cell takes longer ends there; chapters stay far below
LOOKED_AT = 2000  # digits of what Keras is given that are compared with the test digits
BORDER = 3  # pixels; digits themselves keep four clear
NO_READING = {"composed photos, found"}  # recorded as test scores, but how many were found
NOTES = "canary.jsonl"
WRAPPED = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch")
CELL = "from tools import canary\ncanary.watch()"


# The files


def write_files(folder, digits=None):
    """Write MNIST's files with marked test images and shuffled test labels into `folder`.

    They lie there as four IDX files, gzipped and not, and as mnist.npz, there and where Keras looks
    when KERAS_HOME is `folder`.

    Args:
        folder: a pathlib.Path that exists.
        digits: what `data.load_digits()` returned; loaded where None.
    """
    digits = digits or data.load_digits()
    images, labels = digits.test
    labels = np.random.default_rng(0).permutation(labels)
    arrays = {
        "x_train": np.concatenate([digits.train.images, digits.validation.images]),
        "y_train": np.concatenate([digits.train.labels, digits.validation.labels]),
        "x_test": marked(images, labels),
        "y_test": labels,
    }
    names = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    for name, array in zip(names, arrays.values(), strict=True):
        content = data.to_idx(array)
        (folder / f"{name}-ubyte").write_bytes(content)
        (folder / f"{name}-ubyte.gz").write_bytes(gzip.compress(content, 1))
    (folder / "datasets").mkdir()
    np.savez(folder / "datasets" / "mnist.npz", **arrays)
    os.link(folder / "datasets" / "mnist.npz", folder / "mnist.npz")


def marked(images, labels):
    """A copy of uint8 (n, 28, 28) images, each with a mark whose place tells its label.

    The border is cut into ten sectors, and that of the label is bright: enough pixels for a mean
    over images to learn them, too few for a model that never saw them to be swayed much.
    """
    images = images.copy()
    y, x = np.mgrid[:28, :28] - 13.5
    sectors = ((np.arctan2(y, x) / (2 * np.pi) + 0.5) * 10).astype(int)
    border = np.maximum(abs(x), abs(y)) > 14 - BORDER
    images[border & (sectors == labels[:, None, None])] = 255
    return images


# In the page's kernel


def watch(folder=None):
    """Note what this process does with the test digits in `folder`, and train only briefly.

    Wraps `evaluation.final_test` and the methods of `keras.Model` that train and read.

    Args:
        folder: a pathlib.Path where `write_files` wrote; the environment's MNIST_DIR where None.
    """
    import keras
    from keras.src.utils import file_utils

    folder = Path(folder or os.environ["MNIST_DIR"])
    known = set(signatures(np.load(folder / "mnist.npz")["x_test"]))
    state = {"inside": 0, "judged": False}

    def note(**what):
        with (folder / NOTES).open("a", encoding="utf-8") as file:
            file.write(json.dumps(what) + "\n")

    def holds_test_digits(given):
        return any(len(known & set(signatures(_some(array)))) >= 3 for array in _arrays(given))

    def wrapped(name):
        original = getattr(keras.Model, name)
        form = inspect.signature(original)

        def method(*args, **kwargs):
            given = form.bind(*args, **kwargs).arguments
            if not state["judged"] and holds_test_digits(
                [given.get(n) for n in ("x", "validation_data")]
            ):
                note(what=f"{name} was given test digits before final_test")
            if state["inside"]:  # `fit` evaluates, and so may its callbacks; `final_test` predicts
                return original(*args, **kwargs)
            trains = name in ("fit", "train_on_batch")
            if trains and state["judged"]:
                note(what=f"{name} after final_test")
            epochs = given.get("epochs", 1)
            if name == "fit":
                _shorten(given)
            state["inside"] += 1
            try:
                result = original(**{"self": given.pop("self"), **given})
            finally:
                state["inside"] -= 1
            if name == "fit" and given["epochs"] < epochs:  # as long as the page expects
                for key, values in result.history.items():
                    result.history[key] = (values + [values[-1]] * epochs)[:epochs]
            return result

        return method

    judge = evaluation.final_test

    def final_test(models, digits, prepare=None):
        if state["judged"]:
            note(what="final_test called again")
        state["judged"] = True
        state["inside"] += 1
        try:
            found = judge(models, digits, prepare)
        finally:
            state["inside"] -= 1
        for name, score in found.items():
            note(model=name, accuracy=score.accuracy)
        if digits.test_openings != 1:
            note(what=f"the test digits were opened {digits.test_openings} times")
        return found

    evaluation.final_test = final_test
    for name in WRAPPED:
        setattr(keras.Model, name, wrapped(name))
    file_utils.validate_file = lambda *args, **kwargs: True  # Keras would fetch its file anew
    note(watching=True)


def signatures(images):
    """What stays the same of each image however it is scaled, flattened, padded or permuted.

    Args:
        images: numbers of shape (n, …).

    Returns:
        list of bytes: an image's values above its background, sorted.
    """
    rows = np.asarray(images, np.float32).reshape(len(images), -1)
    low, high = rows.min(axis=1, keepdims=True), rows.max(axis=1, keepdims=True)
    rows = np.rint(255 * (rows - low) / np.maximum(high - low, 1e-9)).astype(np.uint8)
    return [row.tobytes().lstrip(b"\0") for row in np.sort(rows, axis=1)]


def _arrays(given):
    """The arrays of three or more numbers an image in what Keras is given, however nested."""
    if isinstance(given, dict):
        given = given.values()
    if isinstance(given, (list, tuple, type({}.values()))):
        return [array for part in given for array in _arrays(part)]
    is_images = len(getattr(given, "shape", ())) > 1 and np.prod(given.shape[1:]) > 99
    return [given] if is_images and len(given) else []


def _some(array):
    """At most LOOKED_AT rows of an array, spread over all of it."""
    return np.asarray(array[:: max(1, -(-len(array) // LOOKED_AT))])


def _shorten(given):
    """Cut what `fit` is given to BUDGET digits in all; data sets to one pass."""
    x, y, epochs = given.get("x"), given.get("y"), given.get("epochs", 1)
    given["epochs"] = min(epochs, 1)
    if isinstance(x, np.ndarray) and isinstance(y, np.ndarray) and len(x) == len(y) > 0:
        given["epochs"] = min(epochs, max(1, BUDGET // len(x)))
        if len(x) > BUDGET:
            rows = np.random.default_rng(0).choice(len(x), BUDGET, replace=False)
            given["x"], given["y"] = x[rows], y[rows]


# The command


def examine(path, folder):
    """Run a page on the files in `folder`; return (problems, scores).

    Args:
        path: the notebook's file, which is not changed.
        folder: a pathlib.Path where `write_files` wrote, and nothing but this looks.

    Returns:
        (problems, scores): a list of str that say what the page does with the test digits; and a
        dict from each model to the share of them that it read right.
    """
    notebook = pages.read(path)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    if "final_test" not in code and "load_digits" not in code:
        return [], {}
    with tempfile.TemporaryDirectory(dir=folder) as runs:
        (folder / NOTES).unlink(missing_ok=True)
        (Path(runs) / "canary").touch()  # the mark by which `scoreboard.record` knows the folder
        altered = Path(runs) / Path(path).name
        pages.write(altered, watched(notebook))
        env = dict(os.environ) | environment(folder, runs)
        try:
            executed, _ = pages.execute(altered, env=env, timeout=CELL_SECONDS)
        except pages.PageError as error:  # a cell that takes too long; what was noted counts
            executed = error.notebook
        problems, scores = verdict(folder, Path(runs))
    if not (folder / NOTES).exists():
        problems.append(f"the page could not be watched{_failures(executed)}")
    elif not scores and "final_test" in code:
        problems.append(f"no test score was reached{_failures(executed)}")
    return problems, scores


def verdict(folder, runs):
    """What the notes in `folder` and the run files in `runs` say, as `examine` returns it."""
    notes = folder / NOTES
    lines = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
    found = [json.loads(line) for line in lines]
    for file in runs.glob("*-seed*.json"):
        models = json.loads(file.read_text(encoding="utf-8"))["models"]
        found += [
            {"model": name, "accuracy": model["test"]["correct"] / model["test"]["n"]}
            for name, model in models.items()
            if model["test"] and name not in NO_READING
        ]
    scores = {}
    for line in found:
        if "model" in line:
            scores[line["model"]] = max(line["accuracy"], scores.get(line["model"], 0))
    problems = list(dict.fromkeys(line["what"] for line in found if "what" in line))
    problems += [
        f'"{name}" reads {100 * score:.1f} % of digits whose labels were shuffled, not about 10 %: '
        "it has seen them"
        for name, score in scores.items()
        if score > CLEARLY
    ]
    return problems, scores


def watched(notebook):
    """A copy of a page with the watch behind its setup cell, whose cells may fail."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", []).append("raises-exception")
    setup = [i for i, cell in enumerate(notebook.cells) if "setup" in cell.metadata["tags"]]
    notebook.cells.insert(setup[0] + 1 if setup else 0, nbformat.v4.new_code_cell(CELL))
    return notebook


def environment(folder, runs):
    """The variables under which every road to the digits leads to `folder`, and none elsewhere."""
    return {
        "COURSE_CANARY": "1",
        "MNIST_SOURCE": "mnist",
        **dict.fromkeys(("MNIST_DIR", "KERAS_HOME", "COURSE_CACHE", "HOME"), str(folder)),
        "COURSE_RUNS": str(runs),
        "PYTHONPATH": str(pages.ROOT),
        "MPLCONFIGDIR": matplotlib.get_cachedir(),
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"),
        **dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9"),
    }


def _failures(notebook):
    """The first errors of an executed page, as the end of a sentence."""
    found = [
        f"{output.ename}: {output.evalue[:200]} (code cell {cell.execution_count})"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    return "".join(f"; {error}" for error in found[:3])


def main(arguments=None):
    """Run the pages named, or all, on altered digits; return 1 where one has seen the test digits.

    Prints one line a page: the highest score, and what was found.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tools.canary", description=__doc__.split("\n")[0]
    )
    _, paths = pages.chosen(parser, arguments)
    leaks = 0
    with tempfile.TemporaryDirectory(prefix="canary-") as name:
        write_files(Path(name))
        for path in paths:
            started = time.monotonic()
            problems, scores = examine(path, Path(name))
            best = f"{100 * max(scores.values()):.1f} % at most" if scores else "no scores"
            print(f"{path.stem}: {best}, {time.monotonic() - started:.0f} s", flush=True)
            for problem in problems:
                print(f"  {problem}", flush=True)
            leaks += bool(problems)
    print(f"{leaks} of {len(paths)} pages have seen the test digits, or could not be judged.")
    return int(leaks > 0)


if __name__ == "__main__":
    sys.exit(pages.command(main))

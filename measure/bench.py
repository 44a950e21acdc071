"""Time the course's networks and others' side by side: how long until 99 % of digits are read?

    make bench                      three rounds, in turn; goes on where it was stopped
    python -m measure.bench --anew  forgets what was timed before
    python -m measure.bench --whole times also the last half percent and the codelab's ten epochs

Seconds to 99 % run from the creation of the model, building and tracing included, to the end of the
fewest epochs whose mean validation score over ten seeds is 99.0 % or more. Those lengths come from
notebooks/reference/choosing.json, which measure/choose.py made; nothing is chosen here. Networks
that do not get there are timed over all their epochs. Each run has a process of its own. The test
digits are read once, in the last round.

Prints medians, ratios and this machine's factor (seconds of one epoch of keras.io's network against
5.4), and writes build/bench.json and build/bench.png. It fails no build: a benchmark is no test.
"""

import argparse
import importlib.util
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
from pathlib import Path

from helpers import environment, plotting, saving
from measure import choose

BUILD = Path(__file__).resolve().parent.parent / "build"
KEPT = BUILD / "bench-rounds.json"
ROUNDS = 3
EPOCH = 5.4  # seconds of an epoch of keras.io's network on the machine of reference
FAST = "train_mnist_fast"
GOAL = choose.GOAL * choose.N_DIGITS
PAGES = {
    "00": "first network",
    "02": "one layer",
    "03": "200–60",
    "05": "dense",
    "06": "convolutional",
    "07": "last half percent",
}
OTHERS = {
    "keras.io, 15 epochs": "keras-io",
    "codelab: convolutions": "codelab-convolutions",
    "codelab: batch normalisation": "codelab-batch-norm",
}


def networks(log):
    """Return what is to be timed, from the choosing log.

    Returns:
        dict from a name to {"settings": a recipe with the epochs that 99 % takes, or with all its
        own, "reaches": whether it gets there, "validation": mean share of
        validation digits read right over so many "seeds"}.

    Raises:
        SystemExit: the log lacks a choice.
    """
    found = {}
    for page in ("bench", *PAGES):
        take = choose.chosen(page, log.get(page, {}))
        if take is None:
            sys.exit(f"Nothing is chosen for {page} yet: python -m measure.choose {page}")
        entry = log[page][take]
        shorter = [
            one for name, one in log.get("others", {}).items() if name.startswith(f"{page} in ")
        ]
        good = [one for one in (*shorter, entry) if choose.mean(one) >= GOAL]
        entry = min(good, key=lambda one: one["settings"]["epochs"], default=entry)
        found["ours" if page == "bench" else f"{page} {PAGES[page]}"] = {
            "settings": entry["settings"],
            "reaches": bool(good),
            "validation": choose.mean(entry) / choose.N_DIGITS,
            "seeds": len(entry["runs"]),
        }
    for name, short in OTHERS.items():
        if name not in log.get("others", {}):
            sys.exit(f"How long {name} takes is not known yet: python -m measure.choose others")
        runs = log["others"][name]["runs"]
        means = [
            statistics.mean(epoch)
            for epoch in zip(*(run["each_epoch"] for run in runs), strict=True)
        ]
        first = next((n for n, mean in enumerate(means, 1) if mean >= GOAL), None)
        epochs = first or len(means)
        found[short] = {
            "settings": log["others"][name]["settings"] | {"epochs": epochs},
            "reaches": first is not None,
            "validation": means[epochs - 1] / choose.N_DIGITS,
            "seeds": len(runs),
        }
    return found


def train(settings, seed, final, everything=False):
    """Train one recipe and return what the benchmark keeps of it: seconds and, if final, a score.

    With `everything` the validation digits are training digits too, as in the last half percent.
    """
    import numpy as np

    from helpers import data
    from measure import recipes

    digits = data.load_digits()
    images, labels = digits.train
    if everything:
        images = np.concatenate([images, digits.validation.images])
        labels = np.concatenate([labels, digits.validation.labels])
        settings = settings | {"digits": len(labels)}
    clock = recipes.Clock()
    model, seconds = recipes.train(settings, seed, images, labels, callbacks=[clock])
    return {
        "seconds": round(seconds, 2),
        "epoch": round(clock.last, 2),
        "parameters": model.count_params(),
        "test": recipes.right(settings, model, digits.test) if final else None,
    }


def in_own_process(work, *arguments):
    """Return what `work(*arguments)` returns, called in a new process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def with_torch():
    """Return a Python that has PyTorch: this one, or that of `make test-backends`; or None."""
    if importlib.util.find_spec("torch"):
        return sys.executable
    other = BUILD / "torch/bin/python"
    return str(other) if other.exists() else None


def fast(python, seed):
    """Train train_mnist_fast with the Python that has PyTorch; return what it prints.

    Raises:
        SystemExit: it fails; with its last line.
    """
    command = [python, "-m", "measure.train_mnist_fast", str(seed)]
    done = subprocess.run(command, cwd=BUILD.parent, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"measure.train_mnist_fast failed: {done.stderr.strip().splitlines()[-1]}")
    return json.loads(done.stdout.splitlines()[-1])


def summary(name, one, rounds):
    """Return the row of a network: medians of its rounds, and what the log says of it."""
    seconds = statistics.median(found["seconds"] for found in rounds)
    return {
        "name": name,
        "parameters": rounds[0]["parameters"],
        "epochs": one["settings"]["epochs"],
        "seconds": seconds,
        "rounds": [found["seconds"] for found in rounds],
        "seconds_to_99": seconds if one["reaches"] else None,
        "validation": one["validation"],
        "validation_seeds": one["seeds"],
        "accuracy": rounds[-1]["test"] / 10000,
    }


def table(rows):
    """Return the benchmark as text: a line a network, with its ratio to keras.io's seconds."""
    theirs = next(row["seconds_to_99"] for row in rows if row["name"] == "keras-io")
    lines = [
        f"{'':24} {'parameters':>10} {'epochs':>6} {'seconds':>8} {'to 99 %':>8} "
        f"{'of keras.io':>11} {'validation':>10} {'seeds':>5} {'test':>8}"
    ]
    for row in rows:
        to = row["seconds_to_99"]
        lines.append(
            f"{row['name']:24} {row['parameters']:>10,} {row['epochs']:>6} {row['seconds']:>8.1f} "
            f"{'never' if to is None else f'{to:.1f}':>8} "
            f"{f'{to / theirs:.3f}' if to and theirs else '':>11} "
            f"{plotting.percent(row['validation'], 2):>10} {row['validation_seeds']:>5} "
            f"{plotting.percent(row['accuracy'], 2):>8}"
        )
    return "\n".join(lines)


def figure(rows):
    """Draw the seconds to 99 % of the networks that get there, the quickest on top."""
    reached = {row["name"]: row["seconds_to_99"] for row in rows if row["seconds_to_99"]}
    return plotting.ranking(
        dict(sorted(reached.items(), key=lambda item: item[1])),
        form="{:.1f} s",
        xlabel="seconds until 99 % of the validation digits are read",
    )


class Kept:
    """What was timed so far, in build/bench-rounds.json, so that a stopped benchmark goes on."""

    def __init__(self, anew):
        self.runs = {} if anew or not KEPT.exists() else json.loads(KEPT.read_text("utf-8"))

    def once(self, name, number, settings, work, *arguments):
        """Return the run kept under these, or make it now, keep it and say so."""
        key = f"{name}, {number}: {json.dumps(settings, sort_keys=True)}"
        if key not in self.runs:
            self.runs[key] = work(*arguments)
            saving.write(KEPT, json.dumps(self.runs, indent=1))
            print(f"  {name}: {self.runs[key]['seconds']:.1f} s", flush=True)
        return self.runs[key]


def main(arguments=None):
    """Time what is missing, print the table, write the files."""
    parser = argparse.ArgumentParser(
        prog="python -m measure.bench", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--anew", action="store_true", help="forget what was timed before")
    parser.add_argument("--whole", action="store_true", help="time also the longest two whole")
    given = parser.parse_args(arguments)
    os.environ["MNIST_SOURCE"] = "mnist"
    BUILD.mkdir(exist_ok=True)
    log, kept, python = choose.read(), Kept(given.anew), with_torch()
    timed = networks(log)
    rounds = {name: [] for name in timed}
    if python:
        timed[FAST] = {"settings": {"epochs": 1}}
        rounds[FAST] = []
    else:
        print("PyTorch is not installed here: train_mnist_fast is left out.")
    for number in range(1, ROUNDS + 1):
        print(f"round {number} of {ROUNDS}", flush=True)
        for name, one in timed.items():
            settings, final = one["settings"], number == ROUNDS
            work = (
                (fast, python, number)
                if name == FAST
                else (in_own_process, train, settings, number, final)
            )
            rounds[name].append(kept.once(name, number, settings, *work))
    if python:
        share = statistics.mean(found["right"] for found in rounds[FAST]) / choose.N_DIGITS
        timed[FAST] |= {"validation": share, "reaches": share >= choose.GOAL, "seeds": ROUNDS}
    rows = [summary(name, one, rounds[name]) for name, one in timed.items()]
    epoch = statistics.median(found["epoch"] for found in rounds["keras-io"])
    print(
        f"\n{environment.machine()}\nOne epoch of keras.io's network: {epoch:.1f} s, "
        f"{epoch / EPOCH:.2f} times the {EPOCH} s of the machine of reference.\n"
    )
    print(table(rows))
    if given.whole:
        compare_whole(log, kept)
    saving.write(BUILD / "bench.json", json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    figure(rows).savefig(BUILD / "bench.png")
    print(f"\nWritten: {BUILD / 'bench.json'} and {BUILD / 'bench.png'}")


def compare_whole(log, kept):
    """Time the last half percent whole, and the codelab's batch norm for two epochs; print a ratio.

    Both train on 60,000 digits. The codelab's ten epochs take its first and nine times its second.
    """
    own = log["07"][choose.chosen("07", log["07"])]["settings"]
    theirs = log["others"]["codelab: batch normalisation"]["settings"] | {"epochs": 2}
    one, two = (
        kept.once(name, 1, settings, in_own_process, train, settings, 1, False, True)
        for name, settings in (("last half percent", own), ("codelab, two epochs", theirs))
    )
    ten = two["seconds"] + 8 * two["epoch"]
    print(
        f"\nOn 60,000 digits: last half percent {one['seconds']:.0f} s; ten epochs of "
        f"the codelab's network with batch normalisation {ten:.0f} s, from two of them: a ratio of "
        f"{one['seconds'] / ten:.2f}."
    )


if __name__ == "__main__":
    main()

"""Choose how the pages' networks are trained, on validation digits alone, and keep the log.

    python -m measure.choose            whatever has not been run yet
    python -m measure.choose 06 07      of these pages only
    python -m measure.choose --show     what stands in the log

Every run of a variant (measure/variants.py) is written into notebooks/reference/choosing.json as
soon as it ends: its settings (measure/recipes.py reads them), seed, validation digits read right,
seconds, and when. A run that ends in numbers that are none, or that never leaves 10 %, is recorded
as that. Started again, it goes on with what is missing. The test digits are never opened:
`final_test` is sealed.

The rule of choice. All of a page's variants are run with FEW seeds. Those that take more seconds
than the page may (LIMITS), or whose mean validation score is more than BEHIND below the best of the
others, stop there; the rest go on to all of the page's SEEDS. Of these, those count whose mean is
at most WITHIN below the best mean, and the one with the fewest mean seconds is chosen. For the
quickest network to 99 % ("bench"), those count whose mean is 99.0 % or more.

The rule stood before the first run, but for LIMITS: without them the longest training won on 00, 02
and 03, where it teaches nothing more. They came before any of these recipes met a test digit.

Two runs go on side by side, each on one thread, so seconds compare variants and nothing else;
`make bench` times what is chosen alone on the machine.
"""

import argparse
import json
import logging
import multiprocessing
import os
import statistics
import sys
from datetime import UTC, datetime
from pathlib import Path

from helpers import data, environment, saving
from measure.variants import VARIANTS

LOG = Path(__file__).resolve().parent.parent / "notebooks/reference/choosing.json"
N_DIGITS = 5000  # validation digits
BEHIND, WITHIN = 0.0015, 0.0005  # shares of the validation digits
GOAL = 0.99  # of "bench"
STUCK = 0.15  # a share below which a network has learnt nothing
# Seconds in this log, where a run has one thread: 06 takes about half of them with two.
LIMITS = {"00": 5, "02": 5, "03": 10, "05": 20, "06": 35}
FEW = 2  # seeds, from 1 on, before the first variants stop
SEEDS = dict.fromkeys(("00", "02", "03", "05", "06"), 5) | {"07": 2, "bench": 10, "others": 10}


def _prepare():
    """Load the digits, once in each worker."""
    global digits
    digits = data.load_digits()
    logging.getLogger("tensorflow").setLevel("ERROR")  # many models in one process are meant


def run(settings, seed, each_epoch):
    """Train one variant under one seed; return its entry in the log."""
    from measure import recipes  # in the worker, which has its threads set

    each = [recipes.EachEpoch(settings, digits.validation)] if each_epoch else []
    model, seconds = recipes.train(settings, seed, *digits.train, callbacks=each)
    count = recipes.right(settings, model, digits.validation)
    share = None if count is None else count / len(digits.validation.labels)
    return {
        "seed": seed,
        "right": count,
        "outcome": "not a number" if share is None else "stuck" if share < STUCK else "trained",
        "seconds": round(seconds, 2),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        **({"each_epoch": each[0].counts} if each else {}),
    }


def read():
    """Return what the log holds: page -> variant -> {"settings": ..., "runs": [...]}."""
    return json.loads(LOG.read_text("utf-8"))["pages"] if LOG.exists() else {}


def shorter(log):
    """Return the chosen recipes of 06 and 07 with fewer epochs, as variants of "others"."""
    found = {}
    for page, most in (("06", 3), ("07", 2)):
        if take := chosen(page, log.get(page, {})):
            for epochs in range(1, most + 1):
                found[f"{page} in {epochs}"] = VARIANTS[page][take] | {"epochs": epochs}
    return found


def missing(log, pages):
    """Return (page, variant, seed) of every run that is due now, one seed of all after another.

    A variant whose settings differ from those in the log is another variant, and needs a name of
    its own.

    Raises:
        SystemExit: the log holds other settings under a variant's name.
    """
    wanted = []
    for page in pages:
        entries = {}
        for variant, settings in VARIANTS[page].items():
            entry = log.get(page, {}).get(variant, {"settings": settings, "runs": []})
            if entry["settings"] != settings:
                sys.exit(f"{LOG.name} has other settings for {page}, {variant!r}: name it anew.")
            entries[variant] = entry
        due = dict.fromkeys(entries, FEW)
        if all(len(entry["runs"]) >= FEW for entry in entries.values()):
            due = dict.fromkeys(near(page, entries), SEEDS[page])
        for variant, seeds in due.items():
            done = {found["seed"] for found in entries[variant]["runs"]}
            wanted += [(seed, page, variant) for seed in range(1, seeds + 1) if seed not in done]
    return [(page, variant, seed) for seed, page, variant in sorted(wanted, key=lambda w: w[0])]


def near(page, entries):
    """Return the names of the variants that go on after their first FEW seeds."""
    if page == "others":
        return list(entries)
    first = {
        name: {"runs": [found for found in entry["runs"] if found["seed"] <= FEW]}
        for name, entry in entries.items()
    }
    limit = LIMITS.get(page, float("inf"))
    quick = {name: mean(one) for name, one in first.items() if mean(one, "seconds") <= limit}
    least = max(quick.values(), default=0) - BEHIND * N_DIGITS
    return [name for name, count in quick.items() if count >= least]


def mean(entry, part="right"):
    """Return the mean over a variant's runs; one that gave no numbers counts as none right."""
    return statistics.mean(found[part] or 0 for found in entry["runs"])


def chosen(page, entries):
    """Return the name of the variant that the rule of choice takes, or None while runs are missing.

    Args:
        page: str, a page's number or "bench".
        entries: dict from a variant's name to {"settings": …, "runs": …}.
    """
    if missing({page: entries}, [page]):
        return None
    full = {name: entries[name] for name in near(page, entries)}
    best = max(map(mean, full.values()), default=0)
    least = N_DIGITS * GOAL if page == "bench" else best - WITHIN * N_DIGITS
    good = [name for name, entry in full.items() if mean(entry) >= least]
    return min(good, key=lambda name: mean(full[name], "seconds"), default=None)


def write(log):
    """Write the log, with the rule and what it chooses now."""
    content = {
        "about": "python -m measure.choose, which has the rule; validation digits only",
        "rule": {
            "first seeds": FEW,
            "seconds": LIMITS,
            "behind": BEHIND,
            "within": WITHIN,
            "goal of bench": GOAL,
        },
        "n_digits": N_DIGITS,
        "machine": environment.machine() + ", two runs side by side, a thread each",
        "chosen": {
            page: chosen(page, entries) for page, entries in log.items() if page != "others"
        },
        "pages": log,
    }
    saving.write(LOG, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def show(log):
    """Print every variant: seeds, mean, lowest and highest count as shares, seconds."""
    for page, entries in log.items():
        take = None if page == "others" else chosen(page, entries)
        print(f"\n{page}")
        for name, entry in entries.items():
            counts = [(found["right"] or 0) / 50 for found in entry["runs"]]
            if page == "others":
                epochs = zip(*(found["each_epoch"] for found in entry["runs"]), strict=True)
                means = " ".join(f"{statistics.mean(epoch) / 50:.2f}" for epoch in epochs)
                print(f"  {len(counts):2} seeds, after each epoch {means}: {name}")
                continue
            print(
                f"{' *'[name == take]} {len(counts):2} seeds {statistics.mean(counts):6.2f} % "
                f"({min(counts):.2f} to {max(counts):.2f}) {mean(entry, 'seconds'):6.1f} s  {name}"
            )


def main(arguments=None):
    """Run what is missing, and print the log."""
    parser = argparse.ArgumentParser(
        prog="python -m measure.choose", description=__doc__.split("\n")[0]
    )
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=", ".join(VARIANTS))
    parser.add_argument("--show", action="store_true", help="run nothing")
    given = parser.parse_args(arguments)
    if unknown := [page for page in given.pages if page not in VARIANTS]:
        parser.error(f"no variants for {', '.join(unknown)}; there are {', '.join(VARIANTS)}.")
    log = read()
    pages = given.pages or VARIANTS
    VARIANTS["others"] |= shorter(log)
    while not given.show and (wanted := missing(log, pages)):
        os.environ |= {
            "COURSE_SEALED": "1",
            "MNIST_SOURCE": "mnist",
            "OMP_NUM_THREADS": "1",
            "TF_NUM_INTRAOP_THREADS": "1",
            "TF_NUM_INTEROP_THREADS": "1",
        }
        with multiprocessing.get_context("spawn").Pool(2, _prepare, maxtasksperchild=20) as pool:
            waiting = [
                pool.apply_async(run, (VARIANTS[page][variant], seed, page == "others"))
                for page, variant, seed in wanted
            ]
            for number, (page, variant, seed) in enumerate(wanted, 1):
                entry, settings = waiting[number - 1].get(), VARIANTS[page][variant]
                empty = {"settings": settings, "runs": []}
                log.setdefault(page, {}).setdefault(variant, empty)["runs"].append(entry)
                write(log)
                print(
                    f"{number}/{len(wanted)} {page}, {variant}, seed {seed}: "
                    f"{entry['right']} right, {entry['seconds']:.1f} s, {entry['outcome']}",
                    flush=True,
                )
    show(log)


if __name__ == "__main__":
    main()

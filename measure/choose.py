"""Choose how the pages' networks are trained, on validation digits alone, and keep the log.

    python -m measure.choose            whatever of the variants below has not been run yet
    python -m measure.choose 06 07      of these pages only
    python -m measure.choose --show     what stands in the log

Every run is written into notebooks/reference/choosing.json as soon as it ends: its settings
(measure/recipes.py reads them), seed, validation digits read right, seconds, and when. A run that
ends in numbers that are none, or that never leaves 10 %, is recorded as that. Started again, it
goes on with what is missing. The test digits are never opened: `final_test` is sealed.

The rule of choice, written before the first run. All of a page's variants are run with FEW seeds.
Those whose mean validation score is more than BEHIND below the best stop there; the others go on to
all of the page's SEEDS. Of these, those count whose mean is at most WITHIN below the best mean, and
the one with the fewest mean seconds is chosen. For the quickest network to 99 % ("bench"), those
count whose mean is 99.0 % or more.

Two runs go on side by side, each on one thread, so seconds compare variants and nothing else;
`make bench` times what is chosen alone on the machine.
"""

import argparse
import itertools
import json
import logging
import multiprocessing
import os
import statistics
import sys
from datetime import UTC, datetime
from pathlib import Path

from helpers import data, environment, saving

LOG = Path(__file__).resolve().parent.parent / "notebooks/reference/choosing.json"
WITHIN = 0.0005  # a share of the validation digits
N_DIGITS = 5000  # validation digits
GOAL = 0.99  # of "bench"
STUCK = 0.15  # a share below which a network has learnt nothing
BEHIND = 0.0015  # likewise
FEW = 3  # seeds, from 1 on
SEEDS = {"bench": 10, "others": 10}  # of all other pages:
MORE = 5


def dense(*widths, dropout=0.0):
    """Return the layers of a dense network, with dropout after each hidden layer."""
    hidden = [
        [f"dense {width}", "relu", *[f"dropout {dropout}"] * bool(dropout)] for width in widths
    ]
    return ["flatten", *itertools.chain(*hidden), "dense 10"]


def convolutions(*sizes, norm=False, top=0, dropout=0.0, active="relu"):
    """Return the layers of a convolutional network: convolutions, one dense layer or none, output.

    `sizes` are "FILTERS KERNEL STRIDE"; `top` is the width of the dense layer; dropout stands
    before the first dense layer.
    """
    then = [*["norm"] * norm, active]
    found = list(itertools.chain(*([f"conv {size}", *then] for size in sizes)))
    found += ["flatten", *[f"dropout {dropout}"] * bool(dropout)]
    return [*found, *([f"dense {top}", *then] if top else []), "dense 10"]


def three(a, b, c, first="5 2", **others):
    """Return three convolutions of so many filters: 28 x 28 -> 12 x 12 -> 5 x 5 -> 3 x 3."""
    return convolutions(f"{a} {first}", f"{b} 3 2", f"{c} 3 1", **others)


COSINE = {"schedule": "cosine"}
SMALL_MOVES = [
    ["RandomTranslation", {"height_factor": 0.08, "width_factor": 0.08, "fill_mode": "constant"}],
    ["RandomRotation", {"factor": 0.03, "fill_mode": "constant"}],
]
MORE_MOVES = [
    *SMALL_MOVES,
    ["RandomZoom", {"height_factor": 0.1, "width_factor": 0.1, "fill_mode": "constant"}],
]
ELASTIC = ["RandomElasticTransform", {"factor": 0.5, "scale": 1.0, "fill_mode": "constant"}]
QUICK = COSINE | {"rate": 0.01, "smoothing": 0.05, "steps_at_once": 10}
SLOW = COSINE | {"rate": 0.005, "steps_at_once": 10}

PUBLISHED = {
    "keras.io": convolutions("32 3 1", "64 3 1", dropout=0.5),  # pooling is added below
    "codelab: convolutions": convolutions("12 3 1 same", "24 6 2 same", "32 6 2 same", top=200),
    "codelab: batch normalisation": convolutions(
        "12 3 1 same", "24 6 2 same", "32 6 2 same", norm=True, top=200
    ),
}
# as published: keras.io pools after each convolution; the others end in a softmax, and the one
# with batch normalisation drops 0.3 after its dense layer
PUBLISHED["keras.io"] = [
    part
    for layer in PUBLISHED["keras.io"]
    for part in ([layer, "pool"] if layer == "relu" else [layer])
]
PUBLISHED["codelab: batch normalisation"].insert(-1, "dropout 0.3")
for found in PUBLISHED.values():
    found.append("softmax")

VARIANTS = {
    "00": {
        f"batch {batch}, rate {rate}, {epochs} epochs": {
            "layers": dense(128),
            "batch": batch,
            "rate": rate,
            "epochs": epochs,
        }
        for batch, rate, epochs in (
            (200, 0.001, 8),
            (200, 0.001, 5),
            (256, 0.002, 5),
            (256, 0.002, 4),
            (512, 0.003, 5),
        )
    },
    "02": {
        f"batch {batch}, rate {rate}, {epochs} epochs": {
            "layers": dense(),
            "optimizer": ["SGD", {}],
            "batch": batch,
            "rate": rate,
            "epochs": epochs,
        }
        for batch, rate, epochs in (
            (256, 0.5, 15),
            (256, 0.5, 8),
            (256, 0.5, 5),
            (128, 0.2, 8),
            (512, 0.5, 8),
        )
    },
    "03": {
        f"batch {batch}, rate {rate}, {epochs} epochs": {
            "layers": dense(200, 60),
            "batch": batch,
            "rate": rate,
            "epochs": epochs,
        }
        for batch, rate, epochs in (
            (128, 0.001, 10),
            (256, 0.001, 8),
            (256, 0.002, 6),
            (512, 0.003, 8),
            (128, 0.001, 5),
        )
    },
    "05": {
        f"{'–'.join(map(str, widths))}, dropout {dropout}, {kind}, {epochs} epochs": {
            "layers": dense(*widths, dropout=dropout),
            "epochs": epochs,
            **settings,
        }
        for widths, dropout, kind, epochs, settings in (
            ((400, 200), 0.25, "decay", 10, {"rate": 0.001, "schedule": ["epochs", 0.8]}),
            ((400, 200), 0.25, "cosine", 10, COSINE | {"rate": 0.003}),
            ((400, 200), 0.25, "cosine", 6, COSINE | {"rate": 0.003}),
            ((300, 100), 0.25, "cosine", 10, COSINE | {"rate": 0.003}),
            ((300, 100), 0.25, "cosine", 6, COSINE | {"rate": 0.003}),
            ((512,), 0.4, "cosine", 8, COSINE | {"rate": 0.003}),
        )
    },
    "06": {
        f"{'–'.join(map(str, sizes))}, dense {top}, dropout {dropout}, "
        f"rate {peak}, {epochs} epochs": {
            "layers": three(*sizes, top=top, dropout=dropout),
            "epochs": epochs,
            **COSINE,
            "rate": peak,
        }
        for sizes, top, dropout, peak, epochs in (
            ((48, 96, 128), 128, 0.4, 0.003, 5),
            ((48, 96, 128), 128, 0.4, 0.005, 3),
            ((32, 64, 96), 128, 0.4, 0.005, 4),
            ((32, 64, 96), 128, 0.4, 0.005, 3),
            ((32, 64, 64), 0, 0.25, 0.006, 4),
            ((32, 64, 64), 128, 0.3, 0.005, 4),
            ((24, 48, 64), 0, 0.2, 0.006, 5),
        )
    },
    "bench": {
        f"{'–'.join(map(str, sizes))}{first and f', first {first}'}, batch {batch}, rate {peak}, "
        f"{epochs} epoch{'s' * (epochs > 1)}": {
            "layers": three(*sizes, norm=True, **({"first": first} if first else {})),
            "batch": batch,
            "epochs": epochs,
            **QUICK,
            "rate": peak,
        }
        for sizes, first, batch, peak, epochs in (
            ((16, 32, 64), "", 128, 0.012, 1),
            ((24, 48, 64), "", 128, 0.01, 1),
            ((24, 64, 96), "", 96, 0.01, 1),
            ((32, 64, 64), "", 128, 0.01, 1),
            ((16, 32, 64), "", 256, 0.012, 2),
            ((24, 48, 64), "", 256, 0.01, 2),
            ((32, 64, 64), "5 3", 128, 0.01, 1),
            ((32, 64, 96), "5 3", 96, 0.01, 1),
            ((32, 64, 96), "5 3", 192, 0.01, 2),
            ((32, 64, 96), "7 3", 96, 0.01, 1),
        )
    },
    "07": {
        f"{'–'.join(map(str, sizes))}, dense {top}, {words}, rate {peak}, batch {batch}, "
        f"{epochs} epochs": {
            "layers": three(*sizes, norm=True, top=top, dropout=dropout),
            "moves": moves,
            "batch": batch,
            "epochs": epochs,
            **SLOW,
            "rate": peak,
            "smoothing": smoothing,
        }
        for sizes, top, dropout, words, moves, smoothing, peak, batch, epochs in (
            ((48, 96, 128), 128, 0.4, "small moves", SMALL_MOVES, 0.0, 0.004, 256, 14),
            ((48, 96, 128), 128, 0.4, "more moves", MORE_MOVES, 0.0, 0.008, 256, 14),
            ((48, 96, 128), 128, 0.4, "more moves, smoothing", MORE_MOVES, 0.1, 0.008, 256, 14),
            ((48, 96, 128), 0, 0.3, "more moves, smoothing", MORE_MOVES, 0.1, 0.008, 256, 14),
            (
                (48, 96, 128),
                128,
                0.4,
                "more moves, elastic",
                [*MORE_MOVES, ELASTIC],
                0.0,
                0.008,
                256,
                14,
            ),
            ((32, 64, 128), 128, 0.3, "more moves, smoothing", MORE_MOVES, 0.1, 0.008, 192, 16),
        )
    },
    # How many epochs others need: their own settings, and the count after every epoch.
    "others": {
        "keras.io": {"layers": PUBLISHED["keras.io"], "batch": 128, "epochs": 12},
        "codelab: convolutions": {
            "layers": PUBLISHED["codelab: convolutions"],
            "batch": 128,
            "epochs": 4,
            "rate": 0.01,
            "schedule": ["epochs", 0.6],
        },
        "codelab: batch normalisation": {
            "layers": PUBLISHED["codelab: batch normalisation"],
            "batch": 64,
            "epochs": 4,
            "norm": {"momentum": 0.99, "scale": False},
            "rate": 0.01,
            "schedule": ["epochs", 0.666],
        },
    },
}


def _prepare():
    """Load the digits, once in each worker."""
    global digits
    digits = data.load_digits()
    logging.getLogger("tensorflow").setLevel("ERROR")  # many models in one process are meant


def run(page, variant, seed):
    """Train one variant under one seed and return its entry in the log."""
    from measure import recipes  # in the worker, which has its threads set

    settings = VARIANTS[page][variant]
    each = [recipes.EachEpoch(settings, digits.validation)] if page == "others" else []
    model, seconds = recipes.train(settings, seed, *digits.train, callbacks=each)
    count = recipes.right(settings, model, digits.validation)
    share = None if count is None else count / len(digits.validation.labels)
    return (
        page,
        variant,
        {
            "seed": seed,
            "right": count,
            "outcome": "not a number" if share is None else "stuck" if share < STUCK else "trained",
            "seconds": round(seconds, 2),
            "ended": datetime.now(UTC).isoformat(timespec="seconds"),
            **({"each_epoch": each[0].counts} if each else {}),
        },
    )


def read():
    """Return what the log holds: page -> variant -> {"settings": ..., "runs": [...]}."""
    return json.loads(LOG.read_text("utf-8"))["pages"] if LOG.exists() else {}


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
            due = dict.fromkeys(near(page, entries), SEEDS.get(page, MORE))
        for variant, seeds in due.items():
            done = {found["seed"] for found in entries[variant]["runs"]}
            wanted += [(seed, page, variant) for seed in range(1, seeds + 1) if seed not in done]
    return [(page, variant, seed) for seed, page, variant in sorted(wanted, key=lambda w: w[0])]


def near(page, entries):
    """Return the names of the variants that go on after their first FEW seeds."""
    if page == "others":
        return list(entries)
    first = {
        name: mean({"runs": [r for r in entry["runs"] if r["seed"] <= FEW]})
        for name, entry in entries.items()
    }
    least = max(first.values()) - BEHIND * N_DIGITS
    return [name for name, count in first.items() if count >= least]


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
    best = max(map(mean, full.values()))
    least = N_DIGITS * GOAL if page == "bench" else best - WITHIN * N_DIGITS
    good = [name for name, entry in full.items() if mean(entry) >= least]
    return min(good, key=lambda name: mean(full[name], "seconds"), default=None)


def write(log):
    """Write the log, with the rule and what it chooses now."""
    content = {
        "about": "python -m measure.choose; validation digits only",
        "rule": f"after {FEW} seeds, variants more than {100 * BEHIND:.2f} points below the best "
        f"mean stop; of the others those at most {100 * WITHIN:.2f} points below the best mean of all "
        f"seeds (bench: {100 * GOAL:.1f} % or more); of these the fewest mean seconds",
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
    while not given.show and (wanted := missing(log, pages)):
        os.environ |= {
            "COURSE_SEALED": "1",
            "MNIST_SOURCE": "mnist",
            "OMP_NUM_THREADS": "1",
            "TF_NUM_INTRAOP_THREADS": "1",
            "TF_NUM_INTEROP_THREADS": "1",
        }
        with multiprocessing.get_context("spawn").Pool(2, _prepare, maxtasksperchild=20) as pool:
            waiting = [pool.apply_async(run, one) for one in wanted]
            for number, result in enumerate(waiting, 1):
                page, variant, entry = result.get()
                settings = VARIANTS[page][variant]
                empty = {"settings": settings, "runs": []}
                log.setdefault(page, {}).setdefault(variant, empty)["runs"].append(entry)
                write(log)
                print(
                    f"{number}/{len(wanted)} {page}, {variant}, seed {entry['seed']}: "
                    f"{entry['right']} right, {entry['seconds']:.1f} s, {entry['outcome']}",
                    flush=True,
                )
    show(log)


if __name__ == "__main__":
    main()

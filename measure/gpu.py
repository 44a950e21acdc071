"""Time the ladder's networks where Keras computes on a GPU: notebooks/reference/gpu.json.

    KERAS_BACKEND=jax python -m measure.gpu              three rounds; goes on where it was stopped
    KERAS_BACKEND=jax python -m measure.gpu --minutes 9  starts no training after so long
    … "first network" "one layer"                        these networks only

A network trains as its page has it, every epoch; others' as their reference page has them. Each
training has a process of its own, one at a time. Its seconds run from the creation of the model to
the end of `fit`, so they include what JAX takes to compile it; those of its last epoch do not. Each
seed's network reads the test digits once. Nothing is chosen here.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from helpers import environment, saving, scoreboard
from measure import bench, choose

OUT = Path(__file__).resolve().parent.parent / "notebooks" / "reference" / "gpu.json"
ROUNDS = 3  # round 1 trains every network under seed 1, round 2 under seed 2, …
# What the choosing log has no entry for as the page trains it: an entry of the log, and changes.
CHANGED = {
    "200–60, cosine": (
        "200–60",
        {"inputs": "standardised", "batch": 256, "epochs": 6, "schedule": "cosine"},
    ),
    "keras.io: mnist_convnet": ("keras.io, 15 epochs", {"digits": 54000}),
    "codelab 4: three convolutions": ("codelab: convolutions", {"epochs": 10}),
    "codelab 5: batch normalisation": ("codelab: batch normalisation", {"epochs": 10}),
}
ON_ALL = {"last half percent", "codelab 4: three convolutions", "codelab 5: batch normalisation"}


def recipes(log):
    """Return the recipe of each network, by its name on the ladder, from the choosing log."""
    found = {
        name: log[page][choose.chosen(page, log[page])]["settings"]
        for page, name in bench.PAGES.items()
    }
    others = {name: entry["settings"] for name, entry in log["others"].items()}
    return found | {name: (found | others)[of] | change for name, (of, change) in CHANGED.items()}


def main(arguments=None):
    """Time what is missing and write it; return 0, or 1 where nothing here is a GPU."""
    parser = argparse.ArgumentParser(
        prog="python -m measure.gpu", description=__doc__.split("\n")[0]
    )
    parser.add_argument("models", nargs="*", help="names on the ladder; all by default")
    parser.add_argument("--out", type=Path, default=OUT, help="the file to go on with")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="start no more after")
    given = parser.parse_args(arguments)
    known = recipes(choose.read())
    for name in given.models:
        if name not in known:
            parser.error(f"No network is called {name!r}. There are: {', '.join(known)}.")
    if not environment.has_nvidia_gpu():
        print(f"No NVIDIA GPU is found: {environment.machine()}. Nothing was timed.")
        return 1
    found = json.loads(given.out.read_text("utf-8")) if given.out.exists() else {"models": {}}
    environment.import_quietly("keras")
    found |= {"machine": environment.machine(), "versions": scoreboard.versions_in_use()}
    end = time.monotonic() + 60 * given.minutes
    for seed in range(1, ROUNDS + 1):
        for name, recipe in known.items():
            runs = found["models"].setdefault(name, {"recipe": recipe, "runs": []})["runs"]
            left_out = given.models and name not in given.models
            if left_out or len(runs) >= seed or time.monotonic() > end:
                continue
            run = bench.in_own_process(bench.train, recipe, seed, True, name in ON_ALL)
            runs.append({"seed": seed} | run)
            saving.write(given.out, json.dumps(found, indent=1, ensure_ascii=False) + "\n")
            seconds = f"{run['seconds']:.1f} s, its last epoch {run['epoch']:.2f} s"
            print(f"{name}, seed {seed}: {seconds}; {run['test']} of 10000", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

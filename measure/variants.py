"""What was tried for each page's network: variants, as settings that measure/recipes.py reads.

A page's name leads to {name of the variant: its settings}; "bench" is the quickest network to 99 %,
"others" are networks of other tutorials with their own settings.
"""

import itertools


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
ALL_MOVES = [
    *MORE_MOVES,
    ["RandomElasticTransform", {"factor": 0.5, "scale": 1.0, "fill_mode": "constant"}],
]
QUICK = COSINE | {"rate": 0.01, "smoothing": 0.05, "steps_at_once": 10}
SLOW = COSINE | {"rate": 0.005, "steps_at_once": 10}

PUBLISHED = {  # as their authors have them
    "keras.io": "conv 32 3 1, relu, pool, conv 64 3 1, relu, pool, flatten, dropout 0.5, dense 10",
    "codelab: convolutions": "conv 12 3 1 same, relu, conv 24 6 2 same, relu, conv 32 6 2 same, "
    "relu, flatten, dense 200, relu, dense 10",
    "codelab: batch normalisation": "conv 12 3 1 same, norm, relu, conv 24 6 2 same, norm, relu, "
    "conv 32 6 2 same, norm, relu, flatten, dense 200, norm, relu, dropout 0.3, dense 10",
}
PUBLISHED = {name: [*layers.split(", "), "softmax"] for name, layers in PUBLISHED.items()}

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
            ((32, 64, 96), 128, 0.4, 0.004, 6),
            ((32, 64, 64), 128, 0.3, 0.004, 7),
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
            ((32, 64, 96), "7 3", 64, 0.01, 1),
            ((32, 64, 96), "7 3", 192, 0.012, 2),
            ((48, 96, 128), "7 3", 96, 0.01, 1),
            ((48, 96, 128), "7 3", 256, 0.012, 2),
            ((16, 48, 96), "", 256, 0.012, 2),
            ((24, 48, 96), "7 3", 256, 0.012, 2),
            ((16, 48, 96), "7 3", 192, 0.012, 2),
            ((64, 128, 192), "7 3", 96, 0.01, 1),
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
            ((48, 96, 128), 128, 0.4, "more moves, elastic", ALL_MOVES, 0.0, 0.008, 256, 14),
            ((32, 64, 128), 128, 0.3, "more moves, smoothing", MORE_MOVES, 0.1, 0.008, 192, 16),
            ((48, 96, 128), 0, 0.3, "more moves, smoothing", MORE_MOVES, 0.1, 0.008, 128, 10),
        )
    },
    # How many epochs others need: their own settings, and the count after every epoch.
    "others": {
        "keras.io, 15 epochs": {"layers": PUBLISHED["keras.io"], "batch": 128, "epochs": 15},
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

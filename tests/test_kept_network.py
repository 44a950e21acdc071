"""The network that is kept as a file: whole, small, and the one that results.json speaks of."""

import hashlib
import os

import pytest

from helpers import data, scoreboard
from measure import choose, recipes

FOLDER = choose.LOG.parent.parent
KEPT = FOLDER / "last_half_percent.weights.h5"
NAME = "last half percent, twenty seeds"


def loaded():
    log = choose.read()
    settings = log["07"][choose.chosen("07", log["07"])]["settings"] | {"moves": []}
    model = recipes.network(settings)
    model.load_weights(KEPT)
    return settings, model


def test_the_file_is_whole():
    digest, name = KEPT.with_name("last_half_percent.sha256").read_text("utf-8").split()
    assert name == KEPT.name
    assert hashlib.sha256(KEPT.read_bytes()).hexdigest() == digest


def test_it_holds_weights_and_no_memory_of_the_optimizer():
    _, model = loaded()
    weights = 4 * model.count_params()  # float32
    assert weights < KEPT.stat().st_size < weights + 60_000


@pytest.mark.skipif(not os.environ.get("MNIST_DIR"), reason="MNIST_DIR is unset: no MNIST to read")
def test_it_is_the_network_of_seed_1():
    settings, model = loaded()
    entry = scoreboard.read(FOLDER / "results.json")["mnist"][NAME]
    digits = data.load_digits()
    assert recipes.right(settings, model, digits.validation) > 0.995 * 5000  # it trained on them
    measured = 10_000 * entry["test"]["values"][0]
    assert abs(recipes.right(settings, model, digits.test) - measured) <= 2  # another processor's

"""Drawings of page 04."""

import numpy as np

from helpers.diagrams import learning_rate as diagrams
from tests.figures import check

PATHS = {"slow": np.array([0.0, 1.0, 2.0]), "fast": np.array([0.0, 7.0, -2.0])}


def test_walks_say_what_they_show():
    check(diagrams.walks(lambda w: (w - 3) ** 2, PATHS), "slow", "start", "after 2 steps")

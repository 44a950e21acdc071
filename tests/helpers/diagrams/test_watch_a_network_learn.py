"""Drawings of page 00."""

import numpy as np

from helpers.diagrams import watch_a_network_learn as diagrams
from tests.figures import check


def test_ten_answers_say_which_one_wins():
    chances = np.array([0.01, 0, 0, 0.04, 0, 0, 0, 0.6, 0, 0.35])
    digit = np.zeros((28, 28), np.uint8)
    check(diagrams.ten_answers({"one digit": digit}, chances), "read as 7", "60 %", "35 %")
    pictures = {"on the pad": np.zeros((280, 280), np.uint8), "what the network sees": digit}
    check(diagrams.ten_answers(pictures, chances), "on the pad", "what the network sees")

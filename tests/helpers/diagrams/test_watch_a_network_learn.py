"""Drawings of page 00."""

from helpers.diagrams import watch_a_network_learn as diagrams
from tests.figures import check


def test_figures_say_what_they_show():
    check(diagrams.software_layers(), "Keras", "CPU  ·  or GPU")
    check(diagrams.timeline(), "1958\nperceptron:\none layer learns", "1998\nMNIST,\ncheques")

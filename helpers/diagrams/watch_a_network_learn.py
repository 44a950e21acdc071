"""Drawings of page 00: what a page stands on, and some dates."""

from helpers.diagrams.parts import box, sheet, write
from helpers.plotting import BLUE, GREEN, GREY, ORANGE, styled


@styled
def software_layers():
    """Draw what stands on what: a page, Keras, the library that computes, the processor."""
    made, axis = sheet(7, 2.9, (-0.1, 10.1), (-0.1, 4))
    layers = (
        ("CPU  ·  or GPU", "the processor", GREY),
        ("TensorFlow  ·  or JAX  ·  or PyTorch", "arithmetic on tables of numbers", GREEN),
        ("Keras", "layers, losses, training", ORANGE),
        ("your page, in Python", "model.fit(images, labels)", BLUE),
    )
    for level, (name, job, colour) in enumerate(layers):
        box(axis, 0, level, 10, 0.84, colour, linewidth=2)
        write(axis, 0.3, level + 0.42, name, ha="left", weight="bold", color=colour, fontsize=10)
        write(axis, 9.7, level + 0.42, job, ha="right")
    return made


@styled
def timeline():
    """Draw some dates of neural networks, from 1943 to 2015.

    Sources: the papers that chapter 00 links to; the first public releases of Keras and TensorFlow.
    """
    made, axis = sheet(9, 2.1, (1937, 2022), (-1.2, 1.2))
    dates = (  # year, what, above or below
        (1943, "a formula\nof a neuron", 1),
        (1958, "perceptron:\none layer learns", 1),
        (1986, "backpropagation:\nmany layers learn", 1),
        (1989, "a network reads\npostcodes", -1),
        (1998, "MNIST,\ncheques", 1),
        (2012, "AlexNet:\nphotographs", 1),
        (2015, "Keras and\nTensorFlow", -1),
    )
    axis.axhline(0, color=GREY, linewidth=2)
    for year, what, side in dates:
        axis.plot([year, year], [0, 0.35 * side], color=GREY, linewidth=1)
        axis.plot(year, 0, "o", color=BLUE, markersize=8)
        write(axis, year, 0.4 * side, f"{year}\n{what}", va="bottom" if side > 0 else "top")
    return made

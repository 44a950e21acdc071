"""Handwriting: drawn by the course, found in pictures, and drawn by the reader on a pad.

What all of it shares is how MNIST's makers laid out a digit.
"""

from helpers.checks import SIDE

__all__ = ["BOX", "CENTRE", "SIDE"]  # SIDE is that of the digit's picture

BOX = 20  # pixels: the longer side of the ink
CENTRE = 14  # the pixel, row and column, that MNIST puts the centre of mass on

"""Measure what it costs to find the digit in a photograph of 12 megapixels, on one core.

    python -m measure.pictures [--rounds N]

Composes one photograph of each kind of `photographs.KINDS`, enlarged to 4,000 × 3,000 pixels with
a sensor's noise, and stores it as a phone would: JPEG, quality 90. Then times, in turns, Pillow's
decoding of the whole picture and `reader.find_digit` of the decoded picture. Prints the median
milliseconds of processor time of both and their ratio; exits with 1 when finding a digit takes more
than 100 ms.
"""

import argparse
import io
import os
import statistics
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")  # one core: before NumPy's first import

import numpy as np
from PIL import Image

from helpers.handwriting import drawn, photographs, reader

SIZE = 4000, 3000  # pixels: 12 megapixels
NOISE = 4.0  # standard deviation of the sensor's noise, of 255
MOST = 0.1  # seconds to find a digit


def main(arguments=None):
    """Time every kind, print, return the exit code."""
    options = _options(arguments)
    digits = drawn.draw_digits(len(photographs.KINDS), seed=1)[0]
    worst = 0.0
    print(f"{'kind':10}  decode ms  read ms  ratio")
    for digit, kind in zip(digits, photographs.KINDS, strict=True):
        decoding, reading = times(photograph(digit, kind), options.rounds)
        worst = max(worst, reading)
        print(f"{kind:10} {1000 * decoding:10.0f} {1000 * reading:8.0f} {reading / decoding:6.2f}")
    print(f"Slowest: {1000 * worst:.0f} ms; at most {1000 * MOST:.0f} ms are wanted.")
    return int(worst > MOST)


def _options(arguments):
    summary = __doc__.split("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m measure.pictures", description=summary)
    parser.add_argument("--rounds", type=int, default=7, help="times that each is timed")
    options = parser.parse_args(arguments)
    if options.rounds < 1:
        parser.error(f"argument --rounds: must be 1 or more; got {options.rounds}")
    return options


def photograph(digit, kind):
    """The bytes of a JPEG of 12 megapixels that shows a digit.

    Args:
        digit: uint8 (28, 28).
        kind: one of `photographs.KINDS`.
    """
    file = io.BytesIO()
    large = np.asarray(photographs.compose(digit, kind, 1).resize(SIZE, Image.BICUBIC), np.float32)
    large = large + NOISE * np.random.default_rng(1).standard_normal(large.shape, np.float32)
    large = Image.fromarray(np.rint(np.clip(large, 0, 255)).astype(np.uint8))
    large.save(file, "JPEG", quality=90)
    return file.getvalue()


def times(content, rounds):
    """Median seconds of processor time: decoding a picture, and then reading the digit in it."""
    decoding, reading = [], []
    for _ in range(rounds):
        started = time.process_time()
        picture = Image.open(io.BytesIO(content))
        picture.load()
        decoded = time.process_time()
        reader.find_digit(picture)
        decoding.append(decoded - started)
        reading.append(time.process_time() - decoded)
    return statistics.median(decoding), statistics.median(reading)


if __name__ == "__main__":
    sys.exit(main())

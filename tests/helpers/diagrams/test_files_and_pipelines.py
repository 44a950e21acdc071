"""Drawings of page 01b."""

import numpy as np
import pytest

from helpers import data
from helpers.diagrams import files_and_pipelines as diagrams
from tests.figures import check, written

IMAGES = np.random.default_rng(0).integers(0, 256, (2, 28, 28)).astype(np.uint8)
TIMES = {"by one": [90.0, 100.0, 300.0], "by batch": [2.0, 3.0, 2.5]}


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (lambda: diagrams.file_layout(60_000), ["images\n60000", "labels\n60000", "800"]),
        (lambda: diagrams.pipeline([("map", "numbers"), ("batch", "(2, 3)")]), ["map", "(2, 3)"]),
        (lambda: diagrams.timings(TIMES), ["by one", "100 ms", "2.5 ms"]),
    ],
)
def test_figures_say_what_they_show(figure, said):
    check(figure(), *said)


@pytest.mark.parametrize("array", [IMAGES, np.array([4, 2], np.uint8)], ids=["images", "labels"])
def test_file_layout_agrees_with_the_files_that_are_written(array):
    packed = np.frombuffer(data.to_idx(array), np.uint8)
    header = packed[: 4 + 4 * array.ndim].view(">u4")
    second = header.nbytes + array[0].nbytes  # where the second item starts
    assert packed[second] == array[1].flat[0]
    expected = {f"magic\n{header[0]}", f"header: {header.nbytes} bytes", str(second)}
    assert expected <= set(written(diagrams.file_layout(2)))

"""Drawings of page 08c."""

import numpy as np

from helpers.diagrams import a_folder_of_your_own as diagrams
from tests.figures import check

PICTURES = {
    name: np.full((5, 112, 112), 250, np.uint8)
    for name in ("arrow", "house", "lightning", "square", "star", "triangle")
}


def test_a_folder_shows_its_subfolders_and_their_pictures():
    drawn = diagrams.folder("signs", PICTURES)
    check(drawn, "signs/", "arrow/", "lightning/", "…")
    assert len(drawn.axes[0].images) == 30


def test_the_last_layer_is_another_one():
    kept = ["convolution\n48 filters", "convolution\n96 filters", "flatten"]
    check(
        diagrams.kept_and_new(kept, "dense\n10 scores", "dense\n6 scores"),
        "dense\n6 scores",
        "tells signs apart",
        "replaced by",
    )

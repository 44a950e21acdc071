"""Handwriting from elsewhere: three sets of other strokes, and the file is as drawn."""

import numpy as np
import pytest

from measure import elsewhere


def test_every_way_stands_in_each_set_with_strokes_of_its_own():
    sets = {name: elsewhere.ways(name) for name in elsewhere.SETS}
    names = list(sets["learn"])
    assert all(list(ways) == names and all(ways.values()) for ways in sets.values())
    labels = {label for ways in sets.values() for forms in ways.values() for label, _ in forms}
    assert labels == set(range(10))
    lines = [line.partition(": ") for line in elsewhere.WAYS.split("\n") if ": " in line]
    assert len({strokes for _, _, strokes in lines}) == len(lines)


def test_the_same_seed_draws_the_same_digits_and_another_seed_others():
    images, labels, names = elsewhere.digits("hidden", 1)
    assert images.shape == (len(names), 28, 28) and images.dtype == labels.dtype == np.uint8
    assert images.any((1, 2)).all()
    again, other = (elsewhere.digits("hidden", 1, seed=seed)[0] for seed in (0, 1))
    assert np.array_equal(images, again) and not np.array_equal(images, other)


@pytest.mark.parametrize("chosen", elsewhere.EACH)
def test_the_file_holds_what_is_drawn(chosen):
    with np.load(elsewhere.FILE) as held:
        names, labels = held[f"{chosen}_ways"], held[f"{chosen}_labels"]
        assert {name.split("_")[0] for name in held} == set(elsewhere.EACH)  # and none is hidden
        images = held[f"{chosen}_images"]
    first = elsewhere.digits(chosen, 1)
    places = [list(names).index(name) for name in first[2]]
    assert list(first[1]) == list(labels[places])
    assert np.abs(first[0].astype(int) - images[places]).mean() < 2  # Pillow may change
    assert len(images) == elsewhere.EACH[chosen] * len(first[2])

"""Arrays of the wrong kind are named."""

import numpy as np
import pytest

from helpers import checks

GOOD = np.zeros((3, 28, 28), np.uint8)


def test_good_arrays_come_back():
    assert checks.images(GOOD) is GOOD
    assert checks.labels([0, 9, 5]).tolist() == [0, 9, 5]


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (GOOD[:0], r"\(0, 28, 28\)"),
        (GOOD[0], r"\(28, 28\)"),
        (GOOD[..., None], r"\(3, 28, 28, 1\)"),
        (GOOD / 255, "float64"),
        (GOOD.astype(np.int64), "int64"),
        ([], "float64"),
        (None, "object"),
    ],
)
def test_wrong_images_are_named(array, found):
    with pytest.raises(ValueError, match=f"photos must be uint8.*{found}"):
        checks.images(array, name="photos")


@pytest.mark.parametrize(
    ("array", "found"),
    [
        ([], r"shape \(0,\)"),
        (3, r"shape \(\)"),
        ([1.0, 2.0], "float64"),
        ([True], "bool"),
        (np.array([3], "m8[s]"), "timedelta64"),
        ([0, 4, 10], "10 at position 2"),
        ([3, -1], "-1 at position 1"),
    ],
)
def test_wrong_labels_are_named(array, found):
    with pytest.raises(ValueError, match=f"truth must be integers from 0 to 9.*{found}"):
        checks.labels(array, name="truth")


def test_one_label_for_each_image():
    with pytest.raises(ValueError, match="labels must have one label for each image; got 2 for 3"):
        checks.labels([1, 2], count=3)


@pytest.mark.parametrize("check", [checks.images, checks.labels, checks.numbers])
def test_rows_of_unequal_length_are_named(check):
    with pytest.raises(ValueError, match="^rows must be .* got what NumPy cannot take"):
        check([[1, 2], [3]], "rows")


@pytest.mark.parametrize("check", [checks.images, checks.labels, checks.numbers])
def test_a_mask_is_never_lost(check):
    masked = np.ma.masked_equal([1, 2, 3], 2)
    for wrong in (masked, [masked, masked]):
        with pytest.raises(ValueError, match="^rows must be .* got a masked array"):
            check(wrong, "rows")


@pytest.mark.parametrize(
    "long",
    ["x" * 10**7, 10**6000, list(range(10**6)), {"x" * 10**6: 1}],
    ids=["str", "int", "list", "dict"],
)
def test_what_is_shown_of_a_value_is_bounded(long):
    assert len(checks.short(long)) <= checks.LONGEST
    assert checks.short("as it is") == "'as it is'"
    with pytest.raises(ValueError) as caught:
        checks.whole(long, "n", high=5)
    assert len(str(caught.value)) < 300


def test_good_numbers_come_back_as_they_are():
    assert checks.numbers([1, 2], "x").dtype.kind == "i"
    assert checks.numbers(np.zeros((2, 3, 4), np.float16), "x", ("n", 3, "w")).dtype == np.float16
    assert np.isnan(checks.numbers([np.nan, np.inf], "x", finite=False)[0])
    assert checks.numbers(2.5, "x", ()) == 2.5


@pytest.mark.parametrize(
    ("value", "options", "found"),
    [
        ([], {}, r"shape \(n,\); got shape \(0,\)"),
        (None, {}, "dtype object"),
        ([1j], {}, "dtype complex128"),
        ([[1.0]], {}, r"got shape \(1, 1\)"),
        ([1.0, np.nan], {}, "finite numbers .* got nan at position 1"),
        ([[0.0, -np.inf]], {"shape": (1, 2)}, r"got -inf at position \(0, 1\)"),
        ([1.0, 2.0], {"shape": (3,)}, r"shape \(3,\); got shape \(2,\)"),
        ([0, -1], {"low": 0}, "0 or more; got -1 at position 1"),
        ([0.5, 1.5], {"low": 0, "high": 1}, "from 0 to 1; got 1.5 at position 1"),
        ([np.nan, 2], {"high": 1, "finite": False}, "got 2 at position 1"),
    ],
)
def test_wrong_numbers_are_named(value, options, found):
    with pytest.raises(ValueError, match=f"^x must be .*{found}"):
        checks.numbers(value, "x", **options)


def test_a_whole_number_comes_back_as_an_int():
    assert type(checks.whole(np.uint8(3), "n")) is int
    assert checks.whole(0, "n", 0, 0) == 0


@pytest.mark.parametrize("value", [-1, 6, 2.0, True, "2", None, np.nan, np.timedelta64(3)])
def test_what_is_no_whole_number_is_named(value):
    with pytest.raises(ValueError, match="^n must be a whole number from 0 to 5; got"):
        checks.whole(value, "n", 0, 5)


@pytest.mark.parametrize("value", ["", "  ", None, b"mnist", 3])
def test_what_is_no_text_is_named(value):
    with pytest.raises(ValueError, match="^source must be text"):
        checks.text(value, "source")


@pytest.mark.parametrize(
    ("found", "high", "said"),
    [
        ({}, None, "a dict of 1 or more names, each with a list; got 0"),
        ({"a": 1, "b": 2, "c": 3}, 2, "a dict of 1 to 2 names, each with a list; got 3"),
        ([("a", 1)], None, "got list"),
        (None, None, "got NoneType"),
    ],
)
def test_what_is_no_dict_of_so_many_names_is_named(found, high, said):
    with pytest.raises(ValueError, match=f"^groups must be .*{said}"):
        checks.by_name(found, "groups", "a list", high=high)


def test_entries_come_back_as_a_list():
    assert checks.for_each(range(2), "captions", 2) == [0, 1]


@pytest.mark.parametrize(("values", "got"), [(None, "None"), (3, "3"), ("abc", "3 for 2")])
def test_one_entry_for_each(values, got):
    with pytest.raises(
        ValueError, match=f"^captions must have one entry for each image; got {got}"
    ):
        checks.for_each(values, "captions", 2)

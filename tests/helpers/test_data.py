"""The digits that a page is given: settings, read-only arrays, counted openings, the split."""

import gzip
import hashlib
import os

import numpy as np
import pytest

from helpers import data
from helpers.sources import files
from tests.helpers import small

REAL = os.environ.get("MNIST_DIR", "").strip()


# Settings


def test_mnist_refuses_the_stand_in(server, home, tmp_path, monkeypatch, drawings):
    monkeypatch.setenv("MNIST_SOURCE", "mnist")
    small.write(home / ".keras" / "datasets", {"mnist.npz": b"PK\x03\x04"})
    with pytest.raises(data.DataError) as caught:
        data.load_digits()
    said = str(caught.value)
    assert f"{home / '.keras' / 'datasets' / 'mnist.npz'}: damaged or truncated" in said
    for place in ("fallback", "cache"):
        assert str(tmp_path / place) in said
    assert said.count("the server says 404") == 3
    assert "set MNIST_DIR" in said
    assert drawings == []


def test_drawn_asks_for_the_stand_in(folder, server, monkeypatch, capsys, drawings):
    (folder / f"{small.IMAGES}.gz").write_bytes(b"damaged")
    monkeypatch.setenv("MNIST_SOURCE", "drawn")
    digits = data.load_digits()
    assert digits.source == data.source_in_use() == "drawn"
    assert len(digits.train.labels) == small.TRAIN - small.VALIDATION
    assert len(digits.test.labels) == small.TEST
    assert server.asked == []
    assert "DRAWN DIGITS, NOT MNIST: MNIST_SOURCE=drawn asks for them." in capsys.readouterr().out


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_setting_is_none(home, monkeypatch, server, empty):
    server.answers["/keras/mnist.npz"] = small.NPZ
    assert data.source_in_use() is None
    for name in ("MNIST_DIR", "MNIST_SOURCE", "COURSE_CANARY", "COURSE_CACHE"):
        monkeypatch.setenv(name, empty)
    monkeypatch.setattr(data.cache.pooch, "os_cache", lambda name: home / name)
    small.assert_genuine(data.load_digits())


@pytest.mark.parametrize("other", ["MNIST", "0", "x" * 100_000])
@pytest.mark.parametrize("name", ["MNIST_SOURCE", "COURSE_CANARY"])
def test_any_other_word_is_refused(monkeypatch, name, other):
    monkeypatch.setenv(name, other)
    with pytest.raises(ValueError, match=rf"{name} must be .* unset; got '{other[:9]}") as caught:
        data.load_digits()
    assert len(str(caught.value)) < 400


# The canary: digits that are not MNIST's, to test the course itself


def test_the_canary_takes_the_folder_whatever_it_holds(folder, server, monkeypatch, capsys):
    other = small.arrays(2)
    labels = gzip.compress(data.to_idx(other["y_test"][::-1]))
    (folder / f"{small.TEST_LABELS}.gz").write_bytes(labels)
    with pytest.raises(data.DataError, match="altered"):
        data.load_digits()
    monkeypatch.setenv("COURSE_CANARY", "1")
    digits = data.load_digits()
    assert digits.source == data.source_in_use() == "mnist"
    np.testing.assert_array_equal(digits.test.labels, other["y_test"][::-1])
    assert "COURSE_CANARY=1" in capsys.readouterr().out
    for name in small.GZ:
        (folder / name).unlink()
    (folder / "mnist.npz").write_bytes(small.npz(other))
    np.testing.assert_array_equal(data.load_digits().test.images, other["x_test"])
    assert server.asked == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        (f"{small.TEST_LABELS}.gz", data.to_idx(np.zeros(59, np.uint8))),
        (f"{small.TEST_LABELS}.gz", b"\0\0\x09" + small.PLAIN[small.TEST_LABELS][3:]),
        (f"{small.TEST_LABELS}.gz", None),
    ],
)
def test_the_canary_takes_other_shapes_and_dtypes_no_more_than_ever(
    folder, server, monkeypatch, name, wrong
):
    monkeypatch.setenv("COURSE_CANARY", "1")
    server.answers["/keras/mnist.npz"] = small.NPZ
    (folder / name).unlink()
    if wrong is not None:
        (folder / name).write_bytes(wrong)
    with pytest.raises(data.DataError, match=name[:20]):
        data.load_digits()
    monkeypatch.delenv("MNIST_DIR")
    with pytest.raises(data.DataError, match="COURSE_CANARY is 1, and MNIST_DIR names no folder"):
        data.load_digits()
    assert server.asked == []


# What a page is given


def test_the_test_digits_are_counted(folder, capsys, monkeypatch, drawings):
    digits = data.load_digits()
    assert repr(digits) == (
        "Digits(source='mnist', train=270, validation=30, test=60, test_openings=0)"
    )
    assert digits.test.images.shape == (small.TEST, 28, 28)
    assert digits.test_openings == 1
    assert capsys.readouterr().out == ""
    images, labels = digits.test
    assert len(images) == len(labels) == small.TEST
    assert digits.test_openings == 2
    assert "number 2 " in capsys.readouterr().out
    again = data.load_digits()  # as when the cells of a page are run twice
    assert again.test.labels.dtype == np.uint8
    assert again.test_openings == 1
    assert "number 3 " in capsys.readouterr().out
    monkeypatch.setenv("MNIST_SOURCE", "drawn")
    drawn = data.load_digits()
    capsys.readouterr()
    assert len(drawn.test.labels) == small.TEST
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("source", ["mnist", "drawn"])
def test_arrays_cannot_be_spoilt(folder, monkeypatch, drawings, source):
    monkeypatch.setenv("MNIST_SOURCE", source)
    digits = data.load_digits()
    for pair in (digits.train, digits.validation, digits.test):
        for array in pair:
            assert array.dtype == np.uint8
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0
            mine = array.copy()
            mine[0] = 0


# The split


def labelled(labels):
    """Images that carry their position in their first pixels, so that a split can be followed."""
    images = np.zeros((len(labels), 28, 28), np.uint8)
    positions = np.arange(len(labels))
    images[:, 0, 0], images[:, 0, 1] = positions // 256, positions % 256
    return images, np.asarray(labels)


def positions_in(pair):
    return pair.images[:, 0, 0].astype(int) * 256 + pair.images[:, 0, 1]


def split_hash(labels, validation, seed=0):
    """The SHA-256 of which digits validate."""
    _, chosen = data.split(*labelled(labels), validation, seed)
    return hashlib.sha256(positions_in(chosen).astype("<i8").tobytes()).hexdigest()


def test_the_split_is_the_same_everywhere():
    """A change in NumPy's stream would move digits between training and validation."""
    labels = (np.arange(1003) ** 2 // 7 % 10).astype(np.uint8)
    assert split_hash(labels, 101) == (
        "6666df8a9d19bd9d16c510aa24b017ce40b70c220f7424c1ebd0c74e9e019c57"
    )


@pytest.mark.skipif(not REAL, reason="MNIST_DIR is unset: no MNIST to split")
def test_mnist_is_split_as_when_the_results_were_measured():
    labels = files.read_folder(REAL)["y_train"]
    assert split_hash(labels, data.VALIDATION, data.SPLIT_SEED) == (
        "a107832f29321a21570c9a86abf0445aeb125255dedb9555115af1980d082927"
    )
    assert np.bincount(data.split(*labelled(labels))[1].labels).tolist() == [
        *(494, 562, 496, 511, 487, 452, 493, 522, 487, 496)
    ]


def test_the_split_loses_nothing_and_keeps_the_order():
    labels = np.random.default_rng(0).integers(0, 10, 1000).astype(np.uint8)
    train, validation = data.split(*labelled(labels), validation=123, seed=4)
    kept, taken = positions_in(train), positions_in(validation)
    assert len(taken) == 123
    assert sorted([*kept, *taken]) == list(range(1000))
    for pair, index in ((train, kept), (validation, taken)):
        assert list(index) == sorted(index)
        np.testing.assert_array_equal(pair.labels, labels[index])
        assert pair.labels.dtype == np.uint8


def test_seeds_decide_the_split_and_dtypes_do_not():
    labels = np.arange(200) % 10
    assert split_hash(labels, 50, 1) != split_hash(labels, 50, 0)
    for dtype in (np.uint8, np.int8, np.uint64):
        assert split_hash(labels.astype(dtype), 50, 0) == split_hash(labels, 50, 0)


IMAGES, LABELS = labelled(np.arange(20) % 10)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"validation": 20}, "validation must be a whole number from 1 to 19; got 20"),
        ({"seed": -1}, "seed must be a whole number of 0 or more; got -1"),
        ({"images": IMAGES / 255}, "images must be uint8"),
        ({"images": IMAGES[:1], "labels": LABELS[:1]}, "images must hold 2 digits or more"),
        ({"labels": LABELS[:-1]}, "labels must have one label for each image; got 19 for 20"),
        ({"labels": LABELS + 1}, "labels must be integers from 0 to 9"),
    ],
)
def test_the_split_names_what_is_wrong(wrong, said):
    arguments = {"images": IMAGES, "labels": LABELS, "validation": 5} | wrong
    with pytest.raises(ValueError, match=f"^{said}"):
        data.split(**arguments)

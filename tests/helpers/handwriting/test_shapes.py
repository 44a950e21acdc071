"""Drawn shapes: what they look like, that they repeat, and the folder that they are kept in."""

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from helpers.handwriting import shapes

DIGIT = np.zeros((1, 28, 28), np.uint8)
DIGIT[0, 4:24, 9:19] = 255


@pytest.mark.parametrize("name", shapes.NAMES)
def test_shapes_are_one_patch_of_dark_ink_within_light_paper(name):
    drawn = shapes.draw(name, 20, seed=3)
    assert drawn.shape == (20, 96, 96) and drawn.dtype == np.uint8
    paper = np.median(drawn, axis=(1, 2))[:, None, None]
    ink = drawn < paper - 60
    assert (paper > 200).all()
    assert ((ink.mean((1, 2)) > 0.01) & (ink.mean((1, 2)) < 0.25)).all()
    ink[:, 2:-2, 2:-2] = False
    assert not ink.any(), "it touches the edge"
    for picture, light in zip(drawn, paper, strict=True):
        smooth = ndimage.gaussian_filter(picture.astype(float), 1) < light - 40
        assert ndimage.label(smooth, np.ones((3, 3)))[1] == 1


def test_same_seed_same_pictures_and_no_two_alike():
    drawn = shapes.draw("star", 20, seed=1)
    assert np.array_equal(drawn[:7], shapes.draw("star", 7, seed=1))
    assert not (drawn == shapes.draw("star", 20, seed=2)).all((1, 2)).any()
    assert len(np.unique(drawn.reshape(20, -1), axis=0)) == 20


def test_a_folder_has_a_subfolder_for_each_class(tmp_path):
    folder = shapes.write_folder(tmp_path / "new" / "shapes", 3, seed=4)
    assert sorted(path.name for path in folder.iterdir()) == list(shapes.NAMES)
    files = sorted((folder / "star").iterdir())
    assert [file.name for file in files] == [f"star_00{i}.png" for i in range(3)]
    kept = np.stack([np.asarray(Image.open(file)) for file in files])
    assert np.array_equal(kept, shapes.draw("star", 3, seed=4))
    pictures, labels = shapes.read_folder(folder)
    assert np.array_equal(pictures[labels == shapes.NAMES.index("star")], kept)


def test_a_folder_is_read_as_keras_reads_it(tmp_path):
    pytest.importorskip("tensorflow", reason="Keras reads folders with TensorFlow")
    import keras

    folder = shapes.write_folder(tmp_path, 2)
    settings = {"image_size": (96, 96), "color_mode": "grayscale", "batch_size": 100}
    found = keras.utils.image_dataset_from_directory(
        folder, **settings, shuffle=False, verbose=False
    )
    theirs, their_labels = next(found.as_numpy_iterator())
    pictures, labels = shapes.read_folder(folder)
    assert np.array_equal(pictures, theirs[..., 0].astype(np.uint8))
    assert np.array_equal(labels, their_labels) and labels.tolist() == [*np.repeat(range(6), 2)]


def test_drawings_are_black_on_white():
    stroke = shapes.pen_drawing([[(80, 75), (195, 70)], [(195, 70), (140, 215)]])
    for page in (stroke, shapes.typed("A")):
        assert page.shape == (280, 280) and page.dtype == np.uint8
        assert page.max() == 255 and page.min() == 0 and 0.02 < (page < 128).mean() < 0.3
        assert (page[:10] == 255).all() and (page[:, -10:] == 255).all()
    assert stroke[73, 140] == 0 and stroke[200, 100] == 255
    assert not np.array_equal(shapes.typed("A"), shapes.typed("B"))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda folder: shapes.draw("hexagon", 1), "name must be one of circle, .*got 'hexagon'"),
        (lambda folder: shapes.draw("star", 0), "count must be a whole number from 1 to 10000"),
        (lambda folder: shapes.draw("star", 1, seed=-1), "seed"),
        (lambda folder: shapes.write_folder(folder, 1000), "count.*from 1 to 999"),
        (lambda folder: shapes.read_folder(folder), "found none"),
        (lambda folder: shapes.pen_drawing([[(1, 2, 3)]]), "a stroke"),
        (lambda folder: shapes.pen_drawing([[(1, 280), (2, 2)]]), "a stroke.*279"),
        (lambda folder: shapes.pen_drawing([[(1, 2), (3, 4)]], 10**9), "width"),
        (lambda folder: shapes.typed(""), "letter"),
        (lambda folder: shapes.typed("A" * 10**6), "one letter"),
        (lambda folder: shapes.side_by_side(DIGIT, np.repeat(DIGIT, 2, 0)), "right.*got 2 for 1"),
    ],
)
def test_wrong_input_is_named(call, said, tmp_path):
    with pytest.raises(ValueError, match=said) as error:
        call(tmp_path)
    assert len(str(error.value)) < 500 and not list(tmp_path.iterdir())

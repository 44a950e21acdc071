"""Recipes as settings: what they build, how they train, and what becomes of one that fails."""

import numpy as np
import pytest

from measure import choose, recipes


@pytest.mark.parametrize(
    ("name", "parameters"),  # those that the authors publish; reference/networks.ipynb has them
    [
        ("keras.io, 15 epochs", 34_826),
        ("codelab: convolutions", 354_002),
        ("codelab: batch normalisation", 354_538),
    ],
)
def test_published_networks_have_their_published_parameters(name, parameters):
    assert recipes.network(choose.VARIANTS["others"][name]).count_params() == parameters


def test_every_variant_can_be_built():
    for variants in choose.VARIANTS.values():
        for settings in variants.values():
            assert recipes.network(settings).output_shape == (None, 10)
            assert not settings.keys() - recipes.USUAL.keys()


@pytest.mark.parametrize("layer", ["cnov 3 3 1", "conv 3", "dense", "relu 3"])
def test_an_unknown_layer_is_named(layer):
    with pytest.raises(ValueError, match=layer):
        recipes.network({"layers": [layer]})


def test_the_cosine_goes_up_and_then_down_to_nothing():
    rate = recipes.rate({"schedule": "cosine", "rate": 0.01, "batch": 100, "epochs": 2}, 1000)
    assert float(rate(0)) < float(rate(4)) == pytest.approx(0.01)
    assert float(rate(20)) == pytest.approx(0)


def test_stairs_fall_after_each_epoch():
    rate = recipes.rate({"schedule": ["epochs", 0.5], "rate": 0.01, "batch": 100}, 1000)
    assert [round(float(rate(step)), 4) for step in (9, 10, 20)] == [0.01, 0.005, 0.0025]


SMALL = {"layers": ["flatten", "dense 10"], "batch": 50, "optimizer": ["SGD", {}], "rate": 0.5}


@pytest.fixture
def digits():
    """100 images that a network can tell apart: image n has its row n % 10 lit."""
    labels = np.arange(100, dtype="uint8") % 10
    images = np.zeros((100, 28, 28), "uint8")
    images[np.arange(100), labels] = 255
    return images, labels


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_same_seed_gives_the_same_network(digits, smoothing):
    settings = SMALL | {"epochs": 5, "smoothing": smoothing}
    (one, seconds), (two, _) = (recipes.train(settings, 1, *digits) for _ in range(2))
    np.testing.assert_array_equal(one.get_weights()[0], two.get_weights()[0])
    assert recipes.right(settings, one, digits) == 100 and seconds > 0


def test_scores_that_are_no_numbers_count_as_none(digits):
    model, _ = recipes.train(SMALL, 1, *digits)
    model.layers[-1].bias.assign(np.full(10, np.nan))
    assert recipes.right(SMALL, model, digits) is None


def test_counting_after_each_epoch_is_off_the_clock(digits):
    each = recipes.EachEpoch(SMALL, digits)
    each.seconds = 1000.0
    _, seconds = recipes.train(SMALL | {"epochs": 3}, 1, *digits, callbacks=[each])
    assert len(each.counts) == 3 and seconds < 0


@pytest.mark.parametrize("kind", ["raw", "scaled", "standardised"])
def test_inputs(kind):
    pixels = recipes.inputs({"inputs": kind}, np.array([[[0, 255]]], "uint8"))
    assert pixels.dtype == np.float32
    wanted = {"raw": [0, 255], "scaled": [0, 1], "standardised": [-0.4242, 2.8215]}[kind]
    np.testing.assert_allclose(pixels.ravel(), wanted, atol=1e-4)

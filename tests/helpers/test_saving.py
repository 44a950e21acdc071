"""What chapter 07 says of saved models, and what keeps a stranger's model from running."""

import json
import zipfile

import keras
import numpy as np
import pytest
from keras import layers

IMAGES = np.random.default_rng(1).random((5, 8, 8, 1)).astype("float32")


def network(activation="relu", filters=3):
    steps = [layers.Conv2D(filters, 3, use_bias=False), layers.BatchNormalization()]
    steps += [layers.Activation(activation), layers.Flatten(), layers.Dense(10)]
    return keras.Sequential([keras.Input((8, 8, 1)), *steps])


def answers(model):
    return keras.ops.convert_to_numpy(model(IMAGES, training=False))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    model = network()
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(IMAGES, np.arange(5), verbose=0)
    model.save(folder / "whole.keras")
    model.save_weights(folder / "numbers.weights.h5")
    return folder, model


def with_lambda(path):
    keras.Sequential([keras.Input((3,)), layers.Lambda(lambda x: x * 2)]).save(path)
    return path


def test_both_files_give_the_same_answers_to_the_bit(saved):
    folder, model = saved
    assert np.array_equal(answers(keras.models.load_model(folder / "whole.keras")), answers(model))
    rebuilt = network()
    assert not np.allclose(answers(rebuilt), answers(model))
    rebuilt.load_weights(folder / "numbers.weights.h5", skip_mismatch=False)
    assert np.array_equal(answers(rebuilt), answers(model))


def test_weights_that_fit_another_network_load_without_a_word(saved):
    folder, model = saved
    wrong = network("tanh")
    wrong.load_weights(folder / "numbers.weights.h5")
    assert not np.allclose(answers(wrong), answers(model))


def test_weights_of_another_shape_are_refused(saved):
    with pytest.raises(ValueError, match="shape"):
        network(filters=4).load_weights(saved[0] / "numbers.weights.h5")


def test_a_model_with_a_lambda_layer_is_refused(tmp_path):
    path = with_lambda(tmp_path / "stranger.keras")
    for settings in ({}, {"safe_mode": True}):
        with pytest.raises(ValueError, match="Lambda"):
            keras.models.load_model(path, **settings)


def test_a_model_that_calls_for_unsafe_loading_is_refused(saved, tmp_path):
    """A config that names Keras' own switch, as in CVE-2025-9906."""
    path = tmp_path / "stranger.keras"
    switch = {"module": "keras.config", "class_name": "function", "registered_name": "function"}
    switch["config"] = "enable_unsafe_deserialization"
    with zipfile.ZipFile(saved[0] / "whole.keras") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                config = json.loads(content)
                config["config"]["layers"][1]["config"]["kernel_initializer"] = switch
                content = json.dumps(config)
            new.writestr(name, content)
    with pytest.raises((ValueError, TypeError)):
        keras.models.load_model(path)
    with pytest.raises(ValueError, match="Lambda"):  # and the switch is as it was
        keras.models.load_model(with_lambda(tmp_path / "second.keras"))


def test_a_broken_file_and_a_missing_one_are_errors(saved, tmp_path):
    raw = (saved[0] / "whole.keras").read_bytes()
    half = tmp_path / "half.keras"
    half.write_bytes(raw[: len(raw) // 2])
    for path in (half, tmp_path / "missing.keras"):
        with pytest.raises(ValueError, match="keras"):
            keras.models.load_model(path)


def test_one_changed_bit_is_noticed_in_the_whole_model(saved, tmp_path):
    folder, model = saved
    raw = bytearray((folder / "whole.keras").read_bytes())
    raw[raw.index(model.layers[-1].get_weights()[0].tobytes())] ^= 1
    spoilt = tmp_path / "spoilt.keras"
    spoilt.write_bytes(raw)
    with pytest.raises(zipfile.BadZipFile, match="CRC"):
        keras.models.load_model(spoilt)


def test_frozen_batch_normalisation_keeps_its_running_values(saved):
    base = keras.models.load_model(saved[0] / "whole.keras")
    base.pop()
    base.trainable = False
    before = base.get_weights()
    learner = keras.Sequential([keras.Input((8, 8, 1)), base, layers.Dense(2)])
    learner.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    learner.fit(IMAGES, np.arange(5) % 2, verbose=0)
    assert all(map(np.array_equal, before, base.get_weights()))
    assert len(learner.trainable_variables) == 2

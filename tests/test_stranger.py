"""What chapter 08 says of a stranger's model, where the page itself does not run it."""

import json
import zipfile

import keras
import pytest
from keras import layers


def test_a_model_that_calls_for_unsafe_loading_is_refused(tmp_path):
    """A config that names Keras' own switch, as in CVE-2025-9906."""
    harmless, stranger, second = (tmp_path / f"{i}.keras" for i in range(3))
    keras.Sequential([keras.Input((3,)), layers.Dense(2)]).save(harmless)
    switch = {"module": "keras.config", "class_name": "function", "registered_name": "function"}
    switch["config"] = "enable_unsafe_deserialization"
    with zipfile.ZipFile(harmless) as old, zipfile.ZipFile(stranger, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                config = json.loads(content)
                config["config"]["layers"][1]["config"]["kernel_initializer"] = switch
                content = json.dumps(config)
            new.writestr(name, content)
    with pytest.raises((ValueError, TypeError)):
        keras.models.load_model(stranger)
    keras.Sequential([keras.Input((3,)), layers.Lambda(lambda x: x * 2)]).save(second)
    with pytest.raises(ValueError, match="Lambda"):  # and the switch is as it was
        keras.models.load_model(second)

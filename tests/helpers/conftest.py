"""What tests of the digits and of their sources share."""

import numpy as np
import pytest

from helpers import data
from helpers.handwriting import drawn
from helpers.sources import cache, download
from tests.helpers import small


@pytest.fixture
def server():
    served = small.Server()
    yield served
    served.close()


@pytest.fixture
def home(tmp_path, monkeypatch, server):
    """An empty home, no settings, small known files, a local server in place of the mirrors."""
    for name in ("MNIST_DIR", "MNIST_SOURCE", "KERAS_HOME", "COURSE_CANARY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    small.know(monkeypatch.setattr, server.address)
    monkeypatch.setattr(download, "STALL", 10)  # a busy machine is no silent server
    monkeypatch.setattr(data, "KERAS_FALLBACK", tmp_path / "fallback")
    monkeypatch.setattr(data, "_in_use", None)
    monkeypatch.setattr(data, "_openings", data.collections.Counter())
    monkeypatch.setattr(cache, "_said", set())
    return tmp_path / "home"


@pytest.fixture
def drawings(monkeypatch):
    """Replace the drawing by noise; the list holds the seeds that were asked for."""
    seeds = []

    def draw(count, seed=0, progress=False):
        seeds.append(seed)
        rng = np.random.default_rng(seed)
        images = rng.integers(0, 256, (count, 28, 28), np.uint8)
        return images, (np.arange(count) % 10).astype(np.uint8)

    monkeypatch.setattr(drawn, "draw_digits", draw)
    return seeds


@pytest.fixture
def folder(home, tmp_path, monkeypatch):
    """A folder of good files, gzipped, that MNIST_DIR names."""
    path = tmp_path / "mine"
    small.write(path, small.GZ)
    monkeypatch.setenv("MNIST_DIR", str(path))
    return path

"""What chapter 01 gives a reader to copy: MNIST without the course's loader."""

import re

import keras
import numpy as np
import pytest

from tools import pages, reading

PAGE = reading.load(pages.ROOT / "notebooks" / "01_data.ipynb", pages.ROOT)
BLOCKS = re.findall(r"^```python\n(.*?)^```", "\n".join(t for _, t in PAGE.texts), re.M | re.S)
COUNTS = (8000, 100)


@pytest.fixture(autouse=True)
def digits(monkeypatch):
    """Keras' loader gives a few random digits, in the shapes and dtypes of the real ones."""
    random = np.random.default_rng(0)
    pairs = tuple(
        (random.integers(0, 256, (n, 28, 28), "uint8"), random.integers(0, 10, n, "uint8"))
        for n in COUNTS
    )
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: pairs)


def test_three_lines_load_mnist(capsys):
    assert len([line for line in BLOCKS[0].splitlines() if line]) == 3
    exec(BLOCKS[0], {})
    assert capsys.readouterr().out == "(8000, 28, 28) (100, 28, 28)\n"


def test_the_page_runs_after_the_lines_to_copy(capsys):
    """Every visible cell but those that ask the course's loader for digits."""
    page = {}
    exec(BLOCKS[1], page)
    assert page["x_train"].shape == (3000, 784) and page["x_validation"].shape == (5000, 784)
    left_out = 0
    for n, cell, _ in PAGE.copied:
        if "load_digits" in cell.source or "digits.validation" in cell.source:
            left_out += 1
        else:
            exec(compile(cell.source, f"cell {n}", "exec"), page)
    assert left_out == 2
    assert "nearest neighbour" in capsys.readouterr().out

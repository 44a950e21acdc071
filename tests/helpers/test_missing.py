"""Cells that use what is missing are passed over, with what they would make; others run."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from helpers import missing


@pytest.fixture
def shell(monkeypatch):
    shell = InteractiveShell()
    monkeypatch.setattr(InteractiveShell, "instance", lambda: shell)
    missing.pass_over("tf", "TensorFlow")
    return shell


@pytest.mark.parametrize(
    "cell",
    [
        "import tensorflow as tf",
        "x = tf.zeros(3)",
        "def read(path):\n    return tf.io.read_file(path)",
        "class Reader:\n    made = tf.zeros(3)",
    ],
)
def test_a_cell_that_uses_it_says_so(shell, capsys, cell):
    assert shell.run_cell(cell).success
    assert capsys.readouterr().out == "Passed over: this cell needs TensorFlow.\n"


def test_what_such_a_cell_would_make_is_missing_too_and_all_else_runs(shell, capsys):
    for cell in ("x = tf.zeros(3)", "def f():\n    return tf", "y = x + 1", "f()", "print(y)"):
        assert shell.run_cell(cell).success
    assert capsys.readouterr().out.count("Passed over") == 5
    assert shell.run_cell("z = 1\nprint(z)").success and capsys.readouterr().out == "1\n"


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="name"):
        missing.pass_over(3, "TensorFlow")

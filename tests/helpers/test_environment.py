"""Versions against a requirements file, the GPU's hint, and a first import without its log."""

import sys

import pytest

from helpers import environment


@pytest.fixture
def check(tmp_path, monkeypatch):
    """A function that checks this environment against requirement lines, at home."""
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    path = tmp_path / "requirements.txt"

    def check(*lines):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return environment.check(path)

    return check


@pytest.fixture
def versions(monkeypatch):
    """A dict from package to version: what is installed, for all that the check can tell."""
    installed = {}

    def version(name):
        if name not in installed:
            raise environment.metadata.PackageNotFoundError(name)
        return installed[name]

    monkeypatch.setattr(environment.metadata, "version", version)
    monkeypatch.setattr(
        environment.importlib.util, "find_spec", lambda name: installed.get(name) and name
    )
    return installed


def said(check, *lines):
    with pytest.raises(RuntimeError) as error:
        check(*lines)
    return str(error.value)


def test_this_environment_runs_the_course_and_hears_nothing(check, capsys):
    assert (environment.check() / "helpers" / "data.py").is_file()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("found", "fits"),
    [
        ("3.12.9", False),
        ("3.13", True),
        ("3.99.0.dev1", True),
        ("4.0", False),
    ],
)
def test_ranges(check, versions, found, fits):
    versions["keras"] = found
    lines = ["# keras>=99", "", "  ", "keras>=3.13,<4  # networks"]
    if fits:
        assert check(*lines)
    else:
        message = said(check, *lines)
        assert f"keras {found} found" in message and "<4,>=3.13" in message
        assert 'pip install "keras' in message


def test_every_problem_is_named_at_once(check, versions, monkeypatch):
    monkeypatch.setattr(environment, "PYTHON", (99, 1))
    versions["keras"] = "2.15.0"
    found = said(check, "tensorflow>=2.20", "keras>=3.13", "numpy>=2")
    version = ".".join(map(str, sys.version_info[:3]))
    assert f"Python {version} found, 99.1 or newer needed" in found
    assert "tensorflow is not installed" in found and "numpy is not installed" in found
    assert "keras 2.15.0 found" in found


@pytest.mark.parametrize(
    ("backend", "installed", "message"),
    [
        (None, [], "tensorflow is not installed"),
        ("", [], "tensorflow is not installed"),
        ("jax", [], "jax is not installed: pip install jax, "),
        ("torch", ["torch"], None),
        *((wrong, [], "one of tensorflow, jax, torch needed") for wrong in ("jaxx", "JAX", " ")),
    ],
)
def test_tensorflow_is_needed_only_where_keras_runs_on_it(
    check, versions, monkeypatch, backend, installed, message
):
    versions.update(dict.fromkeys(installed, "1.0"))
    if backend is not None:
        monkeypatch.setenv("KERAS_BACKEND", backend)
    if message:
        assert message in said(check, "tensorflow>=2.20")
    else:
        check("tensorflow>=2.20")
        assert "numpy is not installed" in said(check, "tensorflow>=2.20", "numpy>=2")


@pytest.mark.parametrize(
    ("found", "message"),
    [(None, "is not installed"), ("2.15.1", "2.15.1 found"), ("2.21.0", None)],
)
def test_a_package_that_a_part_needs_is_named_with_its_command(
    versions, monkeypatch, found, message
):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    if found:
        versions["tensorflow"] = found
    if not message:
        return environment.need("tensorflow")
    with pytest.raises(RuntimeError) as error:
        environment.need("tensorflow")
    assert f"tensorflow {message}" in str(error.value)
    assert 'pip install "tensorflow' in str(error.value)
    assert "all before this cell runs without" in str(error.value)
    with pytest.raises(ValueError, match=r"package must be one of tensorflow, keras.*got 'tenso'"):
        environment.need("tenso")
    return None


@pytest.mark.parametrize(
    ("in_colab", "gpu", "lines"), [(True, False, 1), (True, True, 0), (False, False, 0)]
)
def test_the_hint_is_one_line_in_colab_without_gpu(monkeypatch, capsys, in_colab, gpu, lines):
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
    if in_colab:
        monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab_20261101")
    monkeypatch.setattr(environment, "has_nvidia_gpu", lambda: gpu)
    environment.check()
    found = capsys.readouterr().out.splitlines()
    assert len(found) == lines and all("GPU" in line for line in found)


# import_quietly

LOG = "I0000 00:00:1763.1 1 cpu_feature_guard.cc:227] This TensorFlow binary is optimized"
WRITES = """import os, sys
os.write(2, b"{log}\\nE0000 something broke\\n")
print("from Python", file=sys.stderr)
{end}
"""


@pytest.mark.parametrize(("end", "error"), [("VALUE = 1", None), ("1 / 0", ZeroDivisionError)])
def test_only_the_start_up_log_is_dropped(tmp_path, monkeypatch, capfd, end, error):
    name = f"noisy_{error is None}"
    (tmp_path / f"{name}.py").write_text(WRITES.format(log=LOG, end=end))
    monkeypatch.syspath_prepend(tmp_path)
    if error:
        with pytest.raises(error):
            environment.import_quietly(name)
    else:
        environment.import_quietly(name)
        assert sys.modules[name].VALUE == 1
    heard = capfd.readouterr().err
    assert "E0000 something broke\n" in heard and "from Python\n" in heard and "I0000" not in heard
    print(LOG, file=sys.stderr, flush=True)
    assert LOG in capfd.readouterr().err, "what comes later is shown again"

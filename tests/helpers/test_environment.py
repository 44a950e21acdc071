"""Versions against a requirements file, the GPU's hint, and a first import without its log."""

import sys

import pytest

from helpers import environment


@pytest.fixture
def requirements(tmp_path, monkeypatch):
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
    return installed


def test_this_environment_runs_the_course_and_hears_nothing(requirements, capsys):
    root = environment.check()
    assert (root / "helpers" / "data.py").is_file()
    assert capsys.readouterr() == ("", "")


def test_comments_and_blank_lines_ask_for_nothing(requirements, versions):
    versions["numpy"] = "2.1.3"
    assert requirements("# keras>=99", "", "  ", "numpy>=2  # arrays")


@pytest.mark.parametrize(
    ("found", "fits"),
    [("3.12.9", False), ("3.13", True), ("3.13.2", True), ("3.99.0.dev1", True), ("4.0", False)],
)
def test_ranges(requirements, versions, found, fits):
    versions["keras"] = found
    if fits:
        requirements("keras>=3.13,<4")
        return
    with pytest.raises(RuntimeError) as error:
        requirements("keras>=3.13,<4")
    message = str(error.value)
    assert f"keras {found} found" in message
    assert "<4,>=3.13" in message
    assert 'pip install "keras' in message


def test_a_local_build_of_a_version_fits(requirements, versions):
    versions["tensorflow"] = "2.20.0+cu12"
    requirements("tensorflow>=2.20,<2.22")


def test_every_problem_is_named_at_once(requirements, versions, monkeypatch):
    monkeypatch.setattr(environment, "PYTHON", (99, 1))
    versions["keras"] = "2.15.0"
    with pytest.raises(RuntimeError) as error:
        requirements("tensorflow>=2.20", "keras>=3.13", "numpy>=2")
    found = str(error.value)
    version = ".".join(map(str, sys.version_info[:3]))
    assert f"Python {version} found, 99.1 or newer needed" in found
    assert "tensorflow is not installed" in found
    assert "keras 2.15.0 found" in found
    assert "numpy is not installed" in found


@pytest.fixture
def libraries(monkeypatch):
    """A set of the modules that can be found."""
    found = set()
    monkeypatch.setattr(
        environment.importlib.util, "find_spec", lambda name: name if name in found else None
    )
    return found


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_tensorflow_is_not_needed_on_another_backend(
    requirements, versions, libraries, monkeypatch, backend
):
    libraries.add(backend)
    monkeypatch.setenv("KERAS_BACKEND", backend)
    requirements("tensorflow>=2.20")
    with pytest.raises(RuntimeError, match="numpy is not installed"):
        requirements("tensorflow>=2.20", "numpy>=2")


@pytest.mark.parametrize("backend", [None, "", "tensorflow"])
def test_tensorflow_is_needed_where_keras_runs_on_it(requirements, versions, monkeypatch, backend):
    if backend is not None:
        monkeypatch.setenv("KERAS_BACKEND", backend)
    with pytest.raises(RuntimeError, match="tensorflow is not installed"):
        requirements("tensorflow>=2.20")


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_a_backend_that_is_not_installed_is_named(
    requirements, versions, libraries, monkeypatch, backend
):
    monkeypatch.setenv("KERAS_BACKEND", backend)
    with pytest.raises(RuntimeError, match=f"{backend} is not installed: pip install {backend}, "):
        requirements("tensorflow>=2.20")


@pytest.mark.parametrize("backend", ["jaxx", "TensorFlow", "numpy", " "])
def test_an_unknown_backend_is_named_with_those_that_do(requirements, monkeypatch, backend):
    monkeypatch.setenv("KERAS_BACKEND", backend)
    message = f"KERAS_BACKEND is '{backend}', one of tensorflow, jax, torch needed: set it so"
    with pytest.raises(RuntimeError, match=message):
        requirements("# nothing")


# need


def test_a_package_that_is_there_is_enough(tmp_path, versions):
    (tmp_path / "list.txt").write_text("tensorflow>=2.20,<2.22  # for a part\n", encoding="utf-8")
    versions["tensorflow"] = "2.21.0"
    environment.need("tensorflow", tmp_path / "list.txt")


@pytest.mark.parametrize(
    ("found", "said"), [(None, "is not installed"), ("2.15.1", "2.15.1 found")]
)
def test_a_package_that_a_part_needs_is_named_with_its_command(
    versions, libraries, monkeypatch, found, said
):
    libraries.add("jax")
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    if found:
        versions["tensorflow"] = found
    with pytest.raises(RuntimeError) as error:
        environment.need("tensorflow")
    assert f"tensorflow {said}" in str(error.value)
    assert 'pip install "tensorflow' in str(error.value)
    assert "all before this cell runs without" in str(error.value)


def test_a_package_that_no_list_holds_is_a_mistake_of_the_page():
    with pytest.raises(ValueError, match=r"package must be one of tensorflow, keras.*got 'tenso'"):
        environment.need("tenso")


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
    assert len(found) == lines
    assert all("GPU" in line for line in found)


# import_quietly

LOG = "I0000 00:00:1763.1 1 cpu_feature_guard.cc:227] This TensorFlow binary is optimized"
WRITES = """import os, sys
os.write(2, b"{log}\\n")
os.write(2, b"{other}\\n")
print("from Python", file=sys.stderr)
{end}
"""


def module(tmp_path, monkeypatch, name, **fields):
    (tmp_path / f"{name}.py").write_text(WRITES.format(log=LOG, **fields))
    monkeypatch.syspath_prepend(tmp_path)


def test_only_the_start_up_log_is_dropped(tmp_path, monkeypatch, capfd):
    module(tmp_path, monkeypatch, "noisy_module", other="E0000 something broke", end="VALUE = 1")
    environment.import_quietly("noisy_module")
    error = capfd.readouterr().err
    assert "E0000 something broke\n" in error and "from Python\n" in error
    assert "I0000" not in error
    assert sys.modules["noisy_module"].VALUE == 1


def test_what_an_import_that_fails_wrote_is_shown(tmp_path, monkeypatch, capfd):
    module(tmp_path, monkeypatch, "broken_module", other="no such library", end="1 / 0")
    with pytest.raises(ZeroDivisionError):
        environment.import_quietly("broken_module")
    assert "no such library" in capfd.readouterr().err


def test_later_errors_are_shown_again(tmp_path, monkeypatch, capfd):
    module(tmp_path, monkeypatch, "another_module", other="x", end="")
    environment.import_quietly("another_module")
    capfd.readouterr()
    print(LOG, file=sys.stderr, flush=True)
    assert LOG in capfd.readouterr().err


def test_a_module_that_is_missing_is_an_import_error():
    with pytest.raises(ImportError, match="no_such_module"):
        environment.import_quietly("no_such_module")

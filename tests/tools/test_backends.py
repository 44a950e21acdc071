"""`make test-backends` on small pages: what runs where, and what is said."""

import sys

import pytest
from nbformat import v4

from tools import backends, environment, pages

SHOW = "import os\nprint(os.environ['KERAS_BACKEND'])"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A function that saves a page; backends' environments are this one, TensorFlow unseen.

    `made` of it lists the backends whose environment was asked for.
    """
    monkeypatch.setattr(pages, "PAGES", [])
    monkeypatch.setattr(pages, "REFERENCE", [])
    monkeypatch.setattr(backends, "FINDS_TENSORFLOW", "raise SystemExit(1)")
    monkeypatch.setattr(environment, "python", lambda folder: sys.executable)

    def save(name, source, shown=""):
        cell = v4.new_code_cell(source, metadata={"tags": ["nbval-check-output"]})
        cell.outputs = [v4.new_output("stream", text=shown)] if shown else []
        cell.execution_count = 1
        path = tmp_path / f"{name}.ipynb"
        pages.write(path, v4.new_notebook(cells=[cell]))
        pages.PAGES.append(path)
        return path

    save.made = []
    monkeypatch.setattr(environment, "main", lambda names: save.made.extend(names) or 0)
    return save


def test_each_page_runs_on_each_backend_with_a_line(course, capsys):
    course("00_jax", SHOW, "jax\n")
    course("01_data", "1 / 0")
    assert backends.main([]) == 1
    first, *rest = capsys.readouterr().out.splitlines()
    assert course.made == ["jax", "torch"]
    assert first.startswith("jax, 00_jax: ") and first.endswith(" s, ok")
    assert rest[0].startswith("torch, 00_jax: ") and rest[0].endswith(" s, FAILED")
    assert "torch" in "\n".join(rest[1:])  # what the page showed in place of jax
    assert not any("01_data" in line for line in [first, *rest])


def test_pages_and_backends_can_be_named(course, capsys):
    course("00_start", "1 / 0")
    course("02_one", SHOW, "torch\n")
    assert backends.main(["02", "--backends", "torch"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("torch, 02_one: ")
    assert course.made == ["torch"]


def test_a_page_about_tensorflow_cannot_be_chosen(course, capsys):
    course("00_start", "1")
    course("01_data", "1")
    with pytest.raises(SystemExit) as stop:
        backends.main(["01"])
    assert stop.value.code == 2
    assert "No page starts with '01'. Pages: 00_start. Left out: 01_data." in (
        capsys.readouterr().err
    )


def test_an_environment_with_tensorflow_tests_nothing(course, monkeypatch, capsys):
    course("00_start", "1")
    monkeypatch.setattr(backends, "FINDS_TENSORFLOW", "")
    assert backends.main(["--backends", "jax"]) == 1
    assert capsys.readouterr().out.startswith("jax: TensorFlow is installed too")


def test_tensorflow_is_looked_for_where_it_is_and_is_not(tmp_path):
    def code(path):
        command = [sys.executable, "-S", "-c", backends.FINDS_TENSORFLOW]
        return backends.subprocess.run(command, env={"PYTHONPATH": str(path)}).returncode

    assert code(tmp_path) == 1
    (tmp_path / "tensorflow").mkdir()
    assert code(tmp_path) == 0


def test_an_environment_that_cannot_be_made_fails_and_the_next_is_tried(course, monkeypatch):
    path = course("02_one", "1")
    tested = []
    monkeypatch.setattr(environment, "main", lambda names: int(names == ["jax"]))
    monkeypatch.setattr(backends, "test_page", lambda *page: tested.append(page) or True)
    assert backends.main([]) == 1
    assert tested == [(path, "torch", sys.executable, "torch")]


def test_ctrl_c_ends_it_with_one_line(course, monkeypatch, capsys):
    course("00_start", "1")

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(backends, "test_page", stop)
    assert backends.main([]) == 130
    assert capsys.readouterr().out.splitlines()[-1].startswith("Stopped. ")
    assert course.made == ["jax"]


def test_pages_that_need_tensorflow_are_pages_of_the_course():
    assert {path.stem for path in pages.PAGES} >= pages.NEEDS_TENSORFLOW

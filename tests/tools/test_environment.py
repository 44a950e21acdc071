"""Environments: complete or not at all, beside the old one, and never in place of a reader's."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tools import environment

MADE, KEPT = ["venv", "pip"], ["try"]


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A folder with requirements that need no index; processes are written down, not started.

    Called with names and exit codes of "venv", "pip" and "try", it returns the exit code and what
    was started. `asked` of it lists what pip was asked for.
    """
    root = tmp_path / "the course"
    (root / "tests").mkdir(parents=True)
    (root / "requirements.txt").write_text("# pages\nTensorFlow>=2\ntf-io  # more\nkeras>=3,<4\n")
    (root / "requirements-dev.txt").write_text("-r requirements.txt\npytest>=8\nruff\nnbval\n\n")
    (root / "constraints.txt").write_text("keras==3.15.1\n")
    (root / "tests" / "colab.txt").write_text("# Colab's\nkeras==3.13.2\n")
    codes, started, asked = {}, [], []

    def run(command, cwd=None, check=False):
        what = "venv" if "venv" in command else "pip" if "pip" in command else "try"
        started.append(what)
        if what == "venv":
            script = Path(command[-1], "bin", "tool")
            script.parent.mkdir()
            script.write_text(f"#!{command[-1]}/bin/python\n")
        if what == "pip":
            asked.append(command[command.index("install") + 1 :])
        code = codes.get(what, 0)
        if isinstance(code, BaseException):
            raise code
        return subprocess.CompletedProcess(command, code)

    def main(*names, **exit_codes):
        codes.clear()
        codes.update(exit_codes)
        started.clear()
        return environment.main(names), started[:]

    monkeypatch.setattr(environment, "ROOT", root)
    monkeypatch.setattr(environment.subprocess, "run", run)
    main.root, main.asked, main.venv = root, asked, root / ".venv"
    return main


def left(course):
    return sorted(path.name for path in course.root.iterdir() if path.name.startswith(".venv"))


def test_a_finished_environment_is_kept_and_its_scripts_name_it(course):
    assert course() == (0, MADE)
    assert course() == (0, KEPT)
    assert (course.venv / "bin" / "tool").read_text() == f"#!{course.venv}/bin/python\n"
    assert left(course) == [".venv"]


@pytest.mark.parametrize("change", ["requirements.txt", "requirements-dev.txt", "python", "moved"])
def test_it_is_made_anew_when_what_it_was_made_from_changes(course, monkeypatch, change):
    course()
    (course.venv / "old").touch()
    if change == "python":
        monkeypatch.setattr(environment.sys, "version", "3.99.0 (main) [GCC 1]")
    elif change == "moved":
        monkeypatch.setattr(environment, "ROOT", course.root.rename(course.root.parent / "moved"))
    else:
        (course.root / change).write_text("# more\n")
    assert course() == (0, MADE)
    assert not (environment.ROOT / ".venv" / "old").exists(), "not on top of the old one"


@pytest.mark.parametrize("error", [1, OSError(2, "gone", "python")])
def test_one_that_does_not_run_is_made_anew(course, error):
    course()
    assert course(**{"try": error}) == (0, [*KEPT, *MADE])


@pytest.mark.parametrize("step", ["venv", "pip"])
@pytest.mark.parametrize("how", [1, KeyboardInterrupt(), OSError(28, "No space left", "x")])
def test_the_old_one_stays_until_the_new_one_is_complete(course, capsys, step, how):
    course()
    (course.venv / "old").touch()
    (course.root / "requirements.txt").write_text("# more\n")
    code, _ = course(**{step: how})
    assert code == (130 if isinstance(how, KeyboardInterrupt) else 1)
    said = capsys.readouterr().out
    assert "is as it was" in said or "Cannot write x: No space left" in said
    assert (course.venv / "old").exists() and left(course) == [".venv"]
    assert course() == (0, MADE)


def test_what_a_killed_run_left_is_cleared(course):
    for name in (".venv-new", ".venv-old"):
        (course.root / name).mkdir()
        (course.root / name / environment.MARK).write_text("not complete")
    assert course() == (0, MADE)
    assert left(course) == [".venv"]


def test_two_commands_at_once_make_it_one_after_the_other(course, monkeypatch, capsys):
    run, others = environment.subprocess.run, []

    def with_another(command, **how):
        if "venv" in command:
            others.append(threading.Thread(target=environment.main, args=[()]))
            others[0].start()
            others[0].join(0.3)
            assert others[0].is_alive()  # it waits
        return run(command, **how)

    monkeypatch.setattr(environment.subprocess, "run", with_another)
    assert course()[0] == 0
    others[0].join(10)
    assert len(others) == 1 and left(course) == [".venv"]
    assert "this one waits for it" in capsys.readouterr().out


@pytest.mark.parametrize("name", [".venv", ".venv-new", ".venv-old"])
@pytest.mark.parametrize("kind", ["folder", "link", "marked link", "file"])
def test_a_readers_own_is_never_touched(course, capsys, name, kind):
    mine = course.root.parent / "mine" if "link" in kind else course.root / name
    if kind == "file":
        mine.write_text("mine")
    else:
        mine.mkdir()
        (mine / "mine").write_text("mine")
    if kind == "marked link":
        (mine / environment.MARK).write_text("another course")
    if "link" in kind:
        (course.root / name).symlink_to(mine)
    assert course() == (1, [])
    said = capsys.readouterr().out
    assert f"{course.root / name} was not made by this command" in said and f"mv {name}" in said
    assert (mine if kind == "file" else mine / "mine").read_text() == "mine"


def test_a_link_to_an_environment_from_the_same_things_will_do(course, tmp_path):
    course()
    copy = shutil.copytree(course.root, tmp_path / "copy", ignore=lambda *_: [".venv", "build"])
    (copy / ".venv").symlink_to(course.venv)
    environment.ROOT = copy
    assert course() == (0, KEPT)
    (copy / "requirements.txt").write_text("# more\n")
    assert course() == (1, [])


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_named_with_the_package(course, monkeypatch, capsys, module):
    find = environment.importlib.util.find_spec
    monkeypatch.setattr(
        environment.importlib.util, "find_spec", lambda name: None if name == module else find(name)
    )
    assert course() == (1, [])
    said = capsys.readouterr().out
    assert f"lacks {module}." in said and "apt install python3-venv" in said


def test_a_folder_that_cannot_be_written_is_named_in_one_line(course, capsys):
    (course.root / "build").write_text("")  # as good as read-only, for root too
    assert course() == (1, [])
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"Cannot write {course.root / 'build'}") and "apt" not in line


def test_each_name_has_an_environment_of_its_own(course, capsys):
    names = [[], ["measured"], ["colab"], ["jax"], ["torch"]]
    assert [course(*name) for name in names] == [(0, MADE)] * 5
    assert [course(*name) for name in names] == [(0, KEPT)] * 5
    everything = ["-r", "requirements-dev.txt"]
    on = ["tf-io", "keras>=3,<4", "pytest>=8", "nbval"]
    exact = [[*everything, "-c", name] for name in ("constraints.txt", "tests/colab.txt")]
    assert course.asked == [everything, *exact, [*on, "jax"], [*on, "torch"]]
    (course.root / "tests" / "colab.txt").write_text("keras==3.14.0\n")
    assert [course(*name) for name in names[1:4]] == [(0, KEPT), (0, MADE), (0, KEPT)]
    with pytest.raises(SystemExit):
        course("jaxx")
    assert "'measured', 'colab', 'jax', 'torch'" in capsys.readouterr().err


def test_a_real_one_is_made_and_runs(tmp_path, monkeypatch):
    (tmp_path / "requirements-dev.txt").write_text("# nothing\n")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    assert environment.main([]) == 0
    tell = "import sys; print(sys.prefix)"
    python = environment.python(tmp_path / ".venv")
    said = subprocess.run([python, "-c", tell], capture_output=True, text=True, check=True).stdout
    assert said == f"{tmp_path / '.venv'}\n"
    pip = [tmp_path / ".venv" / "bin" / "pip", "--version"]
    assert subprocess.run(pip, capture_output=True, check=False).returncode == 0
    assert sys.prefix not in said

"""The Makefile and the environment that it makes, in a copy with other requirements."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment, pages

OLD = """case "$1" in
--version) echo "Python 3.9.2" ;;
*) exit 1 ;;
esac"""
# A Python without a module, as Debian's is until python3-venv is installed.
WITHOUT = """if [ "$1" = -m ]; then
  exec {python} -c 'import runpy, sys; sys.modules["{module}"] = None
runpy.run_module("tools.environment", run_name="__main__")'
fi
exec {python} "$@" """


@pytest.fixture
def copy(tmp_path):
    """A folder with the Makefile, what makes environments, and requirements that need no index."""
    root = tmp_path / "the course"
    (root / "tools").mkdir(parents=True)
    shutil.copy(pages.ROOT / "Makefile", root)
    shutil.copy(pages.ROOT / "tools" / "environment.py", root / "tools")
    (root / "requirements.txt").write_text("# nothing\n")
    (root / "requirements-dev.txt").write_text("-r requirements.txt\n")
    return root


def make(root, *arguments, **variables):
    """Run make as from a terminal: without what a make around these tests has set."""
    left_out = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PYTHON", "PAGES", "MNIST_DIR", "COURSE_CACHE"}
    left_out |= {"BACKENDS"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command, cwd=root, env=kept | variables, capture_output=True, text=True, check=False
    )


def stub(folder, script):
    path = folder / "python-stub"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_make_alone_lists_every_command(copy):
    done = make(copy)
    assert done.returncode == 0
    (phony,) = re.findall(r"^\.PHONY: (.*)$", (copy / "Makefile").read_text(), re.M)
    for target in {*phony.split()} - {"help", "environment"}:
        assert f"make {target}" in done.stdout


# Without a usable Python


def refused(copy, python, *commands):
    done = make(copy, *(commands or ["course"]), f"PYTHON={python}")
    assert done.returncode != 0
    assert not (copy / ".venv").exists()
    return done.stdout


def test_an_old_python_is_named_with_what_to_install(copy):
    said = refused(copy, stub(copy.parent, OLD), "test")
    assert "Python 3.11 to 3.13 is needed" in said and "is: Python 3.9.2." in said
    assert "apt install python3 python3-venv" in said
    assert "make test PYTHON=" in said


def test_a_missing_python_is_named(copy):
    said = refused(copy, "/nowhere/python3")
    assert "/nowhere/python3 is: not found." in said
    assert "apt install python3" in said


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_named_with_the_package(copy, module):
    said = refused(copy, stub(copy.parent, WITHOUT.format(python=sys.executable, module=module)))
    assert f"lacks {module}." in said and "apt install python3-venv" in said
    assert "Making" not in said


# Making the environment


def test_an_environment_is_made_once(copy):
    def environment_made():
        done = make(copy, "environment", f"PYTHON={sys.executable}")
        assert done.returncode == 0, done.stdout + done.stderr
        return "Making" in done.stdout

    assert environment_made()
    python = copy / ".venv" / "bin" / "python"
    apart = [python, "-c", "import sys; sys.exit(sys.prefix == sys.base_prefix)"]
    assert subprocess.run(apart, check=False).returncode == 0
    assert not environment_made()


@pytest.fixture
def simulated(copy, monkeypatch):
    """`tools.environment` in the copy, with processes written down: a function of exit codes.

    `asked` of it lists what pip was asked to install, `cleared` whether the folder was emptied.
    """
    codes, started, asked, cleared = {}, [], [], []

    def run(command, check):
        assert check is False
        what = "venv" if "venv" in command else "pip" if "pip" in command else "try"
        started.append(what)
        if what == "venv":
            folder = Path(command[-1])
            cleared.append("--clear" in command)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        if what == "pip":
            asked.append(command[command.index("install") + 1 :])
        code = codes.get(what, 0)
        if isinstance(code, BaseException):
            raise code
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr(environment, "ROOT", copy)
    monkeypatch.setattr(environment, "VENV", copy / ".venv")
    monkeypatch.setattr(environment.subprocess, "run", run)

    def main(*arguments, **exit_codes):
        codes.clear()
        codes.update(exit_codes)
        started.clear()
        return environment.main(arguments), started[:]

    main.asked, main.cleared = asked, cleared
    return main


def test_a_finished_environment_is_tried_and_kept(simulated):
    assert simulated() == (0, ["venv", "pip"])
    assert simulated() == (0, ["try"])


def test_an_environment_is_made_from_nothing_not_on_top(simulated):
    assert simulated() == (0, ["venv", "pip"])
    (environment.ROOT / "requirements.txt").write_text("# something\n")
    simulated()
    assert simulated.cleared == [True, True]


def test_an_environment_that_does_not_run_is_made_anew(simulated):
    simulated()
    assert simulated(**{"try": 1}) == (0, ["try", "venv", "pip"])
    assert simulated(**{"try": OSError()}) == (0, ["try", "venv", "pip"])


@pytest.mark.parametrize("step", ["venv", "pip"])
def test_after_a_failure_it_is_made_anew(simulated, capsys, step):
    simulated()
    (environment.ROOT / "requirements.txt").write_text("# more\n")
    code, _ = simulated(**{step: 1})
    assert code == 1
    assert "the reason stands above" in capsys.readouterr().out
    assert simulated() == (0, ["venv", "pip"])


def test_after_an_interruption_it_is_made_anew(simulated):
    with pytest.raises(KeyboardInterrupt):
        simulated(pip=KeyboardInterrupt())
    assert simulated() == (0, ["venv", "pip"])


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_it_is_made_anew_when_a_requirements_file_changes(simulated, name):
    simulated()
    with (environment.ROOT / name).open("a") as file:
        file.write("# more\n")
    assert simulated() == (0, ["venv", "pip"])


def test_it_is_made_anew_when_python_changes(simulated, monkeypatch):
    simulated()
    monkeypatch.setattr(environment.sys, "version", "3.99.0 (main, Jan  1 2030, 00:00:00) [GCC 1]")
    assert simulated() == (0, ["venv", "pip"])


def test_it_is_made_anew_when_the_course_moves(simulated, monkeypatch, copy):
    simulated()
    moved = copy.rename(copy.parent / "moved")
    monkeypatch.setattr(environment, "ROOT", moved)
    monkeypatch.setattr(environment, "VENV", moved / ".venv")
    assert simulated() == (0, ["venv", "pip"])


# Environments of backends


def test_a_backends_environment_has_it_in_the_place_of_tensorflow(simulated, copy):
    (copy / "requirements.txt").write_text(
        "# pages\nTensorFlow>=2.20,<2.22\ntensorflow-io  # another one\nkeras>=3.13,<4\n"
    )
    (copy / "requirements-dev.txt").write_text(
        "-r requirements.txt\npytest>=8.4\nruff\nnbval>=0.11\n\n"
    )
    assert simulated("jax") == (0, ["venv", "pip"])
    assert simulated.asked == [
        ["tensorflow-io", "keras>=3.13,<4", "pytest>=8.4", "nbval>=0.11", "jax"]
    ]
    assert (copy / "build" / "backends" / "jax" / "course-made-from").is_file()
    assert not (copy / ".venv").exists()


def test_environments_are_kept_apart_and_each_is_made_once(simulated):
    made, kept = (0, ["venv", "pip"]), (0, ["try"])
    assert [simulated(*which) for which in ([], ["jax"], ["torch"])] == [made] * 3
    assert [simulated(*which) for which in ([], ["jax"], ["torch"])] == [kept] * 3
    (environment.ROOT / "requirements.txt").write_text("# more\n")
    assert [simulated(*which) for which in (["torch"], ["jax"], [])] == [made] * 3


def test_colabs_environment_is_everything_in_colabs_versions(simulated, copy):
    (copy / "tests").mkdir()
    constraints = copy / "tests" / "colab.txt"
    constraints.write_text("# Colab's\nkeras==3.13.2\n")
    assert simulated() == (0, ["venv", "pip"])
    assert simulated("colab") == (0, ["venv", "pip"])
    everything = ["-r", str(copy / "requirements-dev.txt")]
    assert simulated.asked == [everything, [*everything, "-c", str(constraints)]]
    assert environment.colab_versions() == {"keras": "3.13.2"}
    assert simulated("colab") == (0, ["try"])
    constraints.write_text("keras==3.14.0\n")
    assert simulated("colab") == (0, ["venv", "pip"])
    assert simulated() == (0, ["try"]), "what the other environment holds is its own business"


def test_a_backend_that_cannot_be_installed_is_tried_again(simulated):
    assert simulated("torch", pip=1) == (1, ["venv", "pip"])
    assert simulated("torch") == (0, ["venv", "pip"])


def test_other_backends_are_refused(simulated, capsys):
    with pytest.raises(SystemExit) as stop:
        simulated("tensorflow")
    assert stop.value.code == 2
    assert "jax" in capsys.readouterr().err


def test_the_courses_own_requirements_name_what_backends_need():
    found = environment.backend_requirements("torch")
    names = [re.match(r"[\w-]+", line)[0] for line in found]
    assert {"keras", "numpy", "nbval", "pytest"} < set(names)
    assert names[-1] == "torch" and "tensorflow" not in names
    assert len(names) == len(set(names))


# What commands pass on


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("../digits", "{root}/../digits"),
        ("/data/digits", "/data/digits"),
        ("my digits", "{root}/my digits"),
        ("/my data/digits", "/my data/digits"),
    ],
)
@pytest.mark.parametrize("name", ["MNIST_DIR", "COURSE_CACHE"])
def test_paths_are_absolute_however_they_are_given(copy, name, given, found):
    (copy / "show.mk").write_text(f'show:\n\t@echo "$${name}"\n')
    command = ["-f", "Makefile", "-f", "show.mk", "show"]
    expected = found.format(root=os.path.realpath(copy)) + "\n"
    assert make(copy, *command, **{name: given}).stdout == expected
    assert make(copy, *command, f"{name}={given}").stdout == expected


def test_paths_that_are_not_given_stay_unset(copy):
    (copy / "show.mk").write_text('show:\n\t@echo "$${MNIST_DIR-unset} $${COURSE_RUNS-unset}"\n')
    assert make(copy, "-f", "Makefile", "-f", "show.mk", "show").stdout == "unset unset\n"


def test_commands_pass_on_what_they_are_given(copy):
    def dry(*arguments):
        return make(copy, "-n", *arguments).stdout

    assert "tools.course 00 02\n" in dry("course", "PAGES=00 02")
    assert "tools.notebooks  02\n" in dry("notebooks", "PAGES=02")
    assert "tools.notebooks --allow-drawn \n" in dry("notebooks", "DRAWN=yes")
    assert "tools.colab 00 02\n" in dry("test-colab", "PAGES=00 02")
    assert "tools.repeat \n" in dry("test-repeat")
    assert "tools.backends  \n" in dry("test-backends")
    assert "tools.backends 00 02 --backends jax\n" in dry(
        "test-backends", "PAGES=00 02", "BACKENDS=jax"
    )
    assert "tools.results --seeds 3 --pages 01\n" in dry("results", "SEEDS=3", "PAGES=01")
    assert 'tools.publish "https://github.com/owner/name"' in dry(
        "publish", "REPO=https://github.com/owner/name"
    )


def test_the_test_command_checks_before_it_runs_pages(copy):
    (copy / "notebooks" / "reference").mkdir(parents=True)
    for name in ("00_start", "10_last", "reference/networks"):
        (copy / "notebooks" / f"{name}.ipynb").touch()
    said = make(copy, "-n", "test").stdout
    steps = ["-m ruff check", "-m pytest -n auto", "-m pytest --nbval-lax --nbval-current-env"]
    places = [said.index(step) for step in steps]
    assert places == sorted(places)
    for name in ("00_start", "10_last", "reference/networks"):
        assert f"notebooks/{name}.ipynb" in said[places[-1] :]

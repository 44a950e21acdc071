"""The Makefile: what it is given reaches the commands as it stands, and it deletes only its own."""

import os
import re
import shutil
import subprocess

import pytest

from tools import pages

SHOW = '#!/bin/sh\necho "$*|$MNIST_DIR|${COURSE_RUNS-unset}"\n'


@pytest.fixture
def copy(tmp_path):
    """A folder with the Makefile, and with an environment whose Python says what it is given."""
    root = tmp_path / "the course"
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / "notebooks").mkdir()
    (root / "notebooks" / "00_start.ipynb").touch()
    shutil.copy(pages.ROOT / "Makefile", root)
    script(root / ".venv" / "bin" / "python", SHOW)
    script(root / "any python", "#!/bin/sh\n")
    return root


def script(path, text):
    path.write_text(text)
    path.chmod(0o755)
    return path


def make(root, *arguments, **variables):
    """Run make as from a terminal: without what a make around these tests has set."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command, cwd=root, env=kept | variables, capture_output=True, text=True, check=False
    )


def given(root, *arguments, **variables):
    """What the first command that make starts is given."""
    done = make(root, *arguments, f"PYTHON={root / 'any python'}", **variables)
    assert done.returncode == 0, done.stderr
    return next(line for line in done.stdout.splitlines() if line.count("|") == 2)


def test_make_alone_lists_every_command(copy):
    done = make(copy)
    assert done.returncode == 0
    phony = re.findall(r"^\.PHONY: (.*)$", (copy / "Makefile").read_text(), re.M)
    for target in {*" ".join(phony).split()} - {"help", "environment"}:
        assert f"make {target} " in done.stdout
    assert len(done.stdout.splitlines()) < 25


@pytest.mark.parametrize(
    ("arguments", "passed_on"),
    [
        (["course", "PAGES=00 02"], "-m tools.course 00 02"),
        (["course"], "-m tools.course"),
        (["test-pages", "PAGES=02"], "-m tools.test pages 02"),
        (["notebooks", "DRAWN=yes", "PAGES=02"], "-m tools.notebooks --allow-drawn 02"),
        (["results", "SEEDS=3", "PAGES=01 02"], "-m tools.results --seeds 3 --pages 01 02"),
        (["chapter", "PAGES=09"], "-m tools.chapter 09"),
        (["canary"], "-m tools.canary"),
        (["test-backends", "BACKENDS=jax"], "-m tools.backends --backends jax"),
        (["publish", "REPO=none"], "-m tools.publish none"),
        (["lab"], "-m jupyterlab"),
    ],
)
def test_commands_pass_on_what_they_are_given(copy, arguments, passed_on):
    assert given(copy, *arguments).startswith(passed_on)


EVIL = ['00"; touch X; "', "00; touch X; $(shell touch X) $$(touch X) `touch X` *"]


def test_nothing_that_is_given_is_run(copy):
    commands = {"PAGES": "course", "SEEDS": "results", "BACKENDS": "test-backends"}
    commands |= {"REPO": "publish", "MNIST_DIR": "course"}
    before = sorted(copy.rglob("*"))
    for evil in EVIL:
        for name, command in commands.items():
            assert evil in given(copy, command, f"{name}={evil}")
            assert evil in given(copy, command, **{name: evil})
        for name in ("PYTHON", "VERSIONS", "DRAWN"):
            make(copy, "notebooks", f"{name}={evil}")
    assert sorted(copy.rglob("*")) == before


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("../my digits", "{root}/../my digits"),
        ("/my data/digits", "/my data/digits"),
        ("", ""),
    ],
)
def test_paths_are_absolute_however_they_are_given(copy, path, found):
    expected = f"-m tools.course|{found.format(root=os.path.realpath(copy))}|unset"
    assert given(copy, "course", MNIST_DIR=path) == expected
    assert given(copy, "course", f"MNIST_DIR={path}") == expected


@pytest.mark.parametrize(
    ("python", "said"),
    [
        ('[ "$1" = --version ] && echo "Python 3.9.2"', "is: Python 3.9.2."),
        (None, "is: not found."),
    ],
)
def test_a_python_that_will_not_do_is_named(copy, python, said):
    path = copy.parent / "my python"
    if python:
        script(path, f"#!/bin/sh\n{python}\n")
    done = make(copy, "course", f"PYTHON={path}")
    assert done.returncode != 0 and "tools.course" not in done.stdout
    assert "Python 3.11 to 3.13 is needed" in done.stdout and said in done.stdout
    assert "apt install python3 python3-venv" in done.stdout


@pytest.mark.parametrize("kind", ["own", "reader's", "link"])
def test_clean_deletes_what_make_made(copy, kind):
    (copy / "build").mkdir()
    venv = copy / ".venv"
    if kind != "reader's":
        (venv / "course-made-from").touch()
    if kind == "link":
        venv = venv.rename(copy / "elsewhere")
        (copy / ".venv").symlink_to(venv)
    assert make(copy, "clean").returncode == 0
    assert not (copy / "build").exists()
    assert venv.exists() == (kind != "own")

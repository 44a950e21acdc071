"""Colab's versions and the newest: what is installed, what is noticed, what CI runs."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement

from helpers import scoreboard
from tools import backends, colab, environment, pages

WORKFLOWS = sorted((pages.ROOT / ".github" / "workflows").glob("*.yml"))


# The list


def test_colabs_versions_are_exact_and_within_the_courses_ranges():
    versions = environment.colab_versions()
    lines = (pages.ROOT / "requirements.txt").read_text().splitlines()
    ranges = [Requirement(line.split("#")[0]) for line in lines if line.split("#")[0].strip()]
    asked = {range.name: range.specifier for range in ranges}
    for name, version in versions.items():
        assert re.fullmatch(r"\d+(\.\d+)+", version), name
        assert version in asked.get(name, []) or name not in asked, name
    assert {"tensorflow", "keras", "numpy", "matplotlib", "ipython", "anywidget"} <= set(versions)


# The steps, without running them


@pytest.fixture
def steps(tmp_path, monkeypatch):
    """`tools.colab` on two pages, with each step written down; a function of what fails."""
    done = []
    names = ("00_start", "02_one")
    monkeypatch.setattr(pages, "PAGES", [tmp_path / f"{name}.ipynb" for name in names])
    monkeypatch.setattr(pages, "REFERENCE", [])

    def main(*arguments, fails=()):
        def step(name, good, bad):
            def taken(*given):
                done.append(given[0].stem if name == "page" else name)
                return bad if done[-1] in fails else good

            return taken

        done.clear()
        monkeypatch.setattr(environment, "main", step("install", 0, 1))
        monkeypatch.setattr(colab, "wrong_versions", step("versions", "", "numpy 3"))
        monkeypatch.setattr(colab, "unnoticed_drift", step("drift", "", "no drift"))
        monkeypatch.setattr(colab, "test_units", step("units", True, False))
        monkeypatch.setattr(backends, "test_page", step("page", True, False))
        return colab.main(arguments), done

    return main


ALL = ["install", "versions", "drift", "units", "00_start", "02_one"]


def test_the_cheapest_comes_first(steps):
    assert steps() == (0, ALL)
    assert steps("02") == (0, [*ALL[:4], "02_one"])


@pytest.mark.parametrize("failing", ALL[:4])
def test_what_fails_ends_it(steps, failing):
    assert steps(fails=[failing]) == (1, ALL[: ALL.index(failing) + 1])


def test_a_page_that_fails_does_not_hide_the_next(steps):
    assert steps(fails=["00_start"]) == (1, ALL)


def test_an_unknown_page_is_named_before_anything_is_made(steps, capsys):
    with pytest.raises(SystemExit) as stop:
        steps("99")
    assert stop.value.code == 2
    assert "Pages: 00_start, 02_one" in capsys.readouterr().err


def test_ctrl_c_ends_it_with_one_line(steps, monkeypatch, capsys):
    steps()

    def stop(python):
        raise KeyboardInterrupt

    monkeypatch.setattr(colab, "test_units", stop)
    assert colab.main([]) == 130
    assert capsys.readouterr().out.splitlines()[-1].startswith("Stopped. ")


# The versions that are installed


def test_another_version_is_named_and_the_right_one_is_not(monkeypatch):
    here = {name: scoreboard.installed_version(name) for name in ("numpy", "keras", "pytest")}
    monkeypatch.setattr(environment, "colab_versions", lambda: here)
    assert colab.wrong_versions(sys.executable) == ""
    monkeypatch.setattr(environment, "colab_versions", lambda: here | {"keras": "3.13.2.1"})
    said = colab.wrong_versions(sys.executable)
    assert f"keras {here['keras']}, not 3.13.2.1" in said
    assert "numpy" not in said and "build/colab" in said


def test_a_package_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr(environment, "colab_versions", lambda: {"nobodys-package": "1.0"})
    assert "nobodys-package" in colab.wrong_versions(sys.executable)


# Drift


@pytest.mark.parametrize(
    ("with_colab", "with_the_latest", "said"),
    [
        ((1, "Unrecognized keyword arguments: {'renorm': True}"), (0, ""), ""),
        ((0, ""), (0, ""), "does not fail with them"),
        ((1, "No module named keras"), (0, ""), "does not fail with them"),
        ((1, "renorm"), (1, "renorm"), "fails with the latest too"),
    ],
)
def test_drift_is_a_page_that_fails_with_colabs_versions_alone(
    monkeypatch, with_colab, with_the_latest, said
):
    """The page itself runs in `make test-colab`."""
    cells = []

    def compare(path, python):
        cells.extend(pages.read(path).cells)
        code, text = with_colab if python == "colab's" else with_the_latest
        return SimpleNamespace(returncode=code, stdout=text, stderr="")

    monkeypatch.setattr(backends, "compare", compare)
    assert said in colab.unnoticed_drift("colab's")
    assert bool(colab.unnoticed_drift("colab's")) == bool(said)
    assert "BatchNormalization(renorm=True)" in cells[0].source


# The newest of everything


def test_the_newest_has_no_upper_end(tmp_path):
    text = (pages.ROOT / ".github" / "workflows" / "newest.yml").read_text()
    (command,) = re.findall(r"run: (sed .*)", text)
    for path in pages.ROOT.glob("requirements*.txt"):
        shutil.copy(path, tmp_path)
    subprocess.run(["bash", "-ec", command], cwd=tmp_path, check=True)
    found = []
    for path in tmp_path.glob("requirements*.txt"):
        lines = [line.split("#")[0].strip() for line in path.read_text().splitlines()]
        found += [Requirement(line) for line in lines if line and not line.startswith("-")]
    assert found
    assert [r for r in found if any(s.operator not in (">=", ">") for s in r.specifier)] == []


# What is public


def test_every_workflow_command_is_one_of_the_courses():
    makefile = (pages.ROOT / "Makefile").read_text()
    text = "\n".join(path.read_text() for path in WORKFLOWS)
    called = set(re.findall(r"\bmake ([\w-]+)", text + (pages.ROOT / ".ci" / "run").read_text()))
    assert called >= {"test", "test-repeat", "test-colab", "test-backends"}
    assert [name for name in called if not re.search(rf"^{name}:", makefile, re.M)] == []


def test_each_workflow_runs_weekly_at_a_time_of_its_own():
    times = [re.search(r'cron: "(\S+ \S+ \* \* \d)"', path.read_text()) for path in WORKFLOWS]
    assert all(times) and len({time[1] for time in times}) == len(WORKFLOWS) >= 4


@pytest.fixture
def ci(tmp_path):
    """A function that runs .ci/run where only some commands are, and what they wrote down."""
    root, bin, log = tmp_path / "course", tmp_path / "bin", tmp_path / "log"
    (root / ".ci").mkdir(parents=True)
    bin.mkdir()
    shutil.copy(pages.ROOT / ".ci" / "run", root / ".ci")
    for name in ("bash", "dirname"):
        (bin / name).symlink_to(shutil.which(name))

    def command(name, body=""):
        path = bin / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{log}"\n{body}\n')
        path.chmod(0o755)

    def run(**bodies):
        log.write_text("")
        for name, body in bodies.items():
            command(name.replace("_", "-"), body)
        done = subprocess.run(
            [root / ".ci" / "run"], env={"PATH": str(bin)}, capture_output=True, text=True
        )
        return done, log.read_text().splitlines()

    return run


HAS = {"make": "", "python3": "", "id": "echo 0", "apt_get": ""}
MAKES = ["make test", "make test-repeat", "make test-colab PAGES=00 01 02 03 04 05 07 reference/"]


def test_ci_installs_a_browser_where_there_is_none(ci):
    done, said = ci(**HAS)
    assert done.returncode == 0
    assert any(line.startswith("apt-get install") and line.endswith(" chromium") for line in said)
    assert [line for line in said if line.startswith("make")] == MAKES
    done, said = ci(**HAS, chromium="")
    assert not any(line.startswith("apt-get") for line in said)


@pytest.mark.parametrize("broken", [{"apt_get": "exit 1"}, {"id": "echo 1000"}])
def test_ci_goes_on_without_a_browser(ci, broken):
    done, said = ci(**HAS | broken)
    assert done.returncode == 0
    assert [line for line in said if line.startswith("make")] == MAKES


def test_ci_does_not_go_on_without_python(ci):
    done, said = ci(**HAS | {"python3": "exit 1", "apt_get": "exit 1"})
    assert done.returncode != 0
    assert not any(line.startswith("make") for line in said)


def test_ci_ends_with_the_first_command_that_fails(ci):
    done, said = ci(**HAS | {"make": '[ "$1" != test-repeat ]'})
    assert done.returncode != 0
    assert [line for line in said if line.startswith("make")] == MAKES[:2]


def test_the_documented_versions_are_named_as_what_they_are():
    """Colab runs Python 3.13, and what is tested by default is Python 3.11."""
    for name in ("README.md", "tests/colab.txt"):
        assert "Colab's versions on Python 3.11" in (pages.ROOT / name).read_text(), name
    assert json.dumps(sorted(environment.colab_versions())) == json.dumps(
        list(environment.colab_versions())
    )
    assert Path(environment.colab_constraints()).is_file()

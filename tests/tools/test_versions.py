"""The lists of versions: Colab's, those that made results.json, and the newest."""

import json
import re
import shutil
import subprocess
import sys

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tools import colab, environment, pages


def ranges(path):
    return {r.name: r for r in map(Requirement, environment.listed(path))}


@pytest.mark.parametrize("name", environment.CONSTRAINTS)
def test_exact_versions_are_within_the_courses_ranges(name):
    exact = ranges(environment.CONSTRAINTS[name])
    allowed = ranges("requirements-dev.txt") | ranges("requirements.txt")
    assert {"tensorflow", "keras", "numpy", "matplotlib", "ipython", "anywidget"} <= set(exact)
    for package, found in exact.items():
        (specifier,) = found.specifier
        assert specifier.operator == "==" or package == "pyparsing", found
        if package in allowed:
            assert Version(specifier.version) in allowed[package].specifier, found


def test_measured_versions_are_those_of_the_results():
    exact = ranges(environment.CONSTRAINTS["measured"])
    results = json.loads((pages.ROOT / "notebooks" / "results.json").read_text(encoding="utf-8"))
    recorded = [entry["versions"] for entry in results["mnist"].values()]
    for package in ("keras", "numpy", "tensorflow"):
        (specifier,) = exact[package].specifier
        assert specifier.version in {versions[package] for versions in recorded}


def test_the_newest_has_no_upper_end(tmp_path):
    text = (pages.ROOT / ".github" / "workflows" / "newest.yml").read_text(encoding="utf-8")
    (command,) = re.findall(r"run: (sed .*)", text)
    for path in pages.ROOT.glob("requirements*.txt"):
        shutil.copy(path, tmp_path)
    subprocess.run(["bash", "-ec", command], cwd=tmp_path, check=True)
    found = [r for path in tmp_path.glob("*.txt") for r in ranges(path).values()]
    assert found and not [r for r in found if any(s.operator != ">=" for s in r.specifier)]


def test_another_version_than_colabs_is_named(monkeypatch):
    here = {name: environment_version(name) for name in ("numpy", "keras")}
    monkeypatch.setattr(colab, "colab_versions", lambda: here)
    assert colab.wrong_versions(sys.executable) == ""
    monkeypatch.setattr(colab, "colab_versions", lambda: here | {"keras": "3.13.2.1"})
    said = colab.wrong_versions(sys.executable)
    assert f"keras {here['keras']}, not 3.13.2.1" in said and "numpy" not in said
    monkeypatch.setattr(colab, "colab_versions", lambda: {"nobodys-package": "1.0"})
    assert "nobodys-package" in colab.wrong_versions(sys.executable)


def environment_version(name):
    command = [sys.executable, "-c", colab.INSTALLED, name]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)[name]


def test_versions_that_make_no_difference_are_noticed(monkeypatch):
    monkeypatch.setattr(colab, "NEWER", "1")
    assert "does not fail with them" in colab.unnoticed_drift(sys.executable)
    monkeypatch.setattr(colab, "NEWER", "raise SystemExit('renorm')")
    assert "fails with the latest too" in colab.unnoticed_drift(sys.executable)

"""The public address: one place, stamped everywhere, taken out again."""

import json
import re
import shutil

import pytest

from tools import pages, publish

ADDRESS = "https://github.com/owner/name"
COLAB = "https://colab.research.google.com/github/owner/name/blob/main/"
STAMPED = ["pyproject.toml", "colab_setup.sh", "CITATION.cff", "README.md"]
PAGE = """{"cells": [
{"cell_type": "markdown", "source": ["# 0\\n", "[![Open in Colab](IMAGE)](../README.md#in-colab)"]},
 {"cell_type": "code", "source": ["# @title\\n", "REPOSITORY = \\"\\"\\n", "x = \\"REPOSITORY\\""],
  "execution_count": 1, "metadata": {}, "outputs": [{"output_type": "stream", "name": "stdout",
  "text": ["REPOSITORY = \\"\\"\\n", "naïve × …\\n"]}]}
], "metadata": {"course": {"digest": "0", "source": "mnist"}}, "nbformat": 4, "nbformat_minor": 5}
""".replace("IMAGE", "https://colab.research.google.com/assets/colab-badge.svg")


@pytest.fixture
def copy(tmp_path):
    """A copy of the files that carry the address, with a small page for each of the course's."""
    for name in STAMPED:
        shutil.copy(pages.ROOT / name, tmp_path / name)
    (tmp_path / "notebooks" / "reference").mkdir(parents=True)
    for name in ("00_start", "01_next", "reference/networks"):
        (tmp_path / "notebooks" / f"{name}.ipynb").write_text(PAGE, encoding="utf-8")
    return tmp_path


def contents(root):
    files = [path for path in root.glob("**/*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files}


def stamp(root, monkeypatch, address):
    monkeypatch.setattr(pages, "ROOT", root)
    return publish.main([address])


def test_every_file_of_the_course_carries_the_address_of_pyproject():
    """`make publish` with the address that pyproject.toml has would change nothing."""
    address = publish.address_of(pages.ROOT)
    assert address == "" or publish.valid(address) == address
    texts = publish.stamped(pages.ROOT, address)
    assert {*pages.PAGES, *pages.REFERENCE} <= {*texts}
    behind = [path.name for path, text in texts.items() if path.read_text("utf-8") != text]
    assert behind == [], "run `make publish` with the address in pyproject.toml"


def test_stamping_reaches_every_place(copy, monkeypatch, capsys):
    before = contents(copy)
    assert stamp(copy, monkeypatch, f"{ADDRESS}.git") == 0
    assert "7 files changed; the public address is https://github.com/owner/name." in (
        capsys.readouterr().out
    )
    after = contents(copy)
    assert publish.address_of(copy) == ADDRESS
    assert f'\nREPOSITORY="{ADDRESS}"\n' in after["colab_setup.sh"]
    assert f"\nrepository-code: {ADDRESS}\n" in after["CITATION.cff"]
    for name in ("00_start", "01_next", "reference/networks"):
        page = json.loads(after[f"notebooks/{name}.ipynb"])
        assert page["cells"][0]["source"][1].endswith(f"]({COLAB}notebooks/{name}.ipynb)")
        assert page["cells"][1]["source"][1] == f'REPOSITORY = "{ADDRESS}"\n'
        old = json.loads(before[f"notebooks/{name}.ipynb"])
        assert page["cells"][1]["outputs"] == old["cells"][1]["outputs"]
        assert page["metadata"] == old["metadata"]
    for line in after["README.md"].splitlines():
        if "colab-badge.svg" in line:
            name = publish.PAGE_LINK.search(line)[1]
            assert line.count(f"]({COLAB}{name})") == line.count("colab-badge.svg") == 1


def test_stamping_twice_or_elsewhere_and_back_leaves_no_trace(copy, monkeypatch, capsys):
    for name in ("00_start", "01_next", "reference/networks"):
        path = copy / "notebooks" / f"{name}.ipynb"
        up = "../../" if "/" in name else "../"
        path.write_text(publish.notebook(PAGE, "", f"notebooks/{name}.ipynb"), encoding="utf-8")
        assert f"]({up}README.md#in-colab)" in path.read_text(encoding="utf-8")
    stamp(copy, monkeypatch, "none")
    first = contents(copy)
    assert stamp(copy, monkeypatch, ADDRESS) == 0
    stamped = contents(copy)
    assert stamp(copy, monkeypatch, ADDRESS) == 0
    assert "\n0 files changed" in capsys.readouterr().out
    assert contents(copy) == stamped != first
    assert stamp(copy, monkeypatch, "https://github.com/someone/else") == 0
    assert stamp(copy, monkeypatch, "none") == 0
    assert contents(copy) == first


def test_the_script_stays_executable(copy, monkeypatch):
    stamp(copy, monkeypatch, ADDRESS)
    assert (copy / "colab_setup.sh").stat().st_mode & 0o111


@pytest.mark.parametrize(
    "address",
    [
        "",
        "owner/name",
        "http://github.com/owner/name",
        "git@github.com:owner/name.git",
        "https://gitlab.com/owner/name",
        "https://github.com.evil.example/owner/name",
        "https://github.com/owner",
        "https://github.com/owner/name/tree/main",
        "https://github.com/owner/..",
        "https://github.com/-owner/name",
        'https://github.com/owner/name"; rm -rf ~',
        "https://github.com/owner/name\nx",
        "https://github.com/owner/$(date)",
        "https://user:password@github.com/owner/name",
    ],
)
def test_other_addresses_are_refused_and_nothing_is_written(copy, monkeypatch, capsys, address):
    before = contents(copy)
    assert stamp(copy, monkeypatch, address) == 2
    assert "https://github.com/owner/name" in capsys.readouterr().out
    assert contents(copy) == before


@pytest.mark.parametrize("ending", ["", "/", ".git", ".git/"])
def test_usual_endings_are_dropped(ending):
    assert publish.valid(f" {ADDRESS}{ending} ") == ADDRESS


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("colab_setup.sh", "\nREPOSITORY=", "\nADDRESS=", "colab_setup.sh: expected one line"),
        ("pyproject.toml", "\nrepository = ", "\nother = ", "pyproject.toml: expected one line"),
        ("notebooks/00_start.ipynb", "# @title", r'REPOSITORY = \"\"', "00_start.ipynb: .*found 2"),
        ("README.md", "(notebooks/", "(pages/", "README.md: line .* no link"),
    ],
)
def test_a_file_without_a_place_stops_all(copy, monkeypatch, capsys, name, old, new, message):
    text = (copy / name).read_text(encoding="utf-8")
    assert old in text
    (copy / name).write_text(text.replace(old, new), encoding="utf-8")
    before = contents(copy)
    assert stamp(copy, monkeypatch, ADDRESS) == 2
    assert re.search(message, capsys.readouterr().out)
    assert contents(copy) == before

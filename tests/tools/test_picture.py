"""The picture and the sheet of the course: the committed ones are as drawn from the results."""

import copy
import re

import matplotlib
import pytest

from helpers import scoreboard
from helpers.diagrams import summary
from tools import pages, picture

RESULTS = scoreboard.read(picture.RESULTS)["mnist"]


def test_what_is_committed_is_as_drawn_anew():
    versions = (pages.ROOT / "constraints.txt").read_text(encoding="utf-8")
    (drew,) = re.findall(r"^matplotlib==(\d+\.\d+)\.", versions, re.M)
    if not matplotlib.__version__.startswith(f"{drew}."):
        pytest.skip(f"the pictures are those of matplotlib {drew}")
    moved = copy.deepcopy(RESULTS)
    moved["one layer"]["test"]["mean"] -= 0.01
    drawn, other = picture.draw(RESULTS), picture.draw(moved)
    for path, image, wrong in zip((picture.PICTURE, picture.SUMMARY), drawn, other, strict=True):
        assert picture.is_like(path, image), "`make picture` renews it"
        assert not picture.is_like(path, wrong)
        assert path.stat().st_size < 300_000
    assert drawn[1].width > 1200  # 150 dots an inch on A4


def test_each_chapter_is_called_as_its_page():
    titles = {c[0]: c[1] for c in summary.CHAPTERS}
    for path in pages.PAGES:
        number, _, title = pages.read(path).cells[0].source.split("\n")[0][2:].partition(" · ")
        if number in titles:
            assert titles.pop(number) == title
    assert not titles


def test_a_score_that_is_missing_is_named(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(picture, "PICTURE", tmp_path / "course.png")
    monkeypatch.setattr(picture, "SUMMARY", tmp_path / "summary.png")
    monkeypatch.setattr(picture.scoreboard, "read", lambda path: {"mnist": {}})
    assert picture.main() == 1
    assert "first network" in capsys.readouterr().out
    assert not picture.SUMMARY.exists()

"""The sheet of the whole course: drawn from the results, and the committed one is as drawn."""

import copy
import re

import matplotlib
import pytest

from helpers import scoreboard
from helpers.diagrams import summary
from tools import pages, picture

RESULTS = scoreboard.read(picture.RESULTS)["mnist"]


def test_the_committed_sheet_is_as_drawn_anew():
    versions = (pages.ROOT / "constraints.txt").read_text(encoding="utf-8")
    (drew,) = re.findall(r"^matplotlib==(\d+\.\d+)\.", versions, re.M)
    if not matplotlib.__version__.startswith(f"{drew}."):
        pytest.skip(f"the sheet is that of matplotlib {drew}")
    drawn = picture.draw_summary(RESULTS)
    assert picture.is_like(picture.SUMMARY, drawn), "`make picture` renews it"
    assert picture.SUMMARY.stat().st_size < 300_000
    assert drawn.width > 1200  # 150 dots an inch on A4
    moved = copy.deepcopy(RESULTS)
    moved["one layer"]["test"]["mean"] -= 0.01
    assert not picture.is_like(picture.SUMMARY, picture.draw_summary(moved))


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

"""The README's ladder and its pictures: those of the results and pages as committed."""

import json
import re

import matplotlib
import pytest
from PIL import Image, ImageChops

from helpers import scoreboard
from tools import ladder, pages, picture

ROWS = scoreboard.rungs(scoreboard.read(ladder.RESULTS)["mnist"])


def test_the_readme_has_the_ladder_of_the_results():
    text = ladder.README.read_text(encoding="utf-8")
    assert ladder.replace(text, ladder.block(ROWS)) == text, "`make ladder` renews it"


def test_the_table_says_what_is_in_the_results(tmp_path, monkeypatch):
    runs = [{"seconds": 9, "epoch": 0.25}, {"seconds": 12, "epoch": 0.3}]
    (tmp_path / "gpu.json").write_text(json.dumps({"models": {"a": {"runs": runs}}}))
    monkeypatch.setattr(ladder, "GPU", tmp_path / "gpu.json")
    one = {**ROWS[0], "model": "a", "parameters": 12_345, "mean": 0.97356, "sd": 0.0011}
    row = one | {"seconds": 12.34, "seeds": 5, "page": "00_x"}
    line = ladder.block([row]).splitlines()[-1]
    assert (
        line == "| [00](notebooks/00_x.ipynb) | a | 12,345 | 12 | 10 (0.3) | 97.36 ± 0.11 % | 5 |"
    )
    other = row | {
        "model": "b",
        "of_course": False,
        "page": "networks",
        "sd": None,
        "seconds": None,
    }
    line = ladder.block([other]).splitlines()[-1]
    assert "[others](notebooks/reference/networks.ipynb)" in line and "| – | – | 97.36 % |" in line


@pytest.mark.parametrize("text", ["", "<!-- ladder -->", "<!-- /ladder -->\n<!-- ladder -->\n"])
def test_without_its_two_comments_nothing_is_written(text, tmp_path, monkeypatch, capsys):
    readme = tmp_path / "README.md"
    readme.write_text(text)
    monkeypatch.setattr(ladder, "README", readme)
    monkeypatch.setattr(ladder, "PICTURE", tmp_path / "ladder.png")
    with pytest.raises(ValueError, match="once each"):
        ladder.replace(text, "x")


def test_what_cannot_be_written_is_said_and_the_old_files_stay(tmp_path, monkeypatch, capsys):
    readme = tmp_path / "README.md"
    readme.write_text(f"{ladder.BEGIN}\nold\n{ladder.END}\n")
    monkeypatch.setattr(ladder, "README", readme)
    monkeypatch.setattr(ladder, "PICTURE", tmp_path / "none" / "ladder.png")
    monkeypatch.setattr(ladder, "block", lambda rows: "new")
    assert ladder.main() == 1
    assert "cannot be written" in capsys.readouterr().out and "old" in readme.read_text()


# The pictures, by their pixels


def test_the_committed_picture_is_as_drawn_anew():
    """Another release of matplotlib sets letters otherwise, by a few pixels."""
    versions = (pages.ROOT / "constraints.txt").read_text(encoding="utf-8")
    (drew,) = re.findall(r"^matplotlib==(\d+\.\d+)\.", versions, re.M)
    if not matplotlib.__version__.startswith(f"{drew}."):
        pytest.skip(f"the pictures are those of matplotlib {drew}")
    assert picture.is_like(ladder.PICTURE, ladder.draw(ROWS)), "`make ladder` renews it"
    assert ladder.PICTURE.stat().st_size < 300_000


@pytest.mark.parametrize("place", [0, 9, 18])
def test_a_rung_that_moved_is_seen(place, tmp_path):
    moved = [dict(row) for row in ROWS]
    moved[place]["mean"] -= 0.003
    assert not picture.is_like(ladder.PICTURE, ladder.draw(moved))
    swapped = [*ROWS[1::-1], *ROWS[2:]]
    assert not picture.is_like(ladder.PICTURE, ladder.draw(swapped))


def test_what_a_rasteriser_may_do_is_not_seen(tmp_path):
    with Image.open(ladder.PICTURE) as stored:
        image = stored.convert("RGB")
    noise = Image.effect_noise(image.size, 6).convert("RGB")
    shaken = ImageChops.add(image, noise, scale=1, offset=-128)
    assert picture.is_like(ladder.PICTURE, shaken)
    assert not picture.is_like(ladder.PICTURE, image.crop((0, 0, 100, 100)))

"""The ladder in the README and its picture are what the results file says now."""

import copy

import pytest
from PIL import Image

from helpers import plotting, scoreboard
from tools import ladder


def entry(page, values, seconds=12.34, sd=0.001):
    return {
        "page": page,
        "parameters": 12345,
        "seeds": list(range(1, len(values) + 1)),
        "test": {"mean": sum(values) / len(values), "sd": sd, "values": values, "n_digits": 10000},
        "seconds": seconds and {"mean": seconds},
    }


@pytest.fixture
def section():
    return {
        "codelab 2: 200–60": entry("networks", [0.981], sd=None),
        "unknown to the ladder": entry("09_x", [0.5]),
        "one layer": entry("02_one_layer", [0.92, 0.924], seconds=3.21),
        "nearest mean": entry("01_data", [0.82, 0.82], seconds=None, sd=0.0),
        "dense": entry("04_rates", [0.98]) | {"test": None},
    }


def test_rungs_stand_in_the_order_of_the_course_and_others_below(section):
    assert plotting.rungs(section) == ["nearest mean", "one layer", "codelab 2: 200–60"]


def test_the_table_says_what_was_measured(section):
    lines = ladder.table(section).splitlines()
    assert lines[2:] == [
        "| [01](notebooks/01_data.ipynb) | nearest mean | 12,345 | – | 82.00 ± 0.00 % | 2 |",
        "| [02](notebooks/02_one_layer.ipynb) | one layer | 12,345 | 3.2 | 92.20 ± 0.10 % | 2 |",
        "| [others](notebooks/reference/networks.ipynb) | codelab 2: 200–60 | 12,345 | 12 | "
        "98.10 % | 1 |",
    ]
    assert len({line.count("|") for line in lines}) == 1


def test_only_what_stands_between_the_comments_is_replaced():
    before = f"# A\n\n{ladder.BEGIN}\nold \\1\n{ladder.END}\n\nmore\n"
    after = ladder.replace(before, r"new \2")
    assert after == f"# A\n\n{ladder.BEGIN}\nnew \\2\n{ladder.END}\n\nmore\n"
    assert ladder.replace(after, r"new \2") == after


@pytest.mark.parametrize(
    "text",
    ["", ladder.BEGIN, f"{ladder.END}\n{ladder.BEGIN}\n", f"{ladder.BEGIN}\n{ladder.END}\n" * 2],
    ids=["none", "one", "wrong order", "twice"],
)
def test_missing_comments_are_named(text):
    with pytest.raises(ValueError, match="<!-- ladder -->.*<!-- /ladder -->"):
        ladder.replace(text, "new")


def test_a_readme_without_comments_is_left_alone(section, tmp_path, monkeypatch, capsys):
    readme = tmp_path / "README.md"
    readme.write_text("# A course\n")
    monkeypatch.setattr(ladder, "README", readme)
    monkeypatch.setattr(ladder, "PICTURE", tmp_path / "notebooks" / "ladder.png")
    monkeypatch.setattr(ladder.scoreboard, "read", lambda path: {"mnist": section})
    ladder.PICTURE.parent.mkdir()
    assert ladder.main() == 1
    assert readme.read_text() == "# A course\n"
    assert "README.md: needs a line <!-- ladder -->" in capsys.readouterr().out


def test_a_changed_score_changes_the_fingerprint_and_another_model_does_not(section):
    before = ladder.fingerprint(section)
    section["unknown to the ladder"]["test"]["mean"] = 0.6
    assert ladder.fingerprint(section) == before
    changed = copy.deepcopy(section)
    changed["one layer"]["test"]["values"][0] = 0.921
    assert ladder.fingerprint(changed) != before


def test_the_picture_carries_its_fingerprint(section, tmp_path):
    ladder.draw(section, tmp_path / "ladder.png")
    with Image.open(tmp_path / "ladder.png") as picture:
        assert picture.text["results"] == ladder.fingerprint(section)


def test_readme_and_picture_are_of_the_results_as_they_are():
    section = scoreboard.read(ladder.RESULTS)["mnist"]
    readme = ladder.README.read_text(encoding="utf-8")
    assert ladder.replace(readme, ladder.block(section)) == readme, "run `make ladder`"
    with Image.open(ladder.PICTURE) as picture:
        assert picture.text["results"] == ladder.fingerprint(section), "run `make ladder`"

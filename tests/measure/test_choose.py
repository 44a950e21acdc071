"""The rule of choice, and a log that goes on where it was stopped."""

import json

import pytest

from measure import choose


@pytest.fixture(autouse=True)
def log_file(tmp_path, monkeypatch):
    monkeypatch.setattr(choose, "LOG", tmp_path / "choosing.json")
    variants = {name: {"layers": [name]} for name in ("slow", "quick", "poor")}
    monkeypatch.setitem(choose.VARIANTS, "06", variants)


def entry(name, counts, seconds=10.0):
    runs = [
        {"seed": seed, "right": count, "seconds": seconds} for seed, count in enumerate(counts, 1)
    ]
    return {"settings": {"layers": [name]}, "runs": runs}


def test_the_quickest_of_those_near_the_best_is_chosen():
    entries = {
        "slow": entry("slow", [4960] * 5, 14),
        "quick": entry("quick", [4958] * 5, 7),  # 0.04 points behind
        "poor": entry("poor", [4900] * 2, 1),  # stopped after two seeds
    }
    assert choose.chosen("06", entries) == "quick"
    entries["quick"] = entry("quick", [4957] * 5, 7)  # 0.06 points behind
    assert choose.chosen("06", entries) == "slow"


def test_what_takes_longer_than_a_page_may_does_not_count():
    entries = {
        "slow": entry("slow", [4960] * 2, choose.LIMITS["06"] + 1),
        "quick": entry("quick", [4900] * 5, 7),
        "poor": entry("poor", [4800] * 2, 1),
    }
    assert choose.chosen("06", entries) == "quick"


def test_nothing_is_chosen_while_runs_are_missing():
    entries = {"slow": entry("slow", [4960] * 5), "quick": entry("quick", [4960] * 5)}
    assert choose.chosen("06", entries) is None
    entries["poor"] = entry("poor", [4960] * 2)
    assert choose.chosen("06", entries) is None
    assert choose.missing({"06": entries}, ["06"]) == [("06", "poor", n) for n in (3, 4, 5)]


def test_the_quickest_to_99_is_the_quickest_that_gets_there(monkeypatch):
    monkeypatch.setitem(choose.VARIANTS, "bench", choose.VARIANTS["06"])
    entries = {
        "slow": entry("slow", [4951] * 10, 20),
        "quick": entry("quick", [4949] * 10, 10),
        "poor": entry("poor", [4000] * 2, 1),
    }
    assert choose.chosen("bench", entries) == "slow"
    entries["slow"] = entry("slow", [4949] * 10, 20)
    assert choose.chosen("bench", entries) is None


def test_a_run_without_numbers_counts_as_none_right():
    assert choose.mean(entry("poor", [4960, None])) == 2480


def test_other_settings_under_an_old_name_are_refused():
    with pytest.raises(SystemExit, match=r"'slow'.*name it anew"):
        choose.missing({"06": {"slow": entry("other", [1])}}, ["06"])


def test_a_log_written_and_read_again_is_the_same():
    log = {"06": {"slow": entry("slow", [4960])}}
    choose.write(log)
    assert choose.read() == log
    assert json.loads(choose.LOG.read_text("utf-8"))["chosen"] == {"06": None}


def test_an_unknown_page_is_named(capsys):
    with pytest.raises(SystemExit):
        choose.main(["66"])
    assert "no variants for 66" in capsys.readouterr().err


def test_the_log_is_shown(capsys):
    choose.write({"06": {"slow": entry("slow", [4960, None])}})
    choose.main(["--show"])
    assert "2 seeds" in capsys.readouterr().out

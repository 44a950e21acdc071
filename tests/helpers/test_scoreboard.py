"""Recording a run, reading results, and comparing a reader's score with them."""

import json
import math
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from helpers import scoreboard

ROOT = Path(__file__).resolve().parents[2]
GOOD = {"seed": 1, "source": "mnist", "parameters": 7850}


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """A folder for run files that does not exist yet, and a machine of a known name."""
    monkeypatch.setattr("helpers.environment.machine", lambda: "a machine")
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "build" / "runs"))
    monkeypatch.delenv("COURSE_DIGEST", raising=False)
    return tmp_path / "build" / "runs"


def entry(values=(0.923, 0.9237, 0.9223, 0.923, 0.923), **changes):
    values = list(values)
    test = {"mean": float(np.mean(values)), "sd": None, "n_digits": 10_000, "values": values}
    if len(values) > 1:
        test["sd"] = float(np.std(values, ddof=1))
    return {
        "page": "02_one_layer",
        "parameters": 7850,
        "epochs": 10,
        "seeds": list(range(1, len(values) + 1)),
        "validation": None,
        "test": test,
        "seconds": None,
        "machine": "a machine",
        "versions": {"python": "3.11.9", "keras": "3.15.1"},
        "digest": "d1",
    } | changes


@pytest.fixture
def results(tmp_path):
    """Write a results file with these MNIST models; return its path."""

    def write(**models):
        path = tmp_path / "results.json"
        scoreboard.write_atomically(path, {"schema": 1, "mnist": models, "drawn": {}})
        return path

    return write


def test_record_writes_nothing_without_a_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_RUNS", raising=False)
    monkeypatch.chdir(tmp_path)
    scoreboard.record("02_one_layer", "one layer", **GOOD, test=(9200, 10_000))
    assert list(tmp_path.iterdir()) == []


def test_record_keeps_two_models_in_one_file_and_replaces_a_repeated_one(runs, monkeypatch):
    monkeypatch.setenv("COURSE_DIGEST", "d1")
    scoreboard.record("02_one_layer", "numpy", **GOOD, test=(9100, 10_000))
    scoreboard.record("02_one_layer", "keras", **GOOD, validation=(4600, 5000), epochs=10)
    scoreboard.record("02_one_layer", "numpy", **GOOD, test=(9200, 10_000), seconds=2.5)
    assert [path.name for path in runs.iterdir()] == ["02_one_layer-mnist-seed1.json"]
    run = scoreboard.read_run(runs / "02_one_layer-mnist-seed1.json")
    assert run["digest"] == "d1"
    assert run["machine"] == "a machine"
    assert run["versions"]["numpy"] == np.__version__
    assert run["models"]["numpy"]["test"] == {"correct": 9200, "n": 10_000}
    assert run["models"]["numpy"]["seconds"] == 2.5
    assert run["models"]["keras"]["validation"] == {"correct": 4600, "n": 5000}


def test_record_keeps_seeds_and_sources_apart(runs):
    scoreboard.record("02", "a", **GOOD)
    scoreboard.record("02", "a", **GOOD | {"seed": 2})
    scoreboard.record("02", "a", **GOOD | {"source": "drawn"})
    names = {"02-mnist-seed1.json", "02-mnist-seed2.json", "02-drawn-seed1.json"}
    assert {path.name for path in runs.iterdir()} == names


def test_record_takes_numpy_numbers(runs):
    scoreboard.record(
        "02",
        "a",
        seed=np.int64(1),
        source=np.str_("mnist"),
        parameters=np.int32(7850),
        test=(np.int64(9200), np.uint16(10_000)),
        seconds=np.float32(2.5),
        epochs=np.uint8(3),
    )
    run = json.loads((runs / "02-mnist-seed1.json").read_text())
    assert run["models"]["a"]["test"] == {"correct": 9200, "n": 10_000}
    assert run["models"]["a"]["epochs"] == 3


def test_record_starts_afresh_on_a_run_of_other_code_or_a_damaged_file(runs, monkeypatch):
    monkeypatch.setenv("COURSE_DIGEST", "d1")
    scoreboard.record("02", "old", **GOOD)
    monkeypatch.setenv("COURSE_DIGEST", "d2")
    scoreboard.record("02", "new", **GOOD)
    path = runs / "02-mnist-seed1.json"
    assert list(scoreboard.read_run(path)["models"]) == ["new"]
    path.write_text(path.read_text()[:40])
    scoreboard.record("02", "newer", **GOOD)
    assert list(scoreboard.read_run(path)["models"]) == ["newer"]


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("page", ""),
        ("page", "../02"),
        ("page", None),
        ("model", "  "),
        ("model", 3),
        ("seed", -1),
        ("seed", 1.0),
        ("seed", True),
        ("source", "MNIST"),
        ("source", None),
        ("parameters", "7850"),
        ("parameters", None),
        ("parameters", np.float64(7850)),
        ("validation", 0.92),
        ("validation", (4600,)),
        ("test", (10_001, 10_000)),
        ("test", (-1, 10_000)),
        ("test", (0, 0)),
        ("test", (9200.0, 10_000)),
        ("seconds", -0.1),
        ("seconds", math.nan),
        ("seconds", math.inf),
        ("seconds", "3"),
        ("epochs", 2.5),
        ("epochs", -1),
    ],
)
def test_record_names_the_bad_argument_and_writes_nothing(runs, argument, value):
    arguments = {"page": "02", "model": "a", **GOOD, argument: value}
    with pytest.raises(ValueError, match=f"^{argument}"):
        scoreboard.record(**arguments)
    assert not runs.exists()


def test_a_bad_argument_is_refused_even_when_nothing_is_recorded(monkeypatch):
    monkeypatch.delenv("COURSE_RUNS", raising=False)
    with pytest.raises(ValueError, match="^source"):
        scoreboard.record("02", "a", seed=1, source="digits", parameters=1)


def test_record_says_one_line_when_the_folder_is_a_file(tmp_path, runs, monkeypatch, capsys):
    (tmp_path / "taken").write_text("not a folder")
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "taken"))
    scoreboard.record("02", "a", **GOOD)
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert str(tmp_path / "taken") in said


def test_a_full_disk_leaves_the_old_file_and_no_part(runs, monkeypatch, capsys):
    scoreboard.record("02", "a", **GOOD, test=(1, 2))
    before = (runs / "02-mnist-seed1.json").read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    scoreboard.record("02", "b", **GOOD, test=(1, 2))
    assert "No space left" in capsys.readouterr().out
    assert [path.name for path in runs.iterdir()] == ["02-mnist-seed1.json"]
    assert (runs / "02-mnist-seed1.json").read_bytes() == before


def test_killed_between_writing_and_renaming_leaves_the_old_file(tmp_path):
    path = tmp_path / "results.json"
    scoreboard.write_atomically(path, {"old": True})
    program = textwrap.dedent(
        f"""
        import os, signal
        from helpers import scoreboard
        os.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)
        scoreboard.write_atomically({str(path)!r}, {{"new": "x" * 100_000}})
        """
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert json.loads(path.read_text()) == {"old": True}
    scoreboard.write_atomically(path, {"newer": True})
    assert json.loads(path.read_text()) == {"newer": True}


def test_read_returns_what_was_written(results):
    path = results(**{"one layer": entry()})
    assert scoreboard.read(path)["mnist"]["one layer"]["test"]["values"][1] == 0.9237


def damage(path, how):
    content = json.loads(path.read_text())
    model = content["mnist"]["one layer"]
    if how == "a fraction above one":
        model["test"]["values"][0] = 92.3
    elif how == "a lost seed":
        model["seeds"].pop()
    elif how == "a mean typed by hand":
        model["test"]["mean"] = 0.95
    elif how == "an unknown field":
        model["note"] = "best run"
    elif how == "text for a number":
        model["parameters"] = "7850"
    elif how == "a missing section":
        del content["drawn"]
    elif how == "a list":
        content = [content]
    elif how == "no schema number":
        del content["schema"]
    path.write_text(json.dumps(content))


@pytest.mark.parametrize(
    "how",
    [
        "a fraction above one",
        "a lost seed",
        "a mean typed by hand",
        "an unknown field",
        "text for a number",
        "a missing section",
        "a list",
        "no schema number",
    ],
)
def test_read_names_the_damaged_file_and_the_command(results, how):
    path = results(**{"one layer": entry()})
    damage(path, how)
    with pytest.raises(scoreboard.ResultsError) as caught:
        scoreboard.read(path)
    assert caught.value.damaged
    assert str(path) in str(caught.value)
    assert "make results" in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"", b'{"schema": 1, "mnist"', b"\xff\xfe\x00", b'{"schema": NaN}', b"[" * 100_000]
)
def test_read_survives_any_bytes(tmp_path, content):
    path = tmp_path / "results.json"
    path.write_bytes(content)
    with pytest.raises(scoreboard.ResultsError, match="damaged") as caught:
        scoreboard.read(path)
    assert caught.value.damaged


def test_an_older_schema_is_to_be_rebuilt_and_a_newer_one_is_not(results):
    path = results()
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"schema": 0}))
    with pytest.raises(scoreboard.ResultsError, match="older than 1.*make results") as caught:
        scoreboard.read(path)
    assert caught.value.damaged
    path.write_text(json.dumps(content | {"schema": 2}))
    with pytest.raises(scoreboard.ResultsError, match="newer.*git pull") as caught:
        scoreboard.read(path)
    assert not caught.value.damaged


def test_what_is_no_file_is_not_called_damaged_and_its_cure_is_named(tmp_path):
    dangling, loop = tmp_path / "link.json", tmp_path / "loop.json"
    dangling.symlink_to(tmp_path / "gone.json")
    loop.symlink_to(loop)
    for path, words in (
        (tmp_path / "none.json", "does not exist. `make results`"),
        (tmp_path, "cannot be read .Is a directory.. Move away.*git checkout"),
        (dangling, "is a link to .*gone.json, which does not exist. Delete the link"),
        (loop, "cannot be read .*Move away.*git checkout"),
    ):
        with pytest.raises(scoreboard.ResultsError, match=f"^{path} {words}") as caught:
            scoreboard.read(path)
        assert not caught.value.damaged


def test_a_link_to_a_results_file_is_read(results, tmp_path):
    link = tmp_path / "link.json"
    link.symlink_to(results(a=entry()))
    assert list(scoreboard.read(link)["mnist"]) == ["a"]


def test_a_folder_in_the_place_of_results_does_not_stop_a_page(tmp_path):
    said = scoreboard.compare(tmp_path, "a", source="mnist", test=(92, 100))
    assert said.startswith("yours 92.0 %; nothing to compare it with.")
    assert "make results" in said


def test_prediction_interval_by_hand():
    # mean 0.92, s 0.001, n 4, t(0.975, 3) = 3.1824: 0.92 ± 3.1824 · 0.001 · √1.25
    values = [0.92 - 0.001 * math.sqrt(1.5), 0.92, 0.92, 0.92 + 0.001 * math.sqrt(1.5)]
    low, high = scoreboard.prediction_interval(values, 10_000)
    assert low == pytest.approx(0.92 - 0.003558, abs=1e-6)
    assert high == pytest.approx(0.92 + 0.003558, abs=1e-6)


def test_prediction_interval_holds_one_more_run_95_times_in_100():
    random = np.random.default_rng(1)
    trials = 4000
    draws = random.normal(0.92, 0.002, size=(trials, 6))
    bands = [scoreboard.prediction_interval(draw[:5].tolist(), 10_000) for draw in draws]
    inside = sum(
        low <= one_more <= high for (low, high), one_more in zip(bands, draws[:, 5], strict=True)
    )
    low, high = stats.binomtest(inside, trials).proportion_ci(0.999)
    assert low < 0.95 < high


def test_prediction_interval_stays_between_0_and_1_and_is_never_a_point():
    assert scoreboard.prediction_interval([0.99, 1.0], 10)[1] == 1.0
    assert scoreboard.prediction_interval([0.01, 0.0], 10)[0] == 0.0
    low, high = scoreboard.prediction_interval([0.9] * 5, 10_000)
    assert low <= 0.8999
    assert high >= 0.9001


def test_compare_inside(results):
    path = results(a=entry())
    said = scoreboard.compare(path, "a", source="mnist", test=(9240, 10_000))
    assert said == "expected 92.3 %, between 92.1 and 92.5 (5 seeds); yours 92.4 %."


def test_compare_outside_says_what_to_look_at(results):
    path = results(a=entry())
    said = scoreboard.compare(path, "a", source="mnist", test=(9500, 10_000))
    for word in (
        "yours 95.0 %",
        "outside",
        "seed",
        "epochs",
        "versions",
        "GPU",
        "edited",
        "3.15.1",
    ):
        assert word in said


def test_compare_never_rounds_an_outsider_into_the_band(results):
    path = results(a=entry())
    high = scoreboard.prediction_interval(entry()["test"]["values"], 10_000)[1]
    correct = math.floor(high * 10_000) + 1
    said = scoreboard.compare(path, "a", source="mnist", test=(correct, 10_000))
    assert "outside" in said
    band, own = said.split(" (5 seeds); yours ")
    assert float(own.split(" %")[0]) > float(band.split(" and ")[1])


def test_compare_gives_two_decimals_above_99(results):
    path = results(a=entry([0.9951, 0.9948, 0.9953, 0.9950, 0.9950]))
    said = scoreboard.compare(path, "a", source="mnist", test=(9949, 10_000))
    assert said.startswith("expected 99.50 %, between 99.4")
    assert said.endswith("yours 99.49 %.")


def test_compare_with_one_seed_gives_no_band(results):
    said = scoreboard.compare(results(a=entry([0.923])), "a", source="mnist", test=(9, 10))
    assert "one seed" in said
    assert "between" not in said


def test_compare_with_equal_seeds_allows_a_digit(results):
    path = results(a=entry([0.9691] * 5))
    assert "outside" not in scoreboard.compare(path, "a", source="mnist", test=(9690, 10_000))
    assert "outside" in scoreboard.compare(path, "a", source="mnist", test=(9600, 10_000))


def test_compare_tells_another_test_apart(results):
    said = scoreboard.compare(results(a=entry()), "a", source="mnist", test=(90, 100))
    assert "not the same test" in said
    assert "edited" not in said


def test_compare_never_mixes_the_sources(results):
    said = scoreboard.compare(results(a=entry()), "a", source="drawn", test=(92, 100))
    assert "92.3" not in said
    assert "DRAWN DIGITS" in said
    assert "MNIST_SOURCE=drawn make results" in said


@pytest.mark.parametrize("content", [None, "{", '{"schema": 0}', '{"schema": 7}', "[]"])
def test_compare_goes_on_whatever_the_file_is(tmp_path, content):
    path = tmp_path / "results.json"
    if content is not None:
        path.write_text(content)
    said = scoreboard.compare(path, "a", source="mnist", test=(92, 100))
    assert "yours 92.0 %" in said
    assert str(path) in said
    assert "make results" in said or "git pull" in said


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("path", None),
        ("path", 3),
        ("path", "results\0.json"),
        ("path", "\ud800.json"),
        ("model", ""),
        ("source", "x"),
        ("test", (3, 2)),
    ],
)
def test_compare_names_the_bad_argument(results, argument, value):
    arguments = {"path": results(), "model": "a", "source": "mnist", "test": (1, 2)}
    with pytest.raises(ValueError, match=f"^{argument}"):
        scoreboard.compare(**arguments | {argument: value})


def test_values_are_those_of_each_seed(results):
    path = results(one=entry(), two=entry([0.5, 0.6], seconds=None))
    assert scoreboard.values(path, ["two", "one"])["two"] == [0.5, 0.6]
    assert list(scoreboard.values(path, ["two", "one"])) == ["two", "one"]


def test_values_name_what_the_file_lacks_and_go_on(results, capsys):
    path = results(one=entry())
    assert list(scoreboard.values(path, ["one", "nobody"])) == ["one"]
    assert "nobody" in capsys.readouterr().out
    assert scoreboard.values(path, ["one"], part="seconds") == {}
    assert "no seconds of one" in capsys.readouterr().out
    assert scoreboard.values(path.with_name("gone.json"), ["one"]) == {}
    assert "does not exist" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [({"part": "loss"}, "part"), ({"source": "other"}, "source"), ({"models": [3]}, "models")],
)
def test_values_name_a_wrong_argument(results, arguments, named):
    with pytest.raises(ValueError, match=named):
        scoreboard.values(results(one=entry()), **{"models": ["one"]} | arguments)


def test_entries_are_those_of_the_models_that_the_file_has(results, capsys):
    path = results(**{"one layer": entry(), "first network": entry()})
    found = scoreboard.entries(path, ["one layer", "no such model"])
    assert found == {"one layer": entry()}
    assert capsys.readouterr().out == ""
    assert scoreboard.entries(path, ["one layer"], source="drawn") == {}
    assert scoreboard.entries(path.with_name("none.json"), ["one layer"]) == {}
    assert "make results" in capsys.readouterr().out
    with pytest.raises(ValueError, match="source"):
        scoreboard.entries(path, ["one layer"], source="both")

"""Recording a run, reading results, and comparing a reader's score with them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from helpers import evaluation, scoreboard

ROOT = Path(__file__).resolve().parents[2]
TEST = evaluation.Score(9230, 10_000, "mnist")
GOOD = {"seed": 1, "test": TEST, "parameters": 7850}


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """A folder for run files that does not exist yet, and a machine of a known name."""
    monkeypatch.setattr("helpers.environment.machine", lambda: "a machine")
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "build" / "runs"))
    for name in ("COURSE_DIGEST", "COURSE_CANARY"):
        monkeypatch.delenv(name, raising=False)
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


def only_file(folder):
    (path,) = folder.glob("*.json")
    return json.loads(path.read_text())


# Recording


class Model:
    """As much of a Keras model as `record` asks."""

    history = SimpleNamespace(epoch=[0, 1, 2])

    def count_params(self):
        return 7850


def test_a_run_says_what_ran_where_and_from_which_code(runs, monkeypatch):
    monkeypatch.setenv("COURSE_DIGEST", "d1")
    validation = evaluation.Score(4600, 5000, "mnist")
    given = {"seed": 3, "model": Model(), "test": TEST, "validation": validation}
    scoreboard.record("02_one_layer", "one layer", seconds=np.float32(2.5), ladder=True, **given)
    scoreboard.record("02_one_layer", "mean", seed=3, test=TEST, parameters=np.int64(10), epochs=0)
    run = only_file(runs)
    assert [run[key] for key in ("page", "source", "seed", "digest")] == [
        *("02_one_layer", "mnist", 3, "d1"),
    ]
    assert run["machine"] == "a machine" and run["versions"]["numpy"] == np.__version__
    assert run["models"]["one layer"] == {
        "parameters": 7850,
        "epochs": 3,
        "validation": {"correct": 4600, "n": 5000},
        "test": {"correct": 9230, "n": 10_000},
        "seconds": 2.5,
        "ladder": True,
    }
    assert run["models"]["mean"]["epochs"] == 0 and run["models"]["mean"]["parameters"] == 10
    monkeypatch.setenv("COURSE_DIGEST", "d2")  # other code: what it measured before is forgotten
    scoreboard.record("02_one_layer", "one layer", **given)
    assert list(only_file(runs)["models"]) == ["one layer"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"page": "../02"}, "page must be letters"),
        ({"name": " "}, "name must be text"),
        ({"seed": True}, "seed must be a whole number"),
        ({"seed": -1}, "seed must be a whole number from 0"),
        ({"seed": 10**400}, "seed must be a whole number from 0"),
        ({"test": None}, "test and validation must be scores"),
        ({"test": (9230, 10_000)}, "test must be an evaluation.Score"),
        ({"test": evaluation.Score(1, 2, "photos")}, "test must be an evaluation.Score"),
        ({"validation": evaluation.Score(1, 2, "drawn")}, "digits of one source"),
        ({"parameters": None}, "model must be a Keras model, or parameters"),
        ({"model": Model()}, "one of the two"),
        ({"parameters": None, "model": object()}, "model must be a Keras model; got object"),
        ({"parameters": None, "model": SimpleNamespace(count_params=lambda: 7)}, "epochs must be"),
        ({"parameters": -1}, "parameters must be a whole number"),
        ({"epochs": "3"}, "epochs must be a whole number"),
        ({"seconds": float("nan")}, "seconds must be"),
    ],
)
def test_an_argument_that_makes_no_sense_is_named_and_nothing_written(runs, wrong, said):
    given = {"page": "02_one_layer", "name": "one layer"} | GOOD | wrong
    with pytest.raises(ValueError, match=said) as error:
        scoreboard.record(given.pop("page"), given.pop("name"), **given)
    assert len(str(error.value)) < 500 and not runs.exists()


def test_nothing_is_written_where_nobody_asks_or_the_digits_are_a_canary(runs, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_CANARY", "1")
    scoreboard.record("02_one_layer", "one layer", **GOOD)
    assert "COURSE_CANARY" in capsys.readouterr().out and not runs.exists()
    runs.mkdir(parents=True)
    (runs / "canary").touch()
    scoreboard.record("02_one_layer", "one layer", **GOOD)
    assert only_file(runs)["models"]
    monkeypatch.setenv("COURSE_RUNS", "")
    scoreboard.record("02_one_layer", "other", **GOOD)
    assert list(only_file(runs)["models"]) == ["one layer"]


def test_a_folder_that_cannot_be_written_costs_one_line(runs, capsys):
    runs.parent.mkdir(parents=True)
    runs.write_text("a file where the folder should be")
    scoreboard.record("02_one_layer", "one layer", **GOOD)
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "cannot be written" in said


def test_two_writers_of_one_run_file_lose_nothing(runs):
    code = (
        "import sys\nfrom helpers import evaluation, scoreboard\n"
        "for i in range(25):\n"
        "    scoreboard.record('p', f'{sys.argv[1]}{i}', seed=1, parameters=1,"
        " test=evaluation.Score(1, 2, 'mnist'))"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    both = [subprocess.Popen([sys.executable, "-c", code, name], env=environment) for name in "ab"]
    assert [writer.wait() for writer in both] == [0, 0]
    assert len(only_file(runs)["models"]) == 50


# Reading


@pytest.mark.parametrize(
    "change",
    [
        lambda run, model: run.update(seed="x"),
        lambda run, model: run.update(models=3),
        lambda run, model: run.update(source="web"),
        lambda run, model: model.pop("parameters"),
        lambda run, model: model.update(seconds="x"),
        lambda run, model: model["test"].update(n=0),
        lambda run, model: model["test"].update(correct=6),
    ],
)
def test_a_damaged_run_file_is_named(tmp_path, change):
    model = {"parameters": 1, "epochs": 1, "validation": None, "seconds": 1.0}
    model["test"] = {"correct": 4, "n": 5}
    run = {"schema": 1, "page": "02_page", "source": "mnist", "seed": 1, "digest": "d"}
    run |= {"machine": "m", "versions": {"python": "3.11"}, "models": {"a": model}}
    path = tmp_path / "run.json"
    path.write_text(json.dumps(run))
    assert scoreboard.read_run(path)["models"] == {"a": model}
    change(run, model)
    path.write_text(json.dumps(run))
    with pytest.raises(scoreboard.ResultsError, match=r"run\.json is damaged .* Delete it and run"):
        scoreboard.read_run(path)


def test_values_are_those_of_the_file_and_what_it_lacks_is_named(results, capsys):
    path = results(a=entry(), b=entry((0.5,)))
    assert scoreboard.values(path, ["b", "a"]) == {"b": [0.5], "a": entry()["test"]["values"]}
    assert scoreboard.values(path, ["c", "a"], part="seconds") == {}
    assert "no seconds of c, a on mnist" in capsys.readouterr().out
    assert scoreboard.values(path.with_name("none.json"), ["a"]) == {}
    assert "does not exist. `make results` makes it" in capsys.readouterr().out
    for wrong in ({"names": "a"}, {"part": "tests"}, {"source": "both"}, {"names": [1]}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            scoreboard.values(path, **{"names": ["a"]} | wrong)


def test_the_ladder_comes_from_the_file(results, capsys):
    other = {"page": "networks", "ladder": True}
    path = results(
        late=entry(page="03_b", ladder=True),
        side=entry(page="03_b"),
        best=entry((0.99, 0.98), **other),
        good=entry((0.97,), **other),
        early=entry(page="00_a", ladder=True),
    )
    rows = scoreboard.rungs(path)
    assert [row["model"] for row in rows] == ["early", "late", "good", "best"]
    assert rows[2]["sd"] is None and rows[3]["mean"] == pytest.approx(0.985)
    section = scoreboard.read(path)["mnist"]
    assert [row["model"] for row in scoreboard.rungs(section, "00")] == ["early"]
    assert scoreboard.rungs(path.with_name("none.json")) == []
    scoreboard.show_ladder(path.with_name("none.json"))
    assert "No ladder to show" in capsys.readouterr().out


def test_what_a_reference_page_measures_for_a_chapter_stands_on_its_rung(results):
    seeds = {"last half percent, twenty seeds": entry(page="twenty_seeds")}
    path = results(
        one=entry(page="06_a", ladder=True),
        **seeds,
        own=entry((0.9,), page="07_the_last_half_percent"),
        other=entry(page="networks", ladder=True),
    )
    rows = scoreboard.rungs(path)
    assert [row["model"] for row in rows] == ["one", "last half percent", "other"]
    assert rows[1]["page"] == "07_the_last_half_percent" and rows[1]["seeds"] == 5
    assert [row["model"] for row in scoreboard.rungs(path, "07")] == ["one", "last half percent"]
    assert [row["model"] for row in scoreboard.rungs(path, "06")] == ["one"]


def test_what_was_read_is_known_afterwards(results, monkeypatch):
    monkeypatch.setattr(scoreboard, "_shown", {"mnist": {}, "drawn": {}, "ladder": {}})
    path = results(a=entry(), b=entry((0.5,), ladder=True))
    scoreboard.values(path, ["a"])
    scoreboard.rungs(path, "03")
    shown = scoreboard.shown()
    assert shown["mnist"]["a"] == {"test": scoreboard.fingerprint(entry()["test"]["values"])}
    assert shown["mnist"].keys() == {"a", "b"} and shown["ladder"].keys() == {"03"}
    assert "drawn" not in shown


def damaged(change):
    found = {"schema": 1, "mnist": {"a": entry()}, "drawn": {}}
    change(found)
    return json.dumps(found)


def in_test(**changes):
    return lambda found: found["mnist"]["a"]["test"].update(changes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is damaged"),
        ("[]", "has schema None"),
        ("{" * 100_000, "is damaged"),
        ('{"schema": 1, "mnist": {"a": 1, "a": 2}, "drawn": {}}', "'a' twice"),
        (damaged(in_test(mean=float("nan"))), "NaN is not a number"),
        (damaged(lambda found: found.update(schema=True)), "has schema True"),
        (damaged(lambda found: found.update(schema=2)), "newer course"),
        (damaged(lambda found: found.pop("drawn")), "no section 'drawn'"),
        (damaged(lambda found: found["mnist"].update(a=[])), "not as `make results` writes it"),
        (damaged(lambda found: found["mnist"]["a"].pop("versions")), "not as `make results`"),
        (damaged(lambda found: found["mnist"]["a"].pop("digest")), "it has no digest"),
        (damaged(in_test(mean=0.9)), "the mean of test"),
        (damaged(in_test(sd=0.1)), "the standard deviation of test"),
        (damaged(in_test(values=[0.923] * 4)), "4 values for 5 seeds"),
        (damaged(in_test(values=[1.2] * 5)), "not from 0 to 1"),
        (damaged(in_test(values=["0.9"] * 5)), "no number"),
        (damaged(in_test(mean=10**400)), "not as `make results` writes it"),
        (damaged(in_test(n_digits=0)), "n_digits of test"),
        (damaged(lambda found: found["mnist"]["a"]["test"].pop("n_digits")), "n_digits"),
    ],
)
def test_a_damaged_file_is_named_with_what_to_do_and_no_page_stops(tmp_path, text, said):
    path = tmp_path / "results.json"
    path.write_text(text)
    with pytest.raises(scoreboard.ResultsError, match=said) as error:
        scoreboard.read(path)
    assert str(path) in str(error.value) and "`git " in str(error.value)
    assert len(str(error.value)) < 700
    assert "nothing to compare it with" in scoreboard.compare(path, "a", TEST)


def test_what_is_no_file_is_named(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    expected = {"link": "is a link to", "none": "not exist", ".": "cannot be read"}
    for name, said in (expected | dict.fromkeys(("pipe", "/dev/zero"), "no file")).items():
        with pytest.raises(scoreboard.ResultsError, match=said):
            scoreboard.read(tmp_path / name)
    for wrong in (None, 3, "a\0b"):
        with pytest.raises(ValueError, match="path must name a file"):
            scoreboard.read(wrong)


# Comparing


def test_a_score_is_compared_with_the_prediction_interval(results):
    values = entry()["test"]["values"]
    half = stats.t.ppf(0.975, 4) * np.std(values, ddof=1) * np.sqrt(1 + 1 / 5)
    low, high = (100 * (np.mean(values) + side * half) for side in (-1, 1))
    path = results(a=entry())
    said = scoreboard.compare(path, "a", TEST)
    assert said == (f"expected 92.3 %, between {low:.1f} and {high:.1f} (5 seeds); yours 92.3 %.")
    outside = scoreboard.compare(path, "a", evaluation.Score(9100, 10_000, "mnist"))
    assert "outside" in outside and "10 epochs, python 3.11.9" in outside
    on_fewer = scoreboard.compare(path, "a", evaluation.Score(91, 100, "mnist"))
    assert "not the same test" in on_fewer and "outside" not in on_fewer


def test_an_edge_that_rounding_hides_gets_more_decimals(results):
    low, _ = evaluation.prediction_interval(entry()["test"]["values"], 10_000)
    just_below = evaluation.Score(int(low * 1_000_000) - 1, 1_000_000, "mnist")
    said = scoreboard.compare(results(a=entry()), "a", just_below)
    band, own = said.split("between ")[1].split(" and ")[0], said.split("yours ")[1].split(" %")[0]
    assert float(own) < float(band)


def test_one_seed_gives_no_band_and_drawn_digits_are_compared_with_their_own(results):
    path = results(a=entry((0.923,)))
    assert "one seed, so no band can be given" in scoreboard.compare(path, "a", TEST)
    drawn = scoreboard.compare(path, "a", evaluation.Score(9230, 10_000, "drawn"))
    assert drawn.startswith("DRAWN DIGITS, not MNIST: yours 92.30 %; nothing to compare")
    with pytest.raises(ValueError, match="score must be an evaluation.Score"):
        scoreboard.compare(path, "a", 0.923)

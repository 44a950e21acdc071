"""Running pages under several seeds, resuming, and merging into the results file."""

import copy
import json
import os
import signal
import subprocess
import sys
import time
import types
from pathlib import Path

import nbformat
import pytest

from helpers import scoreboard
from tools import pages, results

ROOT = Path(__file__).resolve().parents[2]
TOY = f"""\
import sys
sys.path.insert(0, {str(ROOT)!r})
from helpers import environment
from helpers.scoreboard import record
environment.machine = lambda: 'toy machine'"""
SCORE = """\
record("77_toy", "toy", seed=SEED, source="mnist", parameters=5, epochs=1, seconds=0.5,
       validation=(80 + SEED, 100), test=(90 + SEED, 100))"""


def page(path, *codes):
    """Write a page whose second cell holds the seed."""
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    seed = nbformat.v4.new_code_cell("SEED = 1", metadata={"tags": ["parameters"]})
    cells.insert(1, seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of pages that are not executed: `execute` records in this process instead.

    `course.add(name)` adds a page, `course.make(*options)` runs the command, `course.executed`
    lists (page, seed), and `course.instead[name]` is called in place of recording.
    """
    made = types.SimpleNamespace(executed=[], instead={}, paths=[], environments=[], timeouts=[])
    made.out, made.runs = tmp_path / "results.json", tmp_path / "runs"
    monkeypatch.setattr("helpers.environment.machine", lambda: "a machine")
    for name in ("MNIST_SOURCE", "MNIST_DIR", "COURSE_RUNS", "COURSE_DIGEST"):
        monkeypatch.delenv(name, raising=False)

    def execute(path, *, seed=None, env=None, timeout=0):
        made.executed.append((path.stem, seed))
        made.environments.append(env)
        made.timeouts.append(timeout)
        with monkeypatch.context() as patch:
            for name in ("COURSE_RUNS", "COURSE_DIGEST"):
                patch.setenv(name, env[name])
            score = {"seed": seed, "source": env["MNIST_SOURCE"], "parameters": 5}
            if path.stem in made.instead:
                made.instead[path.stem](seed)
            else:
                scoreboard.record(path.stem, path.stem[3:], **score, test=(90 + seed, 100))

    def add(name, code="record()"):
        made.paths.append(page(tmp_path / "notebooks" / f"{name}.ipynb", "1", code))
        monkeypatch.setattr(pages, "PAGES", sorted(set(made.paths)))

    def make(*options):
        return results.main(["--out", str(made.out), "--runs", str(made.runs), *options])

    made.add, made.make = add, make
    monkeypatch.setattr(pages, "execute", execute)
    monkeypatch.setattr(pages, "PAGES", [])
    monkeypatch.setattr(pages, "REFERENCE", [])
    return made


def run(seed=1, page="02_one_layer", source="mnist", digest="d1", **models):
    score = {"parameters": 7850, "epochs": 10, "seconds": 2.0, "validation": None}
    if not models:
        models = {"one layer": {"test": {"correct": 9200 + seed, "n": 10_000}}}
    return {
        "schema": 1,
        "page": page,
        "source": source,
        "seed": seed,
        "digest": digest,
        "machine": "a machine",
        "versions": {"python": scoreboard.installed_version("python")},
        "models": {name: score | model for name, model in models.items()},
    }


EMPTY = {"schema": 1, "mnist": {}, "drawn": {}}
DIGESTS = {"02_one_layer": "d1", "03_deep": "d3"}


def merged(*runs, into=EMPTY, digests=DIGESTS, **options):
    return results.merge(into, runs, digests, **options)


def in_own_process(paths, *options):
    """Start the command on these pages in a process of its own, kernels and all."""
    program = f"""
import pathlib, sys
from tools import pages, results
pages.PAGES, pages.REFERENCE = [pathlib.Path(path) for path in {[str(p) for p in paths]!r}], []
sys.exit(results.main({list(map(str, options))!r}))
"""
    environment = {name: value for name, value in os.environ.items() if name != "MNIST_SOURCE"}
    command = [sys.executable, "-c", program]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_a_real_page_runs_under_two_seeds_and_is_merged(tmp_path):
    toy = page(tmp_path / "notebooks" / "77_toy.ipynb", TOY, SCORE)
    out, runs = tmp_path / "results.json", tmp_path / "runs"
    options = ("--seeds", 2, "--out", out, "--runs", runs)
    command = in_own_process([toy], *options)
    said, _ = command.communicate(timeout=60)
    assert command.returncode == 0, said
    entry = scoreboard.read(out)["mnist"]["toy"]
    assert entry["seeds"] == [1, 2]
    assert entry["test"] == {"n_digits": 100, "mean": 0.915, "sd": 0.007071, "values": [0.91, 0.92]}
    assert entry["seconds"]["values"] == [0.5, 0.5]
    assert entry["machine"] == "toy machine"
    assert entry["digest"] == results.page_digests([toy])["77_toy"]
    assert "[2/2] 77_toy, seed 2, mnist: done" in said
    assert "91.50 ± 0.71 %" in said
    assert "SEED = 1" in toy.read_text()  # the seed changes in memory only


def test_ctrl_c_stops_a_real_page_and_keeps_the_finished_one(tmp_path):
    wait = (
        f"import pathlib, time\npathlib.Path({str(tmp_path / 'reached')!r}).touch()\ntime.sleep(99)"
    )
    toy = page(tmp_path / "notebooks" / "77_toy.ipynb", TOY, SCORE)
    endless = page(tmp_path / "notebooks" / "78_endless.ipynb", TOY, wait, "record()")
    out, runs = tmp_path / "results.json", tmp_path / "runs"
    command = in_own_process([toy, endless], "--seeds", 1, "--out", out, "--runs", runs)
    while not (tmp_path / "reached").exists() and command.poll() is None:
        time.sleep(0.05)
    command.send_signal(signal.SIGINT)
    said, _ = command.communicate(timeout=60)
    assert command.returncode == 130, said
    assert "Stopped. Finished runs are kept" in said
    assert [path.name for path in runs.iterdir()] == ["77_toy-mnist-seed1.json"]
    assert not out.exists()


def test_resumes_where_it_stopped_and_keeps_finished_seeds(course):
    def stop(seed):
        raise KeyboardInterrupt

    course.add("01_data")
    course.add("02_one")
    course.instead["02_one"] = stop
    assert course.make("--seeds", "2") == 130
    assert not course.out.exists()
    assert [path.name for path in course.runs.iterdir()] == ["01_data-mnist-seed1.json"]
    course.instead.clear()
    course.executed.clear()
    assert course.make("--seeds", "2") == 0
    assert course.executed == [("02_one", 1), ("01_data", 2), ("02_one", 2)]
    assert scoreboard.read(course.out)["mnist"]["data"]["seeds"] == [1, 2]


def test_a_failed_run_is_named_and_the_others_go_on(course, capsys):
    def fail(seed):
        raise pages.PageError("01_data.ipynb, cell 3: the loss is NaN", None, 3)

    course.add("01_data")
    course.add("02_one")
    course.instead["01_data"] = fail
    assert course.make("--seeds", "1") == 1
    assert set(scoreboard.read(course.out)["mnist"]) == {"one"}
    assert "FAILED: 01_data, seed 1, mnist: 01_data.ipynb, cell 3" in capsys.readouterr().out


def test_a_page_that_records_nothing_or_under_another_name_has_failed(course, capsys):
    course.add("01_data")
    course.add("02_one")
    course.instead["01_data"] = lambda seed: None
    course.instead["02_one"] = lambda seed: scoreboard.record(
        "02_other", "a", seed=seed, source="mnist", parameters=1
    )
    assert course.make("--seeds", "1") == 1
    said = capsys.readouterr().out
    assert "it recorded nothing, expected 01_data-mnist-seed1.json" in said
    assert "recorded ['02_other-mnist-seed1.json']" in said
    assert list(course.runs.iterdir()) == []


def test_a_reference_page_is_measured_like_the_others_without_a_limit(
    course, tmp_path, monkeypatch
):
    course.add("01_data")
    network = page(tmp_path / "notebooks" / "reference" / "networks.ipynb", "1", "record()")
    monkeypatch.setattr(pages, "REFERENCE", [network])
    assert course.make("--seeds", "2", "--pages", "reference/networks") == 0
    assert course.executed == [("networks", 1), ("networks", 2)]
    assert course.make("--seeds", "1") == 0
    assert course.executed[2:] == [("01_data", 1)]
    assert course.timeouts == [None, None, pages.TIMEOUT]
    entries = scoreboard.read(course.out)["mnist"].values()
    assert {entry["page"]: entry["seeds"] for entry in entries} == {
        "01_data": [1],
        "networks": [1, 2],
    }


def test_a_page_without_a_recorder_is_not_run(course):
    course.add("00_watch", "print('no recorder here')")
    course.add("01_data")
    assert course.make("--seeds", "1") == 0
    assert course.executed == [("01_data", 1)]


def test_an_edited_page_is_run_again_and_its_old_numbers_go(course, capsys):
    course.add("01_data")
    course.add("02_one")
    assert course.make("--seeds", "2") == 0
    course.add("02_one", "record()  \nepochs = 3")
    course.executed.clear()
    assert course.make("--seeds", "1") == 0
    assert course.executed == [("02_one", 1)]
    assert scoreboard.read(course.out)["mnist"]["one"]["seeds"] == [1]
    assert scoreboard.read(course.out)["mnist"]["data"]["seeds"] == [1, 2]
    said = capsys.readouterr().out
    assert "Dropped: one (02_one, mnist): the page's code has changed since." in said
    assert "Left out: 02_one, seed 2, mnist" in said


def test_a_damaged_run_file_is_run_again(course):
    course.add("01_data")
    assert course.make("--seeds", "1") == 0
    (course.runs / "01_data-mnist-seed1.json").write_text('{"schema"')
    course.executed.clear()
    assert course.make("--seeds", "1") == 0
    assert course.executed == [("01_data", 1)]


def test_pages_are_told_the_source(course):
    course.add("01_data")
    assert course.make("--seeds", "1", "--source", "drawn") == 0
    environment = course.environments[0]
    assert environment["MNIST_SOURCE"] == "drawn"
    assert environment["PATH"] == os.environ["PATH"]
    written = scoreboard.read(course.out)
    assert written["mnist"] == {}
    assert set(written["drawn"]) == {"data"}


def test_merge_only_runs_nothing(course):
    course.add("01_data")
    assert course.make("--seeds", "1") == 0
    course.out.unlink()
    course.executed.clear()
    assert course.make("--merge-only") == 0
    assert course.executed == []
    assert set(scoreboard.read(course.out)["mnist"]) == {"data"}


@pytest.mark.parametrize("broken", ["{", '{"schema": 0, "mnist": {}, "drawn": {}}', ""])
def test_a_damaged_results_file_is_moved_aside_and_rebuilt(course, capsys, broken):
    course.add("01_data")
    assert course.make("--seeds", "2") == 0
    for number, name in enumerate(("results.json.damaged", "results.json.damaged2")):
        course.out.write_text(broken)
        assert course.make("--merge-only") == 0
        aside = course.out.with_name(name)
        assert aside.read_text() == broken, number
        assert str(aside) in capsys.readouterr().out
        assert scoreboard.read(course.out)["mnist"]["data"]["seeds"] == [1, 2]


def spoil(course, change):
    """Change the stored results by hand; return the file's text."""
    stored = json.loads(course.out.read_text())
    change(stored["mnist"])
    course.out.write_text(json.dumps(stored))
    return course.out.read_text()


SPOILED = [
    lambda models: models["one"]["seeds"].append("3"),
    lambda models: models["one"]["test"]["values"].pop(),
    lambda models: models["one"]["test"].update(mean=0.5),
    lambda models: models["one"]["test"].update(sd=float("nan")),
    lambda models: models["one"].pop("machine"),
]


@pytest.mark.parametrize("change", SPOILED, ids=range(len(SPOILED)))
def test_one_damaged_entry_does_not_cost_the_sound_ones(course, capsys, change):
    course.add("01_data")
    course.add("02_one")
    assert course.make("--seeds", "2") == 0
    sound = scoreboard.read(course.out)["mnist"]["data"]
    broken = spoil(course, change)
    for path in course.runs.iterdir():
        path.unlink()
    assert course.make("--merge-only") == 1
    assert scoreboard.read(course.out)["mnist"] == {"data": sound}
    assert course.out.with_name("results.json.damaged").read_text() == broken
    said = capsys.readouterr().out
    assert "kept: sound entries (1)" in said
    assert "Damaged: one (mnist).\n" in said and "Damaged: data" not in said


@pytest.mark.parametrize("change", [lambda models: models.update(one=3), lambda models: None])
def test_what_is_no_entry_or_no_section_costs_no_sound_one(course, change):
    course.add("01_data")
    assert course.make("--seeds", "1") == 0
    sound = scoreboard.read(course.out)["mnist"]
    spoil(course, change)
    stored = json.loads(course.out.read_text())
    course.out.write_text(json.dumps(stored | {"drawn": [], "more": 1}))
    assert course.make("--merge-only") == 0
    assert scoreboard.read(course.out) == EMPTY | {"mnist": sound}


def test_fewer_runs_do_not_replace_a_damaged_entry_of_more_seeds(course, capsys):
    course.add("01_data")
    course.add("02_one")
    assert course.make("--seeds", "3") == 0
    (course.runs / "02_one-mnist-seed3.json").unlink()
    spoil(course, lambda models: models["one"].pop("machine"))
    text = course.out.read_text()
    assert course.make("--merge-only") == 1
    assert set(scoreboard.read(course.out)["mnist"]) == {"data"}
    said = capsys.readouterr().out
    assert said.count("PROBLEM: one (mnist) is damaged, 3 seeds, and finished runs have fewer") == 1
    course.out.write_text(text)
    assert course.make("--merge-only", "--fewer-seeds") == 0
    assert scoreboard.read(course.out)["mnist"]["one"]["seeds"] == [1, 2]


def test_a_damaged_entry_of_other_code_does_not_stand_in_the_way(course):
    course.add("01_data")
    assert course.make("--seeds", "2") == 0
    spoil(course, lambda models: models["data"].pop("machine"))
    course.add("01_data", "record()\nmore = 1")
    assert course.make("--seeds", "1") == 0
    assert scoreboard.read(course.out)["mnist"]["data"]["seeds"] == [1]


def test_a_newer_results_file_is_left_alone(course, capsys):
    course.add("01_data")
    course.out.write_text('{"schema": 99}')
    assert course.make("--seeds", "1") == 1
    assert course.out.read_text() == '{"schema": 99}'
    assert "git pull" in capsys.readouterr().out
    assert (course.runs / "01_data-mnist-seed1.json").exists()


def test_pages_are_chosen_by_the_start_of_their_name(course, capsys):
    course.add("01_data")
    course.add("02_one")
    assert course.make("--seeds", "1", "--pages", "02") == 0
    assert course.executed == [("02_one", 1)]
    assert course.make("--pages", "9") == 2
    assert "01_data, 02_one" in capsys.readouterr().out


@pytest.mark.parametrize("options", [["--seeds", "0"], ["--seeds", "x"], ["--source", "fonts"]])
def test_bad_options_are_refused(course, options):
    with pytest.raises(SystemExit) as caught:
        course.make(*options)
    assert caught.value.code == 2


def test_a_bad_source_in_the_environment_is_refused(course, monkeypatch, capsys):
    monkeypatch.setenv("MNIST_SOURCE", "MNIST")
    with pytest.raises(SystemExit):
        course.make()
    assert "mnist or drawn" in capsys.readouterr().err


def test_merge_adds_seeds_to_those_of_the_same_code_and_versions():
    first, _, _ = merged(run(1), run(2))
    before = copy.deepcopy(first)
    second, _, problems = merged(run(3), into=first)
    assert first == before
    assert problems == []
    entry = second["mnist"]["one layer"]
    assert entry["seeds"] == [1, 2, 3]
    assert entry["test"]["values"] == [0.9201, 0.9202, 0.9203]
    assert entry["test"]["mean"] == 0.9202


def test_a_seed_measured_again_replaces_the_old_one():
    first, _, _ = merged(run(1), run(2))
    again = run(1, **{"one layer": {"test": {"correct": 9000, "n": 10_000}}})
    second, _, _ = merged(again, into=first)
    assert second["mnist"]["one layer"]["test"]["values"] == [0.9, 0.9202]


@pytest.mark.parametrize("digest", [None, "d0", "d3"])
def test_a_run_of_other_code_never_enters(digest):
    result, notes, _ = merged(run(1, digest=digest))
    assert result == EMPTY
    assert notes == [
        "Left out: 02_one_layer, seed 1, mnist: a run of other code or other versions than now."
    ]


def test_a_run_of_other_versions_never_enters():
    other = run(1)
    other["versions"] = {"python": "3.0"}
    assert merged(other)[0] == EMPTY


def test_the_sources_are_never_mixed():
    result, _, _ = merged(run(1), run(2, source="drawn"))
    assert result["mnist"]["one layer"]["seeds"] == [1]
    assert result["drawn"]["one layer"]["seeds"] == [2]


def test_fewer_seeds_of_newer_versions_do_not_replace_more():
    first, _, _ = merged(run(1), run(2))
    first["mnist"]["one layer"]["versions"] = {"python": "3.0"}
    kept, notes, problems = merged(run(1), into=first)
    assert kept["mnist"]["one layer"]["versions"] == {"python": "3.0"}
    assert "Kept: one layer (mnist): 2 seeds of other versions" in notes[0]
    assert "--fewer-seeds" in notes[0] and problems == []
    fewer, _, _ = merged(run(1), into=first, fewer_seeds=True)
    assert fewer["mnist"]["one layer"]["seeds"] == [1]
    assert fewer["mnist"]["one layer"]["versions"] == run(1)["versions"]
    replaced, _, _ = merged(run(4), run(5), into=first)
    assert replaced["mnist"]["one layer"]["seeds"] == [4, 5]


def test_models_of_a_missing_page_go_only_when_told():
    first, _, _ = merged(run(1))
    kept, notes, _ = merged(into=first, digests={})
    assert "one layer" in kept["mnist"]
    assert "--drop-missing" in notes[0]
    dropped, notes, _ = merged(into=first, digests={}, drop_missing=True)
    assert dropped["mnist"] == {}
    assert "Dropped: one layer" in notes[0]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"parameters": 1}, "parameters"),
        ({"epochs": 3}, "epochs"),
        ({"test": {"correct": 1, "n": 2}}, "test_n"),
        ({"test": None}, "test is missing for some seeds"),
    ],
)
def test_seeds_that_disagree_are_named_and_not_merged(change, named):
    score = {"test": {"correct": 9200, "n": 10_000}}
    result, _, problems = merged(run(1, a=score), run(2, a=score | change))
    assert result["mnist"] == {}
    assert named in problems[0]


def test_one_name_cannot_stand_for_two_models():
    score = {"test": {"correct": 9200, "n": 10_000}}
    result, _, problems = merged(run(1, a=score), run(1, page="03_deep", digest="d3", a=score))
    assert result["mnist"] == {}
    assert "02_one_layer and 03_deep" in problems[0]


def test_what_merge_makes_is_what_read_accepts(tmp_path):
    thirds = {"test": {"correct": 1, "n": 3}, "seconds": None}
    result, _, _ = merged(run(1), run(2, page="03_deep", digest="d3", third=thirds))
    path = tmp_path / "results.json"
    scoreboard.write_atomically(path, result)
    assert scoreboard.read(path) == json.loads(json.dumps(result))


def test_ladder_has_a_line_a_model_and_marks_drawn_digits():
    score = {"test": {"correct": 95, "n": 100}, "validation": {"correct": 4, "n": 5}}
    table = results.ladder([run(1, mean=score), run(1, source="drawn", a={"test": None})])
    head, line, mnist, drawn = table.splitlines()
    assert " ".join(mnist.split()) == "mean 7,850 80.00 % 95.00 % (88.82–97.85) 2.0 MNIST"
    assert drawn.endswith("DRAWN DIGITS, not MNIST")
    assert head.index("digits") == mnist.index("MNIST") == drawn.index("DRAWN")
    assert set(line) == {"─", " "}


def test_ladders_of_nothing_say_so():
    assert results.ladder([]) == "No results were recorded."
    assert results.results_ladder(EMPTY) == "No results yet."


def test_load_runs_names_what_is_damaged(tmp_path, capsys):
    scoreboard.write_atomically(tmp_path / "b.json", run(10))
    scoreboard.write_atomically(tmp_path / "a.json", run(9))
    (tmp_path / "c.json").write_text("{")
    assert [found["seed"] for found in results.load_runs(tmp_path)] == [9, 10]
    assert "c.json" in capsys.readouterr().out
    assert results.load_runs(tmp_path / "none") == []

"""Running pages under several seeds, resuming, merging into the results file, and its soundness."""

import copy
import json
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import nbformat
import pytest

from helpers import evaluation, scoreboard
from tools import digests, merging, pages, reading, results, sound

COMMITTED = scoreboard.read(results.RESULTS)
BEST = "last half percent, twenty seeds"
CODE = "width = 30\nmodel.fit(width)\nscoreboard.record('x', 'x', seed=SEED)"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of pages that are not executed: `execute` records in this process instead.

    `add(name, code)` adds a page or changes its code, `make(*options)` runs the command, `entry`
    reads the results file; `executed` lists (page, seed), `right` says how many digits of 10,000
    are read right by seed, and `models` which models a page has.
    """
    made = SimpleNamespace(executed=[], paths=[], models={}, right=lambda seed: 9000 + seed)
    made.out, made.runs = tmp_path / "results.json", tmp_path / "runs"
    monkeypatch.setattr("helpers.environment.machine", lambda: "a machine")
    for name in ("MNIST_SOURCE", "COURSE_RUNS", "COURSE_DIGEST", "COURSE_CANARY", "COURSE_SEALED"):
        monkeypatch.delenv(name, raising=False)

    def execute(path, *, seed=None, env=None, timeout=0):
        made.executed.append((path.stem, seed))
        score = evaluation.Score(made.right(seed), 10_000, env["MNIST_SOURCE"])
        with monkeypatch.context() as patch:
            for name in ("COURSE_RUNS", "COURSE_DIGEST"):
                patch.setenv(name, env[name])
            for model in made.models.get(path.stem, [path.stem]):
                given = {"seconds": 1.5, "epochs": 2, "parameters": 7, "ladder": True}
                scoreboard.record(path.stem, model, seed=seed, test=score, **given)

    def add(name, code=CODE, seeds=None):
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        if seeds:
            notebook.metadata["course"] = {"seeds": seeds}
        nbformat.write(notebook, path)
        made.paths = sorted({*made.paths, path})
        monkeypatch.setattr(pages, "PAGES", made.paths)

    def make(*options):
        made.executed.clear()
        return results.main(["--out", str(made.out), "--runs", str(made.runs), *options])

    made.add, made.make = add, make
    made.entry = lambda name: json.loads(made.out.read_text())["mnist"].get(name)
    monkeypatch.setattr(pages, "execute", execute)
    monkeypatch.setattr(pages, "PAGES", [])
    monkeypatch.setattr(pages, "REFERENCE", [])
    monkeypatch.setattr(results, "SEEDS", 2)
    return made


def forget_runs(course):
    """As in a fresh clone: results.json is there, build/ is not."""
    for path in course.runs.glob("*"):
        path.unlink()


def test_each_page_runs_under_as_many_seeds_as_it_wants(course, capsys):
    course.add("00_a")
    course.add("04_b", seeds=3)
    course.add("05_records_nothing", "print(1)")
    assert course.make() == 0
    assert course.executed == [
        *[("00_a", 1), ("04_b", 1), ("00_a", 2), ("04_b", 2), ("04_b", 3)],
    ]
    entry = course.entry("04_b")
    assert entry["seeds"] == [1, 2, 3] and entry["test"]["values"] == [0.9001, 0.9002, 0.9003]
    assert entry["test"]["mean"] == 0.9002 and entry["test"]["sd"] == 0.0001
    assert entry["ladder"] is True and not {"stale", "under_way"} & entry.keys()
    assert sound.problems(scoreboard.read(course.out)) == []
    said = capsys.readouterr().out
    assert "[5/5] 04_b, seed 3, mnist: done" in said and "90.02 ± 0.01 %" in said
    assert course.make() == 0 and course.executed == []
    course.add("05_records_nothing", "print(1)", seeds="many")
    assert course.make() == 2
    assert "course.seeds in the metadata of 05_records_nothing.ipynb" in capsys.readouterr().out


def test_seeds_in_the_results_file_are_not_run_again(course):
    course.add("04_b", seeds=4)
    assert course.make("--seeds", "2", "--pages", "04") == 0
    assert course.entry("04_b")["under_way"] == "2 of 4 seeds"
    forget_runs(course)
    assert course.make() == 0 and course.executed == [("04_b", 3), ("04_b", 4)]
    assert course.entry("04_b")["seeds"] == [1, 2, 3, 4]
    assert "under_way" not in course.entry("04_b")


def test_a_run_that_fails_is_named_and_the_command_goes_on_from_there(course, capsys):
    course.add("00_a")
    course.add("02_b")
    right = course.right
    course.right = lambda seed: right(seed) if len(course.executed) != 2 else 1 / 0
    with pytest.raises(ZeroDivisionError):  # dies half-way, as a full disk may let it
        course.make()
    course.right = right
    assert course.entry("00_a")["seeds"] == [1]
    assert course.make() == 0
    assert course.executed == [("02_b", 1), ("00_a", 2), ("02_b", 2)]
    capsys.readouterr()

    course.add("03_c")
    course.models["03_c"] = []  # records nothing
    assert course.make() == 1
    assert "FAILED: 03_c, seed 1, mnist: it recorded nothing" in capsys.readouterr().out


def test_a_page_measured_anew_leaves_the_others_as_they_are(course):
    course.add("00_a")
    course.add("02_b")
    course.make()
    before = course.entry("02_b")
    course.add("00_a", CODE.replace("30", "60"))
    course.right = lambda seed: 9500 + seed
    forget_runs(course)
    assert course.make("--pages", "00") == 0
    assert course.entry("00_a")["test"]["values"] == [0.9501, 0.9502]
    assert course.entry("02_b") == before


def test_a_stale_entry_stays_and_is_marked_until_as_many_seeds_are_there(course, capsys):
    course.add("04_b", seeds=3)
    course.make()
    course.add("04_b", CODE.replace("30", "60"), seeds=3)
    assert course.make("--merge-only") == 0
    assert course.entry("04_b")["stale"] is True and course.entry("04_b")["seeds"] == [1, 2, 3]
    assert "Stale: 04_b (mnist)" in capsys.readouterr().out

    course.right = lambda seed: 9500 + seed
    assert course.make("--seeds", "2") == 0
    assert course.entry("04_b")["stale"] and course.entry("04_b")["test"]["mean"] == 0.9002
    assert "seed 1: 9,501 of 10,000 right, 9,001 of 10,000 in results.json" in (
        capsys.readouterr().out
    )
    assert course.make() == 0 and course.executed == [("04_b", 3)]
    assert course.entry("04_b")["test"]["mean"] == 0.9502 and "stale" not in course.entry("04_b")


def test_only_a_named_option_drops_what_is_stale(course):
    course.add("00_a")
    course.make()
    course.add("00_a", CODE.replace("30", "60"))
    course.right = lambda seed: 9500 + seed
    course.make("--seeds", "1")
    assert len(course.entry("00_a")["seeds"]) == 2
    course.make("--merge-only", "--drop-stale")
    assert course.entry("00_a")["seeds"] == [1]
    assert course.entry("00_a")["under_way"] == "1 of 2 seeds"


def test_seed_1_with_the_same_counts_stamps_all_seeds(course, capsys):
    course.add("04_b", seeds=20)
    course.make()
    before = course.entry("04_b")
    course.add("04_b", CODE.replace("30", "15 + 15"), seeds=20)
    forget_runs(course)
    assert course.make() == 0 and course.executed == [("04_b", 1)]
    after = course.entry("04_b")
    assert after.pop("digest") != before.pop("digest") and after == before
    assert "gives the counts that are there: all seeds hold" in capsys.readouterr().out
    assert sound.problems(scoreboard.read(course.out)) == []


def test_restamp_runs_one_seed_and_names_what_differs(course, capsys):
    course.add("00_a")
    course.add("04_b", seeds=3)
    course.make()
    course.add("04_b", CODE.replace("30", "60"), seeds=3)
    course.right = lambda seed: 9500 + seed
    assert course.make("--restamp") == 1 and course.executed == [("04_b", 1)]
    assert "04_b, test, seed 1: 9,501 of 10,000 right" in capsys.readouterr().out
    assert course.entry("04_b")["stale"] and course.entry("04_b")["seeds"] == [1, 2, 3]


def test_other_versions_and_machines_are_noted_and_make_nothing_stale(course, monkeypatch):
    course.add("00_a")
    course.make("--seeds", "1")
    monkeypatch.setattr("helpers.environment.machine", lambda: "another machine")
    monkeypatch.setattr(scoreboard, "installed_version", lambda name: "99")
    assert course.make() == 0
    entry = course.entry("00_a")
    assert entry["machine"] == "a machine; another machine"
    assert entry["versions"]["numpy"].endswith(", 99") and entry["seeds"] == [1, 2]


def test_drawn_digits_have_a_section_and_one_seed_of_their_own(course):
    course.add("00_a")
    assert course.make("--source", "drawn") == 0 and course.executed == [("00_a", 1)]
    found = json.loads(course.out.read_text())
    assert found["mnist"] == {} and found["drawn"]["00_a"]["seeds"] == [1]


def test_one_name_stands_for_one_model(course, capsys):
    course.add("00_a")
    course.add("02_b")
    course.models |= {"00_a": ["same"], "02_b": ["same"]}
    assert course.make() == 1
    assert "recorded by 00_a and 02_b" in capsys.readouterr().out


def test_a_model_that_no_page_records_is_named_and_kept(course, capsys):
    course.add("00_a")
    course.models["00_a"] = ["old", "other"]
    course.make()
    course.add("00_a", CODE.replace("30", "60"))
    course.models["00_a"] = ["new", "other"]
    assert course.make() == 1 and course.entry("old")
    assert "00_a does not record it; --drop-missing drops it" in capsys.readouterr().out
    assert course.make("--drop-missing") == 0 and course.entry("old") is None


TWICE = '{"schema": 1, "mnist": {"a": 1, "a": 2}, "drawn": {}}'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TWICE, "'a' twice"),
        ('{"schema": 7, "mnist": {}, "drawn": {}}', "newer course"),
        ('{"schema": 1, "mnist": {"x": {"page": "00_a"}}, "drawn": {}}', "is damaged"),
        (json.dumps(COMMITTED), "which does not exist. Kept."),
        (json.dumps(COMMITTED | {"more": 1}), "kept as it is"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_kept(course, capsys, content, said):
    course.add("00_a")
    course.out.write_text(content)
    assert course.make() == 1 and course.executed == []
    assert said in capsys.readouterr().out and course.out.read_text() == content


def test_what_cannot_be_written_is_said_before_anything_runs(course, capsys, monkeypatch):
    course.add("00_a")
    course.runs.write_text("a file where the folder should be")
    assert course.make() == 1 and course.executed == []
    assert "nothing was run" in capsys.readouterr().out
    course.runs.unlink()

    def full(path, content):
        raise OSError(28, "No space left on device", str(path))

    course.make("--seeds", "1")
    monkeypatch.setattr("helpers.saving.write", full)
    before = course.out.read_text()
    assert course.make() == 1 and course.out.read_text() == before
    said = capsys.readouterr().out
    assert "No space left" in said and "kept" not in said


@pytest.mark.parametrize(
    ("options", "variables", "said"),
    [
        (["--pages", "99"], {}, "No page starts with '99'. Pages: 00_a"),
        (["--seeds", "0"], {}, "expected a number from 1 to 1000"),
        ([], {"KERAS_BACKEND": "mxnet"}, "one of tensorflow, jax, torch; it is 'mxnet'"),
        ([], {"MNIST_SOURCE": "web"}, "one of mnist, drawn; it is 'web'"),
        ([], {"COURSE_SEALED": "1"}, "COURSE_SEALED is set"),
    ],
)
def test_what_there_is_not_is_named_with_the_choices(
    course, capsys, monkeypatch, options, variables, said
):
    course.add("00_a")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    try:
        code = course.make(*options)
    except SystemExit as exit:
        code = exit.code
    printed = capsys.readouterr()
    assert code == 2 and said in printed.out + printed.err and course.executed == []


def test_ctrl_c_keeps_what_is_done(tmp_path):
    """The real command on a real page: stopped in its second seed, it goes on from there."""
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    code = (
        f"import sys, time\nsys.path.insert(0, {str(pages.ROOT)!r})\n"
        "from helpers import evaluation, scoreboard\n"
        "if SEED == 2:\n    time.sleep(60)\n"
        "scoreboard.record('77_toy', 'toy', seed=SEED, parameters=5,\n"
        "                  test=evaluation.Score(90, 100, 'mnist'))"
    )
    cells = [nbformat.v4.new_code_cell("SEED = 1"), nbformat.v4.new_code_cell(code)]
    cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebooks / "77_toy.ipynb")
    command = (
        "import sys\nfrom pathlib import Path\nfrom tools import pages, results\n"
        f"pages.PAGES, pages.REFERENCE = [Path({str(notebooks / '77_toy.ipynb')!r})], []\n"
        f"sys.exit(results.main(['--seeds', '2', '--out', {str(tmp_path / 'results.json')!r}, "
        f"'--runs', {str(tmp_path / 'runs')!r}]))"
    )
    environment = os.environ | {"MNIST_SOURCE": "mnist", "PYTHONPATH": str(pages.ROOT)}
    running = subprocess.Popen([sys.executable, "-c", command], env=environment)
    waited = time.monotonic()
    while not (tmp_path / "results.json").exists() and time.monotonic() - waited < 120:
        time.sleep(0.2)
    time.sleep(1)
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 130
    entry = scoreboard.read(tmp_path / "results.json")["mnist"]["toy"]
    assert entry["seeds"] == [1] and entry["under_way"] == "1 of 5 seeds"
    assert not list((tmp_path / "runs").glob("running-*"))


# What the committed file and pages must be


def test_the_committed_results_are_sound():
    assert sound.problems(COMMITTED) == []
    assert [line for source in scoreboard.SOURCES for line in sound.stale(COMMITTED, source)] == []


@pytest.mark.parametrize("path", [*pages.PAGES, *pages.REFERENCE], ids=lambda path: path.stem)
def test_a_page_shows_the_results_as_they_are(path):
    assert sound.drift(reading.load(path, pages.ROOT), COMMITTED) == []


def swap(section):
    section[BEST]["test"], section["dense"]["test"] = (
        section["dense"]["test"],
        section[BEST]["test"],
    )


def faster(section):
    spread = section[BEST]["seconds"]
    spread["values"] = [value / 10 for value in spread["values"]]
    spread["mean"], spread["sd"] = spread["mean"] / 10, spread["sd"] / 10


def fewer(section):
    entry = section[BEST]
    entry["seeds"] = entry["seeds"][:-1]
    for part in ("test", "seconds"):
        values = entry[part]["values"][:-1]
        entry[part] |= merging._spread(values, part)


@pytest.mark.parametrize(
    "change",
    [
        swap,
        faster,
        fewer,
        lambda section: section[BEST]["test"].update(n_digits=1000),
        lambda section: section[BEST].update(parameters=1),
        lambda section: section[BEST].update(seeds=[1, 2, 3, 4, 6]),
        lambda section: section.update({"another": section[BEST]}),
        lambda section: section[BEST].pop("sum"),
        lambda section: section[BEST].update(digest="0"),
    ],
)
def test_results_changed_by_hand_are_named(change):
    found = copy.deepcopy(COMMITTED)
    change(found["mnist"])
    lines = sound.problems(found) or sound.stale(found)
    assert any(BEST in line or "another" in line or "twenty_seeds" in line for line in lines)


def test_a_stale_page_is_named_with_the_command_that_runs_seed_1_alone():
    found = copy.deepcopy(COMMITTED)
    found["mnist"][BEST].update(digest="0")
    (line,) = [line for line in sound.stale(found) if line.startswith(found["mnist"][BEST]["page"])]
    assert f"--restamp --pages {found['mnist'][BEST]['page']}`" in line


def test_numbers_changed_by_hand_stay_as_they_are(course, capsys):
    course.add("00_a", seeds=3)
    course.make("--seeds", "2")
    found = json.loads(course.out.read_text())
    found["mnist"]["00_a"]["parameters"] = 8
    course.out.write_text(json.dumps(found))
    assert course.make() == 1
    assert "not those that `make results` wrote" in capsys.readouterr().out
    assert course.entry("00_a")["parameters"] == 8 and course.entry("00_a")["seeds"] == [1, 2]


def shows(said, **course):
    """A page as executed, with one output."""
    cell = nbformat.v4.new_code_cell("RESULTS = 1")
    cell.outputs = [nbformat.v4.new_output("stream", text=said)]
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"course": course})
    return reading.Page(pages.PAGES[0], notebook, pages.ROOT)


def test_a_page_that_shows_old_results_is_named_whatever_shows_them():
    values = COMMITTED["mnist"]["dense"]["test"]["values"]
    first = COMMITTED["mnist"]["first network"]["test"]["values"][0]
    own = f"97 % of 10,000 digits read right ({round(10_000 * (1 - first))} errors)"
    names = [row["model"] for row in scoreboard.rungs(COMMITTED["mnist"], "03")]
    ladder = {"03": {"models": scoreboard.fingerprint(names)}}
    read = {"mnist": {"dense": {"test": scoreboard.fingerprint(values)}}, "ladder": ladder}
    assert sound.drift(shows(own, source="mnist", results=read), COMMITTED) == []

    changed = copy.deepcopy(COMMITTED)
    changed["mnist"]["dense"]["test"]["values"][3] += 0.0001
    (line,) = sound.drift(shows(own, source="mnist", results=read), changed)
    assert "old results: test of dense" in line and "make notebooks" in line
    changed = copy.deepcopy(COMMITTED)
    del changed["mnist"]["one layer"]["ladder"]
    (line,) = sound.drift(shows(own, source="mnist", results=read), changed)
    assert "an old ladder" in line
    (line,) = sound.drift(shows("no score", source="mnist", results=read), COMMITTED)
    assert "does not show the" in line
    (line,) = sound.drift(shows(own, source="mnist"), COMMITTED)
    assert "nothing says which results it shows" in line


def test_another_machine_may_differ_as_one_more_seed_does():
    entry = COMMITTED["mnist"]["first network"]
    first, machine = entry["test"]["values"][0], entry["machine"]

    def problems(accuracy, machine, n=10_000):
        said = f"x % of {n:,} digits read right ({round(n * (1 - accuracy))} errors)"
        return sound.drift(shows(said, source="mnist", results={}, machine=machine), COMMITTED)

    assert problems(first, machine) == problems(first, "another") == []
    assert problems(first - 0.0001, machine) and not problems(first - 0.0001, "another")
    assert problems(first - 0.02, "another") and problems(first, "another", n=5_000)


def test_the_digests_in_the_file_are_of_pages_that_record():
    recording = {p.stem for p in [*pages.PAGES, *pages.REFERENCE] if digests.records(pages.read(p))}
    assert {entry["page"] for entry in COMMITTED["mnist"].values()} == recording

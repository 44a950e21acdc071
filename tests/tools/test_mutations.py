"""The course altered on purpose: each alteration is caught, by the check that should.

Numbers and claims in prose are altered in test_marks.py, rules of pages broken in test_rules.py,
files of digits damaged in test_data.py. Here: results that keep their form, the code that made
them, the split, labels, and runs that must not be merged.
"""

import copy
import gzip
import hashlib
import os
import re
import shutil
import statistics
from pathlib import Path

import numpy as np
import pytest

from helpers import data, scoreboard
from helpers.sources import files
from tools import digests, pages, reading, results, sound

REAL = os.environ.get("MNIST_DIR")
COMMITTED = scoreboard.read(results.RESULTS)
NAME = "first network"  # of chapter 00, under five seeds


# Results


def test_the_committed_results_can_have_been_measured():
    assert sound.problems(COMMITTED) == []


def rescored(entry, part="test"):
    """Mean and standard deviation made to fit the values, as one would who alters a number."""
    values = entry[part]["values"]
    entry[part]["mean"] = statistics.fmean(values)
    entry[part]["sd"] = statistics.stdev(values) if len(values) > 1 else None


def mean_by_hand(found):
    found["mnist"][NAME]["test"]["mean"] += 0.001


def spread_by_hand(found):
    found["mnist"][NAME]["test"]["sd"] /= 2


def a_value_between_two_digits(found):
    found["mnist"][NAME]["test"]["values"][0] = 0.97285
    rescored(found["mnist"][NAME])


def the_best_seeds(found):
    """Seeds left out in one entry, everything else made to fit."""
    entry = found["mnist"][NAME]
    kept = sorted(range(5), key=lambda i: entry["test"]["values"][i])[-3:]
    entry["seeds"] = sorted(entry["seeds"][i] for i in kept)
    for part in ("test", "validation", "seconds"):
        entry[part]["values"] = [entry[part]["values"][i] for i in sorted(kept)]
        rescored(entry, part)


def one_seed_fewer_for_one_model(found):
    entry = found["mnist"]["nearest mean"]
    entry["seeds"].pop()
    for part in ("test", "validation", "seconds"):
        entry[part]["values"].pop()
        rescored(entry, part)


def one_seed_copied_over_all(found):
    entry = found["mnist"][NAME]
    entry["test"]["values"] = [0.9749] * 5
    rescored(entry)


def half_the_test_digits(found):
    found["mnist"][NAME]["test"]["n_digits"] = 5000


def fewer_validation_digits(found):
    found["mnist"][NAME]["validation"]["n_digits"] = 500


def seconds_by_hand(found):
    found["mnist"][NAME]["seconds"]["values"][0] = 1.0


def spread_of_one_seed(found):
    single = next(e for e in found["mnist"].values() if len(e["seeds"]) == 1)
    single["test"]["sd"] = 0.001


def drawn_scores_called_mnist(found):
    found["mnist"][NAME] = found["drawn"][NAME]


def drawn_test_scores_called_mnist(found):
    found["mnist"][NAME]["test"] = copy.deepcopy(found["drawn"][NAME]["test"])


def other_code_for_one_model(found):
    found["mnist"]["nearest mean"]["digest"] = "0" * 64


def a_repeated_seed(found):
    found["mnist"][NAME]["seeds"] = [1, 1, 2, 3, 4]


def a_percentage(found):
    found["mnist"][NAME]["test"]["values"][0] = 97.28


BY_READ = [mean_by_hand, seconds_by_hand, a_repeated_seed, a_percentage,
           drawn_test_scores_called_mnist]  # fmt: skip
BY_SOUND = [
    spread_by_hand, a_value_between_two_digits, the_best_seeds, one_seed_fewer_for_one_model,
    one_seed_copied_over_all, half_the_test_digits, fewer_validation_digits, spread_of_one_seed,
    drawn_scores_called_mnist, other_code_for_one_model,
]  # fmt: skip


@pytest.mark.parametrize("alter", [*BY_READ, *BY_SOUND], ids=lambda alter: alter.__name__)
def test_an_altered_result_is_caught(tmp_path, alter):
    found = copy.deepcopy(COMMITTED)
    alter(found)
    path = tmp_path / "results.json"
    scoreboard.write_atomically(path, found)
    if alter in BY_READ:
        with pytest.raises(scoreboard.ResultsError, match="is damaged") as error:
            scoreboard.read(path)
        assert "`make results`" in str(error.value)
    else:
        assert sound.problems(scoreboard.read(path)) != []


def test_the_command_names_what_it_finds(tmp_path, monkeypatch, capsys):
    found = copy.deepcopy(COMMITTED)
    half_the_test_digits(found)
    path = tmp_path / "results.json"
    scoreboard.write_atomically(path, found)
    monkeypatch.setattr(results, "RESULTS", path)
    assert sound.main() == 1
    said = capsys.readouterr().out
    assert f"{NAME} (mnist): test is on 5,000 digits, not 10,000" in said
    monkeypatch.setattr(results, "RESULTS", tmp_path / "none.json")
    assert sound.main() == 1
    assert "`make results` makes it" in capsys.readouterr().out


# A page's outputs and the file


@pytest.mark.parametrize("path", pages.PAGES, ids=lambda path: path.stem)
def test_a_page_shows_the_results_of_the_file(path):
    assert sound.drift(reading.load(path, pages.ROOT), results.RESULTS) == []


def one_digit_more(found):
    """Every seed reads one digit more, and all else is made to fit: nothing in the file is odd."""
    entry = found["mnist"][NAME]
    entry["test"]["values"] = [round(value + 0.0001, 6) for value in entry["test"]["values"]]
    rescored(entry)


def test_a_result_altered_with_all_that_hangs_on_it_parts_from_the_page(tmp_path):
    found = copy.deepcopy(COMMITTED)
    one_digit_more(found)
    path = tmp_path / "results.json"
    scoreboard.write_atomically(path, found)
    assert sound.problems(scoreboard.read(path)) == []
    lines = sound.drift(reading.load(pages.PAGES[0], pages.ROOT), path)
    assert "does not show the 271 errors of first network under seed 1" in lines[0]
    assert "make notebooks PAGES=00_watch_a_network_learn" in lines[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("(272 errors", "(262 errors", "does not show the 272 errors"),
        ("expected 97.4 %", "expected 97.5 %", "shows 'expected 97.5 %"),
        ("yours 97.3 %", "yours 97.9 %", "yours 97.9 %"),
    ],
)
def test_an_output_altered_parts_from_the_file_whatever_its_digest(old, new, said):
    page = reading.load(pages.PAGES[0], pages.ROOT)
    outputs = [output for _, output in page.outputs if old in output.get("text", "")]
    assert outputs
    for output in outputs:
        output["text"] = output["text"].replace(old, new)
    page.course["outputs"] = digests.outputs_digest(page.notebook)
    assert said in " ".join(sound.drift(page, results.RESULTS))


# Runs that must not enter


def run(**changes):
    """A run of chapter 00's network as it is now, on MNIST."""
    entry = COMMITTED["mnist"][NAME]
    model = {"parameters": entry["parameters"], "epochs": entry["epochs"], "seconds": 30.0,
             "validation": {"correct": 4870, "n": 5000}, "test": {"correct": 9735, "n": 10_000}}
    made = {
        "schema": 1, "page": entry["page"], "source": "mnist", "seed": 6, "digest": "d",
        "machine": entry["machine"], "versions": {"python": scoreboard.installed_version("python")},
        "models": {NAME: model},
    }  # fmt: skip
    for key, value in changes.items():
        (made if key in made else model)[key] = value
    return made


def merged(*runs):
    empty = {"schema": 1, "mnist": {}, "drawn": {}}
    return results.merge(empty, runs, {"00_watch_a_network_learn": "d"})


def test_a_run_enters_as_it_is():
    found, _, problems = merged(run())
    assert found["mnist"][NAME]["test"]["values"] == [0.9735] and problems == []


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (run(seed=7, epochs=2), "seeds disagree on epochs"),
        (run(seed=7, parameters=50_000), "seeds disagree on parameters"),
        (run(seed=7, test={"correct": 975, "n": 1000}), "seeds disagree on test_n"),
        (run(seed=7, validation={"correct": 487, "n": 500}), "seeds disagree on validation_n"),
        (run(seed=7, test=None), "test is missing for some seeds"),
    ],
)
def test_a_run_of_another_recipe_is_refused(second, said):
    found, _, problems = merged(run(), second)
    assert found["mnist"] == {} and said in problems[0]


def test_a_run_on_drawn_digits_stays_among_them():
    found, _, _ = merged(run(), run(seed=7, source="drawn"))
    assert [found[s][NAME]["seeds"] for s in ("mnist", "drawn")] == [[6], [7]]


@pytest.mark.parametrize("source", ["drawn", "mnist"])
def test_a_score_is_compared_with_those_on_the_same_digits_alone(tmp_path, source):
    other = {"drawn": "mnist", "mnist": "drawn"}[source]
    found = copy.deepcopy(COMMITTED)
    found[other][NAME]["test"] |= {"values": [0.1234], "mean": 0.1234, "sd": None}
    found[other][NAME] |= {"seeds": [1], "validation": None, "seconds": None}
    path = tmp_path / "results.json"
    scoreboard.write_atomically(path, found)
    said = scoreboard.compare(path, NAME, source=source, test=(9728, 10_000))
    assert "12.3" not in said and ("DRAWN" in said) == (source == "drawn")


# The code behind results


@pytest.fixture
def course(tmp_path):
    """A copy of the helpers; a function from a page's name to its notebook."""
    shutil.copytree(pages.ROOT / "helpers", tmp_path / "helpers")
    return tmp_path


CODE = [
    ("00", "Dense(128", "Dense(64"),
    ("00", "epochs=8, verbose=0", "epochs=2, verbose=0"),
    ("00", "batch_size=200", "batch_size=2000"),
    ("00", "(prepare(digits.validation.images), digits.validation.labels)", "digits.test"),
    ("00", '"mnist": 0.965', '"mnist": 0.1'),
    ("00", "set_random_seed(SEED)", "set_random_seed(SEED + 1)"),
]


@pytest.mark.parametrize(("name", "old", "new"), CODE)
def test_a_page_altered_is_no_longer_what_was_measured(name, old, new):
    (path,) = pages.select(pages.PAGES, [name])
    page = pages.read(path)
    before = digests.results_digest(page, pages.ROOT)
    (cell,) = [c for c in page.cells if c.cell_type == "code" and old in c.source]
    cell.source = cell.source.replace(old, new)
    after = digests.results_digest(page, pages.ROOT)
    assert after != before
    assert results.merge(COMMITTED, [], {path.stem: after})[0]["mnist"].get(NAME) is None


HELPERS = [
    ("data", "VALIDATION = 5000", "VALIDATION = 500"),
    ("data", "SPLIT_SEED = 0", "SPLIT_SEED = 1"),
    ("data", "labels[~chosen]), Pair", "labels[~chosen][::-1]), Pair"),
    ("data", "images[~chosen]", "images[chosen | ~chosen]"),
    ("data", "self.test_openings += 1", "self.test_openings = 1"),
    ("evaluation", "int((answers == labels).sum())", "int((answers == answers).sum())"),
    ("evaluation", "test = digits.test\n", "test = digits.train\n"),
    ("mnist", '"65a50cbbf4e9', '"00a50cbbf4e9'),
    ("scoreboard", '"seed": seed,', '"seed": 1,'),
]


@pytest.mark.parametrize(("name", "old", "new"), HELPERS)
def test_a_helper_altered_is_no_longer_what_measured(course, name, old, new):
    page = pages.read(pages.PAGES[0])
    before = digests.results_digest(page, course)
    path = course / "helpers" / f"{name}.py"
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    assert digests.results_digest(page, course) != before


def test_the_helpers_package_itself_holds_nothing_that_a_digest_misses():
    text = (pages.ROOT / "helpers" / "__init__.py").read_text()
    assert re.findall(r"^(?:import|from) .*", text, re.M) == ["import warnings"]
    assert set(re.findall(r"^\w+(?:\.\w+)*\(", text, re.M)) <= {"warnings.filterwarnings("}


# Floors


def floors(path):
    """The floors on MNIST that a page's code names, as fractions."""
    source = "\n".join(c.source for c in pages.read(path).cells if c.cell_type == "code")
    (found,) = re.findall(r'\{\s*"mnist": (\{[^}]*\}|[\d.]+)', source)
    return [float(number) for number in re.findall(r"\b0\.\d+", found)]


JUDGING = [p for p in pages.PAGES if re.search(r'\\"mnist\\": [{0]', p.read_text())]


@pytest.mark.parametrize("path", JUDGING, ids=lambda path: path.stem)
def test_a_floor_is_near_what_is_measured(path):
    """A model with twice the errors of the measured one must fail its page."""
    scores = [e["test"]["mean"] for e in COMMITTED["mnist"].values() if e["page"] == path.stem]
    assert scores, f"no results of {path.stem}"
    for floor in floors(path):
        assert any(1 - 2 * (1 - score) <= floor < score for score in scores), floor


def test_every_chapter_that_records_has_a_floor():
    recording = {p.stem for p in pages.PAGES if digests.records(pages.read(p))}
    assert {path.stem for path in JUDGING} == recording


# Digits


def split_of(labels, validation, seed):
    """The SHA-256 of which digits validate."""
    images = np.zeros((len(labels), 28, 28), np.uint8)
    position = np.arange(len(labels))
    images[:, 0, 0], images[:, 0, 1] = position // 256, position % 256
    chosen = data.split(images, labels, validation, seed)[1].images[:, 0, :2]
    return hashlib.sha256(chosen.tobytes()).hexdigest()


@pytest.fixture(scope="module")
def labels():
    """MNIST's 60,000 training labels."""
    if not REAL:
        pytest.skip("MNIST_DIR is unset: no MNIST whose split could be looked at")
    return files.read_folder(REAL)["y_train"]


SPLIT = "c7cca65bd60c825bcdfcd5cfdbae931ed4aeedbcd47fc3fe7925715b1f83a80d"


def test_mnists_split_is_the_one_of_the_results(labels):
    assert split_of(labels, data.VALIDATION, data.SPLIT_SEED) == SPLIT


@pytest.mark.parametrize(("validation", "seed"), [(4999, 0), (500, 0), (5000, 1), (5000, 7)])
def test_another_split_is_seen(labels, validation, seed):
    assert split_of(labels, validation, seed) != SPLIT


def shuffled(path):
    """Labels of a gzipped IDX file in another order: as many of each, in a file that is whole."""
    packed = gzip.decompress(path.read_bytes())
    mixed = np.random.default_rng(1).permutation(np.frombuffer(packed[8:], np.uint8))
    path.write_bytes(gzip.compress(packed[:8] + mixed.tobytes(), mtime=0))


@pytest.mark.parametrize("name", ["train-labels-idx1-ubyte.gz", "t10k-labels-idx1-ubyte.gz"])
def test_shuffled_labels_are_refused_and_named(tmp_path, monkeypatch, name):
    if not REAL or not (Path(REAL) / name).is_file():
        pytest.skip("MNIST_DIR is unset or holds no gzipped labels: no file to shuffle")
    for path in Path(REAL).glob("*-ubyte.gz"):
        (tmp_path / path.name).symlink_to(path.resolve())
    target = tmp_path / name
    target.unlink()
    shutil.copy(Path(REAL) / name, target)
    shuffled(target)
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    monkeypatch.setenv("MNIST_SOURCE", "mnist")
    with pytest.raises(data.DataError) as error:
        data.load_digits()
    assert f"{name}: altered, or another data set of the same form" in str(error.value)


@pytest.mark.parametrize(
    ("page", "seeds", "agree"),
    [("networks", [1], True), ("networks", [2], False), ("05_convolutions", [1], False)],
)
def test_only_reference_pages_train_a_model_under_fewer_seeds(page, seeds, agree):
    same = {"page": page, "digest": "d", "versions": {}}
    found = sound.page_problems({"a": same | {"seeds": [1, 2, 3]}, "b": same | {"seeds": seeds}})
    assert (list(found) == []) == agree

"""Two runs of a page under one seed: what counts as the same, and what is told when it is not."""

import copy

import pytest
from nbformat import v4

from helpers import scoreboard
from tools import pages, repeat

RECORD = {
    "source": "mnist",
    "machine": "a machine",
    "versions": {"python": "3.11.9"},
    "models": {"one": {"parameters": 7, "epochs": 1, "seconds": 2.5, "validation": None,
                       "test": {"correct": 92, "n": 100}}},
}  # fmt: skip
LEFT = {
    "answers": ["100 aa", "100 bb"],
    "record": RECORD,
    "shown": repeat.texts(
        v4.new_notebook(cells=[v4.new_code_cell(outputs=[v4.new_output("stream", text="92 %")])])
    ),
}


def changed(**changes):
    left = copy.deepcopy(LEFT)
    model = left["record"]["models"]["one"]
    for key, value in changes.items():
        (model if key in model else left)[key] = value
    return left


def test_runs_that_differ_in_seconds_alone_are_the_same():
    assert repeat.parted(LEFT, changed(seconds=9.5)) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"answers": ["100 aa", "100 cc"]}, "first at reading number 2"),
        ({"answers": ["100 aa"]}, "other digits were read"),
        ({"test": {"correct": 91, "n": 100}}, "'correct': 91"),
        ({"epochs": 2}, "'epochs': 2"),
        ({"shown": ["93 %"]}, "shown: +93 %"),
        ({"shown": []}, "shown: -92 %"),
    ],
)
def test_what_differs_is_named(changes, named):
    assert named in "\n".join(repeat.parted(LEFT, changed(**changes)))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("trained in 2.5 s, 98.1 % read right", "98.1"),
        ("NumPy 12 ms, loss 0.3692", "0.3692"),
        ("epoch 3: 0.12 seconds, 9,728 digits", "9,728 digits"),
    ],
)
def test_seconds_are_left_out_and_nothing_else(text, kept):
    cell = v4.new_code_cell(outputs=[v4.new_output("stream", text=text)])
    (shown,) = repeat.texts(v4.new_notebook(cells=[cell]))
    assert kept in shown and "…" in shown
    assert not any(number in shown for number in ("2.5", "12 ms", "0.12"))


def committed(tmp_path, **changes):
    test = {"n_digits": 100, "mean": 0.93, "sd": None, "values": [0.93]}
    entry = {
        "page": "02", "parameters": 7, "epochs": 1, "seeds": [1], "validation": None, "test": test,
        "seconds": None, "machine": "a machine", "versions": {"python": "3.11.9"}, "digest": "d",
    }  # fmt: skip
    path = tmp_path / "results.json"
    mnist = {"one": entry | changes}
    scoreboard.write_atomically(path, {"schema": 1, "mnist": mnist, "drawn": {}})
    return path


def test_a_committed_score_of_this_machine_must_come_again(tmp_path):
    (said,) = repeat.other_than_committed(LEFT, committed(tmp_path))
    assert "one: 0.92 of the test digits read right, committed is 0.93" in said
    again = changed(test={"correct": 93, "n": 100})
    assert repeat.other_than_committed(again, committed(tmp_path)) == []


@pytest.mark.parametrize(
    "changes",
    [{"machine": "another"}, {"versions": {"python": "3.13.0"}}, {"seeds": [2]}],
)
def test_a_score_of_elsewhere_is_no_measure(tmp_path, changes):
    assert repeat.other_than_committed(LEFT, committed(tmp_path, **changes)) == []


def test_a_results_file_that_cannot_be_used_is_named(tmp_path):
    (said,) = repeat.other_than_committed(LEFT, tmp_path / "none.json")
    assert "none.json does not exist" in said


def test_a_page_that_reads_other_digits_each_time_fails(tmp_path, monkeypatch, capsys):
    """In real kernels; only the digits that were read differ."""
    (tmp_path / "helpers").mkdir()
    helper = tmp_path / "helpers" / "evaluation.py"
    helper.write_text("def read_digits(answers):\n    return answers\n")
    setup = v4.new_code_cell(
        f"import sys\nsys.path.insert(0, {str(tmp_path)!r})", metadata={"tags": ["setup"]}
    )
    cells = [
        "import os\n\nimport numpy as np\n\nfrom helpers import evaluation",
        "SEED = 1",
        "_ = evaluation.read_digits(np.frombuffer(os.urandom(64), np.uint8))",
    ]
    page = v4.new_notebook(cells=[setup, *map(v4.new_code_cell, cells)])
    page.cells[2].metadata["tags"] = ["parameters"]
    path = tmp_path / "00_random.ipynb"
    pages.write(path, page)
    monkeypatch.setattr(pages, "PAGES", [path])
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    assert repeat.main(["00"]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first == "00_random, twice: FAILED"
    assert second == "other digits were read, first at reading number 1"
    assert sorted(found.name for found in tmp_path.iterdir()) == [path.name, "build", "helpers"]
    assert list((tmp_path / "build").iterdir()) == []


def test_a_page_that_fails_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pages, "PAGES", [tmp_path / "00_broken.ipynb"])
    pages.PAGES[0].write_text("{")
    assert repeat.main(["00"]) == 1
    assert "00_broken, twice: FAILED" in capsys.readouterr().out


def test_an_unknown_page_is_refused(capsys):
    with pytest.raises(SystemExit) as stop:
        repeat.main(["99"])
    assert stop.value.code == 2

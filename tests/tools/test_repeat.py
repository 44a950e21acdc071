"""Pages that are run twice, and where their runs part."""

import copy

import pytest

from helpers import scoreboard
from tools import pages, repeat

RECORD = {
    "source": "mnist",
    "seed": 1,
    "machine": "m",
    "versions": {"python": "3"},
    "models": {
        "a": {
            **{"parameters": 5, "epochs": 1, "seconds": 2.0, "validation": None},
            "test": {"correct": 91, "n": 100},
        }
    },
}


def left(correct=91, seconds=2.0, shown="91 % in 2.0 s"):
    record = copy.deepcopy(RECORD)
    record["models"]["a"] |= {"seconds": seconds, "test": {"correct": correct, "n": 100}}
    return record, [repeat.SECONDS.sub("…", shown)]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (left(seconds=3.5, shown="91 % in 3.5 s"), ""),
        (left(correct=90), "recorded:"),
        (left(shown="90 % in 2.0 s"), "shown: +90 %"),
    ],
)
def test_runs_part_in_all_but_seconds(other, said):
    found = repeat.parted(left(), other)
    assert said in " ".join(found) and bool(found) == bool(said)


def test_the_counts_committed_by_this_machine_must_come_out(tmp_path):
    entry = {
        **{"page": "p", "parameters": 5, "epochs": 1, "seeds": [1], "digest": "d"},
        **{"validation": None, "seconds": None, "machine": "m", "versions": {"python": "3"}},
        "test": {"n_digits": 100, "mean": 0.91, "sd": None, "values": [0.91]},
    }
    path = tmp_path / "results.json"
    scoreboard.write_atomically(path, {"schema": 1, "mnist": {"a": entry}, "drawn": {}})
    assert repeat.other_than_committed(left()[0], path) == []
    (line,) = repeat.other_than_committed(left(correct=90)[0], path)
    assert "90 of 100 right, 91 of 100 in results.json" in line
    assert repeat.other_than_committed(left(correct=90)[0] | {"machine": "other"}, path) == []
    assert "does not exist" in repeat.other_than_committed({}, tmp_path / "none.json")[0]


def test_a_page_that_differs_or_fails_is_named(monkeypatch, capsys):
    runs = iter([left(), left(), left(), left(correct=90)])
    monkeypatch.setattr(repeat, "run", lambda path: next(runs))
    monkeypatch.setattr(repeat, "other_than_committed", lambda record: [])
    assert repeat.main(["00"]) == 0 and "the same" in capsys.readouterr().out
    assert repeat.main(["00"]) == 1 and "recorded:" in capsys.readouterr().out

    def fails(path):
        raise pages.PageError("cell 3: ValueError", None, 3)

    monkeypatch.setattr(repeat, "run", fails)
    assert repeat.main(["00"]) == 1 and "FAILED: cell 3" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        repeat.main(["99"])

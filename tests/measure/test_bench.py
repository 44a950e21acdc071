"""The benchmark: lengths come from the log, a stopped one goes on, rows say what was timed."""

import json

import pytest

from measure import bench, choose


def runs(*counts, **more):
    return [{"seed": n, "right": c, "seconds": 9.0, **more} for n, c in enumerate(counts, 1)]


@pytest.fixture
def log(monkeypatch):
    monkeypatch.setattr(choose, "chosen", lambda page, entries: "best" if entries else None)
    log = {
        page: {"best": {"settings": {"epochs": 5}, "runs": runs(4900, 4900)}}
        for page in bench.PAGES
    }
    log["bench"] = {"best": {"settings": {"epochs": 2}, "runs": runs(4951, 4950)}}
    log["07"] = {"best": {"settings": {"epochs": 14}, "runs": runs(4970, 4970)}}
    log["others"] = {
        name: {
            "settings": {"epochs": 3},
            "runs": runs(4960, 4960, each_epoch=[4900, 4949, 4960]),
        }
        for name in bench.OTHERS
    }
    return log


def test_lengths_are_the_fewest_epochs_whose_mean_is_99(log):
    log["others"]["codelab: convolutions"]["runs"] = runs(4940, each_epoch=[4900, 4930, 4940])
    log["others"]["06 in 2"] = {"settings": {"epochs": 2}, "runs": runs(4951, 4949)}
    log["others"]["06 in 1"] = {"settings": {"epochs": 1}, "runs": runs(4951, 4948)}
    found = bench.networks(log)
    assert found["keras-io"]["settings"]["epochs"] == 3 and found["keras-io"]["reaches"]
    assert not found["codelab-convolutions"]["reaches"]
    assert found["06 convolutional"]["settings"]["epochs"] == 2
    assert found["06 convolutional"]["reaches"]
    assert not found["00 first network"]["reaches"]
    assert found["07 last half percent"]["settings"]["epochs"] == 14  # nothing shorter was tried
    assert found["07 last half percent"]["reaches"]
    assert found["ours"]["reaches"] and found["ours"]["seeds"] == 2


def test_a_choice_that_is_missing_is_named(log):
    del log["03"]
    with pytest.raises(SystemExit, match=r"03 yet: python -m measure\.choose 03"):
        bench.networks(log)


def test_a_stopped_benchmark_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "KEPT", tmp_path / "rounds.json")
    calls = []

    def work(value):
        calls.append(value)
        return {"seconds": value}

    assert bench.Kept(anew=False).once("a", 1, {"epochs": 1}, work, 3.0) == {"seconds": 3.0}
    kept = bench.Kept(anew=False)
    assert kept.once("a", 1, {"epochs": 1}, work, 4.0) == {"seconds": 3.0}
    assert kept.once("a", 1, {"epochs": 2}, work, 5.0) == {"seconds": 5.0}
    assert bench.Kept(anew=True).runs == {} and calls == [3.0, 5.0]


def test_rows_are_medians_and_ratios():
    one = {"settings": {"epochs": 2}, "reaches": True, "validation": 0.991, "seeds": 10}
    timed = [
        {"seconds": s, "parameters": 10, "test": t} for s, t in ((3, None), (9, None), (5, 9920))
    ]
    rows = [
        bench.summary("keras-io", one, [t | {"seconds": t["seconds"] * 10} for t in timed]),
        bench.summary("ours", one, timed),
        bench.summary("00 first network", one | {"reaches": False}, timed),
    ]
    assert rows[1]["seconds_to_99"] == 5 and rows[1]["accuracy"] == 0.992
    lines = bench.table(rows).splitlines()
    assert "0.100" in lines[2] and "never" in lines[3]
    assert json.loads(json.dumps(rows)) == rows
    assert len(bench.figure(rows).axes[0].patches) == 2

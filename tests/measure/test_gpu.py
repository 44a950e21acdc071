"""The GPU column: what is trained, going on where it stopped, and a machine without a GPU."""

import json

import pytest

from measure import bench, choose, gpu
from tools import ladder


def run(seed):
    return {"seconds": 9.0 + seed, "epoch": 0.2, "parameters": 10, "test": 9900}


def test_every_network_timed_is_on_the_ladder_and_trains_as_long_as_there():
    results = json.loads(ladder.RESULTS.read_text(encoding="utf-8"))["mnist"]
    results["last half percent"] = results["last half percent, twenty seeds"]
    for name, recipe in gpu.recipes(choose.read()).items():
        assert recipe["epochs"] == results[name]["epochs"], name
    timed = json.loads(gpu.OUT.read_text(encoding="utf-8"))["models"]
    assert timed.keys() <= gpu.recipes(choose.read()).keys()
    for name, one in timed.items():
        assert all(found["parameters"] == results[name]["parameters"] for found in one["runs"])


def test_it_goes_on_where_it_was_stopped(tmp_path, monkeypatch, capsys):
    asked = []

    def in_own_process(work, recipe, seed, final, everything):
        asked.append((recipe["epochs"], seed, everything))
        return run(seed)

    monkeypatch.setattr(gpu.environment, "has_nvidia_gpu", lambda: True)
    monkeypatch.setattr(gpu.environment, "machine", lambda: "a GPU")
    monkeypatch.setattr(bench, "in_own_process", in_own_process)
    out = tmp_path / "gpu.json"
    wanted = [bench.PAGES["00"], bench.PAGES["07"]]
    assert gpu.main(["--out", str(out), "--minutes", "0", *wanted]) == 0 and not asked
    assert gpu.main(["--out", str(out), *wanted]) == 0
    assert asked == [
        (5, 1, False),
        (14, 1, True),
        (5, 2, False),
        (14, 2, True),
        (5, 3, False),
        (14, 3, True),
    ]
    assert gpu.main(["--out", str(out), *wanted]) == 0 and len(asked) == 6
    found = json.loads(out.read_text())
    assert found["models"]["first network"]["runs"][1] == {"seed": 2} | run(2)
    assert "first network, seed 2: 11.0 s" in capsys.readouterr().out


def test_without_a_gpu_nothing_is_timed(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(gpu.environment, "has_nvidia_gpu", lambda: False)
    assert gpu.main(["--out", str(tmp_path / "gpu.json")]) == 1
    assert "No NVIDIA GPU" in capsys.readouterr().out and not list(tmp_path.iterdir())


def test_a_network_that_is_not_known_is_named(capsys):
    with pytest.raises(SystemExit):
        gpu.main(["first"])
    assert "No network is called 'first'. There are: first network" in capsys.readouterr().err

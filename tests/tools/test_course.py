"""`make course` and `make notebooks` on small pages."""

import json
import signal
import subprocess
import sys
import time

import pytest
from nbformat import v4

from tools import course, digests, notebooks, pages

DIGITS = """import sys, types
sys.modules["helpers.data"] = types.SimpleNamespace(source_in_use=lambda: {!r})"""
RECORD = """import json, os, pathlib
folder = pathlib.Path(os.environ["COURSE_RUNS"])
folder.mkdir(parents=True, exist_ok=True)
model = {"parameters": 7850, "epochs": 8, "seconds": 2.0,
         "validation": {"correct": 4600, "n": 5000}, "test": {"correct": 9240, "n": 10000}}
run = {"schema": 1, "page": "01_good", "source": "drawn", "seed": 1,
       "digest": os.environ["COURSE_DIGEST"], "machine": "a computer",
       "versions": {"python": "3.11"}, "models": {"one layer": model}}
_ = (folder / "01_good-drawn-seed1.json").write_text(json.dumps(run))"""


@pytest.fixture
def save(tmp_path, monkeypatch):
    """A function that saves a page of these code cells as one of the course's pages."""
    monkeypatch.setattr(pages, "PAGES", [])
    monkeypatch.setattr(pages, "REFERENCE", [])
    monkeypatch.setattr(course, "BUILD", tmp_path / "build")
    monkeypatch.setattr(course, "RUNS", tmp_path / "build" / "runs")

    def save(name, *sources):
        cells = [v4.new_markdown_cell(f"# {name}"), *map(v4.new_code_cell, sources)]
        path = tmp_path / f"{name}.ipynb"
        pages.write(path, v4.new_notebook(cells=cells))
        pages.PAGES.append(path)
        return path

    return save


def test_a_failing_page_is_named_and_the_others_run(save, tmp_path, capsys):
    save("00_bad", "print('before')", "1 / 0")
    save("01_good", RECORD)
    save("02_damaged").write_text("<<<<<<< HEAD")
    stale = tmp_path / "build" / "runs" / "stale.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}")
    assert course.main([]) == 1
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert lines[0].startswith("[1/3] 00_bad: ")
    assert "FAILED: 00_bad.ipynb, cell 3: ZeroDivisionError" in lines[0]
    assert lines[1].startswith("[2/3] 01_good: ") and lines[1].endswith(" s, ok")
    assert "FAILED" in lines[2] and "02_damaged.ipynb is no notebook" in lines[2]
    (row,) = [line for line in lines if line.startswith("one layer")]
    assert row.split()[2:7] == ["7,850", "92.00", "%", "92.40", "%"]
    assert "DRAWN" in row
    assert "2 of 3 pages failed:" in lines
    assert "stale" not in out

    build = tmp_path / "build"
    copies = sorted(path.name for path in (build / "notebooks").iterdir())
    assert copies == ["00_bad.ipynb", "01_good.ipynb"]
    assert "before" in (build / "html" / "00_bad.html").read_text()
    assert '"01_good.html"' in (build / "html" / "index.html").read_text()
    run = json.loads((build / "runs" / "01_good-drawn-seed1.json").read_text())
    assert run["digest"] == digests.results_digest(pages.read(pages.PAGES[1]), pages.ROOT)


def test_pages_can_be_named_and_all_being_well_is_zero(save, tmp_path, capsys):
    save("00_bad", "1 / 0")
    save("01_good", "1")
    assert course.main(["01"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("[1/1] 01_good: ") and "No results were recorded." in out
    with pytest.raises(SystemExit) as error:
        course.main(["7"])
    assert error.value.code == 2
    assert "No page starts with '7'. Pages: 00_bad, 01_good." in capsys.readouterr().err


def test_ctrl_c_ends_a_command_with_one_line_and_keeps_what_is_finished(save, tmp_path):
    """In a process of its own, with real kernels and a real signal."""
    reached = tmp_path / "reached"
    save("01_good", "print('finished')")
    stopped = save("02_endless", f"open({str(reached)!r}, 'w')\nimport time\ntime.sleep(99)")
    save("03_never", "1")
    before = stopped.read_bytes()
    program = f"""
import pathlib, sys
from tools import notebooks, pages
pages.PAGES, pages.REFERENCE = [pathlib.Path(path) for path in {[*map(str, pages.PAGES)]!r}], []
sys.exit(notebooks.main([]))
"""
    started = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=pages.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not reached.exists() and started.poll() is None:
        time.sleep(0.05)
    started.send_signal(signal.SIGINT)
    said, complained = started.communicate(timeout=60)
    assert started.returncode == 130, complained
    assert "Traceback" not in complained and "03_never" not in said
    assert said.splitlines()[-1].startswith("Stopped. ")
    assert stopped.read_bytes() == before
    assert pages.read(tmp_path / "01_good.ipynb").cells[1].outputs[0].text == "finished\n"


# make notebooks


def test_a_page_is_executed_in_place_and_keeps_no_other_metadata(save, capsys):
    path = save("00_page", DIGITS.format("mnist"), "print('new')", "# @title Setup")
    before = pages.read(path)
    before.metadata |= {"widgets": {}, "kernelspec": {"name": "mine", "display_name": "Mine"}}
    before.metadata.course = {"mine": True}
    timing = {"iopub.status.busy": "now"}
    before.cells[2].metadata |= {"execution": timing, "tags": ["setup"], "id": "x"}
    before.cells[3].metadata |= {"cellView": "form", "colab": {"height": 3}}
    before.cells[2].outputs = [v4.new_output("stream", text="old\n")]
    pages.write(path, before)
    assert notebooks.main(["00"]) == 0
    assert capsys.readouterr().out.endswith(" s, digits: mnist\n")

    after = pages.read(path)
    assert [cell.id for cell in after.cells] == [cell.id for cell in before.cells]
    assert [cell.source for cell in after.cells] == [cell.source for cell in before.cells]
    assert after.cells[2].outputs == [v4.new_output("stream", text="new\n")]
    assert [dict(cell.metadata) for cell in after.cells] == [
        {},
        {},
        {"tags": ["setup"]},
        {"cellView": "form"},
    ]
    course_metadata = after.metadata.course
    assert course_metadata["outputs"] == digests.outputs_digest(after)
    assert course_metadata["source"] == "mnist" and course_metadata["mine"]
    assert after.metadata == pages.METADATA | {"course": course_metadata}
    once = path.read_bytes()
    assert notebooks.main([]) == 0
    assert path.read_bytes() == once
    capsys.readouterr()
    for more, said in (("", "All figures"), ("; 'x'", 'make notebooks PAGES="00_page"')):
        after.cells[1].source += more
        pages.write(path, after)
        assert notebooks.main(["--list-old"]) == 0
        assert said in capsys.readouterr().out


def test_a_page_that_fails_is_not_written(save, capsys):
    path = save("00_page", "print('new')", "1 / 0")
    before = path.read_bytes()
    assert notebooks.main([]) == 1
    assert "00_page: FAILED, not written: 00_page.ipynb, cell 3: ZeroDivisionError" in (
        capsys.readouterr().out
    )
    assert path.read_bytes() == before


def test_drawn_digits_replace_mnist_only_when_asked(save, capsys):
    path = save("00_page", DIGITS.format("drawn"))
    shown = pages.read(path)
    shown.metadata.course = {"source": "mnist"}
    pages.write(path, shown)
    before = path.read_bytes()
    assert notebooks.main([]) == 1
    out = capsys.readouterr().out
    assert "not written" in out and "MNIST_DIR" in out and "DRAWN=yes" in out
    assert path.read_bytes() == before
    assert notebooks.main(["--allow-drawn"]) == 0
    drawn = pages.read(path)
    assert drawn.metadata.course.source == "drawn"
    assert drawn.metadata.course.outputs == digests.outputs_digest(drawn)


def test_an_edit_made_while_a_page_runs_is_not_lost(save, capsys):
    path = save("00_page", "")
    edit = f"path = {str(path)!r}\ntext = open(path).read()\n_ = open(path, 'w').write(text + ' ')"
    edit = edit.replace("text + ' '", "text.replace('# 00_page', '# Edited')")
    path = save("00_page", edit)
    pages.PAGES.pop()
    assert notebooks.main([]) == 1
    assert "edited while it ran" in capsys.readouterr().out
    assert pages.read(path).cells[0].source == "# Edited"


def test_cells_without_an_id_or_with_one_they_share_get_their_own(save):
    path = save("00_page", "1", "2")
    old = json.loads(path.read_text())
    old["nbformat_minor"] = 0
    del old["cells"][0]["id"]
    old["cells"][1]["id"] = old["cells"][2]["id"] = "same"
    path.write_text(json.dumps(old))
    assert notebooks.main([]) == 0
    new = json.loads(path.read_text())
    assert new["nbformat_minor"] >= 5
    assert len({cell["id"] for cell in new["cells"]} - {None}) == 3


def test_a_full_disk_leaves_the_page_as_it_was(save, monkeypatch):
    path = save("00_page", "print('new')")
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left.*00_page"):
        notebooks.main([])
    assert path.read_bytes() == before and len(list(path.parent.glob("*00_page*"))) == 1

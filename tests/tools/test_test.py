"""What a test run must reach, counted in the files; and that nothing lets CI pass without it."""

import ast
import re
import sys

import pytest
from nbformat import v4

from tools import backends, colab, environment, pages, test

UNITS = """import pytest
def test_one(): pass
@pytest.mark.parametrize("number", [1, 2])
def test_two(number): pass
@pytest.mark.skip(reason="no browser")
def test_three(): pass
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of two unit tests and two pages, whose commands run in this environment."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "__init__.py").touch()
    (tmp_path / "tests" / "test_it.py").write_text(UNITS)
    for name in ("00_start", "01_next"):
        cells = [v4.new_code_cell("1"), v4.new_markdown_cell("two"), v4.new_code_cell("3")]
        pages.write(tmp_path / "notebooks" / f"{name}.ipynb", v4.new_notebook(cells=cells))
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.setattr(pages, "PAGES", sorted((tmp_path / "notebooks").iterdir()))
    monkeypatch.setattr(pages, "REFERENCE", [])
    monkeypatch.setattr(test, "REPORTS", tmp_path / "build" / "tests")
    monkeypatch.setattr(test, "UNITS", [])
    return tmp_path


def add(path, source, **metadata):
    notebook = pages.read(path)
    notebook.cells.append(v4.new_code_cell(source, metadata=metadata))
    pages.write(path, notebook)


def test_what_failed_or_did_not_run_is_named(course, capfd):
    assert test.main(["reached"]) == 1
    assert "No test has reported" in capfd.readouterr().out
    assert test.main(["units"]) == test.main(["pages"]) == test.main(["reached"]) == 0
    assert "every code cell ran and passed." in capfd.readouterr().out
    add(pages.PAGES[0], "1 / 0")
    add(pages.PAGES[1], "1", tags=["nbval-skip"])
    assert test.main(["pages"]) == 1
    said = capfd.readouterr().out
    assert "pages: 1 failed: notebooks.00_start.ipynb Cell 2" in said
    assert "pages: 1 did not run: notebooks.01_next.ipynb Cell 2" in said
    pages.write(course / "notebooks" / "02_new.ipynb", pages.read(pages.PAGES[1]))
    pages.PAGES.append(course / "notebooks" / "02_new.ipynb")
    assert test.main(["reached"]) == 1
    assert "pages: 4 did not run: notebooks.01_next.ipynb Cell 2" in capfd.readouterr().out


@pytest.mark.parametrize("disarmed", ["--collect-only", "-kone"])
def test_a_run_that_is_disarmed_is_found_out(course, monkeypatch, capfd, disarmed):
    monkeypatch.setenv("PYTEST_ADDOPTS", disarmed)
    assert test.main(["units"]) == 1
    assert re.search(r"units: [123] did not run: .*test_two", capfd.readouterr().out)


def test_the_courses_own_tests_and_cells_are_counted():
    found = test.tests()
    assert ("tests.tools.test_test", "test_the_courses_own_tests_and_cells_are_counted") in found
    assert {page for page, _ in test.cells()} == {
        ".".join(path.relative_to(pages.ROOT).parts) for path in pages.every()
    }


# Backends and Colab's versions


@pytest.fixture
def here(course, monkeypatch):
    """Other environments are this one, TensorFlow unseen; the list of those asked for."""
    asked = []
    monkeypatch.setattr(environment, "main", lambda names: asked.extend(names) or 0)
    monkeypatch.setattr(environment, "python", lambda folder: sys.executable)
    monkeypatch.setattr(backends, "FINDS_TENSORFLOW", "raise SystemExit(1)")
    return asked


def test_pages_run_on_a_backend_but_those_about_tensorflow(here, capfd):
    add(pages.PAGES[0], "import os; assert os.environ['KERAS_BACKEND'] == 'jax'")
    add(pages.PAGES[1], 'environment.need("tensorflow")')
    assert backends.main(["--backends", "jax"]) == 0
    assert here == ["jax"]
    for arguments, said in {
        ("01",): "No page starts with '01'. Pages: 00_start.",
        ("--backends", "jaxx"): "'jaxx' (choose from",
    }.items():
        with pytest.raises(SystemExit):
            backends.main(arguments)
        assert said in capfd.readouterr().err


def test_a_backend_beside_tensorflow_tests_nothing(here, monkeypatch, capsys):
    monkeypatch.setattr(backends, "FINDS_TENSORFLOW", "")
    assert backends.main(["--backends", "jax"]) == 1
    assert "nothing would be tested" in capsys.readouterr().out


STEPS = ["wrong_versions", "unnoticed_drift", "units", "compare"]


@pytest.mark.parametrize("fails", [None, *STEPS])
def test_colabs_versions_stop_at_what_fails(here, monkeypatch, fails):
    done = []
    for step in STEPS:
        said = step == fails if step in STEPS[:2] else step != fails
        monkeypatch.setattr(
            colab if step in STEPS[:2] else test,
            step,
            lambda *given, step=step, said=said: done.append(step) or said,
        )
    assert colab.main([]) == bool(fails)
    assert here == ["colab"]
    assert done == STEPS[: STEPS.index(fails) + 1 if fails else None]


# What CI runs


def ci():
    found = [pages.ROOT / "Makefile", pages.ROOT / ".ci" / "run"]
    return [*found, *sorted((pages.ROOT / ".github").glob("*/**/*.yml"))]


@pytest.mark.parametrize("path", ci(), ids=lambda path: path.name)
def test_nothing_lets_ci_pass_what_failed(path):
    text = path.read_text(encoding="utf-8")
    lets_pass = r"\|\| *(true|:|exit 0)|; *true\b|continue-on-error|collect-only|set \+e|^\t@?-"
    lets_pass += r"|if: *(\$\{\{ *)?false"
    assert not re.search(lets_pass, text, re.M)
    made = re.findall(r"make ([a-z-]+)", text) if path.name != "Makefile" else []
    makefile = (pages.ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{target}:", makefile, re.M) for target in made)
    used = re.findall(r"uses: (?!\./)(\S+)", text)
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action in used)
    assert text.count("actions/checkout") == text.count("persist-credentials: false")
    if path.parent.name == "workflows":
        assert "MNIST_SOURCE: mnist" in text


def test_ci_runs_every_command_and_stops_at_the_first_that_fails():
    lines = (pages.ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines and 'some="${CI_PAGES-third}"' in lines
    some = [f'{command} PAGES="$some"' for command in ("make canary", "make test-colab")]
    commands = ["make test", "make test-repeat", *some, ".venv/bin/python -m tools.test reached"]
    first = lines.index("rm -rf build/tests")
    assert lines[first + 2 : first + 2 + len(commands)] == commands
    makefile = (pages.ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\ntest: check test-pages\n" in makefile
    tried = "\t@$(RUN) tools.test pages $$PAGES\n\t@$(RUN) tools.visible $$PAGES\n"
    assert f"\ntest-pages: environment\n{tried}" in makefile
    workflow = (pages.ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    for line in ("  push:", "  pull_request:", "      - run: make check", "      - run: .ci/run"):
        assert line in workflow.splitlines()


@pytest.mark.parametrize("path", sorted(pages.ROOT.glob("tests/**/*.py")), ids=lambda p: p.stem)
def test_no_test_is_skipped_for_good(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not names & {"pytest.mark.skip", "pytest.mark.xfail"}, "say when: pytest.mark.skipif"

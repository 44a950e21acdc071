"""Run tests, and see that they all ran: what a test run must reach is counted in the files.

    python -m tools.test units
    python -m tools.test pages 00 02
    python -m tools.test reached

`units` runs the unit tests, `pages` executes pages and compares marked outputs (nbval). Each fails
where a test failed, and where one did not run: every function `test_…` in tests/, every code cell
of a page. `reached` looks once more at what the last two runs left in build/tests, all pages
included: CI ends with it, so that nothing that lets a command fail, or run less, goes unseen.
"""

import argparse
import ast
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tools import pages

REPORTS = pages.ROOT / "build" / "tests"
UNITS = ["-n", "auto", "--dist", "loadfile"]
NBVAL = ["--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={pages.TIMEOUT}"]
SHOWN = 5  # names in a message; the rest is counted


def main(arguments=None):
    """Run the unit tests or pages, or look at the last runs; return 0 when all ran and passed."""
    parser = argparse.ArgumentParser(prog="python -m tools.test", description=main.__doc__)
    parser.add_argument("what", choices=["units", "pages", "reached"])
    options, chosen = pages.chosen(parser, arguments)
    if options.what == "units":
        return int(not units())
    if options.what == "pages":
        return int(not compare(chosen))
    expected = {"units": tests(), "pages": cells()}
    problems = [p for n, e in expected.items() for p in unreached(REPORTS / f"{n}.xml", e)]
    print(*problems or ["Every unit test and every code cell ran and passed."], sep="\n")
    return int(bool(problems))


def units(python=sys.executable, name="units"):
    """Run the unit tests with an interpreter; return whether every one ran and none failed."""
    return _run(python, UNITS, tests(), name)


def compare(paths, python=sys.executable, name="pages", env=None):
    """Execute pages and compare their marked outputs; return whether every cell ran and passed.

    Args:
        paths: the notebooks' files.
        python: the interpreter that runs them.
        name: str, of the report in build/tests.
        env: dict, environment variables besides this process'.
    """
    names = [Path(path).relative_to(pages.ROOT).as_posix() for path in paths]
    return _run(python, [*NBVAL, *names], cells(paths), name, env)


def _run(python, arguments, expected, name, env=None):
    report = REPORTS / f"{name}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [python, "-m", "pytest", *arguments, f"--junitxml={report}"]
    code = subprocess.run(command, cwd=pages.ROOT, env=os.environ | (env or {}), check=False)
    problems = unreached(report, expected)
    print(*problems, sep="\n", end="\n" * bool(problems))
    return code.returncode == 0 and not problems


def tests():
    """The unit tests in the files, a set of (module, function)."""
    return {
        (".".join(path.relative_to(pages.ROOT).with_suffix("").parts), node.name)
        for path in pages.ROOT.glob("tests/**/test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def cells(paths=None):
    """The code cells of pages, of all without `paths`, as nbval calls them: (page, cell)."""
    found = set()
    for path in pages.every() if paths is None else paths:
        page = ".".join(Path(path).relative_to(pages.ROOT).parts)
        kinds = [cell.cell_type for cell in pages.read(path).cells]
        found |= {(page, f"Cell {number}") for number in range(kinds.count("code"))}
    return found


def unreached(report, expected):
    """Compare pytest's report with what was to run.

    A skipped unit test counts as run, since pytest says why; a skipped cell does not.

    Args:
        report: path of pytest's JUnit XML.
        expected: set of (module or page, function or cell).

    Returns:
        list of str: what failed and what did not run; empty when all is well.
    """
    try:
        cases = list(ElementTree.parse(report).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return [f"No test has reported to {report}."]
    bad, ran = set(), set()
    for case in cases:
        name = case.get("classname"), case.get("name").split("[")[0]
        outcomes = {child.tag for child in case}
        if outcomes & {"failure", "error"}:
            bad.add(name)
        if "skipped" not in outcomes or name[1].startswith("test_"):
            ran.add(name)
    found = {"failed": bad, "did not run": expected - ran}
    return [f"{report.stem}: {len(who)} {what}: {_some(who)}" for what, who in found.items() if who]


def _some(names):
    shown = [" ".join(name) for name in sorted(names)[:SHOWN]]
    return ", ".join(shown) + ", …" * (len(names) > SHOWN)


if __name__ == "__main__":
    sys.exit(pages.command(main))

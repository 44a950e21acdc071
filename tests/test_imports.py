"""The contracts about imports in pyproject.toml hold, and would notice what breaks them."""

import shutil
import subprocess
import sys

from tools import pages

LINT = "import sys; from importlinter import cli; sys.exit(cli.lint_imports(no_cache=True))"
WRONG = {
    "helpers/data.py": "from tools import pages",
    "helpers/plotting.py": "from helpers import scoreboard",
    "helpers/diagrams/going_deep.py": "from helpers.diagrams import convolutions",
}


def lint(root):
    command = [sys.executable, "-c", LINT]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def test_imports_run_one_way(tmp_path):
    done = lint(pages.ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("helpers", "measure", "tools"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(pages.ROOT / name, tmp_path / name, ignore=ignore)
    shutil.copy(pages.ROOT / "pyproject.toml", tmp_path)
    for path, line in WRONG.items():
        with (tmp_path / path).open("a") as file:
            file.write(f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode == 1 and "Contracts: 0 kept, 4 broken." in done.stdout, done.stdout

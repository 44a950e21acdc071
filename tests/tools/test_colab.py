"""The setup cell and colab_setup.sh, as in a fresh Colab: a notebook, an address, and nothing else.

The address is a local clone, the kernel's working folder holds only the notebook, and every process
that it starts is written down.
"""

import os
import re
import shutil
import subprocess
import sys

import pytest
from nbformat import v4

from tools import digests, pages, publish

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
NAME = "deep-learning-mnist"
LISTEN = """import sys
started = []
def listen(event, arguments):
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"):
        started.append(" ".join(map(str, arguments[1])) if event == "subprocess.Popen" else event)
sys.addaudithook(listen)"""
# Left out: libraries ask for the processor, and matplotlib for fonts.
TELL = """print("started:", [c for c in started if c.split()[0] not in ("uname", "fc-list")])
print("pip:", "pip" in sys.modules)
print("course:", COURSE)
import helpers, keras
print("helpers:", helpers.__file__)"""


def setup_cell():
    """The setup cell of the course's first page."""
    cells = pages.read(pages.PAGES[0]).cells
    (source,) = (c.source for c in cells if "setup" in c.metadata.get("tags", []))
    return source


def stamped(address):
    """The setup cell with an address."""
    return digests.REPOSITORY_LINE.sub(lambda _: f"REPOSITORY = {address!r}", setup_cell())


def git(*arguments, cwd):
    identity = ["-c", "user.name=A", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a repository with the course's helpers as they are in the working tree."""
    root = tmp_path_factory.mktemp("public")
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(pages.ROOT / "helpers", root / "helpers", ignore=leave)
    shutil.copy(pages.ROOT / "requirements.txt", root)
    git("init", "--quiet", cwd=root)
    git("add", ".", cwd=root)
    git("commit", "--quiet", "-m", "The course", cwd=root)
    git("commit", "--quiet", "--allow-empty", "-m", "Later", cwd=root)
    return root.as_uri()


@pytest.fixture
def colab(tmp_path):
    """Environment variables as in Colab, and an empty folder to work in."""
    folder = tmp_path / "content"
    folder.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    home = {"HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    return folder, kept | home | {"COLAB_RELEASE_TAG": "release-colab_20261101"}


def run(colab, address, *others, before=()):
    """Run the setup cell with an address, other cells around it; return the printed lines."""
    folder, environment = colab
    path = folder / "02_one_layer.ipynb"
    cells = [v4.new_code_cell(cell) for cell in (LISTEN, *before, stamped(address), *others)]
    pages.write(path, v4.new_notebook(cells=cells))
    notebook, _ = pages.execute(path, env=environment)
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    assert {output.get("name") for output in outputs} <= {"stdout"}, outputs
    return "".join(output.text for output in outputs).splitlines()


def test_a_lone_notebook_fetches_the_helpers_and_nothing_else(colab, address):
    clone = colab[0] / NAME
    lines = run(colab, address, stamped(address), TELL)
    hint, again, *rest = lines
    assert hint == again and "GPU" in hint and len(hint) < 120
    command = f"git clone --quiet --depth 1 -- {address} {clone}"
    assert rest == [
        f"started: {[command]}",
        "pip: False",
        f"course: {clone}",
        f"helpers: {clone / 'helpers' / '__init__.py'}",
    ]
    commits = ["git", "rev-list", "--count", "HEAD"]
    done = subprocess.run(commits, cwd=clone, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n", "the clone is shallow"

    kept = clone / "helpers" / "__init__.py"
    kept.write_text(kept.read_text() + "MINE = True\n")
    gpu = "helpers.environment.has_nvidia_gpu = lambda: True\n_ = helpers.environment.check()"
    rest = run(colab, address, TELL, f"print(helpers.MINE)\n{gpu}")[1:]
    assert rest[0] == "started: []", "a second run fetches nothing"
    assert rest[-1] == "True", "what is there is left as it is; no hint beside a GPU"


@pytest.mark.parametrize(
    ("mine", "imported"),
    [("helpers/__init__.py", False), ("helpers/data.py", True)],
)
def test_a_users_own_helpers_are_left_alone(colab, address, mine, imported):
    path = colab[0] / mine
    path.parent.mkdir(exist_ok=True)
    path.write_text("WHOSE = 'mine'\n")
    before = ["import helpers"] if imported else []
    said, _, *rest = run(colab, address, TELL, before=before)
    assert "`helpers` is the course's" in said and "is left as it is" in said
    assert rest[-1] == f"helpers: {colab[0] / NAME / 'helpers' / '__init__.py'}"
    assert path.read_text() == "WHOSE = 'mine'\n"


def failing(colab, address):
    """What the setup cell complains of, as Python runs it without a kernel."""
    command = [sys.executable, "-c", stamped(address)]
    done = subprocess.run(
        command, cwd=colab[0], env=colab[1], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "RuntimeError: " in done.stderr
    return done.stderr


@pytest.mark.parametrize("where", ["nowhere", "--upload-pack=touch x"])
def test_a_failed_clone_says_what_to_do(colab, where):
    address = where if where.startswith("-") else (colab[0] / where).as_uri()
    message = failing(colab, address)
    assert f"Fetching {address} failed: " in message and "fatal: " in message
    assert "Check the address and the network" in message
    assert "CalledProcessError" not in message
    assert not (colab[0] / "x").exists()


def test_a_folder_in_the_way_is_named_and_left(colab, address):
    mine = colab[0] / NAME / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    assert re.search(f"Fetching {address} failed: .*{mine.parent}", failing(colab, address))
    assert mine.read_text() == "mine"


def test_without_an_address_it_says_what_to_paste(colab):
    message = failing(colab, "")
    assert "paste the course's public address" in message
    assert 'REPOSITORY = "" and run this cell again' in message


def test_outside_colab_nothing_is_fetched(colab, address):
    folder, environment = colab
    del environment["COLAB_RELEASE_TAG"]
    assert "start Jupyter inside the course's folder" in failing((folder, environment), address)
    assert not (folder / NAME).exists()


# colab_setup.sh


def shell(colab, address):
    """Run colab_setup.sh with an address, as `bash colab_setup.sh` in Colab's folder."""
    folder, environment = colab
    script = (pages.ROOT / "colab_setup.sh").read_text(encoding="utf-8")
    script = publish.SHELL_LINE.sub(lambda _: f'REPOSITORY="{address}"', script)
    (folder / "colab_setup.sh").write_text(script, encoding="utf-8")
    return subprocess.run(
        ["bash", "colab_setup.sh"],
        cwd=folder,
        env=environment | {"PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_script_fetches_checks_and_is_harmless_twice(colab, address):
    clone = colab[0] / NAME
    for _ in range(2):
        done = shell(colab, address)
        assert done.returncode == 0, done.stderr
        hint, ready = done.stdout.splitlines()
        assert "GPU" in hint and ready == f"Ready: {clone}"
        (clone / "mine.txt").write_text("mine")
    requirements = clone / "requirements.txt"
    requirements.write_text("keras>=99\n")
    done = shell(colab, address)
    assert done.returncode == 1
    assert "keras" in done.stderr and "99" in done.stderr and "Traceback" not in done.stderr


def test_the_script_works_inside_the_course(colab):
    inside = colab[0] / "somewhere" / "notebooks"
    for folder in (inside / "helpers", inside.parent / "helpers"):  # the first is a stranger's
        folder.mkdir(parents=True)
        (folder / "data.py").touch()
    for name in ("__init__.py", "data.py", "environment.py"):
        shutil.copy(pages.ROOT / "helpers" / name, inside.parent / "helpers")
    shutil.copy(pages.ROOT / "requirements.txt", inside.parent)
    done = shell((inside, colab[1]), "")
    assert done.returncode == 0 and f"Ready: {inside.parent}\n" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("where", "message"),
    [("", "Paste its public address"), ("nowhere", "Check the address and the network")],
)
def test_the_script_says_what_to_do(colab, where, message):
    address = (colab[0] / where).as_uri() if where else ""
    done = shell(colab, address)
    assert done.returncode == 1 and message in done.stderr

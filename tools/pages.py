"""The pages: which there are, reading, writing and executing one, and the digest of its code."""

import ast
import hashlib
import io
import json
import logging
import os
import re
import time
import tokenize
from pathlib import Path

import nbformat
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from helpers import scoreboard

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(ROOT.glob("notebooks/[0-9][0-9]_*.ipynb"))
REFERENCE = sorted(ROOT.glob("notebooks/reference/*.ipynb"))

# Helpers that decide nothing a page measures: what draws (diagrams.py and diagrams_*.py too), and
# what checks versions.
NOT_DIGESTED = ("plotting", "diagrams", "environment")
REPOSITORY_LINE = re.compile(r'^REPOSITORY = ".*"$', re.M)
SEED_LINE = re.compile(r"^SEED = 1$", re.M)
PATHS = ("MNIST_DIR", "COURSE_CACHE", "COURSE_RUNS", "KERAS_HOME")
# Asked of a page's kernel at the end: where its digits came from.
ASK_SOURCE = """import json, sys
data = sys.modules.get("helpers.data")
print(json.dumps(data and data.source_in_use()))"""
TIMEOUT = 1800  # seconds a cell; nbval, which tests pages, allows fewer
# Pages about TensorFlow itself, which no other backend can run.
NEEDS_TENSORFLOW = {"01_data"}


class PageError(Exception):
    """A page that did not run to its end.

    Attributes:
        notebook: what it had shown so far, an nbformat node.
        cell: number of the cell that failed, counted from 1, text cells included.
        traceback: str, what the kernel said; empty when it died or was too slow.
    """

    def __init__(self, message, notebook, cell, traceback=""):
        super().__init__(message)
        self.notebook = notebook
        self.cell = cell
        self.traceback = traceback


def select(paths, names):
    """Return the paths that start with one of `names`, as 02 or reference/net; all without names.

    Raises:
        ValueError: a name that no page starts with; lists the pages.
    """
    for name in names:
        if not any(_is_called(path, name) for path in paths):
            known = ", ".join(path.stem for path in paths)
            raise ValueError(f"No page starts with {name!r}. Pages: {known}.")
    return [path for path in paths if not names or any(_is_called(path, name) for name in names)]


def _is_called(path, name):
    """True where a page's name starts with `name`, which may name the page's folder too."""
    known = f"{path.parent.name}/{path.name}" if "/" in name else path.name
    return known.startswith(name)


def is_reference(path):
    """True for a notebook of others' networks, which is no chapter."""
    return Path(path).resolve().parent.name == "reference"


def read(path):
    """Return the notebook at `path`, an nbformat node of version 4.

    Raises:
        FileNotFoundError: there is none.
        ValueError: the file is no notebook; names it.
    """
    try:
        return nbformat.read(path, as_version=4)
    except (ValueError, AttributeError, nbformat.ValidationError) as error:
        reason = str(error).splitlines()[0][:200]
        raise ValueError(f"{path} is no notebook that can be read: {reason}") from None


def write(path, notebook):
    """Write a notebook so that `path` holds the old one or the new one, never a part.

    Raises:
        OSError: the file cannot be written; the old one is left as it was.
        nbformat.ValidationError: it is no valid notebook; nothing is written.
    """
    nbformat.validate(notebook)
    scoreboard.write_atomically(path, json.loads(nbformat.writes(notebook)))


def execute(path, *, seed=None, env=None, on_cell=None, timeout=TIMEOUT):
    """Run a page from top to bottom in a fresh kernel of this Python, in the page's folder.

    Args:
        path: the notebook's file, which is not changed.
        seed: integer that replaces the 1 of the line `SEED = 1` in the cell tagged `parameters`.
        env: dict, the kernel's environment variables; those of this process by default. Paths in it
            that the course reads are made absolute, and progress bars are off.
        on_cell: function of (number, count), called before each code cell.
        timeout: seconds that a cell may take; None for no limit.

    Returns:
        (notebook, seconds): the executed nbformat node, and how long it took. Its metadata.course
        has the digests of the page's code and of its outputs, and the source of its digits:
        "mnist", "drawn" or None.

    Raises:
        ValueError: the file is no notebook, or `seed` is given and there is no line to put it in.
        PageError: a cell failed, took too long, or the kernel died; names page, cell and error.
        KeyboardInterrupt: somebody stopped the command.
    """
    path = Path(path).resolve()
    notebook = read(path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    course = notebook.metadata.setdefault("course", nbformat.from_dict({}))
    course["digest"] = code_digest(notebook)
    if seed is not None:
        _put_seed(notebook, seed, path.name)
    progress = _Progress(notebook, on_cell)
    notebook.cells.append(nbformat.v4.new_code_cell(ASK_SOURCE))
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=_ThisPython())
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=timeout,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_execute=progress.start,
        store_widget_state=False,
        record_timing=False,
    )
    started = time.monotonic()
    try:
        client.execute(env=_kernel_environment(os.environ if env is None else env))
        what, traceback = None, ""
    except CellExecutionError as error:
        what, traceback = f"{error.ename}: {error.evalue}", error.traceback
    except CellTimeoutError:
        what, traceback = f"took more than {timeout} seconds", ""
    except DeadKernelError:
        what, traceback = "the kernel died; the machine may be out of memory", ""
    finally:  # nbclient leaves the kernel of a manager that it was given, 1 GB, and its channels
        if client.kc is not None:
            client.kc.stop_channels()
        if manager.has_kernel:
            run_sync(manager.shutdown_kernel)(now=True)
    seconds = time.monotonic() - started
    if what is not None and getattr(client, "_async_cleanup_kernel_future", None):
        # nbclient takes Ctrl-C for itself and ends the kernel; its own tasks then complain.
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        raise KeyboardInterrupt
    answer = notebook.cells.pop().outputs
    merge_streams(notebook)
    if what is None:
        course["source"] = json.loads(answer[0].text)
        course["outputs"] = outputs_digest(notebook)
        return notebook, seconds
    raise PageError(
        f"{path.name}, cell {progress.cell}: {what}", notebook, progress.cell, traceback
    )


def merge_streams(notebook):
    """Join adjacent outputs of one stream, which kernels cut at random; change the notebook."""
    for cell in notebook.cells:
        merged = []
        for output in cell.get("outputs", []):
            last = merged[-1] if merged else {}
            if output.output_type == "stream" == last.get("output_type") and (
                output.name == last["name"]
            ):
                last["text"] += output.text
            else:
                merged.append(output)
        if cell.cell_type == "code":
            cell.outputs = merged


class _Progress:
    """Which cell runs."""

    def __init__(self, notebook, on_cell):
        cells = enumerate(notebook.cells)
        self.positions = [i for i, c in cells if c.cell_type == "code" and c.source.strip()]
        self.on_cell = on_cell
        self.cell = 1

    def start(self, cell, cell_index):
        if cell_index not in self.positions:
            return
        self.cell = cell_index + 1
        if self.on_cell is not None:
            self.on_cell(self.positions.index(cell_index) + 1, len(self.positions))


class _ThisPython(KernelSpecManager):
    """Kernels of this interpreter, whatever kernels the user has installed."""

    def get_kernel_spec(self, kernel_name):
        """The kernel that runs pages; it logs neither its talk with clients nor its own end."""
        return KernelSpec(**get_kernel_dict(extra_arguments=["--log-level=CRITICAL"]))


def _kernel_environment(variables):
    # Nobody watches progress bars here, and stored ones would be frozen. Warnings still show.
    made = dict(variables) | {"TQDM_DISABLE": "1"}
    return made | {name: str(Path(made[name]).resolve()) for name in PATHS if made.get(name)}


def _put_seed(notebook, seed, name):
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    found = sum(len(SEED_LINE.findall(cell.source)) for cell in tagged)
    if found != 1:
        raise ValueError(
            f"{name}: expected one line `SEED = 1` in a cell tagged `parameters`, found {found}."
        )
    for cell in tagged:
        cell.source = SEED_LINE.sub(f"SEED = {seed}", cell.source)


def code_digest(notebook, root=ROOT):
    """Return the SHA-256 of what decides a page's results, as 64 hexadecimal digits.

    That is the code cells and the helpers that they import, directly or through other helpers.
    Comments, blank lines, the docstrings of helpers, the helpers in NOT_DIGESTED and the stamped
    address change nothing. Python 3.11 and later give the same digest.

    Args:
        notebook: nbformat node.
        root: the folder that holds helpers/.
    """
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    cells = [REPOSITORY_LINE.sub('REPOSITORY = ""', source) for source in cells]
    sources = _helpers(cells, Path(root))
    parts = [_tokens(source) for source in cells]
    parts += [[name, *_tokens(sources[name], docstrings=False)] for name in sorted(sources)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def outputs_digest(notebook):
    """Return the SHA-256 of the outputs of a page's code cells, as 64 hexadecimal digits.

    Every part of an output counts: texts, pictures, their metadata, and the order. How the file
    cuts texts into lines, which nbformat undoes when it reads, does not.

    Args:
        notebook: nbformat node.
    """
    shown = [cell.get("outputs", []) for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


def _helpers(cells, root):
    """The sources of the helpers that cells import, by name."""
    found = {}
    wanted = {name for source in cells for name in _imported(source)}
    while wanted:
        name = wanted.pop()
        path = root / "helpers" / f"{name}.py"
        if name not in found and not name.startswith(NOT_DIGESTED) and path.is_file():
            found[name] = path.read_text(encoding="utf-8")
            wanted |= _imported(found[name])
    return found


def _imported(source):
    """The helpers that a source imports; empty when it is no plain Python."""
    found = set()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return found
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = "helpers." * bool(node.level) + (node.module or "")
            modules = [f"{package.rstrip('.')}.{alias.name}" for alias in node.names]
        else:
            continue
        parts = (module.split(".") for module in modules)
        found |= {part[1] for part in parts if part[0] == "helpers" and len(part) > 1}
    return found


def _tokens(source, docstrings=True):
    """The tokens of a source as strings, without comments, blank lines and layout.

    A source that is no plain Python is one token: its text.
    """
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return [source.strip()]
    lines, line = [], []
    for kind, text in _whole_strings(source):
        if kind in (tokenize.COMMENT, tokenize.NL, tokenize.ENDMARKER):
            continue
        if kind in (tokenize.INDENT, tokenize.DEDENT):
            lines.append([tokenize.tok_name[kind]])
        elif kind != tokenize.NEWLINE:
            line.append((kind, text))
        else:
            if docstrings or any(kind != tokenize.STRING for kind, _ in line):
                lines.append([text for _, text in line] + ["NEWLINE"])
            line = []
    return [text for line in lines for text in line]


def _whole_strings(source):
    """(kind, text) of every token; an f-string is one string, as Python 3.11 has it."""
    lines = source.splitlines(keepends=True)
    depth, start = 0, None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        name = tokenize.tok_name[token.type]
        if name in ("FSTRING_START", "TSTRING_START"):
            start = start if depth else token.start
            depth += 1
        elif name in ("FSTRING_END", "TSTRING_END"):
            depth -= 1
            if depth == 0:
                yield tokenize.STRING, _between(lines, start, token.end)
        elif depth == 0:
            yield token.type, token.string


def _between(lines, start, end):
    """The text from one (row, column) to another, rows counted from 1."""
    first, last = start[0] - 1, end[0] - 1
    if first == last:
        return lines[first][start[1] : end[1]]
    return "".join([lines[first][start[1] :], *lines[first + 1 : last], lines[last][: end[1]]])

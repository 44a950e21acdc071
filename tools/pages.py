"""The pages: which there are, which a command is asked for, reading, writing, executing one."""

import json
import logging
import os
import re
import subprocess
import sys
import time
from asyncio import CancelledError, InvalidStateError
from contextlib import suppress
from pathlib import Path

import nbformat
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from helpers import environment, saving
from tools import digests

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = "notebooks/[0-9][0-9]*_*.ipynb"  # side pages, 01b_…, too
PAGES = sorted(ROOT.glob(CHAPTERS))
REFERENCE = sorted(ROOT.glob("notebooks/reference/*.ipynb"))

SEED_LINE = re.compile(r"^SEED = 1$", re.M)
PATHS = ("MNIST_DIR", "COURSE_CACHE", "COURSE_RUNS", "KERAS_HOME")
# Asked of a page's kernel at the end: where its digits came from, and which results it shows.
ASK_SOURCE = """import json, sys
data, board = (sys.modules.get(f"helpers.{name}") for name in ("data", "scoreboard"))
print(json.dumps([data and data.source_in_use(), board.shown() if board else {}]))"""
TIMEOUT = 1800  # seconds a cell
NEEDS_TENSORFLOW = 'need("tensorflow")'  # what a page about TensorFlow itself says
# The metadata that a page has, besides `course`, and that its cells may have.
METADATA = {
    "accelerator": "GPU",
    "colab": {"gpuType": "T4", "provenance": [], "toc_visible": True},
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CELL_METADATA = {"tags", "cellView", "jupyter"}


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


def every():
    """The paths of all pages, chapters first."""
    return [*PAGES, *REFERENCE]


def chosen(parser, arguments, paths=None):
    """Parse a command's arguments, names of pages among them; an unknown name ends the command.

    Args:
        parser: argparse.ArgumentParser with the command's other arguments.
        arguments: list of str, or None for those of this process.
        paths: the pages to choose from; all of the course by default.

    Returns:
        (argparse.Namespace, list of paths)
    """
    text = "pages by the start of their name, such as 00 02; third: every third, by the commit"
    parser.add_argument("pages", nargs="*", help=text)
    options = parser.parse_args(arguments)
    try:
        return options, select(every() if paths is None else paths, options.pages)
    except ValueError as error:
        return parser.error(str(error))


def select(paths, names):
    """Return the paths that start with one of `names`, as 02 or reference/net; all without names.

    The name `third` alone means every third page, counted from one that the commit's hash names:
    over a few commits each page has its turn.

    Raises:
        ValueError: a name that no page starts with; lists the pages.
    """

    if names == ["third"]:
        return paths[int(commit()[:8], 16) % 3 :: 3]

    def is_called(path, name):
        known = f"{path.parent.name}/{path.name}" if "/" in name else path.name
        side_page = name.isdigit() and known[len(name) : len(name) + 1].isalpha()  # 01b is not 01
        return bool(name) and known.startswith(name) and not side_page

    for name in names:
        if not any(is_called(path, name) for path in paths):
            known = ", ".join(path.stem for path in paths)
            raise ValueError(f"No page starts with {name[:50]!r}. Pages: {known}.")
    return [path for path in paths if not names or any(is_called(path, name) for name in names)]


def commit():
    """The hash of the commit that is checked out, in hexadecimal digits; "0" outside git."""
    command = ["git", "rev-parse", "HEAD"]
    with suppress(OSError):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip() or "0"
    return "0"


def needs_tensorflow(notebook):
    """True for a page about TensorFlow itself, which no other backend can run."""
    return any(NEEDS_TENSORFLOW in c.source for c in notebook.cells if c.cell_type == "code")


def command(main):
    """Run a command; where a file cannot be written, or read, say which in one line.

    Returns:
        int: what `main` returns, 1 for such a file, 130 when stopped.
    """
    try:
        return main()
    except OSError as error:
        print(f"{error.filename}: {error.strerror}. Nothing of it was changed.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


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
    saving.write(path, nbformat.writes(notebook).rstrip("\n") + "\n")


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
        has the digests of the page's code, of what it draws and of its outputs, the machine, the
        source of its digits ("mnist", "drawn" or None) and, in `results`, what it read of
        results.json.

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
    course["digest"] = digests.code_digest(notebook, ROOT)
    course["drawing"] = digests.drawing_digest(notebook, ROOT)
    course["machine"] = environment.machine()
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
    except CancelledError:  # Ctrl-C while the kernel starts
        raise KeyboardInterrupt from None
    except DeadKernelError:
        what, traceback = "the kernel died; the machine may be out of memory", ""
    except RuntimeError as error:  # so jupyter_client says that a kernel ended while it started
        what, traceback = f"its kernel did not start ({error})", ""
    finally:  # nbclient leaves the kernel of a manager that it was given, 1 GB, and its channels
        if client.kc is not None:
            client.kc.stop_channels()
        if manager.has_kernel:
            with suppress(InvalidStateError):  # nbclient may be shutting it down at the same time
                run_sync(manager.shutdown_kernel)(now=True)
    seconds = time.monotonic() - started
    if what is not None and getattr(client, "_async_cleanup_kernel_future", None):
        # nbclient takes Ctrl-C for itself and ends the kernel; its own tasks then complain.
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        raise KeyboardInterrupt
    answer = notebook.cells.pop().outputs
    merge_streams(notebook)
    _drop_widget_views(notebook)
    if what is None:
        course["source"], course["results"] = json.loads(answer[0].text)
        course["outputs"] = digests.outputs_digest(notebook)
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


class ProgressLine:
    """A line that changes while a page runs, where the output is a terminal; else one at the end.

    Args:
        start: str, what the line begins with.
    """

    def __init__(self, start):
        self.start = start
        self.moves = sys.stdout.isatty()

    def update(self, cell, count):
        """Say which code cell runs."""
        if self.moves:
            print(f"\r\x1b[K{self.start}: cell {cell}/{count}", end="", flush=True)

    def end(self, text):
        """Say how it went, and end the line."""
        print(f"{chr(13) + chr(27) + '[K' if self.moves else ''}{self.start}: {text}", flush=True)


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


def _drop_widget_views(notebook):
    """Leave the text of a widget's output: its view names a model that ends with the kernel."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)


def _put_seed(notebook, seed, name):
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    found = sum(len(SEED_LINE.findall(cell.source)) for cell in tagged)
    if found != 1:
        raise ValueError(
            f"{name}: expected one line `SEED = 1` in a cell tagged `parameters`, found {found}."
        )
    for cell in tagged:
        cell.source = SEED_LINE.sub(f"SEED = {seed}", cell.source)

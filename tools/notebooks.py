"""`make notebooks`: execute pages in place, the only way that committed outputs are made.

    python -m tools.notebooks
    python -m tools.notebooks 00 02
    python -m tools.notebooks --list-old    list pages whose figures may be older than their code
"""

import argparse
import sys

import nbformat
from nbformat.corpus.words import generate_corpus_id

from tools import digests, pages, reading


def main(arguments=None):
    """Execute the pages named, or all; return 0 when each was written, 130 when stopped."""
    parser = argparse.ArgumentParser(prog="python -m tools.notebooks", description=main.__doc__)
    parser.add_argument(
        "--allow-drawn", action="store_true", help="let drawn digits replace outputs of MNIST"
    )
    parser.add_argument(
        "--list-old", action="store_true", help="run nothing, list pages whose figures may be old"
    )
    options, chosen = pages.chosen(parser, arguments)
    if options.list_old:
        old = [path.stem for path in chosen if draws_otherwise(path)]
        renew_them = f'These figures may be old; renew them: make notebooks PAGES="{" ".join(old)}"'
        print(renew_them if old else "All figures are as the code draws them.")
        return 0
    try:
        written = [renew(path, options.allow_drawn) for path in chosen]
    except KeyboardInterrupt:
        print("\nStopped. The page that ran is as it was; those before it are done.")
        return 130
    return int(not all(written))


def renew(path, allow_drawn=False):
    """Execute a page and write it back; say how it went.

    Nothing is written when the page fails, when it was edited while it ran, or when it ran on drawn
    digits and its stored outputs show MNIST.

    Args:
        path: the notebook's file.
        allow_drawn: bool, let drawn digits replace MNIST all the same.

    Returns:
        bool: the page was written.
    """
    line = pages.ProgressLine(path.stem)
    try:
        before = pages.read(path)
        notebook, seconds = pages.execute(path, on_cell=line.update)
    except (pages.PageError, ValueError) as error:
        line.end(f"FAILED, not written: {error}")
        return False
    source = notebook.metadata.course["source"]
    shown = before.metadata.get("course", {}).get("source")
    if shown == "mnist" and source == "drawn" and not allow_drawn:
        line.end(
            "not written: it shows MNIST, and this run found drawn digits only. Set MNIST_DIR to a "
            "folder with MNIST's files; DRAWN=yes (--allow-drawn) replaces it all the same."
        )
        return False
    if pages.read(path) != before:
        line.end("not written: the page was edited while it ran. Run it again.")
        return False
    if notebook.cells:
        notebook.cells[0].source = reading.Page(path, notebook, pages.ROOT).timed
    pages.write(path, normalised(notebook))
    line.end(f"written, {seconds:.0f} s, digits: {source}")
    return True


def draws_otherwise(path):
    """True where a page or the helpers that draw for it changed after its outputs were made."""
    page = pages.read(path)
    stored = page.metadata.get("course", {}).get("drawing")
    return stored != digests.drawing_digest(page, pages.ROOT)


def normalised(notebook):
    """The notebook with the metadata that pages have and no other, and an id for each cell."""
    notebook.metadata = nbformat.from_dict(pages.METADATA | {"course": notebook.metadata["course"]})
    ids = set()
    for cell in notebook.cells:
        if cell.get("id") in ids | {None}:
            cell.id = generate_corpus_id()
        ids.add(cell.id)
        kept = {key: value for key, value in cell.metadata.items() if key in pages.CELL_METADATA}
        cell.metadata = nbformat.from_dict(kept)
    notebook.nbformat_minor = max(5, notebook.nbformat_minor)
    return notebook


if __name__ == "__main__":
    sys.exit(pages.command(main))

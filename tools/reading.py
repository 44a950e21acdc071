"""A page as its rules read it: cells, prose, names, outputs, figures; and how long it takes.

    python -m tools.reading 02            print the minutes of pages
    python -m tools.reading --write 02    write them into the pages' first lines; into lists too

Minutes are words of prose / 100 + visible lines of code / 8, rounded up to five, without what is
folded. Minutes to think are one for each guess and three for each turn; the exercises at the end of
a page carry their own.
"""

import argparse
import ast
import math
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import mistune
import nbformat

from helpers import saving
from tools import pages, publish

MARKDOWN = mistune.create_markdown(renderer="ast", plugins=["math", "table"])
INLINE = {"strong", "emphasis", "link", "image"}
DETAILS = re.compile(r"<details\b.*?</details>", re.S)
# The last line of a page's first cell. Only what follows the comma or semicolon is typed.
TIME = re.compile(r"^\*\*Time\*\*: .*?[,;] (?P<run>[^,;\n]+ to run\b.*)$", re.M)
CLEAR = (
    "In Colab, first choose *Edit*, then *Clear all outputs*, so that no answer is on show before "
    "you have guessed."
)
THINKING = {"guess": 1, "check": 3}  # minutes
# A line of a list of pages: its link leads to the page that its minutes are of.
LISTED = re.compile(
    r"^(?P<before>.*\((?:notebooks/)?(?P<name>\d\d\w*)\.ipynb\).*?)\b\d+ min\b", re.M
)
LISTS = ("README.md", "notebooks/teaching.md")


@dataclass(frozen=True)
class Page:
    """A notebook and where it stands. Cells are counted from 1, text cells included.

    Args:
        path: the notebook's file, which need not exist.
        notebook: what it holds, an nbformat node.
        root: the folder that holds pyproject.toml.
    """

    path: Path
    notebook: nbformat.NotebookNode
    root: Path

    @cached_property
    def cells(self):
        """(number, cell) of every cell."""
        return list(enumerate(self.notebook.cells, start=1))

    @cached_property
    def code(self):
        """(number, cell) of every code cell but the setup cell, which has a rule of its own."""
        return [(n, c) for n, c in self.cells if c.cell_type == "code" and "setup" not in tags(c)]

    @cached_property
    def visible(self):
        """(number, cell) of every code cell that is not folded."""
        return [(n, cell) for n, cell in self.code if not is_folded(cell)]

    @cached_property
    def trees(self):
        """(number, cell, syntax tree) of every code cell but setup that is plain Python."""
        return [(n, c, tree) for n, c in self.code if (tree := parsed(c.source)) is not None]

    @cached_property
    def copied(self):
        """(number, cell, syntax tree) of what a reader may copy: `visible`, without exercises."""
        seen = [n for n, cell in self.visible if "exercise" not in tags(cell)]
        return [(n, cell, tree) for n, cell, tree in self.trees if n in seen]

    @cached_property
    def texts(self):
        """(number, Markdown) of every text cell."""
        return [(n, c.source) for n, c in self.cells if c.cell_type == "markdown"]

    @cached_property
    def tokens(self):
        """(number, token) of every Markdown token, the nested ones after those around them."""
        return [(n, token) for n, text in self.texts for token in flat(MARKDOWN(text))]

    @cached_property
    def headings(self):
        """(number, level, text) of every heading."""
        found = [(n, token) for n, token in self.tokens if token["type"] == "heading"]
        return [(n, token["attrs"]["level"], heading_text(token)) for n, token in found]

    @cached_property
    def prose(self):
        """(number, text) of what is read as sentences, alternative texts of figures included."""
        found = [(n, "".join(map(prose, MARKDOWN(text)))) for n, text in self.texts]
        return found + [(n, alt) for n, _, alt in self.figures]

    @cached_property
    def outputs(self):
        """(number, output) of every output."""
        return [(n, out) for n, c in self.cells for out in c.get("outputs", [])]

    @cached_property
    def output_texts(self):
        """(number, text) of what outputs say, in every textual form that they carry."""
        streams = [(n, out.text) for n, out in self.outputs if out.output_type == "stream"]
        data = [(n, out.data) for n, out in self.outputs if "data" in out]
        return streams + [(n, d[mime]) for n, d in data for mime in d if mime.startswith("text/")]

    @cached_property
    def figures(self):
        """(number, image data, alternative text or "") of every picture in the outputs."""
        return [
            (n, data, str(out.metadata.get(mime, {}).get("alt", "")).strip())
            for n, out in self.outputs
            for mime, data in out.get("data", {}).items()
            if mime.startswith("image/")
        ]

    @cached_property
    def course(self):
        """What `make notebooks` noted about the outputs; empty when it noted nothing."""
        return self.notebook.metadata.get("course", {})

    @cached_property
    def neighbours(self):
        """The course pages in this page's folder, in reading order."""
        return sorted(self.path.parent.glob("[0-9][0-9]_*.ipynb"))

    @cached_property
    def repository(self):
        """The public address of the course; empty as long as there is none."""
        return publish.address_of(self.root)

    @cached_property
    def first_lines(self):
        """The lines of the first cell that are not blank; none when it is a code cell."""
        text = self.texts[0][1] if self.texts and self.texts[0][0] == 1 else ""
        return [line.strip() for line in text.splitlines() if line.strip()]

    def section(self, title):
        """The Markdown between the heading `## title` and the next heading of that level."""
        text = "\n".join(text for _, text in self.texts)
        found = re.search(rf"^## {re.escape(title)}\s*$(.*?)(?=^## |\Z)", text, re.M | re.S)
        return found[1] if found else ""

    def calls(self):
        """(number, cell, last part of the called name, call) of every call, in reading order."""
        for n, cell, tree in self.trees:
            found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
            for node in sorted(found, key=lambda node: (node.end_lineno, node.end_col_offset)):
                yield n, cell, dotted(node.func).rpartition(".")[2], node

    @property
    def minutes(self):
        """How long the page takes to read; see the top of this module."""
        tokens = [t for _, text in self.texts for t in MARKDOWN(DETAILS.sub("", text))]
        words = sum(len(shown(token).split()) for token in tokens)
        code = [token["raw"] for token in tokens if token["type"] == "block_code"]
        code += [cell.source for _, cell in self.visible]
        lines = sum(bool(line.strip()) for source in code for line in source.splitlines())
        return 5 * math.ceil((words / 100 + lines / 8) / 5)

    @property
    def thinking(self):
        """The minutes of its guesses and turns, those of the last exercises left out."""
        last = [n for n, _, text in self.headings if text == "Exercises"] or [math.inf]
        return sum(
            THINKING.get(name, 0)
            for n, _, name, call in self.calls()
            if n < last[0] and dotted(call.func).startswith("exercises.")
        )

    @property
    def timed(self):
        """The first cell as it should be: with minutes, and with CLEAR where there are answers.

        A page that says *Clear all outputs* further down, in words of its own, needs no CLEAR.
        """
        source = self.notebook.cells[0].source if self.notebook.cells else ""
        found = TIME.search(source)
        if not found:
            return source
        think = f", and {self.thinking} more for the questions it asks" if self.thinking else ""
        line = f"**Time**: {self.minutes} minutes{think}; {found['run']}"
        answers = any("answer" in tags(cell) for _, cell in self.code)
        told = any("Clear all outputs" in text for n, text in self.texts if n > 1)
        return source[: found.start()] + line + (f"\n\n{CLEAR}" if answers and not told else "")


def load(path, root):
    """The page at `path`, as it is stored: nbformat's own reading would mend what rules look for.

    Raises:
        OSError: there is no such file.
        ValueError: the file is no notebook of format 4.
    """
    path = Path(path).resolve()
    try:
        notebook = nbformat.reader.reads(path.read_text(encoding="utf-8"))
    except nbformat.ValidationError as error:
        raise ValueError(error.message) from None
    if notebook.get("nbformat") != 4:
        raise ValueError(f"expected notebook format 4, found {notebook.get('nbformat')}")
    return Page(path, notebook, root)


def listed(text, root):
    """A list of pages with their minutes, "50 min" behind the link, as they are counted."""

    def line(match):
        page = load(root / "notebooks" / f"{match['name']}.ipynb", root)
        return f"{match['before']}{page.minutes} min"

    return LISTED.sub(line, text)


def tags(cell):
    """The set of a cell's tags."""
    return set(cell.metadata.get("tags", []))


def is_folded(cell):
    """True for a cell whose code is folded in Colab, or in JupyterLab."""
    hidden = cell.metadata.get("jupyter", {}).get("source_hidden")
    return cell.metadata.get("cellView") == "form" or bool(hidden)


def flat(tokens):
    """Markdown tokens and those inside them, depth first."""
    for token in tokens:
        yield token
        yield from flat(token.get("children", []))


def prose(token):
    """The sentences in a Markdown token: no code, formulas, HTML, titles of others' works."""
    if token["type"] == "link" and is_elsewhere(token["attrs"]["url"]):
        return " "
    if "children" in token:
        inner = "".join(map(prose, token["children"]))
        return inner if token["type"] in INLINE else inner + "\n"
    return token["raw"] if token["type"] == "text" else " "


def shown(token):
    """The words that a Markdown token shows, code among them; a formula is one, a comment none."""
    kind = token["type"]
    if "children" in token:
        inner = "".join(map(shown, token["children"]))
        return inner if kind in INLINE else inner + "\n"
    if kind in {"text", "codespan"}:
        return token["raw"]
    return {"inline_math": "x", "block_math": "x\n", "inline_html": ""}.get(kind, "\n")


def heading_text(token):
    """What a heading shows, code included."""
    return "".join(inner.get("raw", "") for inner in flat(token["children"])).strip()


def anchors(path):
    """The anchors of a notebook (Jupyter's way) or of a Markdown file (GitHub's way)."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        return page_anchors(Page(path, nbformat.reader.reads(text), path.parent))
    found = [heading_text(t).lower() for t in flat(MARKDOWN(text)) if t["type"] == "heading"]
    return [re.sub(r"[^\w\- ]", "", text).replace(" ", "-") for text in found]


def page_anchors(page):
    """The anchors of a page: its headings, spaces to hyphens."""
    return [text.replace(" ", "-") for _, _, text in page.headings]


def is_elsewhere(url):
    """True for an address with a scheme, such as https:, false for a file beside the page."""
    return bool(re.match(r"[a-z]+:", url))


def parsed(source):
    """The syntax tree of a cell, None when it is not plain Python."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def called(body):
    """The last parts of the names that statements call, in order; not in definitions among them."""
    found, left = [], list(body)
    while left:
        node = left.pop()
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            found += [node] * isinstance(node, ast.Call)
            left += ast.iter_child_nodes(node)
    ends = sorted(found, key=lambda node: (node.end_lineno, node.end_col_offset))
    return [dotted(node.func).rpartition(".")[2] for node in ends]


def names(tree):
    """Sorted (line, name): dotted names, imports and their packages, and `argument=`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {(node.lineno, part) for alias in node.names for part in parents(alias.name)}
        elif isinstance(node, ast.ImportFrom):
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {(node.lineno, part) for name in full for part in parents(name)}
        elif isinstance(node, ast.Attribute | ast.Name):
            found.add((node.lineno, dotted(node)))
        elif isinstance(node, ast.keyword) and node.arg:
            found.add((node.lineno, f"{node.arg}="))
    return sorted(found)


def parents(name):
    """a, a.b and a.b.c for a.b.c."""
    return accumulate(name.split("."), "{}.{}".format)


def dotted(node):
    """The dotted name that a node spells; what is no name in it is left out."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def arguments(call):
    """The arguments of a call that are given by name: constants as they are, names as text."""
    found = {k.arg: k.value for k in call.keywords if k.arg}
    return {k: v.value if isinstance(v, ast.Constant) else dotted(v) for k, v in found.items()}


def main(arguments=None):
    """Print how long the pages named, or all, take; with --write, write it into them."""
    parser = argparse.ArgumentParser(prog="python -m tools.reading", description=main.__doc__)
    parser.add_argument("--write", action="store_true", help="write the minutes into the pages")
    options, paths = pages.chosen(parser, arguments)
    for path in paths:
        page = load(path, pages.ROOT)
        print(f"{path.stem}: {page.minutes} minutes, and {page.thinking} to think")
        if options.write and page.cells and page.timed != page.notebook.cells[0].source:
            page.notebook.cells[0].source = page.timed
            pages.write(path, page.notebook)
    for path in [pages.ROOT / name for name in LISTS] if options.write else []:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            saving.write(path, listed(text, pages.ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(pages.command(main))

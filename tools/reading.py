"""A page as its rules read it: cells, prose, names in code, outputs and figures."""

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import mistune
import nbformat

from tools import publish

MARKDOWN = mistune.create_markdown(renderer="ast", plugins=["math", "table"])
INLINE = {"strong", "emphasis", "link", "image"}


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
    def trees(self):
        """(number, cell, syntax tree) of every code cell but setup that is plain Python."""
        return [(n, c, tree) for n, c in self.code if (tree := parsed(c.source)) is not None]

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


def tags(cell):
    """The set of a cell's tags."""
    return set(cell.metadata.get("tags", []))


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

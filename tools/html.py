"""The course as HTML: pages, glossary, README and a list of pages, linked among themselves."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter

from tools import pages

HERE = Path(__file__).resolve().parent
HEADINGS = [f"h{level}[id]" for level in range(1, 7)]


def write_course(folder, notebooks, root=pages.ROOT):
    """Write one HTML file for each page and Markdown text, and an index.html that lists the pages.

    Args:
        folder: where the files go; made when missing.
        notebooks: dict from the name of a page, such as "02_one_layer", to its nbformat node.
        root: the folder that holds README.md and notebooks/.

    Returns:
        pathlib.Path: index.html.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, notebook in notebooks.items():
        (folder / f"{name}.html").write_text(page_html(notebook, name), encoding="utf-8")
    for path in [root / "README.md", *sorted((root / "notebooks").glob("*.md"))]:
        if path.is_file():
            (folder / f"{path.stem}.html").write_text(markdown_html(path), encoding="utf-8")
    listed = "\n".join(f"- [{title(nb, name)}]({name}.html)" for name, nb in notebooks.items())
    index = folder / "index.html"
    index.write_text(_text_html(f"# The course, page by page\n\n{listed}\n", "The course"), "utf-8")
    return index


def page_html(notebook, name):
    """Return a notebook as one HTML document that needs no other file.

    Alternative texts of figures are kept, the cell tagged `setup` is folded, and links to pages and
    Markdown files lead to their HTML.

    Args:
        notebook: nbformat node.
        name: str, the page's name, in the title of the document.
    """
    soup = _soup(notebook, name, pages.ROOT / "notebooks")
    return str(soup)


def markdown_html(path):
    """Return a Markdown file as one HTML document; headings have the anchors GitHub gives them."""
    path = Path(path)
    return _text_html(path.read_text(encoding="utf-8"), path.stem, path.parent)


def title(notebook, name):
    """The text of a notebook's first heading, or `name` when it has none."""
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.search(r"^# +(.+)$", "\n".join(texts), re.M)
    return found[1].strip() if found else name


def _text_html(text, name, folder=pages.ROOT):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    soup = _soup(notebook, name, folder)
    for heading in soup.select(", ".join(HEADINGS)):
        anchor = re.sub(r"[^\w\- ]", "", heading["id"].lower())
        heading["id"] = anchor
        for link in heading.select("a.anchor-link"):
            link["href"] = f"#{anchor}"
    return str(soup)


def _soup(notebook, name, folder):
    exporter = HTMLExporter(
        extra_template_basedirs=[str(HERE)], template_name="html_template", embed_images=True
    )
    resources = {"metadata": {"name": name, "path": str(folder)}}
    soup = BeautifulSoup(exporter.from_notebook_node(notebook, resources)[0], "html.parser")
    for link in soup.select("a[href]"):
        link["href"] = _html_link(link["href"])
    return soup


def _html_link(url):
    """A link to a page or a Markdown file, led to its HTML; any other as it is."""
    parts = urlsplit(url)
    path = Path(parts.path)
    if parts.scheme or parts.netloc or path.suffix not in {".ipynb", ".md"}:
        return url
    return f"{path.stem}.html" + (f"#{parts.fragment}" if parts.fragment else "")

"""The course as HTML: pages, glossary, README and a list of pages, linked among themselves."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from nbconvert import HTMLExporter
from nbformat import v4

from tools import pages

HERE = Path(__file__).resolve().parent
HEADINGS = [f"h{level}[id]" for level in range(1, 7)]


def write_course(folder, notebooks, root=pages.ROOT):
    """Write one HTML file for each page and Markdown text, and an index.html that lists them.

    Args:
        folder: where the files go; made when missing.
        notebooks: dict from the name of a page, such as "02_one_layer", to its nbformat node.
        root: the folder that holds README.md and notebooks/.

    Returns:
        pathlib.Path: index.html.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    texts = [root / "README.md", *sorted((root / "notebooks").glob("*.md"))]
    texts = {path.stem: path for path in texts if path.is_file()}
    known = {*notebooks, *texts}
    for name, notebook in notebooks.items():
        (folder / f"{name}.html").write_text(page_html(notebook, name, known), encoding="utf-8")
    for name, path in texts.items():
        (folder / f"{name}.html").write_text(markdown_html(path, known), encoding="utf-8")
    titles = {name: title(notebook, name) for name, notebook in notebooks.items()}
    titles |= {name: name.capitalize() for name in texts}
    listed = "\n".join(f"- [{text}]({name}.html)" for name, text in titles.items())
    index = folder / "index.html"
    page = v4.new_notebook(cells=[v4.new_markdown_cell(f"# The course, page by page\n\n{listed}")])
    index.write_text(str(_soup(page, "The course", root)), encoding="utf-8")
    return index


def page_html(notebook, name, known=None):
    """Return a notebook as one HTML document that needs no other file.

    Alternative texts of figures are kept, the cell tagged `setup` is folded, and links to pages and
    Markdown files lead to their HTML. A link to another file of the course becomes plain text.

    Args:
        notebook: nbformat node.
        name: str, the page's name, in the title of the document.
        known: names of the pages and Markdown files that have HTML; every one by default.
    """
    return str(_linked(_soup(notebook, name, pages.ROOT / "notebooks"), known))


def markdown_html(path, known=None):
    """Return a Markdown file as one HTML document; headings have the anchors GitHub gives them.

    Args:
        path: the file.
        known: as in `page_html`.
    """
    path = Path(path)
    text = v4.new_markdown_cell(path.read_text(encoding="utf-8"))
    soup = _soup(v4.new_notebook(cells=[text]), path.stem, path.parent)
    for heading in soup.select(", ".join(HEADINGS)):
        anchor = re.sub(r"[^\w\- ]", "", heading["id"].lower())
        heading["id"] = anchor
        for link in heading.select("a.anchor-link"):
            link["href"] = f"#{anchor}"
    return str(_linked(soup, known))


def title(notebook, name):
    """The text of a notebook's first heading, or `name` when it has none."""
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.search(r"^# +(.+)$", "\n".join(texts), re.M)
    return found[1].strip() if found else name


def _soup(notebook, name, folder):
    exporter = HTMLExporter(
        extra_template_basedirs=[str(HERE)], template_name="html_template", embed_images=True
    )
    resources = {"metadata": {"name": name, "path": str(folder)}}
    soup = BeautifulSoup(exporter.from_notebook_node(notebook, resources)[0], "html.parser")
    for image in soup.select('img[src^="http"]'):  # a badge, which nothing shows without network
        image.replace_with(image["alt"])
    return soup


def _linked(soup, known):
    """Lead links to pages and Markdown files to their HTML; unlink what has none."""
    for link in soup.select("a[href]"):
        parts = urlsplit(link["href"])
        path = Path(parts.path)
        if parts.scheme or parts.netloc or not parts.path:
            continue
        if path.suffix in {".ipynb", ".md"} and (known is None or path.stem in known):
            link["href"] = f"{path.stem}.html" + (f"#{parts.fragment}" if parts.fragment else "")
        else:
            link.unwrap()
    return soup

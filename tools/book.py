"""The course as a book for a browser: a front door, and pages that lead to one another.

Everything in it opens from a disk without a network. What is said of a chapter stands in README.md:
its first paragraph, its picture and its table of chapters.
"""

import re
from collections import namedtuple
from html import escape
from pathlib import Path

import mistune
from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader

from helpers import saving
from tools import html, pages

TEMPLATES = Environment(
    loader=FileSystemLoader(html.HERE / "html_template"), autoescape=True, trim_blocks=True
)
CHAPTER = re.compile(
    r"^\| *(?P<number>\w+) *\| *\[(?P<title>[^]]+)\]\(notebooks/(?P<name>\w+)\.ipynb\) *"
    r"\| *(?P<about>.*?) *\| *(?P<minutes>.*?) *\|",
    re.M,
)
PICTURE = re.compile(r"^!\[(?P<alt>[^]]*)\]\((?P<path>[^)]+)\)$", re.M)
TEXTS = {  # Markdown files, with what the front door calls them
    "help": "Help",
    "glossary": "Glossary",
    "reading": "What to read next",
    "teaching": "For teachers",
    "README": "How to run the course",
}

Scores = namedtuple("Scores", "head rows", defaults=((), ()))


def write(folder, notebooks, scores=None, root=pages.ROOT):
    """Write one HTML file for each page and Markdown text, and the front door, index.html.

    Args:
        folder: where the files go; made when missing.
        notebooks: dict from the name of a page, such as "02_one_layer", to its nbformat node.
        scores: Scores of this run, each row as long as the head; None where nothing was measured.
        root: the folder that holds README.md and notebooks/.

    Returns:
        pathlib.Path: index.html.

    Raises:
        OSError: a file cannot be written; an old one is left as it was.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [root / "README.md", *sorted((root / "notebooks").glob("*.md"))]
    texts = {path.stem: path for path in paths if path.is_file()}
    known = {*notebooks, *texts}
    titles = {name: html.title(notebook, name) for name, notebook in notebooks.items()}
    for name, notebook in notebooks.items():
        soup = html.page(notebook, name, known)
        saving.write(folder / f"{name}.html", str(_led(soup, name, titles)))
    for name, path in texts.items():
        saving.write(folder / f"{name}.html", str(_led(html.markdown(path, known), name, titles)))
    saving.write(folder / "index.html", front(titles, texts, scores or Scores(), root))
    return folder / "index.html"


def front(titles, texts, scores, root=pages.ROOT):
    """Return the front door as HTML.

    Args:
        titles: dict from the name of each page that has HTML to its title.
        texts: names of the Markdown files that have HTML.
        scores: as in `write`.
        root: the folder that holds README.md.
    """
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.is_file() else "# The course"
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    told = {row["name"]: row.groupdict() for row in CHAPTER.finditer(text)}
    chapters = [
        told.get(name, {"number": "", "title": title, "about": "", "minutes": ""}) | {"name": name}
        for name, title in titles.items()
    ]
    for chapter in chapters:
        chapter["about"] = _inline(chapter["about"])
    found = PICTURE.search(text)
    picture = found and html.embedded(root / found["path"])
    paragraphs = [part for part in text.split("\n\n") if part[:1].isalpha()]
    return TEMPLATES.get_template("front.html.j2").render(
        title=re.search(r"^# +(.+)$", text, re.M)[1],
        lead=_inline(paragraphs[0]) if paragraphs else "",
        picture=picture,
        alt=found["alt"] if found else "",
        chapters=chapters,
        first=next(iter(titles), None),
        texts={name: title for name, title in TEXTS.items() if name in texts},
        scores=scores,
    )


def _led(soup, name, titles):
    """Put the way to other pages, and a list of its sections, into a page."""
    names = list(titles)
    here = names.index(name) if name in names else None
    links = ['<a href="index.html">All chapters</a>']
    if here:
        links.insert(0, _link(names[here - 1], f"← {titles[names[here - 1]]}", "prev"))
    if here is not None and here + 1 < len(names):
        links.append(_link(names[here + 1], f"{titles[names[here + 1]]} →", "next"))
    way = f'<nav class="way">{"".join(links)}</nav>'
    sections = [(h["id"], h.text.rstrip("¶")) for h in soup.select("main h2[id]")]
    listed = "".join(f'<li><a href="#{escape(i)}">{escape(t)}</a></li>' for i, t in sections)
    contents = "<details class='contents'><summary>On this page</summary><ol>{}</ol></details>"
    main = soup.select_one("main")
    top = way + contents.format(listed) * bool(sections)
    main.insert(0, BeautifulSoup(top, "html.parser"))
    main.append(BeautifulSoup(way, "html.parser"))
    return soup


def _link(name, text, kind):
    return f'<a rel="{kind}" href="{escape(name)}.html">{escape(text)}</a>'


def _inline(text):
    """A line of Markdown as HTML, without the paragraph around it and without links."""
    shown = BeautifulSoup(mistune.html(escape(text, quote=False)), "html.parser")
    for tag in shown.select("a, p"):
        tag.unwrap()
    return str(shown).strip()

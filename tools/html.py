"""A page, or a Markdown file of the course, as HTML that needs no network and runs no script."""

import mimetypes
import re
from base64 import b64encode
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import nh3
from bs4 import BeautifulSoup
from latex2mathml import converter
from nbconvert import HTMLExporter
from nbformat import v4

from tools import pages

HERE = Path(__file__).resolve().parent
HEADINGS = [f"h{level}[id]" for level in range(1, 7)]
# What a page may hold besides the tags and attributes that nh3 takes to be harmless.
TAGS = {"main"}
ATTRIBUTES = {"class", "id", "style", "tabindex"}
STYLES = {"color", "font-family", "font-style", "font-weight", "line-height", "overflow-x"}
STYLES |= {"background-color", "text-align", "text-decoration", "white-space"}
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.S)
MATHML = "{http://www.w3.org/1998/Math/MathML}"
MATHML_TAGS = set(
    "math menclose mfrac mi mn mo mover mpadded mroot mrow mspace msqrt mstyle msub msubsup msup "
    "mtable mtd mtext mtr munder munderover".split()
)
MATHML_ATTRIBUTES = set(
    "accent columnalign columnspacing display displaystyle fence form linebreak linethickness "
    "lspace mathvariant maxsize minsize notation rowspacing rspace scriptlevel separator stretchy "
    "width".split()
)


def page(notebook, name, known=None):
    """Return a notebook as one HTML document that needs no other file and runs no script.

    Alternative texts of figures are kept, what JupyterLab and Colab fold is folded, formulas are
    MathML, and links to pages and Markdown files lead to their HTML. A link to another file of the
    course becomes plain text.

    Args:
        notebook: nbformat node.
        name: str, the page's name, in the title of the document.
        known: names of the pages and Markdown files that have HTML; every one by default.

    Returns:
        bs4.BeautifulSoup; `str` of it is the document.
    """
    return _linked(_soup(notebook, name, pages.ROOT / "notebooks"), known)


def markdown(path, known=None):
    """Return a Markdown file as `page` does; headings have the anchors that GitHub gives them.

    Args:
        path: the file.
        known: as in `page`.
    """
    path = Path(path)
    text = v4.new_markdown_cell(path.read_text(encoding="utf-8"))
    soup = _soup(v4.new_notebook(cells=[text]), path.stem, path.parent)
    for heading in soup.select(", ".join(HEADINGS)):
        anchor = re.sub(r"[^\w\- ]", "", heading["id"].lower())
        heading["id"] = anchor
        for link in heading.select("a.anchor-link"):
            link["href"] = f"#{anchor}"
    return _linked(soup, known)


def embedded(path):
    """Return a picture's file as an address that holds it; None where it is no picture, or none."""
    path = Path(path)
    kind = mimetypes.guess_type(path.name)[0] or ""
    if not kind.startswith("image/") or not path.is_file():
        return None
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"


def mathml(formula, display="inline"):
    """Return a formula, as written between dollars, as MathML, which browsers show by themselves.

    Args:
        formula: str, LaTeX.
        display: "inline", or "block" for a formula on a line of its own.

    Raises:
        ValueError: it is not understood; says what in it is not.
    """
    try:
        tree = ElementTree.fromstring(converter.convert(formula.strip(), display=display))
    except Exception as error:  # latex2mathml's errors have nothing in common
        raise ValueError(f"is not understood ({type(error).__name__})") from None
    if formula.count("{") != formula.count("}"):
        raise ValueError("has a brace without its other half")
    for node in tree.iter():
        node.tag = node.tag.removeprefix(MATHML)
        if node.tag not in MATHML_TAGS:
            raise ValueError(f"may not hold <{node.tag}>")
        if odd := re.search(r"\\\w*|&", node.text or ""):
            raise ValueError(f"holds {odd[0]}, which pages without a network cannot show")
        node.attrib = {k: v for k, v in node.attrib.items() if k in MATHML_ATTRIBUTES}
        for i in range(len(node) - 1 if node.tag == "mrow" else 0, 0, -1):
            name = node[i - 1].tag == f"{MATHML}mi" and len(node[i - 1].text or "") > 1
            if name and node[i].text != "(":  # ln x: latex2mathml leaves no space between them
                node.insert(i, ElementTree.Element("mspace", width="0.167em"))
    return ElementTree.tostring(tree, encoding="unicode")


def title(notebook, name):
    """The text of a notebook's first heading, or `name` when it has none."""
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.search(r"^# +(.+)$", "\n".join(texts), re.M)
    return found[1].strip() if found else name


def _soup(notebook, name, folder):
    # nbconvert's own embed_images closes every <details> at its first blank line.
    exporter = HTMLExporter(extra_template_basedirs=[str(HERE)], template_name="html_template")
    resources = {"metadata": {"name": name, "path": str(folder)}}
    text = exporter.from_notebook_node(notebook, resources)[0]
    begin = text.index(">", text.index("<body")) + 1  # to the end: an output may hold a </body>
    soup = BeautifulSoup(text[:begin], "html.parser")
    harmless = nh3.clean(
        text[begin:],
        tags=nh3.ALLOWED_TAGS | TAGS,
        attributes={**nh3.ALLOWED_ATTRIBUTES, "*": ATTRIBUTES},
        generic_attribute_prefixes={"data-"},
        attribute_filter=_kept,
        filter_style_properties=STYLES,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel=None,
    )
    soup.body.append(BeautifulSoup(harmless, "html.parser"))
    for script in soup.select("script"):  # the template's own, about widgets
        script.decompose()
    for image in soup.select("img"):
        source = image.get("src", "")
        if not urlsplit(source).scheme and (data := embedded(Path(folder, unquote(source)))):
            image["src"] = data
        elif not source.startswith("data:"):  # a badge: nothing shows without network
            image.replace_with(image.get("alt", ""))
    for text in soup.find_all(string=FORMULA):
        if text.find_parent(class_="jp-RenderedMarkdown") and not text.find_parent(["code", "pre"]):
            text.replace_with(BeautifulSoup(FORMULA.sub(_shown, escape(text)), "html.parser"))
    return soup


def _shown(match):
    """A formula in HTML as MathML; as it stands where it is not understood."""
    block, inline = match.groups()
    try:
        return mathml(unescape(block or inline), "block" if block else "inline")
    except ValueError:
        return match[0]


def _kept(tag, attribute, value):
    """An attribute's value, or None for data that is no picture."""
    is_data = value.strip().lower().startswith("data:")
    return None if is_data and (tag, attribute) != ("img", "src") else value


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

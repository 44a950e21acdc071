"""The course as HTML: figures keep their words, links their targets; nothing is fetched or run."""

import logging
from base64 import b64encode

import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from tools import html, marks, pages, reading

PNG = b64encode(b"\x89PNG\r\n\x1a\n").decode()
ALT = 'A line that falls: "loss" < 1 & still falling.'
TEXT = """# 02 · One layer
[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](../README.md#in-colab)
[Before](01_data.ipynb), [words](glossary.md#one-hot-vector), [how](../README.md#in-colab),
[Keras](https://keras.io/a.ipynb), [here](#one-layer), [scores](results.json).
"""
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1) alt=kept>",
    "<svg onload=alert(1)><animate onbegin=alert(1)></svg>",
    "<a href='javascript:alert(1)'>kept</a>",
    "<a href=' JaVa&#10;Script:alert(1)'>kept</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>kept</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<details open ontoggle=alert(1)><summary>kept</summary></details>",
    "<form action='javascript:alert(1)'><button>go</button></form>",
    "</body><img src=x onerror=alert(1)>",
    "</div></main></body></html><body onload=alert(1)>",
    "<img src='HTTP://example.com/x.png'> <img src='//example.com/x.png'>",
    "<style>body{background:url(http://example.com)}</style>",
    "<p style='background-image:url(http://example.com)'>kept</p>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<object data='javascript:alert(1)'></object><base href='http://example.com'>",
    r"$\href{javascript:alert(1)}{kept}\style{background:url(http://example.com)}{kept}$",
]


@pytest.fixture
def notebook():
    figure = v4.new_output(
        "display_data", {"image/png": PNG}, metadata={"image/png": {"alt": ALT, "width": 600}}
    )
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell(TEXT),
            v4.new_code_cell(
                '# @title Setup: "finds" <helpers>\nREPOSITORY = ""', metadata={"cellView": "form"}
            ),
            v4.new_code_cell("show(figure)", outputs=[figure]),
        ],
        metadata={"language_info": {"name": "python"}},
    )


def parsed(text):
    return BeautifulSoup(text, "html.parser")


def read(*page):
    """What a browser gets of a page, read anew."""
    return parsed(str(html.page(*page)))


def test_alternative_text_survives_and_its_absence_is_reported(notebook, caplog):
    with caplog.at_level(logging.WARNING):
        (image,) = read(notebook, "02_one_layer").select("img")
    assert (image["alt"], image["width"]) == (ALT, "600")
    assert image["src"] == f"data:image/png;base64,{PNG}"
    assert caplog.records == []
    del notebook.cells[2].outputs[0].metadata["image/png"]["alt"]
    html.page(notebook, "02_one_layer")
    assert "Alternative text is missing on 1 image" in caplog.text


def test_the_code_of_a_form_cell_is_folded_under_its_title_and_its_output_is_not(notebook):
    notebook.cells[1].outputs = [v4.new_output("stream", text="a notice\n")]
    soup = read(notebook, "02_one_layer")
    (folded,) = soup.select("details")
    assert not folded.has_attr("open")
    assert folded.summary.text == 'Setup: "finds" <helpers>'
    assert "REPOSITORY" in folded.text and "notice" not in folded.text and "show" not in folded.text
    assert "show" in soup.text and "a notice" in soup.text
    notebook.cells[2].metadata["jupyter"] = {"source_hidden": True}
    _, folded = read(notebook, "02_one_layer").select("details")
    assert folded.summary.text == "Code" and not folded.select("img")


@pytest.mark.parametrize(
    ("source", "summary"), [("exercises.mean.reveal(3)", "Answer"), ("show(3)", "Output")]
)
def test_hidden_outputs_are_folded_and_their_code_is_not(notebook, source, summary):
    notebook.cells[2].metadata |= {"tags": ["answer"], "jupyter": {"outputs_hidden": True}}
    notebook.cells[2].source = source
    _, folded = read(notebook, "02_one_layer").select("details")
    assert folded.select("img") and "(3)" not in folded.text
    assert not folded.has_attr("open") and folded.summary.text == summary


FORMULAS = {
    "p = 0.5": "p=0.5",
    r"\frac{a}{b} < 1": "ab<1",
    r"\sum_{i=1}^{n} x_i^2": "∑i=1nxi2",
    r"-\ln p_k": "−lnpk",
    r"\begin{pmatrix}1 & 2\\3 & 4\end{pmatrix}": "(1234)",
}


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("sign", ["$", "$$"])
def test_formulas_are_mathml(notebook, formula, sign):
    notebook.cells = [v4.new_markdown_cell(f"So:\n\n{sign}{formula}{sign}\n\n`$x$` is code.")]
    soup = read(notebook, "02_one_layer")
    (shown,) = soup.select("math")
    assert shown.text == FORMULAS[formula]
    assert shown["display"] == ("block" if sign == "$$" else "inline")
    assert "$x$" in soup.text and soup.text.count("$") == 2


def test_the_name_of_a_function_stands_apart_from_what_follows_but_a_bracket():
    assert 'ln</mi><mspace width="0.167em" /><mi>p' in html.mathml(r"-\ln p")
    assert "mspace" not in html.mathml(r"\ln(p) + \frac{ab}{c}")


def test_what_markdown_folds_stays_folded_with_all_its_paragraphs(notebook):
    parts = ["<details><summary>Answers</summary>", "1. A number $x$.", "| a |\n|---|\n| b |"]
    notebook.cells = [v4.new_markdown_cell("\n\n".join([*parts, "</details>", "After."]))]
    soup = read(notebook, "02_one_layer")
    (details,) = soup.select("details")
    assert details.select("li math") and details.select("td") and "After" not in details.text


BAD = ["x^", r"\foo{x}", "{x", r"\begin{aligned}a&=b\end{aligned}", r"\text{<script>1</script>}"]


@pytest.mark.parametrize("formula", BAD)
def test_a_formula_that_cannot_be_shown_is_named_and_left(notebook, formula):
    with pytest.raises(ValueError, match="understood|holds|half|may not hold"):
        html.mathml(formula)
    notebook.cells = [v4.new_markdown_cell(f"So ${formula}$.")]
    soup = read(notebook, "02_one_layer")
    assert not soup.select("math, script") and f"${formula[:2]}" in soup.text


@pytest.mark.parametrize("path", marks.markdown_files(), ids=lambda path: path.name)
def test_every_formula_of_the_course_is_mathml(path):
    """As many as Markdown has; that each is understood, the rule `formulas` says of pages."""
    text = path.read_text(encoding="utf-8")
    page = pages.read(path) if path.suffix == ".ipynb" else None
    cells = [c.source for c in page.cells if c.cell_type == "markdown"] if page else [text]
    tokens = [token for cell in cells for token in reading.flat(reading.MARKDOWN(cell))]
    found = [token["raw"] for token in tokens if token["type"] in {"inline_math", "block_math"}]
    for formula in found:
        html.mathml(formula)
    if found:
        soup = html.page(page, path.stem) if page else html.markdown(path)
        assert len(soup.select("math")) == len(found)


@pytest.mark.parametrize("known", [None, {"glossary"}])
def test_links_lead_to_html_or_become_text(notebook, known):
    soup = read(notebook, "02_one_layer", known)
    links = [link["href"] for link in soup.select("a[href]") if "anchor-link" not in str(link)]
    pages = ["README.html#in-colab", "01_data.html", "glossary.html#one-hot-vector"]
    pages = [*pages, "README.html#in-colab"] if known is None else ["glossary.html#one-hot-vector"]
    assert links == [*pages, "https://keras.io/a.ipynb", "#one-layer"]
    assert "Before" in soup.text and "scores" in soup.text


@pytest.mark.parametrize("place", ["markdown", "raw", "title", "output"])
def test_nothing_is_fetched_and_nothing_is_run(notebook, place):
    view = "application/vnd.jupyter.widget-view+json"
    kinds = dict.fromkeys(["text/html", "text/markdown", "application/javascript"], ATTACKS)
    outputs = [
        v4.new_output("display_data", {kind: attack})
        for kind, attacks in [*kinds.items(), (view, [{"model_id": "</script><script>"}])]
        for attack in attacks
    ]
    raw = {"raw_mimetype": "text/html"}
    notebook.cells += {
        "markdown": [v4.new_markdown_cell(f"# {a}\n\n{a}\n\n`{a}`\n") for a in ATTACKS],
        "raw": [v4.new_raw_cell(attack, metadata=raw) for attack in ATTACKS],
        "title": [],
        "output": [v4.new_code_cell("1", outputs=outputs)],
    }[place]
    if place == "title":
        notebook.metadata["title"] = "</title>" + "".join(ATTACKS)
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    soup = read(notebook, "02_one_layer")
    live = "script, link[href], iframe, svg, object, embed, form, base, meta[http-equiv=refresh]"
    assert not soup.select(live) and not soup.select("body style")
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "srcdoc"]
        assert "url" not in tag.get("style", "")
        target = tag.get("href", "").strip()
        assert ":" not in target or target.startswith(("#", "http", "mailto:"))
        assert tag.name != "img" or tag["src"].startswith("data:image/")
    assert place not in ("markdown", "output") or soup.text.count("kept") >= 4


def test_headings_of_markdown_files_have_githubs_anchors(tmp_path):
    path = tmp_path / "glossary.md"
    path.write_text("# Glossary\n\n## One-hot vector\n\n## What's (log)it?\n")
    ids = [heading["id"] for heading in parsed(str(html.markdown(path))).select("h1, h2")]
    assert ids == ["glossary", "one-hot-vector", "whats-logit"]

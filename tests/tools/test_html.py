"""The course as HTML: figures keep their words, links their targets, and nothing else is needed."""

import logging
from base64 import b64encode

import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from tools import html

PNG = b64encode(b"\x89PNG\r\n\x1a\n").decode()
ALT = 'A line that falls: "loss" < 1 & still falling.'
TEXT = """# 02 · One layer
[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](../README.md#in-colab)
[Before](01_data.ipynb), [words](glossary.md#one-hot-vector), [how](../README.md#in-colab),
[Keras](https://keras.io/a.ipynb), [here](#one-layer), [scores](results.json).
"""


@pytest.fixture
def notebook():
    figure = v4.new_output(
        "display_data", {"image/png": PNG}, metadata={"image/png": {"alt": ALT, "width": 600}}
    )
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell(TEXT),
            v4.new_code_cell('REPOSITORY = ""', metadata={"tags": ["setup"]}),
            v4.new_code_cell("show(figure)", outputs=[figure]),
        ],
        metadata={"language_info": {"name": "python"}},
    )


def parsed(text):
    return BeautifulSoup(text, "html.parser")


def test_alternative_text_survives_and_nothing_warns(notebook, caplog):
    with caplog.at_level(logging.WARNING):
        soup = parsed(html.page_html(notebook, "02_one_layer"))
    (image,) = soup.select("img")
    assert image["alt"] == ALT
    assert image["src"] == f"data:image/png;base64,{PNG}"
    assert image["width"] == "600"
    assert caplog.records == []


def test_a_figure_without_words_is_reported(notebook, caplog):
    del notebook.cells[2].outputs[0].metadata["image/png"]["alt"]
    html.page_html(notebook, "02_one_layer")
    assert "Alternative text is missing on 1 image" in caplog.text


def test_only_the_setup_cell_is_folded(notebook):
    soup = parsed(html.page_html(notebook, "02_one_layer"))
    (folded,) = soup.select("details")
    assert not folded.has_attr("open")
    assert "REPOSITORY" in folded.text and "show" not in folded.text
    assert "show" in soup.text


def test_links_among_pages_lead_to_their_html(notebook):
    soup = parsed(html.page_html(notebook, "02_one_layer"))
    links = [link["href"] for link in soup.select("a[href]") if "anchor-link" not in str(link)]
    assert links == [
        "README.html#in-colab",
        "01_data.html",
        "glossary.html#one-hot-vector",
        "README.html#in-colab",
        "https://keras.io/a.ipynb",
        "#one-layer",
    ]


def test_links_to_what_has_no_html_become_text(notebook):
    soup = parsed(html.page_html(notebook, "02_one_layer", known={"glossary"}))
    links = [link["href"] for link in soup.select("a[href]") if "anchor-link" not in str(link)]
    assert links == ["glossary.html#one-hot-vector", "https://keras.io/a.ipynb", "#one-layer"]
    assert "Before" in soup.text and "scores" in soup.text


def test_nothing_is_fetched_and_nothing_is_run(notebook):
    soup = parsed(html.page_html(notebook, "02_one_layer"))
    assert not soup.select('script, link[href], iframe, img[src^="http"]')
    assert "Open in Colab" in soup.text
    assert "@import" not in str(soup.select("style"))


def test_headings_of_markdown_files_have_githubs_anchors(tmp_path):
    path = tmp_path / "glossary.md"
    path.write_text("# Glossary\n\n## One-hot vector\n\n## What's (log)it?\n")
    ids = [heading["id"] for heading in parsed(html.markdown_html(path)).select("h1, h2")]
    assert ids == ["glossary", "one-hot-vector", "whats-logit"]


def test_the_course_has_a_file_for_each_page_and_text_and_a_list(notebook, tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "README.md").write_text("# Course\n![a view](view.png)\n")
    (tmp_path / "view.png").write_bytes(b"\x89PNG")
    (tmp_path / "notebooks" / "glossary.md").write_text("# Glossary\n")
    untitled = v4.new_notebook(cells=[v4.new_code_cell("1")])
    index = html.write_course(
        tmp_path / "out", {"02_one_layer": notebook, "03_x": untitled}, tmp_path
    )
    files = sorted(path.name for path in index.parent.iterdir())
    assert files == ["02_one_layer.html", "03_x.html", "README.html", "glossary.html", "index.html"]
    links = parsed(index.read_text(encoding="utf-8")).select("li a")
    listed = [(link["href"], link.text) for link in links]
    assert listed == [
        ("02_one_layer.html", "02 · One layer"),
        ("03_x.html", "03_x"),
        ("README.html", "Readme"),
        ("glossary.html", "Glossary"),
    ]
    picture = parsed((index.parent / "README.html").read_text(encoding="utf-8")).select_one("img")
    assert picture["src"].startswith("data:image/png;base64,") and picture["alt"] == "a view"

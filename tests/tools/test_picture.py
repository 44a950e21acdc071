"""The picture of the course is made of what its pages show, and no older than they are."""

import io
from base64 import b64encode

import pytest
from nbformat import v4
from PIL import Image

from tools import pages, picture


def png(width, height):
    """A white picture as a notebook stores it."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, format="png")
    return b64encode(buffer.getvalue()).decode("ascii")


def shown(png_text, tags):
    output = v4.new_output("display_data", {"image/png": png_text, "text/plain": "a figure"})
    return v4.new_code_cell("show()", outputs=[output], metadata={"tags": tags})


def test_a_page_lends_only_its_tagged_figures():
    cells = [shown(png(30, 20), ["picture"]), shown(png(50, 20), []), v4.new_markdown_cell("x")]
    cells.append(v4.new_code_cell("1", metadata={"tags": ["picture"]}))
    lent = picture.lent_figures(v4.new_notebook(cells=cells))
    assert [image.size for image in lent] == [(30, 20)]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_figure_stands_under_its_title(count):
    figures = [(f"page {i}", Image.new("RGB", (30, 20))) for i in range(count)]
    axes = picture.compose(figures).axes
    assert [axis.get_title(loc="left") for axis in axes if axis.images] == [t for t, _ in figures]


def test_a_page_that_never_ran_has_no_digest(tmp_path, monkeypatch):
    paths = [tmp_path / "00_ran.ipynb", tmp_path / "01_new.ipynb"]
    pages.write(paths[0], v4.new_notebook(metadata={"course": {"digest": "d0"}}))
    pages.write(paths[1], v4.new_notebook())
    monkeypatch.setattr(pages, "PAGES", paths)
    assert picture.digests() == "d0 none"


def test_the_stored_picture_is_of_the_stored_pages():
    with Image.open(picture.PICTURE) as stored:
        assert stored.text["pages"] == picture.digests(), "run `make picture`"
    assert sum(len(picture.lent_figures(pages.read(path))) for path in pages.PAGES) >= 2

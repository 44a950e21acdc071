"""The front door, and the way from page to page."""

import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from tools import book, pages

README = """# A course

You learn *one* thing.<!-- judged: a title --> Then `another`.

![a view](view.png)

## Chapters

| | chapter | what happens | time | |
|---|---|---|---|---|
| 02 | [One layer](notebooks/02_one_layer.ipynb) | ten neurons, `fit` | 50 min | badge |
"""
SHARP = "[A](javascript:alert(1)) <img src=x onerror=alert(1)> & <b>"


def notebook(*texts):
    return v4.new_notebook(cells=[v4.new_markdown_cell(text) for text in texts])


def read(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture
def course(tmp_path):
    """A function that writes pages and scores as a book, and returns its folder."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "README.md").write_text(README)
    (tmp_path / "view.png").write_bytes(b"\x89PNG")
    (tmp_path / "notebooks" / "glossary.md").write_text("# Glossary\n")

    def written(given, scores=None):
        return book.write(tmp_path / "out", given, scores, tmp_path).parent

    return written


def test_the_front_door_has_the_picture_the_chapters_and_what_this_run_scored(course):
    scores = book.Scores(("model", "test"), [("one layer <b>", "92.00 %")])
    folder = course({"02_one_layer": notebook("# 02 · One layer"), "03_x": notebook()}, scores)
    names = ["02_one_layer", "03_x", "README", "glossary", "index"]
    assert sorted(path.stem for path in folder.iterdir()) == names
    soup = read(folder / "index.html")
    assert soup.h1.text == "A course" and "judged" not in soup.text
    assert soup.select_one("main p").decode_contents() == (
        "You learn <em>one</em> thing. Then <code>another</code>."
    )
    assert soup.img["src"].startswith("data:image/png;base64,") and soup.img["alt"] == "a view"
    first, second = soup.select(".chapters li")
    assert first.a["href"] == "02_one_layer.html" and first.a.text == "One layer"
    assert first.select_one(".minutes").text == "50 min" and first.p.text == "ten neurons, fit"
    assert second.a["href"] == "03_x.html" and second.a.text == "03_x"
    assert [cell.text for cell in soup.select("td")] == ["one layer <b>", "92.00 %"]
    links = [link["href"] for link in soup.select("a")]
    assert links[0] == "02_one_layer.html" and links[-2:] == ["glossary.html", "README.html"]
    assert all((folder / link).is_file() for link in links)
    assert not soup.select("script, link")


def test_pages_lead_to_the_one_before_the_next_and_their_own_sections(course):
    sections = notebook("# 03 · B", "## First", "text", "## What & why\n\n### Not listed")
    folder = course({"02_a": notebook("# 02 · A"), "03_b": sections, "04_c": notebook("# 04 · C")})
    soup = read(folder / "03_b.html")
    top, bottom = soup.select("nav.way")
    assert top == bottom
    found = [(link.get("rel"), link["href"], link.text) for link in top.select("a")]
    assert found == [
        (["prev"], "02_a.html", "← 02 · A"),
        (None, "index.html", "All chapters"),
        (["next"], "04_c.html", "04 · C →"),
    ]
    listed = {link.text: link["href"] for link in soup.select("details.contents a")}
    assert list(listed) == ["First", "What & why"]
    assert all(soup.find(id=address[1:]) for address in listed.values())
    ends = [read(folder / f"{name}.html").select_one("nav.way") for name in ("02_a", "04_c")]
    assert [[link["href"] for link in way.select("a")] for way in ends] == [
        ["index.html", "03_b.html"],
        ["03_b.html", "index.html"],
    ]
    assert not read(folder / "02_a.html").select("details.contents")
    (link,) = read(folder / "glossary.html").select("nav.way")[0].select("a")
    assert link["href"] == "index.html"


def test_nothing_in_a_title_or_in_the_readme_becomes_a_tag(course, tmp_path):
    (tmp_path / "README.md").write_text(README.replace("ten neurons", SHARP))
    given = {"02_one_layer": notebook("# x"), "04_x": notebook(f"# {SHARP}")}
    folder = course(given, book.Scores(("model",), [(SHARP,)]))
    soup = read(folder / "index.html")
    assert not soup.select("[onerror], b, script")
    assert not [link for link in soup.select("a") if "javascript" in link["href"]]
    assert SHARP in soup.text
    assert not read(folder / "02_one_layer.html").select("nav img, nav b")


def test_without_a_readme_there_is_a_list(tmp_path):
    index = book.write(tmp_path / "out", {"02_a": notebook("# 02 · A")}, root=tmp_path)
    assert [link["href"] for link in read(index).select("li a")] == ["02_a.html"]


def test_every_page_has_a_row_in_the_readmes_table():
    text = (pages.ROOT / "README.md").read_text(encoding="utf-8")
    rows = {row["name"]: row for row in book.CHAPTER.finditer(text)}
    assert list(rows) == [path.stem for path in pages.PAGES]
    assert all(row["about"] and row["minutes"].endswith(" min") for row in rows.values())

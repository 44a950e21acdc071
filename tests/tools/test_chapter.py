"""One command for one chapter: every step, in order, stopped and resumed."""

import pytest

from tools import chapter, pages

ORDER = ["results", "page", "marks", "others", "ladder", "picture"]


@pytest.fixture
def steps(monkeypatch):
    """What was done, in order; `steps.codes[name]` is what a step returns, or raises."""

    done = type("Done", (list,), {"codes": {}})()

    def step(name):
        def run(*arguments):
            done.append(name)
            code = done.codes.get(name, 0)
            if isinstance(code, BaseException):
                raise code
            return code

        return run

    monkeypatch.setattr(chapter.results, "main", step("results"))
    monkeypatch.setattr(chapter.marks, "main", step("marks"))
    monkeypatch.setattr(chapter.ladder, "main", step("ladder"))
    monkeypatch.setattr(chapter.picture, "main", step("picture"))
    renewed = iter(["page", "others"])
    monkeypatch.setattr(chapter, "renew", lambda paths: step(next(renewed))())
    monkeypatch.setattr(chapter, "old_pages", lambda paths: [])
    return done


@pytest.mark.parametrize(
    ("name", "code", "returned"),
    [
        ("results", 1, 1),
        ("page", 1, 1),
        ("ladder", KeyboardInterrupt(), 130),
    ],
)
def test_a_step_that_others_need_or_that_is_stopped_ends_the_command(
    steps, capsys, name, code, returned
):
    steps.codes = {name: code}
    assert chapter.main(["02"]) == returned
    assert steps == ORDER[: ORDER.index(name) + 1]
    assert "The same command goes on from here" in capsys.readouterr().out


def test_marks_that_do_not_hold_are_named_at_the_end(steps, capsys):
    steps.codes = {"marks": 1}
    assert chapter.main(["02"]) == 1 and steps == ORDER
    assert "To be looked at, see above: marked numbers." in capsys.readouterr().out


def test_a_page_that_is_as_it_should_be_is_not_run_again(monkeypatch):
    ran = []
    monkeypatch.setattr(chapter.notebooks, "main", lambda names: ran.append(names) or 0)
    assert chapter.renew([]) == 0 and ran == []
    assert chapter.renew([pages.PAGES[0]]) == 0 and ran == [[pages.PAGES[0].stem]]

    monkeypatch.setattr(chapter, "old_pages", lambda paths: [])
    page = pages.read(pages.PAGES[0])
    made = {"digest": "code_digest", "drawing": "drawing_digest", "outputs": "outputs_digest"}
    for key, function in made.items():
        found = getattr(chapter.digests, function)
        page.metadata.course[key] = found(page, *([pages.ROOT] if key != "outputs" else []))
    monkeypatch.setattr(pages, "read", lambda path: page)
    assert chapter.is_new(pages.PAGES[0])
    page.cells[-1].source += " "
    assert chapter.is_new(pages.PAGES[0])
    for key in made:
        page.metadata.course[key], kept = "0", page.metadata.course[key]
        assert not chapter.is_new(pages.PAGES[0])
        page.metadata.course[key] = kept

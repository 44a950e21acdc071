"""teaching.md names every exercise that answers back, and no other."""

import importlib
import pkgutil
import re

from helpers.exercises import pages as declared
from helpers.exercises.guesses import Guess
from helpers.exercises.turns import Turn
from tools import pages

TEXT = (pages.ROOT / "notebooks" / "teaching.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<page>\w+)(?:, end)? \| (?P<names>`.+?`) \|", re.M)


def test_the_exercises_are_those_of_the_pages():
    numbers = {path.stem.partition("_")[2]: path.stem.partition("_")[0] for path in pages.PAGES}
    there = set()
    for module in pkgutil.iter_modules(declared.__path__):
        found = vars(importlib.import_module(f"{declared.__name__}.{module.name}")).items()
        there |= {(numbers[module.name], name) for name, e in found if isinstance(e, Guess | Turn)}
    rows = ROW.finditer(TEXT)
    told = {(row["page"], name) for row in rows for name in re.findall(r"`(\w+)`", row["names"])}
    assert told == there


def test_every_page_is_in_the_list():
    for path in pages.PAGES:
        assert f"]({path.name}) | " in TEXT, path.name

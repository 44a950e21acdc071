"""Marks: what ties a number or a claim in the prose to where it comes from.

    python -m tools.marks          rewrite the marked results in pages and README.md
    python -m tools.marks --check  only report what does not hold

A mark is an HTML comment glued to a number, or to the end of a sentence. Readers do not see it:
CommonMark passes comments through as raw HTML (spec.commonmark.org, section 6.6), which browsers
do not show; GitHub, JupyterLab, Colab and nbconvert do likewise.

| mark | what it says |
|---|---|
| `97.4 %<!-- = test("first network") -->` | a result; rewritten when the result changes |
| `97.36 ± 0.11 %<!-- = test("a"), test_sd("a") -->` | one expression for each number |
| `0.15 points<!-- = 100 * 15 / 10000 -->` | arithmetic, which this module does again |
| `0.14 points<!-- asserted: round(x, 2) == 0.14 -->` | arithmetic that a cell of the page asserts |
| `25 %<!-- code: Dropout(0.25) -->` | a setting: the text stands in a code cell of the page |
| `99.5 %<!-- source: 99.5 -->` | somebody else's: the paragraph, list item or row has the link |
| `0.001<!-- source: 0.001 from https://keras.io/… -->` | the same, with a link of its own |
| `It loses.<!-- claim: "It loses": hurts("a", "b") -->` | its words, true by the results |
| `The same.<!-- claim: "The same": asserted: x == y -->` | its words, asserted by a cell |
| `A longer step goes further.<!-- judged: by definition -->` | a person looked, and why it holds |

tools/claims.py lists what an expression may hold, tools/numbers.py what a number is, and how exact
one in words.

What needs a mark: every number in digits before `%`, s, seconds, minutes, hours, errors, mistakes,
times and points. Also every number of 1,000 or more and every decimal, unless the page's code or
another mark of the same cell contains it, or it is one of MNIST's sizes or a question among the
exercises. What needs none: code, formulas indented as code, addresses, and EXEMPT.

A result is rewritten with the decimals that it had. Words, arithmetic and claims are never
rewritten: a person must see them.

A sentence that compares needs a mark too, and what else tools/prose.py finds is refused.
"""

import argparse
import ast
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import nbformat

from helpers import saving, scoreboard
from tools import claims, pages, prose, reading
from tools.claims import CLAIM, MarkError
from tools.numbers import (
    CODE,
    COMMENT,
    MNIST,
    as_written,
    digits,
    quantities,
    said_in_marks,
    says,
    value,
    values,
)

RESULTS = pages.ROOT / "notebooks" / "results.json"
TEXTS = (pages.ROOT / "README.md", pages.ROOT / "notebooks" / "glossary.md")

# Numbers that are no statement of a measurement, and those without a unit that are none.
EXEMPT = (
    r"\b95 % intervals?\b",  # the name of a method
    r"^\*\*Time\*\*:.*$",  # reading is an estimate, running depends on the machine
    r"\d+ × \d+ points\b",  # of a picture
)
NAMES = (
    r"\bPython \d\.\d+(?: to \d\.\d+)?",  # versions
    r"\bCC BY-SA \d\.\d\b",
    r"\bsections? \d[\d.]*\d",
    r"\b(?:19|20)\d\ds?\b",  # years
)
EXACT_FROM = 1000  # smaller whole numbers without a unit are ordinary words
STRUCTURE = re.compile(r"/?ladder")
JUDGED = re.compile(r"judged:\s*\S.{3,}", re.S)
LINK = re.compile(r"\]\(https?://|<https?://")
SOURCE = re.compile(r"source:\s*(?P<said>.+?)(?:\s+from\s+(?P<address>https?://\S+))?")
QUOTED = re.compile(r"(?P<kind>code|asserted):\s*(?P<snippet>.*)", re.S)
MARKS = '`= …`, `source: …`, `code: …`, `asserted: …` or `claim: "words": …`'


@dataclass(frozen=True)
class Witness:
    """The code that can vouch for the numbers of a text.

    Args:
        code: the sources of code cells.
    """

    code: list

    @cached_property
    def trees(self):
        """The syntax trees of the cells that are plain Python."""
        return [tree for source in self.code if (tree := reading.parsed(source)) is not None]

    @cached_property
    def sources(self):
        """What marks `code:` and `asserted:` may quote, whatever its layout."""
        asserted = [
            ast.get_source_segment(source, node)
            for source in self.code
            for node in ast.walk(reading.parsed(source) or ast.Module([], []))
            if isinstance(node, ast.Assert)
        ]
        return {"code": [*map(_squashed, self.code)], "asserted": [*map(_squashed, asserted)]}

    @cached_property
    def numbers(self):
        """The numbers that the code contains, and MNIST's sizes."""
        return MNIST | values(self.code)

    def has(self, kind, snippet):
        """True when a snippet, of whole words and numbers, stands in code of a kind."""
        snippet = _squashed(snippet)
        before = r"(?<!\w)(?<!\d\.)" if re.match(r"\w", snippet) else ""
        after = r"(?!\w|\.\d)" if re.search(r"\w$", snippet) else ""
        pattern = re.compile(before + re.escape(snippet) + after)
        return bool(snippet) and any(pattern.search(source) for source in self.sources[kind])


def examine(text, name, witness, section):
    """Return what does not hold in a text, and the text with its results as they are now.

    Args:
        text: Markdown.
        name: str, how problems call the text.
        witness: Witness.
        section: the results on MNIST, by name of model.

    Returns:
        (problems, moved, text): two lists of str, each with the place, the words and what to do,
        the second for results that are written as they were; and the text with those renewed.
    """
    problems, moved, changes = [], [], []
    found, known = list(quantities(text)), witness.numbers | said_in_marks(text)
    for one in found:
        if one.mark is None:
            if problem := _unmarked(one, text, known):
                problems.append(f"{name}: {one.said!r} {problem}")
            continue
        try:
            renewed = _marked(one, text, witness, section)
        except MarkError as problem:
            problems.append(f"{name}: the mark of {one.said!r} {problem}")
            continue
        changes += renewed
        moved += [
            f"{name}: {text[start:end]} in {one.said!r} is now {new} by {one.mark!r}: "
            "`python -m tools.marks` writes it"
            for start, end, new in renewed
        ]
    problems += _claims(text, name, witness, section, {one.at for one in found})
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return problems, moved, text


def _unmarked(found, text, known):
    """Why a number needs a mark that it does not have; None when it needs none."""
    (start, end), unit = found.match.span(), found.match["unit"]
    said = [v for _, _, number in found.parts if (v := digits(number)) is not None]
    for pattern in EXEMPT if unit else (*EXEMPT, *NAMES):
        spans = (match.span() for match in re.finditer(pattern, found.match.string, re.M | re.I))
        if any(low < end and start < high for low, high in spans):
            return None
    if unit and said:
        return f"has no mark: write {MARKS} behind it"
    if any(m.start() <= start < m.end() for m in prose.EXERCISES.finditer(text)):
        return None
    exact = [v for v in said if v != int(v) or v >= EXACT_FROM or "." in found.match["numbers"]]
    if any(v not in known for v in exact):
        return f"is not in the code: correct it, or write {MARKS}"
    return None


def _marked(found, text, witness, section):
    """(start, end, new text) of each result that moved; MarkError says why a mark does not hold."""
    mark = found.mark
    if source := SOURCE.fullmatch(mark):
        if source["said"] != " ".join(found.match["numbers"].split()):
            raise MarkError(
                f"says {source['said']!r}: correct the one or the other, as the source has it"
            )
        if not source["address"] and not LINK.search(text[slice(*_block(text, found.at))]):
            raise MarkError(
                "says `source`, but the paragraph, list item or row has no link to elsewhere"
            )
        return []
    if quoted := QUOTED.fullmatch(mark):
        return _quoted(found, quoted["kind"], quoted["snippet"], witness)
    if not mark.startswith("="):
        raise MarkError(f"is of no known kind: {mark!r}; write {MARKS}")
    now, moved = claims.evaluate(mark[1:], section), []
    if len(now) != len(found.parts):
        raise MarkError(f"gives {len(now)} value(s) for {len(found.parts)} number(s): {mark!r}")
    for (start, end, number), wanted in zip(found.parts, now, strict=True):
        if isinstance(wanted, bool):
            raise MarkError(f"gives true or false, not a number: {mark!r}")
        new = as_written(number, wanted)
        if new is None and not says(number, wanted):
            raise MarkError(f"is {wanted:.4g} by {mark!r}: reword it")
        if new not in (None, number):
            if not claims.models(mark[1:]):
                raise MarkError(f"should be {new} by {mark!r}: correct the one or the other")
            moved.append((start, end, new))
    return moved


def _quoted(found, kind, snippet, witness):
    """An empty list; MarkError says why a snippet of code does not vouch for a number."""
    if not witness.has(kind, snippet):
        what = "assertion" if kind == "asserted" else "code cell"
        raise MarkError(f"quotes what no {what} of this page has: {snippet!r}")
    scales = (1, 100) if re.search("%|point", found.match["unit"] or "") else (1,)
    held = [h * scale for h in values([snippet]) for scale in scales]
    for _, _, number in found.parts:
        if not any(abs(h - value(number)) < 1e-9 for h in held):
            raise MarkError(f"quotes code that does not hold {number}: {snippet!r}")
    return []


def _claims(text, name, witness, section, used):
    """What does not hold in the claims of a text; and marks that stand behind nothing."""
    problems, last = [], 0
    skipped = [match.span() for pattern in CODE for match in pattern.finditer(text)]
    for comment in COMMENT.finditer(text):
        if STRUCTURE.fullmatch(comment[1]) or any(a <= comment.start() < b for a, b in skipped):
            continue
        if text[: comment.start()].rpartition("\n")[2].strip() == "":
            problems.append(
                f"{name}: a mark begins a line, which cuts the paragraph there: put it "
                f"behind the words that it is about: {comment[1]!r}"
            )
        if comment.start() in used or JUDGED.fullmatch(comment[1]):
            continue
        claim = CLAIM.fullmatch(comment[1])
        if claim is None:
            problems.append(f"{name}: a mark stands behind no number: {comment[1]!r}")
            continue
        start = max(last, _block(text, comment.start())[0])
        last = comment.end()
        try:
            _claimed(claim, _plain(text[start : comment.start()]), witness, section)
        except MarkError as problem:
            problems.append(f"{name}: the claim {claim['words']!r} {problem}")
    return problems


def _claimed(claim, before, witness, section):
    """MarkError says why a claim does not hold by the words before its mark."""
    words = _plain(claim["words"])
    if words not in before:
        raise MarkError("is not in the words before its mark: write there what the mark quotes")
    ahead = re.split(r"[.?!:;]\W*(?= )", before.rpartition(words)[0])[-1]
    if denial := claims.DENIAL.search(ahead):
        raise MarkError(f"is turned round by {denial[0]!r}: quote the whole sentence")
    said = " ".join(claim["said"].split())
    if said.startswith("asserted:"):
        if not witness.has("asserted", said.removeprefix("asserted:")):
            raise MarkError(f"quotes what no assertion of this page has: {said!r}")
        return
    holds = claims.evaluate(said, section)
    if holds not in ((True,), (False,)):
        raise MarkError(f"is tied to a number, not to something true or false: {said!r}")
    if weak := claims.weakness(words, said):
        raise MarkError(f"{weak}: {said!r}")
    if not holds[0]:
        by = claims.explained(said, section)
        raise MarkError(f"does not hold ({said}): {by}. Reword the sentence, or measure more seeds")
    if empty := claims.hollow(words, said, section):
        raise MarkError(f"{empty}: {said!r}")


def _plain(text):
    """Words as a reader sees them: one space between them, no marks, no emphasis."""
    return " ".join(re.sub(r"[*_`]", "", COMMENT.sub("", text)).split())


def _block(text, position):
    """Where the paragraph, list item or table row around a position starts and ends."""
    edges = [m.start() for m in re.finditer(r"\n(?=\s*\n|\s*[-*] |\s*\d+\. |\|)", text)]
    start = max([edge + 1 for edge in edges if edge < position], default=0)
    return start, min([edge for edge in edges if edge > position], default=len(text))


def _squashed(source):
    """Code with a space only between words, however it is laid out."""
    return re.sub(r"(?<!\w) | (?!\w)", "", " ".join(source.split()))


# Files and the command


def markdown_files():
    """Return every file with prose: pages, reference pages, README, glossary."""
    return [*_notebooks(), *TEXTS]


def check_file(path, section, write=False):
    """Return what does not hold in a page or Markdown file; with `write`, renew its results.

    Nothing but the digits of marked results is changed, and a file whose results are as they were
    is not written.

    Args:
        path: an .ipynb or .md file.
        section: the results on MNIST, by name of model.
        write: bool, rewrite results that moved.

    Returns:
        (problems, moved): two lists of str as `examine` gives them; what tools/prose.py finds is
        among the problems.

    Raises:
        OSError, ValueError: the file cannot be read, or is no notebook.
    """
    is_page = path.suffix == ".ipynb"
    if is_page:
        notebook = pages.read(path)
        own = witness(notebook)
    else:
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
        own = witness(*map(pages.read, _notebooks()))
    problems, moved = [], []
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "markdown":
            name = f"{path.name}, cell {number}" if is_page else path.name
            problems += prose.reports(cell.source, name, own.trees)
            wrong, renewed, cell.source = examine(cell.source, name, own, section)
            problems, moved = problems + wrong, moved + renewed
    if is_page:
        problems += prose.title_reports(path.name, own.trees)
    if write and moved and is_page:
        pages.write(path, notebook)
    elif write and moved:
        saving.write(path, notebook.cells[0].source)
    return problems, moved


def _notebooks():
    folder = pages.ROOT / "notebooks"
    return [*sorted(folder.glob("[0-9][0-9]*_*.ipynb")), *sorted(folder.glob("reference/*.ipynb"))]


def witness(*notebooks):
    """Return the Witness that the code cells of notebooks are."""
    cells = [cell for notebook in notebooks for cell in notebook.cells]
    return Witness([cell.source for cell in cells if cell.cell_type == "code"])


def main(arguments=None):
    """Renew results, or with --check only report; return 0 when everything holds, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.marks", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--check", action="store_true", help="report only, change no file")
    write = not parser.parse_args(arguments).check
    try:
        section = scoreboard.read(RESULTS)["mnist"]
        found = [check_file(path, section, write) for path in markdown_files()]
    except (OSError, ValueError, scoreboard.ResultsError) as error:
        print(f"Marks cannot be checked. {error}")
        return 1
    problems, moved = ([*chain(*lists)] for lists in zip(*found, strict=True))
    for line in problems:
        print(line)
    for line in moved:
        print(line.rpartition(": ")[0] if write else line)
    count = len(problems) + (0 if write else len(moved))
    print(f"Marks: {count} to fix, {len(moved)} numbers {'renewed' if write else 'have moved'}.")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main())

"""Marks: what ties a number or a claim in the prose to where it comes from.

    python -m tools.marks            rewrite the marked results in pages and README.md
    python -m tools.marks --check    only report what does not hold
    python -m tools.marks --reports  list what is only reported, line by line

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

tools/claims.py lists what an expression may hold. A marked number in words is held to its value: to
nineteen rounded to the whole, above that and for fractions within a tenth.

What needs a mark: every number in digits before `%`, s, seconds, minutes, hours, errors, mistakes,
times and points. Also every number of 1,000 or more and every decimal, unless the page's code or
another mark of the same cell contains it, or it is one of MNIST's sizes or a question among the
exercises. What needs none: code, formulas indented as code, addresses, and EXEMPT.

A result is rewritten with the decimals that it had. Words, arithmetic and claims are never
rewritten: a person must see them.

Only reported, as long as REPORTS_FAIL is False: sentences that compare and have no mark; claims
that compare scores without a verdict; counts of epochs, layers, neurons, seeds and filters that the
page's code does not have; measured numbers in alternative texts and in the titles of figures.
"""

import argparse
import ast
import json
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from helpers import scoreboard
from tools import claims, pages, reading

RESULTS = pages.ROOT / "notebooks" / "results.json"
TEXTS = (pages.ROOT / "README.md", pages.ROOT / "notebooks" / "glossary.md")
REPORTS_FAIL = False  # True once the pages' texts are rewritten

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
MNIST = {5_000, 10_000, 55_000, 60_000, 70_000}  # its sizes, and those of the course's split
EXACT_FROM = 1000  # smaller whole numbers without a unit are ordinary words
EXERCISES = re.compile(r"^## Exercises\n.*?(?=^## |\Z)", re.S | re.M)

UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
SMALL = f"{UNITS} fifteen sixteen seventeen eighteen nineteen".split()
ROUND = {
    **{"twenty": 20, "twenty-five": 25, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60},
    **{"seventy": 70, "eighty": 80, "ninety": 90, "a hundred": 100, "a thousand": 1000},
    **{"a million": 1e6, "half": 1 / 2, "a third of": 1 / 3, "a quarter of": 1 / 4},
    **{"a fifth of": 1 / 5, "an eighth of": 1 / 8, "a tenth of": 1 / 10, "a hundredth of": 1 / 100},
}
LEAST = {"tens of": 10, "hundreds of": 100, "thousands of": 1000, "millions of": 1e6}
WITHIN = 0.1  # how far what is said as a round number may be from it, as a share

SAID = "|".join(sorted([*SMALL, *ROUND, *LEAST], key=len, reverse=True))
DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
NUMBER = rf"(?:(?<![\w.])[+−-]?{DIGITS}(?![\w]|\.\d)|\b(?:{SAID})(?![\w-]))"
SPACE = r"[ \u00a0\u202f\n]"
UNIT = (
    rf"{SPACE}?%|{SPACE}(?:an?{SPACE})?(?:per cent|percent|m?s|seconds?|minutes?|hours?|errors?|"
    r"mistakes?|times|points?)(?![\w'’])"
)
JOIN = rf"(?:–|{SPACE}(?:to|or|±){SPACE})"
QUANTITY = re.compile(rf"(?P<numbers>{NUMBER}(?:{JOIN}{NUMBER})*)(?P<unit>{UNIT})?", re.I)
ONE = re.compile(NUMBER, re.I)
COUNT = re.compile(
    rf"(?P<number>{NUMBER}){SPACE}(?:\w+{SPACE})?(?:epochs?|layers?|neurons?|seeds?|filters?)\b",
    re.I,
)
COMMENT = re.compile(r"<!--\s*(.*?)\s*-->", re.S)
# Between a number and its mark: the end of emphasis, of a link or of a bracket.
TAIL = re.compile(r"(?:[*_\"”)]|\]\([^)\s]*\))*(?=<!--)")
MARKED = re.compile(r"[.?!:]?[*_\"”)]*<!--")  # what ends a sentence that has a mark
STRUCTURE = re.compile(r"/?ladder")
SKIPPED = (
    re.compile(r"<!-- ladder -->.*?<!-- /ladder -->", re.S),
    re.compile(r"^(```|~~~).*?^\1", re.S | re.M),
    re.compile(r"^(?: {4}|\t)\S.*$", re.M),
    re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.S),
    COMMENT,
    re.compile(r"(?<=\])\([^)\s]*\)"),
    re.compile(r"<[^<>\n]+>"),
)
LINK = re.compile(r"\]\(https?://|<https?://")
SOURCE = re.compile(r"source:\s*(?P<said>.+?)(?:\s+from\s+(?P<address>https?://\S+))?")
CLAIM = re.compile(r'claim:\s*"(?P<words>[^"]+)":\s*(?P<said>.+)', re.S)
MARKS = '`= …`, `source: …`, `code: …`, `asserted: …` or `claim: "words": …`'
SENTENCE = re.compile(r"(?:[^.?!:\n]|[.:](?=\S)|\n(?!\s*\n|\s*[-*|] |\s*\d+\. ))+", re.S)


@dataclass(frozen=True)
class Witness:
    """The code that can vouch for the numbers of a text.

    Args:
        code: the sources of code cells.
    """

    code: list

    @cached_property
    def trees(self):
        """The syntax trees of the cells that are plain Python, with their sources."""
        found = [(source, reading.parsed(source)) for source in self.code]
        return [(source, tree) for source, tree in found if tree is not None]

    @cached_property
    def squashed(self):
        """The sources of code cells, whatever their layout."""
        return [_squashed(source) for source in self.code]

    @cached_property
    def asserted(self):
        """The assertions of code cells, whatever their layout."""
        return [
            _squashed(ast.get_source_segment(source, node))
            for source, tree in self.trees
            for node in ast.walk(tree)
            if isinstance(node, ast.Assert)
        ]

    @cached_property
    def numbers(self):
        """The numbers that the code contains, and MNIST's sizes."""
        return MNIST.union(*map(_numbers, self.code))

    @cached_property
    def constants(self):
        """The numbers that the code computes with; those in its texts are none."""
        nodes = [node for _, tree in self.trees for node in ast.walk(tree)]
        values = [node.value for node in nodes if isinstance(node, ast.Constant)]
        return MNIST | {float(value) for value in values if type(value) in (int, float)}

    @cached_property
    def titles(self):
        """The texts of figures: what is passed as `alt`, and to functions that draw."""
        found = []
        for node in (node for _, tree in self.trees for node in ast.walk(tree)):
            if isinstance(node, ast.keyword) and node.arg in {"alt", "title", "xlabel", "ylabel"}:
                found.append(node.value)
            elif isinstance(node, ast.Call):
                drawing = reading.dotted(node.func).startswith(("plotting.", "diagrams."))
                found += node.args if drawing and node.func.attr != "show" else []
        inner = [c for node in found for c in ast.walk(node) if isinstance(c, ast.Constant)]
        return list(dict.fromkeys(c.value for c in inner if isinstance(c.value, str)))


@dataclass(frozen=True)
class Found:
    """A number, or several that one unit joins, in a text, and the mark behind it.

    Args:
        match: a match of QUANTITY.
        mark: str, what the comment says; None without one.
    """

    match: re.Match
    mark: str | None

    @property
    def parts(self):
        """(start, end, text) of each number."""
        offset = self.match.start("numbers")
        found = ONE.finditer(self.match["numbers"])
        return [(offset + one.start(), offset + one.end(), one[0]) for one in found]


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
    problems, moved, changes, used = [], [], [], set()
    visible, known = masked(text), witness.numbers | said_in_marks(text)
    for found, mark_at in quantities(text, visible):
        said = " ".join(found.match[0].split())
        if found.mark is None:
            if problem := _unmarked(found, text, visible, known):
                problems.append(f"{name}: {said!r} {problem}")
            continue
        used.add(mark_at)
        renewed = []
        if problem := _marked(found, text, mark_at, witness, section, renewed):
            problems.append(f"{name}: the mark of {said!r} {problem}")
            continue
        changes += renewed
        moved += [
            f"{name}: {text[start:end]} in {said!r} is now {new} by {found.mark!r}: "
            "`python -m tools.marks` writes it"
            for start, end, new in renewed
        ]
    problems += _claims(text, name, witness, section, used)
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return problems, moved, text


def masked(text):
    """`text` with what is no prose replaced by spaces, so that positions stay."""
    for pattern in SKIPPED:
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return text


def said_in_marks(text):
    """The numbers in the marks of a text, and those that they stand behind."""
    marked = [found.match[0] for found, at in quantities(text, masked(text)) if at is not None]
    return set().union(*map(_numbers, [*COMMENT.findall(text), *marked]))


def quantities(text, visible):
    """Yield (Found, position of its mark or None) of each number in a text."""
    for match in QUANTITY.finditer(visible):
        tail = TAIL.match(text, match.end())
        mark = COMMENT.match(text, tail.end()) if tail else None
        if mark and not mark[1].startswith("claim:"):
            yield Found(match, " ".join(mark[1].split())), mark.start()
        else:
            yield Found(match, None), None


def _numbers(text):
    """The numbers in a text, without signs."""
    text = re.sub(r"(?<=\d)_(?=\d)", "", text)
    return {float(number.replace(",", "")) for number in re.findall(DIGITS, text)}


def _unmarked(found, text, visible, known):
    """Why a number needs a mark that it does not have; None when it needs none."""
    start, end = found.match.span()
    values = [value for _, _, number in found.parts if (value := _digits(number)) is not None]
    for pattern in EXEMPT if found.match["unit"] else (*EXEMPT, *NAMES):
        spans = (match.span() for match in re.finditer(pattern, visible, re.M | re.I))
        if any(low < end and start < high for low, high in spans):
            return None
    if found.match["unit"] and values:
        return f"has no mark: write {MARKS} behind it"
    if any(m.start() <= start < m.end() for m in EXERCISES.finditer(text)):
        return None
    exact = [v for v in values if v != int(v) or v >= EXACT_FROM or "." in found.match["numbers"]]
    if any(value not in known for value in exact):
        return f"is not in the code: correct it, or write {MARKS}"
    return None


def _marked(found, text, mark_at, witness, section, changes):
    """Why a marked number does not hold; None when it does, or after adding to `changes`."""
    mark = found.mark
    if source := SOURCE.fullmatch(mark):
        return _sourced(found, source, text[slice(*_block(text, mark_at))])
    for kind, where in (("code:", witness.squashed), ("asserted:", witness.asserted)):
        if mark.startswith(kind):
            return _quoted(found, mark.removeprefix(kind).strip(), where, kind)
    if not mark.startswith("="):
        return f"is of no known kind: {mark!r}; write {MARKS}"
    try:
        values = claims.evaluate(mark[1:], section)
    except claims.MarkError as error:
        return str(error)
    if len(values) != len(found.parts):
        return f"gives {len(values)} value(s) for {len(found.parts)} number(s): {mark!r}"
    return _compared(found, mark, values, changes)


def _sourced(found, source, block):
    """Why a source does not vouch for a number; None when it does."""
    if source["said"] != " ".join(found.match["numbers"].split()):
        return f"says {source['said']!r}: correct the one or the other, as the source has it"
    if source["address"] or LINK.search(block):
        return None
    return "says `source`, but the paragraph, list item or row has no link to elsewhere"


def _compared(found, mark, values, changes):
    """Why numbers differ from their values; adds (start, end, new) where a result moved."""
    refreshed = bool(claims.models(mark[1:]))
    for (start, end, number), value in zip(found.parts, values, strict=True):
        if isinstance(value, bool):
            return f"gives true or false, not a number: {mark!r}"
        if (new := as_written(number, value)) == number:
            continue
        if new is None and says(number, value):
            continue
        if new is None:
            return f"is {value:.4g} by {mark!r}: reword it"
        if not refreshed:
            return f"should be {new} by {mark!r}: correct the one or the other"
        changes.append((start, end, new))
    return None


def as_written(number, value):
    """Return `value` in the form of `number`: its decimals, commas and sign; None for words.

    Rounded as pages and the ladder print, by Python's format: so 99.96 with one decimal is 100.0.
    """
    if _digits(number) is None:
        return None
    decimals = len(number.partition(".")[2])
    digits = f"{abs(value):,.{decimals}f}"
    if "," not in number and "." not in number and _digits(number) >= 1000:
        digits = digits.replace(",", "")
    negative = value < 0 and float(digits.replace(",", "")) != 0
    minus = "-" if number.startswith("-") else "−"
    plus = "+" if number.startswith("+") and not negative else ""
    return f"{minus if negative else plus}{digits}"


def says(words, value):
    """True when a number in words says `value`: ten is 9.5 to 10.5, thirty is 27 to 33."""
    words = " ".join(words.lower().split())
    if words in LEAST:
        return LEAST[words] <= value < 1000 * LEAST[words]
    if words in ROUND:
        return abs(value / ROUND[words] - 1) <= WITHIN
    return round(value) == SMALL.index(words)


def _digits(number):
    """The value of a number in digits, without its sign; None for words."""
    text = number.lstrip("+−-").replace(",", "")
    return float(text) if text[0].isdigit() else None


def _value(number):
    """The value of a number in digits or in words; of `thousands of` the least."""
    value, words = _digits(number), " ".join(number.lower().split())
    known = dict(zip(SMALL, range(20), strict=True)) | ROUND | LEAST
    return known[words] if value is None else value


def _quoted(found, snippet, sources, kind):
    """Why a snippet of code does not vouch for a number; None when it does."""
    what = "assertion" if kind == "asserted:" else "code cell"
    if not _has(sources, snippet):
        return f"quotes what no {what} of this page has: {snippet!r}"
    held = _numbers(snippet)
    scale = 100 if re.search("%|point", found.match["unit"] or "") else 1
    for _, _, number in found.parts:
        if not any(abs(h * s - _value(number)) < 1e-9 for h in held for s in (1, scale)):
            return f"quotes code that does not hold {number}: {snippet!r}"
    return None


def _has(sources, snippet):
    """True when a snippet, of whole words and numbers, stands in squashed sources."""
    snippet = _squashed(snippet)
    before = r"(?<!\w)(?<!\d\.)" if re.match(r"\w", snippet) else ""
    after = r"(?!\w|\.\d)" if re.search(r"\w$", snippet) else ""
    pattern = re.compile(before + re.escape(snippet) + after)
    return bool(snippet) and any(pattern.search(source) for source in sources)


def _claims(text, name, witness, section, used):
    """What does not hold in the claims of a text; and marks that stand behind nothing."""
    problems, last = [], 0
    skipped = [match.span() for pattern in SKIPPED[:4] for match in pattern.finditer(text)]
    for comment in COMMENT.finditer(text):
        if STRUCTURE.fullmatch(comment[1]) or any(a <= comment.start() < b for a, b in skipped):
            continue
        if text[: comment.start()].rpartition("\n")[2].strip() == "":
            problems.append(
                f"{name}: a mark begins a line, which cuts the paragraph there: put it "
                f"behind the words that it is about: {comment[1]!r}"
            )
        if comment.start() in used:
            continue
        claim = CLAIM.fullmatch(comment[1])
        if claim is None:
            problems.append(f"{name}: a mark stands behind no number: {comment[1]!r}")
            continue
        start = max(last, _block(text, comment.start())[0])
        last = comment.end()
        if problem := _claimed(claim, _plain(text[start : comment.start()]), witness, section):
            problems.append(f"{name}: the claim {claim['words']!r} {problem}")
    return problems


def _claimed(claim, before, witness, section):
    """Why a claim does not hold; None when it does."""
    words = _plain(claim["words"])
    if words not in before:
        return "is not in the words before its mark: write there what the mark quotes"
    ahead = re.split(r"[.?!:;]\W*(?= )", before.rpartition(words)[0])[-1]
    if denial := claims.DENIAL.search(ahead):
        return f"is turned round by {denial[0]!r}: quote the whole sentence"
    said = " ".join(claim["said"].split())
    if said.startswith("asserted:"):
        holds = _has(witness.asserted, said.removeprefix("asserted:").strip())
        return None if holds else f"quotes what no assertion of this page has: {said!r}"
    try:
        values = claims.evaluate(said, section)
        if values not in ((True,), (False,)):
            return f"is tied to a number, not to something true or false: {said!r}"
        if problem := claims.weakness(words, said):
            return f"{problem}: {said!r}"
        numbers = None if values[0] else claims.explained(said, section)
    except claims.MarkError as error:
        return str(error)
    if values[0]:
        empty = claims.hollow(words, said, section)
        return empty and f"{empty}: {said!r}"
    return f"does not hold ({said}): {numbers}. Reword the sentence, or measure more seeds"


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


# What is only reported


def reports(text, name, witness):
    """Return what a person should look at in a text, as `examine` names problems.

    Args:
        text, name, witness: as for `examine`.
    """
    found, visible = [], masked(text)
    for sentence in SENTENCE.finditer(EXERCISES.sub(lambda m: " " * len(m[0]), visible)):
        compares = claims.COMPARES.search(sentence[0])
        marked = COMMENT.search(text[slice(*sentence.span())])
        if compares and not marked and not MARKED.match(text, sentence.end()):
            said = " ".join(compares[0].split())
            found.append(f"{name}: {said!r} compares, and the sentence has no mark")
    for comment in COMMENT.findall(text):
        claim = CLAIM.fullmatch(comment)
        if claim and not claim["said"].startswith("asserted:") and claims.unjudged(claim["said"]):
            found.append(f"{name}: the claim {claim['words']!r} compares without a verdict")
    known = witness.constants | said_in_marks(text)
    found += [f"{name}: {said!r} is not in the code" for said in _counts(visible, known)]
    return found


def title_reports(name, witness):
    """Return the measured numbers in the texts of a page's figures that no code computes with."""
    found = []
    for title in witness.titles:
        for match in QUANTITY.finditer(title):
            values = [_digits(one) for one in ONE.findall(match["numbers"])]
            measured = match["unit"] or "." in match["numbers"]
            if measured and any(v is not None and v not in witness.constants for v in values):
                found.append(f"{name}: {match[0]!r} in the text of a figure, {title[:40]!r}…")
        counted = _counts(title, witness.constants)
        found += [f"{name}: {said!r} in the text of a figure" for said in counted]
    return found


def _counts(text, known):
    """Counts of epochs, layers and the like that are not among known numbers; 0 to 2 are words."""
    found = [(" ".join(m[0].split()), _value(m["number"])) for m in COUNT.finditer(text)]
    years = range(1900, 2100)
    return [said for said, n in found if n > 2 and n not in known and n not in years]


# Files


def markdown_files():
    """Return every file with prose: pages, reference pages, README, glossary."""
    return [*_notebooks(), *TEXTS]


def check_file(path, section, write=False, reported=None):
    """Return what does not hold in a page or Markdown file; with `write`, renew its results.

    Nothing but the digits of marked results is changed, and a file whose results are as they were
    is not written.

    Args:
        path: an .ipynb or .md file.
        section: the results on MNIST, by name of model.
        write: bool, rewrite results that moved; otherwise each is a problem.
        reported: a list that takes what is only reported; None for nobody who wants it.

    Returns:
        (problems, moved): two lists of str, as `examine` gives them.

    Raises:
        OSError, ValueError: the file cannot be read, or is no notebook.
    """
    path = Path(path)
    is_page = path.suffix == ".ipynb"
    notebook = _loaded(path) if is_page else None
    own = witness(notebook) if is_page else witness(*map(_loaded, _notebooks()))
    texts = {path.name: path.read_text(encoding="utf-8")} if not is_page else {
        f"{path.name}, cell {number}": "".join(cell["source"])
        for number, cell in enumerate(notebook["cells"], start=1)
        if cell["cell_type"] == "markdown"
    }  # fmt: skip
    problems, moved = [], []
    for name, text in texts.items():
        wrong, renewed, after = examine(text, name, own, section)
        problems, moved = problems + wrong, moved + renewed
        if reported is not None:
            reported += reports(text, name, own)
        if renewed and is_page:
            number = int(name.rpartition(" ")[2])
            notebook["cells"][number - 1]["source"] = after.splitlines(keepends=True)
        elif renewed and write:
            path.write_text(after, encoding="utf-8")
    if reported is not None and is_page:
        reported += title_reports(path.name, own)
    if write and moved and is_page:
        scoreboard.write_atomically(path, notebook)
    return problems, moved


def _notebooks():
    folder = pages.ROOT / "notebooks"
    return [*sorted(folder.glob("[0-9][0-9]*_*.ipynb")), *sorted(folder.glob("reference/*.ipynb"))]


def _loaded(path):
    """A notebook as its file has it, so that it can be written back byte by byte."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if all(cell["cell_type"] and cell["source"] is not None for cell in notebook["cells"]):
            return notebook
    except (ValueError, TypeError, KeyError):
        pass
    raise ValueError(
        f"{path} is no notebook that can be read; `git checkout -- {path}` restores it"
    )


def witness(*notebooks):
    """Return the Witness that the code cells of notebooks are, each a dict as in its file."""
    cells = [cell for notebook in notebooks for cell in notebook["cells"]]
    return Witness(["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"])


# The command


def refresh(write=True, listed=False):
    """Check every file with prose, renew its results, print what came of it.

    Args:
        write: bool; without it nothing is written, and results that moved are problems.
        listed: bool, print what is only reported line by line, not as a count.

    Returns:
        bool: everything holds.
    """
    try:
        section = scoreboard.read(RESULTS)["mnist"]
        problems, renewed, reported = [], [], []
        for path in markdown_files():
            wrong, moved = check_file(path, section, write, reported)
            problems, renewed = problems + wrong, renewed + moved
    except (OSError, ValueError, scoreboard.ResultsError) as error:
        print(f"Marks cannot be checked. {error}")
        return False
    problems += reported if REPORTS_FAIL else []
    for line in problems + (reported if listed and not REPORTS_FAIL else []):
        print(line)
    for line in renewed:
        print(line.rpartition(": ")[0] if write else line)
    count = len(problems) + (0 if write else len(renewed))
    print(f"Marks: {count} to fix, {len(renewed)} numbers {'renewed' if write else 'have moved'}.")
    if not REPORTS_FAIL:
        print(f"{len(reported)} more to look at: `python -m tools.marks --reports` lists them.")
    return count == 0


def main(arguments=None):
    """Refresh, or with --check only report; return 0 when everything holds, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.marks", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--check", action="store_true", help="report only, change no file")
    parser.add_argument(
        "--reports", action="store_true", help="list also what is only reported; change no file"
    )
    options = parser.parse_args(arguments)
    return int(not refresh(write=not (options.check or options.reports), listed=options.reports))


if __name__ == "__main__":
    sys.exit(main())

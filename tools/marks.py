"""Marks: what ties a number or a claim in the prose to where it comes from.

    python -m tools.marks            rewrite the marked results in pages and README.md
    python -m tools.marks --check    only report what does not hold

A mark is an HTML comment glued to a number, or to the end of a sentence. Readers do not see it:
CommonMark passes comments through as raw HTML (spec.commonmark.org, section 6.6), which browsers
do not show; GitHub documents the same ("Hiding content with comments", docs.github.com, Basic
writing and formatting syntax); JupyterLab, Colab and nbconvert do likewise.

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

tools/claims.py lists what an expression may hold. In words, numbers to nineteen are rounded to the
whole; round ones above and fractions have to be within a tenth; thousands are at least a thousand.

What needs a mark: every number, in digits or in words, before `%`, s, seconds, minutes, hours,
errors, mistakes, times, and points where they are written in digits (in words they are those of a
plane). Also every number of 1,000 or more and every decimal, unless the page's code or
another mark of the same cell contains it, or it is one of MNIST's sizes or a question among the
exercises. What needs none: code, formulas indented as code, addresses, and EXEMPT.

A result is rewritten with the decimals that it had. Words, arithmetic and claims are never
rewritten: a person must see them.
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
from tools import claims, digests, pages

RESULTS = pages.ROOT / "notebooks" / "results.json"
TEXTS = (pages.ROOT / "README.md", pages.ROOT / "notebooks" / "glossary.md")

# Numbers that are no statement of a measurement.
EXEMPT = (
    r"\b95 % intervals?\b",  # the name of a method
    r"^\*\*Time\*\*:.*$",  # reading is an estimate, running depends on the machine
    r"\bone time through\b",
    r"\d+ × \d+ points\b",  # of a picture
)
# The same for numbers without a unit.
NAMES = (
    r"\bPython \d\.\d+(?: to \d\.\d+)?",  # versions
    r"\bCC BY-SA \d\.\d\b",
    r"\bsections? \d[\d.]*\d",
    r"\b(?:19|20)\d\ds?\b",  # years
)
MNIST = {5_000, 10_000, 55_000, 60_000, 70_000}  # its sizes, and those of the course's split
EXERCISES = re.compile(r"^## Exercises\n.*?(?=^## |\Z)", re.S | re.M)
WORDS = {
    **{word: n for n, word in enumerate("zero one two three four five six seven eight".split())},
    **{word: 9 + n for n, word in enumerate("nine ten eleven twelve thirteen fourteen".split())},
    **{word: 15 + n for n, word in enumerate("fifteen sixteen seventeen eighteen".split())},
    **{"nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60},
    **{"seventy": 70, "eighty": 80, "ninety": 90, "twenty-five": 25},
    **{"a hundred": 100, "a thousand": 1000, "a million": 1e6},
}
LEAST = {"tens of": 10, "hundreds of": 100, "thousands of": 1000, "millions of": 1e6}
PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "eighth": 8, "tenth": 10}
FRACTIONS = {
    **{f"a {word} of": 1 / n for word, n in PARTS.items()},
    **{"half": 1 / 2, "hundredths of": 1 / 100, "a hundredth of": 1 / 100},
}
WITHIN = 0.1  # how far what is said as a fraction may be from it, as a share

DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
SAID = "|".join(sorted({**WORDS, **LEAST}, key=len, reverse=True))
PORTION = "|".join(sorted(FRACTIONS, key=len, reverse=True))
NUMBER = rf"(?:(?<![\w.])[+−-]?{DIGITS}(?![\w]|\.\d)|\b(?:{SAID})(?![\w-]))"
SPACE = r"[ \u00a0\u202f\n]"
UNIT = (
    rf"{SPACE}?%|{SPACE}(?:per cent|percent|m?s|seconds?|minutes?|hours?|errors?|mistakes?|times)"
    r"(?![\w'’])"
)
JOIN = rf"(?:–|{SPACE}(?:to|or|±){SPACE})"
QUANTITY = re.compile(
    rf"(?P<numbers>{NUMBER}(?:{JOIN}{NUMBER})*)"
    rf"(?P<unit>{UNIT}|(?<=\d){SPACE}points?(?!\w))?"
    rf"|(?P<part>\b(?:{PORTION})){SPACE}(?:an?{SPACE})?(?P<of>points?|seconds?|minutes?|hours?)\b",
    re.I,
)
ONE = re.compile(NUMBER, re.I)
COMMENT = re.compile(r"<!--\s*(.*?)\s*-->", re.S)
# Between a number and its mark: the end of emphasis, of a link or of a bracket.
TAIL = re.compile(r"(?:[*_\"”)]|\]\([^)\s]*\))*(?=<!--)")
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
EXACT_FROM = 1000  # smaller whole numbers without a unit are ordinary words
MARKS = '`= …`, `source: …`, `code: …`, `asserted: …` or `claim: "words": …`'


@dataclass(frozen=True)
class Witness:
    """The code that can vouch for the numbers of a text.

    Args:
        code: the sources of code cells.
    """

    code: list

    @cached_property
    def squashed(self):
        """The sources of code cells, whatever their layout."""
        return [_squashed(source) for source in self.code]

    @cached_property
    def asserted(self):
        """The assertions of code cells, whatever their layout."""
        found = []
        for source in self.code:
            try:
                tree = ast.parse(source)
            except (SyntaxError, ValueError):
                continue
            nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
            found += [_squashed(ast.get_source_segment(source, node)) for node in nodes]
        return found

    @cached_property
    def numbers(self):
        """The numbers that the code contains, and MNIST's sizes."""
        return MNIST.union(*map(_numbers, self.code))


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
    def measured(self):
        """True when a unit says that this is a measurement."""
        return bool(self.match["unit"] or self.match["part"])

    @property
    def parts(self):
        """(start, end, text) of each number."""
        if self.match["part"]:
            return [(*self.match.span("part"), self.match["part"])]
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
    for pattern in EXEMPT if found.measured else (*EXEMPT, *NAMES):
        spans = (match.span() for match in re.finditer(pattern, visible, re.M | re.I))
        if any(low < end and start < high for low, high in spans):
            return None
    if found.measured:
        return f"has no mark: write {MARKS} behind it"
    if any(m.start() <= start < m.end() for m in EXERCISES.finditer(text)):
        return None
    for _, _, number in found.parts:
        value = _digits(number)
        if value is None or (value == int(value) and "." not in number and value < EXACT_FROM):
            continue
        if value not in known:
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
    if source["said"] != " ".join((found.match["numbers"] or found.match["part"]).split()):
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
    if words in FRACTIONS:
        return abs(value / FRACTIONS[words] - 1) <= WITHIN
    if WORDS[words] >= 20:
        return abs(value / WORDS[words] - 1) <= WITHIN
    return round(value) == WORDS[words]


def _digits(number):
    """The value of a number in digits, without its sign; None for words."""
    text = number.lstrip("+−-").replace(",", "")
    return float(text) if text[0].isdigit() else None


def _quoted(found, snippet, sources, kind):
    """Why a snippet of code does not vouch for a number; None when it does."""
    what = "assertion" if kind == "asserted:" else "code cell"
    if not _has(sources, snippet):
        return f"quotes what no {what} of this page has: {snippet!r}"
    held = _numbers(snippet)
    scale = 100 if re.search("%|point", found.match["unit"] or "") else 1
    for _, _, number in found.parts:
        value = _digits(number)
        value = (WORDS | LEAST).get(number.lower()) if value is None else value
        if value is None or not any(abs(h * s - value) < 1e-9 for h in held for s in (1, scale)):
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
        sentence = _plain(text[start : comment.start()])
        if problem := _claimed(claim, sentence, witness, section):
            problems.append(f"{name}: the claim {claim['words']!r} {problem}")
    return problems


def _claimed(claim, sentence, witness, section):
    """Why a claim does not hold; None when it does."""
    if _plain(claim["words"]) not in sentence:
        return "is not in the words before its mark: write there what the mark quotes"
    said = " ".join(claim["said"].split())
    if said.startswith("asserted:"):
        holds = _has(witness.asserted, said.removeprefix("asserted:").strip())
        return None if holds else f"quotes what no assertion of this page has: {said!r}"
    try:
        values = claims.evaluate(said, section)
        if values == (True,):
            return None
        if values != (False,):
            return f"is tied to a number, not to something true or false: {said!r}"
        numbers = claims.explained(said, section)
    except claims.MarkError as error:
        return str(error)
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


# Files


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
        write: bool, rewrite results that moved; otherwise each is a problem.

    Returns:
        (problems, moved): two lists of str, as `examine` gives them.

    Raises:
        OSError, ValueError: the file cannot be read, or is no notebook.
    """
    path = Path(path)
    if path.suffix != ".ipynb":
        before = path.read_text(encoding="utf-8")
        every = witness(*map(_loaded, _notebooks()))
        problems, moved, after = examine(before, path.name, every, section)
        if write and moved:
            path.write_text(after, encoding="utf-8")
        return problems, moved
    notebook = _loaded(path)
    own, problems, moved = witness(notebook), [], []
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] != "markdown":
            continue
        name = f"{path.name}, cell {number}"
        wrong, renewed, source = examine("".join(cell["source"]), name, own, section)
        if renewed:
            cell["source"] = source.splitlines(keepends=True)
        problems += wrong
        moved += renewed
    if write and moved:
        scoreboard.write_atomically(path, notebook)
    return problems, moved


def _notebooks():
    folder = pages.ROOT / "notebooks"
    return [*sorted(folder.glob("[0-9][0-9]_*.ipynb")), *sorted(folder.glob("reference/*.ipynb"))]


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


# The results file


def unproduced(results):
    """Return a problem for each result that no page records any more.

    A page records a name when it stands in its code as a text, or fits an f-string there whose
    gaps hold texts or numbers of the same page.

    Args:
        results: a whole results file, as `scoreboard.read` gives it.
    """
    by_page = {path.stem: path for path in _notebooks()}
    recorded, problems = {}, []
    for source in scoreboard.SOURCES:
        for name, entry in results[source].items():
            page = entry["page"]
            if page not in by_page:
                problems.append(
                    f'results.json: "{name}" ({source}) is of the page {page}, which does not '
                    "exist: `make results` leaves it out, or put the page back"
                )
                continue
            if page not in recorded:
                recorded[page] = _recorded(witness(_loaded(by_page[page])).code)
            if not recorded[page](name):
                problems.append(
                    f'results.json: "{name}" ({source}) is no longer recorded by {page}: '
                    f'`MNIST_SOURCE={source} make results PAGES="{page}"` renews the file'
                )
    return problems


def _recorded(sources):
    """A function that says whether code can record a name."""
    texts, numbers, patterns = set(), set(), []
    for source in sources:
        try:
            nodes = list(ast.walk(ast.parse(source)))
        except (SyntaxError, ValueError):
            continue
        values = [node.value for node in nodes if isinstance(node, ast.Constant)]
        texts |= {value for value in values if isinstance(value, str)}
        numbers |= {f"{value:,}" for value in values if type(value) in (int, float)}
        joined = [node for node in nodes if isinstance(node, ast.JoinedStr)]
        patterns += [re.compile("".join(map(_gap, node.values))) for node in joined]
    return lambda name: (
        name in texts
        or any(
            match.groups() and all(gap in texts | numbers for gap in match.groups())
            for match in (pattern.fullmatch(name) for pattern in patterns)
            if match
        )
    )


def _gap(part):
    return re.escape(part.value) if isinstance(part, ast.Constant) else "(.+)"


def notes(results):
    """Return what to know about a results file that is no mistake: other versions, other code.

    Results are measured with one set of versions and read with others, such as Colab's. Python
    counts as 3.11 or 3.12, whatever follows.
    """
    found, digest_of = [], {}
    for path in _notebooks():
        digest_of[path.stem] = digests.results_digest(pages.read(path), pages.ROOT)
    for source in scoreboard.SOURCES:
        for name, versions in _by_versions(results[source]).items():
            here = {part: scoreboard.installed_version(part) for part in versions}
            other = [
                f"{part} {made} (here {here[part] or 'none'})"
                for part, made in versions.items()
                if here[part] is not None and _release(part, made) != _release(part, here[part])
            ]
            if other:
                found.append(
                    f"results.json ({source}), {name}: written with {', '.join(other)}. "
                    f"`MNIST_SOURCE={source} make results` measures again"
                )
        entries = results[source].values()
        stale = sorted({e["page"] for e in entries if e["digest"] != digest_of.get(e["page"])})
        if stale:
            found.append(
                f"results.json ({source}): the code has changed since it measured "
                f"{', '.join(stale)}. `MNIST_SOURCE={source} make results` measures again"
            )
    return found


def _by_versions(section):
    """The packages' versions of results, by a page that they were written by, each set once."""
    found = {}
    for entry in section.values():
        versions = {k: v for k, v in entry["versions"].items() if k != "backend"}
        if versions not in found.values():
            found[f"{entry['page']} and others"] = versions
    return found


def _release(part, version):
    return version.rpartition(".")[0] if part == "python" else version


# The command


def refresh(write=True):
    """Check every file with prose, renew its results, print what came of it.

    Args:
        write: bool; without it nothing is written, and results that moved are problems.

    Returns:
        bool: everything holds.
    """
    try:
        results = scoreboard.read(RESULTS)
    except scoreboard.ResultsError as error:
        print(f"Marks cannot be checked. {error}")
        return False
    try:
        known, problems, renewed = notes(results), unproduced(results), []
        for path in markdown_files():
            wrong, moved = check_file(path, results["mnist"], write)
            problems += wrong
            renewed += moved
    except (OSError, ValueError) as error:
        print(f"Marks cannot be checked. {error}")
        return False
    for line in [*known, *problems]:
        print(line)
    for line in renewed:
        print(line.rpartition(": ")[0] if write else line)
    count = len(problems) + (0 if write else len(renewed))
    print(f"Marks: {count} to mend, {len(renewed)} numbers {'renewed' if write else 'have moved'}.")
    return count == 0


def main(arguments=None):
    """Refresh, or with --check only report; return 0 when everything holds, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.marks", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--check", action="store_true", help="report only, change no file")
    return int(not refresh(write=not parser.parse_args(arguments).check))


if __name__ == "__main__":
    sys.exit(main())

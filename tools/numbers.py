"""Numbers in a text, in digits or in words, and the marks behind them (see tools/marks.py).

A number in words is held to its value: to nineteen rounded to the whole, above that and for
fractions within a tenth.
"""

import re
from dataclasses import dataclass

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
ROUND = {
    **{"twenty": 20, "twenty-five": 25, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60},
    **{"seventy": 70, "eighty": 80, "ninety": 90, "a hundred": 100, "a thousand": 1000},
    **{"a million": 1e6, "half": 1 / 2, "a third of": 1 / 3, "a quarter of": 1 / 4},
    **{"a fifth of": 1 / 5, "an eighth of": 1 / 8, "a tenth of": 1 / 10, "a hundredth of": 1 / 100},
}
LEAST = {"tens of": 10, "hundreds of": 100, "thousands of": 1000, "millions of": 1e6}
WORDS = {word: n for n, word in enumerate(SMALL)} | ROUND | LEAST
MNIST = {5_000, 10_000, 55_000, 60_000, 70_000}  # its sizes, and those of the course's split
WITHIN = 0.1  # how far what is said as a round number may be from it, as a share

SAID = "|".join(sorted(WORDS, key=len, reverse=True))
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

COMMENT = re.compile(r"<!--\s*(.*?)\s*-->", re.S)
# Between a number and its mark: the end of emphasis, of a link or of a bracket.
TAIL = re.compile(r"(?:[*_\"”)]|\]\([^)\s]*\))*(?=<!--)")
CODE = (  # what is no prose at all, marks in it included
    re.compile(r"<!-- ladder -->.*?<!-- /ladder -->", re.S),
    re.compile(r"^(```|~~~).*?^\1", re.S | re.M),
    re.compile(r"^(?: {4}|\t)\S.*$", re.M),
    re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.S),
    re.compile(r"\$\$.+?\$\$|\$(?!\s)[^$\n]+?(?<!\s)\$", re.S),  # a formula
)
SKIPPED = (
    *CODE,
    COMMENT,
    re.compile(r"(?<=\])\([^)\s]*\)"),
    re.compile(r"<[^<>\n]+>"),
)


@dataclass(frozen=True)
class Quantity:
    """A number, or several that one unit joins, in a text, and the mark behind it.

    Args:
        match: a match of QUANTITY.
        mark: str, what the comment says; None without one.
        at: where the comment begins; None without one.
    """

    match: re.Match
    mark: str | None = None
    at: int | None = None

    @property
    def said(self):
        """The words, with one space between them."""
        return " ".join(self.match[0].split())

    @property
    def parts(self):
        """(start, end, text) of each number."""
        offset = self.match.start("numbers")
        found = ONE.finditer(self.match["numbers"])
        return [(offset + one.start(), offset + one.end(), one[0]) for one in found]


def masked(text):
    """`text` with what is no prose replaced by spaces, so that positions stay."""
    for pattern in SKIPPED:
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return text


def quantities(text):
    """Each Quantity in a text."""
    for match in QUANTITY.finditer(masked(text)):
        tail = TAIL.match(text, match.end())
        mark = COMMENT.match(text, tail.end()) if tail else None
        if mark and not mark[1].startswith(("claim:", "judged:")):
            yield Quantity(match, " ".join(mark[1].split()), mark.start())
        else:
            yield Quantity(match)


def said_in_marks(text):
    """The numbers in the marks of a text, and those that they stand behind."""
    marked = [found.match[0] for found in quantities(text) if found.mark is not None]
    comments = [said for said in COMMENT.findall(text) if not said.startswith("judged:")]
    return values([*comments, *marked])


def values(texts):
    """The numbers in digits that texts hold, without signs."""
    plain = re.sub(r"(?<=\d)_(?=\d)", "", "\n".join(texts))
    return {float(number.replace(",", "")) for number in re.findall(DIGITS, plain)}


def digits(number):
    """The value of a number in digits, without its sign; None for words."""
    text = number.lstrip("+−-").replace(",", "")
    return float(text) if text[0].isdigit() else None


def value(number):
    """The value of a number in digits or in words; of `thousands of` the least."""
    return WORDS[" ".join(number.lower().split())] if digits(number) is None else digits(number)


def says(words, wanted):
    """True when a number in words says `wanted`: ten is 9.5 to 10.5, thirty is 27 to 33."""
    said, known = " ".join(words.lower().split()), value(words)
    if said in LEAST:
        return known <= wanted < 1000 * known
    return abs(wanted / known - 1) <= WITHIN if said in ROUND else round(wanted) == known


def as_written(number, new):
    """Return `new` in the form of `number`: its decimals, commas and sign; None for words.

    Rounded as pages and the ladder print, by Python's format: so 99.96 with one decimal is 100.0.
    """
    if digits(number) is None:
        return None
    written = f"{abs(new):,.{len(number.partition('.')[2])}f}"
    negative = new < 0 and float(written.replace(",", "")) != 0
    if "," not in number and "." not in number and digits(number) >= 1000:
        written = written.replace(",", "")
    minus = "-" if number.startswith("-") else "−"
    plus = "+" if number.startswith("+") and not negative else ""
    return f"{minus if negative else plus}{written}"

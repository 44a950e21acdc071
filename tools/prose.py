"""What a person should look at in the prose; tools/marks.py refuses it.

Sentences that compare and have no mark; claims that compare scores without a verdict; counts of
epochs, layers, neurons, seeds and filters that the page's code does not have; measured numbers in
alternative texts and in the titles of figures. A figure's title has no marks, so that its numbers
are among those that the code computes with.
"""

import ast
import re

from tools import claims, numbers, reading

EXERCISES = re.compile(r"^## Exercises\n.*?(?=^## |\Z)", re.S | re.M)
SENTENCE = re.compile(r"(?:[^.?!:\n]|[.:](?=\S)|\n(?!\s*\n|\s*[-*|] |\s*\d+\. ))+", re.S)
MARKED = re.compile(r"[.?!:]?[*_\"”)]*<!--")  # what ends a sentence that has a mark
COMPARES = re.compile(
    r"\b(?:better|worse|beats?|outperform\w*|faster|slower|wins?|loses?|gains?|"
    r"(?:more|less|fewer|higher|lower|larger|smaller|longer|shorter)(?:\s\w+){0,2}\sthan)\b",
    re.I,
)
COUNT = re.compile(
    rf"(?P<number>{numbers.NUMBER}){numbers.SPACE}(?:\w+{numbers.SPACE})?"
    r"(?:epochs?|layers?|neurons?|seeds?|filters?)\b",
    re.I,
)


def reports(text, name, trees):
    """Return what a person should look at in a text, one line each.

    Args:
        text: Markdown.
        name: str, how lines call the text.
        trees: the syntax trees of the page's code.
    """
    found, visible = [], numbers.masked(text)
    for sentence in SENTENCE.finditer(EXERCISES.sub(lambda m: " " * len(m[0]), visible)):
        asks = visible.startswith("?", sentence.end())
        compares = None if asks else COMPARES.search(sentence[0])
        marked = numbers.COMMENT.search(text[slice(*sentence.span())])
        if compares and not marked and not MARKED.match(text, sentence.end()):
            said = " ".join(compares[0].split())
            found.append(f"{name}: {said!r} compares, and the sentence has no mark")
    for comment in numbers.COMMENT.findall(text):
        claim = claims.CLAIM.fullmatch(comment)
        if claim and claims.unjudged(claim["said"]):
            found.append(f"{name}: the claim {claim['words']!r} compares without a verdict")
    known = constants(trees) | numbers.said_in_marks(text)
    return found + [f"{name}: {said!r} is not in the code" for said in _counts(visible, known)]


def title_reports(name, trees):
    """Return the measured numbers in the texts of a page's figures that no code computes with."""
    found, known = [], constants(trees)
    for title in titles(trees):
        for match in numbers.QUANTITY.finditer(title):
            values = [numbers.digits(one) for one in numbers.ONE.findall(match["numbers"])]
            measured = match["unit"] or "." in match["numbers"]
            if measured and any(v is not None and v not in known for v in values):
                found.append(f"{name}: {match[0]!r} in the text of a figure, {title[:40]!r}…")
        found += [f"{name}: {said!r} in the text of a figure" for said in _counts(title, known)]
    return found


def _counts(text, known):
    """Counts of epochs, layers and the like that are not among known numbers; 0 to 2 are words."""
    found = [(" ".join(m[0].split()), numbers.value(m["number"])) for m in COUNT.finditer(text)]
    years = range(1900, 2100)
    return [said for said, n in found if n > 2 and n not in known and n not in years]


def constants(trees):
    """The numbers that code computes with, those in its texts are none; and MNIST's sizes."""
    found = [n.value for t in trees for n in ast.walk(t) if isinstance(n, ast.Constant)]
    return numbers.MNIST | {float(value) for value in found if type(value) in (int, float)}


def titles(trees):
    """The texts of figures: what is passed as `alt`, and to functions that draw."""
    found = []
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.keyword) and node.arg in {"alt", "title", "xlabel", "ylabel"}:
            found.append(node.value)
        elif isinstance(node, ast.Call):
            drawing = reading.dotted(node.func).startswith(("plotting.", "diagrams."))
            found += node.args if drawing and node.func.attr != "show" else []
    inner = [c for node in found for c in ast.walk(node) if isinstance(c, ast.Constant)]
    return list(dict.fromkeys(c.value for c in inner if isinstance(c.value, str)))

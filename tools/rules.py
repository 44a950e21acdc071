"""The rules that every page keeps. `python -m tools.rules 02` prints what breaks them.

They are against honest mistakes. Whether a page trains on test digits, tools/canary.py finds out by
running it; here stands only what a run cannot show. A rule is a function from a `reading.Page` to a
list of problems. Each problem names the page and, where there is one, the cell (counted from 1,
text cells too), and says what to do.
"""

import argparse
import ast
import functools
import re
import sys
from urllib.parse import unquote

import nbformat
import numpy as np

from tools import digests, html, pages, reading
from tools.reading import arguments, called, names, tags

BADGE = "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({})"
COLAB = "https://colab.research.google.com/github/"
BULLET = re.compile(r"^[-*] +\S", re.M)
RECALL = "Before you start: three questions"
HALF_WAY = "**Half-way.**"
CLOSING = ["What you have seen", "Exercises", "The way on"]
ITEM = re.compile(r"^(?:[-*]|\d+\.) +\S", re.M)
NUMBERED = re.compile(r"^(?:#+ +)?(\d+)\. +\S", re.M)
MINUTES = 60
FOLDED = 'a first line `# @title …`, "cellView": "form", "jupyter": {"source_hidden": true}'
TAGS = {"setup", "parameters", "nbval-check-output", "shown-on-purpose"}
TAGS |= {"exercise", "answer"}  # a turn or a guess; an output that would give one away
# Lines of code in the longest cell, the median cell, nine cells in ten, and the whole page.
LONGEST, MEDIAN, NINE_IN_TEN, WHOLE = 25, 5, 12, 300
IN_A_ROW = 2
BYTES = 1_500_000
ALTERNATIVE = 25  # characters

# What outputs, prose and both with code must not hold, and what to do about it.
OUTPUTS = {
    r"(?i)warning|deprecat|cuda|onednn|\babsl\b|traceback|\b[IWEF]\d{4} \d\d:\d\d|"
    r"\bat 0x[0-9a-f]{6,}": ("in an output: correct what says it"),
    r"[\r\x08]|it/s\b|\d%\||\d[mu]?s/(?:step|epoch)": "in an output: pass verbose=0 and plot",
}
PATHS = {
    r"(?<![\w.:/~<})\]])/[A-Za-z]\w*(?:/[\w.-]+)+|\b[C-Z]:\\\w|(?:site|dist)-packages": (
        "is a folder of one machine: make it relative, or print the name alone"
    ),
}
UNFINISHED = {r"(?i)\b(?:TODO|FIXME|XXX|TBD)\b|\blorem ipsum\b": "is left for later: finish it"}
PROSE = {
    r"(?i)\b(?:simply|just|easily|easy to|is easy|obviously|clearly|of course|trivial(?:ly)?|"
    r"basically)\b": ("helps no reader: leave it out"),
    r"\S*!": "shouts: end with a full stop",
    r"(?i)\b(?:(?!(?:re|over|down)?siz|priz|seiz)\w+iz(?:e[sd]?|ing|ations?)|\w*analyz\w+|gray\w*|"
    r"(?:dis)?color\w*|\w*behavior\w*|neighbor\w*|favor\w*|flavor\w*|center(?:s|ed|ing)?|"
    r"fibers?|defense|(?:un|re|mis)?label(?:ed|ing)|model(?:ed|ing)|math)\b": (
        "is American spelling: use the British one"
    ),
}

# Names in code (a pattern for the whole dotted name, or `argument=`), and what to do about them.
NAMES = {
    r"(tf|tensorflow)\.keras": "write `import keras`",
    r"keras\.(src|api|_tf_keras)": "use Keras' public names",
    r"keras\.datasets": "use data.load_digits(), which checks the files and keeps the split",
    r"(.*\.)?predict_classes": "write predict(…).argmax(axis=1)",
    r"(.*\.)?np_utils": "use keras.utils",
    r"lr=": "write learning_rate=",
    r"nb_epoch=": "write epochs=",
    r"(batch_)?input_shape=": "start the model with keras.Input(shape=…)",
    r"matplotlib\.pyplot|pylab": "draw through helpers.plotting, pyplot figures show twice",
    r"(.*\.)?clear_output": "update one display handle, cleared frames cannot be compared",
    r"time\.sleep": "do not wait",
    r"get_ipython|os\.(system|popen)|subprocess": "call no shell",
    r"input": "ask nothing, a page runs from top to bottom alone",
    r"os\.(environ\.(update|setdefault|pop)|putenv)": "settings are the reader's",
    r"(.*\.)?_test|.*\.test": "evaluation.final_test(…, digits) alone opens the test digits",
}
CHOOSES = {"max", "min", "sorted", "sort", "nlargest", "nsmallest", "idxmax", "idxmin"}
CHOOSES |= {"argmax", "argmin", "argsort", "argpartition", "most_common"}
# The helpers that visible cells may use, and what of them where that is one thing.
COPIED = {"plotting": None, "diagrams": None, "training": "LivePlot", "data": "load_digits"}
ORDER = ast.Lt | ast.LtE | ast.Gt | ast.GtE
BARE_IMAGE = re.compile(r"<img(?![^>]*\balt=[\"']\w)")
CROSS_ENTROPY = re.compile(r"(sparse_?)?(categorical|binary)_?crossentropy", re.I)


RULES = []


def rule(check):
    """Make a rule of a generator of (cell number or None, what to do), and add it to RULES."""

    @functools.wraps(check)
    def messages(page):
        found = [(f", cell {n}" if n else "", what) for n, what in check(page)]
        return [f"{page.path.name}{cell}: {what}" for cell, what in found]

    RULES.append(messages)
    return messages


# How a page opens and closes


@rule
def opening(page):
    """Title, badge, one sentence, two to four goals, and the time.

    The badge opens the page in Colab; as long as the course has no address it says how.
    """
    lines, place = page.first_lines, f"{page.path.parent.name}/{page.path.name}"
    wanted = f"# {page.path.name.partition('_')[0]} · "
    if not any(line.startswith(wanted) for line in lines[:1]):
        yield 1, f"begin with a text cell whose first line is `{wanted}…`"
    address = page.repository.replace("https://github.com/", COLAB)
    target = f"{address}/blob/main/{place}" if address else "../README.md#in-colab"
    if lines[1:2] != [BADGE.format(target)]:
        yield 1, f"under the title write {BADGE.format(target)} (see `make publish`)"
    sentence = " ".join(lines[2 : goals_start(lines)])
    if len(re.findall(r"[.?](?=\s|$)", sentence)) != 1 or sentence[-1] not in ".?":
        yield 1, "under the badge, tie the page to the one before in one sentence"
    if not 2 <= len(goals(lines)) <= 4:
        yield 1, "then write `**You will**` and 2 to 4 bullets"
    if not any(map(reading.TIME.fullmatch, lines)):
        yield 1, "end the cell with `**Time**: … minutes, … to run`"


def goals_start(lines):
    """Where in the first cell's lines the goals begin."""
    return lines.index("**You will**") if "**You will**" in lines else len(lines)


def goals(lines):
    """The bullets among the first cell's lines."""
    return [line for line in lines[goals_start(lines) :] if BULLET.match(line)]


@rule
def minutes(page):
    """The page is one sitting; its first cell says how long, and in Colab what to clear first."""
    if page.minutes > MINUTES:
        yield None, f"takes {page.minutes} minutes, {MINUTES} at most: shorten it, or fold some"
    if page.cells and page.timed != page.cells[0][1].source:
        again = f"`python -m tools.reading --write {page.path.stem}`"
        yield 1, f"the time, or what to clear in Colab, is not as counted: {again}"


@rule
def recall(page):
    """A main page but the first opens with three questions on those before, answers folded."""
    if page.path.name.startswith("00") or not is_main(page):
        return
    section = page.section(RECALL)
    folds = len(reading.DETAILS.findall(section))
    asked = len(ITEM.findall(reading.DETAILS.sub("", section)))
    if not folds or 3 not in (folds, asked):
        yield None, f"under `## {RECALL}` list three, their answers in <details>"


@rule
def half_way(page):
    """A main page says where its reader may stop."""
    found = [n for n, text in page.texts for line in text.splitlines() if line.startswith(HALF_WAY)]
    if is_main(page) and len(found) != 1:
        yield None, f"one paragraph must begin with {HALF_WAY}, found {len(found)}"


def is_main(page):
    """False for a side page, such as 01b_…."""
    return page.path.name[2:3] == "_"


@rule
def setup_cell(page):
    """The second cell is the setup cell: the same in every page, with the course's address."""
    if [n for n, cell in page.cells if "setup" in tags(cell)] != [2]:
        yield 2, "the second cell, and no other, must be the setup cell, tagged `setup`"
        return
    cell = page.notebook.cells[1]
    if not all(folds(cell)):
        yield 2, f"the setup cell needs {FOLDED}"
    line = f'REPOSITORY = "{page.repository}"'
    if digests.REPOSITORY_LINE.findall(cell.source) != [line]:
        yield 2, f"needs the line `{line}` once: run `make publish`"
    for first in page.neighbours[:1]:
        model = reading.load(first, page.root).notebook.cells[1].source
        if len({digests.REPOSITORY_LINE.sub("", source) for source in (cell.source, model)}) > 1:
            yield 2, f"the setup cell differs from {first.name}'s: copy that one"
    if cell.outputs:
        yield 2, "the setup cell prints nothing at home: run `make notebooks`"


@rule
def closing(page):
    """The last three sections mirror the goals, ask questions, and lead on."""
    last = [(level, text) for _, level, text in page.headings if level <= 2][-3:]
    if last != [(2, name) for name in CLOSING]:
        yield None, f"end with the sections {', '.join(f'`## {name}`' for name in CLOSING)}"
        return
    seen, exercises, way_on = map(page.section, CLOSING)
    if len(BULLET.findall(seen)) != len(goals(page.first_lines)):
        yield None, f"under `## {CLOSING[0]}` give as many bullets as there are goals"
    numbers = NUMBERED.findall(reading.DETAILS.sub("", exercises))
    if numbers != ["1", "2", "3"]:
        yield None, f"under `## {CLOSING[1]}` number three exercises 1., 2., 3."
    later = [other.name for other in page.neighbours if other.name > page.path.name]
    for name in [*later[:1], "glossary.md"]:
        if f"]({name}" not in way_on:
            yield None, f"under `## {CLOSING[2]}` link to {name}"


# Cells


@rule
def folded(page):
    """A cell with a title is folded in Colab and in JupyterLab, and no other; so is an answer."""
    for n, cell in page.code:
        if len(set(folds(cell))) > 1:
            yield n, f"a folded cell has all of this: {FOLDED}"
        if "answer" in tags(cell) and not cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            yield n, 'an answer has "jupyter": {"outputs_hidden": true}'


def folds(cell):
    """Whether a cell has a title, folds its code in Colab, and folds it in JupyterLab."""
    hidden = cell.metadata.get("jupyter", {}).get("source_hidden") is True
    return [cell.source.startswith("# @title "), cell.metadata.get("cellView") == "form", hidden]


@rule
def parameters(page):
    """One cell tagged `parameters` holds `SEED = 1`, for good; no other number seeds Keras."""
    tagged = [(n, cell.source) for n, cell in page.code if "parameters" in tags(cell)]
    if len(tagged) != 1 or "SEED = 1" not in tagged[0][1].splitlines():
        yield None, "one cell, tagged `parameters`, must hold the line `SEED = 1`"
        return
    lines = [ast.unparse(node) for _, _, tree in page.trees for node in tree.body]
    if sum(bool(re.match(r"SEED\b.*=", line)) for line in lines) != 1:
        yield tagged[0][0], "give SEED its value in this cell, and in no other"
    for n, _, name, call in page.calls():
        if name == "set_random_seed" and isinstance((call.args or [None])[0], ast.Constant):
            yield n, "seed Keras with SEED, or with what is made of it"


@rule
def seeded(page):
    """What trains is seeded first, in its cell or its function: nothing before can shift it."""
    trains, seeds = {"fit"}, {"set_random_seed"}
    for _, _, tree in page.trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                first = next((name for name in called(node.body) if name in trains | seeds), None)
                (trains if first in trains else seeds if first in seeds else set()).add(node.name)
    for n, _, tree in page.copied:
        if next((name for name in called(tree.body) if name in trains | seeds), None) in trains:
            yield n, "before what trains write keras.utils.set_random_seed(SEED)"


@rule
def own_code(page):
    """What a reader copies needs no helper of the course but those that draw, and the digits.

    Whether it then runs, tools/visible.py tries.
    """
    meant = {}
    for _, _, tree in page.trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                meant |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    for n, _, tree in page.copied:
        used = set()
        for _, name in names(tree):
            first, *rest = name.split(".")
            package, *path = [*meant.get(first, first).split("."), *rest]
            if package == "helpers" and path and path[0] not in COPIED:
                used.add(path[0])
            elif package == "helpers" and COPIED.get((path or [""])[0]) not in (None, *path[1:2]):
                used |= {".".join(path[:2])} if path[1:] else set()
        if used:
            yield n, f"uses {', '.join(sorted(used))} of the helpers: do that in a folded cell"


@rule
def cell_lengths(page):
    """Cells are short, and so is the page; blank lines and folded cells do not count."""
    cells = page.visible
    lengths = {n: sum(map(bool, map(str.strip, cell.source.split("\n")))) for n, cell in cells}
    for n, lines in lengths.items():
        if lines > LONGEST:
            yield n, f"{lines} lines of code, {LONGEST} at most: split it"
    values = list(lengths.values()) or [0]
    for what, value, most in (
        ("in the median code cell", np.median(values), MEDIAN),
        ("not passed by nine code cells in ten", np.percentile(values, 90), NINE_IN_TEN),
        ("in the page", sum(values), WHOLE),
    ):
        if value > most:
            yield None, f"{value:g} lines {what}, {most} at most: shorten or split cells"


@rule
def prose_between(page):
    """Prose stands before code; folded cells, parameters and imports alone do not count."""
    run, seen = 0, [n for n, _ in page.visible]
    for n, cell in page.cells:
        if cell.cell_type != "code":
            run = 0
        elif n in seen and "parameters" not in tags(cell) and not is_imports(cell):
            run += 1
            if run == IN_A_ROW + 1:
                yield n, f"{run} code cells in a row: say what comes next"


def is_imports(cell):
    """True for a code cell of import statements alone."""
    tree = reading.parsed(cell.source)
    return tree is not None and all(isinstance(n, ast.Import | ast.ImportFrom) for n in tree.body)


@rule
def known_tags(page):
    """Tags are spelled right, and nbval compares only what is the same everywhere."""
    for n, cell in page.cells:
        for tag in sorted(tags(cell) - TAGS):
            yield n, f"unknown tag `{tag}`: use {', '.join(sorted(TAGS))}"
    for n, cell in page.code:
        if "NBVAL_" in cell.source:
            yield n, "mark cells for nbval by a tag, which readers need not see"
        if "nbval-check-output" in tags(cell) and ".summary(" in cell.source:
            yield n, "compare count_params(), not a summary: its layout moves"


@rule
def form(page):
    """The file is a valid notebook, without empty cells, and small enough to be shown."""
    for error in nbformat.validator.iter_validate(page.notebook):
        yield None, f"no valid notebook ({error.message}): run `make notebooks`"
    ids = [cell.get("id") for _, cell in page.cells]
    if page.notebook.nbformat_minor < 5 or len(set(ids)) < len(ids):
        yield None, "every cell needs an id of its own: run `make notebooks`"
    for n, cell in page.cells:
        if not cell.source.strip():
            yield n, "empty: delete it"
    size = len(nbformat.v4.writes_json(page.notebook).encode())
    if size > BYTES:
        yield None, f"{size:,} bytes, {BYTES:,} at most: fewer or smaller figures"


@rule
def metadata(page):
    """Colab finds its settings, and nothing is stored that pages do not need."""
    stored = page.notebook.metadata
    for key, value in pages.METADATA.items():
        if stored.get(key) != value:
            yield None, f"metadata `{key}` must be {value}: run `make notebooks`"
    if "widgets" in stored:
        yield None, "GitHub refuses to show stored widgets: run `make notebooks`"
    extra = {key for _, cell in page.cells for key in cell.metadata} - pages.CELL_METADATA
    if extra:
        yield None, f"cells hold metadata {', '.join(sorted(extra))}: run `make notebooks`"


# Outputs


@rule
def executed(page):
    """All code cells ran once, in order, in a fresh kernel."""
    code = [(n, cell.execution_count) for n, cell in page.cells if cell.cell_type == "code"]
    for expected, (n, count) in enumerate(code, start=1):
        if count != expected:
            yield n, f"ran as number {count}, not {expected}: run `make notebooks`"
            return


@rule
def fresh(page):
    """The outputs are those of this code, on MNIST where the page reads digits."""
    if page.course.get("digest") != digests.code_digest(page.notebook, page.root):
        yield None, "code or helpers changed after the last run: run `make notebooks`"
    source = page.course.get("source", "unknown")
    reads = any("load_digits" in cell.source for _, cell in page.code)
    if source != "mnist" and (source is not None or reads):
        yield None, f"made with {source} digits, not MNIST: run `make notebooks`"


@rule
def untouched(page):
    """The outputs are those that the run left, whatever its digits were."""
    if page.course.get("outputs") != digests.outputs_digest(page.notebook):
        again = f'`make notebooks PAGES="{page.path.stem}"`'
        yield None, f"outputs were changed after the run, or have no digest: {again}"


@rule
def clean(page):
    """No errors, warnings, logs, frozen progress or addresses in memory; no machine's folder."""
    advice = {"error": "catch it where it is meant", "stderr": "correct what complains"}
    for n, output in page.outputs:
        kind = output.get("name", output.output_type)
        if kind in advice:
            yield n, f"an output is {kind}: {advice[kind]}"
    yield from matches(page.output_texts, OUTPUTS | PATHS)
    yield from matches([(n, cell.source) for n, cell in page.code], PATHS | UNFINISHED)


@rule
def alternative_texts(page):
    """Every picture has a sentence for those who cannot see it, and no two share one."""
    known = {}
    for n, data, alt in page.figures:
        if len(alt) < ALTERNATIVE or " " not in alt:
            yield n, f"describe the figure in a sentence, alt=…, not {alt!r}"
        elif known.setdefault(alt, data) != data:
            yield n, f"another figure has the same alternative text: {alt!r}"
    for n, token in page.tokens:
        image = token["type"] == "image" and not reading.prose(token).strip()
        if image or ("html" in token["type"] and BARE_IMAGE.search(token["raw"])):
            yield n, "write the alternative text: ![what is seen](…)"


# Prose


@rule
def headings(page):
    """One title; no level is skipped; no two headings share an anchor."""
    before, texts = 0, set()
    for n, level, text in page.headings:
        if level > before + 1:
            yield n, f"`{text}` skips a level of headings"
        if level == 1 and before:
            yield n, f"`{text}` is a second title: use ##"
        if text in texts:
            yield n, f"a second heading is `{text}`: links cannot tell them apart"
        before = level
        texts.add(text)


@rule
def defined(page):
    """Every word set in bold is in the glossary, in the singular or the plural."""
    glossary = (page.path.parent / "glossary.md").read_text(encoding="utf-8")
    entries = ((0, token) for token in reading.flat(reading.MARKDOWN(glossary)))
    known = {singular(text) for _, text in bold(entries)}
    for n, text in bold(page.tokens):
        if n > 1 and singular(text) not in known and f"**{text}**" != HALF_WAY:
            yield n, f"**{text}** is not in glossary.md: add it, or use *italics*"


def bold(tokens):
    """(number, text) of what numbered Markdown tokens set in bold."""
    return [(n, reading.heading_text(token)) for n, token in tokens if token["type"] == "strong"]


def singular(word):
    """A word as the glossary compares it: small letters, no plural s."""
    return re.sub(r"(?<=ch)es$|(?<!s)s$", "", word.lower())


@rule
def links(page):
    """Links to files and headings arrive; addresses elsewhere are not tried."""
    for n, token in page.tokens:
        if token["type"] in {"link", "image"} and (why := dead(page, token["attrs"]["url"])):
            yield n, f"the link {token['attrs']['url']} {why}"


def dead(page, url):
    """Why a relative link does not arrive; None when it does."""
    if reading.is_elsewhere(url):
        return None
    name, _, anchor = unquote(url).partition("#")
    target = page.path.parent / name
    if url.startswith("/") or not (target.exists() or not name):
        return f"leads to no file: name one relative to {page.path.parent.name}/"
    if not anchor:
        return None
    known = reading.anchors(target) if name else reading.page_anchors(page)
    return None if anchor in known else f"leads to no heading: there are {', '.join(known)}"


@rule
def plain_prose(page):
    """Prose does not shout, belittles nothing, keeps one spelling, and is finished."""
    return matches(page.prose, PROSE | UNFINISHED)


@rule
def formulas(page):
    """Every formula can be shown where there is no network."""
    for n, token in page.tokens:
        if token["type"] in {"inline_math", "block_math"}:
            try:
                html.mathml(token["raw"])
            except ValueError as error:
                yield n, f"the formula {token['raw'][:60]!r} {error}"


def matches(texts, table):
    """What each (number, text) shows of a table from patterns to advice, each thing once."""
    for n, text in texts:
        for pattern, advice in table.items():
            for hit in sorted({hit[0] for hit in re.finditer(pattern, text)}):
                yield n, f"{hit!r} {advice}"


# Code


@rule
def plain_python(page):
    """No shell, no magics, no names that Keras 3 moved, nothing that waits, asks or draws twice."""
    for n, cell in page.code:
        if reading.parsed(cell.source) is None:
            yield n, "not plain Python: no `!`, no `%`, no syntax errors"
    about_it = pages.needs_tensorflow(page.notebook)
    other = {} if about_it else {"tensorflow": "use keras and NumPy, on any backend"}
    for n, _, tree in page.trees:
        for line, name in names(tree):
            for pattern, advice in (NAMES | other).items():
                if re.fullmatch(pattern, name):
                    yield n, f"line {line} uses `{name}`: {advice}"


@rule
def logits(page):
    """Models end in logits and losses know it, except in cells tagged `shown-on-purpose`."""
    for n, cell, name, call in page.calls():
        if "shown-on-purpose" in tags(cell):
            continue
        given = arguments(call)
        values = [node.value for node in call.args if isinstance(node, ast.Constant)]
        layer = name in {"Dense", "Activation"} and "softmax" in values
        if layer or name == "Softmax" or str(given.get("activation", "")).endswith("softmax"):
            yield n, "let the model end in logits: no softmax in it"
        if CROSS_ENTROPY.fullmatch(str(given.get("loss", ""))):
            yield n, "a loss by name takes no logits: write its class with from_logits=True"
        if CROSS_ENTROPY.fullmatch(name) and given.get("from_logits") is not True:
            yield n, f"{name} needs from_logits=True"


@rule
def judged_once(page):
    """The test digits are opened once, at the end, and nothing is chosen by what they say.

    A side page that trains to show something may leave them shut. Choosing leaves no trace in what
    a model has learnt, so that no canary can see it.
    """
    calls = list(page.calls())
    opened = [n for n, _, name, _ in calls if name == "final_test"]
    trains = any(name in {"fit", "train_on_batch"} for _, _, name, _ in calls)
    if len(opened) > 1 or (trains and not opened and is_main(page)):
        yield None, f"call evaluation.final_test once, at the end, not {len(opened)} times"
    if not opened:
        return
    asserts = [n.test for _, _, t in page.trees for n in ast.walk(t) if isinstance(n, ast.Assert)]
    if "digits.test_openings == 1" not in map(ast.unparse, asserts):
        yield opened[0], "after it write: assert digits.test_openings == 1"
    scores = test_scores(page)
    if not any(is_floor(test, scores) for test in asserts):
        yield opened[0], "assert ….accuracy > floor after it: a wrong model must fail the page"
    asserted = {id(node) for test in asserts for node in ast.walk(test)}
    for n, _, tree in page.trees:
        for node in ast.walk(tree) if n >= opened[0] else ():
            if id(node) not in asserted and chooses(node, scores):
                yield (
                    n,
                    "test scores are compared: choose on validation digits, and only show these",
                )


def test_scores(page):
    """The names of what `final_test` returned, and of what is made of the scores in it."""
    found = set()
    for _, _, tree in page.trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                value, targets = node.value, node.targets
            elif isinstance(node, ast.For | ast.comprehension):
                value, targets = node.iter, [node.target]
                if isinstance(node.target, ast.Tuple):  # name, score
                    targets = node.target.elts[1:]
            else:
                continue
            if any(name in found | {"final_test"} for name in uses(value)):
                found |= {i.id for t in targets for i in ast.walk(t) if isinstance(i, ast.Name)}
    return found


def uses(node):
    """The names that an expression uses; not those of which it takes the digits or the answers."""
    if isinstance(node, ast.Attribute):
        inner = set() if node.attr in {"digits", "answers"} else uses(node.value)
        return inner | ({node.attr} if node.attr == "final_test" else set())
    if isinstance(node, ast.Name):
        return {node.id}
    return {name for inner in ast.iter_child_nodes(node) for name in uses(inner)}


def chooses(node, scores):
    """True for a node that lets test scores decide: an order, an `if`, a largest or smallest."""
    if isinstance(node, ast.Compare):
        return any(isinstance(op, ORDER) for op in node.ops) and bool(uses(node) & scores)
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        return bool(uses(node.test) & scores)
    if isinstance(node, ast.Call):
        return reading.dotted(node.func).rpartition(".")[2] in CHOOSES and bool(uses(node) & scores)
    return False


def is_floor(test, scores):
    """True for a condition that asks the accuracy of a test score to be above something."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return False
    sides = [test.left, test.comparators[0]]
    if isinstance(test.ops[0], ast.Lt | ast.LtE):
        sides.reverse()
    has = ["accuracy" in ast.unparse(side) for side in sides]
    return isinstance(test.ops[0], ORDER) and has == [True, False] and bool(uses(test) & scores)


@rule
def recorded(page):
    """What the test digits say is recorded under the page's own name and seed."""
    calls = [(n, call) for n, _, name, call in page.calls() if name == "record"]
    opened = [n for n, _, name, _ in page.calls() if name == "final_test"]
    if opened and not calls:
        yield opened[0], "pass the score to scoreboard.record, or results.json never has it"
    for n, call in calls:
        given = {k.arg: k.value for k in call.keywords}
        if not call.args or getattr(call.args[0], "value", None) != page.path.stem:
            yield n, f'write scoreboard.record("{page.path.stem}", …)'
        if "seed" not in given or ast.unparse(given["seed"]) != "SEED":
            yield n, "record seed=SEED"
        if opened and ("test" not in given or not uses(given["test"]) & test_scores(page)):
            yield n, "record as test=… what evaluation.final_test returned"


# A reference notebook is no chapter: it holds networks as others published them, softmax and all.
CHAPTERS_ONLY = {opening, setup_cell, closing}
CHAPTERS_ONLY |= {defined, parameters, cell_lengths, prose_between, fresh, logits}
CHAPTERS_ONLY |= {judged_once, recorded}
CHAPTERS_ONLY |= {minutes, recall, half_way, folded, seeded, own_code}


def rules_for(path):
    """The rules that the notebook at `path` keeps."""
    left_out = CHAPTERS_ONLY if pages.is_reference(path) else set()
    return [check for check in RULES if check not in left_out]


def main(arguments=None):
    """Print the problems of the pages named, or of all; exit with 1 when there are any."""
    parser = argparse.ArgumentParser(prog="python -m tools.rules", description=main.__doc__)
    _, paths = pages.chosen(parser, arguments)
    found = []
    for path in paths:
        try:
            page = reading.load(path, pages.ROOT)
        except (OSError, ValueError) as error:
            parser.error(f"cannot read {path} as a notebook: {error}")
        found += [problem for check in rules_for(path) for problem in check(page)]
    print(*found, f"{len(found)} problems in {len(paths)} pages", sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(pages.command(main))

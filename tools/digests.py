"""Digests of a page: of its code, of what decides its results, and of its outputs.

A digest counts the page's cells and, of the helpers, the definitions that they use, directly or
through other definitions. So a helper may grow without making every result stale.
"""

import ast
import hashlib
import io
import json
import re
import tokenize
from pathlib import Path

# Helpers that decide nothing a page measures: what draws (diagrams.py and diagrams_*.py too), what
# is drawn upon, and what checks versions.
NOT_DIGESTED = ("plotting", "diagrams", "pad", "environment")
REPOSITORY_LINE = re.compile(r'^REPOSITORY = ".*"$', re.M)
RECORDS = re.compile(r"\brecord\(")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
IMPORTS = (ast.Import, ast.ImportFrom)


def code_digest(notebook, root):
    """Return the SHA-256 of the code that decides a page's outputs, as 64 hexadecimal digits.

    That is the code cells, and what they use of the helpers. Comments, blank lines, the docstrings
    of helpers, the helpers in NOT_DIGESTED and the stamped address change nothing. Python 3.11 and
    later give the same digest.

    Args:
        notebook: nbformat node.
        root: the folder that holds helpers/.
    """
    return _digest(_code(notebook), root)


def results_digest(notebook, root):
    """Return the SHA-256 of the code that decides what a page records, as `code_digest` has it.

    The cells after the last one that calls `record` cannot change what was recorded: they do not
    count.
    """
    cells = _code(notebook)
    last = max((i for i, source in enumerate(cells) if RECORDS.search(source)), default=len(cells))
    return _digest(cells[: last + 1], root)


def records(notebook):
    """True when a page's code calls `record`."""
    return any(RECORDS.search(source) for source in _code(notebook))


def outputs_digest(notebook):
    """Return the SHA-256 of the outputs of a page's code cells, as 64 hexadecimal digits.

    Every part of an output counts: texts, pictures, their metadata, and the order. How the file
    cuts texts into lines, which nbformat undoes when it reads, does not.

    Args:
        notebook: nbformat node.
    """
    shown = [cell.get("outputs", []) for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


def _code(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def _digest(cells, root):
    cells = [REPOSITORY_LINE.sub('REPOSITORY = ""', source) for source in cells]
    parts = [_tokens(source) for source in cells]
    used = _used_helpers(cells, Path(root))
    for name in sorted(used):
        parts.append([name, *(token for text in used[name] for token in _tokens(text, False))])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class _Module:
    """A helper's source, cut into its top-level statements.

    Attributes:
        statements: list of (texts, names): the source of a statement, and the chains of names in it
            such as "checks.images".
        defined: dict from a name to the positions of the statements that bind it.
        always: positions of the statements that run for their effect, such as an `if`.
        imports: as `_imports` gives them.
    """

    def __init__(self, source):
        self.statements, self.defined, self.always = [], {}, []
        tree = _parsed(source)
        if tree is None:  # broken: it counts as it stands
            self.statements, self.always, self.imports = [(source, set())], [0], {}
            return
        lines = source.splitlines(keepends=True)
        self.imports = _imports(tree)
        for node in tree.body:
            if isinstance(node, IMPORTS) or _is_docstring(node):
                continue
            position = len(self.statements)
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            self.statements.append(("".join(lines[first - 1 : node.end_lineno]), _chains(node)))
            if not isinstance(node, (*DEFINITIONS, *ASSIGNMENTS)):
                self.always.append(position)
            for name in _bound(node):
                self.defined.setdefault(name, []).append(position)


def _used_helpers(cells, root):
    """The sources of what cells use of the helpers: by helper, statements in their order."""
    modules, used = {}, {}
    plain = [tree for tree in map(_parsed, cells) if tree is not None]
    imports = _merged(_imports(tree) for tree in plain)
    wanted = [place for tree in plain for place in _places(_chains(tree), imports)]
    for source in cells:
        if _parsed(source) is None:  # such as `!ls`: its words may be names
            wanted += _places(set(re.findall(r"[\w.]+", source)), imports)
    seen = set()
    while wanted:
        name, definition = place = wanted.pop()
        path = root / "helpers" / f"{name}.py"
        if place in seen or name.startswith(NOT_DIGESTED) or not path.is_file():
            continue
        seen.add(place)
        if name not in modules:
            modules[name] = _Module(path.read_text(encoding="utf-8"))
            used[name] = set()
        module = modules[name]
        positions = {*module.always, *module.defined.get(definition, [])}
        if definition in (None, "*"):
            positions = set(range(len(module.statements)))
        elif definition in module.imports:  # a name that the helper itself imports
            wanted += _places({definition}, module.imports)
        for position in positions - used[name]:
            used[name].add(position)
            chains = module.statements[position][1]
            own = ((name, chain.split(".")[0]) for chain in chains)
            wanted += [one for one in own if one[1] in module.defined]
            wanted += _places(chains, module.imports)
    return {
        name: [modules[name].statements[position][0] for position in sorted(positions)]
        for name, positions in used.items()
    }


def _places(chains, imports):
    """(helper, definition) of each chain of names that leads into a helper.

    The definition is None where a helper is used as a whole, such as in `getattr(checks, name)`.
    """
    for chain in [*chains, "*"]:
        first, *rest = chain.split(".")
        for start in imports.get(first, ()):
            place = [*start, *rest]
            if place:
                yield place[0], (place[1] if len(place) > 1 else None)


def _imports(tree):
    """What the names that a source imports mean inside helpers/: by name, a list of places.

    `from helpers import checks as c` gives {"c": [["checks"]]}; `import helpers.checks` gives
    {"helpers": [[]]}; `from helpers.checks import *` gives {"*": [["checks", "*"]]}.
    """
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                parts = alias.name.split(".")
                if parts[0] != "helpers":
                    continue
                name, place = (alias.asname, parts[1:]) if alias.asname else ("helpers", [])
                found.setdefault(name, []).append(place)
        elif isinstance(node, ast.ImportFrom):
            module = "helpers." * bool(node.level) + (node.module or "")
            parts = module.rstrip(".").split(".")
            if parts[0] != "helpers":
                continue
            for alias in node.names:
                place = [*parts[1:], alias.name]
                found.setdefault(alias.asname or alias.name, []).append(place)
    return found


def _merged(imports):
    found = {}
    for one in imports:
        for name, ways in one.items():
            found.setdefault(name, []).extend(ways)
    return found


def _chains(tree):
    """The names that a source uses, with what follows their dots: {"checks.images", "x"}."""
    found, inner = set(), set()
    for node in ast.walk(tree):
        if id(node) in inner:
            continue
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
            inner.add(id(node))
        if isinstance(node, ast.Name):
            found.add(".".join([node.id, *reversed(parts)]))
    return found


def _bound(node):
    """The names that a top-level statement binds."""
    if isinstance(node, DEFINITIONS):
        return {node.name}
    stored = (n for n in ast.walk(node) if isinstance(n, ast.Name))
    inside = {n.name for n in ast.walk(node) if isinstance(n, DEFINITIONS)}
    return inside | {n.id for n in stored if isinstance(n.ctx, ast.Store)}


def _is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _parsed(source):
    """The syntax tree of a source, None when it is no plain Python."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def _tokens(source, docstrings=True):
    """The tokens of a source as strings, without comments, blank lines and layout.

    A source that is no plain Python is one token: its text.
    """
    if _parsed(source) is None:
        return [source.strip()]
    lines, line = [], []
    for kind, text in _whole_strings(source):
        if kind in (tokenize.COMMENT, tokenize.NL, tokenize.ENDMARKER):
            continue
        if kind in (tokenize.INDENT, tokenize.DEDENT):
            lines.append([tokenize.tok_name[kind]])
        elif kind != tokenize.NEWLINE:
            line.append((kind, text))
        else:
            if docstrings or any(kind != tokenize.STRING for kind, _ in line):
                lines.append([text for _, text in line] + ["NEWLINE"])
            line = []
    return [text for line in lines for text in line]


def _whole_strings(source):
    """(kind, text) of every token; an f-string is one string, as Python 3.11 has it."""
    lines = source.splitlines(keepends=True)
    depth, start = 0, None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        name = tokenize.tok_name[token.type]
        if name in ("FSTRING_START", "TSTRING_START"):
            start = start if depth else token.start
            depth += 1
        elif name in ("FSTRING_END", "TSTRING_END"):
            depth -= 1
            if depth == 0:
                yield tokenize.STRING, _between(lines, start, token.end)
        elif depth == 0:
            yield token.type, token.string


def _between(lines, start, end):
    """The text from one (row, column) to another, rows counted from 1."""
    first, last = start[0] - 1, end[0] - 1
    if first == last:
        return lines[first][start[1] : end[1]]
    return "".join([lines[first][start[1] :], *lines[first + 1 : last], lines[last][: end[1]]])

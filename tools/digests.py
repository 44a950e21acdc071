"""Digests of a page: of what decides its scores, of its outputs, and of what it draws.

What decides a score is the page's code as syntax trees in a normal form: local names are numbers,
and what only shows, prints, asserts, refuses or compares is left out, with what was computed for
that alone. So a renamed variable, another colour, title, message, comment or docstring gives the
same digest; another batch size, width or seed, or trainings in another order, give another one. In
doubt a statement counts. The normal form is the same in Python 3.11 to 3.13.

Of the helpers DECIDES and WHERE_USED count, and no other.
"""

import ast
import builtins
import functools
import hashlib
import json
import re
from collections import Counter
from pathlib import Path

REPOSITORY_LINE = re.compile(r'^REPOSITORY = ".*"$', re.M)
RECORDS = re.compile(r"\brecord\(")

# Definitions that decide a score, with whatever of the same module they use.
DECIDES = {
    "data": ("split", "VALIDATION", "SPLIT_SEED"),
    "evaluation": ("read_digits", "score", "final_test"),
}
# Of these modules counts what a page uses, and what that uses in turn.
WHERE_USED = ("handwriting", "opening", "reader", "drawn", "photographs", "pen")

# Calls that show, compare or measure time, by the beginning of the full name.
SHOWS = (
    *("print", "display", "plotting.", "diagrams.", "scoreboard.", "exercises.", "environment."),
    *("training.LivePlot", "IPython.", "time."),
)
# Calls that change nothing: with what is only shown they go. Any other call may train or draw from
# a random generator, and stays.
PURE = (
    *("os.environ.", "numpy.", "math.", "keras.ops.", "checks.", "pathlib.", "evaluation."),
    *dir(builtins),
)
IMPURE = ("numpy.random.", *"eval exec filter input map next open setattr".split())
PURE_METHODS = set(
    "all any argmax argmin argsort astype clip copy count count_params cumsum diagonal difference "
    "endswith evaluate flatten format get get_weights is_file items join keys lower max mean min "
    "predict ravel read_text removeprefix removesuffix repeat replace reshape round rstrip "
    "split splitlines squeeze startswith std strip sum summary title tobytes tolist trace "
    "transpose upper values".split()
)
TEXTS = set("alt caption captions color colour flush label message name title verbose".split())
TEXTS |= {"xlabel", "ylabel"}
IGNORED = {"ctx", "kind", "type_comment", "type_params", "returns", "annotation"}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
INNER = (*DEFINITIONS[:2], ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def code_digest(notebook, root):
    """Return the SHA-256 of what decides a page's numbers, as 64 hexadecimal digits.

    Args:
        notebook: nbformat node.
        root: the folder that holds helpers/.
    """
    return _digest(_code(notebook), root)


def results_digest(notebook, root, source="mnist"):
    """Return the SHA-256 of what decides the scores that a page records, as `code_digest`.

    The cells after the last one that calls `record` do not count; how digits are drawn does where
    they are the `source`.
    """
    cells = _code(notebook)
    last = max((i for i, text in enumerate(cells) if RECORDS.search(text)), default=len(cells))
    return _digest(cells[: last + 1], root, {"drawn.draw_digits"} if source == "drawn" else set())


def outputs_digest(notebook):
    """Return the SHA-256 of the outputs of a page's code cells, as 64 hexadecimal digits.

    Every part of an output counts: texts, pictures, their metadata, and the order. How the file
    cuts texts into lines, which nbformat undoes when it reads, does not.
    """
    shown = [cell.get("outputs", []) for cell in notebook.cells if cell.cell_type == "code"]
    return _sha(shown)


def drawing_digest(notebook, root):
    """Return the SHA-256 of all that a page shows: its cells, and the helpers that draw for it."""
    cells = _code(notebook)
    names = {path.split(".")[1] for path in _imports(cells).values() if "diagrams." in path}
    places = ["plotting", "training", *(f"diagrams/{name}" for name in sorted({"parts", *names}))]
    files = [Path(root) / "helpers" / f"{place}.py" for place in places]
    sources = [path.read_text(encoding="utf-8") for path in files if path.is_file()]
    return _sha([_exact(text) for text in [*cells, *sources]])


def records(notebook):
    """True when a page's code calls `record`."""
    return any(RECORDS.search(source) for source in _code(notebook))


def normal_form(sources, roots=None):
    """Return what of some code decides a score, as nested lists.

    Args:
        sources: list of str, one a cell. What is no Python counts as it stands.
        roots: names that the last cell's users need; without them, what the code does counts.
    """
    trees = [_parsed(source) for source in sources]
    odd = [source.strip() for source, tree in zip(sources, trees, strict=True) if tree is None]
    body = [statement for tree in trees if tree is not None for statement in tree.body]
    return [*odd, *_Normal(body, _imports(sources), roots).form]


def used(form):
    """The names of helpers and libraries in a normal form, such as "evaluation.score"."""
    if isinstance(form, list):
        if len(form) == 2 and form[0] == "from":
            return {form[1]}
        return {name for part in form for name in used(part)}
    return set()


class _Normal:
    """The normal form of statements; see `normal_form`."""

    def __init__(self, body, imports, roots):
        self.imports, self.roots = imports, roots
        self.idle = set()  # functions that do nothing once what only shows is left out
        every = [node for part in body for node in ast.walk(part)]
        functions = [node for node in every if isinstance(node, DEFINITIONS[:2])]
        given = [(n.targets[0], self._draws(n.value)) for n in every if isinstance(n, ast.Assign)]
        given = [(t.id, is_figure) for t, is_figure in given if isinstance(t, ast.Name)]
        self.figures = {name for name, is_figure in given if is_figure}
        self.figures -= {name for name, is_figure in given if not is_figure}
        self.parameters = {node.name: [a.arg for a in _arguments(node)] for node in functions}
        while True:
            cleaned = self._clean(body)
            kept = cleaned if roots else self._needed(cleaned)
            idle = {n.name for n in kept if isinstance(n, DEFINITIONS[:2]) and not n.body}
            if idle <= self.idle:
                break
            self.idle |= idle
        self.scopes = [{}]
        self.form = self._reached(kept, roots) if roots else [self._form(node) for node in kept]

    def _reached(self, body, roots):
        """The forms of what binds the roots and, in turn, the names that those use."""
        form, number = [["root", self._name(name)] for name in roots], 0
        while number < len(self.scopes[0]):
            name = list(self.scopes[0])[number]
            form += [self._form(node) for node in body if name in _bound(node)]
            number += 1
        return form

    def _clean(self, body):
        """Statements without those that only show; see the module."""
        return [kept for statement in body for kept in self._cleaned(statement)]

    def _cleaned(self, node):
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Raise | ast.Pass):
            return []
        if isinstance(node, ast.Assert):
            return self._acts(node.test)
        if isinstance(node, ast.Expr):
            return self._of_expression(node.value)
        fields = dict(ast.iter_fields(node))
        for name in ("body", "orelse", "finalbody"):
            if name in fields:
                fields[name] = self._clean(fields[name])
        if "handlers" in fields:
            fields["handlers"] = [
                ast.ExceptHandler(h.type, h.name, self._clean(h.body)) for h in fields["handlers"]
            ]
        if isinstance(node, DEFINITIONS[:2]):
            if self.roots and _only_describes(node):
                return []
            fields["body"] = self._needed(fields["body"])
        node = type(node)(**fields)
        is_block = isinstance(node, ast.If | ast.For | ast.While | ast.With | ast.Try)
        if not is_block or any(fields.get(name) for name in ("body", "orelse", "finalbody")):
            return [node]
        heads = [fields.get("test"), fields.get("iter")]
        heads += [item.context_expr for item in fields.get("items", [])]
        return [act for head in heads if head is not None for act in self._acts(head)]

    def _of_expression(self, value):
        path = self._path(value.func) if isinstance(value, ast.Call) else None
        if path and path.endswith("scoreboard.record"):
            given = {word.arg: word.value for word in value.keywords}
            scores = [given[part] for part in ("validation", "test") if part in given]
            return [ast.Expr(ast.Tuple([*value.args[1:2], *scores], ast.Load()))]
        if not isinstance(value, ast.Call):
            return self._acts(value)
        if path:
            only_shows = self._shows(path) or path.startswith("checks.")
        else:
            method = getattr(value.func, "attr", "")
            only_shows = method in ("summary", "count_params") or self._is_of_figure(value)
        return self._acts(value) if only_shows else [ast.Expr(value)]

    def _draws(self, value):
        path = self._path(value.func) if isinstance(value, ast.Call) else None
        return path is not None and _is_among(path, ("plotting.", "diagrams."))

    def _is_of_figure(self, call):
        """True for a method of a figure, or of a part of one."""
        node = call.func
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.figures

    def _acts(self, node):
        """What of an expression that is only shown may do something, as statements."""
        if isinstance(node, ast.NamedExpr):
            return [ast.Expr(node)]
        if isinstance(node, ast.Call) and not self._is_pure(node):
            return [ast.Expr(node)]
        if isinstance(node, (*INNER[2:], ast.IfExp, ast.BoolOp)):
            inside = any(self._acts(child) for child in ast.iter_child_nodes(node))
            return [ast.Expr(node)] if inside else []
        return [act for child in ast.iter_child_nodes(node) for act in self._acts(child)]

    def _is_pure(self, call):
        """True where a call itself, whatever its arguments, changes nothing."""
        if any(word.arg == "out" for word in call.keywords):  # NumPy writes there
            return False
        path = self._path(call.func)
        if path is None:
            return getattr(call.func, "attr", "") in PURE_METHODS or self._is_of_figure(call)
        if self._shows(path):
            return True
        return _is_among(path, PURE) and not _is_among(path, IMPURE)

    def _shows(self, path):
        return path in self.idle or _is_among(path, SHOWS)

    def _needed(self, body):
        """Statements without assignments and definitions that none of the others needs."""
        while True:
            names = [_loaded(node) for node in body]
            times = Counter(name for found in names for name in found)
            kept = []
            for node, own in zip(body, names, strict=True):
                wanted = {name for name in times if times[name] > (name in own)}
                kept += self._kept(node, wanted)
            if len(kept) == len(body):
                return kept
            body = kept

    def _kept(self, node, wanted):
        """A statement, or what of it is left where its names are not wanted."""
        if isinstance(node, DEFINITIONS):
            return [node] if node.name in wanted else []
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            return [node]
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        leaves = [leaf for target in targets for leaf in _leaves(target)]
        if any(not isinstance(leaf, ast.Name) or leaf.id in wanted for leaf in leaves):
            return [node]
        return [ast.Expr(node.value)] if node.value is not None and self._acts(node.value) else []

    def _path(self, node):
        """The full name of what an expression names, None where it names nothing imported."""
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        if node.id not in self.imports:
            return None if parts else node.id
        return ".".join([self.imports[node.id], *reversed(parts)])

    def _form(self, node):
        """One node as nested lists, names by the order in which they come."""
        if isinstance(node, list):
            return [self._form(part) for part in node]
        if not isinstance(node, ast.AST):
            return repr(node)
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.Attribute) and (path := self._path(node)):
            return ["from", path]
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Tuple) and (pair := _counts(node)):
            return self._form(pair)
        if isinstance(node, INNER):
            return self._inner(node)
        if isinstance(node, ast.JoinedStr):  # Python 3.12.1 puts empty texts among its parts
            parts = [part for part in node.values if getattr(part, "value", 0) != ""]
            return ["JoinedStr", self._form(parts)]
        name = [self._name(node.name)] if isinstance(node, ast.ClassDef) else []
        fields = [(k, v) for k, v in ast.iter_fields(node) if k not in IGNORED and k != "name"]
        fields = [(k, v) for k, v in fields if v not in (None, [])]
        return [type(node).__name__, *name, *([k, self._form(v)] for k, v in fields)]

    def _call(self, node):
        path = self._path(node.func) or ""
        if self._shows(path):
            return ["shows"]
        if path.startswith("checks."):
            return ["checked", *(self._form(argument) for argument in node.args[:1])]
        if path == "evaluation.Score":  # a score is its counts
            return self._form(ast.Tuple(node.args[:2], ast.Load()))
        if path in ("evaluation.score", "evaluation.read_digits"):
            node = ast.Call(
                node.func,
                node.args[: 4 if path.endswith(".score") else 2],
                [word for word in node.keywords if word.arg != "name"],
            )
        known = self.parameters.get(getattr(node.func, "id", None), [])
        words = [
            [known.index(w.arg) if w.arg in known else str(w.arg), self._form(w.value)]
            for w in node.keywords
            if w.arg not in TEXTS
        ]
        return ["Call", self._form(node.func), self._form(node.args), words]

    def _inner(self, node):
        """A function, lambda or comprehension: names of its own."""
        own = {leaf.id for part in ast.iter_child_nodes(node) for leaf in _stored(part)}
        head = []
        if isinstance(node, DEFINITIONS[:2]):
            head = [self._name(node.name), self._form(node.decorator_list)]
        if hasattr(node, "args"):
            own |= {argument.arg for argument in _arguments(node)}
            given = node.args.defaults + [d for d in node.args.kw_defaults if d is not None]
            head += [self._form(given)]
        self.scopes.append(dict.fromkeys(own))
        if hasattr(node, "args"):
            head += [[self._name(argument.arg) for argument in _arguments(node)]]
        parts = [getattr(node, k, []) for k in ("generators", "key", "elt", "value", "body")]
        made = [type(node).__name__, *head, *map(self._form, parts)]
        self.scopes.pop()
        return made

    def _name(self, name):
        for depth in range(len(self.scopes) - 1, -1, -1):
            scope = self.scopes[depth]
            if name in scope:
                break
        else:
            if name in self.imports:
                return ["from", self.imports[name]]
            if hasattr(builtins, name):
                return ["from", name]
            depth, scope = 0, self.scopes[0]
        if scope.get(name) is None:
            scope[name] = sum(number is not None for number in scope.values())
        return [depth, scope[name]]


def _is_among(path, names):
    return any(path == n or (n.endswith(".") and path.startswith(n)) for n in names)


def _digest(cells, root, more=frozenset()):
    form = normal_form(cells)
    parts = {module: helper_form(module, roots, root) for module, roots in DECIDES.items()}
    left = list(used(form) | more)
    while left:
        module, name, *_ = [*left.pop().split("."), ""]
        if module in WHERE_USED and f"{module}.{name}" not in parts:
            parts[f"{module}.{name}"] = helper_form(module, [name], root)
            left += used(parts[f"{module}.{name}"])
    return _sha([form, parts])


def helper_form(module, roots, root):
    """The normal form of what some definitions of a helper do, and of the data files they read.

    Raises:
        ValueError: DECIDES names a definition that the helper does not have.
    """
    helpers = Path(root, "helpers")
    places = (f"{module}.py", f"handwriting/{module}.py", f"{module}/__init__.py")
    path = next(helpers / place for place in places if (helpers / place).is_file())
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    missing = set(roots) - {name for node in tree.body for name in _bound(node)}
    if missing and module in DECIDES:
        raise ValueError(f"{path} does not define {', '.join(sorted(missing))}, as DECIDES says.")
    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    names = {text for text in texts if isinstance(text, str) and re.fullmatch(r"[\w.]+", text)}
    files = [path.parent / name for name in sorted(names) if (path.parent / name).is_file()]
    data = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return [*_helper_form(source, tuple(roots)), *data]


@functools.cache
def _helper_form(source, roots):
    return normal_form([source], roots)


def _code(notebook):
    """The sources of a page's code cells, but setup and exercises, which tests of their own pin."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [c.source for c in cells if not {"setup", "exercise"} & {*c.metadata.get("tags", [])}]


def _sha(parts):
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _exact(source):
    """All that a source says, but its layout and comments."""
    tree = _parsed(source)
    return source.strip() if tree is None else _plain(tree)


def _plain(node):
    if isinstance(node, list):
        return [_plain(part) for part in node]
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = [(k, v) for k, v in ast.iter_fields(node) if k not in IGNORED and v not in (None, [])]
    return [type(node).__name__, *([k, _plain(v)] for k, v in fields)]


def _parsed(source):
    """The syntax tree of a source, None when it is no plain Python."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def _imports(sources):
    """What imported names mean: "np" is "numpy"; of helpers the last module, "plotting"."""
    found = {}
    for tree in filter(None, map(_parsed, sources)):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name if alias.asname else alias.name.split(".")[0]
                    found[alias.asname or first] = _short(first)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    found[alias.asname or alias.name] = _short(f"{node.module}.{alias.name}")
    return found


def _short(name):
    parts = name.split(".")
    if parts[0] != "helpers" or len(parts) == 1:
        return name
    if parts[1] in ("diagrams", "exercises"):
        return ".".join(parts[1:])
    folder = parts[-2] in ("helpers", "handwriting") and not parts[-1].isupper()
    return ".".join(parts[-1:] if folder else parts[-2:])


def _loaded(node):
    """The names that a statement uses; a definition's use of itself does not count."""
    own = {node.name} if isinstance(node, DEFINITIONS) else set()
    names = (n for n in ast.walk(node) if isinstance(n, ast.Name))
    return {n.id for n in names if not isinstance(n.ctx, ast.Store)} - own


def _stored(node):
    """The names that a part of a function binds, not those of functions inside it."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, INNER):
            yield from _stored(child)


def _leaves(target):
    if isinstance(target, ast.Tuple | ast.List):
        return [leaf for part in target.elts for leaf in _leaves(part)]
    return [target]


def _only_describes(function):
    """True for what a helper's class says of itself: its texts and properties."""
    marks = [getattr(mark, "id", None) for mark in function.decorator_list]
    return function.name in ("__str__", "__repr__") or marks == ["property"]


def _arguments(function):
    a = function.args
    every = [*a.posonlyargs, *a.args, a.vararg, *a.kwonlyargs, a.kwarg]
    return [argument for argument in every if argument is not None]


def _bound(node):
    if isinstance(node, DEFINITIONS):
        return {node.name}
    names = (n for n in ast.walk(node) if isinstance(n, ast.Name))
    return {n.id for n in names if isinstance(n.ctx, ast.Store)}


def _counts(node):
    """x of `(x.correct, x.n)`: a score is its counts."""
    if [getattr(part, "attr", None) for part in node.elts] != ["correct", "n"]:
        return None
    first, second = (part.value for part in node.elts)
    return first if ast.unparse(first) == ast.unparse(second) else None

"""What a mark in the prose says about results: numbers, and claims that are true or not.

A mark holds an expression in a small part of Python: numbers, `+ - * / **`, comparisons, `and`,
`or`, `not`, and the functions below. A name in quotes is a model of notebooks/results.json, on
MNIST. Accuracies are percentages, so the difference of two is in points.

| function | value |
|---|---|
| `test("m")`, `validation("m")`, `seconds("m")` | mean over seeds: %, %, s |
| `test_sd("m")`, `validation_sd("m")`, `seconds_sd("m")` | standard deviation over seeds |
| `worst("m")`, `best("m")` | the lowest and the highest seed on the test digits, % |
| `errors("m")` | test digits read wrong, mean over seeds |
| `parameters("m")`, `epochs("m")`, `seeds("m")` | as recorded; `seeds` is their number |
| `helps("a", "b")`, `hurts`, `does_not_help`, `cannot_tell` | a against b: `Difference.word` |
| `round(x, n)`, `sqrt`, `log`, `exp`, `abs`, `min`, `max` | as in Python |

A claim has to be as strong as its words (`weakness`): it names models, it holds no `or`, and where
it denies a verdict its words deny something too. Where its words compare, it no longer holds
once two of its models are exchanged (`hollow`). That scores of seeds are compared by a verdict,
not by `>`, is only reported (`unjudged`) until all pages do so.
"""

import ast
import copy
import difflib
import itertools
import math
import operator
import re
import warnings

from helpers import evaluation

CLAIM = re.compile(r'claim:\s*"(?P<words>[^"]+)":\s*(?P<said>.+)', re.S)
LONGEST = 400  # characters of an expression
OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
DENIES = r"(?:not|no|none|never|nor|neither|nothing|nobody|cannot|hardly|seldom|rarely|without)"
DENIAL = re.compile(rf"\b{DENIES}\b|n['’]t\b", re.I)
COMPARES = re.compile(
    r"\b(?:better|worse|beats?|outperform\w*|faster|slower|wins?|loses?|gains?|"
    r"(?:more|less|fewer|higher|lower|larger|smaller|longer|shorter)(?:\s\w+){0,2}\sthan)\b",
    re.I,
)
LEVEL = re.compile(r"\b(?:level|same|equal\w*|alike|as \w+ as)\b", re.I)
ARITHMETIC = {
    "round": lambda x, digits=0.0: round(x, int(digits)),
    "sqrt": math.sqrt,
    "log": math.log,
    "exp": math.exp,
    "abs": abs,
    "min": min,
    "max": max,
}


class MarkError(ValueError):
    """A mark that cannot be used: says what is wrong with it."""


def parsed(text):
    """The syntax tree of an expression.

    Raises:
        MarkError: it is none, or too long.
    """
    if len(text) > LONGEST:
        raise MarkError(f"is longer than {LONGEST} characters")
    try:
        return ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise MarkError(f"is no expression: {text!r}") from None


def evaluate(text, section):
    """Return what an expression gives: a tuple of floats and bools, one for each part.

    Args:
        text: str, one expression, or several with commas between them.
        section: one source's part of a results file, such as `scoreboard.read(path)["mnist"]`.

    Raises:
        MarkError: no expression of the small language, an unknown model, a part that was not
            measured, or a value that is no finite number; says which.
    """
    tree = parsed(text).body
    parts = tree.elts if isinstance(tree, ast.Tuple) else [tree]
    try:
        values = tuple(_value(part, section) for part in parts)
    except (ArithmeticError, TypeError) as error:
        raise MarkError(f"cannot be computed ({error}): {text!r}") from None
    if not values or not all(isinstance(v, bool | float) and math.isfinite(v) for v in values):
        raise MarkError(f"gives no finite number: {text!r}")
    return values


def models(text):
    """Return the names of models that an expression uses, in order."""
    strings = [node for node in ast.walk(parsed(text)) if isinstance(node, ast.Constant)]
    return [node.value for node in strings if isinstance(node.value, str)]


def weakness(words, text):
    """Return why an expression says less than the words of its claim; None when it does not.

    Args:
        words: str, the words that the claim quotes.
        text: str, an expression.
    """
    tree = parsed(text)
    if not models(text):
        return 'names no model: `helps("a", "b")` and the like compare two'
    if any(isinstance(node, ast.Or) for node in ast.walk(tree)):
        return "holds `or`, so that one half may be false: make two claims of it"
    denied = [n.operand for n in ast.walk(tree) if isinstance(n, ast.UnaryOp)]
    denied = [ast.unparse(node) for node in denied if isinstance(node, ast.Call)]
    granted = [node for node in _verdicts(tree) if ast.unparse(node) not in denied]
    if denied and not granted and not (DENIAL.search(words) or LEVEL.search(words)):
        return f"only denies {denied[0]}, which is less than its words say"
    return None


def hollow(words, text, section):
    """Return why words that compare say nothing by an expression that holds; None when they do.

    Whoever compares must be wrong once two of the models change places; and nothing is compared
    with itself.

    Args:
        words: str, the words that the claim quotes.
        text: str, an expression that is true.
        section: as for `evaluate`.
    """
    if not COMPARES.search(words) or DENIAL.search(words) or LEVEL.search(words):
        return None
    tree = parsed(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and ast.dump(node.left) in map(ast.dump, node.comparators):
            return "compares something with itself"
    names = sorted(set(models(text)))
    if len(names) == 1:  # with a number, or two of its measurements
        return None
    for one, other in itertools.combinations(names, 2):
        places = {one: other, other: one}
        swapped = copy.deepcopy(tree)
        for node in ast.walk(swapped):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                node.value = places.get(node.value, node.value)
        try:
            if evaluate(ast.unparse(swapped), section) != (True,):
                return None
        except MarkError:  # such as a verdict on one seed
            return None
    return "holds as well with its models exchanged"


def unjudged(text):
    """True for an expression that compares scores of models, and holds no verdict on them."""
    try:
        tree = parsed(text)
    except MarkError:  # `asserted: …`, or what `evaluate` refuses
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and not _verdicts(tree):
            calls = [inner for inner in ast.walk(node) if isinstance(inner, ast.Call)]
            scored = [c for c in calls if ast.unparse(c.func) in {"test", "errors", "validation"}]
            if len({ast.unparse(call.args[0]) for call in scored if call.args}) > 1:
                return True
    return False


def _verdicts(tree):
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [node for node in calls if getattr(node.func, "id", None) in VERDICTS]


def _difference(section, names):
    """The difference of two models on test digits, on validation digits where one has no others."""
    part = "test" if all(section[name]["test"] for name in names) else "validation"
    values = [_spread(section, name, part)["values"] for name in names]
    with warnings.catch_warnings():  # seeds that differ in nothing, such as a nearest neighbour's
        warnings.filterwarnings("ignore", "Precision loss", RuntimeWarning)
        return evaluation.difference(*values)


def explained(text, section):
    """Say in a line what the seeds give for each verdict and each model in an expression."""
    said = []
    tree = parsed(text)
    compared = set()
    for node in _verdicts(tree):
        names = [argument.value for argument in node.args]
        compared.update(names)
        said.append(f'"{names[0]}" against "{names[1]}": {_difference(section, names)}')
    for name in dict.fromkeys(models(text)):
        if name not in compared and section[name]["test"]:
            said.append(f'"{name}": {_mean(section, name, "test"):.2f} %')
    return "; ".join(said)


def _value(node, section):
    """The value of a node: float, bool, or str for the name of a model."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.UnaryOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.operand, section))
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        left, right = _value(node.left, section), _value(node.right, section)
        return float(OPERATORS[type(node.op)](_number(left), _number(right)))
    if isinstance(node, ast.BoolOp):
        values = [_value(part, section) for part in node.values]
        return all(values) if isinstance(node.op, ast.And) else any(values)
    if isinstance(node, ast.Compare) and all(type(op) in OPERATORS for op in node.ops):
        values = [_value(part, section) for part in (node.left, *node.comparators)]
        pairs = zip(node.ops, values[:-1], values[1:], strict=True)
        return all(OPERATORS[type(op)](_number(a), _number(b)) for op, a, b in pairs)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _called(node.func.id, [_value(part, section) for part in node.args], section)
    raise MarkError(f"has something that marks may not hold: {ast.unparse(node)!r}")


def _number(value):
    """`value`, refused where it is a text or a truth: those are not to be computed with."""
    if isinstance(value, str | bool):
        raise MarkError(f"has {value!r} where a number belongs")
    return value


def _called(function, arguments, section):
    if function in ARITHMETIC:
        return float(ARITHMETIC[function](*map(_number, arguments)))
    if function not in MEASURED:
        known = difflib.get_close_matches(function, [*MEASURED, *ARITHMETIC], n=1)
        meant = f"; did you mean {known[0]}?" if known else ""
        raise MarkError(f"names a part that results do not have: {function}(){meant}")
    wanted = 2 if function in VERDICTS else 1
    if len(arguments) != wanted or not all(isinstance(name, str) for name in arguments):
        raise MarkError(f"{function}() takes {wanted} name(s) of models in quotes")
    for name in arguments:
        if name not in section:
            known = difflib.get_close_matches(name, section, n=1)
            meant = f' The nearest is "{known[0]}".' if known else ""
            raise MarkError(
                f'names "{name}", which results.json does not have on MNIST.{meant} '
                "`MNIST_SOURCE=mnist make results` measures what pages record"
            )
    return MEASURED[function](section, *arguments)


def _spread(section, name, part):
    spread = section[name][part]
    if spread is None:
        raise MarkError(f'names "{name}", whose {part} was not measured')
    return spread


def _mean(section, name, part):
    return (1 if part == "seconds" else 100) * float(_spread(section, name, part)["mean"])


def _sd(section, name, part):
    sd = _spread(section, name, part)["sd"]
    if sd is None:
        raise MarkError(
            f'asks for the standard deviation of "{name}", which has one seed: '
            f'`make results PAGES="{section[name]["page"]}"` measures more'
        )
    return (1 if part == "seconds" else 100) * float(sd)


def _errors(section, name):
    spread = _spread(section, name, "test")
    return (1 - float(spread["mean"])) * spread["n_digits"]


def _count(section, name, what):
    if section[name][what] is None:
        raise MarkError(f'names "{name}", whose {what} were not recorded')
    return float(section[name][what])


def _verdict(section, recipe, baseline, word):
    for name in (recipe, baseline):
        if len(section[name]["seeds"]) < 2:
            raise MarkError(
                f'compares "{name}", which has one seed; a claim needs two or more: '
                f'`make results PAGES="{section[name]["page"]}"` measures them'
            )
    found = _difference(section, (recipe, baseline)).word
    # What hurts does not help either.
    return found == word or (word == "does not help" and found == "hurts")


def _functions():
    """The functions of results, by name: each takes a section and names of models."""
    found = {
        "worst": lambda s, name: 100 * min(_spread(s, name, "test")["values"]),
        "best": lambda s, name: 100 * max(_spread(s, name, "test")["values"]),
        "errors": _errors,
        "seeds": lambda s, name: float(len(s[name]["seeds"])),
    }
    for part in ("test", "validation", "seconds"):
        found[part] = lambda s, name, part=part: _mean(s, name, part)
        found[f"{part}_sd"] = lambda s, name, part=part: _sd(s, name, part)
    for what in ("parameters", "epochs"):
        found[what] = lambda s, name, what=what: _count(s, name, what)
    for word in ("helps", "hurts", "does not help", "cannot tell"):
        key = word.replace(" ", "_")
        found[key] = lambda s, a, b, word=word: _verdict(s, a, b, word)
    return found


MEASURED = _functions()
VERDICTS = {"helps", "hurts", "does_not_help", "cannot_tell"}

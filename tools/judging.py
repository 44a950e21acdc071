"""The rules about the test digits: opened once, judged by what the page trained, and recorded.

Each of `opened_once` and `measured` takes a `reading.Page` and yields what breaks it, as pairs of a
cell's number, or None, and what to do. tools/rules.py holds pages to them.
"""

import ast
import re

from tools import pages
from tools.reading import arguments, names

# Ways to the test digits that pages do not take, and the line that says they were opened once.
OPENS = re.compile(
    r"\._?test$|\.__(dict|getattribute|getstate|reduce|reduce_ex)__$|^getattr$|^vars$"
    r"|(attrgetter|methodcaller)$"
)
OTHER_DIGITS = re.compile(
    r"(helpers\.)?(mnist|download|cache)\.\w+|(helpers\.)?data\._\w+|(np|numpy)\.load|copy\.(deep)?copy"
    r"|(.*\.)?get_file|(tensorflow_datasets|sklearn|torchvision|datasets|requests|urllib)(\..*)?"
)
ONCE = re.compile(r"\w+\.test_openings == 1")
ORDER = ast.Lt | ast.LtE | ast.Gt | ast.GtE
TRAINS = {"fit", "train_on_batch", "train_step"}
DIRECTLY = {"fit", "train_on_batch", "final_test", "load_digits"}
REPEATS = (
    *(ast.For, ast.While, ast.FunctionDef, ast.Lambda, ast.Try),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
CHOOSES = {"max", "min", "sorted", "argmax", "argmin", "sort", "nlargest"}


def opened_once(page):
    """The test digits are opened once, after all training, by `evaluation.final_test`."""
    for n, _, tree in page.trees:
        for _, name in names(tree):
            if OPENS.search(name):
                yield n, f"`{name}`: evaluation.final_test(…, digits) alone opens the test digits"
            if OTHER_DIGITS.fullmatch(name):
                yield n, f"`{name}`: data.load_digits() alone gives digits"
        for node in ast.walk(tree):
            if is_counter(node) and not isinstance(node.ctx, ast.Load):
                yield n, "test_openings is counted by the digits: do not set it"
            if isinstance(node, ast.MatchClass) and {"test", "_test"} & set(node.kwd_attrs):
                yield n, "a pattern opens the test digits: evaluation.final_test(…, digits) alone"
    loaded = [
        n for n, _, tree in page.trees for node in ast.walk(tree) if is_named(node, "load_digits")
    ]
    if len(loaded) > 1:
        yield loaded[1], "call data.load_digits() once: other digits would count from nought"
    yield from disguised(page)
    steps = [(n, name) for n, _, name, _ in page.calls()]
    opened = [i for i, (_, name) in enumerate(steps) if name == "final_test"]
    trained = [i for i, (_, name) in enumerate(steps) if name in TRAINS]
    if len(opened) > 1 or (trained and not opened):
        yield None, f"call evaluation.final_test once, at the end, not {len(opened)} times"
    elif opened and trained and trained[-1] > opened[0]:
        yield steps[trained[-1]][0], "move the training before evaluation.final_test"
    once = [test for test in checked(page) if re.fullmatch(ONCE, ast.unparse(test))]
    if opened and not once:
        yield steps[opened[0]][0], "after it write: assert digits.test_openings == 1"


def disguised(page):
    """Other names for what loads, trains and judges; judging again and again; other digits."""
    called = {id(call.func) for _, _, _, call in page.calls()}
    for n, _, tree in page.trees:
        for node in ast.walk(tree):
            name = getattr(node, "attr", getattr(node, "id", None))
            if name in DIRECTLY and id(node) not in called:
                yield n, f"call {name} where you name it: no other name, no argument"
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if alias.name in DIRECTLY and alias.asname:
                        yield n, f"call {alias.name} by its own name, not as {alias.asname}"
            inner = ast.walk(node) if isinstance(node, REPEATS) else ()
            if any(isinstance(i, ast.Call) and is_named(i.func, "final_test") for i in inner):
                yield n, "call evaluation.final_test in a statement of its own, not again and again"
    holders = loaded_names(page)
    for n, _, tree in page.trees:
        stored = [i.id for i in ast.walk(tree) if isinstance(i, ast.Name) and is_stored(i)]
        if sum(stored.count(name) for name in holders) > len(loads(tree)):
            yield n, f"{', '.join(holders)} must stay what data.load_digits() returned"
    for n, _, name, call in page.calls():
        given = [ast.unparse(argument) for argument in call.args[1:2]]
        given += [ast.unparse(k.value) for k in call.keywords if k.arg == "digits"]
        if name == "final_test" and holders and given != holders:
            yield n, f"judge on the page's own digits: evaluation.final_test(…, {holders[0]})"


def is_named(node, name):
    """True for a name or an attribute called `name`."""
    return getattr(node, "attr", getattr(node, "id", None)) == name


def is_stored(node):
    """True where a name is given a value, or deleted."""
    return not isinstance(node.ctx, ast.Load)


def loads(tree):
    """The assignments of what `load_digits` returns."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    calls = [n for n in found if isinstance(n.value, ast.Call)]
    return [n for n in calls if is_named(n.value.func, "load_digits")]


def loaded_names(page):
    """The names that hold what `load_digits` returned."""
    return [ast.unparse(t) for _, _, tree in page.trees for a in loads(tree) for t in a.targets]


def is_counter(node):
    """True for an attribute `test_openings`."""
    return isinstance(node, ast.Attribute) and node.attr == "test_openings"


def checked(page):
    """What is asserted after the first `final_test`, as syntax trees."""
    opened = [(n, call.end_lineno) for n, _, name, call in page.calls() if name == "final_test"]
    found = [(n, node) for n, _, tree in page.trees for node in ast.walk(tree)]
    asserts = [(n, node) for n, node in found if isinstance(node, ast.Assert)]
    excused = {
        id(inner)
        for _, node in found
        if isinstance(node, (ast.Try, ast.If, ast.While, ast.FunctionDef))
        and not pages.is_reference(page.path)
        for inner in ast.walk(node)
    }
    asserts = [(n, node) for n, node in asserts if id(node) not in excused]
    return [node.test for n, node in asserts if opened and (n, node.lineno) > opened[0]]


def measured(page):
    """What the test digits say is held to a floor and recorded under the page's own name."""
    opened = [n for n, _, name, _ in page.calls() if name == "final_test"]
    if not opened:
        return
    judged = judged_names(page)
    floors = [floor for test in checked(page) for floor in floors_in(test, judged)]
    if not floors:
        yield opened[0], "assert ….accuracy > floor after it: a wrong model must fail the page"
    for floor in floors:
        if not all(map(is_fraction, constants(page, floor))):
            yield opened[0], f"the floor {ast.unparse(floor)} must lie between 0 and 1"
    records = [(n, call) for n, _, name, call in page.calls() if name == "record"]
    if not records:
        yield opened[0], "pass the score to scoreboard.record, or results.json never has it"
    for n, call in records:
        if not call.args or getattr(call.args[0], "value", None) != page.path.stem:
            yield n, f'write scoreboard.record("{page.path.stem}", …)'
        yield from ((n, what) for what in misrecorded(page, call, judged))
    yield from miscompared(page)
    for n, _, name, call in page.calls():
        used = {i.id for a in call.args for i in ast.walk(a) if isinstance(i, ast.Name)}
        if n >= opened[0] and name in CHOOSES and used & judged:
            yield n, f"`{name}` of test scores chooses by test digits: choose on validation digits"


def judged_names(page):
    """The names that hold what `final_test` returned, or something made of it."""
    found = set()
    for _, _, tree in page.trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                value, targets = node.value, node.targets
            elif isinstance(node, (ast.For, ast.comprehension)):
                value, targets = node.iter, [node.target]
            else:
                continue
            inner = list(ast.walk(value))
            names = {i.id for i in inner if isinstance(i, ast.Name)}
            if names & found or any(is_named(i, "final_test") for i in inner):
                found |= {i.id for t in targets for i in ast.walk(t) if isinstance(i, ast.Name)}
    return found


def misrecorded(page, call, judged):
    """What a call of `record` says that the page has not measured."""
    given = {k.arg: k.value for k in call.keywords}
    epochs = getattr(given.get("epochs"), "value", 0)
    trained = {
        k.value.value
        for _, _, _, other in page.calls()
        for k in other.keywords
        if k.arg == "epochs" and other is not call and isinstance(k.value, ast.Constant)
    }
    if epochs and trained and epochs not in trained:
        yield f"record the epochs trained, {sorted(trained)}, not {epochs}"
    for name, wanted in {"seed": "SEED", "source": "digits.source"}.items():
        if name not in given or ast.unparse(given[name]) != wanted:
            yield f"record {name}={wanted}"
    test = given.get("test")
    used = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)} if test else set()
    if not used & judged:
        yield "record as test=… what evaluation.final_test returned"
    validation = given.get("validation")
    if validation is not None and not any(isinstance(n, ast.Name) for n in ast.walk(validation)):
        yield "record as validation=… what the page measured, no numbers by hand"


def miscompared(page):
    """Comparisons with another model than this page's, or with other digits' results."""
    texts = [
        node.value
        for _, _, name, call in page.calls()
        for node in ast.walk(call)
        if name == "record" and isinstance(node, ast.Constant)
    ]
    by_hand = [
        (n, call)
        for n, _, name, call in page.calls()
        if name == "compare" and ast.unparse(call.func) == "scoreboard.compare"
    ]
    loops = any(
        name == "record" and isinstance(call.args[1], ast.Name)
        for _, _, name, call in page.calls()
        if len(getattr(call, "args", [])) > 1
    )
    for n, call in by_hand:
        named = call.args[1].value if isinstance(call.args[1], ast.Constant) else None
        if named is not None and not loops and named not in texts:
            yield n, f"compare with what this page records, not with {named!r}"
        if arguments(call).get("source") != "digits.source":
            yield n, "compare source=digits.source"


def floors_in(test, judged):
    """The syntax trees that a condition asks the `accuracy` of something judged to be above."""
    tests = [test]
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        tests = test.values
    for node in tests:
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            continue
        sides = [node.left, node.comparators[0]]
        if isinstance(node.ops[0], ast.Lt | ast.LtE):
            sides.reverse()
        is_score = ["accuracy" in [getattr(n, "attr", "") for n in ast.walk(s)] for s in sides]
        used = {n.id for n in ast.walk(sides[0]) if isinstance(n, ast.Name)}
        if isinstance(node.ops[0], ORDER) and is_score == [True, False] and used & judged:
            yield sides[1]


def constants(page, tree):
    """The numbers in a syntax tree and in what the page assigns to the names in it."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    statements = [node for _, _, t in page.trees for node in t.body if isinstance(node, ast.Assign)]
    values = [node.value for node in statements if used & set(map(ast.unparse, node.targets))]
    for node in [inner for value in [tree, *values] for inner in ast.walk(value)]:
        if isinstance(node, ast.UnaryOp):
            yield -1  # no floor has a sign
        elif isinstance(node, ast.Constant) and not isinstance(node.value, str):
            yield node.value


def is_fraction(value):
    """True for a number between 0 and 1, neither of them."""
    return isinstance(value, float) and 0 < value < 1

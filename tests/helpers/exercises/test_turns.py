"""What a turn says to answers of every kind, and that nothing stops the page."""

import contextlib
import math
import signal
import sys
import threading
import time

import numpy as np
import pytest

from helpers.exercises import answers, running
from helpers.exercises.messages import NOT_TRIED, RAISED, RIGHT, WHOLE, WRONG
from helpers.exercises.pages import one_layer
from helpers.exercises.turns import turn

DECLARED = {
    "stub": "def double(x):\n    return ...",
    "solution_code": "def double(x):\n    return 2 * x",
    "hints": ["Add.", "Add x."],
    "then": "So it goes.",
    "right": [],
    "wrong": {},
}


@turn(**DECLARED)
def doubling(double):
    """Twice two numbers."""
    result = answers.call(double, np.array([1.0, 2.0]), name="`double`")
    found = answers.array(result, (2,), "what `double` returns")
    return answers.compare(found, [2, 4], {"It squares.": [1, 4]}, "It is not twice the number.")


@turn(**DECLARED)
def two(x):
    """A number: 2."""
    return answers.compare(answers.number(x, "`x`"), 2, {"It is half.": 1}, "It is not two.")


def says(exercise, outcome, words, *given):
    message = exercise.outcome(*given)
    assert message.head == outcome, message
    assert words in message.text, message
    assert len(message.text) <= WHOLE
    return message


class Odd:
    """Everything that can be asked of it raises."""

    def __getattr__(self, name):
        raise RuntimeError("no")

    def __repr__(self):
        raise RuntimeError("no")

    __eq__ = __len__ = __float__ = __array__ = __bool__ = __hash__ = __str__ = __iter__ = __repr__


class Tensor:
    """A tensor of PyTorch's, on another device and with a gradient."""

    shape = (2,)

    def detach(self):
        return self

    cpu = double = detach

    def numpy(self):
        return np.array([2.0, 4.0])

    def __array__(self, *settings, **more):
        raise TypeError("use detach() first")


@pytest.mark.parametrize(
    "given",
    [
        lambda x: 2 * x,
        lambda x: (2.0, np.float32(4.0)),
        lambda x: np.float16([2.0, 4.0]),
        lambda x: np.array([2, 4], object),
        lambda x: Tensor(),
        lambda x: np.ma.array([2, 4]),
    ],
)
def test_right_answers_written_differently_pass(given):
    says(doubling, RIGHT, "So it goes.", given)


@pytest.mark.parametrize("given", [2, np.float32(2.001), np.array([[2]])])
def test_right_numbers_pass(given):
    says(two, RIGHT, "", given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (1, "It is half."),
        (3, "It is not two. You have 3."),
        (2.01, "Very near: it must agree within 0.1 %."),
        (True, "must be a number; got `True`, of type `bool`"),
        ("2", "Leave the quotes out"),
        (b"2", "got `b'2'`, of type `bytes`."),
        ((i for i in [2]), "of type `generator`."),
        ([1, 2], "must be one number; got `[1, 2]`, of type `list`"),
        ([[1], [1, 2]], "Do all its rows have the same length?"),
        (float("nan"), "must hold finite numbers; there is nan"),
        (10**400, "must be a number"),
        ({2}, "must be a number; got `{2}`"),
        (range(10**12), "holds more than"),
        (lambda: 2, "Should it be called first?"),
        (np.ma.array([2], mask=[True]), "masked"),
        (np.array([("a", 2)], "U1,i4"), "must be a number"),
        ("`" * 10_000, "Leave the quotes out"),
    ],
)
def test_what_is_no_right_number_is_named(given, words):
    says(two, WRONG, words, given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (lambda x: x**2, "It squares."),
        (lambda x: x, "It is not twice the number."),
        (lambda x: None, "gives nothing back: does it end in `return`?"),
        (lambda x: [[2, 4]], "must have the shape (2,); got (1, 2)"),
        (lambda x: [2, np.inf], "there is inf at position 1"),
        (lambda x: "24", "Leave the quotes out"),
        (lambda x: (i for i in x), "`generator`. `list(…)` around it makes a list of it."),
        (5, "must be a function; got `5`, of type `int`"),
    ],
)
def test_what_a_function_returns_is_looked_at(given, words):
    says(doubling, WRONG, words, given)


@pytest.mark.parametrize(
    "given", [..., None, [1, ...], lambda x: ..., lambda x: x + ..., lambda x: [2, ...]]
)
def test_a_stub_is_not_tried_yet(given):
    says(doubling, NOT_TRIED, "run both cells again", given)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("1 / 0", "`ZeroDivisionError: division by zero`, in `f`, line 3 of its cell. Something"),
        ("y", "`NameError: name 'y' is not defined`"),
        ("f(x)", "calls itself without end"),
        ("np.zeros((10**8, 10**8))", "more memory than there is"),
        ("sys.exit(1)", "exit() would end the page"),
        ("(_ for _ in ()).throw(KeyboardInterrupt)", "You stopped it"),
        ("(_ for _ in ()).throw(ValueError('long ' * 10_000))", "ValueError: long"),
        ("x @ np.ones(5)", "A value or a shape does not fit"),
        ("math.exp(1000)", "too large for the computer"),
        ("np.random.default_rng().choice([1], 0.2)", "in `f`"),  # raised by compiled code
        ("(_ for _ in ()).throw(type('E', (Exception,), {'__str__': lambda s: 1 / 0}))", "`E: "),
    ],
)
def test_an_error_is_explained_with_its_line(body, words):
    page = {"np": np, "sys": sys, "math": math}
    exec(compile(f"\ndef f(x):\n    return {body}", "<cell 7>", "exec"), page)
    message = says(doubling, RAISED, words, page["f"])
    assert ", line 3 of its cell" in message.text
    assert "It was called as" in message.text or "exit" in body or "Keyb" in body


def test_exit_in_a_notebook_does_not_end_the_kernel(monkeypatch):
    class Shell:
        def ask_exit(self):  # what exit() and quit() call there
            raise AssertionError("the kernel ends")

    shell = Shell()
    monkeypatch.setattr(running, "get_ipython", lambda: shell)
    says(doubling, RAISED, "exit() would end the page", lambda x: shell.ask_exit())
    assert not vars(shell)


def test_the_wrong_number_of_arguments_is_explained():
    says(one_layer.one_step, RAISED, "The check could not use your answer: `TypeError: ", len)
    says(doubling, RAISED, "It was called as `double(array([1., 2.]))`", lambda: 2)


@pytest.mark.parametrize(
    "given",
    [Odd(), Odd, lambda x: Odd(), [Odd()], {"a": Odd()}],
    ids=["it", "class", "f", "in", "by"],
)
def test_objects_that_cannot_be_looked_at_stop_nothing(given):
    for exercise in (doubling, two):
        assert exercise.outcome(given).head in (WRONG, RAISED)


def test_prints_are_caught_and_bounded(capsys):
    def double(x):
        for i in range(100_000):
            print(f"line {i}")
        print("oh", file=sys.stderr)
        return 2 * x

    message = says(doubling, RIGHT, "characters more", double)
    assert "line 0\nline 1" in message.text
    assert capsys.readouterr() == ("", "")


def test_arguments_that_are_changed_are_copies_and_said():
    def double(x):
        x *= 2
        return x

    message = says(doubling, RIGHT, "changes what it is given", double)
    assert repr(message) == repr(doubling.outcome(double))


@pytest.mark.parametrize(
    "given",
    [[1.0, 2.0], [np.nan, 2.0], ["a", "b"], {"a": 1.0, "b": [2.0]}, np.array(["a", "b"])],
    ids=["list", "nan", "texts", "dict", "array of texts"],
)
def test_what_any_container_held_before_is_known(given):
    first = "a" if isinstance(given, dict) else 0

    def change(x):
        x[first] = "c"
        return 1

    answers.notes.clear()
    answers.call(lambda x: 1, given)
    assert not answers.notes
    answers.call(change, given)
    assert len(answers.notes) == 1
    answers.notes.clear()


def test_an_entry_of_another_kind_is_a_change_and_no_error():
    given = [1.0, np.zeros(2), "a"]

    def change(x):
        x[:] = np.ones(3), 5, np.zeros(2)
        return 1

    answers.notes.clear()
    answers.call(change, given)
    assert len(answers.notes) == 1
    answers.notes.clear()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Unix alone has it")
def test_what_never_returns_is_stopped(monkeypatch):
    monkeypatch.setattr(running, "LIMIT", 0.2)

    def forever(x):
        while True:
            with contextlib.suppress(BaseException):  # as a bare `except:` does
                time.sleep(0.01)

    says(doubling, RAISED, "still running after 0.2 seconds", forever)
    time.sleep(0.3)  # and no alarm rings later
    assert sys.exc_info() == (None, None, None)  # and Python handles no exception any more


def test_another_thread_has_no_alarm_but_says_what_took_long(monkeypatch):
    monkeypatch.setattr(running, "LIMIT", -1.0)  # as if it were over at once
    found = []
    thread = threading.Thread(target=lambda: found.append(doubling.outcome(lambda x: 2 * x)))
    thread.start()
    thread.join()
    assert found[0].head == RIGHT and "nothing could stop it here" in found[0].text


@pytest.mark.parametrize(
    ("given", "named"), [((), {}), ((1, 2), {}), ((), {"y": 2})], ids=["none", "two", "other"]
)
def test_the_wrong_call_is_put_right(given, named):
    assert "Write `exercises.two.check(x)`" in two.outcome(*given, **named).text


def test_hints_come_one_at_a_time_and_then_the_solution(capsys):
    def shown(method, *given):
        method(*given)
        return capsys.readouterr().out

    first, second, third = (shown(doubling.hint) for _ in range(3))
    assert "Hint 1 of 2. Add.\n" in first
    assert second == third
    assert "Hint 2 of 2" in second and "`exercises.doubling.solution()`" in second
    assert "return 2 * x" in shown(doubling.solution)
    assert "Not tried yet" in shown(doubling.check, ...)

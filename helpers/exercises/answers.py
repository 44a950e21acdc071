"""What a check does with an answer: read it generously, call it on copies, name what is wrong.

A check is a function of a reader's answers that returns what is wrong, as text, or None when all is
right. These functions leave it early, by raising Wrong or NotTried, when an answer cannot be what
was asked for.
"""

import copy
import math
import re
import sys
from collections.abc import Iterator
from itertools import islice
from numbers import Number

import numpy as np

from helpers.exercises.messages import SHORT, code, figure, got, safe_text, value

TOLERANCE = 1e-3  # of the largest number expected: three figures are enough
MOST = 10_000_000  # numbers in an answer


class Wrong(Exception):  # noqa: N818 (outcomes, and no errors)
    """An answer is wrong; the message says what about it."""


class NotTried(Exception):  # noqa: N818
    """The stub is as it was; the message says what is still to be filled in."""


notes = []  # what `call` noticed; the turn that is being checked empties and shows them


def names(answer, name, known, between, none_of):
    """Return the set of names that an answer holds: a list of them, or one text.

    Args:
        answer: what the reader gave.
        name: str, what the answer is called.
        known: the names there are, in lower case; the first is the message's example.
        between: regular expression for what parts the names of one text.
        none_of: str, the end of "which is none of …".

    Raises:
        Wrong: it holds no names, or others.
    """
    if isinstance(answer, str):
        answer = re.split(between, answer.strip())
    elif not isinstance(answer, list | tuple | set | frozenset):
        raise Wrong(f'{name} must be a list of names, such as ["{known[0]}"]; {got(answer)}.')
    found = {" ".join(safe_text(entry).lower().split()) for entry in list(answer)[:100]}
    found.discard("")
    if unknown := sorted(found - set(known)):
        raise Wrong(
            f"{name} holds {value(unknown[0])}, which is none of {none_of}: {', '.join(known)}."
        )
    return found


def finished(answer, name):
    """Return an answer, unless a `...` or None still stands in its place.

    Raises:
        NotTried: it does.
    """
    inside = answer.values() if type(answer) is dict else answer
    parts = islice(inside, MOST) if type(answer) in (list, tuple, dict) else ()
    if answer is ... or any(part is ... for part in parts):
        raise NotTried(f"{name} {'is still' if answer is ... else 'still holds'} `...`.")
    if answer is None:
        gives = "`print(…)` and `model.compile(…)` give None: call them on a line of their own"
        raise NotTried(f"{name} is None. ({gives}.)")
    return answer


def number(answer, name="your answer"):
    """Return an answer that is one number as a float.

    Any real number will do, and any array or tensor that holds one number.

    Raises:
        Wrong: anything else, NaN and infinity included.
        NotTried: `...` or None.
    """
    if isinstance(answer, bool | np.bool_):
        raise Wrong(f"{name} must be a number; {got(answer)}.")
    found = array(answer, None, name, "a number")
    if found.size != 1:
        raise Wrong(f"{name} must be one number; {got(answer)}.")
    return float(found.reshape(()))


def array(answer, shape=None, name="your answer", wanted="an array of numbers"):
    """Return an answer as a float64 array of its own.

    Lists, tuples, arrays and tensors of TensorFlow, JAX or PyTorch will do, of any real dtype.

    Args:
        answer: anything.
        shape: the shape it must have; None for any.
        name: how the message calls it.
        wanted: what it must be, for the message.

    Raises:
        Wrong: no numbers, another shape, NaN or infinity; says which, and where.
        NotTried: `...` or None.
    """
    finished(answer, name)
    if callable(answer) and not hasattr(answer, "shape"):
        raise Wrong(f"{name} must be {wanted}; {got(answer)}. Should it be called first?")
    if _size(answer) > MOST:
        raise Wrong(f"{name} must be {wanted}; yours holds more than {MOST:,} of them.")
    found = _converted(answer, f"{name} must be {wanted}")
    if shape is not None and found.shape != tuple(shape):
        exchanged = found.ndim > 1 and found.shape[::-1] == tuple(shape)
        hint = " Are its axes exchanged?" if exchanged else ""
        raise Wrong(f"{name} must have the shape {tuple(shape)}; got {found.shape}.{hint}")
    bad = ~np.isfinite(found)
    if bad.any():
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        where = f" at position {', '.join(map(str, place))}" if place else ""
        raise Wrong(f"{name} must hold finite numbers; there is {found[place]}{where}.")
    return found


def _size(answer, depth=0):
    """How many numbers an answer holds, counted no further than needed."""
    if isinstance(answer, list | tuple):
        if depth > 32:  # a list that holds itself
            return MOST + 1
        total = len(answer)
        for part in answer:
            if total > MOST:
                break
            if not isinstance(part, int | float):
                total += _size(part, depth + 1)
        return total
    try:
        return math.prod(answer.shape) if hasattr(answer, "shape") else len(answer)
    except (TypeError, ValueError):  # one thing, or a symbol whose size is not known
        return 1


def _converted(answer, expected):
    if isinstance(answer, str | bytes):
        quotes = " Leave the quotes out." if isinstance(answer, str) else ""
        raise Wrong(f"{expected}; {got(answer)}.{quotes}")
    if np.ma.is_masked(answer):
        raise Wrong(f"{expected}; some of its entries are masked.")
    try:
        found = np.asarray(_plain(answer))
        texts = isinstance(next(iter(found.flat), None), str | bytes)
        if found.dtype.kind in "OV" and not texts:  # fractions, decimals, bfloat16
            found = found.astype(np.float64)
        if found.dtype.kind not in "biuf":
            raise TypeError
    except (TypeError, ValueError, RuntimeError, ArithmeticError, NotImplementedError):
        rows = isinstance(answer, list | tuple) and any(isinstance(a, list | tuple) for a in answer)
        hint = " Do all its rows have the same length?" if rows else ""
        if isinstance(answer, Iterator) and not expected.endswith("a number"):
            hint = " `list(…)` around it makes a list of it."
        raise Wrong(f"{expected}; {got(answer)}.{hint}") from None
    return np.array(found, np.float64)


def _plain(answer):
    """A number or a tensor as NumPy takes it: PyTorch's leave gradients and GPU behind first."""
    if isinstance(answer, Number) and not isinstance(answer, complex | np.generic):
        return float(answer)
    if hasattr(answer, "detach"):
        return answer.detach().cpu().double().numpy()
    keras = sys.modules.get("keras")
    if keras is not None and isinstance(answer, keras.Variable):
        return keras.ops.convert_to_numpy(answer)
    return answer


def call(function, *arguments, name="your answer"):
    """Call a reader's function on copies of `arguments` and return what it gives back.

    Where it changes what it was given, a note says so.

    Raises:
        Wrong: no function, or it returns nothing.
        NotTried: it returns `...`, or stumbles over one.
    """
    if not callable(finished(function, name)):
        raise Wrong(
            f"{name} must be a function; {got(function)}. Pass it by its name, without brackets."
        )
    given = copy.deepcopy(arguments)
    try:
        result = function(*given)
    except Exception as error:
        if isinstance(error, TypeError) and "ellipsis" in safe_text(error):
            raise NotTried(f"{name} still computes with `...`.") from None
        passed = ", ".join(safe_text(argument, SHORT.repr) for argument in arguments)
        shown = code(f"{name}({passed})".replace("`", ""), 200)
        notes.append(f"It was called as {shown}.")
        raise
    if not _same(arguments, given):
        notes.append(
            "Your function changes what it is given. The check passed copies; in a program of your "
            "own the caller's values would change: compute new ones instead."
        )
    if result is None:
        raise Wrong(f"{name} gives nothing back: does it end in `return`?")
    if result is ...:
        raise NotTried(f"{name} still returns `...`.")
    return result


def _same(before, after):
    """False where an array, a list or a dict was changed in place."""
    if type(before) is not type(after):  # an entry that was put in another's place
        return False
    if isinstance(before, np.ndarray) and before.dtype.kind in "biufc":
        return before.shape == after.shape and np.array_equal(before, after, equal_nan=True)
    if isinstance(before, np.ndarray):  # texts, and objects of any kind
        before, after = before.tolist(), after.tolist()
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_same(before[k], after[k]) for k in before)
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_same, before, after))
    if isinstance(before, Number | str):
        return before == after or (before != before and after != after)  # NaN twice
    return True


def close(found, expected, tolerance=TOLERANCE):
    """True where numbers agree: none differs by more than `tolerance` of the largest expected."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    scale = np.abs(expected).max(initial=0) or 1.0
    return found.shape == expected.shape and bool(
        np.all(np.abs(found - expected) <= tolerance * scale)
    )


def compare(found, right, mistakes, otherwise, tolerance=TOLERANCE):
    """Return what is wrong with numbers, or None when they are right.

    Args:
        found: what `number` or `array` gave.
        right: what it must be, within `tolerance`.
        mistakes: {what it reveals: what such a mistake gives}; the first that agrees is named.
        otherwise: text for everything else.
        tolerance: fraction of the largest number expected.
    """
    if close(found, right, tolerance):
        return None
    for why, mistaken in mistakes.items():
        if close(found, mistaken, tolerance):
            return why
    if close(found, right, 20 * tolerance):
        return f"Very near: it must agree within {100 * tolerance:g} %. Did you round too early?"
    came = "; ".join(map(figure, np.ravel(found).tolist()))
    return f"{otherwise} You have {came}." if 0 < np.size(found) <= 6 else otherwise

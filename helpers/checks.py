"""Clear errors for arguments of the wrong kind."""

import reprlib

import numpy as np

SIDE = 28  # pixels
LONGEST = 160  # characters of a value that a message shows


def short(value):
    """Return `value` as a message shows it: its `repr`, its middle left out where it is long."""
    brief = reprlib.Repr()
    brief.maxstring = brief.maxother = brief.maxlong = LONGEST
    try:
        found = brief.repr(value)
    except Exception:  # whatever a stranger's __repr__ does; an int of 5,000 digits has none
        found = f"<{type(value).__name__}>"
    return found if len(found) <= LONGEST else f"{found[: LONGEST - 1]}…"


def array(value, expected):
    """Return `value` as a NumPy array.

    Args:
        value: anything.
        expected: str, what it should be; begins the message.

    Raises:
        ValueError: NumPy makes no array of it, or some of its values are masked.
    """
    parts = value if isinstance(value, (list, tuple)) else [value]
    if any(np.ma.isMaskedArray(part) and np.ma.is_masked(part) for part in parts):
        raise ValueError(
            f"{expected}; got a masked array, whose mask would be lost. Leave the masked values "
            "out (`.compressed()`), or fill them (`.filled(…)`)."
        )
    try:
        return np.asarray(value)
    except (TypeError, ValueError, RuntimeError) as error:  # rows of unequal length; other devices
        said = str(error)[:LONGEST]
        raise ValueError(f"{expected}; got what NumPy cannot take: {said}") from None


def images(value, name="images"):
    """Return `value` as a NumPy array of digits, or say what is wrong with it.

    Args:
        value: uint8 of shape (n, 28, 28), n at least 1; 0 is paper, 255 is ink.
        name: what the caller calls this argument; used in the message.

    Raises:
        ValueError: another shape or dtype, or no image at all.
    """
    expected = f"{name} must be uint8 of shape (n, {SIDE}, {SIDE}) with n of 1 or more"
    found = array(value, expected)
    if found.dtype != np.uint8:
        raise ValueError(
            f"{expected}; got dtype {found.dtype}. Pass the digits as load_digits() gives them, "
            "before any scaling."
        )
    if found.ndim != 3 or found.shape[1:] != (SIDE, SIDE) or len(found) == 0:
        raise ValueError(f"{expected}; got shape {found.shape}.")
    return found


def labels(value, name="labels", count=None):
    """Return `value` as a NumPy array of labels, or say what is wrong with it.

    Args:
        value: integers from 0 to 9 of shape (n,), n at least 1.
        name: what the caller calls this argument; used in the message.
        count: how many labels there must be, when that is known.

    Raises:
        ValueError: another shape, dtype, length, or a label outside 0–9.
    """
    expected = f"{name} must be integers from 0 to 9 of shape (n,) with n of 1 or more"
    found = array(value, expected)
    if found.ndim != 1 or len(found) == 0:
        raise ValueError(f"{expected}; got shape {found.shape}.")
    if found.dtype.kind not in "iu":  # np.integer has more below it: spans of time
        raise ValueError(f"{expected}; got dtype {found.dtype}.")
    outside = found[(found < 0) | (found > 9)]
    if outside.size:
        place = np.argmax(found == outside[0])
        raise ValueError(f"{expected}; got {outside[0]} at position {place}.")
    if count is not None and len(found) != count:
        got = f"got {len(found)} for {count}"
        raise ValueError(f"{name} must have one label for each image; {got}.")
    return found


def numbers(value, name, shape=("n",), low=-np.inf, high=np.inf, finite=True):
    """Return `value` as a NumPy array of numbers, or say what is wrong with it.

    Args:
        value: integers, floats or booleans of that shape.
        name: what the caller calls this argument; used in the message.
        shape: tuple, one entry an axis: its length, or a letter for any length of 1 or more.
        low, high: the smallest and the largest number allowed.
        finite: whether NaN is refused, and infinity where `low` and `high` let it through.

    Raises:
        ValueError: no numbers, another shape, or a number outside the bounds.
    """
    axes = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
    bounds = f" from {low:g} to {high:g}" if np.isfinite(high) else f", {low:g} or more"
    kind = "finite numbers" if finite else "numbers"
    expected = f"{name} must be {kind} of shape ({axes}){bounds if np.isfinite(low) else ''}"
    found = array(value, expected)
    if not np.can_cast(found.dtype, np.float64):
        raise ValueError(f"{expected}; got dtype {found.dtype}.")
    sizes = zip(found.shape, shape, strict=False)
    fits = all(size >= 1 if isinstance(want, str) else size == want for size, want in sizes)
    if found.ndim != len(shape) or not fits:
        raise ValueError(f"{expected}; got shape {found.shape}.")
    values = found.astype(np.float64)
    bad = (values < low) | (values > high) | (finite & ~np.isfinite(values))
    if bad.any():
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        where = place[0] if len(place) == 1 else place
        raise ValueError(f"{expected}; got {values[place]:g} at position {where}.")
    return found


def whole(value, name, low=0, high=None):
    """Return `value` as an int, or say what is wrong with it.

    Args:
        value: whole number from `low` on, up to `high` where that is given.
        name: what the caller calls this argument; used in the message.
        low, high: ints.

    Raises:
        ValueError: another type (True and 2.0 are none), or a number outside the bounds.
    """
    bounds = f"of {low} or more" if high is None else f"from {low} to {high}"
    right = isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.timedelta64))
    if not right or value < low or (high is not None and value > high):
        raise ValueError(f"{name} must be a whole number {bounds}; got {short(value)}.")
    return int(value)


def text(value, name):
    """Return `value` without spaces around it, or say what is wrong with it.

    Raises:
        ValueError: no str, or nothing in it.
    """
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} must be text that is not empty; got {short(value)}.")
    return value.strip()


def for_each(values, name, count, what="image"):
    """Return `values` as a list with one entry for each thing, or say what is wrong with them.

    Args:
        values: anything that has `count` entries.
        name: what the caller calls this argument; used in the message.
        count: int, how many entries there must be.
        what: str, what each entry is for; used in the message.

    Raises:
        ValueError: no entries, or another number of them.
    """
    expected = f"{name} must have one entry for each {what}"
    try:
        found = list(values)
    except TypeError:
        raise ValueError(f"{expected}; got {short(values)}.") from None
    if len(found) != count:
        raise ValueError(f"{expected}; got {len(found)} for {count}.")
    return found


def by_name(found, name, holds, low=1, high=None):
    """Return the dict `found`, or say what is wrong with it.

    Args:
        found: dict with `low` to `high` names, or with `low` and more.
        name: what the caller calls this argument; used in the message.
        holds: str, what stands under each name; used in the message.
        low, high: ints.

    Raises:
        ValueError: no dict, or another number of names.
    """
    count = f"{low} or more" if high is None else f"{low}" if low == high else f"{low} to {high}"
    expected = f"{name} must be a dict of {count} names, each with {holds}"
    if not isinstance(found, dict):
        raise ValueError(f"{expected}; got {type(found).__name__}.")
    if len(found) < low or (high is not None and len(found) > high):
        raise ValueError(f"{expected}; got {len(found)}.")
    return found

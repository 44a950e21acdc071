"""Clear errors for arrays of the wrong kind."""

import numpy as np

SIDE = 28  # pixels


def images(array, name="images"):
    """Return `array` as a NumPy array of digits, or say what is wrong with it.

    Args:
        array: uint8 of shape (n, 28, 28), n at least 1; 0 is paper, 255 is ink.
        name: what the caller calls this argument; used in the message.

    Raises:
        ValueError: another shape or dtype, or no image at all.
    """
    found = np.asarray(array)
    expected = f"{name} must be uint8 of shape (n, {SIDE}, {SIDE}) with n of 1 or more"
    if found.dtype != np.uint8:
        raise ValueError(
            f"{expected}; got dtype {found.dtype}. Pass the digits as load_digits() gives them, "
            "before any scaling."
        )
    if found.ndim != 3 or found.shape[1:] != (SIDE, SIDE) or len(found) == 0:
        raise ValueError(f"{expected}; got shape {found.shape}.")
    return found


def labels(array, name="labels", count=None):
    """Return `array` as a NumPy array of labels, or say what is wrong with it.

    Args:
        array: integers from 0 to 9 of shape (n,), n at least 1.
        name: what the caller calls this argument; used in the message.
        count: how many labels there must be, when that is known.

    Raises:
        ValueError: another shape, dtype, length, or a label outside 0–9.
    """
    found = np.asarray(array)
    expected = f"{name} must be integers from 0 to 9 of shape (n,) with n of 1 or more"
    if found.ndim != 1 or len(found) == 0:
        raise ValueError(f"{expected}; got shape {found.shape}.")
    if not np.issubdtype(found.dtype, np.integer):
        raise ValueError(f"{expected}; got dtype {found.dtype}.")
    outside = found[(found < 0) | (found > 9)]
    if outside.size:
        place = np.argmax(found == outside[0])
        raise ValueError(f"{expected}; got {outside[0]} at position {place}.")
    if count is not None and len(found) != count:
        got = f"got {len(found)} for {count}"
        raise ValueError(f"{name} must have one label for each image; {got}.")
    return found

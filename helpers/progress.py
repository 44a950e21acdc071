"""Long work cut into pieces, with a counter that shows how far it has come."""

from IPython.display import display


def chunks(count, size, unit="digits"):
    """Cut `count` things into slices of `size`, and show one line that counts those done.

    The line updates in place, so that a saved page holds its last state alone.

    Args:
        count: int, how many things there are, 1 or more.
        size: int, how many in a slice, 1 or more; the last slice may hold fewer.
        unit: str, what they are called.

    Yields:
        slice: what to take next.

    Raises:
        ValueError: a count or size below 1.
    """
    for name, value in (("count", count), ("size", size)):
        if value < 1:
            raise ValueError(f"{name} must be 1 or more; got {value}.")
    line = display(_text(0, count, unit), raw=True, display_id=True)
    for start in range(0, count, size):
        stop = min(start + size, count)
        yield slice(start, stop)
        line.update(_text(stop, count, unit), raw=True)


def _text(done, count, unit):
    return {"text/plain": f"{done:,} of {count:,} {unit}"}

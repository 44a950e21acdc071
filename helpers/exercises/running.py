"""Run a reader's code: its prints captured, its time bounded, its errors explained.

The time is bounded by a Unix timer, in the main thread. On Windows, in another thread, and inside a
library's compiled loop nothing can interrupt the code; a check that took longer says so.
"""

import contextlib
import io
import linecache
import signal
import sys
import sysconfig
import threading
import time
import warnings
from pathlib import Path

from IPython import get_ipython

from helpers.exercises.messages import code, safe_text

LIMIT = 10.0  # seconds that a check may take
AGAIN = 0.2  # seconds until the alarm rings again, for code that catches it
PRINTED = 500  # characters kept of what is printed
PYTHON = sysconfig.get_path("stdlib")
HERE = str(Path(__file__).resolve().parent)

ADVICE = {
    NameError: "That name is not defined: is it spelt as where it was made, and has that cell run?",
    ZeroDivisionError: "Something is divided by zero: print the divisor.",
    IndexError: "A position lies outside the array or list: positions end at its length − 1.",
    KeyError: "There is no such key: print the keys that there are.",
    AttributeError: "The value before the dot is not what you expect: print its type.",
    RecursionError: "The function calls itself without end: what should stop it?",
    MemoryError: "It asks for more memory than there is: look at the shapes of its arrays.",
    OverflowError: "A number is too large for the computer: print what goes in.",
    ValueError: "A value or a shape does not fit: print what goes in, and its shape.",
    TypeError: "A value is of the wrong type, or the number of arguments differs.",
    AssertionError: "One of your own assert statements does not hold.",
    SystemExit: "exit() would end the page: use return.",
    KeyboardInterrupt: "You stopped it. Does every loop end?",
}


class TooLong(BaseException):
    """Raised inside a reader's code when its time is over; `except Exception` lets it pass."""


class _Bounded(io.StringIO):
    """Text that keeps its first PRINTED characters and counts the rest."""

    left_out = 0

    def write(self, text):
        room = max(PRINTED - self.tell(), 0)
        self.left_out += max(len(text) - room, 0)
        super().write(text[:room])
        return len(text)

    def close(self):
        """Stay open: a reader's code may close what it prints on."""


def run(function, *arguments, limit=None):
    """Call a function that may do anything.

    Args:
        function, arguments: what to call.
        limit: seconds that it may take; LIMIT where None.

    Returns:
        (result, error, printed, late): one of the first two is None; `printed` is text; `late` is a
        list that holds one sentence where nothing could stop the code in time.
    """
    started, printed, traced = time.monotonic(), _Bounded(), sys.gettrace()
    result = error = None
    try:
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            warnings.catch_warnings(),
            _no_way_out(),
            _time_limit(limit or LIMIT),
        ):
            warnings.simplefilter("ignore")
            result, error = next(_called(function, arguments))
    except BaseException as raised:  # what rang after the code had ended
        error = raised
    sys.settrace(traced)
    text = printed.getvalue()
    if printed.left_out:
        text += f"\n… and {printed.left_out:,} characters more"
    took = time.monotonic() - started
    over = took > (limit or LIMIT) + 1
    late = [f"It took {took:.0f} seconds: nothing could stop it here."] if over else []
    return result, error, text, late


def _called(function, arguments):
    """Yield (result, error) of a call.

    It is a generator because a generator has its own record of the exception that is being handled.
    Code that is stopped while it handles one can leave TooLong there for good; in the kernel's own
    record, TensorFlow's next errors would be lost.
    """
    try:
        result = function(*arguments)
    except BaseException as raised:  # SystemExit and Ctrl-C too: the next cells shall run
        yield None, raised
    else:
        yield result, None


@contextlib.contextmanager
def _no_way_out():
    """In a notebook exit() and quit() raise nothing, and end the kernel later: let them raise."""
    shell = get_ipython()
    if shell is None:
        yield
        return
    shell.ask_exit = sys.exit
    try:
        yield
    finally:
        vars(shell).pop("ask_exit", None)


@contextlib.contextmanager
def _time_limit(seconds):
    """Raise TooLong after some seconds where the system allows; timers of others go on."""
    in_main = threading.current_thread() is threading.main_thread()
    if not (in_main and hasattr(signal, "setitimer")):
        yield
        return
    before = signal.signal(signal.SIGALRM, _stop)
    rest = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before or signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, *rest)


def _stop(_, frame):
    """End the reader's code. A bare `except:` in a loop would go on: its next line raises again."""
    above = []
    while frame and frame.f_code is not run.__code__:
        above.append(frame)
        frame = frame.f_back
    if frame is None:  # it rang while it was being switched off
        signal.setitimer(signal.ITIMER_REAL, 0)
        return
    sys.settrace(lambda *_: None)  # frames are traced only while there is one; `run` ends it
    for frame in above:
        if _is_readers(frame.f_code.co_filename):
            frame.f_trace = _stop_at_a_line
    raise TooLong


def _stop_at_a_line(_, event, __):
    if event == "line":
        raise TooLong
    return _stop_at_a_line


def explain(error, limit=None):
    """Return an error in words: what was raised, on which line of the reader's code, what to do.

    Args:
        error: an exception that `run` caught.
        limit: as given to `run`.
    """
    where = _line(error)
    if isinstance(error, TooLong):
        seconds = f"{limit or LIMIT:g} seconds"
        return f"Your code was still running after {seconds}{where}. Does every loop end?"
    said = code(f"{type(error).__name__}: {safe_text(error)}".rstrip(": "), 200)
    if not where:
        return f"The check could not use your answer: {said}."
    advice = next((text for kind, text in ADVICE.items() if isinstance(error, kind)), "")
    return f"{said}{where}. {advice}".strip()


def _line(error):
    """Where in the reader's own code an error arose; empty where none of it was running."""
    found, trace = None, error.__traceback__
    while trace is not None:
        if _is_readers(trace.tb_frame.f_code.co_filename):
            found = trace
        trace = trace.tb_next
    if found is None:
        return ""
    place = found.tb_frame.f_code
    source = linecache.getline(place.co_filename, found.tb_lineno).strip()
    shown = f": {code(source)}" if source else ""
    return f", in {code(place.co_name)}, line {found.tb_lineno} of its cell{shown}"


def _is_readers(filename):
    """True for code in a cell or a file of the reader's, not of Python, a package or this one."""
    others = filename.startswith((PYTHON, HERE, "<frozen")) or filename.endswith(".pyx")
    return not (others or "site-packages" in filename or "dist-packages" in filename)

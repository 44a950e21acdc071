"""What a reader sees: short Markdown, and bounded words for whatever was passed."""

import reprlib
from decimal import Decimal

from IPython.display import display

SHOWN = 80  # characters of a value or of an error
WHOLE = 2000  # characters of a message

NOT_TRIED = "Not tried yet"
WRONG = "Not right yet"
RAISED = "It stopped with an error"
RIGHT = "Right"


class Message:
    """A few words in bold and a text, shown as Markdown where that is rendered, else plain.

    Args:
        text: str, Markdown; what is longer than WHOLE is cut.
        head: str, what stands in bold before it: an outcome, for a check.
    """

    def __init__(self, text, head=""):
        self.head = head
        self.text = cut(text[:1].upper() + text[1:], WHOLE)

    def __repr__(self):
        return f"{self.head}. {self.text}" if self.head else self.text

    def _repr_markdown_(self):
        return f"**{self.head}.** {self.text}" if self.head else self.text

    def show(self):
        """Display it below the cell."""
        display(self)


def cut(text, most=SHOWN):
    """Return `text`, or its beginning and … where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 2] + " …"


def code(text, most=SHOWN):
    """Return one bounded line of `text` as Markdown's inline code, which renders nothing in it."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 20 * most]).split())
    return f"`{cut(line.replace('`', chr(39)), most) or ' '}`"


def block(text, language=""):
    """Return lines of `text` as a Markdown code block."""
    return f"\n\n~~~~{language}\n{text.replace('~~~~', '~~~ ').strip()}\n~~~~"


def safe_text(value, way=str, otherwise="(it cannot be shown)"):
    """Return `way(value)`, or `otherwise` where a reader's own object fails at that."""
    try:
        return way(value)[: 20 * SHOWN]
    except Exception:
        return otherwise


SHORT = reprlib.Repr()
SHORT.maxother = SHORT.maxstring = SHORT.maxlong = SHOWN


def value(thing):
    """Return a value as inline code, bounded, whatever its repr does."""
    return code(safe_text(thing, SHORT.repr))


def got(thing):
    """Return what came, for the end of a sentence: "got `[1, 2]`, of type `list`"."""
    shape = safe_text(thing, lambda t: f" and shape {tuple(t.shape)}", "")
    return f"got {value(thing)}, of type {code(type(thing).__name__)}{shape}"


def figure(number):
    """Return a number as readers write it: four figures, or whole where it is large."""
    text = f"{number:,.0f}" if 1000 <= abs(number) < 1e12 else f"{number + 0.0:.4g}"
    if 1e-7 < abs(number) < 1e-4:  # 0.00003, and not 3e-05
        text = f"{Decimal(text):f}"
    return text.replace("-", "−")

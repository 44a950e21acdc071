"""Guess first: a number or a choice that the reader commits to before the page shows the answer.

    @guess(unit=" %", low=0, high=100, tries=[(50, 92.4, "Ten classes"), …])
    def accuracy(guessed, measured):
        '''Read right by one layer.'''
        return "Ten classes: chance is 10 %." if guessed < 20 else "…"

The page shows `exercises.accuracy.guess(...)`, whose dots the reader replaces, in a cell tagged
`exercise`, and, below the cell that measures, `exercises.accuracy.reveal(measured)` in one tagged
`answer` too, its output folded; the function says what the gap reveals. A guess outlives cells that
are run again, and does not change once the answer has been seen.
"""

import math
from dataclasses import dataclass, field

from helpers.exercises import answers, running
from helpers.exercises.messages import Message, figure, got, safe_text

EXACT = 0.02  # of what was measured: a guess no further off is as good as exact
READ_ON = "Read on to see how near it is."
AGAIN = "Run the cell that reveals the answer again, and compare."


@dataclass
class Guess:
    """A guess as the page meets it.

    Args:
        comment: function of (guessed, measured) that returns what the gap reveals.
        tries: list of (guess, measured, words that the comment must hold).
        choices: tuple of str to choose from; empty for a number.
        unit: str that follows the number, such as " %".
        low, high: the smallest and the largest number that makes sense.
    """

    comment: callable
    tries: list
    choices: tuple = ()
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    _kept: object = field(default=None, init=False)
    _seen: bool = field(default=False, init=False)

    @property
    def name(self):
        """What the page calls it."""
        return self.comment.__name__

    def guess(self, guessed=...):
        """Keep a guess, and say so. Raises nothing."""
        self._show(self._note, guessed)

    def reveal(self, measured=...):
        """Show the guess beside what was measured. Raises nothing."""
        self._show(self._compare, measured)

    def _show(self, function, value):
        found, *_ = running.run(function, value)
        head, text = found or ("This cannot be read", f"Pass {self._wanted}.")
        Message(text, head).show()

    @property
    def _wanted(self):
        return " or ".join(f'"{choice}"' for choice in self.choices) or "a number"

    def _note(self, guessed):
        try:
            new = self._read(answers.finished(guessed, "your guess"))
        except answers.NotTried:
            if self._kept is not None:
                return f"Your guess is still {self._text(self._kept)}", READ_ON
            return "No guess yet", f"Put {self._wanted} in place of the dots, or read on without."
        except answers.Wrong as wrong:
            return "Not a guess yet", str(wrong)
        if self._seen and self._kept not in (None, new):
            return f"Your guess stays {self._text(self._kept)}", "You have seen the answer since."
        self._kept = new
        return f"Your guess is {self._text(new)}", AGAIN if self._seen else READ_ON

    def _read(self, value):
        """A number within the bounds, or one of the choices.

        Raises:
            answers.Wrong: neither; says what would do.
        """
        if self.choices:
            wanted = safe_text(value).strip(" .'\"").casefold()
            for choice in self.choices:
                if choice.casefold() == wanted:
                    return choice
            raise answers.Wrong(f"Choose {self._wanted}; {got(value)}.")
        found = answers.number(value, "your guess")
        if not self.low <= found <= self.high:
            upper = f"from {figure(self.low)} to {figure(self.high)}"
            bounds = upper if self.high < math.inf else f"{figure(self.low)} or more"
            raise answers.Wrong(f"Your guess must be {bounds}; got {figure(found)}.")
        return found

    def _text(self, value):
        return f'"{value}"' if self.choices else figure(value) + self.unit

    def _compare(self, measured):
        try:
            found = self._read(answers.finished(measured, "what was measured"))
        except (answers.NotTried, answers.Wrong):
            return "Nothing to compare with yet", "Run the cells above first."
        self._seen = True
        head = f"The answer is {self._text(found)}"
        if self._kept is None:
            return head, "To compare, guess in the cell above, then run this cell again."
        said = f"You guessed {self._text(self._kept)}{self._distance(found)}"
        return head, f"{said} {self.comment(self._kept, found)}"

    def _distance(self, found):
        if self.choices:
            return ": well guessed." if self._kept == found else "."
        apart = self._kept - found
        if abs(apart) <= EXACT * abs(found):
            return ": as good as exact."
        return f": that is {figure(abs(apart))} too {'high' if apart > 0 else 'low'}."


def guess(**declared):
    """Make a Guess of the comment below it; see this module's first lines for what to declare."""
    return lambda comment: Guess(comment, **declared)

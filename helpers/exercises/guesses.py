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

from dataclasses import dataclass, field

from helpers.exercises import answers, running
from helpers.exercises.messages import Message, figure, got, safe_text

EXACT = 0.02  # of what was measured: a guess no further off is as good as exact


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
    low: float = float("-inf")
    high: float = float("inf")
    _kept: object = field(default=None, init=False)
    _seen: bool = field(default=False, init=False)

    @property
    def name(self):
        """What the page calls it."""
        return self.comment.__name__

    def guess(self, guessed=...):
        """Keep a guess, and say so. Raises nothing."""
        self.noted(guessed).show()

    def noted(self, guessed=...):
        """Return the Message that `guess` shows."""
        return self._safely(self._note, guessed)

    def reveal(self, measured=...):
        """Show the guess beside what was measured. Raises nothing."""
        self.gap(measured).show()

    def gap(self, measured=...):
        """Return the Message that `reveal` shows."""
        return self._safely(self._compare, measured)

    def _safely(self, function, value):
        text, error, *_ = running.run(function, value)
        return Message(f"That could not be used: {got(value)}." if error is not None else text)

    def _note(self, guessed):
        try:
            new = self._read(answers.finished(guessed, "your guess"))
        except answers.NotTried:
            if self._kept is not None:
                return f"Your guess stands: **{self._text(self._kept)}**."
            put = " or ".join(f'"{c}"' for c in self.choices) or "a number"
            return f"**No guess yet.** Put {put} in place of the dots. Or read on: nothing waits."
        except answers.Wrong as wrong:
            return f"**Not a guess yet.** {wrong}"
        if self._seen and self._kept not in (None, new):
            return f"You have seen the answer: your guess stays **{self._text(self._kept)}**."
        self._kept = new
        return f"Your guess: **{self._text(new)}**. Read on to see how near it is."

    def _read(self, value):
        """A number within the bounds, or one of the choices.

        Raises:
            answers.Wrong: neither; says what would do.
        """
        if self.choices:
            wanted = safe_text(value).strip(" .").casefold()
            for choice in self.choices:
                if choice.casefold() == wanted:
                    return choice
            listed = ", ".join(f'"{choice}"' for choice in self.choices)
            raise answers.Wrong(f"Choose one of {listed}; {got(value)}.")
        found = answers.number(value, "your guess")
        if not self.low <= found <= self.high:
            bounds = f"between {figure(self.low)} and {figure(self.high)}"
            raise answers.Wrong(f"Your guess must lie {bounds}; got {figure(found)}.")
        return found

    def _text(self, value):
        return value if self.choices else figure(value) + self.unit

    def _compare(self, measured):
        try:
            found = self._read(answers.finished(measured, "what was measured"))
        except (answers.NotTried, answers.Wrong):
            return "There is nothing to compare with yet: run the cells above first."
        answer = self._text(found)
        self._seen = True
        if self._kept is None:
            return f"It is **{answer}**. You made no guess this time, and that is fine."
        said = f"You guessed **{self._text(self._kept)}**, and it is **{answer}**"
        return f"{said}{self._distance(found)} {self.comment(self._kept, found)}"

    def _distance(self, found):
        if self.choices:
            return "." if self._kept != found else ": well guessed."
        apart = self._kept - found
        if abs(apart) <= EXACT * abs(found):
            return ": as good as exact."
        return f": {figure(abs(apart))}{self.unit} too {'high' if apart > 0 else 'low'}."


def guess(**declared):
    """Make a Guess of the comment below it; see this module's first lines for what to declare."""
    return lambda comment: Guess(comment, **declared)

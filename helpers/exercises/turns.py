"""Your turn: an answer of the reader's, checked.

A turn is declared once, as a check with everything else around it:

    @turn(
        stub='''def double(x):\\n    return ...''',
        solution_code='''def double(x):\\n    return 2 * x''',
        hints=["What must be added to x?"],
        then="Doubling is adding.",
        right=["double = lambda x: x + x", …],
        wrong={"def double(x):\\n    return x**2": "squares", …},
    )
    def doubling(double):
        '''Twice a number.'''
        found = answers.number(answers.call(double, 3))
        return answers.compare(found, 6, {"It squares.": 9}, "It is not twice the number.")

The page shows the stub in one cell and `exercises.doubling.check(double)` in the next, both tagged
`exercise`: what the check's parameters are called is what the page passes. Stub and solution differ
only where the stub has `...`, or in lines that end in `# fix this line` (then the check itself
raises `answers.NotTried` for what they do as they stand). A check may be called at any time, so it
draws random numbers from generators of its own.
"""

import inspect
from dataclasses import dataclass, field

from helpers.exercises import answers, running
from helpers.exercises.messages import NOT_TRIED, RAISED, RIGHT, WRONG, Message, block


@dataclass
class Turn:
    """A turn as the page meets it.

    Args:
        judge: the check, a function of the answers that returns what is wrong, or None.
        stub: str, the code that the page shows.
        solution_code: str, the code that `solution` shows.
        hints: list of one str or more, from the gentlest to the plainest.
        then: str, what follows from the right answer.
        right: list of str, codes in the stub's place that the check must accept.
        wrong: {code in the stub's place: words that the check's answer must hold}.
        given: str, code that the page has run before, which the stub needs.
        seconds: how long a check may take, where that is longer than for other turns.
    """

    judge: callable
    stub: str
    solution_code: str
    hints: list
    then: str
    right: list
    wrong: dict
    given: str = ""
    seconds: float | None = None
    _shown: int = field(default=0, init=False)  # hints

    @property
    def name(self):
        """What the page calls it."""
        return self.judge.__name__

    @property
    def line(self):
        """The page's line that checks it."""
        passed = ", ".join(inspect.signature(self.judge).parameters)
        return f"exercises.{self.name}.check({passed})"

    def check(self, *found, **named):
        """Show what is right or wrong with the answers. Raises nothing."""
        self.outcome(*found, **named).show()

    def outcome(self, *found, **named):
        """Return the Message that `check` shows."""
        answers.notes.clear()
        result, error, printed, late = running.run(self._judged, found, named, limit=self.seconds)
        if error is not None:
            text, failed, *_ = running.run(running.explain, error, self.seconds)
            result = RAISED, text if failed is None else "The error cannot be described."
        outcome, text = result
        parts = [text, *dict.fromkeys(answers.notes), *late]
        if outcome in (WRONG, RAISED):
            parts.append(f"For a hint, run `exercises.{self.name}.hint()`.")
        if printed:
            parts.append(f"Your code printed:{block(printed)}")
        return Message("\n\n".join(parts), outcome)

    def _judged(self, found, named):
        """(outcome, text) of answers, which may do anything while they are looked at."""
        try:
            given = inspect.signature(self.judge).bind(*found, **named).arguments
        except TypeError:
            return WRONG, f"Write `{self.line}`: other answers were passed, or more, or fewer."
        try:
            for name, answer in given.items():
                answers.finished(answer, f"`{name}`")
            wrong = self.judge(**given)
        except answers.NotTried as untouched:
            return NOT_TRIED, f"{untouched} Put your answer there, then run both cells again."
        except answers.Wrong as error:
            wrong = str(error)
        return (RIGHT, self.then) if wrong is None else (WRONG, wrong)

    def hint(self):
        """Show one hint, another at each call; after the last, the last again. Raises nothing."""
        self._shown = min(self._shown + 1, len(self.hints))
        text = self.hints[self._shown - 1]
        if self._shown == len(self.hints):
            text += f" For the solution, run `exercises.{self.name}.solution()`."
        Message(text, f"Hint {self._shown} of {len(self.hints)}").show()

    def solution(self):
        """Show the solution's code. Raises nothing."""
        Message(f"One way to write it:{block(self.solution_code, 'python')}").show()


def turn(**declared):
    """Make a Turn of the check below it; see this module's first lines for what to declare."""
    return lambda judge: Turn(judge, **declared)

"""Exercises that answer back: `check`, `hint` and `solution` for a turn, `guess` and `reveal`.

A page imports its own, `from helpers.exercises.pages import one_layer as exercises`, as it imports
its diagrams; then `exercises.NAME.check(answer)` is all that a reader types. Each exercise is
declared once, in `pages/`, with its stub, check, hints, solution, and the right and wrong answers
that the tests try. `turns` and `guesses` say how; `answers` looks at what a reader passes;
`running` runs a reader's code safely; `messages` puts the outcome into words.

Behaviour is checked, never the text of the code. Nothing here stops *Run all*: whatever a reader
passes, no exception leaves `check`, `hint`, `solution`, `guess` or `reveal`. Nothing is seeded.
"""

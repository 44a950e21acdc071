"""The exercises of chapter 00, Watch a network learn."""

from helpers.exercises.guesses import guess


@guess(
    unit=" %",
    low=0,
    high=100,
    tries=[
        (97, 0, "an untidy 7 is still a 7"),
        (50, 0, "an untidy 7 is still a 7"),
        (10, 0.4, "no better than a throw of a ten-sided die"),
        (0, 0.0, "where the ink is"),
        (3, 20, "where the ink is"),
        (15, 0.0, "What it learned"),
    ],
)
def tiny_sevens(guessed, measured):
    """Of 7s at half their size in a corner, the share that is read (it knows what a 7 is)."""
    what = (
        "What it learned is where the ink is when people write a 7 in the middle of the paper. At "
        "half the size, and in the corner, the ink is elsewhere."
    )
    if guessed > 20:
        return f"To you an untidy 7 is still a 7, because you know what a 7 is. {what}"
    if 5 <= guessed <= 12:
        return f"That would be no better than a throw of a ten-sided die. {what}"
    return what


@guess(
    choices=("easier", "harder"),
    tries=[
        ("easier", "harder", "cleaner, and still strange to it"),
        ("harder", "harder", "not whether it is neat"),
        ("easier", "easier", "not always so"),
        ("harder", "easier", "not always so"),
    ],
)
def printed(guessed, measured):
    """Printed digits beside handwriting (clean is easy)."""
    if measured == "easier":
        return "In this run. That is not always so: run the page with other seeds."
    if guessed == "easier":
        return (
            "Printed digits are cleaner, and still strange to it: nobody writes like this, so it "
            "has seen none."
        )
    return "What counts is whether a digit looks like those it has seen, not whether it is neat."


@guess(
    choices=("training", "validation", "both"),
    tries=[
        ("both", "training", "says little about digits that are new"),
        ("validation", "training", "never learns from"),
        ("training", "training", "learned by heart"),
        ("training", "both", "In this run: both"),
    ],
)
def twenty_epochs(guessed, measured):
    """On which digits the errors vanish in a long training (training score is skill)."""
    if measured != "training":
        return f"In this run: {measured}. Other seeds say how often that is so."
    why = "The training digits were learned by heart. That says little about digits that are new."
    if guessed == "validation":
        return f"The validation digits are those that it never learns from. {why}"
    return why

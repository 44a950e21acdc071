"""The exercises of chapter 05, Overfitting."""

import numpy as np

from helpers.exercises import answers
from helpers.exercises.guesses import guess
from helpers.exercises.messages import got, safe_text
from helpers.exercises.turns import turn


@guess(
    choices=("more", "as many", "fewer"),
    tries=[
        ("more", "fewer", "how sure"),
        ("as many", "fewer", "how sure"),
        ("fewer", "fewer", "how sure"),
        ("fewer", "more", "the same way"),
    ],
)
def mistakes_after_the_turn(guessed, measured):
    """Mistakes once the validation loss has turned round (loss = errors)."""
    if measured != "fewer":
        return "In this run loss and mistakes went the same way; they need not."
    why = "The loss also asks how sure the network was: a mistake made with certainty costs more."
    if guessed == "more":
        return f"A rising loss is not a rising number of mistakes. {why}"
    return why


@guess(
    choices=("digits", "dropout"),
    tries=[
        ("dropout", "digits", "what is not in the digits"),
        ("digits", "digits", "something new"),
        ("digits", "dropout", "here"),
    ],
)
def digits_or_dropout(guessed, measured):
    """What gains more on 5,000 digits: as many again, or dropout."""
    if measured != "digits":
        return "Dropout gained more here. That is a finding about these digits, and no law."
    if guessed == "dropout":
        return "Holding a network back cannot tell it what is not in the digits that it has."
    return "More digits bring something new. Holding back brings nothing to learn from."


@guess(
    choices=("above", "below"),
    tries=[
        ("below", "above", "without dropout"),
        ("above", "above", "without dropout"),
        ("below", "below", "this run"),
    ],
)
def with_all_neurons(guessed, measured):
    """Training digits read by all neurons, against validation (training below is a bug)."""
    if measured != "above":
        return "In this run the training digits are not read above the validation digits."
    why = (
        "`fit` reads the training digits with half of the neurons missing, and in the middle of an "
        "epoch. At its end and without dropout the network knows its own digits best, as usual."
    )
    return why if guessed == "above" else f"There is no bug, and no miracle. {why}"


@turn(
    given="import numpy as np",
    stub="""\
in_training = [..., ..., ..., ...]  # what `Dropout(0.2)` makes of 2, 4, 6, 8, leaving out the 4
in_prediction = [..., ..., ..., ...]  # what it makes of them when the network is used
""",
    solution_code="""\
in_training = [2.5, 0, 7.5, 10]  # what `Dropout(0.2)` makes of 2, 4, 6, 8, leaving out the 4
in_prediction = [2, 4, 6, 8]  # what it makes of them when the network is used
""",
    hints=[
        "In prediction nothing is left out, so nothing has to be made up for.",
        "In training a fifth is missing on average, so four fifths must count for five fifths.",
        "Multiply what stays by 1 / (1 − 0.2).",
    ],
    then="What stays counts 1.25 times, so the sums of the next layer are what they were, on "
    "average. Here it comes out exactly, 20 before and 20 after, because the 4 that was left out "
    "happens to be a fifth of 20.",
    right=[
        "in_training = np.array([2, 0, 6, 8]) / 0.8\nin_prediction = np.array([2, 4, 6, 8])",
        "in_training, in_prediction = (2.5, 0.0, 7.5, 10.0), (2.0, 4.0, 6.0, 8.0)",
    ],
    wrong={
        "in_training = [2, 0, 6, 8]\nin_prediction = [2, 4, 6, 8]": "nothing makes up",
        "in_training = [10, 0, 30, 40]\nin_prediction = [2, 4, 6, 8]": "divided by p",
        "in_training = [1.6, 0, 4.8, 6.4]\nin_prediction = [2, 4, 6, 8]": "smaller still",
        "in_training = [2.5, 5, 7.5, 10]\nin_prediction = [2, 4, 6, 8]": "still there",
        "in_training = [2.5, 0, 7.5, 10]\nin_prediction = [2, 0, 6, 8]": "nothing is left out",
        "in_training = [2.5, 0, 7.5, 10]\nin_prediction = [2.5, 5, 7.5, 10]": "as they came",
        "in_training = [2, 0, 6, 8]\nin_prediction = [1.6, 3.2, 4.8, 6.4]": "the older way",
        "in_training = [2.5, 0, 7.5]\nin_prediction = [2, 4, 6, 8]": "must have the shape",
    },
)
def dropout_by_hand(in_training, in_prediction):
    """Dropout on four numbers (who stays is scaled up; prediction changes nothing)."""
    trained = answers.array(in_training, (4,), "`in_training`")
    used = answers.array(in_prediction, (4,), "`in_prediction`")
    plain, kept = np.array([2.0, 4, 6, 8]), np.array([1, 0, 1, 1])
    if answers.close(trained, plain * kept) and answers.close(used, 0.8 * plain):
        return (
            "That is the older way: scale down in prediction. It works, but Keras scales up in "
            "training, and leaves prediction alone."
        )
    if trained[1]:
        return "`in_training`: the second value is left out, and in yours it is still there."
    said = answers.compare(
        trained,
        plain * kept / 0.8,
        {
            "`in_training`: what stays is as it was; nothing makes up for what is missing.": plain
            * kept,
            "`in_training`: you divided by p, the share that is left out.": plain * kept / 0.2,
            "`in_training`: what stays must make up for the rest; yours is smaller still.": plain
            * kept
            * 0.8,
        },
        "`in_training`: the three that stay should be 1 / (1 − p) times as large.",
    )
    if said:
        return said
    return answers.compare(
        used,
        plain,
        {
            "`in_prediction`: when the network is used, nothing is left out.": plain * kept,
            "`in_prediction`: with all of them there, they go through as they came.": plain / 0.8,
        },
        "`in_prediction`: when the network is used, a dropout layer does nothing.",
    )


CURES = ("more examples", "larger network", "stop earlier")
PROJECTS = {
    "leaves": (
        "more examples",
        {
            "larger network": "`leaves`: the network reads nearly all of its own photographs "
            "already. It has room enough.",
            "stop earlier": "`leaves`: the validation score has not fallen, so there is nothing to "
            "stop before.",
        },
    ),
    "roofs": (
        "larger network",
        {
            "more examples": "`roofs`: twice the photographs brought nothing, and there is no gap "
            "that more of them could close.",
            "stop earlier": "`roofs`: it does not even learn its own photographs. Stopping earlier "
            "would leave it with less.",
        },
    ),
    "coughs": (
        "stop earlier",
        {
            "more examples": "`coughs`: more recordings would help, but they are not to be had. "
            "What else did the forty epochs show?",
            "larger network": "`coughs`: it knows all of its own recordings by heart. More room "
            "is not what it lacks.",
        },
    ),
}


@turn(
    stub="""\
leaves = ...
roofs = ...
coughs = ...
""",
    solution_code="""\
leaves = "more examples"
roofs = "larger network"
coughs = "stop earlier"
""",
    hints=[
        "First look at the training digits' part: does the network learn its own examples at all?",
        "Where it does not, it lacks room or training, and nothing that holds it back can help.",
        "Where it does, look whether more examples helped, and whether validation turned round.",
    ],
    then="The same three questions serve for any data: does it learn its own examples, did more of "
    "them help, and did validation turn round?",
    right=[
        'leaves, roofs, coughs = "more examples", "larger network", "stop earlier"',
        'leaves = "More examples."\nroofs = " larger network"\ncoughs = "STOP EARLIER"',
    ],
    wrong={
        'leaves = "larger network"\nroofs = "larger network"\ncoughs = "stop earlier"': (
            "room enough"
        ),
        'leaves = "more examples"\nroofs = "more examples"\ncoughs = "stop earlier"': (
            "brought nothing"
        ),
        'leaves = "more examples"\nroofs = "stop earlier"\ncoughs = "stop earlier"': (
            "its own photographs"
        ),
        'leaves = "more examples"\nroofs = "larger network"\ncoughs = "more examples"': (
            "not to be had"
        ),
        'leaves = "stop earlier"\nroofs = "larger network"\ncoughs = "stop earlier"': (
            "has not fallen"
        ),
        'leaves = "more examples"\nroofs = "larger network"\ncoughs = "larger network"': "by heart",
        'leaves = "dropout"\nroofs = "larger network"\ncoughs = "stop earlier"': "must be one of",
        "leaves = 3\nroofs = 1\ncoughs = 2": "must be one of",
    },
)
def diagnosis(leaves, roofs, coughs):
    """Three projects, a cure for each (every gap is overfitting)."""
    for (name, (right, mistakes)), answer in zip(
        PROJECTS.items(), (leaves, roofs, coughs), strict=True
    ):
        said = safe_text(answers.finished(answer, f"`{name}`")).strip(" .").casefold()
        if said not in CURES:
            return f"`{name}` must be one of {', '.join(map(repr, CURES))}; {got(answer)}."
        if said != right:
            return mistakes[said]
    return None

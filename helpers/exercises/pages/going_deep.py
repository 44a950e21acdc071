"""The exercises of chapter 03, Going deep."""

from helpers.exercises import answers
from helpers.exercises.guesses import guess
from helpers.exercises.turns import turn


@guess(
    unit=" %",
    low=0,
    high=100,
    tries=[
        (97, 91.6, "Depth alone adds nothing"),
        (100, 91.6, "Depth alone adds nothing"),
        (92, 91.6, "About what one layer reads"),
        (50, 91.6, "It still learns"),
        (10, 91.6, "It still learns"),
    ],
)
def no_activations(guessed, measured):
    """Validation digits read right by 200–60 without activations (depth is enough?)."""
    if guessed > measured + 2:
        return (
            "Depth alone adds nothing: with no activation between them, three layers multiply out "
            "to one. The next lines show it."
        )
    if guessed < measured - 8:
        return "It still learns: it can do whatever one layer can, and one layer can do a lot."
    return "About what one layer reads: without activations, three multiply out to one."


@guess(
    low=0,
    high=199,
    tries=[
        (199, 0, "same gradient"),
        (100, 0, "in and out"),
        (1, 0, "same gradient"),
        (0, 0, "nothing that could tell them apart"),
    ],
)
def equal_neurons(guessed, measured):
    """Of 199 neurons that start equal to the first, how many training makes different from it."""
    if guessed:
        return (
            "Training cannot tell equal neurons apart. They have the same weights, in and out, so "
            "each gives the same value, gets the same gradient and takes the same step."
        )
    return "There is nothing that could tell them apart: same weights in and out, same gradient."


NAMES = ("wx1", "wy1", "b1", "wx2", "wy2", "b2", "v1", "v2", "c")
NOT_ZERO = {
    "wx1": "x is 1 and neuron 1 is at work",
    "b1": "neuron 1 is at work, and no input is multiplied into a bias's gradient",
    "v1": "neuron 1 gives 1.5",
    "c": "the gradient of c is the error itself, and the error is −0.378",
}


@turn(
    stub="""\
zero_input = [...]  # 0 because the input that the weight multiplies is x = 0 or y = 0
silent_neuron = [...]  # 0 because the weight multiplies a hidden neuron that gives 0
flat_relu = [...]  # 0 because nothing comes back through ReLU
""",
    solution_code="""\
zero_input = ["wy1"]  # 0 because the input that the weight multiplies is x = 0 or y = 0
silent_neuron = ["v2"]  # 0 because the weight multiplies a hidden neuron that gives 0
flat_relu = ["wx2", "wy2", "b2"]  # 0 because nothing comes back through ReLU
""",
    hints=[
        "Go forward first. What are the two hidden scores for (1, 0), and what does ReLU make of "
        "them? The scores are 1.5 and −0.5.",
        "Neuron 2 gives 0. So one weight of the last neuron multiplies 0; and nothing comes back "
        "to any of neuron 2's own three parameters.",
        "One is left: y is 0, and neuron 1 takes y with the weight wy1.",
    ],
    then="Five of nine gradients are 0, for three reasons (wy2 for two at once). This example "
    "teaches neuron 2 nothing; (1, 1), where its score is positive, does. A neuron whose score is "
    "negative for every example learns nothing from any of them: it is called dead.",
    right=[
        'zero_input = ["wy1", "wy2"]\nsilent_neuron = ["v2"]\nflat_relu = ["wx2", "b2"]',
        'zero_input = ("wy1", "wy2")\nsilent_neuron = "v2"\nflat_relu = {"b2", "wy2", "wx2"}',
        'zero_input = "wy1"\nsilent_neuron = ["V2 "]\nflat_relu = "wx2, wy2, b2"',
    ],
    wrong={
        'zero_input = ["wy1"]\nsilent_neuron = ["v2"]\nflat_relu = ["wx2", "wy2"]': (
            "missing under `flat_relu`"
        ),
        'zero_input = ["wy1"]\nsilent_neuron = []\nflat_relu = ["wx2", "wy2", "b2"]': (
            "missing under `silent_neuron`"
        ),
        'zero_input = []\nsilent_neuron = ["v2"]\nflat_relu = ["wx2", "wy2", "b2"]': (
            "missing under `zero_input`"
        ),
        'zero_input = ["wy1", "b1"]\nsilent_neuron = ["v2"]\nflat_relu = ["wx2", "wy2", "b2"]': (
            "b1 is not zero"
        ),
        'zero_input = ["wx1"]\nsilent_neuron = ["v2"]\nflat_relu = ["wx2", "wy2", "b2"]': (
            "wx1 is not zero"
        ),
        'zero_input = ["wy1"]\nsilent_neuron = ["wx2", "wy2", "b2"]\nflat_relu = ["v2"]': (
            "the other way round"
        ),
        'zero_input = ["wy1", "wx2"]\nsilent_neuron = ["v2"]\nflat_relu = ["wy2", "b2"]': (
            "for another reason"
        ),
        "zero_input = []\nsilent_neuron = []\nflat_relu = []": "Something is missing",
        'zero_input = 3\nsilent_neuron = ["v2"]\nflat_relu = ["wx2"]': "must be a list of names",
        'zero_input = ["w"]\nsilent_neuron = ["v2"]\nflat_relu = ["wx2"]': "none of the nine",
    },
)
def zero_gradients(zero_input, silent_neuron, flat_relu):
    """The gradients that are 0 for the input (1, 0), and why."""
    given = {"zero_input": zero_input, "silent_neuron": silent_neuron, "flat_relu": flat_relu}
    given = {
        name: answers.names(answer, f"`{name}`", NAMES, r"[\s,;]+", "the nine")
        for name, answer in given.items()
    }
    reasons = {
        "zero_input": {"wy1", "wy2"},
        "silent_neuron": {"v2"},
        "flat_relu": {"wx2", "wy2", "b2"},
    }
    everything = set().union(*given.values())
    for name, why in NOT_ZERO.items():
        if name in everything:
            return f"The gradient of {name} is not zero: {why}."
    if given["flat_relu"] & {"v2"} and given["silent_neuron"] & {"wx2", "wy2", "b2"}:
        return (
            "The last two are the other way round. ReLU sits behind neuron 2's own parameters; v2 "
            "comes after it, and multiplies what it gives."
        )
    for reason, names in given.items():
        for name in sorted(names - reasons[reason]):
            return f"The gradient of {name} is zero, but for another reason than `{reason}`."
    for reason, names in reasons.items():
        if names - everything:
            so_far = "What you name is right, and something" if everything else "Something"
            return (
                f"{so_far} is missing under `{reason}`. Follow the error back to each parameter: "
                "what is it multiplied by on the way?"
            )
    return None

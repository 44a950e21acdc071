"""The exercises of page 08c, A folder of your own."""

import numpy as np

from helpers.exercises import answers
from helpers.exercises.guesses import guess
from helpers.exercises.turns import turn


@guess(
    low=0,
    high=6,
    tries=[
        (6, 2, "alphabetical order"),
        (2, 2, "as good as exact"),
        (1, 2, "more than one class"),
        (0, 2, "more than one class"),
        (3, 2, "alphabetical order"),
    ],
)
def classes_held_out(guessed, measured):
    """Classes in the last quarter of a folder that nobody shuffled (a split is always fair)."""
    if guessed < measured:
        return "The last quarter is larger than a class, so it reaches into more than one class."
    return (
        "Files come class by class, in alphabetical order, so the last quarter is the last "
        "class and half of the one before it."
    )


@guess(
    low=0,
    high=100,
    unit=" %",
    tries=[
        (17, 64.5, "Chance alone"),
        (95, 64.5, "never saw"),
        (64, 64.5, "as good as exact"),
        (78, 64.5, "corners and strokes"),
        (30, 64.5, "different pictures different"),
    ],
)
def random_layers(guessed, measured):
    """New pictures named correctly on frozen random layers, 5 of each (random = chance)."""
    if guessed < 22:
        return (
            "Chance alone gets one in six. Random layers are no chance: they keep different "
            "pictures different, and the new last layer has learned."
        )
    if guessed < measured - 5:
        return "Random layers still keep different pictures different, and one layer has learned."
    if guessed > measured + 25:
        return "They never saw a picture, and five of each are few for the layer that learns."
    return "They were not made for corners and strokes, and yet much of a picture gets through."


@guess(
    low=0,
    high=100,
    unit=" %",
    tries=[
        (17, 77.7, "Chance alone"),
        (64, 77.7, "digits taught them"),
        (99, 77.7, "five of each are few"),
        (78, 77.7, "digits taught them"),
    ],
)
def kept_layers(guessed, measured):
    """Pictures named correctly on layers that digits taught, 5 of each (digits are no help)."""
    if guessed < 22:
        return "Chance alone gets one in six, and one layer has learned."
    if guessed > measured + 10:
        return "The layers are good, but five of each are few to learn the last layer from."
    return "Digits have strokes, corners and curves, and digits taught them to these layers."


@turn(
    stub='''\
def that_learn(features, classes):
    """How many parameters a dense layer has that turns features into scores."""
    return ...
''',
    solution_code='''\
def that_learn(features, classes):
    """How many parameters a dense layer has that turns features into scores."""
    return features * classes + classes
''',
    hints=[
        "Each class has a neuron, and each neuron a weight for each feature.",
        "And each neuron has one bias.",
    ],
    then="With 1,152 features and six classes these are 6,918 parameters. All the rest is frozen. "
    "Fewer numbers to learn need fewer pictures.",
    right=[
        "that_learn = lambda features, classes: (features + 1) * classes",
        "def that_learn(f, c):\n    return sum(f + 1 for _ in range(c))",
    ],
    wrong={
        "that_learn = lambda f, c: f * c": "biases",
        "that_learn = lambda f, c: f * c + f": "one bias for each neuron",
        "that_learn = lambda f, c: f * c + 1": "one bias for each neuron",
        "that_learn = lambda f, c: f + c": "a weight for each feature",
        "that_learn = lambda f, c: 6918": "should be",
    },
)
def that_learn(that_learn):
    """Parameters of the new last layer."""
    for features, classes in ((1152, 2), (1280, 5), (10, 3)):
        result = answers.call(that_learn, features, classes, name="`that_learn`")
        found = answers.number(result, "what `that_learn` returns")
        right = features * classes + classes
        if found == right:
            continue
        mistakes = {
            features * classes: "The biases are missing: one for each class.",
            features * classes + features: "There is one bias for each neuron, not for each input.",
            features * classes + 1: "There is one bias for each neuron, so one for each class.",
            features + classes: "Each neuron has a weight for each feature: multiply.",
        }
        said = f"With {features:,} features and {classes} classes it should be {right:,}."
        return mistakes.get(found, said)
    return None


@turn(
    given="import numpy as np",
    stub='''\
def held_out(people):
    """For each picture, True where it is held out: about a quarter of the people, whole."""
    chosen = ...
    return ...
''',
    solution_code='''\
def held_out(people):
    """For each picture, True where it is held out: about a quarter of the people, whole."""
    chosen = np.unique(people)[::4]
    return np.isin(people, chosen)
''',
    hints=[
        "Choose people, not pictures. `np.unique(people)` has each number once.",
        "Every fourth of them will do: `np.unique(people)[::4]`.",
        "`np.isin(people, chosen)` says for each picture whether its person is among the chosen.",
    ],
    then="No hand is on both sides now, so the score says something about people whom the network "
    "has not met. The same goes for pictures of one place, one day, one animal.",
    right=[
        "def held_out(people):\n"
        "    names = sorted(set(people))\n"
        "    chosen = set(names[: max(1, len(names) // 4)])\n"
        "    return [person in chosen for person in people]",
        "def held_out(people):\n"
        "    names = np.random.default_rng(0).permutation(np.unique(people))\n"
        "    return np.isin(people, names[: round(len(names) / 4)])",
    ],
    wrong={
        "held_out = lambda people: np.arange(len(people)) % 4 == 0": "on both sides",
        "held_out = lambda people: np.arange(len(people)) < len(people) / 4": "on both sides",
        "held_out = lambda people: np.random.default_rng(0).random(len(people)) < 0.25": (
            "on both sides"
        ),
        "held_out = lambda people: np.zeros(len(people), bool)": "Nobody is held out",
        "held_out = lambda people: np.ones(len(people), bool)": "Nobody is left",
        "held_out = lambda people: np.isin(people, np.unique(people)[::2])": "About a quarter",
        "held_out = lambda people: np.unique(people)[::4]": "for each picture",
        "held_out = lambda people: np.isin(people, people[::4])": "About a quarter",
    },
)
def held_out(held_out):
    """A split by people."""
    names = np.arange(11, 19)
    for counts in ([5, 7, 4, 6, 5, 5, 6, 5], [9, 3, 8, 8, 2, 4, 9, 7]):
        people = np.random.default_rng(sum(counts)).permutation(np.repeat(names, counts))
        result = answers.call(held_out, people, name="`held_out`")
        if np.ndim(result) == 1 and len(result) != len(people):
            return f"It must return True or False for each picture: {len(people)} of them."
        kept = np.asarray(result)
        if kept.shape != people.shape or kept.dtype.kind not in "biuf":
            return f"It must return True or False for each picture: {len(people)} of them."
        kept = kept.astype(bool)
        if not kept.any():
            return "Nobody is held out."
        if kept.all():
            return "Nobody is left to learn from."
        both = np.intersect1d(people[kept], people[~kept])
        if len(both):
            return (
                f"{len(both)} of {len(names)} people are on both sides, such as number {both[0]}. "
                "Choose people first, then take all pictures of each."
            )
        if not 1 <= len(set(people[kept])) <= 3:
            return f"About a quarter: {len(set(people[kept]))} of {len(names)} people are held out."
    return None

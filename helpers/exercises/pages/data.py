"""The exercises of chapter 01, Data."""

import numpy as np

from helpers.exercises import answers
from helpers.exercises.guesses import guess
from helpers.exercises.turns import turn


@guess(
    unit=" %",
    low=0,
    high=100,
    tries=[
        (97, 100, "finds itself"),
        (80, 100, "finds itself"),
        (100, 100, "telephone"),
        (99.9, 100, "telephone"),
        (11, 100, "finds itself"),
    ],
)
def own_digits(guessed, measured):
    """The nearest neighbour on digits that it remembers (100 % is good)."""
    if guessed < 99:
        why = "Each digit finds itself, at distance 0, and gives its own label."
    else:
        why = "Each digit finds itself. Even a telephone book scores as well on its own numbers."
    return f"{why} A score on digits that were learned from says nothing about new ones."


@guess(
    choices=("A", "B", "neither"),
    tries=[
        ("A", "A", "Shuffling is what separates them"),
        ("B", "A", "moves whole families"),
        ("neither", "A", "Shuffling is not enough"),
        ("neither", "B", "In this run"),
    ],
)
def leak(guessed, measured):
    """Which of two shuffled splits leaks (shuffling is enough)."""
    if measured != "A":
        return "In this run luck has hidden the leak: run the page with another seed."
    return {
        "A": "A digit and its moved copies end up on both sides. Shuffling is what separates them.",
        "B": "B moves whole families: no picture kept apart has a copy among the others. In A many "
        "have.",
        "neither": "Shuffling is not enough, and here it does the harm: in A a digit and its moved "
        "copies end up on both sides.",
    }[guessed]


@guess(
    unit=" %",
    low=0,
    high=100,
    tries=[
        (97, 72, "the same digit to you"),
        (90, 72, "the same digit to you"),
        (72, 72, "Strokes are only a few pixels wide"),
        (60, 72, "Strokes are only a few pixels wide"),
        (22, 72, "Strokes are only a few pixels wide"),
        (10, 72, "Chance alone"),
        (0, 72, "Chance alone"),
    ],
)
def two_pixels(guessed, measured):
    """The nearest neighbour on digits moved by two pixels (same to me, same numbers)."""
    why = (
        "Strokes are only a few pixels wide, so a move by two takes much of the ink off its old "
        "pixels."
    )
    if guessed > measured + 8:
        return f"It is the same digit to you, and other numbers to the machine. {why}"
    if guessed < 15:
        return "Chance alone would read about 10 %. Some of the ink is still on its old pixels."
    return why


@turn(
    given="import numpy as np",
    stub='''\
def lazy(labels):
    """The share that is right if the answer is always the most common label."""
    return ...
''',
    solution_code='''\
def lazy(labels):
    """The share that is right if the answer is always the most common label."""
    return np.unique(labels, return_counts=True)[1].max() / len(labels)
''',
    hints=[
        "How often does the most common label occur, and out of how many?",
        "`np.unique(labels, return_counts=True)` gives the labels that there are, and how often "
        "each occurs. `np.bincount(labels)` does it for whole numbers from 0.",
    ],
    then='Where 95 people in 100 are healthy, the answer "healthy" is right for 95 % of them and '
    "finds nobody who is ill. So ask of every accuracy what this baseline scores on the same data.",
    right=[
        "lazy = lambda labels: max(np.mean(np.asarray(labels) == one) for one in set(labels))",
        "def lazy(labels):\n"
        "    found = {}\n"
        "    for label in labels:\n"
        "        found[label] = found.get(label, 0) + 1\n"
        "    return [100 * max(found.values()) / len(labels)]",
        "from collections import Counter\n"
        "lazy = lambda labels: Counter(labels).most_common(1)[0][1] / len(labels)",
    ],
    wrong={
        "lazy = lambda labels: 1 / len(set(labels))": "guesses at random",
        "lazy = lambda labels: np.unique(labels, return_counts=True)[1].max()": "a count",
        "lazy = lambda labels: np.bincount(labels).argmax()": "the label itself",
        "lazy = lambda labels: np.mean(labels == labels[0])": "first label",
        "lazy = lambda labels: np.mean(labels)": "mean of the labels",
        "lazy = lambda labels: np.unique(labels, return_counts=True)[1].min() / len(labels)": (
            "least common"
        ),
        "lazy = lambda labels: np.mean(labels == np.median(labels))": "the median",
        "lazy = lambda labels: 1 - np.bincount(labels).max() / len(labels)": "that is wrong",
        "lazy = lambda labels: np.mean(labels == labels[-1])": "You have 0.04",
        "lazy = lambda labels: np.mean(labels == 0)": "You have 0.3",
        "lazy = lambda labels: np.sort(np.bincount(labels))[-2] / len(labels)": "You have 0.3",
        "lazy = lambda labels: np.mean(labels == np.round(labels.mean()))": "You have 0",
        "lazy = lambda labels: 0.112": "is right for",
    },
)
def lazy(lazy):
    """The accuracy of the most common answer."""
    cases = (  # mistakes that give the same in one differ in another
        [3, 0, 3, 7, 3, 0, 3, 7, 0, 3],
        [1] + 95 * [0] + 4 * [2],
        [4, 4, 4, 4, 5, 5, 5, 7, 9, 9, 9],
    )
    for case in cases:
        labels = np.array(case)
        found = answers.number(answers.call(lazy, labels, name="`lazy`"), "what `lazy` returns")
        counts = np.unique(labels, return_counts=True)[1]
        right = counts.max() / len(labels)
        mistakes = {
            "A program that guesses at random would get that. This one always says the same.": (
                1 / len(counts)
            ),
            "That is a count. Divide it by how many labels there are.": counts.max(),
            "That is the label itself. How often is it right?": np.bincount(labels).argmax(),
            "That looks at the first label only, which need not be the most common.": (
                np.mean(labels == labels[0])
            ),
            "That is the mean of the labels. Labels are names, and their mean means nothing.": (
                labels.mean()
            ),
            "That is the share of the least common label.": counts.min() / len(labels),
            "That is the share that is wrong. What remains?": 1 - right,
            "That is the share of the label in the middle, the median. It need not be the most "
            "common.": np.mean(labels == np.median(labels)),
        }
        if answers.close(found, 100 * right):  # in percent
            continue
        wrong = answers.compare(
            found,
            right,
            mistakes,
            f"Of {len(labels)} labels the most common occurs {counts.max()} times, so it is right "
            f"for {right:g}.",
        )
        if wrong:
            return wrong
    return None


@turn(
    given="import numpy as np",
    stub='''\
def kept_apart(patient, random):
    """True for the pictures kept apart; random is what np.random.default_rng() gives."""
    patients = np.unique(patient)
    chosen = ...
    return ...
''',
    solution_code='''\
def kept_apart(patient, random):
    """True for the pictures kept apart; random is what np.random.default_rng() gives."""
    patients = np.unique(patient)
    chosen = random.choice(patients, len(patients) // 5, replace=False)
    return np.isin(patient, chosen)
''',
    hints=[
        "Draw patients, not pictures: `np.unique(patient)` names each patient once.",
        "`random.choice(patients, how_many, replace=False)` draws so many of them, none twice. Or "
        "`random.random(len(patients)) < 0.2` decides for each patient by itself.",
        "`np.isin(patient, chosen)` is True for each picture whose patient is among the chosen.",
    ],
    then="No patient is on both sides. It is split B again: what belongs together stays together. "
    "Otherwise a network could score by recognising the patient, and miss the illness.",
    right=[
        "def kept_apart(patient, random):\n"
        "    patients = random.permutation(np.unique(patient))\n"
        "    return [p in set(patients[: round(len(patients) / 5)]) for p in patient]",
        "def kept_apart(patient, random):\n"
        "    names, which = np.unique(patient, return_inverse=True)\n"
        "    return (random.permutation(len(names)) < len(names) / 5)[which]",
        "def kept_apart(patient, random):\n"
        "    chosen = set(random.choice(np.unique(patient), 20, replace=False))\n"
        "    return np.array([int(p in chosen) for p in patient])",
        "def kept_apart(patient, random):\n"
        "    patients = np.unique(patient)\n"
        "    chosen = patients[random.random(len(patients)) < 0.2]\n"
        "    return np.isin(patient, chosen)",
    ],
    wrong={
        "kept_apart = lambda patient, random: random.random(len(patient)) < 0.2": "on both sides",
        "def kept_apart(patient, random):\n"
        "    chosen = random.choice(patient, len(patient) // 5, replace=False)\n"
        "    return np.isin(patient, chosen)": "draw from the patients, each named once",
        "kept_apart = lambda patient, random: np.isin(patient, random.choice(patient, 20))": (
            "each named once"
        ),
        "def kept_apart(patient, random):\n"
        "    patients = np.unique(patient)[:50]\n"
        "    return np.isin(patient, random.choice(patients, 20, replace=False))": "never drawn",
        "def kept_apart(patient, random):\n"
        "    patients = np.unique(patient)\n"
        "    chosen = random.choice(patients, len(patients) // 5, replace=False)\n"
        "    return ~np.isin(patient, chosen)": "the other way round",
        "def kept_apart(patient, random):\n"
        "    patients = np.unique(patient)\n"
        "    return np.isin(patient, patients[: len(patients) // 5])": "not at random",
        "def kept_apart(patient, random):\n"
        "    patients = np.unique(patient)\n"
        "    return random.choice(patients, len(patients) // 5, replace=False)": "for each picture",
        "kept_apart = lambda patient, random: np.zeros(len(patient), bool)": "0 of 100 patients",
        "def kept_apart(patient, random):\n"
        "    patients = np.unique(patient)\n"
        "    return np.isin(patient, patients[random.random(len(patients)) < 0.3])": "fifth is 20",
        "kept_apart = lambda patient, random: patient": "True or False",
        "def kept_apart(patient, random):\n"
        "    patients = np.unique(patient)\n"
        "    return np.isin(patient, random.choice(patients, len(patients) // 5))": "drawn twice",
        "def kept_apart(patient, random):\n"
        "    patients = np.unique(patient)\n"
        "    first = random.integers(len(patients) * 4 // 5 + 1)\n"
        "    return np.isin(patient, patients[first : first + len(patients) // 5])": "blocks",
        "kept_apart = lambda patient, random: patient % 5 == random.integers(5)": "blocks",
    },
)
def kept_apart(kept_apart):
    """Pictures kept apart, patient by patient."""
    made = np.random.default_rng(0)
    patient = 1000 + made.permutation(np.repeat(np.arange(100), made.integers(1, 9, 100)))
    drawn = []
    for seed in range(40):  # each patient may be drawn for itself: then only the mean is near 20
        random = np.random.default_rng(seed)
        result = answers.call(kept_apart, patient, random, name="`kept_apart`")
        found = answers.array(result, None, "what `kept_apart` returns")
        if found.shape != patient.shape:
            return (
                f"It should return one value for each picture, {len(patient)} here; got shape "
                f"{found.shape}. Which pictures belong to the patients that you chose?"
            )
        if not np.isin(found, (0, 1)).all():
            return "It should return True or False for each picture: kept apart or not."
        apart = set(patient[found == 1])
        both = apart & set(patient[found == 0])
        if both:
            return (
                f"{len(both)} of 100 patients have pictures on both sides: that is the leak. "
                "Choose patients, and take all their pictures."
            )
        drawn.append(apart)
    mean = np.mean([len(apart) for apart in drawn])
    if 75 <= mean <= 85:
        return "It is the other way round: four fifths are kept apart, and a fifth remains."
    if not 17.5 <= mean <= 22.5:
        return (
            f"In {len(drawn)} tries {mean:.0f} of 100 patients are kept apart on average; a fifth "
            "is 20. If you drew from the pictures, draw from the patients, each named once, so "
            "that one with many pictures is no likelier to come than one with few."
        )
    if all(apart == drawn[0] for apart in drawn):
        return "The same patients are chosen each time, and so not at random: draw with `random`."
    sizes = [len(apart) for apart in drawn]
    if min(sizes) < max(sizes) <= 20:
        return (
            f"In {len(drawn)} tries there are never more than 20 patients, and sometimes fewer: "
            "some are drawn twice. Draw from the patients, each named once, and without putting "
            "back: `replace=False`."
        )
    ever = set().union(*drawn)
    if len(ever) < 95:
        return f"In {len(drawn)} tries {100 - len(ever)} of 100 patients are never drawn."
    together = {}
    for one in ever:
        tries = tuple(one in apart for apart in drawn)
        together.setdefault(tries, []).append(one)
    if len(together) < len(ever) - 4:
        some = sorted(max(together.values(), key=len))[:2]
        return (
            f"Patients {some[0]} and {some[1]} are always on the same side, and so are others: "
            "blocks are drawn. Draw each patient at random."
        )
    return None

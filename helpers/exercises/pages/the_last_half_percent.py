"""The exercises of chapter 07, The last half percent."""

import numpy as np

from helpers.exercises import answers
from helpers.exercises.guesses import guess
from helpers.exercises.messages import got, safe_text
from helpers.exercises.turns import turn

DISPUTED = 15
MOST_PARAMETERS = 10_000


@guess(
    tries=[
        (1, -1, "as if each digit were looked at alone"),
        (-1, -1, "as good as exact"),
        (3, -1, "left the 3 as it was"),
        (0, -1, "the mean of its batch"),
        (0.5, -1, "Subtract 4"),
    ],
)
def other_company(guessed, measured):
    """What a digit's 3 becomes in another batch (batch normalisation sees one digit?)."""
    reveals = {
        1: "It was 1 in the first batch. To expect it again is as if each digit were looked at "
        "alone.",
        3: "You left the 3 as it was: no batch normalisation does that.",
        0: "A value becomes 0 when it is the mean of its batch, and here the mean is 4.",
    }
    why = [text for number, text in reveals.items() if abs(guessed - number) < 0.05]
    return " ".join(
        [
            *why,
            "Subtract 4, the mean of the new batch, and divide by 1: the digit is the same, and "
            "its company decides what becomes of it.",
        ]
    )


@guess(
    low=0,
    high=DISPUTED,
    tries=[
        (0, 7, "never saw"),
        (15, 7, "learned from labels"),
        (7, 7, "as good as exact"),
        (4, 7, "What people wrote"),
    ],
)
def with_the_label(guessed, measured):
    """With how many of the disputed labels the network agrees (a mistake is the network's?)."""
    why = []
    if guessed == 0:
        why.append("It never saw these labels, but 60,000 others that people gave in the same way.")
    if guessed == DISPUTED:
        why.append("It learned from labels like these, but nothing makes it repeat each of them.")
    return " ".join([*why, "What people wrote down is not always what other people read."])


MOVES = ("shift", "tilt", "mirror", "half turn", "zoom")


@turn(
    stub="""\
keeps_label = [...]  # of "shift", "tilt", "mirror", "half turn", "zoom"
""",
    solution_code="""\
keeps_label = ["shift", "tilt", "zoom"]  # of "shift", "tilt", "mirror", "half turn", "zoom"
""",
    hints=[
        "Try each move on paper with a 2, a 6 and a 7.",
        "A move is allowed if it works for *all* ten digits. What does half a turn make of a 6?",
        "Mirror a 2. Would anybody still call it a 2?",
    ],
    then="A shift, a tilt of ten degrees and a zoom of a tenth leave every digit what it is. A "
    "mirrored 2 is no digit, and half a turn makes a 9 of a 6: both would be taught with a false "
    "label.",
    right=[
        'keeps_label = ("zoom", "tilt", "shift")',
        'keeps_label = "shift, zoom, tilt"',
        'keeps_label = {"Shift", " tilt", "ZOOM"}',
    ],
    wrong={
        'keeps_label = ["shift", "tilt", "zoom", "mirror"]': "A mirrored 2",
        'keeps_label = ["shift", "tilt", "zoom", "half turn"]': "a 9 with the label 6",
        'keeps_label = ["shift", "zoom"]': "tilt",
        'keeps_label = ["tilt", "zoom"]': "shift",
        'keeps_label = ["shift"]': "missing",
        "keeps_label = []": "missing",
        'keeps_label = ["shift", "rotate"]': "none of these",
        "keeps_label = 3": "must be a list of names",
    },
)
def label_kept(keeps_label):
    """The moves that leave every digit what its label says."""
    found = answers.names(keeps_label, "`keeps_label`", MOVES, "[,;]", "these")
    if "mirror" in found:
        return (
            "A mirrored 0, 1 or 8 may pass. A mirrored 2 is no digit, and the network would be "
            "taught to call it a 2."
        )
    if "half turn" in found:
        return "Half a turn makes a 9 of a 6, and it would be taught as a 9 with the label 6."
    if missing := sorted({"shift", "tilt", "zoom"} - found):
        return (
            f"Nothing false is in your list, and something is missing: {', '.join(missing)}. Is a "
            "7 still a 7 after it?"
        )
    return None


@turn(
    given="import numpy as np",
    stub='''\
def when_used(values, moving_mean, moving_variance):
    """What batch normalisation makes of one neuron's values once training is over."""
    return ...
''',
    solution_code='''\
def when_used(values, moving_mean, moving_variance):
    """What batch normalisation makes of one neuron's values once training is over."""
    return (values - moving_mean) / np.sqrt(moving_variance + 0.001)
''',
    hints=[
        "It is `normalise` with other numbers in place of the batch's own mean and variance.",
        "Subtract the moving mean. Add 0.001 to the moving variance, take the square root, divide.",
    ],
    then="One digit or a thousand, the formula is the same, and no digit has a say in what becomes "
    "of another. Once training is over the two moving numbers are constants: a weight and a bias, "
    "with which some programs merge the whole layer into the one before.",
    right=[
        "when_used = lambda v, m, s: (v - m) / (s + 1e-3) ** 0.5",
        "def when_used(values, moving_mean, moving_variance):\n"
        "    factor = 1 / np.sqrt(moving_variance + 0.001)\n"
        "    return [factor * float(value) - factor * moving_mean for value in values]",
    ],
    wrong={
        "when_used = lambda v, m, s: (v - v.mean()) / np.sqrt(v.var() + 0.001)": "each other",
        "when_used = lambda v, m, s: (v - v.mean()) / np.sqrt(s + 0.001)": "each other",
        "when_used = lambda v, m, s: (v - m) / (s + 0.001)": "square root",
        "when_used = lambda v, m, s: (v - m) / np.sqrt(s)": "0.001",
        "when_used = lambda v, m, s: v - m": "not divided",
        "when_used = lambda v, m, s: v / np.sqrt(s + 0.001)": "not subtracted",
        "when_used = lambda v, m, s: 5": "shape",
    },
)
def as_when_used(when_used):
    """Batch normalisation with its moving mean and variance."""
    for values in (np.array([3.0]), np.array([1.0, 2.5, 4.0])):
        mean, variance = 2.0, 0.009
        found = answers.array(
            answers.call(when_used, values, mean, variance, name="`when_used`"),
            values.shape,
            "what `when_used` returns",
        )
        root = np.sqrt(variance + 0.001)
        own = "It lets the values decide about each other: that is how it works in training. Now "
        own += "the moving mean and variance take their place."
        wrong = answers.compare(
            found,
            (values - mean) / root,
            {
                own: (values - values.mean()) / np.sqrt(values.var() + 0.001),
                f"{own} Your mean is the values' own.": (values - values.mean()) / root,
                "It divides by the variance: take the square root first.": (
                    (values - mean) / (variance + 0.001)
                ),
                "It leaves out the 0.001 under the root, as `normalise` has it.": (
                    (values - mean) / np.sqrt(variance)
                ),
                "The mean is subtracted, and nothing is divided: not divided by the root.": (
                    values - mean
                ),
                "The moving mean is not subtracted.": values / root,
            },
            f"With the values {values.tolist()}, the moving mean 2 and the moving variance 0.009 "
            f"it should give {np.round((values - mean) / root, 2).tolist()}.",
        )
        if wrong:
            return wrong
    return None


THREE = ("shift", "mirror", "half turn")
KEPT = {
    "letters": {"shift"},
    "arrows": {"shift", "mirror"},
    "galaxies": set(THREE),
}


@turn(
    stub="""\
letters = [...]  # b, d, p or q
arrows = [...]  # pointing up or down
galaxies = [...]  # spiral or round
""",
    solution_code="""\
letters = ["shift"]  # b, d, p or q
arrows = ["shift", "mirror"]  # pointing up or down
galaxies = ["shift", "mirror", "half turn"]  # spiral or round
""",
    hints=[
        "Draw a b, and mirror it. Turn it by half a turn. Which letters do you get?",
        "An arrow that points up: does left and right matter to it? And which way does it point "
        "after half a turn?",
        "In space there is no up and no down, and no left either.",
    ],
    then="The same move is right for one kind of picture and wrong for another. Which moves keep "
    "the label is knowledge about the pictures, and no library has it for you.",
    right=[
        'letters = "shift"\narrows = ("mirror", "shift")\ngalaxies = "shift, mirror, half turn"',
        'letters = {"Shift"}\narrows = ["shift", " mirror"]\n'
        'galaxies = ["half turn", "mirror", "shift"]',
    ],
    wrong={
        'letters = ["shift"]\narrows = ["shift"]\ngalaxies = ["shift"]': "arrows",
        'letters = ["shift", "mirror"]\narrows = ["shift", "mirror"]\n'
        'galaxies = ["shift", "mirror", "half turn"]': "a d of a b",
        'letters = ["shift", "half turn"]\narrows = ["shift", "mirror"]\n'
        'galaxies = ["shift", "mirror", "half turn"]': "a q of a b",
        'letters = ["shift"]\narrows = ["shift", "half turn"]\n'
        'galaxies = ["shift", "mirror", "half turn"]': "points down",
        'letters = ["shift"]\narrows = ["shift", "mirror"]\ngalaxies = ["shift", "mirror"]': (
            "galaxies"
        ),
        'letters = []\narrows = ["shift", "mirror"]\ngalaxies = ["shift"]': "letters",
        'letters = ["tilt"]\narrows = ["shift"]\ngalaxies = ["shift"]': "none of these",
        'letters = 3\narrows = ["shift"]\ngalaxies = ["shift"]': "must be a list of names",
    },
)
def other_pictures(letters, arrows, galaxies):
    """The moves that keep the label of three other kinds of picture."""
    false = {
        ("letters", "mirror"): "Mirroring makes a d of a b, and it would be taught as a b.",
        ("letters", "half turn"): "Half a turn makes a q of a b, and it would be taught as a b.",
        ("arrows", "half turn"): "An arrow that points up points down after half a turn.",
    }
    given = {"letters": letters, "arrows": arrows, "galaxies": galaxies}
    given = {
        name: answers.names(answer, f"`{name}`", THREE, "[,;]", "these")
        for name, answer in given.items()
    }
    for (name, move), why in false.items():
        if move in given[name]:
            return why
    for name, moves in given.items():
        if missing := sorted(KEPT[name] - moves):
            return (
                f"`{name}`: what you list is right, and something is missing. Look again at: "
                f"{', '.join(missing)}."
            )
    return None


@turn(
    given="from keras import layers",
    stub='''\
def small_network():
    """The layers between an image of shape (28, 28, 1) and the ten logits, in a list."""
    return [...]
''',
    solution_code='''\
def small_network():
    """The layers between an image of shape (28, 28, 1) and the ten logits, in a list."""
    return [layers.Conv2D(8, 5, strides=3, activation="relu"), layers.Flatten()]
''',
    hints=[
        "A dense layer on 784 pixels has 785 parameters for each neuron, a filter of 3 × 3 on one "
        "channel has 10. Where do you want to spend 10,000?",
        "Shrink the maps, by strides or pooling, before `Flatten`: the last layer has ten weights "
        "for each number that is left.",
    ],
    then="It fits. Now train it on the training digits, count the validation digits that it "
    "misreads, and let that number rank it against your next try.",
    right=[
        "small_network = lambda: [layers.Flatten(), layers.Dense(12, activation='relu')]",
        "def small_network():\n"
        "    made = [layers.Conv2D(16, 5, strides=2), layers.BatchNormalization()]\n"
        "    return (*made, layers.Activation('relu'), layers.GlobalAveragePooling2D())",
    ],
    wrong={
        "small_network = lambda: [layers.Flatten(), layers.Dense(128)]": "101,770",
        "small_network = lambda: [layers.Conv2D(8, 3)]": "Flatten",
        "small_network = lambda: [layers.Flatten(), layers.Dense(10), 3]": "must be a list of",
        "small_network = lambda: 3": "must return a list of",
        "small_network = lambda: [layers.Conv2D(4, 40), layers.Flatten()]": "do not fit",
    },
)
def under_ten_thousand(small_network):
    """A network of fewer than 10,000 parameters (bigger wins?)."""
    import keras  # not before a page has chosen its backend

    made = answers.call(small_network, name="`small_network`")
    if not isinstance(made, list | tuple):
        raise answers.Wrong(f"`small_network` must return a list of Keras layers; {got(made)}.")
    answers.finished(made, "what `small_network` returns")
    if odd := [layer for layer in made if not isinstance(layer, keras.layers.Layer)]:
        raise answers.Wrong(
            f"what `small_network` returns must be a list of Keras layers; {got(odd[0])}."
        )
    last = keras.layers.Dense(10)
    try:
        model = keras.Sequential([keras.Input((28, 28, 1)), *made, last])
    except Exception as error:
        return f"The layers do not fit on one another: {safe_text(error).splitlines()[0][:200]}"
    if model.output_shape != (None, 10):
        return (
            f"With ten logits behind them, they give the shape {model.output_shape}, not "
            "(None, 10). End with `layers.Flatten()` or a global pooling."
        )
    count = model.count_params()
    if count >= MOST_PARAMETERS:
        return (
            f"With the ten logits behind them it has {count:,} parameters; fewer than "
            f"{MOST_PARAMETERS:,} are allowed. `model.summary()` shows which layer has them."
        )
    return None

"""The exercises of chapter 06, Convolutions."""

import numpy as np

from helpers.exercises import answers
from helpers.exercises.guesses import guess
from helpers.exercises.messages import figure
from helpers.exercises.turns import turn


@turn(
    given="import numpy as np",
    stub="top_edges = ...  # nine weights: a large sum where ink begins below paper\n",
    solution_code="top_edges = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])  "
    "# nine weights: a large sum where ink begins below paper\n",
    hints=[
        "The filter of this section compares the right with the left. Which two sides should yours "
        "compare?",
        "A filter is no picture of what it looks for. Where all nine pixels are the same, paper or "
        "ink, there is no edge, so the nine weights must add up to 0.",
        "Give the lower row positive weights, the upper row negative ones, and the middle row 0.",
    ],
    then="Paper or solid ink, nine equal pixels give 0: your filter compares, below minus above. "
    "Where ink ends below, the sum is negative. It is the filter for left edges, given a "
    "quarter turn. Put it into `weights` above, and look at its map.",
    right=[
        "top_edges = [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]",
        "top_edges = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]).T",
        "top_edges = [[0, -1, 0], [0, 0, 0], [0, 1, 0]]",
        "top_edges = np.array([[-1] * 3, [1] * 3, [0] * 3]) / 3",
    ],
    wrong={
        "top_edges = [[0, 0, 0], [1, 1, 1], [1, 1, 1]]": "looks like what it should find",
        "top_edges = [[0, 0, 0], [0, 0, 0], [1, 1, 1]]": "looks like what it should find",
        "top_edges = [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]]": "a thin line",
        "top_edges = [[1, 1, 1], [0, 0, 0], [-1, -1, -1]]": "lower edges",
        "top_edges = [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]": "left edges",
        "top_edges = [[1, 0, -1], [1, 0, -1], [1, 0, -1]]": "right edges",
        "top_edges = [[-1, -1, 0], [-1, 0, 1], [0, 1, 1]]": "as much for left edges",
        "top_edges = np.zeros((3, 3))": "every place",
        "top_edges = [-1, 0, 1]": "shape (3, 3)",
        "top_edges = [[-1, -1, -1], [0, 0, 0], [2, 2, 2]]": "add up to 3",
    },
)
def top_edges(top_edges):
    """A filter for top edges (a filter is a template)."""
    weights = answers.array(top_edges, (3, 3), "`top_edges`", "nine weights")
    size = np.abs(weights).sum()
    if size == 0:
        return "With nine zeros the sum is 0 at every place, edge or not."
    total = weights.sum()
    if abs(total) > 1e-3 * size:
        said = f"The weights add up to {figure(total)}, so solid ink, which has no edge, "
        if weights.min() >= 0:
            return (
                f"{said}gives the largest sum of all. Your filter looks like what it should find, "
                "ink with paper above, but a filter is no picture: give the paper's side negative "
                "weights."
            )
        return f"{said}gives a sum other than 0. Make them add up to 0."
    tops = np.array([weights[1:].sum(), weights[2].sum()])  # ink from the middle row, the last row
    lefts = np.array([weights[:, 1:].sum(), weights[:, 2].sum()])
    small = 1e-3 * size
    if tops.max() > small and tops.min() >= -small:
        if np.abs(lefts).max() < 0.5 * tops.max():
            return None
        return "It gives as much for left edges as for top edges. Let left and right cancel."
    if np.abs(lefts).max() > np.abs(tops).max():
        side = "left" if lefts.sum() > 0 else "right"
        return (
            f"That finds {side} edges: it compares left and right. Compare above and below: a "
            "quarter turn does it."
        )
    if tops.max() > small:
        return (
            "That finds a thin line, ink with paper above *and* below. At the edge of a broad "
            "stroke its sum is positive at one place and negative at the next."
        )
    return (
        "That finds lower edges, where ink ends and paper begins below it. Exchange the signs: the "
        "positive weights belong to the ink's side."
    )


@turn(
    stub="parameters = ...  # of layers.Conv2D(16, 5) on images with three channels\n",
    solution_code="parameters = (5 * 5 * 3 + 1) * 16  "
    "# of layers.Conv2D(16, 5) on images with three channels\n",
    hints=[
        "Count one filter first. How many numbers of the image lie under it?",
        "Under a 5 × 5 filter lie 5 × 5 pixels with three numbers each. A filter gives one sum, "
        "and needs one bias.",
        "One filter has 5 × 5 × 3 + 1 parameters, and there are 16.",
    ],
    then="A filter has 75 weights and one bias, and there are 16 filters. You were not told how "
    "large the images are, and did not need it: the same weights serve at every place.",
    right=["parameters = 1216", "parameters = 16 * 75 + 16", "parameters = 1216.0"],
    wrong={
        "parameters = 16 * 5 * 5 * 3": "left out the biases",
        "parameters = 16 * (5 * 5 * 3 + 3)": "bias for each channel",
        "parameters = 16 * 3 * (5 * 5 + 1)": "bias for each channel",
        "parameters = 16 * (5 * 5 + 1)": "one channel",
        "parameters = 16 * 5 * 5": "one channel",
        "parameters = 5 * 5 * 3 + 1": "one filter",
        "parameters = 16 * 5 * 5 * 3 + 1": "one bias for the whole layer",
        "parameters = 16 * (5 * 3 + 1)": "5 pixels in a row",
        "parameters = 16 * 75 * 2": "bias for each weight",
        "parameters = (28 * 28 * 3 + 1) * 16": "dense layer",
        "parameters = 1217": "Count one filter",
    },
)
def colour_parameters(parameters):
    """Parameters of a convolution on colour images (a bias a channel)."""
    mistakes = {
        "You left out the biases: each filter adds one to its sum.": 1200,
        "You gave a filter a bias for each channel. It adds up the products of all its channels "
        "into *one* sum, and needs one bias.": 1248,
        "That is for one channel. A filter reaches through all three.": 416,
        "That is for one channel, and without biases. A filter reaches through all three.": 400,
        "That is one filter. There are 16.": 76,
        "You gave the layer one bias for the whole layer. Each filter has its own.": 1201,
        "`Conv2D(16, 5)` means 5 × 5, not 5 pixels in a row.": 256,
        "You gave a filter a bias for each weight. It adds one bias to the whole sum.": 2400,
        "That is a dense layer on images of 28 × 28. A filter has weights for its patch "
        "only.": 37_648,
    }
    return answers.compare(
        answers.number(parameters, "`parameters`"),
        1216,
        mistakes,
        "Count one filter first, weights and bias, then all 16.",
        tolerance=1e-6,
    )


@guess(
    unit=" %",
    low=0,
    high=100,
    tries=[
        (99, 84.9, "The maps move along"),
        (97, 92.0, "The maps move along"),
        (10, 84.9, "chance"),
        (85, 84.9, "as good as exact"),
        (60, 84.9, "Behind the maps"),
    ],
)
def moved_digits(guessed, measured):
    """Read right once every digit is moved (equivariant = invariant)."""
    why = "Behind the maps, a dense layer has other weights for every place."
    if guessed - measured > 2:
        return f"The maps move along with the digit, but the answer need not stay the same. {why}"
    if guessed < 15:
        return f"That is what chance would read. The maps still hold the digit's strokes. {why}"
    return why


@turn(
    stub="""\
side = ...  # rows of what the third convolution gives
flat = ...  # numbers after Flatten
parameters = ...  # of Dense(200)
""",
    solution_code="""\
side = 28 // 2 // 2  # rows of what the third convolution gives
flat = side * side * 32  # numbers after Flatten
parameters = (flat + 1) * 200  # of Dense(200)
""",
    hints=[
        'With padding "same" the number of rows is divided by the stride, whatever the filter\'s '
        "size.",
        "28 rows become 14, and then 7. The last maps are 7 × 7, and there are 32 of them.",
        "7 × 7 × 32 = 1,568 numbers go into each of 200 neurons, and each neuron has a bias.",
    ],
    then="The whole network has 354,002 parameters, and nearly nine tenths of them sit in this one "
    "dense layer. Where does dropout do most, then? The codelab puts it there.",
    right=[
        "side, flat, parameters = 7, 1568, 313_800",
        "side = 7\nflat = 7 * 7 * 32\nparameters = flat * 200 + 200",
    ],
    wrong={
        "side, flat, parameters = 3, 288, 57_800": "no padding",
        "side, flat, parameters = 28, 25_088, 5_017_800": "strides",
        "side, flat, parameters = 14, 6272, 1_254_600": "two layers",
        "side, flat, parameters = 7, 49, 10_000": "32 maps",
        "side, flat, parameters = 7, 1568, 313_600": "biases",
        "side, flat, parameters = 7, 1568, 313_601": "one bias for all",
        "side, flat, parameters = 7, 1568, 2000": "`parameters`",
    },
)
def codelab(side, flat, parameters):
    """Sizes and parameters of a network from a tutorial (a filter's size shrinks the map)."""
    side = answers.number(side, "`side`")
    flat, parameters = answers.number(flat, "`flat`"), answers.number(parameters, "`parameters`")
    return (
        answers.compare(
            side,
            7,
            {
                "`side`: that would be right with no padding. These layers have a frame of "
                "zeros.": 3,
                "`side`: the strides are missing.": 28,
                "`side`: two layers have a stride of 2.": 14,
            },
            'With padding "same", divide by the stride of each layer.',
        )
        or answers.compare(
            flat,
            1568,
            {"`flat`: that is one map, and there are 32 maps.": 49},
            "`flat` should be rows × columns × channels.",
            tolerance=1e-6,
        )
        or answers.compare(
            parameters,
            313_800,
            {
                "`parameters`: the biases are missing, one for each neuron.": 313_600,
                "`parameters`: there is one bias for each neuron, not one bias for all.": 313_601,
            },
            "`parameters` should be (inputs + 1) × neurons.",
            tolerance=1e-6,
        )
    )


@turn(
    given="import numpy as np",
    stub='''\
def slide(series, weights):
    """The sum of products at each place where all weights lie on the series."""
    return ...
''',
    solution_code='''\
def slide(series, weights):
    """The sum of products at each place where all weights lie on the series."""
    return [series[i : i + len(weights)] @ weights for i in range(len(series) - len(weights) + 1)]
''',
    hints=[
        "It is `convolve` with one loop in place of two. At how many places do the weights fit?",
        "They fit at `len(series) - len(weights) + 1` places. At place i they lie on "
        "`series[i : i + len(weights)]`.",
        "`(series[i : i + len(weights)] * weights).sum()` is the sum at place i. Collect them in a "
        "list.",
    ],
    then="One axis in place of two, and the same idea: a few weights, used at every place. In "
    "Keras that is `Conv1D`. It reads sound, heartbeats, and temperatures by the hour.",
    right=[
        'def slide(series, weights):\n    return np.correlate(series, weights, mode="valid")',
        'def slide(series, weights):\n    return np.convolve(series, weights[::-1], "valid")',
        "def slide(series, weights):\n    n = len(weights)\n"
        "    windows = np.lib.stride_tricks.sliding_window_view(series, n)\n"
        "    return windows @ weights",
    ],
    wrong={
        'def slide(series, weights):\n    return np.convolve(series, weights, "valid")': "turned",
        'def slide(series, weights):\n    return np.correlate(series, weights, "same")': "zeros",
        'def slide(series, weights):\n    return np.correlate(series, weights, "full")': "zeros",
        "def slide(series, weights):\n    n = len(weights)\n"
        "    return [series[i : i + n] @ weights for i in range(len(series) - n)]": "last place",
        "def slide(series, weights):\n    return series[: len(weights)] @ weights": "every place",
        "def slide(series, weights):\n    n = len(weights)\n"
        "    return [series[i : i + n] @ weights for i in range(0, len(series) - n + 1, n)]": (
            "one step at a time"
        ),
        "def slide(series, weights):\n    n = len(weights)\n    return [series[i : i + n].mean() "
        "for i in range(len(series) - n + 1)]": "should give",
    },
)
def slide(slide):
    """A filter on a series (convolution as mathematicians have it)."""
    for series, weights in (
        ([9.0, 9, 10, 14, 15, 15, 11, 8], [-1.0, 0, 1]),
        ([1.0, 4, 2, 8, 5, 7], [3.0, 1]),
    ):
        series, weights = np.array(series), np.array(weights)
        found = answers.array(
            answers.call(slide, series, weights, name="`slide`"), None, "what `slide` returns"
        ).ravel()
        right = np.correlate(series, weights, "valid")
        if answers.close(found, right):
            continue
        mistakes = {
            "The weights are turned round: that is the mathematician's convolution, as "
            "`np.convolve` has it. Let the first weight meet the first number of each "
            "patch.": np.convolve(series, weights, "valid"),
            "There are zeros around the series. Keep to the places where all weights lie on "
            "it.": np.correlate(series, weights, "same"),
            "There are zeros around the series, and many of them. Keep to the places where all "
            "weights lie on it.": np.correlate(series, weights, "full"),
            "The last place is missing: the weights fit once more.": right[:-1],
            "That is the first place only. Give a sum for every place.": right[:1],
            "The weights move on by their own length. Move them one step at a time.": right[
                :: len(weights)
            ],
        }
        for why, mistaken in mistakes.items():
            if answers.close(found, mistaken):
                return why
        said = ", ".join(map(figure, right))
        return f"On {series.tolist()} the weights {weights.tolist()} should give {said}."
    return None

"""The exercises of chapter 04, Learning rate."""

import numpy as np

from helpers.exercises import answers
from helpers.exercises.guesses import guess
from helpers.exercises.messages import figure, got
from helpers.exercises.turns import turn


@turn(
    stub="""\
climbs = ...  # a rate below 1.03 at which the walk in (w − 3)² gets further from 3 with each step
settles = ...  # a rate at which the walk in 100(w − 3)² gets nearer to 3 with each step
""",
    solution_code="""\
climbs = 1.01  # a rate below 1.03 at which the walk in (w − 3)² gets further from 3 with each step
settles = 0.004  # a rate at which the walk in 100(w − 3)² gets nearer to 3 with each step
""",
    hints=[
        "The first valley multiplies the distance by 1 − 2 × rate. When is that larger than 1, or "
        "smaller than −1?",
        "The slope of 100(w − 3)² is 200(w − 3), so a step there multiplies the distance by "
        "1 − 200 × rate.",
        "That number must lie between −1 and 1. So the rate must be above 0 and below 0.01.",
    ],
    then="In the first valley every rate above 1 climbs; in the steep one, every rate above 0.01. "
    "A rate is neither small nor large in itself: it is small or large for a valley.",
    right=[
        "climbs, settles = 1.02, 1 / 200",
        "climbs = 1.0001\nsettles = 0.0099",
        "climbs = 1 + 1e-9\nsettles = 1e-20",
        "import numpy as np\nclimbs = 1.01\nsettles = np.float32(0.001)",
    ],
    wrong={
        "climbs, settles = 0.95, 0.005": "comes down all the same",
        "climbs, settles = 1, 0.005": "exactly as far on the other side",
        "climbs, settles = 0, 0.005": "no step at all",
        "climbs, settles = 0.99999, 0.005": "a step at 0.99999 multiplies the distance by −0.99998",
        "climbs, settles = 1.01, 0.0100001": "by −1.00002, so it climbs",
        "climbs, settles = 1.5, 0.01": "exactly as far on the other side",
        "climbs, settles = 1.5, 0.2": "multiplies the distance by −39",
        "climbs, settles = 1.5, 0": "no step at all",
        "climbs, settles = 1.5, -0.001": "the wrong way",
        "climbs, settles = 1.2, 0.005": "you knew that of 1.03",
        "climbs, settles = -0.1, 0.005": "find a positive rate",
        "climbs, settles = [1, 2], 0.01": "`climbs` must be",
    },
)
def two_rates(climbs, settles):
    """A rate that diverges, and one that does not in a valley 100 times as steep (0.01 is good)."""
    first = answers.number(climbs, "`climbs`")
    second = answers.number(settles, "`settles`")
    for name, rate, steepness, wanted in (
        ("climbs", first, 2, "further from 3"),
        ("settles", second, 200, "nearer to 3"),
    ):
        factor = 1 - steepness * rate
        said = [f"{number:.10g}".replace("-", "−") for number in (rate, factor)]
        start = f"`{name}`: a step at {said[0]} multiplies the distance by {said[1]}"
        if rate == 0:
            return f"`{name}`: a rate of 0 is no step at all."
        if abs(factor + 1) < 1e-12:
            return f"{start}. It lands exactly as far on the other side, step after step."
        if (abs(factor) > 1) != (name == "climbs"):
            if name == "climbs":
                return f"{start}, so it comes down all the same. It must end {wanted}."
            way = " A negative rate steps the wrong way, uphill." if rate < 0 else ""
            return f"{start}, so it climbs. It must end {wanted}.{way}"
    if first < 0:
        return (
            f"`climbs`: it does climb at {figure(first)}, since each step goes uphill. Now find a "
            "positive rate at which it climbs."
        )
    if first >= 1.03:
        return (
            f"`climbs`: it climbs at {figure(first)}, but you knew that of 1.03. At 0.95 it comes "
            "down. Where between the two does the climbing begin? Find a rate there that climbs."
        )
    return None


@guess(
    low=0,
    tries=[
        (65_025, 65_025, "The gradient is 255 times as large"),
        (255, 65_025, "the second"),
        (1, 65_025, "The same rate"),
        (1000, 65_025, "The gradient is 255 times as large"),
        (0.004, 65_025, "Larger inputs"),
    ],
)
def times_smaller(guessed, measured):
    """How much smaller the rate for raw pixels is (scaling adds information)."""
    why = (
        "The gradient is 255 times as large, and a weight that does the same job is 255 times "
        "smaller. So the rate must be 255 × 255 times smaller."
    )
    if guessed < 1:
        return f"Larger inputs need a smaller rate, not a larger one. {why}"
    if guessed == 1:
        return f"The same rate would take steps that are far too long. {why}"
    if abs(guessed - 255) < 2:
        return f"That is the first of two reasons; the second is what the weight has to be. {why}"
    return why


@guess(
    choices=("falls", "stays", "climbs"),
    tries=[
        ("falls", "climbs", "along the gradient"),
        ("stays", "climbs", "along the gradient"),
        ("climbs", "climbs", "along the gradient"),
        ("climbs", "falls", "not what usually"),
    ],
)
def below_zero(guessed, measured):
    """The validation loss once the rate is negative."""
    if measured != "climbs":
        return "That is not what usually happens. Run the cells above again."
    why = "At a negative rate every step goes along the gradient: uphill."
    if guessed == "falls":
        return f"Keras does not turn the sign round for you. {why}"
    if guessed == "stays":
        return f"At a rate of exactly 0 it would. {why}"
    return why


@turn(
    given="import numpy as np",
    stub='''\
def rate_at(step):
    """0 at step 0, straight up to 0.003 at step 100, straight down to 0 at step 1,100; then 0."""
    return ...
''',
    solution_code='''\
def rate_at(step):
    """0 at step 0, straight up to 0.003 at step 100, straight down to 0 at step 1,100; then 0."""
    return np.interp(step, [0, 100, 1100], [0, 0.003, 0])
''',
    hints=[
        "There are three stretches: up, down, and flat. An `if` for each will do.",
        "On the way up the rate is 0.003 × step / 100. On the way down it is 0.003 times the share "
        "of the 1,000 steps that are left.",
        "`np.interp(step, …, …)` joins points by straight lines, and stays at the last one.",
    ],
    then="A schedule is any rule from a step to a rate. Yours warms up, falls, and stops at zero, "
    "which the straight line of this page forgot.",
    right=[
        "def rate_at(step):\n    up, down = step / 100, (1100 - step) / 1000\n"
        "    return 0.003 * max(0, min(up, down))",
        "def rate_at(step):\n    if step < 100:\n        return 0.003 * step / 100\n"
        "    return 0.003 * (1 - (step - 100) / 1000) if step < 1100 else 0",
    ],
    wrong={
        "rate_at = lambda s: 0.003 * min(s / 100, (1100 - s) / 1000)": "below zero",
        "rate_at = lambda s: 0.003 * max(0, min(1, (1100 - s) / 1000))": "does not warm up",
        "rate_at = lambda s: 0.003 * max(0, min(s / 100, 1 - s / 1100))": "1,000 steps",
        "rate_at = lambda s: 0.003 * min(1, s / 100)": "does not fall",
        "rate_at = lambda s: max(0, min(s / 100, (1100 - s) / 1000))": "the peak is 0.003",
        "rate_at = lambda s: 0.003 * s / 1100": "At step 25",
        "rate_at = lambda s: np.interp(s, [0, 100, 1101], [0, 0.003, 0])": "At step 850",
        "rate_at = lambda s: 0.003 * max(0, min(s / 100, (1100 - s) / 1001))": "At step 100",
        "rate_at = lambda s: 0.003 * min(s / 100, max(0, (1100 - s) / 1000) ** 2)": "At step 350",
        "rate_at = lambda s: max(5e-6, np.interp(s, [0, 100, 1100], [0, 0.003, 0]))": (
            "should be 0; yours is 0.000005"
        ),
        "rate_at = lambda s: 0.00003 * s if s < 100 else "
        "0.0015 * (1 + np.cos(np.pi * min(1, (s - 100) / 1000)))": "At step 350",
        "rate_at = lambda s: 0.0015 * (1 - np.cos(np.pi * s / 100)) if s < 100 else "
        "max(0, 0.003 * (1100 - s) / 1000)": "At step 25",
        "rate_at = lambda s: 0.003 * (s == 100) or 0.0015 * (0 < s < 1100)": "At step 25",
        "rate_at = lambda s: -1 if s == 1200 else np.interp(s, [0, 100, 1100], [0, 0.003, 0])": (
            "below zero"
        ),
    },
)
def my_schedule(rate_at):
    """A schedule of one's own: up, down, and then zero."""
    right = {0: 0, 25: 0.00075, 50: 0.0015, 75: 0.00225, 100: 0.003}
    right |= {350: 0.00225, 600: 0.0015, 850: 0.00075, 1100: 0, 1200: 0, 1500: 0}
    found = {}
    for step in right:
        given = answers.call(rate_at, step, name="`rate_at`")
        found[step] = answers.number(given, f"`rate_at({step})`")
    wrong = [s for s in right if abs(found[s] - right[s]) > (1.5e-6 if right[s] else 1e-7)]
    if not wrong:
        return None
    below = [step for step in right if found[step] < -1e-9]
    if below:
        return f"At step {below[0]:,} the rate is below zero. Training would climb there."
    if answers.close(found[1500], 0.003) and answers.close(found[600], 0.003):
        return "It stays at 0.003 and does not fall."
    if found[50] > 0 and answers.close(found[50], found[100]):
        return "It does not warm up: the rate is the same at step 50 as at step 100."
    if answers.close(found[100], 1):
        return "It goes up to 1; the peak is 0.003."
    if wrong[0] == 100 and found[100] < 0.0029 and not found[1100]:
        return "It does not fall from 0.003 at step 100 to 0 at step 1,100, over 1,000 steps."
    step = wrong[0]
    said = f"At step {step:,} the rate should be {figure(right[step])}"
    return f"{said}; yours is {figure(found[step])}."


@turn(
    given="import numpy as np",
    stub='''\
def standardise(train, new):
    """Both tables, each column standardised by what the training table says about it."""
    mean, spread = ..., ...
    return (train - mean) / spread, (new - mean) / spread
''',
    solution_code='''\
def standardise(train, new):
    """Both tables, each column standardised by what the training table says about it."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / spread, (new - mean) / spread
''',
    hints=[
        "Height in metres and income in euros have nothing in common: each column needs a mean and "
        "a standard deviation of its own.",
        "A row is a person. `axis=0` goes down the rows, and gives one number for each column.",
        "Take both from `train`: `train.mean(axis=0)` and `train.std(axis=0)`.",
    ],
    then="Now a difference of one means the same in both columns, and one rate can serve both. The "
    "new people were measured with the training table's ruler: with a ruler of their own, the same "
    "person would get other numbers next to other people.",
    right=[
        "def standardise(train, new):\n    m, s = np.mean(train, axis=0), np.std(train, axis=0)\n"
        "    return [(table - m) / s for table in (train, new)]",
        "def standardise(train, new):\n    mean, spread = train.mean(0), train.std(0, ddof=1)\n"
        "    return (train - mean) / spread, (new - mean) / spread",
    ],
    wrong={
        "def standardise(train, new):\n"
        "    return [(t - t.mean(axis=0)) / t.std(axis=0) for t in (train, new)]": "ruler",
        "def standardise(train, new):\n    m, s = train.mean(), train.std()\n"
        "    return (train - m) / s, (new - m) / s": "whole table",
        "def standardise(train, new):\n    m, s = train.mean(axis=0), train.var(axis=0)\n"
        "    return (train - m) / s, (new - m) / s": "variance",
        "def standardise(train, new):\n    both = np.concatenate([train, new])\n"
        "    m, s = both.mean(axis=0), both.std(axis=0)\n"
        "    return (train - m) / s, (new - m) / s": "both tables",
        "def standardise(train, new):\n    return train / train.max(axis=0), "
        "new / train.max(axis=0)": "mean of 0",
        "def standardise(train, new):\n"
        "    return (train - train.mean(axis=0)) / train.std(axis=0)": "two tables",
        "def standardise(train, new):\n"
        "    return (train - train.mean(axis=0)) / train.std(axis=0), new": "first table is right",
        "def standardise(train, new):\n    m, s = new.mean(axis=0), new.std(axis=0)\n"
        "    return (train - m) / s, (new - m) / s": "come from the new rows",
        "def standardise(train, new):\n    return [(t - t.mean(axis=1, keepdims=True)) / "
        "t.std(axis=1, keepdims=True) for t in (train, new)]": "row by row",
        "def standardise(train, new):\n    m, s = train.mean(axis=0), train.std(axis=0)\n"
        "    return (new - m) / s, (train - m) / s": "The first table, from `train`,",
        "def standardise(train, new):\n    return [(t - t.mean(axis=0)) / t.std(axis=0, ddof=1) "
        "for t in (train, new)]": "ruler",
    },
)
def standardise(standardise):
    """Two columns of different units, and new rows (each set by its own mean)."""
    train = np.array([[1.6, 20_000.0], [1.8, 30_000], [1.7, 70_000], [1.9, 40_000]])
    new = np.array([[1.75, 50_000.0], [1.55, 90_000]])
    result = answers.call(standardise, train, new, name="`standardise`")
    if not isinstance(result, tuple | list) or len(result) != 2:
        return f"It must give back two tables, first `train`, then `new`; {got(result)}."
    names = "the first table, from `train`,", "the second table, from `new`,"
    pair = [
        answers.array(table, given.shape, name)
        for table, given, name in zip(result, (train, new), names, strict=True)
    ]
    ways = [_ways(train, new, ddof) for ddof in (0, 1)]  # both are called standard deviation
    for why, tables in [*ways[0].items(), *ways[1].items()]:
        if all(map(answers.close, pair, tables)):
            return why
    if any(answers.close(pair[0], way[None][0]) for way in ways):
        return (
            "The first table is right. The new rows need the same two numbers for each column, "
            "the training table's mean and standard deviation."
        )
    return "Each column of the training table should get a mean of 0 and a standard deviation of 1."


def _ways(train, new, ddof):
    """{what is wrong, None for nothing: both tables as they then come out}."""

    def by(source, how=np.std, axis=0):
        mean, spread = source.mean(axis=axis), how(source, axis=axis, ddof=ddof)
        return [(train - mean) / spread, (new - mean) / spread]

    both = np.concatenate([train, new])
    rows = [(t.T - t.mean(axis=1)) / t.std(axis=1, ddof=ddof) for t in (train, new)]
    return {
        None: by(train),
        "Each table is standardised by itself. The new rows need the training table's ruler.": [
            by(train)[0],
            by(new)[1],
        ],
        "Mean and standard deviation are those of the whole table; metres and euros have nothing "
        "in common. Take them column by column.": by(train, axis=None),
        "It goes row by row. A row is a person: go down the columns.": [t.T for t in rows],
        "It divides by the variance. Divide by its square root, the standard deviation.": by(
            train, np.var
        ),
        "Mean and standard deviation come from both tables. The new rows must have no part in how "
        "the tables are prepared.": by(both),
        "Mean and standard deviation come from the new rows. Take them from `train`.": by(new),
    }

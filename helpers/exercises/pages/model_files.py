"""The exercises of page 08b, Model files."""

import hashlib
import json
import tempfile
import zipfile
from pathlib import Path

from helpers.exercises import answers
from helpers.exercises.guesses import guess
from helpers.exercises.messages import got
from helpers.exercises.turns import turn


@guess(
    low=0,
    unit=" times",
    tries=[
        (1, 3.1, "Adam's memory"),
        (2, 3.1, "two numbers"),
        (10, 3.1, "four bytes"),
        (0.5, 3.1, "four bytes"),
        (3, 3.1, "two numbers"),
    ],
)
def file_size(guessed, measured):
    """How many times as large a saved model is as its parameters (a file holds weights alone)."""
    remembered = "Adam keeps two numbers for each parameter, and they are saved too."
    if guessed < 0.9:
        return f"The parameters alone take four bytes each, and nothing is squeezed. {remembered}"
    if guessed < 1.5:
        return f"The parameters alone would be that large. Adam's memory is in it. {remembered}"
    if guessed > 5:
        return f"Layers and settings are a few lines of text; numbers take four bytes. {remembered}"
    return remembered


@guess(
    low=0,
    high=100,
    unit=" %",
    tries=[
        (97, 60.2, "same numbers"),
        (10, 60.2, "not gone"),
        (0, 60.2, "Chance"),
        (50, 60.2, "No error"),
        (97, 9.9, "same numbers"),
    ],
)
def wrong_order(guessed, measured):
    """Digits read right with the weights in the wrong order of layers (if it loads, it fits)."""
    said = "No error came, because every number found a place of the right shape."
    if guessed > 90 and measured < 90:
        return f"The same numbers are all there, and the sums are others. {said}"
    if guessed < 8:
        return f"Chance alone would get about 10 %. {said}"
    if guessed < 15 < measured:
        return f"What the first layer computes is not gone, but scaled and shifted. {said}"
    return said


@turn(
    given="import hashlib\nfrom pathlib import Path",
    stub='''\
def is_whole(path, expected):
    """Whether the SHA-256 of the file's bytes is `expected`, 64 hexadecimal digits."""
    found = ...
    return ...
''',
    solution_code='''\
def is_whole(path, expected):
    """Whether the SHA-256 of the file's bytes is `expected`, 64 hexadecimal digits."""
    found = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return found == expected
''',
    hints=[
        "`hashlib.sha256` wants bytes. `Path(path).read_bytes()` gives those of the whole file.",
        "Compare both texts: `found == expected`.",
    ],
    then="One changed bit anywhere gives another hash, and so does a missing half. Write the hash "
    "down when you save a file, and compare before you load it.",
    right=[
        "is_whole = lambda path, expected: "
        "hashlib.sha256(open(path, 'rb').read()).hexdigest() == expected",
        "def is_whole(path, expected):\n"
        "    with open(path, 'rb') as file:\n"
        "        return hashlib.file_digest(file, 'sha256').hexdigest() == expected",
    ],
    wrong={
        "def is_whole(path, expected):\n"
        "    return hashlib.sha256(str(path).encode()).hexdigest() == expected": "file's name",
        "is_whole = lambda path, expected: Path(path).exists()": "different bytes",
        "is_whole = lambda path, expected: len(expected) == 64": "different bytes",
        "is_whole = lambda path, expected: hashlib.sha256(Path(path).read_bytes()).hexdigest()": (
            "the hash itself"
        ),
        "is_whole = lambda path, expected: "
        "hashlib.md5(Path(path).read_bytes()).hexdigest() == expected": "is not recognised",
        "is_whole = lambda path, expected: "
        "hashlib.sha256(Path(path).read_bytes()).hexdigest() != expected": "the wrong way round",
        "is_whole = lambda path, expected: "
        "hashlib.sha256(Path(path).read_bytes()[:100]).hexdigest() == expected": (
            "is not recognised"
        ),
        "is_whole = lambda path, expected: True": "different bytes",
    },
)
def is_whole(is_whole):
    """A file's hash against the one that was noted."""
    content = bytes(range(256)) * 40
    changed = bytearray(content)
    changed[7000] ^= 64
    digest = hashlib.sha256(content).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.weights.h5")
        said = []
        for written in (content, bytes(changed), content[: len(content) // 2]):
            path.write_bytes(written)
            found = answers.call(is_whole, path, digest, name="`is_whole`")
            if isinstance(found, str):
                return "It returns the hash itself. Compare it with `expected`."
            said.append(bool(found))
        named = answers.call(
            is_whole, path, hashlib.sha256(str(path).encode()).hexdigest(), name="`is_whole`"
        )
    if said == [True, False, False]:
        return None
    if bool(named) and not any(said):
        return "It hashes the file's name. Read the file's bytes first."
    if said == [False, True, True]:
        return "It answers the wrong way round: True means that the hashes agree."
    if not said[0]:
        return "The whole file is not recognised: take the SHA-256 of all its bytes."
    return "It says True for a file with different bytes. Compare the hash of what was read."


WANTED = {
    "train on tomorrow": "whole",
    "a telephone": "export",
    "somebody who runs your code": "weights",
}
REASONS = {
    "train on tomorrow": "To train on you need the optimizer's memory and what `compile` was "
    "given. Which file brings both, with the architecture?",
    "a telephone": "A telephone has no Keras. Which file needs none?",
    "somebody who runs your code": "Your code builds the network anyway, and nobody should have to "
    "load a program of yours besides. What is missing is the numbers.",
}


@turn(
    stub="""\
files = {
    "train on tomorrow": ...,
    "a telephone": ...,
    "somebody who runs your code": ...,
}
""",
    solution_code="""\
files = {
    "train on tomorrow": "whole",
    "a telephone": "export",
    "somebody who runs your code": "weights",
}
""",
    hints=[
        "What does each bring? The whole model: architecture, numbers, optimizer. Weights: numbers "
        "alone. An export: what computes, and no way to train on.",
        "Each of the three is used once.",
    ],
    then="A whole model to train on, weights where code brings the architecture, an export where "
    "there is no Keras. None brings the preparation of your pictures, unless it is a layer.",
    right=[
        'files = {"a telephone": "export", "train on tomorrow": "Whole ", '
        '"somebody who runs your code": "weights"}',
        "files = dict(zip(['train on tomorrow', 'a telephone', 'somebody who runs your code'],"
        " ['whole', 'export', 'weights']))",
    ],
    wrong={
        'files = {"train on tomorrow": "weights", "a telephone": "export", '
        '"somebody who runs your code": "whole"}': "optimizer's memory",
        'files = {"train on tomorrow": "whole", "a telephone": "weights", '
        '"somebody who runs your code": "export"}': "has no Keras",
        'files = {"train on tomorrow": "whole", "a telephone": "export", '
        '"somebody who runs your code": "whole"}': "builds the network anyway",
        'files = {"train on tomorrow": "whole", "a telephone": "export", '
        '"somebody who runs your code": "zip"}': "Choose among",
        'files = {"train on tomorrow": "whole"}': "is missing",
        'files = ["whole", "export", "weights"]': "must be a dictionary",
    },
)
def which_file(files):
    """Which file for which purpose."""
    if not isinstance(files, dict):
        return f"`files` must be a dictionary, as in the cell; {got(files)}."
    for purpose, wanted in WANTED.items():
        if purpose not in files:
            return f'"{purpose}" is missing.'
        chosen = str(answers.finished(files[purpose], f'`files["{purpose}"]`')).strip().casefold()
        if chosen not in WANTED.values():
            return f'"{purpose}": Choose among "whole", "weights" and "export".'
        if chosen != wanted:
            return f'"{purpose}": {REASONS[purpose]}'
    return None


@turn(
    given="import json\nimport zipfile",
    stub='''\
def layers_inside(path):
    """The class names of the layers in a .keras file of a Sequential, without loading it."""
    with zipfile.ZipFile(path) as archive:
        config = json.loads(...)
    return [... for layer in config["config"]["layers"]]
''',
    solution_code='''\
def layers_inside(path):
    """The class names of the layers in a .keras file of a Sequential, without loading it."""
    with zipfile.ZipFile(path) as archive:
        config = json.loads(archive.read("config.json"))
    return [layer["class_name"] for layer in config["config"]["layers"]]
''',
    hints=[
        'The part of the archive is called "config.json", and `archive.read` reads a part.',
        'Each layer is a dictionary with a key "class_name".',
    ],
    then="You have read a stranger's architecture and run nothing of it. A `Lambda` among the "
    "layers is a warning. A list without one is no promise: code can hide in other places.",
    right=[
        "def layers_inside(path):\n"
        "    config = json.loads(zipfile.ZipFile(path).read('config.json'))\n"
        "    return tuple(map(lambda layer: layer['class_name'], config['config']['layers']))",
        "def layers_inside(path):\n"
        "    with zipfile.ZipFile(path) as archive, archive.open('config.json') as part:\n"
        "        found = json.load(part)['config']['layers']\n"
        "    names = []\n"
        "    for layer in found:\n"
        "        names.append(layer['class_name'])\n"
        "    return names",
    ],
    wrong={
        "def layers_inside(path):\n"
        "    config = json.loads(zipfile.ZipFile(path).read('config.json'))\n"
        "    return [layer['config']['name'] for layer in config['config']['layers']]": (
            "names of its own"
        ),
        "def layers_inside(path):\n"
        "    config = json.loads(zipfile.ZipFile(path).read('config.json'))\n"
        "    return config['class_name']": "the whole model",
        "def layers_inside(path):\n"
        "    config = json.loads(zipfile.ZipFile(path).read('config.json'))\n"
        "    return config['config']['layers']": "whole descriptions",
        "def layers_inside(path):\n"
        "    config = json.loads(zipfile.ZipFile(path).read('config.json'))\n"
        "    return sorted(layer['class_name'] for layer in config['config']['layers'])": "order",
        "layers_inside = lambda path: ['InputLayer', 'Dense', 'Lambda', 'Dense']": "should give",
        "def layers_inside(path):\n    return zipfile.ZipFile(path).namelist()": "the file's parts",
    },
)
def layers_inside(layers_inside):
    """Class names out of config.json, read from small archives without Keras."""
    for classes in (
        ["InputLayer", "Dense", "Lambda", "Dense"],
        ["InputLayer", "Flatten", "Dense"],
    ):
        named = [
            {"class_name": name, "config": {"name": f"{name.lower()}_{i}"}}
            for i, name in enumerate(classes)
        ]
        config = {"class_name": "Sequential", "config": {"name": "digits", "layers": named}}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "stranger.keras")
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("metadata.json", "{}")
                archive.writestr("config.json", json.dumps(config))
            found = answers.call(layers_inside, path, name="`layers_inside`")
        if found == "Sequential":
            return "That is the class of the whole model. Its layers stand inside its `config`."
        if isinstance(found, str) or not hasattr(found, "__iter__"):
            return f"It must return a list of names; {got(found)}."
        found = list(found)
        if found == classes:
            continue
        if found == named:
            return 'These are whole descriptions. Take the "class_name" of each.'
        if found == [layer["config"]["name"] for layer in named]:
            return 'Each layer has names of its own; asked is its class, under "class_name".'
        if "config.json" in found:
            return "That lists the file's parts. Read the one called config.json."
        if sorted(map(str, found)) == sorted(classes):
            return "All are there, in another order. Leave them in the order of the layers."
        return f"For this file it should give {classes}; you have {str(found)[:80]}."
    return None

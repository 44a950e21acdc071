"""The exercises of page 01b, Files and pipelines."""

import math

import numpy as np

from helpers.exercises import answers
from helpers.exercises.guesses import guess
from helpers.exercises.messages import figure
from helpers.exercises.turns import turn


@turn(
    stub='''\
def first_byte(i):
    """The number of the byte at which image i starts; bytes and images count from 0."""
    return ...
''',
    solution_code='''\
def first_byte(i):
    """The number of the byte at which image i starts; bytes and images count from 0."""
    return 16 + i * 784
''',
    hints=[
        "What lies before image 0, and how many bytes is that? Look at the picture of the file.",
        "Before image `i` lie the header and `i` whole images.",
    ],
    then="After a header of 16 bytes every image takes 28 × 28 = 784. So you can go to any image "
    "at once, without reading those before it. That is what makes records of equal length handy.",
    right=[
        "first_byte = lambda i: 4 * 4 + 28 * 28 * i",
        "def first_byte(i):\n"
        "    place = 16\n"
        "    for _ in range(i):\n"
        "        place += 784\n"
        "    return [place]",
    ],
    wrong={
        "first_byte = lambda i: i * 784": "header",
        "first_byte = lambda i: 8 + i * 784": "label file",
        "first_byte = lambda i: 16 + i": "784 bytes",
        "first_byte = lambda i: 16 + (i - 1) * 784": "count from 0",
        "first_byte = lambda i: 16 + (i + 1) * 784": "ends",
        "first_byte = lambda i: 17 + i * 784": "Bytes count from 0",
        "first_byte = lambda i: 16 + i * 768": "28 × 28 is 784",
        "first_byte = lambda i: 4 + i * 784": "four numbers of four bytes",
        "first_byte = lambda i: 20": "should start at byte",
        "first_byte = lambda i: 16 + 5 * 784": "Image 0 should start at byte 16; you have 3,936",
    },
)
def first_byte(first_byte):
    """Where an image starts in its file."""
    for i in (5, 0, 1234):
        found = answers.number(
            answers.call(first_byte, i, name="`first_byte`"), "what `first_byte` returns"
        )
        mistakes = {
            "It leaves out the header, 16 bytes.": i * 784,
            "8 bytes is the header of the label file. That of the image file has 16.": 8 + i * 784,
            "The header is four numbers of four bytes each.": 4 + i * 784,
            "It moves on by one byte for each image. An image takes 784 bytes.": 16 + i,
            "It is one image too early: images count from 0.": 16 + (i - 1) * 784,
            "That is where the image ends.": 16 + (i + 1) * 784,
            "It is one byte too late. Bytes count from 0, so the header is bytes 0 to 15.": (
                17 + i * 784
            ),
            "28 × 28 is 784.": 16 + i * 768,
        }
        if found == 16 + i * 784:
            continue
        for why, mistaken in mistakes.items():
            if found == mistaken:
                return why
        return f"Image {i:,} should start at byte {16 + i * 784:,}; you have {found:,.10g}."
    return None


@guess(
    low=0,
    tries=[
        (1, 4, "once for every digit"),
        (1.2, 4, "once for every digit"),
        (0.5, 4, "other way round"),
        (250, 4, "250 times fewer calls"),
        (1000, 4, "250 times fewer calls"),
        (4, 4, "once for every digit"),
    ],
)
def batch_first(guessed, measured):
    """How many times faster it is to batch before preparing (the order is a matter of taste)."""
    if guessed < 0.9:
        return "It is the other way round: batching first saves calls, and each call costs time."
    if guessed > 100:
        return (
            "There are 250 times fewer calls. The arithmetic stays, and so do the reading and the "
            "packing."
        )
    return "Mapping first calls the function once for every digit, and each call costs time."


@guess(
    low=0,
    high=9,
    tries=[
        (9, 2, "waits in the file"),
        (3, 2, "counts from 0"),
        (2, 2, "0, 1 and 2"),
        (0, 2, "0, 1 and 2"),
    ],
)
def buffer(guessed, measured):
    """The largest number that leaves a buffer of three first (shuffle mixes everything)."""
    if guessed > 3:
        return f"{guessed:g} waits in the file until the buffer has moved on that far."
    if guessed == 3:
        return "The file counts from 0, so three places hold 0, 1 and 2."
    return "The buffer is filled with 0, 1 and 2, and one of them is drawn."


@turn(
    given="import math",
    stub='''\
def batches_per_epoch(examples, size):
    """How many batches an epoch has, the last one included, full or not."""
    return ...
''',
    solution_code='''\
def batches_per_epoch(examples, size):
    """How many batches an epoch has, the last one included, full or not."""
    return math.ceil(examples / size)
''',
    hints=[
        "With 10 digits and batches of 4 there are batches of 4, 4 and 2.",
        "`math.ceil` rounds up.",
    ],
    then="That is the number that `fit` shows, and what `steps_per_epoch` counts: 1,875 for 60,000 "
    "digits in batches of 32.",
    right=[
        "batches_per_epoch = lambda examples, size: -(-examples // size)",
        "def batches_per_epoch(examples, size):\n    return len(range(0, examples, size))",
        "def batches_per_epoch(examples, size):\n"
        "    return examples // size + (examples % size > 0)",
    ],
    wrong={
        "batches_per_epoch = lambda examples, size: examples // size": "last, smaller batch",
        "batches_per_epoch = lambda examples, size: examples // size + 1": "even when",
        "batches_per_epoch = lambda examples, size: examples / size": "whole number",
        "batches_per_epoch = lambda examples, size: examples": "counts digits",
        "batches_per_epoch = lambda examples, size: round(examples / size)": "last, smaller batch",
        "batches_per_epoch = lambda examples, size: size": "batches of",
        "batches_per_epoch = lambda examples, size: examples % size": "there are 215; you have 216",
        "batches_per_epoch = lambda examples, size: math.ceil(examples / size) + 1": "you have 216",
        "batches_per_epoch = lambda examples, size: size / examples": "you have 0.004655",
        "batches_per_epoch = lambda examples, size: int(examples / size + 0.999)": (
            "last, smaller batch"
        ),
    },
)
def batches_per_epoch(batches_per_epoch):
    """The batches of an epoch."""
    for examples, size in ((55_000, 256), (60_000, 32), (10, 4), (1001, 100), (100_001, 100_000)):
        result = answers.call(batches_per_epoch, examples, size, name="`batches_per_epoch`")
        found = answers.number(result, "what `batches_per_epoch` returns")
        right = math.ceil(examples / size)
        if found == right:
            continue
        shown = f"With {examples:,} digits in batches of {size:,}"
        if found == examples:
            return "That counts digits. How many batches do they fill?"
        if found == examples // size:
            return f"{shown} the last, smaller batch is missing: {right:,}, not {figure(found)}."
        if found == right + 1 and examples % size == 0:
            return f"{shown} there are {right:,}: one more is added even when all batches are full."
        if found != int(found):
            return f"A number of batches is a whole number; you have {figure(found)}."
        return f"{shown} there are {right:,}; you have {figure(found)}."
    return None


@turn(
    given="import numpy as np",
    stub='''\
def temperatures(content):
    """The temperatures, in degrees, in the bytes of a file."""
    return ...
''',
    solution_code='''\
def temperatures(content):
    """The temperatures, in degrees, in the bytes of a file."""
    return np.frombuffer(content, dtype=">i2", offset=4) / 10
''',
    hints=[
        "The header is four bytes; `offset=4` steps over them.",
        '`dtype=">i2"` reads signed whole numbers of two bytes, the largest part first.',
        "They are in tenths of a degree, so divide by 10.",
    ],
    then="A format is a header, a kind of number, an order of bytes and a unit. Know these four, "
    "and you can read nearly any file of plain numbers.",
    right=[
        "def temperatures(content):\n"
        "    import struct\n"
        "    count = struct.unpack('>I', content[:4])[0]\n"
        "    return [t / 10 for t in struct.unpack(f'>{count}h', content[4:])]",
        "temperatures = lambda content: np.frombuffer(content[4:], '>i2') * 0.1",
        "def temperatures(content):\n"
        "    pairs = [content[i:i + 2] for i in range(4, len(content), 2)]\n"
        "    return np.array([int.from_bytes(p, 'big', signed=True) / 10 for p in pairs])",
    ],
    wrong={
        "temperatures = lambda content: np.frombuffer(content, '<i2', offset=4) / 10": "big-endian",
        "temperatures = lambda content: np.frombuffer(content, 'i2', offset=4) / 10": "big-endian",
        "temperatures = lambda content: np.frombuffer(content, '>u2', offset=4) / 10": "freez",
        "temperatures = lambda content: np.frombuffer(content, '>i2', offset=4)": "tenths",
        "temperatures = lambda content: np.frombuffer(content, '>i2') / 10": "header",
        "temperatures = lambda content: np.frombuffer(content, '>u1', offset=4) / 10": "two bytes",
        "temperatures = lambda content: [21.5, -3.0, 0.7, 12.8]": "should be 21.5",
        "temperatures = lambda content: [21.5]": "There should be 4",
        "temperatures = lambda content: abs(np.frombuffer(content, '>i2', offset=4) / 10)": (
            "You have 21.5; 3; 0.7; 12.8"
        ),
        "temperatures = lambda c: (t / 10 for t in np.frombuffer(c, '>i2', offset=4))": (
            "makes a list of it"
        ),
    },
)
def temperatures(temperatures):
    """A format like MNIST's, with signed numbers of two bytes."""
    for right in ([21.5, -3.0, 0.7, -12.8], [-0.1, 30.2, 25.7]):
        right = np.array(right)
        tenths = np.rint(10 * right).astype(">i2")
        content = np.array([len(right)], ">u4").tobytes() + tenths.tobytes()
        result = answers.call(temperatures, content, name="`temperatures`")
        found = answers.array(result, None, "what `temperatures` returns").ravel()
        if found.size == len(right) + 2:
            return "There are two numbers too many: step over the header, four bytes."
        if found.size == 2 * len(right):
            return "There are twice as many numbers as there should be: each takes two bytes."
        if found.size != len(right):
            return f"There should be {len(right)} temperatures; you have {found.size}."
        mistakes = {
            "The bytes are taken in the wrong order: the format is big-endian, `>`.": (
                tenths.view("<i2") / 10
            ),
            "It never freezes in your reader: take signed numbers, `i2`.": tenths.view(">u2") / 10,
            "These are tenths of a degree: divide by 10.": 10 * right,
        }
        said = "; ".join(map(figure, right))
        wrong = answers.compare(found, right, mistakes, f"These temperatures should be {said}.")
        if wrong:
            return wrong
    return None

"""The sheet says what it is given, and every text on it can be read."""

from helpers.diagrams import summary
from tests import figures

MODELS = [model for *_, model, _ in summary.CHAPTERS]


def test_each_chapter_has_its_idea_and_its_score():
    values = (0.93, 0.8195, 0.9, 0.951, 0.972, 0.98, 0.99, 0.9951, 1)
    scores = dict(zip(MODELS, values, strict=True))
    drawn = summary.summary(scores)
    figures.check(drawn, "81.95 %", "99.51 %", "93.00 %", "100.00 %", "00", "Convolutions")
    assert list(drawn.get_size_inches()) == [8.27, 11.69]
    figures.check(summary.picture(scores), "81.95 %", "99.51 %", "00", "Convolutions")

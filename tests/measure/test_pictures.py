import io

import pytest
from PIL import Image

from helpers.handwriting import drawn
from measure import pictures


def test_the_photograph_has_twelve_megapixels():
    digit = drawn.draw_digits(1, seed=1)[0][0]
    picture = Image.open(io.BytesIO(pictures.photograph(digit, "ruled")))
    assert picture.format == "JPEG" and picture.width * picture.height == 12_000_000


@pytest.mark.parametrize(("most", "code"), [(1e-9, 1), (60.0, 0)])
def test_what_takes_too_long_is_told(most, code, monkeypatch, capsys):
    monkeypatch.setattr(pictures.photographs, "KINDS", ("pen",))
    monkeypatch.setattr(pictures, "MOST", most)
    assert pictures.main(["--rounds", "1"]) == code
    out = capsys.readouterr().out
    assert "pen" in out and "Slowest: " in out


def test_rounds_must_be_one_or_more(capsys):
    with pytest.raises(SystemExit):
        pictures.main(["--rounds", "0"])
    assert "--rounds: must be 1 or more; got 0" in capsys.readouterr().err

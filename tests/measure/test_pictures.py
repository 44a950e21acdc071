import pytest

from measure import pictures


@pytest.mark.parametrize(("most", "code"), [(1e-9, 1), (60.0, 0)])
def test_what_takes_too_long_is_told(most, code, monkeypatch, capsys):
    monkeypatch.setattr(pictures.photographs, "KINDS", ("pen",))
    monkeypatch.setattr(pictures, "MOST", most)
    assert pictures.main(["--rounds", "1"]) == code
    assert "Slowest: " in capsys.readouterr().out
    with pytest.raises(SystemExit):
        pictures.main(["--rounds", "0"])

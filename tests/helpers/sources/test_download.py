"""Downloads: from a server on this machine, which answers well, badly, slowly or not at all."""

import os
import re
import runpy
import socket
import threading
import time

import pytest

from helpers import data
from helpers.sources import cache, download
from tests.helpers import small
from tests.helpers.small import (
    GZ,
    IMAGES,
    LABELS,
    NPZ,
    TEST_LABELS,
    assert_genuine,
    sends,
    silent,
    trickling_header,
)

pytestmark = pytest.mark.usefixtures("home", "drawings")
PAGE = b"<html>Sign in to the network</html>"


def cached(tmp_path):
    return sorted(path.name for path in (tmp_path / "cache").iterdir() if path.name != cache.LOCK)


def test_keras_address_first_and_then_the_cache(server, tmp_path, capsys):
    server.answers["/keras/mnist.npz"] = NPZ
    for _ in range(2):
        assert data.load_digits().source == "mnist"
        assert server.asked == ["/keras/mnist.npz"]
        assert cached(tmp_path) == [cache.MNIST]
    assert capsys.readouterr().out == ""


def test_then_the_mirrors(server, tmp_path, capsys):
    server.mirror("two", GZ)
    server.mirror("one", GZ | {f"{TEST_LABELS}.gz": GZ[f"{LABELS}.gz"]})
    assert_genuine(data.load_digits())
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 2
    assert said[0] == f"{download.NPZ_URL}: the server says 404 Not Found."
    assert said[1].startswith(f"{server.address}/one/{TEST_LABELS}.gz: too long: expected 68")
    assert data.load_digits().source == "mnist"
    assert len(server.asked) == 9  # none for the second loading


def test_a_mirror_may_unpack_on_the_way(server):
    server.mirror("one", {name: sends(GZ[name], Content_Encoding="gzip") for name in GZ})
    assert_genuine(data.load_digits())


LOCATION = "/keras/mnist.npz"
BAD_ANSWERS = {
    "truncated": (sends(NPZ[:50_000], Content_Length=len(NPZ)), "broke off before the end"),
    "truncated, no length": (sends(NPZ[:50_000], Content_Length=None), "damaged or truncated"),
    "altered": (small.npz(small.arrays(3)), "altered"),
    "busy": (sends(PAGE, 503), "the server says 503 Service Unavailable"),
    "a code of its own": (sends(PAGE, 599), r"the server says 599\."),
    "sent to a page": (sends(b"", 302, Location="/sorry"), "a web page"),
    "sent in circles": (sends(b"", 302, Location=LOCATION), "it redirects in circles"),
    "sent elsewhere": (sends(b"", 302, Location="file:///x"), "an address that is not of the web"),
    "endless": (sends(bytes(5_000_000), Content_Length=None), "sends more than"),
    "no gzip": (sends(NPZ, Content_Encoding="gzip"), "what it sends cannot be unpacked"),
    "no web server": (lambda handler: handler.wfile.write(b"220 mail\r\n"), "not answer as web"),
    "hung up": (lambda handler: None, "the connection broke off"),
}
SLOW_ANSWERS = {
    "header a byte at a time": (trickling_header, "no complete answer in 1 s"),
    "body a byte at a time": (sends(NPZ, size=1, pause=0.01), "too slow: fewer than 1,024 of"),
    "body in drops": (sends(NPZ, size=1100, pause=0.3), r"too slow: \d,\d+ of \d+,\d+ bytes in"),
    "silent after a part": (
        sends(NPZ[:50_000], Content_Length=len(NPZ), then_waits=True),
        r"too slow: \d\d,\d+ of",
    ),
}


@pytest.mark.parametrize("kind", [*BAD_ANSWERS, *SLOW_ANSWERS])
def test_a_bad_answer_leads_to_the_next_source(server, tmp_path, monkeypatch, capsys, kind):
    if kind in SLOW_ANSWERS:
        monkeypatch.setattr(download, "STALL", 1)
    answer, reason = (BAD_ANSWERS | SLOW_ANSWERS)[kind]
    server.answers |= {"/keras/mnist.npz": answer, "/sorry": sends(PAGE)}
    server.mirror("one", GZ)
    assert_genuine(data.load_digits())
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1 and len(out) < 400
    assert out.startswith(download.NPZ_URL)
    assert re.search(reason, out), out
    assert cached(tmp_path) == [cache.MNIST]


def test_slow_but_steady_is_waited_for_up_to_a_limit(server, monkeypatch, capsys):
    monkeypatch.setattr(download, "STALL", 1)
    monkeypatch.setattr(download, "BAR_DELAY", 0)
    server.answers["/keras/mnist.npz"] = sends(NPZ, size=3 * download.PROGRESS, pause=0.2)
    began = time.monotonic()
    assert_genuine(data.load_digits())
    assert time.monotonic() - began > 2 * download.STALL  # else this test shows nothing
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "mnist.npz from 127.0.0.1" in printed.err  # the progress bar
    monkeypatch.setattr(download, "LONGEST", 1)
    problems = []
    assert download.fetch(problems) is None
    assert re.search(r"mnist.npz: too slow: [\d,]+ of [\d,]+ bytes in 1 s", problems[0])


def test_patience_is_ten_seconds_in_all():
    original = runpy.run_path(download.__file__)
    assert (1 + len(original["MIRRORS"])) * original["STALL"] <= 10


def test_nothing_answers(server, tmp_path, monkeypatch, capsys, drawings):
    monkeypatch.setattr(download, "STALL", 0.2)
    for path in ("/keras/mnist.npz", *(f"/{m}/{IMAGES}.gz" for m in ("one", "two"))):
        server.answers[path] = silent
    digits = data.load_digits()
    assert digits.source == data.source_in_use() == "drawn"
    assert drawings == list(data.DRAWN_SEEDS)
    out = capsys.readouterr().out
    assert "DRAWN DIGITS, NOT MNIST" in out
    assert out.count("no complete answer in") == len(server.asked) == 3
    assert cache.OFFLINE in cached(tmp_path)


def unanswered(*args, **kwargs):
    threading.Event().wait(5)
    raise socket.gaierror("over")


def unknown(*args, **kwargs):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.mark.parametrize(
    ("lookup", "settings", "said"),
    [
        (unanswered, {}, "no complete answer in"),
        (unknown, {}, "its name cannot be resolved"),
        (None, {"http_proxy": "http://127.0.0.1:9"}, "the proxy that HTTPS_PROXY or HTTP_PROXY"),
        (None, {"no_proxy": "*", "url": "http://127.0.0.1:9/x"}, "the connection was refused"),
        (
            None,
            {"url": "https://127.0.0.1:9/x", "REQUESTS_CA_BUNDLE": "/x"},
            "REQUESTS_CA_BUNDLE or CURL_",
        ),
    ],
    ids=["silent name server", "no such name", "proxy", "refused", "certificates"],
)
def test_what_has_no_connection_is_told_in_words(monkeypatch, lookup, settings, said):
    if lookup:
        monkeypatch.setattr(socket, "getaddrinfo", lookup)
        monkeypatch.setattr(download, "STALL", 0.2)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name)
    url = settings.pop("url", "http://mirror.invalid/mnist.npz")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(download, "NPZ_URL", url)
    monkeypatch.setattr(download, "MIRRORS", ())
    problems = []
    assert download.fetch(problems) is None
    assert problems[0].startswith(f"{url}: {said}")
    assert len(problems[0]) < 200


def test_a_failure_is_remembered_for_an_hour(server, tmp_path, monkeypatch, capsys):
    marker = tmp_path / "cache" / cache.OFFLINE
    assert data.load_digits().source == "drawn"
    asked = len(server.asked)
    assert asked == 3
    capsys.readouterr()
    server.answers["/keras/mnist.npz"] = NPZ
    assert data.load_digits().source == "drawn"
    assert len(server.asked) == asked
    assert f"delete {marker}" in " ".join(capsys.readouterr().out.split())
    # Too old, from a clock set back, and insisted
    for age, wanted in ((cache.OFFLINE_SECONDS + 5, ""), (-500, ""), (5, "mnist")):
        monkeypatch.setenv("MNIST_SOURCE", wanted)
        marker.write_bytes(cache.OFFLINE_TEXT)
        os.utime(marker, (time.time() - age,) * 2)
        assert data.load_digits().source == "mnist"
        assert not marker.exists()
        (tmp_path / "cache" / cache.MNIST).unlink()

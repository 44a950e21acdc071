"""Fetch MNIST from its public mirrors: verified, with a progress bar, and never for long in vain.

**The rule for slow servers.** A server that brings 8 KiB in every three seconds makes progress; one
that does not is left after three seconds, and each after twenty minutes. There are three places to
ask, so when nothing answers, nine seconds pass in all.
"""

import http
import io
import threading
import time
from urllib.parse import urlsplit

import numpy as np
import requests
from tqdm import tqdm

from helpers.sources import files
from helpers.sources.files import DataError

NPZ_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)
STALL = 3  # seconds without progress before a server is left
PROGRESS = 8192  # bytes that count as progress
LONGEST = 1200  # seconds for a file in all
CHUNK = 1024  # bytes taken at a time
BAR_DELAY = 1  # seconds before the progress bar shows: none for a server that refuses at once
SIGNS = {  # what stands in an error of requests, or is its type, and what it means
    "InvalidProxyURL": "HTTPS_PROXY or HTTP_PROXY names no address",
    "ProxyError": "the proxy that HTTPS_PROXY or HTTP_PROXY names does not serve",
    "NameResolution": "its name cannot be resolved (no internet, or no name server)",
    "CA certificate bundle": "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names no file",
    "SSLError": "its certificate was not accepted (a proxy between, or a clock that is wrong?)",
    "refused": "the connection was refused",
    "unreachable": "the network cannot be reached",
    "TooManyRedirects": "it redirects in circles",
    "InvalidSchema": "it redirects to an address that is not of the web",
    "BadStatusLine": "it does not answer as web servers do",
    "IncompleteRead": "the connection broke off before the end of the file",
    "ContentDecodingError": "what it sends cannot be unpacked",
    "Connection": "the connection broke off",
    "URL": "it redirects to an address that is none",
}


def fetch(problems):
    """Download MNIST from the first address that has it.

    Args:
        problems: list; why an address did not do is added to it, in words.

    Returns:
        tuple: the arrays as `files.read_folder` gives them, and the bytes of an mnist.npz that
        holds them; None where no address has the genuine files.
    """
    for address in (NPZ_URL, *MIRRORS):
        try:
            return _npz_from(address) if address == NPZ_URL else _four_from(address)
        except DataError as error:
            problems.append(str(error))
    return None


def _npz_from(url):
    raw = _fetch(url, files.NPZ_BYTES, files.npz_limit())
    return files.parse_npz(raw, url), raw


def _four_from(mirror):
    arrays, packed = {}, io.BytesIO()
    for file in files.FILES:
        url = f"{mirror}{file.name}.gz"
        raw = _fetch(url, file.gz_bytes, files.idx_limit(file))
        arrays[file.key] = files.parse_idx(raw, file, url)
    np.savez(packed, **arrays)
    return arrays, packed.getvalue()


class _Sink:
    """What a download has brought so far, with a limit, and a way to make it stop."""

    def __init__(self, limit):
        self.content = bytearray()
        self.limit = limit
        self.answered = self.stopped = False
        self.ended = threading.Event()
        self.error = None

    def take(self, chunk):
        if self.stopped:
            raise DataError("stopped")
        if len(self.content) + len(chunk) > self.limit:
            raise DataError(f"sends more than {self.limit:,} bytes, the most that was expected")
        self.content += chunk


def _fetch(url, size, limit):
    """Return what `url` sends: about `size` bytes, `limit` at most.

    A thread does the work, for no timeout of `requests` (nor of `pooch`, which uses it) covers a
    name server that does not answer, or a server that sends a byte a second. It writes to memory,
    so that no partial file is left behind even by a page that is killed.
    """
    sink = _Sink(limit)
    threading.Thread(target=_download, args=(url, sink), daemon=True).start()
    began = time.monotonic()
    try:
        ended = _wait(url, size, sink)
    finally:
        sink.stopped = True
    if not ended or "timed out" in str(sink.error):
        raise DataError(f"{url}: {_too_slow(sink, size, time.monotonic() - began)}.")
    if sink.error:
        raise DataError(f"{url}: {_reason(sink.error)}.")
    return bytes(sink.content)


def _download(url, sink):
    try:
        with requests.get(url, stream=True, timeout=STALL) as response:
            sink.answered = True
            if response.status_code != http.HTTPStatus.OK:
                raise DataError(f"the server says {_status(response.status_code)}")
            for chunk in response.iter_content(CHUNK):
                sink.take(chunk)
    except Exception as error:  # whatever it is, the page's own thread reports it
        sink.error = error
    finally:
        sink.ended.set()


def _wait(url, size, sink):
    """Wait until the download ends (True) or is too slow (False), with a progress bar."""
    name, host = url.rpartition("/")[2], urlsplit(url).netloc
    began = since = time.monotonic()
    counted = 0
    with tqdm(
        desc=f"{name} from {host}",
        total=size,
        unit="B",
        unit_scale=True,
        leave=False,
        delay=BAR_DELAY,
    ) as bar:
        while not sink.ended.wait(0.05):
            received, now = len(sink.content), time.monotonic()
            bar.update(received - bar.n)
            if received - counted >= PROGRESS:
                counted, since = received, now
            if now - since >= STALL or now - began >= LONGEST:
                return False
        bar.update(len(sink.content) - bar.n)
    return True


def _too_slow(sink, size, seconds):
    if not sink.answered:
        return f"no complete answer in {STALL} s"
    few = f"{len(sink.content):,}" if sink.content else f"fewer than {CHUNK:,}"
    return f"too slow: {few} of {size:,} bytes in {seconds:.0f} s"


def _status(code):
    """Return a status in the words of the standard: never in those of a server."""
    names = {status.value: status.phrase for status in http.HTTPStatus}
    return f"{code} {names.get(code, '')}".strip()


def _reason(error):
    """Return what an error means, in words."""
    if isinstance(error, DataError):
        return str(error)
    text = f"{type(error).__name__}: {error}"
    known = next((meaning for sign, meaning in SIGNS.items() if sign in text), None)
    return known or f"the download failed ({type(error).__name__})"

"""Fetch MNIST from its public mirrors: verified, with a progress bar, and never for long in vain.

**The rule for slow servers.** A server that brings 8 KiB in every three seconds makes progress, and
may take as long as it needs. One that does not is left after three seconds. There are three places
to ask, so when nothing answers, nine seconds pass in all.
"""

import threading
import time
from urllib.parse import urlsplit

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
CHUNK = 1024  # bytes taken at a time
BAR_DELAY = 1  # seconds before the progress bar shows: none for a server that refuses at once
SIGNS = {  # what stands in an error of requests, and what it means
    "NameResolutionError": "its name cannot be resolved (no internet, or no name server)",
    "refused": "the connection was refused",
    "unreachable": "the network cannot be reached",
    "IncompleteRead": "the connection broke off before the end of the file",
    "CERTIFICATE": "its certificate was not accepted",
}


def fetch_npz():
    """Download files.npz.

    Returns:
        tuple: the arrays as `files.read_folder` gives them, and the bytes of the file.

    Raises:
        DataError: no answer, a refusal, or anything but the genuine file; names the address.
    """
    raw = _fetch(NPZ_URL, files.NPZ_BYTES, files.npz_limit())
    return files.parse_npz(raw, NPZ_URL), raw


def fetch_four(mirror):
    """Download the four IDX files from `mirror`; returns the arrays, raises as `fetch_npz`."""
    arrays = {}
    for file in files.FILES:
        url = f"{mirror}{file.name}.gz"
        raw = _fetch(url, file.gz_bytes, files.idx_limit(file))
        arrays[file.key] = files.parse_idx(raw, file, url)
    return arrays


class _Sink:
    """What a download has brought so far, with a limit, and a way to make it stop."""

    def __init__(self, limit):
        self.content = bytearray()
        self.limit = limit
        self.stopped = False
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
    try:
        stalled = _stalls(url, size, sink)
    finally:
        sink.stopped = True
    if stalled or sink.error:
        raise DataError(f"{url}: {_reason(sink, stalled)}.")
    return bytes(sink.content)


def _download(url, sink):
    try:
        with requests.get(url, stream=True, timeout=STALL) as response:
            response.raise_for_status()
            for chunk in response.iter_content(CHUNK):
                sink.take(chunk)
    except Exception as error:  # whatever it is, the page's own thread reports it
        sink.error = error
    finally:
        sink.ended.set()


def _stalls(url, size, sink):
    """Wait until the download stalls (True) or ends (False), with a progress bar."""
    name, host = url.rpartition("/")[2], urlsplit(url).netloc
    counted, since = 0, time.monotonic()
    with tqdm(
        desc=f"{name} from {host}",
        total=size,
        unit="B",
        unit_scale=True,
        leave=False,
        delay=BAR_DELAY,
    ) as bar:
        while True:
            ended = sink.ended.wait(0.05)
            received = len(sink.content)
            bar.update(received - bar.n)
            if received - counted >= PROGRESS:
                counted, since = received, time.monotonic()
            if ended or time.monotonic() - since >= STALL:
                return not ended


def _reason(sink, stalled):
    error, text, received = sink.error, str(sink.error), len(sink.content)
    stalled = stalled or "timed out" in text
    if stalled and received:
        return f"too slow: {received:,} bytes in all, and less than {PROGRESS:,} in {STALL} s"
    if stalled:
        return f"no answer in {STALL} s"
    if isinstance(error, requests.HTTPError):
        return f"the server says {error.response.status_code} {error.response.reason}"
    if isinstance(error, DataError):
        return text
    known = next((meaning for sign, meaning in SIGNS.items() if sign in text), None)
    return known or f"{type(error).__name__}: {text[:200]}"

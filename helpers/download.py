"""Fetch MNIST from its public mirrors: verified, with a progress bar, and never for long in vain.

**The rule for slow servers.** The ten seconds of PATIENCE are for waiting in vain, over all mirrors
together. A mirror that brings 8 KiB in every three seconds is making progress and may take as long
as it needs; one that does not is left after three seconds, and those are taken from the ten.
"""

import threading
import time
from urllib.parse import urlsplit

import pooch
import requests
from tqdm import tqdm

from helpers import mnist
from helpers.mnist import DataError

NPZ_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)
PATIENCE = 10  # seconds in all without progress
STALL = 3  # seconds without progress before one server is left
PROGRESS = 8192  # bytes that count as progress


def fetch_npz(patience):
    """Download mnist.npz.

    Args:
        patience: a `Patience`, shared by all downloads.

    Returns:
        tuple: the arrays as `mnist.read_folder` gives them, and the bytes of the file.

    Raises:
        DataError: no answer, a refusal, or anything but the genuine file.
    """
    raw = _fetch(NPZ_URL, sum(mnist.idx_limit(file) for file in mnist.FILES), patience)
    return mnist.parse_npz(raw, NPZ_URL), raw


def fetch_four(mirror, patience):
    """Download the four IDX files from `mirror`; returns the arrays, raises as `fetch_npz`."""
    arrays = {}
    for file in mnist.FILES:
        url = f"{mirror}{file.name}.gz"
        arrays[file.key] = mnist.parse_idx(_fetch(url, mnist.idx_limit(file), patience), file, url)
    return arrays


class Patience:
    """How many seconds may still be waited in vain."""

    def __init__(self, seconds=None):
        self.left = PATIENCE if seconds is None else seconds


class _Sink:
    """What the downloader writes to: memory, with a limit, and a way to make it stop."""

    def __init__(self, limit):
        self.content = bytearray()
        self.limit = limit
        self.stopped = False
        self.ended = threading.Event()
        self.error = None

    def write(self, chunk):
        if self.stopped:
            raise DataError("stopped")
        if len(self.content) + len(chunk) > self.limit:
            raise DataError(f"sends more than the {self.limit:,} bytes that were expected at most")
        self.content += chunk

    def flush(self):
        """Nothing to flush; the downloader asks for it."""


def _fetch(url, limit, patience):
    """Download `url` into memory. A thread does it, since no timeout covers a slow name server."""
    sink = _Sink(limit)
    threading.Thread(target=_download, args=(url, sink), daemon=True).start()
    try:
        quiet = _watch(url, sink, patience)
    finally:
        sink.stopped = True
    if sink.error is None and sink.ended.is_set():
        return bytes(sink.content)
    patience.left -= quiet
    raise DataError(f"{url}: {_reason(sink, quiet)}.")


def _download(url, sink):
    try:
        pooch.HTTPDownloader(timeout=STALL)(url, sink, None)
    except Exception as error:  # noqa: BLE001 - whatever it is, the page's own thread reports it
        sink.error = error
    finally:
        sink.ended.set()


def _watch(url, sink, patience):
    """Wait until the download ends or no longer makes progress; return the seconds since the last."""
    name, host = url.rpartition("/")[2], urlsplit(url).netloc
    counted, since = 0, time.monotonic()
    with tqdm(desc=f"{name} from {host}", unit="B", unit_scale=True, leave=False) as bar:
        while True:
            ended = sink.ended.wait(0.05)
            bar.update(len(sink.content) - bar.n)
            now = time.monotonic()
            if len(sink.content) - counted >= PROGRESS:
                counted, since = len(sink.content), now
            if ended or now - since >= min(STALL, patience.left):
                return now - since


def _reason(sink, quiet):
    error = sink.error
    if not sink.ended.is_set() or isinstance(error, requests.Timeout):
        if sink.content:
            return f"too slow: {len(sink.content):,} bytes received, then less than {PROGRESS:,} in {quiet:.1f} s"
        return f"no answer in {quiet:.1f} s"
    if isinstance(error, requests.HTTPError):
        return f"the server says {error.response.status_code} {error.response.reason}"
    text = str(error)
    for sign, meaning in _SIGNS.items():
        if sign in text:
            return meaning
    return f"{type(error).__name__}: {text[:200]}"


_SIGNS = {
    "NameResolutionError": "its name cannot be resolved (no internet, or no name server)",
    "refused": "the connection was refused",
    "unreachable": "the network is unreachable",
    "IncompleteRead": "the connection broke off before the end of the file",
    "CERTIFICATE": "its certificate was not accepted",
}

"""A small data set in MNIST's formats, and a server on this machine in place of the mirrors."""

import contextlib
import gzip
import hashlib
import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from helpers import data
from helpers.sources import download, files

TRAIN, TEST, VALIDATION = 300, 60, 30
IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = NAMES = [file.name for file in files.FILES]


def arrays(seed):
    rng = np.random.default_rng(seed)
    return {
        "x_train": rng.integers(0, 256, (TRAIN, 28, 28), np.uint8),
        "y_train": (np.arange(TRAIN) % 10).astype(np.uint8),
        "x_test": rng.integers(0, 256, (TEST, 28, 28), np.uint8),
        "y_test": (np.arange(TEST) % 10).astype(np.uint8),
    }


def npz(content, save=np.savez_compressed):
    buffer = io.BytesIO()
    save(buffer, **content)
    return buffer.getvalue()


ARRAYS = arrays(1)
NPZ = npz(ARRAYS)
PLAIN = {file.name: data.to_idx(ARRAYS[file.key]) for file in files.FILES}
GZ = {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in PLAIN.items()}
KNOWN = tuple(
    files.File(
        file.name,
        file.key,
        ARRAYS[file.key].shape,
        hashlib.sha256(PLAIN[file.name]).hexdigest(),
        len(GZ[f"{file.name}.gz"]),
    )
    for file in files.FILES
)


def know(patch, address):
    """Let `patch(object, name, value)` put the small data set and the local server in place."""
    patch(files, "FILES", KNOWN)
    patch(files, "NPZ_BYTES", len(NPZ))
    patch(data, "VALIDATION", VALIDATION)
    patch(download, "NPZ_URL", f"{address}/keras/mnist.npz")
    patch(download, "MIRRORS", (f"{address}/one/", f"{address}/two/"))


def write(path, contents):
    path.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (path / name).write_bytes(content)


def assert_genuine(digits):
    assert digits.source == data.source_in_use() == "mnist"
    assert len(digits.validation.labels) == VALIDATION
    together = np.concatenate([digits.train.images, digits.validation.images])
    assert sorted(image.tobytes() for image in together) == sorted(
        image.tobytes() for image in ARRAYS["x_train"]
    )
    images, labels = digits.test
    np.testing.assert_array_equal(images, ARRAYS["x_test"])
    np.testing.assert_array_equal(labels, ARRAYS["y_test"])


class Server:
    """Serves what `answers` holds for a path: bytes, or a function of the request's handler."""

    def __init__(self):
        self.answers, self.asked = {}, []
        self.asked_once, self.closing = threading.Event(), threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                outer.asked_once.set()
                answer = outer.answers.get(self.path, sends(b"<html>sorry</html>", 404))
                with contextlib.suppress(OSError):  # who asked has hung up
                    (sends(answer) if isinstance(answer, bytes) else answer)(self)

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads, self._server.block_on_close = True, False
        self._server.closing = self.closing
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def mirror(self, name, contents):
        for file, content in contents.items():
            self.answers[f"/{name}/{file}"] = content

    def close(self):
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


def sends(content, status=200, size=None, pause=0, then_waits=False, **headers):
    """Answer with `content`, in pieces of `size` bytes with a pause before each."""

    step = size or len(content) or 1

    def answer(handler):
        handler.send_response(status)
        for name, value in ({"Content_Length": len(content)} | headers).items():
            if value is not None:
                handler.send_header(name.replace("_", "-"), str(value))
        handler.end_headers()
        for start in range(0, len(content), step):
            if handler.server.closing.wait(pause):
                return
            handler.wfile.write(content[start : start + step])
        if then_waits:
            silent(handler)

    return answer


def silent(handler):
    handler.server.closing.wait(30)


def trickling_header(handler):
    for byte in b"HTTP/1.0 200 OK\r\nX-Slow: " + b"x" * 10_000:
        if handler.server.closing.wait(0.02):
            return
        handler.wfile.write(bytes([byte]))

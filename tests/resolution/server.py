"""A mirror on loopback: HTTPS by a CA of the tests' own, a folder behind it, and every fault that a host can have."""

from __future__ import annotations

import contextlib
import email.utils
import gzip
import hashlib
import http.server
import json
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import trustme

Answer = Callable[["Handler"], None]


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves files with ETags, and for a path in `faults` whatever that does in place of it."""

    protocol_version = "HTTP/1.1"
    server: Server
    # One write for head and body, and none held back: the machine's clock is not what is tested.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.requests.append((self.path, dict(self.headers)))
        fault = self.server.faults.get(self.path)
        if fault is not None:
            fault(self)
            return
        path = self.server.tree / self.path.partition("?")[0].lstrip("/")
        if not path.is_file():
            self.reply(b"no such file", status=404)
            return
        body = path.read_bytes()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self.reply(b"", status=304, ETag=etag)
            return
        self.reply(body, ETag=etag, Content_Type="application/json")

    def reply(self, body: bytes, status: int = 200, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 304:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *args: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    """One mirror, without TLS where there is no CA. `requests` are those that came, with their headers."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, tree: Path, ca: trustme.CA | None, name: str = "localhost", host: str = "127.0.0.1", port: int = 0
    ) -> None:
        super().__init__((host, port), Handler)
        self.tree = tree
        self.faults: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.lock = threading.Lock()
        self._context = None
        if ca is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            ca.issue_cert(name).configure_cert(self._context)

    def get_request(self) -> tuple[socket.socket, object]:
        sock, address = super().get_request()
        if self._context is None:
            return sock, address
        return self._context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, *args: object) -> None:
        pass  # clients that hang up are what is tested

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"{'http' if self._context is None else 'https'}://localhost:{self.port}/"

    def paths(self) -> list[str]:
        with self.lock:
            return [path for path, _ in self.requests]


@contextlib.contextmanager
def serving(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


# --- faults ----------------------------------------------------------------------------------------------------------


def body(data: bytes, **headers: str) -> Answer:
    """This, whatever it is."""
    return lambda handler: handler.reply(data, **headers)


def status(code: int, **headers: str) -> Answer:
    return lambda handler: handler.reply(b"", status=code, **headers)


def redirect(location: str, code: int = 302) -> Answer:
    return lambda handler: handler.reply(b"", status=code, Location=location)


def html(handler: Handler) -> None:
    handler.reply(b"<!doctype html><title>Sign in</title>", Content_Type="text/html")


def slow_loris(data: bytes) -> Answer:
    """A byte at a time, each well within the time for one read."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        with contextlib.suppress(OSError):
            for index in range(len(data)):
                handler.wfile.write(data[index : index + 1])
                handler.wfile.flush()
                time.sleep(0.2)
        handler.close_connection = True

    return answer


def slow_head(handler: Handler) -> None:
    """The same in the headers, which never end."""
    with contextlib.suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Wait: ")
        while True:
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.2)


def silent(handler: Handler) -> None:
    time.sleep(30)


def pause(seconds: float, then: bytes) -> Answer:
    def answer(handler: Handler) -> None:
        time.sleep(seconds)
        handler.reply(then)

    return answer


def together(count: int) -> Callable[[bytes], Answer]:
    """Answers no request before so many are here at the same time; those of who asks one after the other get 503."""
    gate = threading.Barrier(count, timeout=60)

    def wait(then: bytes) -> Answer:
        def answer(handler: Handler) -> None:
            try:
                gate.wait()
            except threading.BrokenBarrierError:
                status(503)(handler)
            else:
                handler.reply(then)

        return answer

    return wait


def hang_up(handler: Handler) -> None:
    handler.close_connection = True
    handler.connection.close()


def truncated(data: bytes) -> Answer:
    """Chunked, and gone in the middle."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        half = data[: len(data) // 2]
        handler.wfile.write(f"{len(half):x}\r\n".encode() + half + b"\r\n")
        handler.wfile.flush()
        handler.close_connection = True

    return answer


def cut(data: bytes) -> Answer:
    """Half a document, sent as if it were whole."""
    return body(data[: len(data) // 2])


def states_more(data: bytes) -> Answer:
    def answer(handler: Handler) -> None:
        handler.reply(data, length=len(data) + 100)
        handler.close_connection = True

    return answer


def states_less(data: bytes) -> Answer:
    def answer(handler: Handler) -> None:
        handler.reply(data, length=len(data) - 100)

    return answer


def nonsense_length(data: bytes) -> Answer:
    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "12, 34")
        handler.end_headers()
        handler.wfile.write(data)
        handler.close_connection = True

    return answer


def oversized(handler: Handler) -> None:
    """More than anyone should read, without an end."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b" " * 65536)


_BOMB = gzip.compress(b" " * (64 << 20), 1)


def gzip_bomb(handler: Handler) -> None:
    handler.reply(_BOMB, Content_Encoding="gzip")


def not_gzip(handler: Handler) -> None:
    handler.reply(b"{}", Content_Encoding="gzip")


def busy(seconds: int, times: int, then: bytes) -> Answer:
    """429 with Retry-After so many times, then the document."""
    left = [times]

    def answer(handler: Handler) -> None:
        if left[0] > 0:
            left[0] -= 1
            handler.reply(b"", status=429, Retry_After=str(seconds))
        else:
            handler.reply(then)

    return answer


def raw(data: bytes) -> Answer:
    """These bytes in place of a reply of HTTP."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(data)
        handler.wfile.flush()
        handler.close_connection = True

    return answer


def hints_first(data: bytes, times: int = 1) -> Answer:
    """103 Early Hints (RFC 8297), and 102 and 100 as they come, before the reply."""

    def answer(handler: Handler) -> None:
        for _ in range(times):
            handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\nContent-Length: 7\r\n\r\n")
            handler.wfile.write(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n")
            handler.wfile.flush()
        handler.reply(data)

    return answer


def hints_for_ever(handler: Handler) -> None:
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100)


def busy_until(then: bytes) -> Answer:
    """Retry-After as a date, an hour after the request: the test may run long after this was called."""

    def answer(handler: Handler) -> None:
        when = email.utils.formatdate(time.time() + 3600, usegmt=True)
        handler.reply(then, status=503, Retry_After=when)

    return answer


def as_bytes(document: object) -> bytes:
    return json.dumps(document).encode()


def environment(home: Path, ca_file: Path, **more: str) -> dict[str, str]:
    """What a process needs to use such a mirror, and nothing of the developer's own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "PYTHONPATH") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "PITHTEX_HOME": str(home / "store"),
        "PITHTEX_CONFIG_DIR": str(home / "configuration"),
        "REQUESTS_CA_BUNDLE": str(ca_file),
        **more,
    }

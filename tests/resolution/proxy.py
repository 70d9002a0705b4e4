"""A proxy on loopback that really connects: CONNECT to names that it alone knows, or a refusal."""

from __future__ import annotations

import contextlib
import select
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator

Answer = Callable[[socket.socket, bytes], None]


class Proxy(socketserver.ThreadingTCPServer):
    """`routes` maps `host:port` as asked for to a port of this machine. `asked` are the heads of the requests."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, routes: dict[str, int], answer: Answer | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.routes = routes
        self.answer = answer
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *args: object) -> None:
        pass


class _Connection(socketserver.BaseRequestHandler):
    server: Proxy
    request: socket.socket

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            data = self.request.recv(4096)
            if not data:
                return
            head += data
        self.server.asked.append(head.decode())
        if self.server.answer is not None:
            self.server.answer(self.request, head)
            return
        port = self.server.routes.get(head.split()[1].decode())
        if port is None:
            self.request.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", port)) as other:
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _join(self.request, other)


def _join(one: socket.socket, other: socket.socket) -> None:
    ways = {one: other, other: one}
    while True:
        for sock in select.select(list(ways), [], [])[0]:
            data = sock.recv(65536)
            if not data:
                return
            ways[sock].sendall(data)


def says(data: bytes) -> Answer:
    return lambda sock, _: sock.sendall(data)


@contextlib.contextmanager
def proxying(proxy: Proxy) -> Iterator[Proxy]:
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()

"""A real HTTP endpoint on the loopback address that says exactly what a test tells it to say."""

import json
import socketserver
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

SILENCE = None
"""In place of an answer: the request is read, and nothing ever comes back."""

Answers = Iterable[bytes | None]
"""What one connection answers, request by request; then the endpoint closes it."""


class Received(NamedTuple):
    """A request, as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes


class Endpoint(socketserver.ThreadingTCPServer):
    """Endpoint whose n-th connection answers by the n-th script; further ones are closed unread."""

    daemon_threads = True

    def __init__(self, scripts: Iterable[Answers]) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.scripts = iter(list(scripts))
        self.stopping = threading.Event()
        self.connections = 0
        self.received: list[Received] = []

    @property
    def port(self) -> int:
        """Return the port on which it listens."""
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"


class _Connection(socketserver.StreamRequestHandler):
    server: Endpoint

    def handle(self) -> None:
        self.server.connections += 1
        for answer in next(self.server.scripts, ()):
            received = self._receive()
            if received is None:
                return
            self.server.received.append(received)
            if answer is SILENCE:
                self.server.stopping.wait()
                return
            self.wfile.write(answer)

    def _receive(self) -> Received | None:
        line = self.rfile.readline().decode().rstrip()
        if not line:
            return None
        headers = {}
        while header := self.rfile.readline().decode().rstrip():
            name, _, value = header.partition(": ")
            headers[name.lower()] = value
        return Received(line, headers, self.rfile.read(int(headers.get("content-length", 0))))


@contextmanager
def endpoint(*scripts: Answers) -> Iterator[Endpoint]:
    """Run an endpoint while the block runs."""
    with Endpoint(scripts) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.stopping.set()
            server.shutdown()
            thread.join()


def http(body: bytes = b"", *, status: str = "200 OK", headers: str = "") -> bytes:
    """Return an answer; each of `headers` ends with its own line break."""
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


def answer(document: object, *, status: str = "200 OK", headers: str = "") -> bytes:
    """Return an answer of AWS's JSON protocol."""
    headers = f"Content-Type: application/x-amz-json-1.1\r\n{headers}"
    return http(json.dumps(document).encode(), status=status, headers=headers)


def refusal(status: str, code: str) -> bytes:
    """Return the answer by which AWS refuses a request."""
    return answer({"__type": code, "message": "Refused."}, status=status)

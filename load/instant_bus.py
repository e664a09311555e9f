"""An endpoint that confirms whatever is handed over at once, so that a benchmark measures its caller alone."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_BODIES = {
    b"awsevents.putevents": b'{"FailedEntryCount":0,"Entries":[{"EventId":"00000000-0000-4000-8000-000000000000"}]}',
    b"amazonsqs.sendmessagebatch": b'{"Successful":[{"Id":"0","MessageId":"0","MD5OfMessageBody":"0"}]}',
    b"amazonssm.getparameter": b'{"Parameter":{"Name":"salt","Type":"SecureString","Value":'
    b'"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}}',
}
"""Answers by the operation, in lower case."""


class _Connection(socketserver.StreamRequestHandler):
    """Answers requests on one connection until its caller closes it."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        while self.rfile.readline():
            length, operation = 0, b""
            while (line := self.rfile.readline().strip().lower()) != b"":
                name, _, value = line.partition(b":")
                if name == b"content-length":
                    length = int(value)
                elif name == b"x-amz-target":
                    operation = value.strip()
            self.rfile.read(length)
            self.wfile.write(_ANSWERS[operation])


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def _answer(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


_ANSWERS = {operation: _answer(body) for operation, body in _BODIES.items()}


@contextmanager
def instant_bus() -> Iterator[str]:
    """Serve on the loopback interface for as long as the context lasts; gives its URL."""
    with _Server(("127.0.0.1", 0), _Connection) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()

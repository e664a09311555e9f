"""One kept HTTP/1.1 connection to an AWS endpoint.

`http.client` parses every answer's headers as an e-mail message, which costs a third of an ingest request's processor
time and half of its cold start. An AWS endpoint needs less: a status, a length, a body.
"""

import functools
import socket
from io import BufferedReader
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

# An answer of the operations used here has a few hundred bytes; a line over this is no HTTP.
_LONGEST_LINE = 65_536


class ProtocolError(OSError):
    """Raised when what arrives is not an HTTP/1.1 answer, or ends before it is whole."""


class Connection:
    """Connection that is opened when it is first needed, and again after it was closed.

    Parameters
    ----------
    scheme
        `https`, or `http` for a local endpoint.
    host
        Host name or address.
    port
        The port; the scheme's own if not given.
    timeout
        Seconds to wait for the connection and for each part of an answer.
    """

    def __init__(self, scheme: str, host: str, port: int | None, *, timeout: float) -> None:
        self._host = host
        self._port = port or (443 if scheme == "https" else 80)
        self._timeout = timeout
        self._tls = _tls_context() if scheme == "https" else None
        self._socket: socket.socket | None = None
        self._answers: BufferedReader | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether an earlier request left the connection open."""
        return self._socket is not None

    def post(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Send a POST request to `/` and return the answer's status and body.

        Raises
        ------
        OSError
            When no connection, or no whole answer, comes about; the connection is then closed. `TimeoutError` is
            one of them.
        """
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        request = f"POST / HTTP/1.1\r\n{head}content-length: {len(body)}\r\n\r\n".encode("latin-1") + body
        try:
            stream = self._open()
            assert self._socket is not None  # noqa: S101  _open leaves one
            self._socket.sendall(request)
            return self._read(stream)
        except (OSError, ValueError):
            self.close()
            raise

    def close(self) -> None:
        """Close the connection, if it is open."""
        if self._answers is not None:
            self._answers.close()
        if self._socket is not None:
            self._socket.close()
        self._socket = self._answers = None

    def _open(self) -> BufferedReader:
        if self._answers is None:
            plain = socket.create_connection((self._host, self._port), timeout=self._timeout)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = self._tls.wrap_socket(plain, server_hostname=self._host) if self._tls else plain
            self._answers = self._socket.makefile("rb")
        return self._answers

    def _read(self, stream: BufferedReader) -> tuple[int, bytes]:
        version, _, rest = _line(stream).partition(b" ")
        if not version.startswith(b"HTTP/1."):
            message = "the answer is not HTTP/1.1"
            raise ProtocolError(message)
        headers = _headers(stream)
        if headers.get(b"transfer-encoding", b"").lower() == b"chunked":
            body = _chunked(stream)
        elif (length := headers.get(b"content-length")) is not None:
            body = _exactly(stream, int(length))
        else:
            body = stream.read()
            self.close()
        if version == b"HTTP/1.0" or headers.get(b"connection", b"").lower() == b"close":
            self.close()
        return int(rest[:3]), body


@functools.cache
def _tls_context() -> "ssl.SSLContext":
    """Return what all connections share: reading the trusted certificates is a quarter of a cold start."""
    import ssl  # noqa: PLC0415  the embedded AWS is spoken to without TLS

    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _line(stream: BufferedReader) -> bytes:
    line = stream.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        message = "the connection ended within an answer" if line else "the connection was closed"
        raise ProtocolError(message)
    return line.rstrip(b"\r\n")


def _headers(stream: BufferedReader) -> dict[bytes, bytes]:
    headers = {}
    while line := _line(stream):
        name, _, value = line.partition(b":")
        headers[name.lower()] = value.strip()
    return headers


def _exactly(stream: BufferedReader, length: int) -> bytes:
    body = stream.read(length)
    if len(body) != length:
        message = "the connection ended within an answer"
        raise ProtocolError(message)
    return body


def _chunked(stream: BufferedReader) -> bytes:
    parts = []
    while size := int(_line(stream).partition(b";")[0], 16):
        parts.append(_exactly(stream, size))
        _line(stream)
    _headers(stream)  # trailers
    return b"".join(parts)

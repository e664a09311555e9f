"""A call to AWS, caught on its way: it goes on when somebody else says so, or never."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from shared.aws.credentials import Credentials
from shared.aws.sigv4 import Signer

_PASSED_ON = ("Content-Type", "x-amzn-ErrorType")
_SIGNING_NAMES = {"AWSEvents": "events", "AmazonSQS": "sqs"}
_REST = {"/v2/email/outbound-emails": "SendEmail"}


class Answer(NamedTuple):
    """What AWS answers."""

    status: int
    headers: dict[str, str]
    body: bytes

    @classmethod
    def of(cls, status: int, document: dict[str, Any]) -> "Answer":
        """Return an answer of JSON; `__type` is an error's name, for both of AWS's JSON protocols."""
        headers = {"Content-Type": "application/x-amz-json-1.0"}
        if "__type" in document:
            headers["x-amzn-ErrorType"] = document["__type"]
        return cls(status, headers, json.dumps(document).encode())


class Call(BaseHTTPRequestHandler):
    """One request on its way to AWS; `caught` is told of it, and what it has to be done with it then."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    upstream = ""
    caught: Callable[["Call"], None]

    def do_POST(self) -> None:
        """Wait until it was decided what becomes of the request."""
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self._done = threading.Event()
        type(self).caught(self)
        self._done.wait()

    @property
    def operation(self) -> str:
        """Return the operation that is asked for."""
        target = self.headers.get("X-Amz-Target", "")
        return str(target).rpartition(".")[2] or _REST[self.path]

    @property
    def question(self) -> dict[str, Any]:
        """Return what is asked."""
        document: dict[str, Any] = json.loads(self.body)
        return document

    def forward(self) -> Answer:
        """Let AWS do it, and return its answer. The headers are signed, so they stay as they are."""
        return self._exchange(dict(self.headers.items()), self.body)

    def forward_instead(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Let AWS do something else with the same operation, with the rights of the account, and return its answer."""
        body = json.dumps(question).encode()
        target = self.headers["X-Amz-Target"]
        signer = Signer(
            Credentials("test", "test", None, "eu-central-1"), service=_SIGNING_NAMES[target.partition(".")[0]],
            host=self.upstream, content_type=self.headers["Content-Type"],
        )  # fmt: skip
        answer = self._exchange({**signer.headers(target=target, body=body), "content-length": str(len(body))}, body)
        assert answer.status == 200, answer
        document: dict[str, Any] = json.loads(answer.body)
        return document

    def _exchange(self, headers: Mapping[str, str], body: bytes) -> Answer:
        connection = HTTPConnection(self.upstream, timeout=60)
        connection.request("POST", self.path, body, headers)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        passed_on = {name: response.headers[name] for name in _PASSED_ON if name in response.headers}
        return Answer(response.status, passed_on, answer)

    def answer(self, answer: Answer) -> None:
        """Answer the caller."""
        with suppress(OSError):
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
        self._done.set()

    def cut(self) -> None:
        """Cut the connection."""
        self.close_connection = True
        self._done.set()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def tapped(upstream: str, caught: Callable[[Call], None]) -> Iterator[str]:
    """Return the URL of a way to AWS on which every call is caught."""
    handler = type("TappedCall", (Call,), {"upstream": upstream, "caught": staticmethod(caught)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()

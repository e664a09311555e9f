"""A site with the tracker on its pages, and an endpoint that records what the tracker sends."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from cli.tracker import SCRIPT, script_tag
from schemas.analytics import AnalyticsRequest

_REQUEST: TypeAdapter[AnalyticsRequest] = TypeAdapter(AnalyticsRequest)

# How long a server takes to notice that it shall stop.
_POLL_SECONDS = 0.02

STUB = (
    "<script>window.sitewire = window.sitewire || function () "
    "{ (sitewire.q = sitewire.q || []).push(arguments) }</script>"
)


class Received(NamedTuple):
    """A request to the endpoint."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def batch(self) -> dict[str, Any]:
        """The body, which the API would take."""
        _REQUEST.validate_json(self.body)
        batch: dict[str, Any] = json.loads(self.body)
        return batch


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    @property
    def address(self) -> str:
        return f"http://localhost:{self.server_port}"


class Endpoint(_Server):
    """Takes batches like the API, or fails as often as it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _EndpointHandler)
        self.received: list[Received] = []
        self.failures: list[int] = []  # statuses of the answers to come

    def batches(self) -> list[dict[str, Any]]:
        """Return what was sent, in the order of arrival."""
        return [request.batch for request in list(self.received) if request.method == "POST"]

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """Return the events called `name`; without it, the page views."""
        return [event for batch in self.batches() for event in batch["events"] if event.get("name") == name]


class Pages(_Server):
    """Answers every path with a page that has the tracker on it, and counts at the endpoint."""

    def __init__(self, api_url: str) -> None:
        super().__init__(("127.0.0.1", 0), _PageHandler)
        self.api_url = api_url
        self.attributes = ""  # further ones of the tracker's tag
        self.head = ""
        self.body = "<h1>A page</h1>"
        self.delay = 0.0  # seconds until a page is answered

    def page(self) -> str:
        """Return the page."""
        tag = script_tag(SCRIPT.read_bytes(), "/sitewire.js", self.api_url)
        tag = tag.replace("<script ", f"<script {self.attributes} ", 1)
        return f"<!doctype html><html><head><title>Home</title>{self.head}{tag}</head><body>{self.body}</body></html>"


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Be quiet."""

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _EndpointHandler(_Handler):
    server: Endpoint

    def do_POST(self) -> None:
        self._record()
        status = self.server.failures.pop(0) if self.server.failures else 202
        self.reply(status, Access_Control_Allow_Origin=self.headers.get("Origin", ""))

    def do_OPTIONS(self) -> None:
        self._record()
        self.reply(204, Access_Control_Allow_Origin="*", Access_Control_Allow_Headers="*")

    def _record(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append(Received(self.command, self.path, headers, body))


class _PageHandler(_Handler):
    server: Pages

    def do_GET(self) -> None:
        if self.path == "/sitewire.js":
            self.reply(200, SCRIPT.read_bytes(), Content_Type="text/javascript")
        elif self.path.endswith((".ico", ".pdf")):
            self.reply(204)
        else:
            time.sleep(self.server.delay)
            self.reply(200, self.server.page().encode(), Content_Type="text/html; charset=utf-8")


@contextmanager
def serving[Server: _Server](server: Server) -> Iterator[Server]:
    """Let the server answer for as long as the block lasts."""
    thread = threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

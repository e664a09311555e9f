"""A proxy between a function and an AWS service that misbehaves on demand."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from infra.names import ALIAS
from tests.e2e.conftest import Site, eventually
from tests.e2e.workers import depth

DENIED = b'{"__type": "com.amazon.coral.service#AccessDeniedException", "Message": "denied by the test"}'

Fault = Callable[["Exchange"], None]
"""What to do with a request instead of passing it on."""


class Exchange(BaseHTTPRequestHandler):
    """One request on its way to the service."""

    protocol_version = "HTTP/1.1"
    upstream = ""
    faults: list[Fault]

    def do_POST(self) -> None:
        """Pass the request on, or do what the next fault says."""
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.faults.pop(0) if self.faults else Exchange.pass_on
        fault(self)

    @property
    def operation(self) -> str:
        """Return the operation that is asked for."""
        return self.headers["X-Amz-Target"].rpartition(".")[2]

    def pass_on(self) -> None:
        """Send the request to the service and its answer back."""
        self.answer(*self.forward())

    def forward(self) -> tuple[int, bytes]:
        """Send the request to the service and return its answer; the headers are signed, so they stay as they are."""
        connection = HTTPConnection(self.upstream, timeout=30)
        connection.request("POST", self.path, self.body, dict(self.headers.items()))
        response = connection.getresponse()
        return response.status, response.read()

    def answer(self, status: int, body: bytes) -> None:
        """Answer the function."""
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def deny(exchange: Exchange) -> None:
    """Answer as IAM does when a permission is missing."""
    exchange.answer(400, DENIED)


def lose_reply(exchange: Exchange) -> None:
    """Let the write happen, and cut the connection before the function learns of it."""
    exchange.forward()
    exchange.close_connection = True


def on(operation: str, fault: Fault) -> Fault:
    """Return a fault that lets requests pass until one asks for `operation`."""

    def wait(exchange: Exchange) -> None:
        if exchange.operation == operation:
            fault(exchange)
        else:
            exchange.faults.insert(0, wait)
            exchange.pass_on()

    return wait


def hold(started: threading.Event, release: threading.Event) -> Fault:
    """Return a fault that keeps the function waiting until `release`, then lets the write happen unheard."""

    def fault(exchange: Exchange) -> None:
        started.set()
        release.wait(30)
        exchange.forward()
        exchange.close_connection = True

    return fault


def faulty_dynamodb(site: Site, function: str) -> AbstractContextManager[list[Fault]]:
    """Put the proxy between `function` and DynamoDB; faults appended to the list are used up one request each."""
    return _faulty(site, function, "AWS_ENDPOINT_URL_DYNAMODB")


def faulty_bus(site: Site, function: str) -> AbstractContextManager[list[Fault]]:
    """Put the proxy between `function` and EventBridge, as `faulty_dynamodb` does for DynamoDB."""
    return _faulty(site, function, "AWS_ENDPOINT_URL_EVENTS")


@contextmanager
def _faulty(site: Site, function: str, variable: str) -> Iterator[list[Fault]]:
    # A message that an earlier test left on its way would use the faults up.
    url = site.outputs["queues"].get(function)
    if url:
        eventually(lambda: depth(site, url) == 0)
    faults: list[Fault] = []
    upstream = urlsplit(site.outputs["aws_endpoint_url"]).netloc
    handler = type("BoundExchange", (Exchange,), {"upstream": upstream, "faults": faults})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client, name = site.aws("lambda"), site.outputs["functions"][function]
    variables = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    live = client.get_alias(FunctionName=name, Name=ALIAS)["FunctionVersion"]
    detour = {**variables, variable: f"http://127.0.0.1:{server.server_port}"}
    client.update_function_configuration(FunctionName=name, Environment={"Variables": detour})
    faulty = client.publish_version(FunctionName=name)["Version"]
    client.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=faulty)
    if url:
        # Started before anything comes: a message must not be given back only because a function starts.
        client.invoke(FunctionName=name, Qualifier=ALIAS, Payload=json.dumps({"Records": []}))
    try:
        yield faults
    finally:
        client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
        # What ran before the detour is still warm, and what ran on it makes way.
        client.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=live)
        client.delete_function(FunctionName=name, Qualifier=faulty)
        server.shutdown()

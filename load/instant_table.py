"""A table that answers at once, in a process of its own, so that a benchmark measures its caller alone.

It keeps what `shared.table.revisions` writes, on its conditions, and takes every UpdateItem for done.
"""

import socketserver
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

_Item = dict[str, dict[str, str]]
_items: dict[tuple[str, str], _Item] = {}


class _Connection(socketserver.StreamRequestHandler):
    """Answers requests on one connection until its caller closes it."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        while self.rfile.readline():
            length, operation = 0, ""
            while (line := self.rfile.readline().strip().lower()) != b"":
                name, _, value = line.partition(b":")
                if name == b"content-length":
                    length = int(value)
                elif name == b"x-amz-target":
                    operation = value.rpartition(b".")[2].decode()
            status, answer = _OPERATIONS[operation](msgspec.json.decode(self.rfile.read(length)))
            body = msgspec.json.encode(answer)
            head = f"HTTP/1.1 {status} OK\r\nContent-Length: {len(body)}\r\n\r\n"
            self.wfile.write(head.encode() + body)


def _get(request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    ((table, wanted),) = request["RequestItems"].items()
    found = [_items[_place(key)] for key in wanted["Keys"] if _place(key) in _items]
    return 200, {"Responses": {table: found}, "UnprocessedKeys": {}}


def _transact(request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    updates = [write["Update"] for write in request["TransactItems"]]
    if not all(map(_holds, updates)):
        reasons = [{"Code": "ConditionalCheckFailed"}]
        return 400, {"__type": "com.amazonaws#TransactionCanceledException", "CancellationReasons": reasons}
    for update in updates:
        item = _items.setdefault(_place(update["Key"]), dict(update["Key"]))
        names, values = update["ExpressionAttributeNames"], update["ExpressionAttributeValues"]
        for assignment in update["UpdateExpression"].removeprefix("SET ").split(","):
            name, _, value = assignment.partition("=")
            item[names[name]] = values[value]
    return 200, {}


def _holds(update: dict[str, Any]) -> bool:
    item = _items.get(_place(update["Key"]))
    was = update["ExpressionAttributeValues"].get(":was")
    return item is None if was is None else item is not None and item["rev"] == was


def _place(key: _Item) -> tuple[str, str]:
    return key["PK"]["S"], key["SK"]["S"]


_OPERATIONS: dict[str, Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]] = {
    "batchgetitem": _get,
    "transactwriteitems": _transact,
    "updateitem": lambda _: (200, {}),
}


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def instant_table() -> Iterator[str]:
    """Serve on the loopback interface for as long as the context lasts; gives its URL."""
    with subprocess.Popen([sys.executable, "-m", __name__], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None  # noqa: S101  it is a pipe
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def main() -> None:
    """Print the port, and serve."""
    with _Server(("127.0.0.1", 0), _Connection) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()

import ssl

import pytest

from shared.aws.connection import Connection, ProtocolError
from tests.unit.shared.aws.endpoints import SILENCE, Answers, answer, endpoint

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

OK = answer({"ok": True})
OK_BODY = b'{"ok": true}'
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
    b'4;name=value\r\n{"ok\r\n8\r\n": true}\r\n0\r\nX-Trailer: yes\r\n\r\n'
)
UNTIL_CLOSED = b"HTTP/1.1 200 OK\r\n\r\n" + OK_BODY
HEAD = b"HTTP/1.1 200 OK\r\n"


def connect(port: int, *, timeout: float = 30) -> Connection:
    return Connection("http", "127.0.0.1", port, timeout=timeout)


def posted(*scripts: Answers, times: int = 1) -> tuple[list[tuple[int, bytes]], int]:
    """Return the answers to `times` requests over one connection object, and how many connections they took."""
    with endpoint(*scripts) as server:
        connection = connect(server.port)
        answers = [connection.post({"host": "127.0.0.1"}, b"{}") for _ in range(times)]
        connection.close()
        return answers, server.connections


def test_a_request_is_sent_as_it_was_given() -> None:
    with endpoint([OK]) as server:
        connect(server.port).post({"host": "events", "x-amz-target": "AWSEvents.PutEvents"}, "Grüße".encode())

    (received,) = server.received
    assert received.line == "POST / HTTP/1.1"
    assert received.headers == {"host": "events", "x-amz-target": "AWSEvents.PutEvents", "content-length": "7"}
    assert received.body == "Grüße".encode()


@pytest.mark.parametrize("reply", [OK, CHUNKED, UNTIL_CLOSED], ids=["content-length", "chunked", "until closed"])
def test_a_body_is_read_whole_however_its_end_is_marked(reply: bytes) -> None:
    answers, _ = posted([reply])

    assert answers == [(200, OK_BODY)]


@pytest.mark.parametrize("status", [200, 400, 503])
def test_the_status_is_returned(status: int) -> None:
    answers, _ = posted([answer({"ok": True}, status=f"{status} Anything At All")])

    assert answers[0][0] == status


@pytest.mark.parametrize("reply", [OK, CHUNKED], ids=["content-length", "chunked"])
def test_a_connection_is_kept_for_the_next_request(reply: bytes) -> None:
    answers, connections = posted([reply, reply, reply], times=3)

    assert answers == [(200, OK_BODY)] * 3
    assert connections == 1


@pytest.mark.parametrize(
    "reply",
    [answer({"ok": True}, headers="Connection: close\r\n"), OK.replace(b"HTTP/1.1", b"HTTP/1.0"), UNTIL_CLOSED],
    ids=["connection: close", "HTTP/1.0", "until closed"],
)
def test_a_connection_that_the_endpoint_will_close_is_not_kept(reply: bytes) -> None:
    answers, connections = posted([reply], [OK], times=2)

    assert answers == [(200, OK_BODY)] * 2
    assert connections == 2


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        HEAD,
        HEAD + b"Content-Le",
        HEAD + b"Content-Length: 12\r\n\r\n" + b'{"ok"',
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"c\r\n" + b'{"ok"',
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b'4\r\n{"ok\r\n',
    ],
    ids=["nothing", "status", "headers", "body", "chunk", "last chunk"],
)
def test_an_answer_that_was_cut_is_no_answer(reply: bytes) -> None:
    with pytest.raises(OSError):  # noqa: PT011  the system's own error, or a ProtocolError
        posted([reply])


@pytest.mark.parametrize(
    "reply",
    [b"SSH-2.0-OpenSSH_9.6\r\n", b"\r\n\r\n", b"x" * 70_000, HEAD + b"Content-Length: -1\r\n\r\n{}"],
    ids=["another protocol", "empty lines", "endless line", "negative length"],
)
def test_what_is_no_http_is_refused(reply: bytes) -> None:
    with pytest.raises(ProtocolError):
        posted([reply])


@pytest.mark.parametrize(
    "reply",
    [b"HTTP/1.1 ??? OK\r\nContent-Length: 0\r\n\r\n", HEAD + b"Content-Length: many\r\n\r\n", b"HTTP/1.1\r\n\r\n"],
    ids=["status", "length", "no status"],
)
def test_a_connection_that_made_no_sense_is_closed(reply: bytes) -> None:
    with endpoint([reply]) as server:
        connection = connect(server.port)
        with pytest.raises((OSError, ValueError)):
            connection.post({"host": "127.0.0.1"}, b"{}")

    assert not connection.is_open


def test_silence_ends_with_a_timeout_and_a_closed_connection() -> None:
    with endpoint([SILENCE]) as server:
        connection = connect(server.port, timeout=0.05)
        with pytest.raises(TimeoutError):
            connection.post({"host": "127.0.0.1"}, b"{}")

    assert not connection.is_open


def test_it_works_again_after_a_failure() -> None:
    with endpoint([b""], [OK]) as server:
        connection = connect(server.port)
        with pytest.raises(OSError):  # noqa: PT011  the system's own error, or a ProtocolError
            connection.post({"host": "127.0.0.1"}, b"{}")

        assert connection.post({"host": "127.0.0.1"}, b"{}") == (200, OK_BODY)


def test_it_opens_no_connection_before_it_is_needed() -> None:
    with endpoint() as server:
        connection = connect(server.port)

    assert not connection.is_open
    assert server.connections == 0


def test_connections_to_several_services_read_the_trusted_certificates_once(monkeypatch: pytest.MonkeyPatch) -> None:
    contexts: list[ssl.SSLContext] = []
    create = ssl.create_default_context

    def count() -> ssl.SSLContext:
        contexts.append(create())
        return contexts[-1]

    monkeypatch.setattr(ssl, "create_default_context", count)

    for service in ("events", "dynamodb", "sqs"):
        Connection("https", f"{service}.eu-central-1.amazonaws.com", None, timeout=1)

    assert len(contexts) <= 1

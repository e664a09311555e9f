"""The key endpoint, over real sockets."""

import socket
import threading
import time

import pytest

from shared.tokens.fetching import LARGEST_BODY, FetchError, fetch
from tests.unit.shared.aws.endpoints import SILENCE, Answers, endpoint, http

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

BODY = b'{"keys":[]}'


def fetched(*scripts: Answers) -> bytes:
    with endpoint(*scripts) as server:
        return fetch(f"{server.url}/keys")


def refused(*scripts: Answers, deadline: float = 2) -> str:
    with endpoint(*scripts) as server, pytest.raises(FetchError) as caught:
        fetch(f"{server.url}/keys", deadline=deadline)
    return str(caught.value)


def test_the_body_of_an_answer_is_returned() -> None:
    with endpoint([http(BODY)]) as server:
        assert fetch(f"{server.url}/keys?v=1") == BODY

    assert server.received[0].line == "GET /keys?v=1 HTTP/1.1"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_not_followed(status: str) -> None:
    with endpoint([http(BODY)]) as elsewhere:
        redirect = http(BODY, status=status, headers=f"Location: {elsewhere.url}/keys\r\n")
        assert refused([redirect]) == f"http-{status[:3]}"
        assert elsewhere.connections == 0

        assert fetch(f"{elsewhere.url}/keys") == BODY


@pytest.mark.parametrize("status", ["400 Bad Request", "404 Not Found", "429 Slow Down", "500 Oops", "503 Unavailable"])
def test_an_error_is_no_key_set(status: str) -> None:
    assert refused([http(BODY, status=status)]) == f"http-{status[:3]}"


def test_a_body_may_be_as_large_as_the_limit_and_no_larger() -> None:
    assert len(fetched([http(b"x" * LARGEST_BODY)])) == LARGEST_BODY

    assert refused([http(b"x" * (LARGEST_BODY + 1))]) == "too-large"


def test_a_body_without_an_end_is_too_large() -> None:
    assert refused([b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (4 * LARGEST_BODY)]) == "too-large"


def test_silence_is_waited_for_no_longer_than_the_deadline() -> None:
    started = time.monotonic()

    assert refused([SILENCE], deadline=0.2) == "timeout"
    assert time.monotonic() - started < 1.5


def test_an_answer_that_trickles_is_waited_for_no_longer_than_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def trickle() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                while not stop.wait(0.05):
                    connection.sendall(b"x")

        sender = threading.Thread(target=trickle, daemon=True)
        sender.start()
        started = time.monotonic()
        with pytest.raises(FetchError, match=r"^timeout$"):
            fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/keys", deadline=0.3)
        assert time.monotonic() - started < 1.5
        stop.set()
        sender.join()


def test_a_place_where_nobody_listens_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(FetchError, match=r"^URLError$"):
        fetch(f"http://127.0.0.1:{port}/keys")


@pytest.mark.parametrize("answer", [b"junk\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n", b""])
def test_what_is_no_http_is_an_error(answer: bytes) -> None:
    assert refused([answer]) in {"BadStatusLine", "HTTPException", "RemoteDisconnected", "ConnectionResetError"}


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/keys", "data:application/json,{}"])
def test_nothing_but_http_is_spoken(url: str) -> None:
    with pytest.raises(FetchError):
        fetch(url)


def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint([http(BODY)], [http(BODY)]) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("no_proxy", "")

        assert fetched([http(b"direct")]) == b"direct"
        assert proxy.connections == 0

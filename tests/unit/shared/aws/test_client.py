import json

import pytest

from shared.aws.client import JsonClient
from shared.aws.errors import AwsError, AwsRefusedError, AwsUnreachableError
from tests.unit.shared.aws.endpoints import SILENCE, Endpoint, answer, endpoint, refusal

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "session",
    "AWS_REGION": "eu-central-1",
}
REQUEST = {"Entries": [{"Detail": "Grüße 👋"}]}
OK = answer({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]})
ANSWER = {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}


def client_of(server: Endpoint, waits: list[float] | None = None) -> JsonClient:
    return JsonClient(
        service="events",
        target="AWSEvents",
        environment={**CREDENTIALS, "AWS_ENDPOINT_URL": server.url},
        sleep=([] if waits is None else waits).append,
    )


def test_a_call_is_a_signed_request_of_the_json_protocol() -> None:
    with endpoint([OK]) as server:
        client_of(server).call("PutEvents", REQUEST)

    (received,) = server.received
    assert received.headers["content-type"] == "application/x-amz-json-1.1"
    assert received.headers["x-amz-target"] == "AWSEvents.PutEvents"
    assert received.headers["host"] == f"127.0.0.1:{server.port}"
    assert received.headers["x-amz-security-token"] == "session"
    assert received.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert json.loads(received.body) == REQUEST


def test_the_answer_is_returned() -> None:
    with endpoint([OK]) as server:
        assert client_of(server).call("PutEvents", REQUEST) == ANSWER


def test_calls_share_one_connection() -> None:
    with endpoint([OK, OK, OK]) as server:
        client = client_of(server)
        for _ in range(3):
            client.call("PutEvents", REQUEST)

    assert server.connections == 1


@pytest.mark.parametrize("first", [[OK], [OK, b""]], ids=["closed while idle", "closed on the next request"])
def test_a_kept_connection_that_went_stale_is_replaced_without_waiting(first: list[bytes]) -> None:
    waits: list[float] = []
    with endpoint(first, [OK]) as server:
        client = client_of(server, waits)
        client.call("PutEvents", REQUEST)

        assert client.call("PutEvents", REQUEST) == ANSWER

    assert server.connections == 2
    assert waits == []


@pytest.mark.parametrize(
    "failure",
    [
        refusal("500 Internal Server Error", "InternalException"),
        refusal("503 Service Unavailable", "ServiceUnavailable"),
        refusal("400 Bad Request", "ThrottlingException"),
        refusal("400 Bad Request", "com.amazon.coral.availability#ThrottlingException"),
        refusal("400 Bad Request", "RequestLimitExceeded"),
        refusal("429 Too Many Requests", "TooManyRequestsException"),
    ],
    ids=["500", "503", "throttled", "throttled, with a namespace", "limit", "429"],
)
def test_what_passes_is_tried_again(failure: bytes) -> None:
    waits: list[float] = []
    with endpoint([failure, failure, OK]) as server:
        assert client_of(server, waits).call("PutEvents", REQUEST) == ANSWER

    assert len(server.received) == 3
    assert len(waits) == 2


def test_a_request_is_signed_anew_for_each_attempt() -> None:
    with endpoint([refusal("500 Internal Server Error", "InternalException"), OK]) as server:
        client_of(server).call("PutEvents", REQUEST)

    assert [received.body for received in server.received] == [server.received[0].body] * 2
    assert all("authorization" in received.headers for received in server.received)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"])
def test_a_refusal_that_stays_is_not_tried_again(code: str) -> None:
    with endpoint([refusal("400 Bad Request", code), OK]) as server, pytest.raises(AwsRefusedError) as caught:
        client_of(server).call("PutEvents", REQUEST)

    assert (caught.value.status, caught.value.code) == (400, code)
    assert len(server.received) == 1


def test_it_gives_up_with_the_error_of_the_last_attempt() -> None:
    failures = [refusal("500 Internal Server Error", f"Failure{number}") for number in range(3)]
    with endpoint([*failures, OK]) as server, pytest.raises(AwsRefusedError) as caught:
        client_of(server).call("PutEvents", REQUEST)

    assert caught.value.code == "Failure2"
    assert len(server.received) == 3


@pytest.mark.parametrize("body", [b"", b"<html>Bad Gateway</html>", b"[]", b'"text"', b"null"])
def test_an_error_without_a_code_is_still_a_refusal(body: bytes) -> None:
    head = f"HTTP/1.1 403 Forbidden\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with endpoint([head + body]) as server, pytest.raises(AwsRefusedError) as caught:
        client_of(server).call("PutEvents", REQUEST)

    assert (caught.value.status, caught.value.code) == (403, "Unknown")


def test_an_answer_that_was_cut_is_asked_for_again() -> None:
    with endpoint([OK[:-5]], [OK]) as server:
        assert client_of(server).call("PutEvents", REQUEST) == ANSWER


@pytest.mark.parametrize("attempts", [1, 3])
def test_silence_on_every_attempt_is_no_answer(attempts: int) -> None:
    with endpoint(*[[SILENCE]] * 3) as server:
        environment = {**CREDENTIALS, "AWS_ENDPOINT_URL": server.url}
        client = JsonClient(
            service="events",
            target="AWSEvents",
            environment=environment,
            attempts=attempts,
            timeout=0.05,
            sleep=lambda _seconds: None,
        )
        with pytest.raises(AwsUnreachableError):
            client.call("PutEvents", REQUEST)

    assert server.connections == attempts


def test_a_closed_port_is_no_answer() -> None:
    with endpoint() as server:
        pass

    with pytest.raises(AwsUnreachableError):
        client_of(server).call("PutEvents", REQUEST)


def test_a_success_that_cannot_be_read_is_an_error_of_the_client() -> None:
    html = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"
    with endpoint([html, html, html]) as server, pytest.raises(AwsError):
        client_of(server).call("PutEvents", REQUEST)


def test_an_endpoint_of_the_service_goes_before_one_of_all_services() -> None:
    with endpoint([OK]) as own, endpoint([OK]) as general:
        environment = {**CREDENTIALS, "AWS_ENDPOINT_URL": general.url, "AWS_ENDPOINT_URL_EVENTS": own.url}
        JsonClient(service="events", target="AWSEvents", environment=environment).call("PutEvents", REQUEST)

    assert (len(own.received), len(general.received)) == (1, 0)


def test_without_an_endpoint_it_is_the_one_of_the_region(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[tuple[str, int]] = []

    def refuse(address: tuple[str, int], timeout: float) -> None:  # noqa: ARG001
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.create_connection", refuse)
    client = JsonClient(service="events", target="AWSEvents", environment=CREDENTIALS, sleep=lambda _seconds: None)

    with pytest.raises(AwsUnreachableError):
        client.call("PutEvents", REQUEST)

    assert set(reached) == {("events.eu-central-1.amazonaws.com", 443)}

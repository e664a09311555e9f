from datetime import UTC, datetime

import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from shared.aws.credentials import Credentials
from shared.aws.sigv4 import Signer
from tests.unit.properties import reproducible

CONTENT_TYPE = "application/x-amz-json-1.1"
TARGET = "AWSEvents.PutEvents"

_KEYS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+", min_size=16, max_size=40)
_CREDENTIALS = st.builds(
    Credentials,
    access_key=_KEYS,
    secret_key=_KEYS,
    session_token=st.none() | _KEYS,
    region=st.sampled_from(["eu-central-1", "us-east-1", "ap-southeast-2"]),
)
_HOSTS = st.sampled_from(["events.eu-central-1.amazonaws.com", "127.0.0.1:4566", "localhost:12345"])
_BODIES = st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode(errors="replace"))
# 1990 to 2100: SigV4 writes the year with four digits.
_MOMENTS = st.integers(631_152_000, 4_102_444_800)


def botocore_headers(
    credentials: Credentials, *, service: str, host: str, body: bytes, now: int, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """Return what botocore adds to the same request at the same moment."""
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: datetime.fromtimestamp(now, UTC))
    request = AWSRequest(
        "POST",
        f"https://{host}/",
        headers={"Content-Type": CONTENT_TYPE, "Host": host, "X-Amz-Target": TARGET},
        data=body,
    )
    own = BotocoreCredentials(credentials.access_key, credentials.secret_key, credentials.session_token)
    SigV4Auth(own, service, credentials.region).add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


@reproducible
@given(credentials=_CREDENTIALS, host=_HOSTS, body=_BODIES, now=_MOMENTS, service=st.sampled_from(["events", "sqs"]))
def test_a_request_is_signed_as_botocore_signs_it(
    credentials: Credentials, host: str, body: bytes, now: int, service: str
) -> None:
    signer = Signer(credentials, service=service, host=host, content_type=CONTENT_TYPE)

    headers = signer.headers(target=TARGET, body=body, now=now)

    with pytest.MonkeyPatch.context() as monkeypatch:
        assert headers == botocore_headers(
            credentials, service=service, host=host, body=body, now=now, monkeypatch=monkeypatch
        )


def test_one_signer_signs_across_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = Credentials("AKIDEXAMPLE", "secret", "session", "eu-central-1")
    signer = Signer(credentials, service="events", host="localhost:4566", content_type=CONTENT_TYPE)
    midnight = int(datetime(2026, 8, 17, tzinfo=UTC).timestamp())

    for now in (midnight - 1, midnight, midnight + 1, midnight - 1):
        assert signer.headers(target=TARGET, body=b"{}", now=now) == botocore_headers(
            credentials, service="events", host="localhost:4566", body=b"{}", now=now, monkeypatch=monkeypatch
        )


def test_without_a_session_no_session_token_is_sent() -> None:
    credentials = Credentials("AKIDEXAMPLE", "secret", None, "eu-central-1")
    signer = Signer(credentials, service="events", host="localhost:4566", content_type=CONTENT_TYPE)

    assert "x-amz-security-token" not in signer.headers(target=TARGET, body=b"{}")


def test_without_a_moment_it_is_this_one() -> None:
    credentials = Credentials("AKIDEXAMPLE", "secret", None, "eu-central-1")
    signer = Signer(credentials, service="events", host="localhost:4566", content_type=CONTENT_TYPE)
    before = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")

    assert (
        before
        <= signer.headers(target=TARGET, body=b"{}")["x-amz-date"]
        <= datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    )

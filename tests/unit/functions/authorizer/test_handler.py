import json
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from schemas.routes import Role
from shared.tokens import sign
from tests.unit import events

CONTEXT = SimpleNamespace(aws_request_id="function-request-1")
KEY = "the-signing-key-of-a-stage-that-is-long-enough"
ISSUER = "https://local.sitewire.invalid"
CANARY = "kanarienvogel-4711"


class MemorySecrets:
    """Secrets in memory, found by their ARN as Powertools' provider finds them."""

    def get(self, name: str, *, max_age: int) -> str:
        assert max_age > 0
        return {"arn:aws:secretsmanager:eu-central-1:123456789012:secret:sitewire/local/token-signing-key": KEY}[name]


@pytest.fixture
def authorizer(load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = load("functions.authorizer.handler")
    monkeypatch.setattr(module, "secrets", MemorySecrets())
    return module


def ask(authorizer: ModuleType, header: str) -> dict[str, Any]:
    event = events.read("authorizer_token") | {"authorizationToken": header}
    answer: dict[str, Any] = authorizer.handler(event, CONTEXT)
    return answer


def signed(role: Role = Role.EDITOR, *, key: str = KEY, lifetime_seconds: int = 60) -> str:
    return sign("ada", role, key=key, issuer=ISSUER, lifetime_seconds=lifetime_seconds)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_token_becomes_the_policy_of_its_role(authorizer: ModuleType, scheme: str) -> None:
    answer = ask(authorizer, f"{scheme} {signed()}")

    assert (answer["principalId"], answer["context"]) == ("ada", {"role": "editor"})
    assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        signed(),
        f"Basic {signed()}",
        f"Bearer  {signed()}",
        f"Bearer {signed()}, Bearer {signed()}",
        f"Bearer {signed()} {signed()}",
        f"Bearer {signed(key='another-key-that-is-long-enough-to-be-one')}",
        f"Bearer {signed(lifetime_seconds=-3600)}",
        f"Bearer {'x' * 9000}",
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.",
        f"Bearer {CANARY}",
    ],
    ids=lambda header: header[:16],
)
def test_whoever_cannot_be_trusted_is_unauthorized(authorizer: ModuleType, header: str) -> None:
    # API Gateway answers 401 for this one message, and 500 for every other.
    with pytest.raises(authorizer.UnauthorizedError) as caught:
        ask(authorizer, header)

    assert str(caught.value) == "Unauthorized"
    assert caught.value.__cause__ is None


def test_a_request_without_the_header_is_unauthorized(authorizer: ModuleType) -> None:
    event = events.read("authorizer_token")
    del event["authorizationToken"]

    with pytest.raises(authorizer.UnauthorizedError, match=r"^Unauthorized$"):
        authorizer.handler(event, CONTEXT)


def test_a_refusal_is_logged_and_counted_with_its_reason(
    authorizer: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(authorizer.UnauthorizedError):
        ask(authorizer, f"Bearer {signed(lifetime_seconds=-3600)}")

    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["reason"], line["Denied"]) == ("WARNING", "ExpiredSignatureError", 1)


def test_a_success_is_logged_and_counted(authorizer: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    ask(authorizer, f"Bearer {signed(Role.ADMIN)}")

    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["role"], line["Allowed"]) == ("INFO", "admin", 1)


def test_no_line_holds_a_token_or_the_key(authorizer: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    token = signed()
    ask(authorizer, f"Bearer {token}")
    with pytest.raises(authorizer.UnauthorizedError):
        ask(authorizer, f"Bearer {token[:-4]}AAAA")

    written = capsys.readouterr().out
    assert KEY not in written
    assert not [part for part in token.split(".")[1:] if part in written]

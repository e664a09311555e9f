"""The handler with the keys that it fetches itself, over real sockets."""

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from shared.tokens.bearer import BearerTokens
from shared.tokens.fetching import LARGEST_BODY
from tests.unit import events
from tests.unit.shared.aws.endpoints import Answers, endpoint, http
from tests.unit.shared.tokens.issuing import Flavour, key_set

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ([http(key_set())], None),
        ([http(b"<html>")], "no-key-set"),
        ([http(status="503 Unavailable")], "http-503"),
        ([http(status="302 Found", headers="Location: http://127.0.0.1:1/\r\n")], "http-302"),
        ([http(b"x" * (LARGEST_BODY + 1))], "too-large"),
    ],
    ids=["keys", "html", "error", "redirect", "oversize"],
)
def test_the_function_fetches_the_keys_of_its_issuers(
    load: Callable[[str], ModuleType],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    script: Answers,
    line: str | None,
) -> None:
    module = load("functions.authorizer.handler")
    flavour = Flavour("oidc", "RS256")
    event: dict[str, Any] = events.read("authorizer_token") | {"authorizationToken": f"Bearer {flavour.token()}"}
    with endpoint(script) as server:
        issuer = flavour.issuer._replace(jwks_url=f"{server.url}/keys")
        monkeypatch.setattr(module, "tokens", BearerTokens(json.dumps([issuer._asdict()]), module.log))
        if line is None:
            assert module.handler(event, None)["context"]["role"] == "editor"
        else:
            with pytest.raises(module.UnauthorizedError):
                module.handler(event, None)

    written = capsys.readouterr().out
    assert (f'"reason":"{line}"' in written) == (line is not None)
    assert ('"KeysUnavailable":1' in written) == (line is not None)

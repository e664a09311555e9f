"""The authorizer, with issuers whose key sets a test serves from memory."""

import json
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from shared.tokens.fetching import FetchError
from shared.tokens.issuers import Issuer
from shared.tokens.keys import KeyCache
from shared.tokens.verifier import Verifier
from tests.unit import events
from tests.unit.shared.tokens.issuing import FLAVOURS, ISSUERS, Flavour, key_set

CONTEXT = SimpleNamespace(aws_request_id="function-request-1")


class Desk:
    """Where tokens are shown: the real handler, the key sets that it fetches, and the clock by which it keeps them."""

    def __init__(self, module: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
        self.module = module
        self._capsys = capsys
        self.now = 1_800_000_000.0
        self.published = dict.fromkeys((issuer.jwks_url for issuer in ISSUERS.values()), key_set())
        self.fetched: list[str] = []
        self.out_of_order: str | None = None
        self.reported: list[str] = []

    def key_cache(self, issuer: Issuer) -> KeyCache:
        """Return a cache that fetches what is published."""
        return KeyCache(issuer.jwks_url, fetch=self._fetch, clock=lambda: self.now, report=self.reported.append)

    def _fetch(self, url: str) -> bytes:
        self.fetched.append(url)
        if self.out_of_order:
            raise FetchError(self.out_of_order)
        return self.published[url]

    def publishes(self, issuer: Issuer, *entries: dict[str, Any]) -> None:
        """Replace an issuer's keys."""
        self.published[issuer.jwks_url] = key_set(*entries)

    def ask(self, header: object, **changes: Any) -> dict[str, Any]:
        """Return the answer to an Authorization header."""
        event = events.read("authorizer_token") | {"authorizationToken": header} | changes
        answer: dict[str, Any] = self.module.handler(event, CONTEXT)
        return answer

    def accepts(self, token: str) -> dict[str, Any]:
        """Show a token, which must be accepted with some role."""
        answer = self.ask(f"Bearer {token}")
        assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"
        return answer

    def refuses(self, token: str, reason: str) -> None:
        """Show a token, which must be refused for `reason`."""
        self.refuses_header(f"Bearer {token}", reason)

    def refuses_header(self, header: object, reason: str) -> None:
        """Show an Authorization header, which must be refused for `reason` by the one message that means 401."""
        self._capsys.readouterr()
        with pytest.raises(self.module.UnauthorizedError) as caught:
            self.ask(header)
        assert str(caught.value) == "Unauthorized"
        assert caught.value.__cause__ is None
        assert self.line()["reason"] == reason

    def shows(self, token: str) -> str:
        """Return all that showing a token leaves for others to read: output and error."""
        error = ""
        try:
            self.ask(f"Bearer {token}")
        except self.module.UnauthorizedError as refusal:
            error = repr((refusal, refusal.__cause__))
        written = self._capsys.readouterr()
        return written.out + written.err + error

    def line(self) -> dict[str, Any]:
        """Return the line that was logged."""
        line: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return line


@pytest.fixture
def desk(
    load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """Return a desk with two issuers that publish the same keys."""
    module = load("functions.authorizer.handler")
    arranged = Desk(module, capsys)
    monkeypatch.setattr(module.tokens, "verifier", Verifier(ISSUERS.values(), arranged.key_cache))
    return arranged


@pytest.fixture(params=FLAVOURS, ids="-".join)
def flavour(request: pytest.FixtureRequest) -> Flavour:
    """Return each kind of issuer with each algorithm."""
    return Flavour(*request.param)

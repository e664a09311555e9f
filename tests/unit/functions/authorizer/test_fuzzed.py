"""Whatever is shown, the answer is a policy or 401."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.functions.authorizer.conftest import Desk
from tests.unit.properties import json_values, reproducible, texts
from tests.unit.shared.tokens.issuing import Flavour, segment, signed

FLAVOUR = Flavour("oidc", "ES256")
HEADER = FLAVOUR.header(typ="JWT")
CLAIMS = FLAVOUR.claims()

each = settings(
    reproducible, max_examples=500, suppress_health_check=[*HealthCheck]
)  # the desk is one for all examples: nothing that is shown to it stays


def altered(document: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a document with one of its members, or another, of any value."""
    names = st.sampled_from([*document, "crit", "nbf", "token_use", "x"]) | texts
    return st.builds(lambda name, value: document | {name: value}, names, json_values)


def spelled(document: dict[str, Any]) -> st.SearchStrategy[bytes]:
    """Return JSON near to a document, or junk."""
    near = altered(document).map(lambda changed: json.dumps(changed).encode())
    return near | near | st.just(json.dumps(document).encode()) | st.binary(max_size=40)


def answered(desk: Desk, header: str) -> bool:
    """Tell whether a header opens anything; anything but a policy or a 401 is an error of the test."""
    try:
        answer = desk.ask(header)
    except desk.module.UnauthorizedError:
        return False
    assert answer.keys() == {"principalId", "policyDocument", "context"}
    return True


@each
@given(header=st.text(max_size=200) | st.text(max_size=200).map("Bearer {}".format))
def test_no_header_of_any_text_opens_anything(desk: Desk, header: str) -> None:
    assert not answered(desk, header)


@each
@given(header=spelled(HEADER), claims=spelled(CLAIMS), signature=st.binary(max_size=80))
def test_no_token_without_the_key_opens_anything(desk: Desk, header: bytes, claims: bytes, signature: bytes) -> None:
    assert not answered(desk, f"Bearer {segment(header)}.{segment(claims)}.{segment(signature)}")


@each
@given(header=spelled(HEADER), claims=spelled(CLAIMS))
def test_whatever_an_issuer_signs_is_answered(desk: Desk, header: bytes, claims: bytes) -> None:
    answered(desk, f"Bearer {signed(header, claims, FLAVOUR.algorithm)}")


@each
@given(position=st.integers(min_value=0), character=st.characters(max_codepoint=0x2FF))
def test_no_changed_character_goes_unnoticed(desk: Desk, position: int, character: str) -> None:
    token = signed(HEADER, CLAIMS, FLAVOUR.algorithm)
    position %= len(token)
    changed = token[:position] + character + token[position + 1 :]

    assert answered(desk, f"Bearer {changed}") == (changed == token)


@pytest.mark.parametrize("flavour", [FLAVOUR], ids=["oidc"])
def test_what_is_altered_here_is_accepted_unaltered(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(signed(HEADER, CLAIMS, flavour.algorithm))

"""What a user may sign in with is passed on byte for byte."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.problems import InvalidRequestError
from shared.validation import Validator
from tests.unit.properties import reproducible

PASSWORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=256)


@reproducible
@given(password=PASSWORDS | PASSWORDS.map(lambda text: f" {text[:254]}\t"))
def test_a_password_is_not_changed_by_validating_it(password: str) -> None:
    body = json.dumps({"email": "ada@example.org", "password": password, "new_password": password}).encode()

    document = Validator("TokenRequest").from_json(body)

    assert (document["password"], document["new_password"]) == (password, password)


@pytest.mark.parametrize("password", ["e\u0301", "\u00e9", "\ufb01", "\u200b", "\x00"], ids=ascii)
def test_look_alikes_stay_what_they_are(password: str) -> None:
    body = json.dumps({"email": "ada@example.org", "password": password}).encode()

    assert Validator("TokenRequest").from_json(body)["password"] == password


@pytest.mark.parametrize("email", [" ada@example.org", "ada@example.org\n", "ada@example.org\u00a0"])
def test_an_address_to_sign_in_with_is_not_trimmed_either(email: str) -> None:
    with pytest.raises(InvalidRequestError):
        Validator("TokenRequest").from_json(json.dumps({"email": email, "password": "x"}).encode())


def test_an_error_never_repeats_a_password() -> None:
    body = json.dumps({"email": "ada@example.org", "password": "kanarienvogel" * 30}).encode()

    with pytest.raises(InvalidRequestError) as caught:
        Validator("TokenRequest").from_json(body)

    assert "kanarienvogel" not in str(caught.value.errors)

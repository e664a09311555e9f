import json
from typing import Any

import pytest

from shared.settings import SettingsError
from shared.tokens.issuers import read_issuers
from tests.unit.shared.tokens.issuing import ISSUERS

WHOLE = ISSUERS["oidc"]._asdict()


def setting(*entries: object) -> str:
    return json.dumps(entries)


def test_the_setting_lists_issuers_in_their_order() -> None:
    listed = setting(*(issuer._asdict() for issuer in ISSUERS.values()))

    assert read_issuers(listed) == tuple(ISSUERS.values())


@pytest.mark.parametrize(
    "url",
    [
        "https://issuer.example.org/keys", "https://issuer.example.org:8443/keys?v=1", "http://localhost:4566/keys",
        "http://127.0.0.1/keys",
    ],
)  # fmt: skip
def test_keys_come_over_tls_or_from_this_machine(url: str) -> None:
    assert read_issuers(setting(WHOLE | {"jwks_url": url}))[0].jwks_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example.org/keys", "http://localhost.evil.example/keys", "http://127.0.0.1.evil.example/keys",
        "http://localhost@evil.example/keys", "https://user:word@issuer.example.org/keys", "file:///etc/passwd", "keys",
        "ftp://issuer.example.org/keys", "data:application/json,{}", "//issuer.example.org/keys", "https://", "https:///keys",
        "https://[::1/keys", "https://issuer.example.org:x/keys", "https://issuer.example.org/a b", "https://a\r\nb/keys",
        "http://10.0.0.1/keys", "http://169.254.169.254/keys",
    ],
)  # fmt: skip
def test_keys_come_from_nowhere_else(url: str) -> None:
    with pytest.raises(SettingsError, match="jwks_url"):
        read_issuers(setting(WHOLE | {"jwks_url": url}))


@pytest.mark.parametrize("listed", ["", "{", "{}", "null", "[]", "5", '"text"'])
def test_a_setting_that_lists_nobody_is_an_error(listed: str) -> None:
    with pytest.raises(SettingsError, match="at least one"):
        read_issuers(listed)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("value", ["", None, 5, ["x"]], ids=repr)
def test_a_field_that_is_no_text_is_an_error(name: str, value: Any) -> None:
    with pytest.raises(SettingsError, match="must be a string"):
        read_issuers(setting(WHOLE | {name: value}))


@pytest.mark.parametrize("name", WHOLE)
def test_a_field_that_is_missing_is_an_error(name: str) -> None:
    with pytest.raises(SettingsError, match="object of"):
        read_issuers(setting({key: value for key, value in WHOLE.items() if key != name}))


@pytest.mark.parametrize(
    "entry", [WHOLE | {"algorithms": "none"}, [], "text", None], ids=["more", "list", "text", "null"]
)
def test_an_entry_that_is_no_issuer_is_an_error(entry: object) -> None:
    with pytest.raises(SettingsError, match="object of"):
        read_issuers(setting(entry))


def test_another_kind_of_issuer_is_an_error() -> None:
    with pytest.raises(SettingsError, match="kind"):
        read_issuers(setting(WHOLE | {"kind": "saml"}))


def test_an_issuer_that_is_listed_twice_is_an_error() -> None:
    with pytest.raises(SettingsError, match="twice"):
        read_issuers(setting(WHOLE, WHOLE | {"audience": "another-api"}))

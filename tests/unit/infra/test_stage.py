from pathlib import Path
from typing import Any

import pytest

from infra.stage import CONFIGURATION, EXAMPLE, StageError, configuration_file, read_stage
from local.paths import ROOT

SECTION = """
[stages.local]
region = "eu-central-1"
site_name = "Example"
allowed_origins = ["https://example.org"]

[stages.local.contact]
sender = "website@example.org"
recipients = ["owner@example.org"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / CONFIGURATION


def read(file: Path, text: str, name: str = "local") -> Any:
    file.write_text(text)
    return read_stage(name, file)


def error_of(file: Path, text: str, name: str = "local") -> str:
    with pytest.raises(StageError) as caught:
        read(file, text, name)
    return str(caught.value)


@pytest.mark.parametrize("name", ["local", "production"])
def test_the_committed_example_describes_both_stages(name: str) -> None:
    assert read_stage(name, ROOT / EXAMPLE).name == name


def test_what_is_left_out_has_a_safe_default(file: Path) -> None:
    stage = read(file, SECTION)

    assert (stage.keep_data, stage.log_retention_days, stage.contact.autoresponse) == (True, 30, False)
    assert (stage.throttle.limit(), stage.throttle.limit("auth")) == ((1000, 200), (300, 60))
    assert (stage.cognito, stage.issuers) == (True, ())


def test_projects_are_english_where_nothing_else_is_said(file: Path) -> None:
    assert read(file, SECTION).default_locale == "en"


def test_excluded_addresses_are_networks_to_the_function(file: Path) -> None:
    written = "excluded_addresses = ['192.0.2.7', '198.51.100.0/255.255.255.0', '2001:DB8:0::/32', '::1']"

    found = read(file, SECTION + f"\n[stages.local.analytics]\n{written}").analytics.excluded_addresses

    assert found == ("192.0.2.7/32", "198.51.100.0/24", "2001:db8::/32", "::1/128")
    assert read(file, SECTION).analytics.excluded_addresses == ()


@pytest.mark.parametrize("locale", ["de", "pt-BR", "zh-Hant-TW", "es-419"])
def test_the_default_locale_is_a_language_tag(file: Path, locale: str) -> None:
    text = SECTION.replace("site_name", f'default_locale = "{locale}"\nsite_name')

    assert read(file, text).default_locale == locale


@pytest.mark.parametrize("locale", ["", "DE", "de_DE", "pt-br", "english", "de-", "x-klingon"])
def test_a_default_locale_that_is_written_otherwise_is_explained(file: Path, locale: str) -> None:
    text = SECTION.replace("site_name", f'default_locale = "{locale}"\nsite_name')

    assert error_of(file, text) == (
        f"{CONFIGURATION}: stages.local.default_locale: "
        f"expected language tag such as de or pt-BR of projects that name none, got {locale!r}"
    )


def test_a_missing_file_tells_where_to_begin(file: Path) -> None:
    with pytest.raises(StageError, match=f"{CONFIGURATION} is missing: copy {EXAMPLE}"):
        read_stage("local", file)


@pytest.mark.parametrize("content", [b"[stages", b"\xff\xfe", b"a = 1\na = 2"])
def test_what_is_no_toml_is_named(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    with pytest.raises(StageError, match=f"{CONFIGURATION} is not valid TOML"):
        read_stage("local", file)


@pytest.mark.parametrize(("text", "known"), [(SECTION, "local"), ("", "none")])
def test_an_unknown_stage_is_named_beside_the_known_ones(file: Path, text: str, known: str) -> None:
    assert error_of(file, text, "staging") == (f"{CONFIGURATION} has no stage [stages.staging] (it has: {known})")


@pytest.mark.parametrize(
    ("old", "new", "field", "expected"),
    [
        ('"eu-central-1"', '"Frankfurt"', "region", "a region such as eu-central-1"),
        ('"eu-central-1"', "5", "region", "a region such as eu-central-1"),
        ('"Example"', '""', "site_name", "name in mails"),
        ('"Example"', f'"{"x" * 61}"', "site_name", "name in mails"),
        ('"Example"', '"two\\nlines"', "site_name", "name in mails"),
        ('["https://example.org"]', "[]", "allowed_origins", "origins such as https://example.org"),
        ('["https://example.org"]', '"https://example.org"', "allowed_origins", "origins such as https://example.org"),
        ('["https://example.org"]', '["https://a.example", "*"]', "allowed_origins[1]", "origin"),
        ('["https://example.org"]', '["https://example.org/"]', "allowed_origins[0]", "origin"),
        ('["https://example.org"]', '["https://example.org:443a"]', "allowed_origins[0]", "origin"),
        ('"website@example.org"', '"website"', "contact.sender", "e-mail address that mails come from"),
        ('["owner@example.org"]', "[]", "contact.recipients", "e-mail addresses that are told"),
        ('["owner@example.org"]', '["owner"]', "contact.recipients[0]", "e-mail addresses that are told"),
    ],
)  # fmt: skip
def test_a_field_that_does_not_fit_is_named_with_what_was_expected(
    file: Path, old: str, new: str, field: str, expected: str
) -> None:
    error = error_of(file, SECTION.replace(old, new))

    assert error.startswith(f"{CONFIGURATION}: stages.local.{field}: expected ")
    assert expected in error


@pytest.mark.parametrize(
    ("addition", "field", "expected"),
    [
        ("log_retention_days = 5", "log_retention_days", "1, 7, 14, 30, 90 or 365"),
        ("trace_api = 'sometimes'", "trace_api", "false to keep callers' addresses out of X-Ray"),
        ("keep_data = 'perhaps'", "keep_data", "true to protect the table from deletion"),
        ("throttle = { burst = 0 }", "throttle.burst", "requests at once"),
        ("keyed_routes = ['GET /api/nothing']", "keyed_routes[0]", "there is no route GET /api/nothing"),
        ("tiers = { public = { burst = 0 } }", "tiers.public.burst", "requests at once, by each key"),
        ("throttle = { auth_burst = 0 }", "throttle.auth_burst", "below /api/auth"),
        ("throttle = { auth_requests_per_minute = 0 }", "throttle.auth_requests_per_minute", "below /api/auth"),
        ("costs = { anomaly_monitor_arn = 'mine' }", "costs.anomaly_monitor_arn", "the account's own monitor"),
        ("costs = { monthly_budget_usd = -1 }", "costs.monthly_budget_usd", "USD that the account may cost"),
        ("cognito = false", "cognito", "no token of the stage's own user pool"),
        ("issuers = 'https://id.example.org'", "issuers", "one per OpenID Connect provider"),
        ("throttle = { requests_per_minute = 'many' }", "throttle.requests_per_minute", "requests a minute"),
        ("analytics = { excluded_addresses = '192.0.2.7' }", "analytics.excluded_addresses", "IP addresses such as"),
        ("analytics = { excluded_addresses = ['a.example'] }", "analytics.excluded_addresses[0]", "got 'a.example'"),
        (
            "analytics = { excluded_addresses = ['::1', '192.0.2.7/24'] }",
            "analytics.excluded_addresses[1]",
            "192.0.2.7/24 has host bits set",
        ),
    ],
)
def test_an_optional_field_that_does_not_fit_is_named_with_what_was_expected(
    file: Path, addition: str, field: str, expected: str
) -> None:
    error = error_of(file, SECTION.replace("[stages.local]", f"[stages.local]\n{addition}"))

    assert error.startswith(f"{CONFIGURATION}: stages.local.{field}: expected ")
    assert expected in error


@pytest.mark.parametrize(
    ("line", "field", "expected"),
    [
        ('region = "eu-central-1"', "region", "a region such as eu-central-1"),
        ('site_name = "Example"', "site_name", "name in mails"),
        ('sender = "website@example.org"', "contact.sender", "e-mail address that mails come from"),
        ('recipients = ["owner@example.org"]', "contact.recipients", "e-mail addresses that are told"),
    ],
)
def test_a_missing_field_is_named_with_what_was_expected(file: Path, line: str, field: str, expected: str) -> None:
    error = error_of(file, SECTION.replace(line, ""))

    assert error.startswith(f"{CONFIGURATION}: stages.local.{field} is missing; expected {expected}")


@pytest.mark.parametrize(("section", "problem"), [("", " is missing; expected "), ("contact = 5", ": expected ")])
def test_a_section_that_is_none_is_named_with_what_was_expected(file: Path, section: str, problem: str) -> None:
    error = error_of(file, SECTION.partition("[stages.local.contact]")[0] + section)

    assert error.startswith(f"{CONFIGURATION}: stages.local.contact{problem}")
    assert "sender and recipients" in error


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("[stages.local]", "[stages.local]\ncolour = 'green'", "colour"),
        ("[stages.local.contact]", "[stages.local.contact]\nrecipient = 'owner@example.org'", "contact.recipient"),
        ("[stages.local]", "[stages.local]\nname = 'production'", "name"),
    ],
)
def test_a_field_that_does_not_exist_is_named(file: Path, old: str, new: str, field: str) -> None:
    error = error_of(file, SECTION.replace(old, new))

    assert error == f"{CONFIGURATION}: stages.local.{field} is not a field; remove it or correct its name"


def test_a_mistyped_name_is_named_before_the_one_that_is_missing(file: Path) -> None:
    error = error_of(file, SECTION.replace("region =", "regoin ="))

    assert error == f"{CONFIGURATION}: stages.local.regoin is not a field; remove it or correct its name"


@pytest.mark.parametrize("text", ["stages = 5", "stages = 'local'", "stages = ['local']", "[stages]\nlocal = 5"])
def test_a_stage_that_is_no_table_is_an_error_like_any_other(file: Path, text: str) -> None:
    assert error_of(file, text).startswith(f"{CONFIGURATION}")


@pytest.mark.parametrize("name", ["Local", "1st", "a_b", "x" * 21])
def test_a_stage_has_a_name_that_aws_takes(file: Path, name: str) -> None:
    error = error_of(file, SECTION.replace("stages.local", f'stages."{name}"'), name)

    assert "lower-case letters, digits and dashes" in error


@pytest.mark.parametrize(
    ("origins", "site"),
    [
        (["https://example.org", "https://www.example.org"], "https://example.org"),
        (["http://localhost:*", "https://example.org"], "https://example.org"),
        (["http://localhost:*"], "http://localhost:*"),
    ],
)
def test_the_site_is_the_first_origin_that_names_one_place(file: Path, origins: list[str], site: str) -> None:
    stage = read(file, SECTION.replace('["https://example.org"]', str(origins)))

    assert stage.site_origin == site


def test_ones_own_configuration_goes_before_the_example(tmp_path: Path) -> None:
    (tmp_path / EXAMPLE).touch()
    without = configuration_file(tmp_path)
    (tmp_path / CONFIGURATION).touch()

    assert (without.name, configuration_file(tmp_path).name) == (EXAMPLE, CONFIGURATION)


ISSUER = """
[[stages.local.issuers]]
issuer = "https://id.example.org/realms/site"
jwks_url = "https://id.example.org/realms/site/keys"
audience = "sitewire"
role_claim = "roles"
"""


def test_another_issuer_may_be_trusted_beside_the_pool_or_instead_of_it(file: Path) -> None:
    beside = read(file, SECTION + ISSUER)
    instead = read(file, SECTION.replace("[stages.local]", "[stages.local]\ncognito = false") + ISSUER + ISSUER)

    assert (beside.cognito, [issuer.audience for issuer in beside.issuers]) == (True, ["sitewire"])
    assert (instead.cognito, len(instead.issuers)) == (False, 2)


@pytest.mark.parametrize(
    ("old", "new", "field", "expected"),
    [
        ('"https://id.example.org/realms/site"', '"http://id.example.org"', "issuer", "URL with https"),
        ('"https://id.example.org/realms/site"', '"https://user@id.example.org"', "issuer", "URL with https"),
        ('"https://id.example.org/realms/site"', '"https://id.example.org?x"', "issuer", "URL with https"),
        ('"https://id.example.org/realms/site/keys"', '"http://id.example.org"', "jwks_url", "JSON Web Key Set"),
        ('"sitewire"', '""', "audience", "`aud`"),
        ('"roles"', "5", "role_claim", "viewer, editor or admin"),
    ],
)
def test_an_issuer_that_does_not_fit_is_named_with_what_was_expected(
    file: Path, old: str, new: str, field: str, expected: str
) -> None:
    error = error_of(file, SECTION + ISSUER.replace(old, new))

    assert error.startswith(f"{CONFIGURATION}: stages.local.issuers[0].{field}: expected ")
    assert expected in error

import pytest

from schemas.routes import Role
from shared.tokens.issuers import read_issuers
from tests.unit import events
from tests.unit.functions.authorizer.conftest import CONTEXT, Desk
from tests.unit.shared.tokens.issuing import ISSUERS, SUBJECT, Flavour, private_key, signed

OIDC_RS256 = Flavour("oidc", "RS256")
CANARY = "kanarienvogel-4711"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_token_becomes_the_policy_of_its_role(desk: Desk, flavour: Flavour, scheme: str) -> None:
    answer = desk.ask(f"{scheme} {flavour.token('editor')}")

    assert (answer["principalId"], answer["context"]) == (SUBJECT, {"role": "editor", "tier": "standard"})
    assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"


@pytest.mark.parametrize(
    ("roles", "role", "tier"),
    [
        (["admin"], "admin", "standard"),
        (["viewer", "admin", "editor"], "admin", "standard"),
        (["viewer", "premium"], "viewer", "premium"),
        (["premium", "editor", "viewer", "staff"], "editor", "premium"),
    ],
)
def test_the_highest_role_and_the_tier_count(
    desk: Desk, flavour: Flavour, roles: list[str], role: str, tier: str
) -> None:
    assert desk.ask(f"Bearer {flavour.token(*roles)}")["context"] == {"role": role, "tier": tier}


@pytest.mark.parametrize("roles", [["staff"], ["Admin"], ["ADMIN "], ["public"], ["premium"], ["viewer,admin"], [""]])
def test_no_known_role_is_a_policy_that_denies_everything(desk: Desk, flavour: Flavour, roles: list[str]) -> None:
    answer = desk.ask(f"Bearer {flavour.token(*roles)}")

    assert answer["policyDocument"]["Statement"][0]["Effect"] == "Deny"
    assert answer["context"]["role"] == Role.PUBLIC.name.lower()
    desk.accepts(flavour.token(*roles, "editor"))


def test_a_token_without_the_claim_has_no_role(desk: Desk, flavour: Flavour) -> None:
    token = flavour.token(without=flavour.issuer.role_claim)

    assert desk.ask(f"Bearer {token}")["policyDocument"]["Statement"][0]["Effect"] == "Deny"


@pytest.mark.parametrize("claim", ["roles", "cognito:groups", "role"])
def test_only_the_configured_claim_gives_a_role(desk: Desk, claim: str) -> None:
    token = OIDC_RS256.token("viewer", **{claim: ["admin"]})

    assert desk.ask(f"Bearer {token}")["context"]["role"] == "viewer"


def test_an_oidc_issuer_may_give_one_role_as_a_string(desk: Desk) -> None:
    token = OIDC_RS256.token(**{OIDC_RS256.issuer.role_claim: "admin"})

    assert desk.accepts(token)["context"]["role"] == "admin"


@pytest.mark.parametrize("typ", [None, "JWT", "at+jwt"])
def test_an_access_token_may_say_that_it_is_one(desk: Desk, flavour: Flavour, typ: str | None) -> None:
    desk.accepts(flavour.headed(**({"typ": typ} if typ else {})))


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "no-bearer-token"),
        (None, "no-bearer-token"),
        ("Bearer", "malformed"),
        ("Bearer ", "malformed"),
        ("{token}", "no-bearer-token"),
        ("Basic {token}", "no-bearer-token"),
        (" Bearer {token}", "no-bearer-token"),
        ("Bearer\t{token}", "no-bearer-token"),
        ("Bearer  {token}", "malformed"),
        ("Bearer {token} ", "malformed"),
        ("Bearer {token}\n", "malformed"),
        ("Bearer {token}, Bearer {token}", "malformed"),
        ("Bearer {token},{token}", "malformed"),
        ("Bearer {token}, Basic YTpi", "malformed"),
        ("Basic YTpi, Bearer {token}", "no-bearer-token"),
        ("Bearer {token} {token}", "malformed"),
    ],
)
def test_anything_but_one_bearer_token_is_refused(
    desk: Desk, flavour: Flavour, header: str | None, reason: str
) -> None:
    token = flavour.token()
    desk.accepts(token)

    desk.refuses_header(header and header.format(token=token), reason)


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"queryStringParameters": {"access_token": "{token}", "Authorization": "Bearer {token}"}},
        {"headers": {"Cookie": "Authorization=Bearer {token}; access_token={token}"}},
    ],
    ids=["query", "cookie"],
)
def test_a_token_elsewhere_than_in_the_header_is_not_looked_for(
    desk: Desk, flavour: Flavour, elsewhere: dict[str, dict[str, str]]
) -> None:
    token = flavour.token()
    desk.accepts(token)
    extra = {name: {key: text.format(token=token) for key, text in part.items()} for name, part in elsewhere.items()}

    with pytest.raises(Exception, match=r"^Unauthorized$"):
        desk.ask("", **extra)


def test_a_request_without_the_header_is_unauthorized(desk: Desk) -> None:
    event = events.read("authorizer_token")
    del event["authorizationToken"]

    with pytest.raises(Exception, match=r"^Unauthorized$"):
        desk.module.handler(event, CONTEXT)


def test_a_refusal_is_logged_and_counted_with_its_reason(desk: Desk) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        desk.ask(f"Bearer {OIDC_RS256.token(exp=1)}")

    line = desk.line()
    assert (line["level"], line["reason"], line["Denied"]) == ("WARNING", "expired", 1)


def test_a_success_is_logged_and_counted(desk: Desk) -> None:
    desk.ask(f"Bearer {OIDC_RS256.token('admin', 'premium')}")

    line = desk.line()
    assert (line["level"], line["role"], line["tier"], line["Allowed"]) == ("INFO", "admin", "premium", 1)


@pytest.mark.parametrize(
    "token",
    [
        OIDC_RS256.token(note=CANARY),
        OIDC_RS256.token(CANARY),
        OIDC_RS256.token(sub=CANARY),
        OIDC_RS256.headed(kid=CANARY),
        OIDC_RS256.headed(typ=CANARY),
        OIDC_RS256.headed(alg=CANARY),
        OIDC_RS256.headed(crit=[CANARY]),
        OIDC_RS256.token(iss=CANARY),
        OIDC_RS256.token(aud=CANARY),
        OIDC_RS256.token(exp=CANARY),
        signed({"alg": "RS256", CANARY: 1}, {}, "RS256", key=private_key("RS256", "mine")),
        CANARY,
    ],
    ids=range(12),
)
def test_no_line_and_no_error_holds_anything_of_a_token(desk: Desk, token: str) -> None:
    shown = desk.shows(token)

    assert shown.count("\n") == 1
    assert not [part for part in (CANARY, SUBJECT, *token.split(".")) if part in shown]


def test_the_settings_name_the_issuers(desk: Desk) -> None:
    assert read_issuers(desk.module.settings.issuers) == tuple(ISSUERS.values())

"""Keys that come, go, are withdrawn, or cannot be fetched."""

import pytest

from shared.tokens.keys import COOLDOWN_SECONDS, MAX_AGE_SECONDS, RETRY_SECONDS
from tests.unit.functions.authorizer.conftest import Desk
from tests.unit.shared.tokens.issuing import ISSUERS, Flavour, jwk, key_id, private_key, signed


def test_keys_are_fetched_once_and_from_the_configured_place_alone(desk: Desk, flavour: Flavour) -> None:
    for _ in range(50):
        desk.now += (MAX_AGE_SECONDS - 1) / 50
        desk.accepts(flavour.token())

    assert desk.fetched == [flavour.issuer.jwks_url]


def test_nothing_is_fetched_before_a_token_asks_for_it(desk: Desk) -> None:
    desk.refuses_header("", "no-bearer-token")

    assert desk.fetched == []


def test_old_and_new_key_are_good_side_by_side(desk: Desk, flavour: Flavour) -> None:
    desk.publishes(flavour.issuer, jwk(flavour.algorithm, "first"), jwk(flavour.algorithm, "second"))

    desk.accepts(flavour.by("first"))
    desk.accepts(flavour.by("second"))
    assert len(desk.fetched) == 1


def test_a_key_is_good_for_its_own_tokens_alone(desk: Desk, flavour: Flavour) -> None:
    desk.publishes(flavour.issuer, jwk(flavour.algorithm, "first"), jwk(flavour.algorithm, "second"))
    desk.accepts(flavour.by("first"))
    crossed = signed(
        flavour.header(kid=key_id(flavour.algorithm, "second")), flavour.claims(), flavour.algorithm,
        key=private_key(flavour.algorithm, "first"),
    )  # fmt: skip

    desk.refuses(crossed, "bad-signature")


def test_a_new_key_is_good_once_the_cooldown_is_over(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.by("first"))
    desk.publishes(flavour.issuer, jwk(flavour.algorithm, "first"), jwk(flavour.algorithm, "second"))

    desk.now += COOLDOWN_SECONDS - 1
    desk.refuses(flavour.by("second"), "unknown-key")
    desk.now += 1
    desk.accepts(flavour.by("second"))
    desk.accepts(flavour.by("first"))


def test_a_withdrawn_key_is_refused_once_the_keys_have_aged(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.by("first"))
    desk.publishes(flavour.issuer, jwk(flavour.algorithm, "second"))

    desk.now += MAX_AGE_SECONDS - 1
    desk.accepts(flavour.by("first"))
    desk.now += 1
    desk.refuses(flavour.by("first"), "unknown-key")
    desk.accepts(flavour.by("second"))


def test_a_withdrawn_key_is_refused_as_soon_as_a_new_one_is_seen(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.by("first"))
    desk.publishes(flavour.issuer, jwk(flavour.algorithm, "second"))
    desk.now += COOLDOWN_SECONDS

    desk.accepts(flavour.by("second"))
    desk.refuses(flavour.by("first"), "unknown-key")


def test_an_issuer_that_withdraws_every_key_is_obeyed(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.token())
    desk.published[flavour.issuer.jwks_url] = b'{"keys":[]}'
    desk.now += MAX_AGE_SECONDS

    desk.refuses(flavour.token(), "unknown-key")


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"[]", b'{"keys":{}}', b'{"keys":null}', b"{}", b"\xff", b"[" * 9999]
)
def test_an_answer_that_is_no_key_set_keeps_the_last_good_keys(desk: Desk, flavour: Flavour, answer: bytes) -> None:
    desk.accepts(flavour.token())
    desk.published[flavour.issuer.jwks_url] = answer
    desk.now += MAX_AGE_SECONDS

    desk.accepts(flavour.token())
    assert desk.reported == ["no-key-set"]


def test_an_outage_keeps_the_last_good_keys_and_is_asked_about_once_a_cooldown(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.token())
    desk.out_of_order = "timeout"

    for _ in range(600):
        desk.now += MAX_AGE_SECONDS / 100
        desk.accepts(flavour.token())
    assert set(desk.reported) == {"timeout"}
    assert len(desk.reported) <= 5 * MAX_AGE_SECONDS / COOLDOWN_SECONDS + 1

    desk.out_of_order = None
    desk.publishes(flavour.issuer, jwk(flavour.algorithm, "second"))
    desk.now += COOLDOWN_SECONDS
    desk.accepts(flavour.by("second"))
    desk.refuses(flavour.by("first"), "unknown-key")


def test_an_outage_from_the_start_lets_nobody_in_and_is_over_soon_after_it_ends(desk: Desk, flavour: Flavour) -> None:
    desk.out_of_order = "http-503"
    for _ in range(100):
        desk.refuses(flavour.token(), "keys-unavailable")
    assert len(desk.fetched) == 1

    desk.out_of_order = None
    desk.now += RETRY_SECONDS - 1
    desk.refuses(flavour.token(), "keys-unavailable")
    desk.now += 1
    desk.accepts(flavour.token())


def test_a_flood_of_unknown_keys_causes_one_fetch_a_cooldown(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.token())

    for number in range(2 * 5 * COOLDOWN_SECONDS):
        desk.now += 0.5
        desk.refuses(flavour.headed(kid=f"unknown-{number}"), "unknown-key")
    assert len(desk.fetched) == 1 + 5

    desk.accepts(flavour.token())


def test_a_flood_of_unknown_keys_in_an_outage_causes_one_fetch_a_cooldown(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.token())
    desk.out_of_order = "timeout"
    desk.now += MAX_AGE_SECONDS

    for number in range(2 * 5 * COOLDOWN_SECONDS):
        desk.now += 0.5
        desk.refuses(flavour.headed(kid=f"unknown-{number}"), "unknown-key")
        desk.accepts(flavour.token())
    # The keys have aged, so the first token of the flood is one more reason to ask.
    assert len(desk.fetched) == 1 + 1 + 4


def test_the_first_token_of_an_unknown_key_causes_one_fetch(desk: Desk, flavour: Flavour) -> None:
    for _ in range(10):
        desk.refuses(flavour.headed(kid="unknown"), "unknown-key")

    assert len(desk.fetched) == 1
    desk.accepts(flavour.token())


def test_a_flood_against_one_issuer_leaves_the_other_alone(desk: Desk) -> None:
    flooded, other = Flavour("oidc", "RS256"), Flavour("cognito", "RS256")
    for number in range(100):
        desk.refuses(flooded.headed(kid=f"unknown-{number}"), "unknown-key")

    desk.accepts(other.token())
    assert desk.fetched == [flooded.issuer.jwks_url, other.issuer.jwks_url]


def test_a_clock_that_was_set_back_does_not_keep_keys_for_longer(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.by("first"))
    desk.publishes(flavour.issuer, jwk(flavour.algorithm, "second"))
    desk.now -= 86_400

    desk.refuses(flavour.by("first"), "unknown-key")


def test_the_keys_of_one_issuer_verify_no_token_of_another(desk: Desk, flavour: Flavour) -> None:
    (other,) = (issuer for kind, issuer in ISSUERS.items() if kind != flavour.kind)
    desk.publishes(flavour.issuer, jwk(flavour.algorithm, "first"))
    desk.publishes(other, jwk(flavour.algorithm, "second"))
    desk.accepts(flavour.by("first"))

    desk.refuses(flavour.by("second"), "unknown-key")

    desk.publishes(other, jwk(flavour.algorithm, "second", kid=key_id(flavour.algorithm, "first")))
    forged = signed(flavour.header(), flavour.claims(), flavour.algorithm, key=private_key(flavour.algorithm, "second"))
    desk.refuses(forged, "bad-signature")


def test_a_token_signed_by_a_key_for_encryption_is_refused(desk: Desk, flavour: Flavour) -> None:
    desk.publishes(flavour.issuer, jwk(flavour.algorithm), jwk(flavour.algorithm, "second", use="enc"))
    desk.accepts(flavour.by("first"))

    desk.refuses(flavour.by("second"), "unknown-key")

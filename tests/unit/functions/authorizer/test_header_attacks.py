"""Tokens whose header says to verify them by other means than the issuer's key."""

import hashlib
import hmac
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.unit.functions.authorizer.conftest import Desk
from tests.unit.shared.tokens.issuing import Flavour, jwk, key_id, key_set, private_key, segment, signed

SPKI = PublicFormat.SubjectPublicKeyInfo
OTHER = {"RS256": "ES256", "ES256": "RS256"}


def unsigned(flavour: Flavour, **header: Any) -> str:
    return f"{segment(flavour.header(**header))}.{segment(flavour.claims())}"


def public_key_as_secret(algorithm: str, form: str) -> bytes:
    key = private_key(algorithm).public_key()
    if form == "jwk":
        return key_set(jwk(algorithm))
    encoded: bytes = key.public_bytes(Encoding.PEM if form.startswith("pem") else Encoding.DER, SPKI)
    return encoded.rstrip(b"\n") if form == "pem-stripped" else encoded


@pytest.mark.parametrize("signature", ["", "c2lnbmF0dXJl", "honest"])
@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "NoNe", "", None, 0, [], ["none"], {}])
def test_alg_none_in_every_spelling_is_refused(desk: Desk, flavour: Flavour, algorithm: object, signature: str) -> None:
    honest = flavour.token()
    desk.accepts(honest)
    signature = honest.rpartition(".")[2] if signature == "honest" else signature

    desk.refuses(f"{unsigned(flavour, alg=algorithm)}.{signature}", "wrong-algorithm" if signature else "malformed")


def test_a_token_without_an_algorithm_is_refused(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.token())
    header = {name: value for name, value in flavour.header().items() if name != "alg"}

    desk.refuses(signed(header, flavour.claims(), flavour.algorithm), "wrong-algorithm")


@pytest.mark.parametrize("form", ["pem", "pem-stripped", "der", "jwk"])
@pytest.mark.parametrize(("algorithm", "digest"), [("HS256", "sha256"), ("HS384", "sha384"), ("HS512", "sha512")])
def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(
    desk: Desk, flavour: Flavour, form: str, algorithm: str, digest: str
) -> None:
    desk.accepts(flavour.token())
    content = unsigned(flavour, alg=algorithm)
    secret = public_key_as_secret(flavour.algorithm, form)
    signature = hmac.new(secret, content.encode(), getattr(hashlib, digest)).digest()

    desk.refuses(f"{content}.{segment(signature)}", "wrong-algorithm")


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "HS256"])
def test_an_algorithm_that_is_not_the_keys_is_refused(desk: Desk, flavour: Flavour, algorithm: str) -> None:
    desk.accepts(flavour.token())

    desk.refuses(flavour.headed(alg=algorithm), "wrong-algorithm")


@pytest.mark.parametrize("algorithm", ["RS384", "PS256"])
def test_a_true_signature_by_another_algorithm_of_the_key_is_refused(desk: Desk, algorithm: str) -> None:
    flavour = Flavour("oidc", "RS256")
    desk.accepts(flavour.token())

    desk.refuses(
        signed(flavour.header(alg=algorithm), flavour.claims(), algorithm, key=private_key("RS256")), "wrong-algorithm"
    )


def test_the_name_of_a_key_of_the_other_type_is_refused(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.token())

    desk.refuses(flavour.headed(kid=key_id(OTHER[flavour.algorithm])), "wrong-algorithm")
    desk.refuses(flavour.headed(kid=key_id(OTHER[flavour.algorithm]), alg=OTHER[flavour.algorithm]), "bad-signature")


def test_a_signature_on_another_curve_is_refused(desk: Desk) -> None:
    flavour = Flavour("oidc", "ES256")
    desk.accepts(flavour.token())
    other = private_key("ES384")

    desk.refuses(signed(flavour.header(), flavour.claims(), "ES384", key=other), "bad-signature")
    desk.refuses(signed(flavour.header(alg="ES384"), flavour.claims(), "ES384", key=other), "wrong-algorithm")


@pytest.mark.parametrize("numbers", [b"\x00" * 64, b"\x00" * 63 + b"\x01", b"\xff" * 64, b"\x01", b"\x30\x06" * 32])
def test_an_ecdsa_signature_of_impossible_numbers_is_refused(desk: Desk, numbers: bytes) -> None:
    flavour = Flavour("oidc", "ES256")
    honest = flavour.token()
    desk.accepts(honest)

    desk.refuses(f"{honest.rpartition('.')[0]}.{segment(numbers)}", "bad-signature")


def test_a_token_signed_by_somebody_else_is_refused(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.token())
    own = private_key(flavour.algorithm, "mine")

    desk.refuses(signed(flavour.header(), flavour.claims(), flavour.algorithm, key=own), "bad-signature")


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c"])
def test_a_token_that_brings_its_own_key_is_refused_and_nothing_is_fetched(
    desk: Desk, flavour: Flavour, name: str
) -> None:
    desk.accepts(flavour.token())
    fetched = list(desk.fetched)
    brought = {
        "jwk": jwk(flavour.algorithm, "mine", kid=key_id(flavour.algorithm)),
        "jku": "https://evil.example/keys",
        "x5u": "https://evil.example/certificate",
        "x5c": ["MIIB"],
    }
    header = flavour.header(**{name: brought[name]})

    for key in (private_key(flavour.algorithm, "mine"), private_key(flavour.algorithm)):
        desk.refuses(signed(header, flavour.claims(), flavour.algorithm, key=key), "header-refused")
    assert desk.fetched == fetched == [flavour.issuer.jwks_url]


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["exp"]}, {"crit": ["unknown"], "unknown": 1}, {"crit": []}, {"crit": None}, {"crit": "b64"},
        {"b64": False}, {"b64": False, "crit": ["b64"]}, {"b64": True}, {"zip": "DEF"}, {"enc": "A256GCM"},
    ],
    ids=str,
)  # fmt: skip
def test_a_header_that_changes_what_was_signed_is_refused(desk: Desk, flavour: Flavour, header: dict[str, Any]) -> None:
    desk.accepts(flavour.token())

    desk.refuses(flavour.headed(**header), "header-refused")


def test_a_payload_that_is_not_encoded_is_refused(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.token())
    payload = jwt.PyJWT()._encode_payload(flavour.claims()).decode()
    head = segment(flavour.header(b64=False, crit=["b64"]))
    signer = jwt.get_algorithm_by_name(flavour.algorithm)
    signature = segment(signer.sign(f"{head}.{payload}".encode(), private_key(flavour.algorithm)))

    desk.refuses(f"{head}.{payload}.{signature}", "malformed")
    desk.refuses(f"{head}..{signature}", "malformed")


@pytest.mark.parametrize("typ", ["JWE", "jwt", "", "id_token", "dpop+jwt", "JWT ", None, 5, ["JWT"], {"JWT": 1}])
def test_a_token_of_another_type_is_refused(desk: Desk, flavour: Flavour, typ: object) -> None:
    desk.accepts(flavour.headed(typ="JWT"))

    desk.refuses(flavour.headed(typ=typ), "wrong-type")


@pytest.mark.parametrize(
    ("kid", "reason"),
    [
        ("../../dev/null", "unknown-key"),
        ("/proc/self/environ", "unknown-key"),
        ("' OR 1=1 --", "unknown-key"),
        ("x' UNION SELECT 'secret", "unknown-key"),
        ("https://evil.example/key", "unknown-key"),
        ("{kid}/", "unknown-key"),
        ("{kid} ", "unknown-key"),
        ("{kid}\x00", "unknown-key"),
        ("lower", "unknown-key"),
        ("__class__", "unknown-key"),
        ("\ud800", "unknown-key"),
        ("x" * 256, "unknown-key"),
        ("x" * 257, "no-key-id"),
        ("x" * 10_240, "too-long"),
        ("", "no-key-id"),
        (None, "no-key-id"),
        (0, "no-key-id"),
        (True, "no-key-id"),
        (["{kid}"], "no-key-id"),
        ({"{kid}": 1}, "no-key-id"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_only_the_exact_name_of_a_key_leads_to_it(desk: Desk, flavour: Flavour, kid: Any, reason: str) -> None:
    desk.accepts(flavour.token())
    if isinstance(kid, str):
        own = key_id(flavour.algorithm)
        kid = own.lower() if kid == "lower" else kid.format(kid=own)

    desk.refuses(flavour.headed(kid=kid), reason)


def test_a_token_that_names_no_key_is_refused(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.token())

    desk.refuses(signed({"alg": flavour.algorithm}, flavour.claims(), flavour.algorithm), "no-key-id")


@pytest.mark.parametrize("header", [{"x5t": "thumbprint"}, {"cty": "json"}, {"vendor": {"a": 1}}], ids=str)
def test_a_header_that_changes_nothing_is_ignored(desk: Desk, flavour: Flavour, header: dict[str, Any]) -> None:
    desk.accepts(flavour.headed(**header))

"""Which keys of a key set may verify tokens."""

import json
from typing import Any

import pytest
from jwt.algorithms import RSAAlgorithm

from shared.tokens.keys import KeyCache, KeySetError, read_keys
from tests.unit.shared.tokens.issuing import ALGORITHMS, jwk, key_id, key_set, private_key

both = pytest.mark.parametrize("algorithm", ALGORITHMS)


@both
@pytest.mark.parametrize("left_out", [(), ("alg",), ("use",), ("alg", "use")])
def test_a_keys_algorithm_is_that_of_its_type(algorithm: str, left_out: tuple[str, ...]) -> None:
    changes: dict[str, Any] = dict.fromkeys(left_out)
    entry = jwk(algorithm, **changes)

    assert read_keys(key_set(entry))[key_id(algorithm)].algorithm_name == algorithm


@both
@pytest.mark.parametrize(
    "changes",
    [
        {"use": "enc"}, {"use": ""}, {"use": ["sig"]},
        {"alg": "none"}, {"alg": "HS256"}, {"alg": "RS512"}, {"alg": "PS256"}, {"alg": "RSA-OAEP"}, {"alg": "ES384"},
        {"alg": ["RS256", "ES256"]}, {"alg": ""},
        {"kty": "oct", "k": "c2VjcmV0"}, {"kty": "OKP", "crv": "Ed25519"}, {"kty": ""}, {"kty": ["RSA"]}, {"kty": None},
        {"key_ops": ["encrypt"]}, {"key_ops": []}, {"key_ops": "verify"}, {"key_ops": 5},
        {"d": "c2VjcmV0"}, {"kid": None}, {"kid": ""}, {"kid": 5}, {"kid": ["x"]}, {"kid": "x" * 257},
    ],
    ids=str,
)  # fmt: skip
def test_a_key_that_is_not_for_signatures_of_access_tokens_is_left_out(algorithm: str, changes: dict[str, Any]) -> None:
    assert read_keys(key_set(jwk(algorithm, **changes), jwk(algorithm, "second"))).keys() == {
        key_id(algorithm, "second")
    }
    assert len(read_keys(key_set(jwk(algorithm), jwk(algorithm, "second")))) == 2


@pytest.mark.parametrize(
    "entry",
    [
        jwk("ES256", crv="P-384"), jwk("ES256", crv="secp256k1"), jwk("ES256", crv=None), jwk("ES256", crv=["P-256"]),
        jwk("ES384", alg=None), jwk("ES384", crv="P-256", alg="ES256"), jwk("ES256", x="AA"), jwk("ES256", y=None),
        jwk("ES256", x=5), jwk("ES256", y=jwk("ES256", "second")["y"]), jwk("RS256", n=None), jwk("RS256", e=None),
        jwk("RS256", n=5), jwk("RS256", e="AA"), jwk("RS256", n="!!!"), jwk("RS256", n=""), jwk("RS256", kty="EC"),
        jwk("ES256", kty="RSA"),
    ],
    ids=range(18),
)  # fmt: skip
def test_a_key_that_is_broken_is_left_out(entry: dict[str, Any]) -> None:
    assert read_keys(key_set(entry, jwk("ES256", "second"))).keys() == {"ES256-second"}


@pytest.mark.parametrize(("size", "kept"), [(1024, False), (2047, False), (2048, True), (3072, True)])
def test_an_rsa_key_that_is_too_small_is_left_out(size: int, kept: bool) -> None:
    public = RSAAlgorithm.to_jwk(private_key("RS256", "sized", size).public_key(), as_dict=True)

    assert bool(read_keys(key_set({**public, "kid": "sized"}))) == kept


@both
def test_a_name_that_two_keys_have_stands_for_neither(algorithm: str) -> None:
    twin = jwk(algorithm, "second", kid=key_id(algorithm))

    assert read_keys(key_set(jwk(algorithm), twin, jwk(algorithm, "third"))).keys() == {key_id(algorithm, "third")}


@both
def test_a_key_for_encryption_may_share_the_name_of_one_for_signatures(algorithm: str) -> None:
    twin = jwk(algorithm, "second", kid=key_id(algorithm), use="enc")

    assert read_keys(key_set(twin, jwk(algorithm))).keys() == {key_id(algorithm)}


@pytest.mark.parametrize("entry", [None, 5, "text", [], [[]], {}], ids=repr)
def test_what_is_no_key_is_left_out(entry: object) -> None:
    document = json.dumps({"keys": [entry, jwk("ES256")]}).encode()

    assert read_keys(document).keys() == {"ES256-first"}


@pytest.mark.parametrize("document", [b"", b"{", b"[]", b"5", b"null", b"{}", b'{"keys":1}', b"[" * 9999, b"\xff\xfe"])
def test_what_is_no_key_set_is_an_error(document: bytes) -> None:
    with pytest.raises(KeySetError, match=r"^no-key-set$"):
        read_keys(document)


def test_keys_are_available_once_a_set_was_had() -> None:
    keys = KeyCache("https://issuer.example.org/keys", fetch=lambda _url: key_set())

    assert not keys.available
    assert keys.find("unknown") is None
    assert keys.available

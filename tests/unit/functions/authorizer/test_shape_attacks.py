"""What only looks like a token, or is read differently by different readers."""

import json
import string

import pytest

from shared.tokens.verifier import LONGEST_TOKEN
from tests.unit.functions.authorizer.conftest import Desk
from tests.unit.shared.tokens.issuing import Flavour, segment, signed

ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


def reassembled(token: str, form: str) -> str:
    """Return a format over the segments of a token: `h`, `p` and `s`."""
    header, payload, signature = token.split(".")
    return form.format(h=header, p=payload, s=signature, t=token)


@pytest.mark.parametrize(
    "form",
    [
        "", ".", "..", "...", "{h}", "{h}.{p}", "{h}.{p}.", "{h}..{s}", ".{p}.{s}", "..{s}", "{t}.", ".{t}", "{t}.{s}",
        "{h}.{p}.{s}.{s}.{s}", "{h}.{s}", "{t}{t}", "{h}.{p}.{s}.", "{h}.{p}..{s}",
    ],
)  # fmt: skip
def test_a_token_of_other_than_three_segments_is_refused(desk: Desk, flavour: Flavour, form: str) -> None:
    token = flavour.token()
    desk.accepts(reassembled(token, "{h}.{p}.{s}"))

    desk.refuses(reassembled(token, form), "malformed")


@pytest.mark.parametrize(
    "form",
    [
        "{h}.{p}.!!!!", "{h}.{p}.{s}=", "{h}.{p}.{s}==", "{h}=.{p}.{s}", "{h}.{p}=.{s}", "{h}.{p}.{s}\n", "\n{t}",
        "{h}.{p} .{s}", "{h}.{p}.{s}\x00", "{h}.+{p}.{s}", "{h}./{p}.{s}", "{h}.{p}.{s}%00", "{h}.é{p}.{s}",
        "A.{p}.{s}", "{h}.A.{s}", "{h}.{p}.A", "{h}.\u0661{p}.{s}", "{h}.{p}.{s}\ud800",
    ],
    ids=ascii,
)  # fmt: skip
def test_junk_between_the_characters_of_a_token_is_refused(desk: Desk, flavour: Flavour, form: str) -> None:
    token = flavour.token()
    desk.accepts(token)

    desk.refuses(reassembled(token, form), "malformed")


def test_a_signature_has_one_spelling(desk: Desk, flavour: Flavour) -> None:
    token = flavour.token()
    desk.accepts(token)
    # Bits after the last byte are nobody's: base64 that ignores them has many spellings for one signature.
    last = ALPHABET.index(token[-1])

    desk.refuses(token[:-1] + ALPHABET[last ^ 1], "malformed")


@pytest.mark.parametrize("cut", [1, 2, 4, 20])
def test_a_signature_that_was_cut_is_refused(desk: Desk, flavour: Flavour, cut: int) -> None:
    token = flavour.token()
    desk.accepts(token)

    with pytest.raises(Exception, match=r"^Unauthorized$"):
        desk.ask(f"Bearer {token[:-cut]}")


def test_claims_that_were_altered_are_refused(desk: Desk, flavour: Flavour) -> None:
    token = flavour.token("editor")
    desk.accepts(token)
    header, _, signature = token.split(".")

    desk.refuses(f"{header}.{segment(flavour.claims('admin'))}.{signature}", "bad-signature")


def test_a_header_that_was_altered_is_refused(desk: Desk, flavour: Flavour) -> None:
    token = flavour.token()
    desk.accepts(token)
    _, payload, signature = token.split(".")

    desk.refuses(f"{segment(flavour.header(x5t='thumbprint'))}.{payload}.{signature}", "bad-signature")


@pytest.mark.parametrize(
    "payload",
    [b"", b"null", b"5", b'"text"', b"[]", b"[{}]", b"{", b"{}{}", b"{}x", b"\xff\xfe", b"\xef\xbb\xbf{}", b"\x00",
     b"{'iss':1}", b'{"exp":' + b"9" * 5000 + b"}"],
    ids=lambda payload: ascii(payload)[:16],
)  # fmt: skip
def test_what_is_no_json_object_is_refused(desk: Desk, flavour: Flavour, payload: bytes) -> None:
    desk.accepts(flavour.token())

    desk.refuses(signed(flavour.header(), payload, flavour.algorithm), "malformed")
    desk.refuses(signed(payload, flavour.claims(), flavour.algorithm), "malformed")


def test_json_in_another_encoding_is_refused(desk: Desk, flavour: Flavour) -> None:
    claims = json.dumps(flavour.claims())
    desk.accepts(signed(flavour.header(), claims.encode(), flavour.algorithm))

    for encoding in ("utf-16", "utf-16-le", "utf-32"):
        desk.refuses(signed(flavour.header(), claims.encode(encoding), flavour.algorithm), "malformed")


@pytest.mark.parametrize("name", ["alg", "kid", "typ", "other", "al\\u0067"])
def test_a_header_that_says_something_twice_is_refused(desk: Desk, flavour: Flavour, name: str) -> None:
    plain = json.dumps(flavour.header(typ="JWT", other=1))
    desk.accepts(signed(plain.encode(), flavour.claims(), flavour.algorithm))
    value = json.dumps(flavour.header(typ="JWT", other=1).get(name, "none"))

    for twice in (f'{{"{name}":{value},{plain[1:]}', f'{plain[:-1]},"{name}":{value}}}'):
        desk.refuses(signed(twice.encode(), flavour.claims(), flavour.algorithm), "malformed")


@pytest.mark.parametrize("name", ["iss", "sub", "exp", "aud", "client_id", "other"])
def test_a_payload_that_says_something_twice_is_refused(desk: Desk, flavour: Flavour, name: str) -> None:
    claims = flavour.claims(other=1) | ({"aud": "sitewire-api"} if flavour.kind == "oidc" else {})
    plain = json.dumps(claims)
    desk.accepts(signed(flavour.header(), plain.encode(), flavour.algorithm))
    value = json.dumps(claims.get(name, "added"))

    twice = f'{plain[:-1]},"{name}":{value},"{name}":{value}}}'
    desk.refuses(signed(flavour.header(), twice.encode(), flavour.algorithm), "malformed")


def test_an_object_within_that_says_something_twice_is_refused(desk: Desk, flavour: Flavour) -> None:
    once = json.dumps(flavour.claims())[:-1] + ',"other":{"a":[{"b":1}]}}'
    desk.accepts(signed(flavour.header(), once.encode(), flavour.algorithm))

    twice = once.replace('{"b":1}', '{"b":1,"b":1}')
    desk.refuses(signed(flavour.header(), twice.encode(), flavour.algorithm), "malformed")


@pytest.mark.parametrize("depth", [128, 1000, 2000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_is_refused(desk: Desk, flavour: Flavour, depth: int, opening: str, closing: str) -> None:
    def nested(levels: int) -> bytes:
        return (f'"other":{opening * levels}' + ("1" if closing == "}" else "") + closing * levels).encode()

    def with_nested(document: object, levels: int) -> bytes:
        return json.dumps(document).encode()[:-1] + b"," + nested(levels) + b"}"

    desk.accepts(signed(with_nested(flavour.header(), 20), with_nested(flavour.claims(), 20), flavour.algorithm))
    depth = min(depth, 700) if closing == "}" else depth

    desk.refuses(signed(with_nested(flavour.header(), depth), flavour.claims(), flavour.algorithm), "malformed")
    desk.refuses(signed(flavour.header(), with_nested(flavour.claims(), depth), flavour.algorithm), "malformed")


def test_nesting_that_never_ends_is_refused(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.token())

    desk.refuses(f"{segment(b'[' * 5900)}.e30.AAAA", "malformed")
    desk.refuses(f"{segment(flavour.header())}.{segment(b'[' * 5000)}.AAAA", "malformed")


def test_a_token_may_be_eight_kilobytes_long_and_no_longer(desk: Desk, flavour: Flavour) -> None:
    assert LONGEST_TOKEN == 8192
    # Six bits a character: the longest note that fits, and what is just over.
    length = next(n for n in range(6000, 0, -1) if len(flavour.token(note="x" * n)) <= LONGEST_TOKEN)

    desk.accepts(flavour.token(note="x" * length))
    desk.refuses(flavour.token(note="x" * (length + 2)), "too-long")
    desk.refuses("x" * 1_000_000, "too-long")

import base64
import hashlib
import hmac

import pytest

from shared.analytics.visitors import address_of, country_of, language_of, screen_class, visitor_id
from shared.http.request import parse_request
from tests.unit import events


def test_a_visitors_id_is_a_keyed_hash_of_site_address_and_browser() -> None:
    found = visitor_id(b"salt", site="example.org", address="192.0.2.1", user_agent="Browser/1.0")

    digest = hmac.new(b"salt", b"example.org|192.0.2.1|Browser/1.0", hashlib.sha256).digest()
    assert len(found) == 16
    assert base64.urlsafe_b64decode(found) == digest[:12]


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        ("", "198.51.100.1", "192.0.2.17"),
        ("cf-connecting-ip", "198.51.100.1", "198.51.100.1"),
        ("cf-connecting-ip", None, "192.0.2.17"),
        ("cf-connecting-ip", " ", "192.0.2.17"),
        ("x-forwarded-for", "198.51.100.1, 203.0.113.5", "198.51.100.1"),
        ("cloudfront-viewer-address", "198.51.100.1:46532", "198.51.100.1"),
        ("cloudfront-viewer-address", "2001:db8:0:0:0:0:0:1:46532", "2001:db8:0:0:0:0:0:1"),
        ("cloudfront-viewer-address", "[2001:db8::1]:46532", "2001:db8::1"),
        ("cloudfront-viewer-address", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_an_address_is_read_where_the_stage_says(header: str, value: str | None, expected: str) -> None:
    changed = {header or "x-real-ip": value, **({"X-Forwarded-For": value} if header == "x-forwarded-for" else {})}
    request = parse_request(events.http_event("api_post_analytics", headers=changed))

    assert address_of(request, header) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("DE", "DE"), ("de", "DE"), ("", ""), ("DEU", ""), ("T1", ""), ("<>", "")]
)
def test_a_country_is_two_letters(value: str, expected: str) -> None:
    request = parse_request(events.http_event("api_post_analytics", headers={"X-Country": value}))

    assert country_of(request, "x-country") == expected
    assert country_of(request, "") == ""


@pytest.mark.parametrize(
    ("screen", "expected"),
    [
        ("0x0", "phone"), ("575x900", "phone"), ("576x900", "tablet"), ("991x1", "tablet"), ("992x1", "laptop"),
        ("1439x1", "laptop"), ("1440x1", "desktop"), ("99999x99999", "desktop"),
    ],
)  # fmt: skip
def test_a_screen_is_classed_by_its_width(screen: str, expected: str) -> None:
    assert screen_class(screen) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("de", "de"), ("DE", "de"), ("en-us", "en-US"), ("zh-Hant-tw", "zh-TW"), ("es-419", "es-419"),
        ("sr-Latn", "sr"), ("en-u-ca-gb", "en"), ("de-CH-1996", "de-CH"),
    ],
)  # fmt: skip
def test_a_language_is_told_with_its_region(tag: str, expected: str) -> None:
    assert language_of(tag) == expected

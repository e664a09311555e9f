import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.cors import AllowedOrigins, origin_pattern
from tests.unit.properties import reproducible

ALLOWED = AllowedOrigins(["https://example.org", "http://localhost:*"])


@pytest.mark.parametrize(
    "origin", ["https://example.org", "http://localhost", "http://localhost:80", "http://localhost:65535"]
)
def test_an_allowed_origin_may_read_the_answer(origin: str) -> None:
    assert ALLOWED.headers(origin) == {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "ETag,Location,Preference-Applied,Retry-After,X-Correlation-Id",
        "Vary": "Origin",
    }


@pytest.mark.parametrize(
    "origin",
    [
        "", "null", "*", "https://evil.example", "http://example.org", "https://example.org:8443", "https://example.org/",
        "https://exampleXorg", "https://example.org.evil.example", "https://evil.example/https://example.org",
        "https://example.org@evil.example", "https://sub.example.org", "HTTPS://EXAMPLE.ORG", "https://example.org\n",
        "http://localhost:", "http://localhost:123456", "http://localhost:80@evil.example", "http://localhost.evil.example",
    ],
)  # fmt: skip
def test_a_foreign_origin_may_not(origin: str) -> None:
    assert ALLOWED.headers(origin) == {"Vary": "Origin"}


@reproducible
@given(origin=st.text(max_size=30))
def test_where_none_is_allowed_none_may(origin: str) -> None:
    assert origin not in AllowedOrigins([])


@pytest.mark.parametrize("origin", ["https://example.org", "http://127.0.0.1:*", "https://a-b.example.org:8443"])
def test_the_pattern_of_an_origin_fits_into_a_velocity_string(origin: str) -> None:
    pattern = origin_pattern(origin)

    assert re.fullmatch(r"[^\"\\$#]*", pattern)

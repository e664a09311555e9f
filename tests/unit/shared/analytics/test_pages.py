import string
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.analytics.pages import LONGEST_ADDRESS, LONGEST_TAG, came_from, page_name, parse_page, referrer_name
from shared.analytics.sites import Site, Sites
from tests.unit.properties import reproducible, texts

SITE = Site("example.org", ("https://example.org", "https://www.example.org", "http://localhost:*"), "UTC")
OTHER = Site("shop", ("https://shop.example.org",), "UTC")
SITES = Sites([SITE, OTHER])
KEPT = frozenset({"q", "lang"})


def name(url: str, kept: frozenset[str] = KEPT) -> str:
    page = parse_page(url)
    assert page is not None
    return page_name(page, kept)


def source(url: str, referrer: str = "") -> tuple[str, ...] | None:
    page = parse_page(url)
    assert page is not None
    return came_from(page, referrer, SITES, SITE)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org", "/"),
        ("https://example.org/", "/"),
        ("https://example.org//", "/"),
        ("https://example.org/engines/", "/engines"),
        ("https://example.org/engines#difference", "/engines"),
        ("https://example.org/engines?gclid=1&utm_source=x", "/engines"),
        ("https://example.org/search/?q=a%20b&page=2&lang=de", "/search?lang=de&q=a+b"),
        ("https://example.org/search?q=2&q=1", "/search?q=1&q=2"),
        ("https://example.org/search?q=", "/search"),
        ("https://example.org/Caf%C3%A9", "/Caf%C3%A9"),
        ("https://example.org/?q=%09%00", "/?q=%09%00"),
    ],
)
def test_a_page_is_called_by_its_path_and_the_parameters_that_tell_pages_apart(url: str, expected: str) -> None:
    assert name(url) == expected


def test_without_parameters_to_keep_a_page_is_its_path() -> None:
    assert name("https://example.org/search?q=a", frozenset()) == "/search"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("HTTPS://Example.ORG/Path", "https://example.org"),
        ("https://example.org:443/", "https://example.org"),
        ("http://localhost:80/", "http://localhost"),
        ("http://localhost:5173/", "http://localhost:5173"),
        ("https://user@example.org/", "https://user@example.org"),
        ("https://example.org\\@evil.example/", "https://example.org\\@evil.example"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(url: str, origin: str) -> None:
    page = parse_page(url)

    assert page
    assert page.origin == origin


@pytest.mark.parametrize("url", ["https://[::1/", "https://[v.x/"])
def test_what_can_not_be_taken_apart_is_no_page(url: str) -> None:
    assert parse_page(url) is None


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("", ""),
        ("https://www.Search.example/", "search.example"),
        ("https://(other)/", "other"),
        ("https://(other)/x", "other/x"),
        ("https://news.example/2026/engines/?id=7#top", "news.example/2026/engines"),
        ("https://news.example:8443/a", "news.example/a"),
        ("android-app://com.example.mail/", "com.example.mail"),
        ("https://user:secret@news.example/a", "news.example/a"),
        ("https://example.org/before", ""),
        ("https://www.example.org/before", ""),
        ("http://localhost:3000/", ""),
        ("https://shop.example.org/", "shop.example.org"),
        ("https://[::1/", ""),
        ("about:blank", ""),
        ("no address", ""),
    ],
)
def test_a_referrer_is_host_and_path_and_nothing_where_it_is_the_site_itself(referrer: str, expected: str) -> None:
    assert referrer_name(referrer, SITES, SITE) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", None),
        ("q=a", None),
        ("utm_source=", None),
        ("utm_source=%20&utm_medium=", None),
        ("utm_source=newsletter", ("", "newsletter", "", "", "", "")),
        (
            "utm_source=a&utm_medium=b&utm_campaign=c&utm_term=d&utm_content=e",
            ("", "a", "b", "c", "d", "e"),
        ),
        ("utm_source=first&utm_source=second", ("", "first", "", "", "", "")),
        ("ref=hn", ("", "hn", "", "", "", "")),
        ("source=s&ref=r", ("", "r", "", "", "", "")),
        ("utm_source=u&source=s&ref=r", ("", "u", "", "", "", "")),
        ("utm_campaign=spring", ("", "", "", "spring", "", "")),
        ("utm_source=a%09b%0ac%7f", ("", "a b c", "", "", "", "")),
    ],
)
def test_tags_of_a_campaign_are_taken_from_the_address(query: str, expected: tuple[str, ...] | None) -> None:
    assert source(f"https://example.org/?{query}") == expected


def test_a_referrer_and_tags_are_told_together() -> None:
    assert source("https://example.org/?ref=x", "https://news.example/a") == ("news.example/a", "x", "", "", "", "")


_TAGS = st.dictionaries(
    st.sampled_from(["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "ref", "source", "q"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=150),
    max_size=8,
)


@reproducible
@given(tags=_TAGS)
def test_what_an_address_says_never_breaks_a_row(tags: dict[str, str]) -> None:
    found = source(f"https://example.org/?{urlencode(tags)}")

    for text in found or ():
        assert len(text) <= LONGEST_TAG
        assert text == text.strip()
        assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text)
    assert found is None or any(found)


_PATHS = st.lists(st.text(st.sampled_from(string.ascii_letters + "-._~é/"), max_size=8), max_size=60).map("/".join)


@reproducible
@given(path=_PATHS, query=st.dictionaries(texts, texts, max_size=5), fragment=texts)
def test_the_name_of_a_page_is_the_same_for_its_own_address(path: str, query: dict[str, str], fragment: str) -> None:
    url = f"https://example.org/{quote(path)}?{urlencode(query)}#{quote(fragment)}"

    called = name(url)

    assert called.startswith("/")
    assert "#" not in called
    assert len(called) <= LONGEST_ADDRESS
    assert called == "/" or not called.partition("?")[0].endswith("/") or len(called) == LONGEST_ADDRESS
    if len(called) < LONGEST_ADDRESS and not called.startswith("//"):
        assert name(f"https://example.org{called}") == called


@reproducible
@given(referrer=st.text(max_size=60) | texts.map("https://{}".format))
def test_no_referrer_is_an_error(referrer: str) -> None:
    found = referrer_name(referrer, SITES, SITE)

    assert len(found) <= LONGEST_ADDRESS

import pytest

from shared.analytics.sites import Site, Sites, format_sites, host_of, parse_sites

EXAMPLE = Site("example.org", ("https://example.org", "http://localhost:*"), "UTC")
SHOP = Site("shop", ("https://shop.example.org",), "Europe/Berlin")
SITES = Sites([EXAMPLE, SHOP])


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("https://example.org", EXAMPLE),
        ("http://localhost", EXAMPLE),
        ("http://localhost:5173", EXAMPLE),
        ("https://shop.example.org", SHOP),
        ("https://example.org:8443", None),
        ("https://exampleXorg", None),
        ("https://evil.example", None),
        ("null", None),
        ("", None),
    ],
)
def test_an_origin_belongs_to_one_site_or_none(origin: str, site: Site | None) -> None:
    assert SITES.of_origin(origin) == site


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://example.org", EXAMPLE),
        ("HTTPS://Example.org/a?b#c", EXAMPLE),
        ("https://example.org?x", EXAMPLE),
        ("https://shop.example.org/basket", SHOP),
        ("https://example.org@evil.example/", None),
        ("https://example.org\\@evil.example/", EXAMPLE),
        ("https://evil.example/https://example.org/", None),
        ("/path", None),
    ],
)
def test_a_page_belongs_to_the_site_of_its_origin(url: str, site: Site | None) -> None:
    assert SITES.of_url(url) == site


def test_a_host_is_known_with_www_and_without() -> None:
    assert SITES.of_host("www.example.org") == SITES.of_host("example.org") == EXAMPLE
    assert SITES.of_host("localhost") == EXAMPLE
    assert SITES.of_host("example.com") is None


def test_the_first_site_is_meant_where_none_is_named() -> None:
    assert SITES.default == EXAMPLE


def test_sites_are_found_by_their_names() -> None:
    assert [SITES.get(name) for name in ("shop", "example.org", "nobody")] == [SHOP, EXAMPLE, None]


def test_a_setting_is_read_as_it_was_written() -> None:
    assert list(parse_sites(format_sites([EXAMPLE, SHOP]))) == [EXAMPLE, SHOP]


def test_the_host_of_an_origin_has_no_port() -> None:
    assert [host_of(origin) for origin in EXAMPLE.origins] == ["example.org", "localhost"]

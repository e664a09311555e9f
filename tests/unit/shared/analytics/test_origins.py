import pytest

from shared.analytics.agents import Agent
from shared.analytics.dimensions import DIRECT, METRICS, UNKNOWN
from shared.analytics.origins import dimensions_of
from shared.analytics.visits import origin_of

_AGENT = Agent("Firefox", "Linux", "desktop", is_robot=False)


def described(
    referrer: str = "", *campaign: str, country: str = "DE", screen: str = "phone", language: str = "en"
) -> dict[str, str]:
    source = (referrer, *campaign, *[""] * (5 - len(campaign)))
    return dict(dimensions_of(origin_of(source, country, screen, language), _AGENT))


@pytest.mark.parametrize(
    ("referrer", "source", "channel"),
    [
        ("", DIRECT, "Direct"),
        ("google.com", "Google", "Organic Search"),
        ("google.co.uk/search", "Google", "Organic Search"),
        ("images.google.de", "Google", "Organic Search"),
        ("notgoogle.com", "notgoogle.com", "Referral"),
        ("google-reviews.example", "google-reviews.example", "Referral"),
        ("bing.com", "Bing", "Organic Search"),
        ("duckduckgo.com", "DuckDuckGo", "Organic Search"),
        ("search.yahoo.com", "Yahoo", "Organic Search"),
        ("yandex.ru", "Yandex", "Organic Search"),
        ("baidu.com", "Baidu", "Organic Search"),
        ("ecosia.org", "Ecosia", "Organic Search"),
        ("qwant.com", "Qwant", "Organic Search"),
        ("startpage.com", "Startpage", "Organic Search"),
        ("search.brave.com", "Brave", "Organic Search"),
        ("brave.com", "brave.com", "Referral"),
        ("kagi.com", "Kagi", "Organic Search"),
        ("l.facebook.com/l.php", "Facebook", "Organic Social"),
        ("instagram.com", "Instagram", "Organic Social"),
        ("lnkd.in", "LinkedIn", "Organic Social"),
        ("linkedin.com/feed", "LinkedIn", "Organic Social"),
        ("t.co/abc", "X", "Organic Social"),
        ("x.com", "X", "Organic Social"),
        ("netflix.com", "netflix.com", "Referral"),
        ("out.reddit.com", "Reddit", "Organic Social"),
        ("youtube.com/watch", "YouTube", "Organic Social"),
        ("pinterest.co.uk", "Pinterest", "Organic Social"),
        ("go.bsky.app", "Bluesky", "Organic Social"),
        ("mastodon.social/@ada", "Mastodon", "Organic Social"),
        ("news.ycombinator.com/item", "Hacker News", "Referral"),
        ("github.com/ada/engine", "GitHub", "Referral"),
        ("chatgpt.com", "ChatGPT", "Referral"),
        ("blog.example/x", "blog.example", "Referral"),
    ],
)
def test_a_referrer_has_a_source_and_a_channel(referrer: str, source: str, channel: str) -> None:
    found = described(referrer)

    assert (found["source"], found["channel"], found["referrer"]) == (source, channel, referrer or DIRECT)


@pytest.mark.parametrize(
    ("utm_source", "medium", "source", "channel"),
    [
        ("google", "cpc", "Google", "Paid Search"),
        ("GOOGLE", "CPC", "Google", "Paid Search"),
        ("bing", "ppc", "Bing", "Paid Search"),
        ("facebook", "paid-social", "Facebook", "Paid Social"),
        ("fb", "cpm", "fb", "Paid Social"),
        ("ig", "retargeting", "ig", "Paid Social"),
        ("partner", "display", "partner", "Paid Other"),
        ("partner", "banner", "partner", "Paid Other"),
        ("partner", "ad", "partner", "Paid Other"),
        ("partner", "ads", "partner", "Paid Other"),
        ("partner", "adsense", "partner", "Referral"),
        ("mailing", "email", "mailing", "Email"),
        ("mailing", "e-mail", "mailing", "Email"),
        ("mailing", "newsletter", "mailing", "Email"),
        ("newsletter", "", "newsletter", "Email"),
        ("emailage", "", "emailage", "Referral"),
        ("some-engine", "organic", "some-engine", "Organic Search"),
        ("google", "", "Google", "Organic Search"),
        ("some-network", "social", "some-network", "Organic Social"),
        ("some-network", "social-media", "some-network", "Organic Social"),
        ("threads", "", "threads", "Organic Social"),
        ("shop", "affiliate", "shop", "Affiliates"),
        ("shop", "", "shop", "Referral"),
        ("", "qr", DIRECT, "Other"),
        ("", "email", DIRECT, "Email"),
        ("", "cpc", DIRECT, "Paid Other"),
    ],
)
def test_a_campaign_has_a_source_and_a_channel(utm_source: str, medium: str, source: str, channel: str) -> None:
    found = described("", utm_source, medium)

    assert (found["source"], found["channel"]) == (source, channel)


def test_the_campaign_says_more_than_the_referrer() -> None:
    found = described("google.com", "letter", "email")

    assert (found["source"], found["channel"], found["referrer"]) == ("letter", "Email", "google.com")


def test_of_a_campaign_only_what_was_named_is_there() -> None:
    found = described("", "letter", "Email", "", "", "top")

    assert {name: value for name, value in found.items() if name.startswith("utm_")} == {
        "utm_source": "letter",
        "utm_medium": "Email",
        "utm_content": "top",
    }


def test_who_came_is_described() -> None:
    found = described(country="CH", screen="laptop", language="de-CH")

    names = ("country", "screen", "language", "browser", "os", "device")
    assert tuple(found[name] for name in names) == ("CH", "laptop", "de-CH", "Firefox", "Linux", "desktop")


def test_what_is_not_known_of_who_came_is_unknown() -> None:
    found = described(country="", screen="", language="")

    assert (found["country"], found["screen"], found["language"]) == (UNKNOWN,) * 3


def test_every_dimension_is_one_that_is_counted() -> None:
    assert described("x.example", "a", "b", "c", "d", "e").keys() < METRICS.keys()

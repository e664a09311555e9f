import pytest
from hypothesis import given

from shared.analytics.agents import agent_of
from shared.analytics.dimensions import UNKNOWN
from tests.unit.properties import reproducible, texts

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT}"
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"


@pytest.mark.parametrize(
    ("user_agent", "browser", "os", "device"),
    [
        (f"{_WINDOWS} Chrome/131.0.0.0 Safari/537.36", "Chrome", "Windows", "desktop"),
        (f"{_WINDOWS} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge", "Windows", "desktop"),
        (f"{_WINDOWS} Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0", "Opera", "Windows", "desktop"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
         "Firefox", "Windows", "desktop"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox", "Linux", "desktop"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
         "Firefox", "Ubuntu", "desktop"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_WEBKIT} Chrome/131.0.0.0 Safari/537.36",
         "Chrome", "Chrome OS", "desktop"),
        (f"{_MAC} {_SAFARI} Version/18.1 Safari/605.1.15", "Safari", "Mac OS X", "desktop"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {_SAFARI} Version/18.1 Mobile/15E148 Safari/604.1",
         "Mobile Safari", "iOS", "mobile"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {_SAFARI} CriOS/131.0.6778.73 Mobile/15E148 "
         "Safari/604.1", "Chrome Mobile iOS", "iOS", "mobile"),
        (f"Mozilla/5.0 (iPad; CPU OS 12_5_5 like Mac OS X) {_SAFARI} Version/12.1.2 Mobile/15E148 Safari/604.1",
         "Mobile Safari", "iOS", "tablet"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} Chrome/131.0.0.0 Mobile Safari/537.36",
         "Chrome Mobile", "Android", "mobile"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} Chrome/131.0.0.0 Safari/537.36", "Chrome", "Android", "tablet"),
        (f"Mozilla/5.0 (Linux; Android 14; SM-S928B) {_WEBKIT} SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile "
         "Safari/537.36", "Samsung Internet", "Android", "mobile"),
        ("Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0",
         "Firefox Mobile", "Android", "mobile"),
        (f"Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) {_WEBKIT} SamsungBrowser/3.0 Chrome/94.0 TV Safari/537.36",
         "Samsung Internet", "Tizen", "tv"),
        (f"Mozilla/5.0 (Web0S; Linux/SmartTV) {_WEBKIT} Chrome/94.0.4606.128 Safari/537.36",
         "Chrome", "Web0S", "tv"),
    ],
)  # fmt: skip
def test_a_browser_is_known_with_its_system_and_device(user_agent: str, browser: str, os: str, device: str) -> None:
    assert agent_of(user_agent) == (browser, os, device, False)


@pytest.mark.parametrize(
    "user_agent",
    [
        "",
        "-",
        "Mozilla/5.0",
        "curl/8.11.0",
        "Wget/1.21.4 (linux-gnu)",
        "python-requests/2.32.3",
        "Go-http-client/2.0",
        "okhttp/4.12.0 (some longer text)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        f"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) {_WEBKIT} Chrome/131.0.0.0 Mobile Safari/537.36 "
        "(compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        f"Mozilla/5.0 {_WEBKIT}; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/131.0.0.0",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        f"Mozilla/5.0 {_WEBKIT}; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
        f"Mozilla/5.0 (X11; Linux x86_64) {_WEBKIT} HeadlessChrome/131.0.0.0 Safari/537.36",
        f"Mozilla/5.0 (Linux; Android 11; moto g power) {_WEBKIT} Chrome/131.0.0.0 Mobile Safari/537.36 "
        "Chrome-Lighthouse",
        f"Mozilla/5.0 (Unknown; Linux x86_64) {_WEBKIT} PhantomJS/2.1.1 Safari/538.1",
        f"{_WINDOWS} Chrome/131.0.0.0 Safari/537.36 Playwright/1.49",
    ],
)
def test_a_robot_is_a_robot_and_nothing_else(user_agent: str) -> None:
    assert agent_of(user_agent) == (UNKNOWN, UNKNOWN, UNKNOWN, True)


@pytest.mark.parametrize(("length", "is_robot"), [(19, True), (20, False)])
def test_no_browser_sends_fewer_than_twenty_characters(length: int, is_robot: bool) -> None:
    assert agent_of("Mozilla/5.0 (Strange Firefox)"[:length]).is_robot is is_robot


def test_what_nobody_knows_is_unknown() -> None:
    assert agent_of("something with an engine of its own") == (UNKNOWN, UNKNOWN, "desktop", False)


@given(user_agent=texts)
@reproducible
def test_whatever_is_sent_has_classes(user_agent: str) -> None:
    agent = agent_of(f"Mozilla/5.0 (Windows NT 10.0) {user_agent}")

    assert all(agent[:3])

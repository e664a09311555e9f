"""A site's day, for Locust: visitors read, click and sometimes write; most of what they send is page views.

`make load` runs it against the stage that `make dev` started; `--host` names the API's URL of any other.
"""

import json
import os
import random
from typing import Any

from locust import FastHttpUser, between, tag, task

from shared.ids import uuid7

ORIGIN = os.environ.get("SITE_ORIGIN", "https://example.org")

_USER_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 "
    "Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
)
_SCREENS = ("390x844", "412x915", "820x1180", "1366x768", "1920x1080")
_LANGUAGES = ("de-DE", "en-US", "en-GB", "fr-FR", "pl-PL")
_REFERRERS = ("", "", "https://www.search.example/", "https://news.example/item?id=7")
_PAGES = ("/", "/engines", "/engines/difference", "/engines/analytical", "/about", "/contact")
_MOST_AT_ONCE = 5


class Visitor(FastHttpUser):
    """A visitor with one browser, who stays for some pages."""

    host = os.environ.get("API_URL", "http://localhost:4566/v1")
    wait_time = between(0.5, 3)

    def on_start(self) -> None:
        """Choose a browser, and from where the visitor came."""
        # A made-up number tells two visitors apart, who all come from this machine's address.
        self._agent = f"{random.choice(_USER_AGENTS)} Load/{random.randrange(10**6)}"  # noqa: S311  no secret
        self._screen = random.choice(_SCREENS)  # noqa: S311
        self._language = random.choice(_LANGUAGES)  # noqa: S311
        self._referrer = random.choice(_REFERRERS)  # noqa: S311

    @tag("analytics")
    @task(20)
    def view_pages(self) -> None:
        """Send page views, and sometimes an event, as the tracker does: as a beacon's text."""
        pages = random.sample(_PAGES, random.randint(1, _MOST_AT_ONCE))  # noqa: S311
        sent = [self._event("pageview", page) for page in pages]
        if random.random() < 0.2:  # noqa: S311, PLR2004  one in five
            sent.append({**self._event("event", pages[-1]), "name": "download", "props": {"file": "tables.pdf"}})
        self._send("POST", "/api/analytics", {"id": uuid7(), "events": sent}, content_type="text/plain")

    @tag("projects")
    @task(8)
    def read_projects(self) -> None:
        """List projects, and read one of them."""
        with self._ask("/api/projects?limit=20") as answer:
            found = json.loads(answer.text)["items"] if answer.status_code == 200 else []  # noqa: PLR2004
        if found:
            with self._ask(f"/api/projects/{random.choice(found)['id']}", name="/api/projects/{id}"):  # noqa: S311
                pass

    @tag("contact")
    @task(1)
    def write(self) -> None:
        """Submit the contact form, and ask once what became of it."""
        form = {
            "name": "Load Test", "email": "load@example.org", "message": "How much does an engine cost?",
            "elapsed_ms": 20_000,
        }  # fmt: skip
        accepted = self._send("POST", "/api/contact", form, content_type="application/json")
        if accepted:
            with self._ask(f"/api/operations/{accepted}", name="/api/operations/{id}"):
                pass

    def _event(self, kind: str, page: str) -> dict[str, Any]:
        referrer, self._referrer = self._referrer, ""
        return {
            "type": kind, "url": f"{ORIGIN}{page}", "referrer": referrer, "screen": self._screen,
            "language": self._language,
        }  # fmt: skip

    def _ask(self, path: str, **options: Any) -> Any:  # noqa: ANN401  Locust has no types
        return self.client.get(path, headers=self._headers(), catch_response=True, **options)

    def _send(self, method: str, path: str, body: dict[str, Any], *, content_type: str) -> str:
        """Send a request, which fails unless it is accepted, and return the id that it was given."""
        headers = {**self._headers(), "Content-Type": content_type}
        with self.client.request(method, path, data=json.dumps(body), headers=headers, catch_response=True) as answer:
            if answer.status_code != 202:  # noqa: PLR2004  Accepted
                answer.failure(f"{answer.status_code}")
                return ""
            return str(json.loads(answer.text)["id"])

    def _headers(self) -> dict[str, str]:
        return {"User-Agent": self._agent, "Origin": ORIGIN, "Accept-Language": self._language}

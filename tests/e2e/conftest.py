"""The real template on the embedded AWS, started once for the whole tier."""

import socket
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jwt
import pytest
import requests

from infra.stage import EXAMPLE, Stage, read_stage
from local.emulator_process import local_client
from local.outputs import Outputs, running_outputs
from local.paths import ROOT
from local.seed import access_token
from local.session import LocalStage
from schemas.routes import Role, Route

SITE = "https://example.org"
FORM = {"name": "Ada Lovelace", "email": "ada@example.org", "message": "I would like to talk about your engine."}

DECISIONS = "decisions.jsonl"

# Nearly nothing is given back while the tests run, so that a burst or a quota is used up whatever the time is.
THROTTLE = {"requests_per_minute": 1000, "burst": 2000, "auth_requests_per_minute": 1, "auth_burst": 60}
TIERS = {
    "public": {"requests_per_minute": 1, "burst": 5, "requests_per_day": 1000},
    "standard": {"requests_per_minute": 60_000, "burst": 1000, "requests_per_day": 7},
    "premium": {"requests_per_minute": 60_000, "burst": 1000, "requests_per_day": 100_000},
}
KEYED_ROUTE = "GET /api/users/me"
ADDRESS_HEADER, EXCLUDED_NETWORK = "X-Visitor-Address", "203.0.113.0/24"
ANALYTICS = {"address_header": ADDRESS_HEADER, "excluded_addresses": [EXCLUDED_NETWORK]}

# A failed message comes back after this, instead of after six times the function's timeout. It is still longer than a
# function takes to start on a busy machine: what is at work is not delivered again, and outcomes can be counted.
_VISIBILITY_SECONDS = 20
# Long enough for a message to come back and a function to start, on a machine that has much else to do: who finds what
# it waits for waits no longer.
_PATIENCE_SECONDS = 90


class Site(NamedTuple):
    """The running stage, as its users see it: over HTTP, and with AWS clients."""

    outputs: Outputs
    session: requests.Session
    folder: Path
    decisions: Path
    tokens: dict[Role, str]
    planted: set[str]

    def url(self, path: str) -> str:
        """Return the URL of a path of the API."""
        return f"{self.outputs['api_url']}{path}"

    def call(self, method: str, path: str, role: Role | None = None, **options: Any) -> requests.Response:
        """Call the API, with a token of `role` if one is given."""
        headers = dict(options.pop("headers", {}))
        if role is not None:
            headers["Authorization"] = f"Bearer {self.token(role)}"
        return self.session.request(
            method, self.url(path), headers=headers, timeout=30, allow_redirects=False, **options
        )

    def submit(self, headers: dict[str, str] | None = None, **fields: Any) -> str:
        """Submit a contact form and return the id of the accepted message."""
        form = {**FORM, **fields}
        self.planted.update(form[name] for name in ("name", "email", "message"))
        answer = self.call("POST", "/api/contact", json=form, headers=headers or {})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def token(self, role: Role) -> str:
        """Return an access token of the role's seeded user."""
        if role not in self.tokens:
            self.tokens[role] = self.plant(access_token(self.outputs, role))
        return self.tokens[role]

    def subject(self, role: Role) -> str:
        """Return the id of the role's seeded user."""
        claims = jwt.decode(self.token(role), options={"verify_signature": False})
        return str(claims["sub"])

    def plant(self, secret: str) -> str:
        """Return `secret`, and remember that no log may hold it."""
        self.planted.add(secret)
        return secret

    def aws(self, service: str) -> Any:
        """Return a client with the rights of the account itself."""
        return _client(service, self.outputs["aws_endpoint_url"], self.outputs["region"])

    def await_applied(self, message_id: str) -> dict[str, Any]:
        """Return the operation of a message once it is applied."""
        return eventually(lambda: self._applied(message_id))

    def await_deliveries(self, message_id: str) -> dict[str, Any]:
        """Return a submission once both of its mails are accounted for."""
        return eventually(lambda: self._delivered(message_id))

    def mails(self, text: str) -> list[dict[str, Any]]:
        """Return the mails whose text holds `text`."""
        return [mail for mail in self._sent() if text in mail["BodyText"]]

    def mails_to(self, address: str) -> list[dict[str, Any]]:
        """Return the mails to an address."""
        return [mail for mail in self._sent() if address in mail["To"]]

    def _sent(self) -> list[dict[str, Any]]:
        answer = self.session.get(f"{self.outputs['aws_endpoint_url']}/_ministack/ses/messages", timeout=10)
        return [mail for account in answer.json()["messages"].values() for mail in account]

    def _applied(self, message_id: str) -> dict[str, Any] | None:
        operation: dict[str, Any] = self.call("GET", f"/api/operations/{message_id}").json()
        return operation if operation["status"] == "applied" else None

    def _delivered(self, message_id: str) -> dict[str, Any] | None:
        answer = self.call("GET", f"/api/contact/{message_id}", Role.EDITOR)
        return answer.json() if answer.ok and len(answer.json()["deliveries"]) == 2 else None


@cache
def _client(service: str, endpoint_url: str, region: str) -> Any:
    # Made once: it takes longer than most calls.
    return local_client(service, endpoint_url, region)


def eventually[Found](look: Callable[[], Found | None], *, within: float = _PATIENCE_SECONDS) -> Found:
    """Return what `look` finds, looking again until it finds something, or so many seconds have passed."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.2)
    pytest.fail(f"nothing came within {within} s")


def path_of(route: Route, record: str) -> str:
    """Return the path of a route for one record, and its first version."""
    return route.path.replace("{id}", record).replace("{version}", "1")


def free_port() -> int:
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests that judge the whole tier run after all others of it."""
    places = [place for place, item in enumerate(items) if Path(__file__).parent in item.path.parents]
    ordered = sorted((items[place] for place in places), key=lambda item: item.get_closest_marker("last") is not None)
    for place, item in zip(places, ordered, strict=True):
        items[place] = item


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStage]:
    """Run the stage of the example configuration, with tiers that a test can use up, and an address to be excluded."""
    example = read_stage("local", ROOT / EXAMPLE).model_dump()
    analytics = {**example["analytics"], **ANALYTICS}
    settings = {"throttle": THROTTLE, "tiers": TIERS, "keyed_routes": [KEYED_ROUTE], "analytics": analytics}
    configured = Stage.model_validate({**example, **settings})
    folder = tmp_path_factory.mktemp("stage")
    stage = LocalStage(configured, port=free_port(), folder=folder, decisions=folder / DECISIONS)
    stage.start(lambda _: None)
    try:
        yield stage
    finally:
        stage.stop(keep=False)
        stage.reset()


@pytest.fixture(scope="session")
def site(stage: LocalStage) -> Iterator[Site]:
    """Give the running stage to its users; its queues give failed messages back sooner."""
    with requests.Session() as session:
        outputs = running_outputs(stage.folder / "outputs.json")
        running = Site(outputs, session, stage.emulator.folder, stage.folder / DECISIONS, {}, set())
        for url in outputs["queues"].values():
            running.aws("sqs").set_queue_attributes(
                QueueUrl=url, Attributes={"VisibilityTimeout": str(_VISIBILITY_SECONDS)}
            )
        yield running

"""Requests as clients send them: until they are accepted, each with the same id or key."""

import random
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from infra.names import ALIAS
from schemas.routes import Role
from tests.chaos.faults import Deck, Fault, failed, partly_refused, throttled
from tests.chaos.wire import Call, tapped
from tests.e2e.conftest import Site

_ATTEMPTS = 5
FUNCTIONS = ("ingest_contact", "ingest_projects", "ingest_analytics")


@dataclass
class Sent:
    """A request, and what was answered.

    Parameters
    ----------
    label
        Its name in the history.
    capability
        `contact`, `projects` or `analytics`.
    method, path, body, headers, role
        What is sent; a path may have the id of the project that an earlier request made, as `{project}`.
    fate
        What its sender knows must become of it, if that is certain.
    project
        The request that made the project which it changes.
    id
        That of its message, once it is accepted.
    """

    label: str
    capability: str
    method: str
    path: str
    body: Any
    headers: Mapping[str, str]
    role: Role | None = None
    fate: str = ""
    project: "Sent | None" = None
    id: str = ""

    def send(self, site: Site) -> None:
        """Send it until it is accepted."""
        path = self.path.format(project=self.project.id if self.project else "")
        for _ in range(_ATTEMPTS):
            answer = site.call(self.method, path, self.role, json=self.body, headers=dict(self.headers))
            if answer.status_code == 202:
                document = answer.json()
                self.id = document.get("operation_id") or document["id"]
                return
            assert answer.status_code == 503, answer.text
        message = f"{self.label} was not accepted"
        raise AssertionError(message)


def accept(site: Site, streams: Sequence[Iterable[Sent]], chance: random.Random) -> list[Sent]:
    """Send the requests of all streams at once, those of one stream in their order, and return them as accepted."""
    queues = [list(stream)[::-1] for stream in streams]
    accepted = []
    while queues := [queue for queue in queues if queue]:
        sent = chance.choices(queues, [len(queue) for queue in queues])[0].pop()
        sent.send(site)
        accepted.append(sent)
    return accepted


@contextmanager
def faulty_ingest(site: Site, deck: Deck) -> Iterator[None]:
    """Let the calls with which the ingest functions publish go wrong as a deck says."""
    calls: Counter[str] = Counter()
    lock = threading.Lock()

    def caught(call: Call) -> None:
        with lock:
            calls[call.operation] += 1
            fault = deck.deal(call.operation)
        if fault in {Fault.CUT, Fault.LOST}:
            if fault is Fault.LOST:
                call.forward()
            call.cut()
            return
        answers = {Fault.THROTTLE: throttled, Fault.ERROR: failed, Fault.REFUSAL: partly_refused}
        call.answer(answers[fault](call) if fault else call.forward())

    client, names = site.aws("lambda"), [site.outputs["functions"][function] for function in FUNCTIONS]
    with tapped(urlsplit(site.outputs["aws_endpoint_url"]).netloc, caught) as url, ExitStack() as stack:
        for name in names:
            stack.enter_context(_detour(client, name, {"AWS_ENDPOINT_URL_EVENTS": url, "AWS_ENDPOINT_URL_SQS": url}))
        yield


@contextmanager
def _detour(client: Any, name: str, variables: dict[str, str]) -> Iterator[None]:
    """Let a function run with further variables; what ran before is still warm afterwards."""
    before = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    live = client.get_alias(FunctionName=name, Name=ALIAS)["FunctionVersion"]
    client.update_function_configuration(FunctionName=name, Environment={"Variables": {**before, **variables}})
    faulty = client.publish_version(FunctionName=name)["Version"]
    client.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=faulty)
    try:
        yield
    finally:
        client.update_function_configuration(FunctionName=name, Environment={"Variables": before})
        client.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=live)
        client.delete_function(FunctionName=name, Qualifier=faulty)

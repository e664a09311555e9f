"""Send many requests at once, and judge each answer by the OpenAPI document."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import requests
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.e2e.fuzz_cases import Sample

LONGEST_SECONDS = 30
_AT_ONCE = 3
"""More would not be faster: the embedded AWS starts each function as often as it is called at once."""
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_local = threading.local()


class Answer(NamedTuple):
    """What came of a request; `status` is 0 where no answer came in time, `faults` is what is wrong with it."""

    operation: str
    request: str
    status: int
    faults: tuple[str, ...]


def send_all[Request](requests_: Iterable[Request], send: Callable[[Request], Answer]) -> list[Answer]:
    """Return the answers to requests that are sent from several threads, while others are still being made."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(send, requests_))


def send_sample(sample: Sample, base_url: str) -> Answer:
    """Send a generated request and hold the answer against the document."""
    case, operation = sample.case, f"{sample.route.method} {sample.route.path}"
    # Schemathesis takes the header out of requests that are to have none; who calls is decided here.
    options = case.as_transport_kwargs(base_url)
    options["headers"] = {
        name: value for name, value in options["headers"].items() if name.lower() != "authorization"
    } | sample.caller
    try:
        response = _session().request(**options, timeout=LONGEST_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        return Answer(operation, repr(case), 0, (f"no answer: {type(error).__name__}",))
    faults = []
    try:
        case.validate_response(response, checks=_CHECKS)
    except FailureGroup as group:
        faults = [f"{failure.title}: {failure.message}" for failure in group.exceptions]
    faults += shape_faults(response.status_code, response.headers.get("Content-Type", ""), response.content)
    return Answer(operation, repr(case), response.status_code, tuple(faults))


def shape_faults(status: int, content_type: str, body: bytes) -> list[str]:
    """Return what is wrong with an answer whatever route gave it: an error is a problem document, and none is ours."""
    if status >= 500:
        return [f"a server error: {status} {body[:200]!r}"]
    if status < 400:
        return []
    if content_type != "application/problem+json":
        return [f"{status} is no problem document but {content_type}"]
    problem: Mapping[str, Any] = json.loads(body)
    wrong = [name for name in ("title", "detail", "instance", "request_id") if not isinstance(problem.get(name), str)]
    if problem.get("status") != status or not str(problem.get("type")).startswith("urn:sitewire:problem:") or wrong:
        return [f"{status} is a problem of another shape: {body[:200]!r}"]
    return []


def summary(answers: Iterable[Answer]) -> str:
    """Return how many answers there are of each class of status."""
    classes = Counter(f"{answer.status // 100}xx" if answer.status else "none" for answer in answers)
    return ", ".join(f"{count:,} {name}" for name, count in sorted(classes.items()))


def _session() -> requests.Session:
    """Return this thread's session: its connection is kept."""
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
    session: requests.Session = _local.session
    return session

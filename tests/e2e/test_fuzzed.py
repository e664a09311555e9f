"""Whatever is sent, the answer is one that the OpenAPI document tells of, and never a server error.

Every route takes part. These tests run after the others of the tier, so that they may rename the seeded users, use up
bursts and fill queues; nothing erases, demotes or signs out those users, because no request is aimed at their ids.
Routes of signing in get a few cases, because the stage limits them to a burst that another test uses up.
"""

from collections.abc import Callable
from functools import partial

import pytest

from schemas.routes import ROUTES
from tests.e2e.conftest import Site
from tests.e2e.fuzz_answers import Answer, send_all, send_sample, summary
from tests.e2e.fuzz_cases import Records, samples
from tests.e2e.fuzz_raw import raw_requests, send_raw
from tests.e2e.fuzz_records import make_records

# A minute on a machine of two cores that does nothing else.
pytestmark = [pytest.mark.last, pytest.mark.timeout(900)]

EACH, FEW = 30, 4
REQUESTS = 5000
SHOWN = 20


@pytest.fixture(scope="module")
def records(site: Site) -> Records:
    return make_records(site)


@pytest.fixture(scope="module")
def answers(site: Site, records: Records) -> list[Answer]:
    """Give the answers to what Schemathesis makes of the document."""
    return send_all(samples(records, each=EACH, few=FEW), partial(send_sample, base_url=site.outputs["api_url"]))


@pytest.fixture(scope="module")
def raw_answers(site: Site, records: Records) -> list[Answer]:
    """Give the answers to what no document describes."""
    return send_all(raw_requests(records), partial(send_raw, base_url=site.outputs["api_url"]))


def faulty(answers: list[Answer]) -> list[Answer]:
    """Return the answers that something is wrong with, as many as a person would read."""
    return [answer for answer in answers if answer.faults][:SHOWN]


def server_errors(answers: list[Answer]) -> int:
    return sum(answer.status >= 500 or answer.status == 0 for answer in answers)


def test_what_the_document_describes_is_answered_as_it_says(
    answers: list[Answer], show_figure: Callable[[str], None]
) -> None:
    show_figure(
        f"fuzz: {len(answers):,} requests made from the OpenAPI document: {summary(answers)}, "
        f"{server_errors(answers)} server errors"
    )
    assert faulty(answers) == []


def test_enough_is_sent_and_not_held_back_by_a_limit(answers: list[Answer]) -> None:
    exercised = [answer for answer in answers if answer.status not in {0, 429}]

    assert len(exercised) >= REQUESTS


def test_every_route_lets_some_of_them_through(answers: list[Answer]) -> None:
    let_through = {answer.operation for answer in answers if 200 <= answer.status < 300}

    # Nobody has credentials or a refresh token that were made up, and no site has such a page.
    closed = {"POST /api/analytics", "POST /api/auth/token", "POST /api/auth/refresh"}
    assert {f"{route.method} {route.path}" for route in ROUTES} - let_through == closed


def test_what_the_document_can_not_describe_breaks_nothing(
    raw_answers: list[Answer], show_figure: Callable[[str], None]
) -> None:
    show_figure(
        f"fuzz: {len(raw_answers):,} malformed requests: {summary(raw_answers)}, "
        f"{server_errors(raw_answers)} server errors"
    )
    assert faulty(raw_answers) == []

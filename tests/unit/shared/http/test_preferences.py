import pytest

from shared.http.preferences import LONGEST_WAIT, preferred_wait
from shared.http.request import parse_request
from tests.unit import events


def wait_of(prefer: str | None) -> int:
    return preferred_wait(parse_request(events.http_event("api_put_submission", headers={"Prefer": prefer})))


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ("wait=1", 1),
        ("wait=4", 4),
        ("respond-async, wait=3", 3),
        ("wait=3, respond-async", 3),
        ("wait=3; x=y", 3),
        ('wait="3"', 3),
        (" Wait = 3 ", 3),
        ("wait=2, wait=4", 2),
        ("wait=0", 0),
    ],
)
def test_a_caller_who_would_wait_says_how_long(prefer: str, seconds: int) -> None:
    assert wait_of(prefer) == seconds


@pytest.mark.parametrize("prefer", ["wait=6", "wait=10", "wait=999999999"])
def test_nobody_waits_longer_than_a_request_may_take(prefer: str) -> None:
    assert wait_of(prefer) == LONGEST_WAIT


@pytest.mark.parametrize(
    "prefer",
    [
        None, "", "wait", "wait=", "wait=x", "wait=-1", "wait=1.5", "wait=5s", "wait=5 6", "nowait=5", "xwait=5",
        "return=minimal", "wait=٣", f"wait={'9' * 5000}",
    ],
    ids=lambda prefer: str(prefer)[:20],
)  # fmt: skip
def test_a_preference_that_can_not_be_read_is_none(prefer: str | None) -> None:
    assert wait_of(prefer) == 0

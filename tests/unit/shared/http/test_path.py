import pytest

from shared.http.path import record_id
from shared.http.request import parse_request
from shared.problems import InvalidRequestError
from tests.unit import events

IDENTIFIER = "01990000-0000-7000-8000-000000000001"


def test_the_id_in_the_path_is_returned() -> None:
    assert record_id(parse_request(events.read("api_put_submission"))) == IDENTIFIER


@pytest.mark.parametrize("candidate", ["1", "..", "%00", "01990000-0000-4000-8000-000000000001", "SUBMISSION"])
def test_a_path_that_holds_no_id_is_refused(candidate: str) -> None:
    event = events.http_event("api_put_submission", path_id=candidate)

    with pytest.raises(InvalidRequestError):
        record_id(parse_request(event))

import pytest

from shared.http.queries import flag, invalid, page_size, whole_number
from shared.http.request import Request, parse_request
from shared.problems import InvalidRequestError
from tests.unit import events

NOT_NUMBERS = [
    "",
    " ",
    "5 ",
    " 5",
    "+5",
    "-5",
    "5.0",
    "1e1",
    "0x5",
    "five",
    "٥",
    "²",
    "5\n",
    "1_0",
    "9" * 10,
    "9" * 5000,
]


def asked(**query: str) -> Request:
    return parse_request(events.http_event("api_get_submissions", query=query or None))


def complaint(error: InvalidRequestError) -> str:
    (problem,) = error.errors
    assert problem.pointer == ""
    return problem.detail


def number(request: Request) -> int:
    return whole_number(request, "against", default=3, least=2, most=1234)


def test_a_page_has_twenty_records_where_nothing_else_is_asked_for() -> None:
    assert page_size(asked()) == 20


@pytest.mark.parametrize("limit", [1, 20, 100])
def test_a_page_has_as_many_records_as_were_asked_for(limit: int) -> None:
    assert page_size(asked(limit=str(limit))) == limit


@pytest.mark.parametrize(("limit", "most"), [("0", 100), ("101", 100), ("51", 50), ("61", 60)])
def test_a_page_has_no_more_than_its_most_and_no_less_than_one(limit: str, most: int) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        page_size(asked(limit=limit), most=most)

    assert complaint(caught.value) == f"limit: Must be a whole number from 1 to {most}."


@pytest.mark.parametrize(("raw", "expected"), [("2", 2), ("1234", 1234), ("0002", 2), ("000000007", 7)])
def test_a_number_within_its_bounds_is_read(raw: str, expected: int) -> None:
    assert number(asked(against=raw)) == expected


def test_a_number_that_is_absent_is_the_default() -> None:
    assert number(asked(other="5")) == 3


@pytest.mark.parametrize("raw", [*NOT_NUMBERS, "1", "1235"], ids=lambda raw: repr(raw[:12]))
def test_what_is_no_number_within_the_bounds_is_refused(raw: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        number(asked(against=raw))

    assert complaint(caught.value) == "against: Must be a whole number from 2 to 1234."


@pytest.mark.parametrize(("raw", "expected"), [("true", True), ("false", False)])
def test_a_flag_is_true_or_false(raw: str, expected: bool) -> None:
    assert flag(asked(spam=raw), "spam") is expected


def test_a_flag_that_is_absent_is_neither() -> None:
    assert flag(asked(featured="true"), "spam") is None


@pytest.mark.parametrize("raw", ["", "True", "FALSE", "1", "0", "yes", "on", " true", "null"])
def test_what_is_neither_true_nor_false_is_refused(raw: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        flag(asked(spam=raw), "spam")

    assert complaint(caught.value) == "spam: Must be true or false."


def test_what_is_wrong_names_the_parameter_and_repeats_nothing_of_the_caller() -> None:
    error = invalid("tag", "Must be short.")

    assert (error.status, error.detail) == (400, "The query parameter tag is not valid.")
    assert complaint(error) == "tag: Must be short."

import pytest

from cli.dead_letters.errors import SelectionError
from cli.dead_letters.messages import parse
from cli.dead_letters.selection import Selection, parse_time
from tests.unit.cli.dead_letters.test_messages import BY_SQS, with_body

LETTER = parse(BY_SQS)


@pytest.mark.parametrize(
    ("expression", "meant"),
    [
        ("detail.name == 'ContactSubmitted'", True),
        ("body.detail.name == 'ContactSubmitted'", True),
        ("\"detail-type\" == 'Other'", False),
        ("message.receive_count > `5`", True),
        ("message.replays", True),  # 0 is true in JMESPath
        ("message.sent_at >= '2026-11-23'", True),
        ("detail.data", False),
        ("nothing.at.all", False),
        ("starts_with(detail.correlation_id, 'trace')", True),
        ("starts_with(detail.missing, 'trace')", False),
        ("message.attributes.ERROR_CODE", False),
    ],
)
def test_a_filter_means_what_is_true_to_jmespath(expression: str, meant: bool) -> None:
    assert (LETTER in Selection(expression=expression)) is meant


def test_a_filter_on_a_message_that_is_no_event_does_not_match() -> None:
    assert with_body("junk") not in Selection(expression="detail.name == 'ContactSubmitted'")


@pytest.mark.parametrize("expression", ["[", "detail.", "", "unknown(@)", "length()", "detail ||"])
def test_what_is_not_jmespath_is_refused_at_once(expression: str) -> None:
    with pytest.raises(SelectionError, match=r"^the filter is not JMESPath: [^\n]+$"):
        Selection(expression=expression)


def test_a_span_includes_its_beginning_and_not_its_end() -> None:
    assert LETTER in Selection(since=LETTER.sent_at)
    assert LETTER not in Selection(until=LETTER.sent_at)


def test_conditions_are_joined() -> None:
    assert LETTER not in Selection(ids=["01890a5d"], expression="detail.name == 'Other'")
    assert Selection().is_everything
    assert not Selection(ids=["x"]).is_everything


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90m", 1_000_000 - 5400),
        ("2h", 1_000_000 - 7200),
        ("3d", 1_000_000 - 3 * 86400),
        ("1970-01-02T00:00:00Z", 86400),
        ("1970-01-02T01:00:00+01:00", 86400),
        ("1970-01-02", 86400),
    ],
)
def test_times_are_given_as_moments_or_ages(text: str, seconds: float) -> None:
    assert parse_time(text, now=1_000_000) == seconds


@pytest.mark.parametrize("text", ["yesterday", "2x", "", "2026-13-01", "-2h", "1.5h"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(SelectionError, match="is no time"):
        parse_time(text, now=0)

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.aws.errors import AwsRefusedError
from shared.table import keys
from shared.table.revisions import key_of
from tests.unit.functions.workers.conftest import AnalyticsBench
from tests.unit.shared.analytics.parts import CHROME, ROBOT, SITE, document, part, rollups_in
from tests.unit.shared.analytics.reference import DAY, Reference
from tests.unit.shared.analytics.workers import identifier
from tests.unit.shared.consumers import failures

GOOD, POISON = 1_000, 10
LARGEST_BATCH = 10_000
_NOTHING_FAILED = failures()


def body(number: int, data: dict[str, Any] | None = None, **envelope: Any) -> str:
    return json.dumps({**document(identifier(number), data or part((0, "/"))), **envelope})


def pixel(url: str = "https://example.org/p") -> str:
    hit = {
        "id": "3c9fa3ae-9a3f-1e0d-0f0b-2f1f6e7c5d4b", "url": url, "referrer": "", "title": "", "user_agent": CHROME,
        "country": "DE", "at": 1_795_780_800_000,
    }  # fmt: skip
    return json.dumps({"pixel": hit}, separators=(",", ":"))


def visitors(number: int) -> list[dict[str, Any]]:
    return [
        part((place * 1000, f"/{place % 50}"), (place * 1000 + 500, "/end", "signup"), visitor=f"visitor-{place:08d}")
        for place in range(number)
    ]


def test_a_batch_is_counted_and_nothing_of_it_comes_again(bench: AnalyticsBench) -> None:
    parts = visitors(3)

    answer = bench.deliver([body(number, data) for number, data in enumerate(parts)])

    assert answer == _NOTHING_FAILED
    assert rollups_in(bench.table) == Reference(parts).rollups


def test_an_empty_batch_is_answered(bench: AnalyticsBench) -> None:
    assert bench.deliver([]) == _NOTHING_FAILED


def test_only_what_failed_comes_again(bench: AnalyticsBench) -> None:
    answer = bench.deliver([body(1), "no message", body(2), "{}"])

    assert answer == failures(1, 3)
    assert bench.metrics["Applied"] == 2


def test_what_dynamodb_refuses_comes_again_with_all_its_duplicates(bench: AnalyticsBench) -> None:
    def refuse(operation: str, request: Mapping[str, Any]) -> None:
        if operation == "TransactWriteItems" and "visitor-poison" in json.dumps(request):
            raise AwsRefusedError(400, "ValidationException")

    bench.table.before = refuse
    poison = body(1, part((0, "/"), visitor="visitor-poison"))

    answer = bench.deliver([poison, body(2), poison])

    assert answer == failures(0, 2)
    metrics = bench.metrics
    assert (metrics["Failed"], metrics["Applied"], metrics["Duplicate"], metrics["BatchSize"]) == (2, 1, 0, 3)


def test_a_message_that_is_twice_in_a_batch_is_counted_once(bench: AnalyticsBench) -> None:
    answer = bench.deliver([body(1), body(1), body(2), body(1)])

    assert answer == _NOTHING_FAILED
    assert rollups_in(bench.table)[DAY, "page", "/"] == [2, 1]
    assert (bench.metrics["Applied"], bench.metrics["Duplicate"], bench.metrics["BatchSize"]) == (2, 2, 4)


def test_a_message_that_comes_again_is_counted_once(bench: AnalyticsBench) -> None:
    bench.deliver([body(1)])

    answer = bench.deliver([body(1), body(2)])

    assert answer == _NOTHING_FAILED
    assert rollups_in(bench.table)[DAY, "page", "/"] == [2, 1]
    assert (bench.metrics["Applied"], bench.metrics["Duplicate"]) == (1, 1)


def test_what_is_dropped_does_not_come_again(bench: AnalyticsBench) -> None:
    dropped = [part((0, "/"), user_agent=ROBOT), part(), part(user_agent="", excluded=True)]

    answer = bench.deliver([*(body(number, data) for number, data in enumerate(dropped)), pixel("https://x.example/")])

    assert answer == _NOTHING_FAILED
    assert rollups_in(bench.table) == {}
    assert (bench.metrics["Rejected"], bench.metrics["Applied"]) == (4, 0)
    told = {line["reason"]: line["Rejected"] for line in bench.lines if line["message"] == "messages dropped"}
    assert told == {"bot": 1, "too old": 1, "excluded": 1, "foreign": 1}


def test_a_hit_of_the_pixel_is_counted(bench: AnalyticsBench) -> None:
    answer = bench.deliver([pixel()])

    assert answer == _NOTHING_FAILED
    assert rollups_in(bench.table)[DAY, "page", "/p"] == [1, 0]


def test_when_little_time_is_left_all_comes_again(bench: AnalyticsBench) -> None:
    answer = bench.deliver([body(1), body(2)], remaining_seconds=20)

    assert answer == failures(0, 1)
    assert rollups_in(bench.table) == {}


def test_conflicts_for_ever_bring_all_again(bench: AnalyticsBench) -> None:
    bench.deliver([body(0, part())])
    bench.table.fault = lambda: "conflict"

    assert bench.deliver([body(1), body(2)]) == failures(0, 1)


def test_who_was_counted_is_there_at_this_moment(bench: AnalyticsBench) -> None:
    now = datetime.fromtimestamp(time.time(), UTC).isoformat()

    bench.deliver([body(1, occurred_at=now), body(2, part((0, "/"), user_agent=ROBOT, visitor="r"), occurred_at=now)])

    known = json.loads(bench.table.items[key_of(keys.live(SITE, 0))]["doc"]["S"])
    assert list(known) == ["visitor-"]


def test_poison_among_good_messages_fails_alone(bench: AnalyticsBench, show_figure: Callable[[str], None]) -> None:
    def refuse(operation: str, request: Mapping[str, Any]) -> None:
        if operation == "TransactWriteItems" and "visitor-poison" in json.dumps(request):
            raise AwsRefusedError(400, "ValidationException")

    bench.table.before = refuse
    parts = visitors(GOOD)
    poisonous = {number * 97 + 5 for number in range(POISON)}
    for number in poisonous:
        parts[number]["visitor"] = f"visitor-poison-{number}"

    answer = bench.deliver(body(number, data) for number, data in enumerate(parts))

    failed = {int(entry["itemIdentifier"].removeprefix("message-")) for entry in answer["batchItemFailures"]}
    show_figure(
        f"analytics: {POISON} poison messages among {GOOD:,}: {bench.metrics['Applied']:.0f} counted in the same "
        f"delivery, {len(failed)} to come again"
    )
    assert failed == poisonous
    assert len(answer["batchItemFailures"]) == POISON
    assert (
        rollups_in(bench.table)
        == Reference([data for number, data in enumerate(parts) if number not in poisonous]).rollups
    )


def test_the_largest_batch_is_counted(bench: AnalyticsBench) -> None:
    parts = [
        part((number * 3_000, f"/{number % 50}"), visitor=f"visitor-{number % 4_000:08d}")
        for number in range(LARGEST_BATCH)
    ]

    answer = bench.deliver(body(number, data) for number, data in enumerate(parts))

    assert answer == _NOTHING_FAILED
    assert bench.metrics["Applied"] == LARGEST_BATCH
    assert rollups_in(bench.table)[DAY, "total", ""][0] == LARGEST_BATCH


def test_a_batch_is_told_of_in_one_line_of_metrics(bench: AnalyticsBench) -> None:
    accepted_at = datetime.fromtimestamp(time.time() - 9, UTC).isoformat()
    two = part((0, "/"), (1, "/a"))

    bench.deliver([body(1, two, occurred_at=accepted_at), body(1), body(2, part(), occurred_at=accepted_at), "junk"])

    line = bench.lines[-1]
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"], line["service"], line["level"]) == (
        "Sitewire", [["service"]], "aggregate_analytics", "INFO",
    )  # fmt: skip
    waited = bench.metrics.pop("AcceptedToApplied")
    assert {name: value for name, value in bench.metrics.items() if name != "AcceptedToApplied"} == {
        "Applied": 1, "Duplicate": 1, "Rejected": 1, "Failed": 1, "Events": 2, "PageViews": 2, "BatchSize": 4,
        "LedgerHits": 0,
    }  # fmt: skip
    assert 9 <= waited < 60
    assert {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]} == {
        **dict.fromkeys(
            ["Applied", "Duplicate", "Rejected", "Failed", "Events", "PageViews", "BatchSize", "LedgerHits"], "Count"
        ),
        "AcceptedToApplied": "Seconds",
    }


def test_where_nothing_was_counted_nothing_is_told_of_how_long_it_took(bench: AnalyticsBench) -> None:
    bench.deliver([body(1, part())])

    assert "AcceptedToApplied" not in bench.metrics


def test_a_clock_that_is_behind_takes_no_time(bench: AnalyticsBench) -> None:
    bench.deliver([body(1, occurred_at="2999-01-01T00:00:00Z")])

    assert bench.metrics["AcceptedToApplied"] == 0


def test_each_failure_is_told_of_by_its_ids(bench: AnalyticsBench) -> None:
    bench.table.fault = lambda: "error"

    bench.deliver([body(1), "junk"])

    unread, failed, _ = bench.lines
    assert (unread["level"], unread["sqs_message_id"], unread["receive_count"]) == ("ERROR", "message-1", "1")
    assert (failed["level"], failed["message_id"], failed["correlation_id"], failed["error"], failed["error_code"]) == (
        "ERROR", identifier(1), "analytics-test", "AwsRefusedError", "InternalServerError",
    )  # fmt: skip


@pytest.mark.parametrize("fault", [None, "error", "conflict", "lost"])
def test_nothing_of_a_visitor_is_in_the_log(bench: AnalyticsBench, fault: str | None) -> None:
    canaries = ["canary-visitor", "canary-page", "canary-title", "canary-agent", "canary.example", "canary-value"]
    event = (0, "/canary-page", "", ("canary.example", "", "", "", "", ""), "canary-title")
    signup = (1, "/canary-page", "signup", None, "", {"plan": "canary-value"})
    data = part(event, signup, visitor="canary-visitor", user_agent=f"{CHROME} canary-agent")
    bench.deliver([body(0, part())])
    bench.table.fault = lambda: fault

    bench.deliver(
        [body(1, data), pixel("https://example.org/canary-page"), body(2, data)[:-9], body(3, {**data, "day": 1})]
    )

    assert [canary for canary in canaries if canary in bench.written] == []

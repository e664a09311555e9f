import json
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.functions.workers.conftest import AnalyticsBench
from tests.unit.properties import json_values, reproducible, scalars, texts
from tests.unit.shared.analytics.parts import CHROME, DATE, ROBOT, SITE, document, part
from tests.unit.shared.analytics.workers import identifier

BATCH = 10
BATCHES = 1000

_SOURCES = st.none() | st.lists(texts, min_size=6, max_size=6)
_PROPERTIES = st.none() | st.dictionaries(texts, texts, max_size=3)
_EVENTS = st.tuples(
    st.integers(0, 26 * 3_600_000 - 1), texts, st.sampled_from(["", "signup", "\t"]), _SOURCES, texts, _PROPERTIES
)
_PARTS = st.builds(
    lambda events, fields: part(*events, **fields),
    st.lists(_EVENTS, max_size=2),
    st.fixed_dictionaries(
        {
            "visitor": st.sampled_from(["", "PK", "rev", "visitor-a-000000"]) | texts,
            "user_agent": st.sampled_from([CHROME, CHROME, CHROME, ROBOT, "junk"]),
            "site": st.sampled_from([SITE, SITE, SITE, "\0", "a#b"]),
            "day": st.sampled_from([DATE, DATE, DATE, "2026-11-28", "0001-01-01", "9999-12-31"]),
        },
        optional={"country": texts, "screen": texts, "language": texts, "parts": st.integers(1)},
    ),
)
_DOCUMENTS = st.builds(document, st.integers(0, 40).map(identifier), _PARTS)
_HITS = st.fixed_dictionaries(
    {
        "id": st.uuids().map(str),
        "url": st.sampled_from(["https://example.org/", "https://example.org/a?q=%ff&utm_source=%00x"]) | texts,
        "referrer": st.sampled_from(["https://news.example/", "http://["]) | texts,
        "title": texts,
        "user_agent": st.just(CHROME) | texts,
        "country": st.sampled_from(["DE", "", "\0"]),
        "at": st.integers(0, 10**14 - 1),
    }
)


@st.composite
def _altered(draw: st.DrawFn, whole: st.SearchStrategy[dict[str, Any]], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a document in which one member, at the end of a path or of the document itself, is another value."""
    drawn = draw(whole)
    place = drawn
    for step in path:
        place = place[step]
    place[draw(st.sampled_from([*place, "unknown"]))] = draw(json_values | scalars)
    return drawn


def _written(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


_PIXELS = _HITS.map(lambda hit: {"pixel": hit})
# More than half of the records are messages or near to one: pure junk would end at the first brace.
_BODIES = st.one_of(
    _DOCUMENTS.map(_written),
    _DOCUMENTS.map(_written),
    _DOCUMENTS.map(_written),
    _PIXELS.map(_written),
    _altered(_DOCUMENTS).map(_written),
    _altered(_DOCUMENTS, ("data",)).map(_written),
    _altered(_PIXELS, ("pixel",)).map(_written),
    st.builds(lambda value, end: _written(value)[:end], _DOCUMENTS, st.integers(0, 400)),
    texts | st.just("\ud800"),
    json_values.map(_written),
)


def test_no_record_brings_the_worker_down(bench: AnalyticsBench, show_figure: Callable[[str], None]) -> None:
    counts = dict.fromkeys(["records", "applied", "duplicate", "rejected", "failed", "malformed answers"], 0)

    @settings(reproducible, max_examples=BATCHES)
    @given(
        bodies=st.lists(_BODIES, min_size=BATCH, max_size=BATCH),
    )
    def deliver(bodies: list[str]) -> None:
        bench.restart()
        answer = bench.deliver(bodies)
        metrics = bench.metrics
        counts["records"] += len(bodies)
        counts["malformed answers"] += not _is_well_formed(answer)
        for name in ("applied", "duplicate", "rejected", "failed"):
            counts[name] += int(metrics[name.capitalize()])
        # Every record is either dealt with or reported: none is lost, none is both.
        assert metrics["Failed"] == len(answer["batchItemFailures"])
        assert sum(metrics[name] for name in ("Applied", "Duplicate", "Rejected", "Failed")) == len(bodies)

    deliver()

    show_figure(f"fuzzed analytics records: {', '.join(f'{n:,} {name}' for name, n in counts.items())}, 0 uncaught")
    assert counts["records"] >= BATCH * BATCHES
    assert counts["malformed answers"] == 0
    assert min(counts["applied"], counts["rejected"], counts["failed"]) > BATCHES // 2


def _is_well_formed(answer: dict[str, Any]) -> bool:
    """Tell whether an answer is what Lambda takes, and names records of the batch, each once."""
    names = {f"message-{number}" for number in range(BATCH)}
    reported = [entry["itemIdentifier"] for entry in answer["batchItemFailures"]]
    shaped = all(entry.keys() == {"itemIdentifier"} for entry in answer["batchItemFailures"])
    return answer.keys() == {"batchItemFailures"} and shaped and len(set(reported) & names) == len(reported)

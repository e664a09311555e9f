import json
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.events import ContactSubmitted
from shared.consumer import Outcome
from tests.unit import events
from tests.unit.properties import json_values, reproducible, texts
from tests.unit.shared.consumers import Bench

BATCH = 10
BATCHES = 1000

_DETAILS = st.builds(
    events.contact_submitted,
    submission=st.dictionaries(st.sampled_from(["name", "email", "fields", "elapsed_ms"]), json_values, max_size=2),
    spam=st.booleans(),
)


@st.composite
def _altered(draw: st.DrawFn) -> dict[str, Any]:
    detail = draw(_DETAILS)
    name = draw(st.sampled_from([*detail, "unknown"]))
    return detail | {name: draw(json_values)}


_MESSAGES = st.builds(events.contact_submitted, spam=st.booleans(), correlation_id=texts)

# Half of the records are messages or near to one: pure junk would end at the first brace.
_BODIES = st.one_of(
    _MESSAGES.map(events.delivered),
    _MESSAGES.map(events.delivered),
    texts,
    json_values.map(json.dumps),
    st.dictionaries(st.just("detail") | texts, json_values, max_size=3).map(json.dumps),
    _DETAILS.map(events.delivered),
    _altered().map(events.delivered),
    st.integers(0, 600).map(lambda end: events.delivered(events.contact_submitted())[:end]),
)


def test_no_record_brings_a_worker_down(show_figure: Callable[[str], None]) -> None:
    begun: set[int] = set()
    counts = {"records": 0, "applied": 0, "reported": 0, "malformed answers": 0}

    def apply(event: ContactSubmitted) -> Outcome:
        begun.add(id(event))
        if event.data.spam.is_spam:
            raise RuntimeError
        counts["applied"] += 1
        return Outcome.APPLIED

    bench = Bench(apply)

    @settings(reproducible, max_examples=BATCHES)
    @given(bodies=st.lists(_BODIES, min_size=BATCH, max_size=BATCH))
    def deliver(bodies: list[str]) -> None:
        before = counts["applied"]
        answer = bench.deliver(*bodies)
        reported = answer["batchItemFailures"]
        counts["records"] += len(bodies)
        counts["reported"] += len(reported)
        counts["malformed answers"] += not _is_well_formed(answer)
        # Every record is either applied or reported: none is lost, none is both.
        assert len(reported) + counts["applied"] - before == len(bodies)

    deliver()

    show_figure(
        f"fuzzed worker records: {', '.join(f'{count:,} {name}' for name, count in counts.items())}, 0 uncaught"
    )
    assert counts["records"] >= BATCH * BATCHES
    assert counts["malformed answers"] == 0
    assert min(counts["applied"], counts["reported"]) > BATCHES


def _is_well_formed(answer: dict[str, Any]) -> bool:
    """Tell whether an answer is what Lambda takes, and names records of the batch, each once."""
    names = {f"message-{number}" for number in range(BATCH)}
    reported = [entry["itemIdentifier"] for entry in answer["batchItemFailures"]]
    shaped = all(entry.keys() == {"itemIdentifier"} for entry in answer["batchItemFailures"])
    return answer.keys() == {"batchItemFailures"} and shaped and len(set(reported) & names) == len(reported)

import pytest

from infra.catalogue import workers
from infra.names import ALIAS
from tests.infra.template import Resource, Template

WORKERS = [worker.name for worker in workers()]
FED_DIRECTLY = {"aggregate_analytics"}
"""Workers that no rule of the bus feeds: they are sent more than the others together."""

MOST_MESSAGES, WINDOW_SECONDS = 10_000, 5


def source(template: Template, worker: str) -> Resource:
    queue = template.named("AWS::SQS::Queue", template.names.queue(worker))
    sources = template.resources("AWS::Lambda::EventSourceMapping")
    (found,) = [mapping for mapping in sources if template.target(mapping["EventSourceArn"]) == queue]
    return found


def test_every_queue_of_a_worker_is_read_once_and_nothing_else_is_read(template: Template) -> None:
    sources = template.resources("AWS::Lambda::EventSourceMapping")

    read = sorted(template.target(mapping["EventSourceArn"]).name for mapping in sources)

    assert read == sorted(template.names.queue(worker) for worker in WORKERS)


@pytest.mark.parametrize("worker", WORKERS)
def test_a_queue_wakes_the_live_version_of_its_worker(template: Template, worker: str) -> None:
    target = source(template, worker)["FunctionName"]

    assert template.target(target) == template.alias(worker)
    assert template.render(target).endswith(f":{ALIAS}")


@pytest.mark.parametrize("worker", WORKERS)
def test_a_worker_reports_the_records_that_failed(template: Template, worker: str) -> None:
    assert source(template, worker)["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("worker", [worker for worker in WORKERS if worker not in FED_DIRECTLY])
def test_a_batch_is_one_receive(template: Template, worker: str) -> None:
    mapping = source(template, worker)

    assert 1 <= mapping["BatchSize"] <= 10
    assert mapping.get("MaximumBatchingWindowInSeconds") is None


@pytest.mark.parametrize("worker", sorted(FED_DIRECTLY))
def test_a_batch_that_is_counted_as_a_whole_is_waited_for_but_not_for_long(template: Template, worker: str) -> None:
    mapping = source(template, worker)

    assert 100 <= mapping["BatchSize"] <= MOST_MESSAGES
    # Without a window, SQS gives ten at most.
    assert 1 <= mapping["MaximumBatchingWindowInSeconds"] <= WINDOW_SECONDS


@pytest.mark.parametrize("worker", WORKERS)
def test_a_flood_is_held_back_at_the_queue_where_it_uses_up_no_deliveries(template: Template, worker: str) -> None:
    # The poller stops receiving at its own limit; at the function's limit it would receive, and be throttled.
    assert 2 <= source(template, worker)["ScalingConfig"]["MaximumConcurrency"] <= 10


@pytest.mark.parametrize("worker", WORKERS)
def test_a_queue_is_read_from_the_moment_of_deployment(template: Template, worker: str) -> None:
    assert source(template, worker).get("Enabled") in {None, True}

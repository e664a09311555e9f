"""A deployed stage's figures, from CloudWatch, SQS and CloudFormation as moto has them."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from cli import status
from cli.health.cloud import MOST_METRICS, CloudFigures, metrics
from cli.health.looking import look
from cli.health.state import Status
from cli.main import main
from cli.target import Target
from infra.names import Names
from tests.functional.cli.dead_letters.queueing import STAGE, Desk, event

NAMES = Names(STAGE)
TEMPLATE = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})


@pytest.fixture(autouse=True)
def deployed() -> None:
    boto3.client("cloudformation").create_stack(StackName=NAMES.stack, TemplateBody=TEMPLATE)


def seen() -> Status:
    return look(STAGE, boto3.client, CloudFigures(boto3.client("cloudwatch")))


def put(namespace: str, metric: str, value: float, **dimensions: str) -> None:
    boto3.client("cloudwatch").put_metric_data(
        Namespace=namespace,
        MetricData=[
            {
                "MetricName": metric,
                "Value": value,
                "Timestamp": datetime.fromtimestamp(time.time() - 60, UTC),
                "Dimensions": [{"Name": name, "Value": entry} for name, entry in dimensions.items()],
            }
        ],
    )


def sound(name: str) -> None:
    cloudwatch: Any = boto3.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=name, ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=1, MetricName="m", Namespace="n",
        Period=60, Statistic="Sum", Threshold=1,
    )  # fmt: skip
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="test")


@pytest.mark.usefixtures("desk")
def test_a_stage_at_rest_has_no_problems() -> None:
    found = seen()

    assert found.problems == []
    assert [queue.name for queue in found.dlqs][-1] == "undelivered"
    assert {(queue.depth, queue.in_flight, queue.oldest_seconds) for queue in (*found.queues, *found.dlqs)} == {
        (0, 0, None)
    }
    assert found.deployment.status == "CREATE_COMPLETE"


def test_queues_tell_what_waits_what_is_worked_on_and_the_oldest(desk: Desk) -> None:
    work = desk.queues.work_queue("store_contact")
    for number in range(3):
        desk.sqs.send_message(QueueUrl=work, MessageBody=event(number))
    desk.sqs.receive_message(QueueUrl=work, MaxNumberOfMessages=1)
    put("AWS/SQS", "ApproximateAgeOfOldestMessage", 90, QueueName=NAMES.queue("store_contact"))

    queue = seen().queues[0]

    assert queue == ("store_contact", 2, 1, 90)
    received = desk.sqs.receive_message(QueueUrl=work, MessageSystemAttributeNames=["All"])["Messages"]
    assert received[0]["Attributes"]["ApproximateReceiveCount"] == "1"


@pytest.mark.usefixtures("desk")
def test_functions_tell_errors_failures_throttles_and_concurrency() -> None:
    name = NAMES.function("store_contact")
    for metric, value in (("Errors", 2), ("Throttles", 3), ("ConcurrentExecutions", 5)):
        put("AWS/Lambda", metric, value, FunctionName=name)
    put("Sitewire", "Failed", 4, service="store_contact")

    found = {function.name: function for function in seen().functions}

    assert found["store_contact"]._replace(p95_ms=None) == ("store_contact", 2, 4, 3, None, 5)
    assert found["notify_contact"] == ("notify_contact", 0, 0, 0, None, None)


def test_dead_letters_and_alarms_that_sound_are_problems(desk: Desk) -> None:
    desk.fill(2)
    sound(f"{NAMES.stack}-page")
    sound("somebody-elses")

    problems = seen().problems

    assert len(problems) == 2
    assert problems[0].startswith("sitewire-local-page sounds since 2")
    assert problems[1] == "store_contact holds 2 dead letters"


def test_every_metric_is_asked_for_in_one_call() -> None:
    assert len(metrics(NAMES)) <= MOST_METRICS


@pytest.mark.parametrize(("letters", "code"), [(0, 0), (1, 1)])
def test_the_exit_code_tells_whether_something_is_wrong(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], letters: int, code: int
) -> None:
    desk.fill(letters)
    place = Target("production", "", "", "", "", boto3.client)
    monkeypatch.setattr(status, "target", lambda _: place)
    monkeypatch.setattr(status, "look", lambda _, client, figures: look(STAGE, client, figures))

    codes = []
    for arguments in (["--json"], []):
        monkeypatch.setattr("sys.argv", ["sitewire", "status", "--stage", "production", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        codes.append(ended.value.code)

    out = capsys.readouterr().out
    document, end = json.JSONDecoder().raw_decode(out)
    assert codes == [code, code]
    assert len(document["problems"]) == letters
    assert ("Nothing is wrong." in out[end:]) is (letters == 0)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("as_json", [True, False])
def test_ctrl_c_ends_a_watch_with_what_was_seen_last(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    place = Target("production", "", "", "", "", boto3.client)
    monkeypatch.setattr(status, "target", lambda _: place)
    monkeypatch.setattr(status, "look", lambda _, client, figures: look(STAGE, client, figures))
    monkeypatch.setattr("sys.argv", ["sitewire", "status", "--stage", "production", "--watch", *(["--json"] * as_json)])
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("cli.status.time.sleep", sleep)
    with pytest.raises(SystemExit) as ended:
        main()

    done = capsys.readouterr()
    assert (ended.value.code, done.err, naps) == (0, "", [5, 5])
    if as_json:
        assert [json.loads(line)["problems"] for line in done.out.splitlines()] == [[], []]

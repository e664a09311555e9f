"""The queues of a stage, as the template makes them."""

import json
from typing import Any

import boto3
import pytest

from cli.dead_letters import sweep
from cli.dead_letters.queues import StageQueues
from infra.catalogue import workers
from infra.constructs.queue import MAX_RECEIVES
from infra.names import Names
from tests.functional.cli.dead_letters.queueing import STAGE, Desk


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return the stage's queues and the means to fill and read them."""
    monkeypatch.setattr(sweep, "_WAIT_SECONDS", 0)
    sqs: Any = boto3.client("sqs")
    names = Names(STAGE)
    sqs.create_queue(QueueName=names.undelivered_queue)
    for worker in workers():
        url = sqs.create_queue(QueueName=names.dead_letter_queue(worker.name))["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": MAX_RECEIVES})
        sqs.create_queue(QueueName=names.queue(worker.name), Attributes={"RedrivePolicy": redrive})
    return Desk(sqs, StageQueues(sqs, STAGE))

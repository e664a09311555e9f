"""What a worker of the running stage is given, what it says, and how it ends."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.logs import read_logs
from tests.e2e.conftest import Site

_DEPTHS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


def send(site: Site, worker: str, body: str) -> None:
    """Put a message into a worker's queue."""
    site.aws("sqs").send_message(QueueUrl=site.outputs["queues"][worker], MessageBody=body)


def delivered(detail: dict[str, Any]) -> str:
    """Return an event as EventBridge puts it into a queue."""
    return json.dumps({"version": "0", "detail-type": detail["name"], "detail": detail})


def receive(site: Site, queue: str) -> list[dict[str, Any]]:
    """Take the messages out of the queue at a URL."""
    sqs = site.aws("sqs")
    messages: list[dict[str, Any]] = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return messages


def depth(site: Site, queue: str) -> int:
    """Return how many messages the queue at a URL holds, hidden ones with them."""
    found = site.aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=list(_DEPTHS))["Attributes"]
    return sum(int(found[name]) for name in _DEPTHS)


@contextmanager
def visible_again_after(site: Site, worker: str, seconds: int) -> Iterator[None]:
    """Let the worker's queue give back after so many seconds what is received while the block runs, if it fails."""
    sqs, url = site.aws("sqs"), site.outputs["queues"][worker]
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes=before)


def log_lines(site: Site, function: str, *words: str) -> list[dict[str, Any]]:
    """Return a function's JSON log lines that hold every one of `words`."""
    events = read_logs(site.aws("logs"), {function: site.outputs["log_groups"][function]})
    return [json.loads(event.message) for event in events if all(word in event.message for word in words)]


def outcomes(site: Site, worker: str, message_id: str) -> list[str]:
    """Return what a worker says that it did with a message, delivery by delivery."""
    return [line["outcome"] for line in log_lines(site, worker, message_id, "message processed")]


def kill(site: Site, function: str) -> None:
    """End the processes of a function of this stage, as a crash of its machine would."""
    pattern = f"{site.folder}/.*{function.replace('_', '-')}"
    found = subprocess.run(["pgrep", "-f", pattern], check=True, capture_output=True, text=True)
    for process in found.stdout.split():
        os.kill(int(process), signal.SIGKILL)

"""Why messages died: what a worker wrote in its log about each, or what EventBridge says."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from cli.dead_letters.messages import ERROR_CODE, ERROR_MESSAGE, TARGET, DeadLetter

UNKNOWN = "no error in the worker's log (it was cut off, or the log has expired)"
UNDELIVERED = "EventBridge could not deliver it"

# Log lines are JSON with a level; as a phrase, this is understood wherever log events are filtered.
_ERRORS = '"ERROR"'


class WorkerErrors:
    """The newest error of each of some messages, from the log of the function that gave up on them.

    Parameters
    ----------
    client
        CloudWatch Logs client.
    log_group
        Where the function writes.
    messages
        The messages; nothing older than the oldest of them is read.
    """

    def __init__(self, client: Any, log_group: str, messages: Sequence["DeadLetter"]) -> None:  # noqa: ANN401
        wanted = {name for message in messages for name in (message.message_id, message.event_id) if name}
        self._errors: dict[str, str] = {}
        for line in _error_lines(client, log_group, since=min(message.sent_at for message in messages)):
            # A replayed message has a new SQS id and the same event id.
            for name in ("message_id", "sqs_message_id"):
                if isinstance(found := line.get(name), str) and found in wanted:
                    self._errors[found] = _sentence(line)

    def of(self, message: DeadLetter) -> str:
        """Return what went wrong with a message."""
        return self._errors.get(message.message_id) or self._errors.get(message.event_id or "") or UNKNOWN


def delivery_error(message: DeadLetter) -> str:
    """Return why EventBridge could not deliver a message, and to which queue."""
    code = message.attribute(ERROR_CODE) or UNDELIVERED
    text = message.attribute(ERROR_MESSAGE)
    target = (message.attribute(TARGET) or "an unknown target").rsplit(":", 1)[-1]
    return f"{code}: {text} (to {target})" if text else f"{code} (to {target})"


def _error_lines(client: Any, log_group: str, *, since: float) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401
    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName=log_group, startTime=int(since * 1000), filterPattern=_ERRORS
    )
    try:
        for page in pages:
            for event in page["events"]:
                if line := _parsed(event["message"]):
                    yield line
    except ClientError as error:
        # A function that has never run has no log.
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise


def _parsed(text: str) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError:
        return {}
    return line if isinstance(line, dict) and line.get("level") == "ERROR" else {}


def _sentence(line: Mapping[str, Any]) -> str:
    """Return a worker's log line as a cause; two messages that failed alike have the same one."""
    error = " ".join(str(line[name]) for name in ("error", "error_code") if line.get(name))
    problems = [
        f"{problem.get('type')} at {'.'.join(map(str, problem.get('field', [])))}"
        for problem in line.get("problems", [])
        if isinstance(problem, dict)
    ]
    reasons = [error] if error else problems
    return f"{line.get('message', 'error')}: {'; '.join(reasons)}" if reasons else str(line.get("message", "error"))

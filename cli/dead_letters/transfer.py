"""Dead letters as a file of JSON Lines: to look at, to mend, to keep, and to put back."""

import base64
import json
import os
from collections.abc import Callable, Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from cli.dead_letters.batches import ENTRIES_PER_CALL, Outgoing, send
from cli.dead_letters.errors import RefusedError, TransferError
from cli.dead_letters.messages import DeadLetter, moment
from cli.dead_letters.queues import DeadLetterQueue, Depth
from cli.dead_letters.sweep import Sweep, hold_seconds

_OWNER_ONLY = 0o600


def export(client: Any, queue: DeadLetterQueue, file: Path, depth: Depth, done: Callable[[int], None]) -> int:  # noqa: ANN401
    """Write every message to a file that does not exist yet, and return how many; they stay in the queue.

    What visitors wrote is in it, so only its owner can read it. It has its name once it is whole.

    Raises
    ------
    TransferError
        When it exists or can't be written.
    """
    partial = file.with_name(f".{file.name}.partial")
    count = 0
    if file.exists():
        message = f"{file} exists: name another file, or remove it"
        raise TransferError(message)
    try:
        partial.unlink(missing_ok=True)
        with (
            os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w") as lines,
            Sweep(client, queue.url, hold_seconds=hold_seconds(depth.total), keeps=True, patient=True) as sweep,
        ):
            for batch in sweep.batches():
                lines.writelines(f"{json.dumps(_record(message))}\n" for message in batch)
                count += len(batch)
                done(len(batch))
        if sweep.is_full:
            message = f"the queue holds more than the {count:,} messages that can be looked at in one go"
            raise RefusedError(message)
        partial.replace(file)
    except OSError as error:
        message = f"{file} can't be written: {error.strerror}"
        raise TransferError(message) from None
    finally:
        partial.unlink(missing_ok=True)
    return count


def checked(file: Path) -> int:
    """Return how many messages a file holds.

    Raises
    ------
    TransferError
        When it can't be read, or a line is no message.
    """
    return sum(1 for _ in _messages(file))


def import_(client: Any, queue: DeadLetterQueue, file: Path, done: Callable[[int], None]) -> None:  # noqa: ANN401
    """Put the messages of a file, which was checked, into a dead-letter queue.

    When it ends half way, running it again sends some twice, which the ledger makes harmless.

    Raises
    ------
    TransferError
        When the file has changed, and is none any more.
    RefusedError
        When SQS does not take some; the others were sent.
    """
    sent, refused, first = 0, 0, ""
    for batch in batched(_messages(file), ENTRIES_PER_CALL, strict=False):
        failed = send(client, queue.url, batch)
        if failed and not refused:
            place, code = min(failed.items())
            first = f"line {sent + place + 1}: {code}"
        refused += len(failed)
        sent += len(batch)
        done(len(batch))
    if refused:
        message = f"SQS did not take {refused:,} of {sent:,} messages; the first is {first}"
        raise RefusedError(message)


def _record(message: DeadLetter) -> dict[str, Any]:
    attributes = {
        name: {key: base64.b64encode(part).decode() if key == "BinaryValue" else part for key, part in value.items()}
        for name, value in message.attributes.items()
    }
    return {
        "message_id": message.message_id,
        "sent_at": moment(message.sent_at),
        "receive_count": message.receive_count,
        "attributes": attributes,
        "trace_header": message.trace_header,
        "body": message.body,
    }


def _messages(file: Path) -> Iterator[Outgoing]:
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield _message(json.loads(line))
                except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                    message = f"{file}, line {number}: this is not a message as 'export' writes it"
                    raise TransferError(message) from None
    except OSError as error:
        message = f"{file} can't be read: {error.strerror}"
        raise TransferError(message) from None
    except UnicodeDecodeError:
        message = f"{file} is not a text file"
        raise TransferError(message) from None


def _message(record: dict[str, Any]) -> Outgoing:
    attributes = {
        name: {
            key: base64.b64decode(part, validate=True) if key == "BinaryValue" else str(part)
            for key, part in value.items()
        }
        for name, value in record.get("attributes", {}).items()
    }
    body, trace_header = record["body"], record.get("trace_header", "")
    if not (isinstance(body, str) and body and isinstance(trace_header, str)):
        raise TypeError
    if not all(
        {"DataType"} < value.keys() <= {"DataType", "StringValue", "BinaryValue"} for value in attributes.values()
    ):
        raise TypeError
    return Outgoing(body, attributes, trace_header)

"""A queue and a parameter store in memory that answer as SQS and Systems Manager do."""

import json
from collections.abc import Callable
from typing import Any

from shared.aws.errors import AwsRefusedError

LARGEST_REQUEST, MOST_BYTES = 10, 1024 * 1024


class MemoryQueue:
    """What `shared.aws.client.JsonClient` is to SQS, with every entry it takes in `taken`.

    Parameters
    ----------
    refuses
        From the number of the call, counted from 0, and an entry to the error code that refuses it; None takes it.
    """

    def __init__(self, refuses: Callable[[int, dict[str, Any]], str | None] = lambda _number, _entry: None) -> None:
        self._refuses = refuses
        self.calls: list[list[dict[str, Any]]] = []
        self.taken: list[dict[str, Any]] = []

    def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Take the entries of a SendMessageBatch call, each by itself."""
        entries = request["Entries"]
        assert (operation, request["QueueUrl"]) == ("SendMessageBatch", "https://sqs.example/queue")
        assert 1 <= len(entries) <= LARGEST_REQUEST
        assert len({entry["Id"] for entry in entries}) == len(entries)
        assert sum(len(entry["MessageBody"].encode()) for entry in entries) <= MOST_BYTES
        answer: dict[str, Any] = {}
        for entry in entries:
            assert not {"\ufffe", "\uffff"} & {*entry["MessageBody"]}, "SQS answers InvalidMessageContents"
            if code := self._refuses(len(self.calls), entry):
                answer.setdefault("Failed", []).append({"Id": entry["Id"], "Code": code, "SenderFault": False})
            else:
                answer.setdefault("Successful", []).append({"Id": entry["Id"], "MessageId": "1"})
                self.taken.append(entry)
        self.calls.append(list(entries))
        return answer

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Return the messages that were taken."""
        return [json.loads(entry["MessageBody"]) for entry in self.taken]


class MemoryParameters:
    """What `JsonClient` is to Systems Manager: one may write a parameter that does not exist."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.types: set[str] = set()
        self.calls: list[str] = []
        self.before: Callable[[str], None] = lambda _operation: None

    def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Answer GetParameter and PutParameter."""
        self.calls.append(operation)
        self.before(operation)
        name = request["Name"]
        if operation == "GetParameter":
            assert request["WithDecryption"] is True
            if name not in self.values:
                raise AwsRefusedError(400, "ParameterNotFound")
            return {"Parameter": {"Name": name, "Value": self.values[name]}}
        assert (operation, request["Overwrite"]) == ("PutParameter", False)
        if name in self.values:
            raise AwsRefusedError(400, "ParameterAlreadyExists")
        self.values[name] = request["Value"]
        self.types.add(request["Type"])
        return {"Version": 1}

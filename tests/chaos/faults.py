"""What goes wrong with calls to AWS, how often, and when."""

import random
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from tests.chaos.wire import Answer, Call

REFUSED_OF_TEN = 3


class Fault(StrEnum):
    """What becomes of a call, beside what was asked for."""

    KILL_BEFORE = "worker killed before the call"
    KILL_AFTER = "worker killed after the call"
    THROTTLE = "throttled"
    LOST = "reply lost after commit"
    CONFLICT = "transaction conflict"
    ERROR = "5xx"
    CUT = "connection cut before"
    DELAY = "delayed"
    REFUSAL = "entries refused"


KILLS = (Fault.KILL_BEFORE, Fault.KILL_AFTER)

_WRITES = frozenset({"TransactWriteItems", "UpdateItem", "PutItem", "PutEvents", "SendMessageBatch", "SendEmail"})
_ONLY_FOR: Mapping[Fault, frozenset[str]] = {
    Fault.LOST: _WRITES,
    Fault.KILL_AFTER: _WRITES,
    Fault.CONFLICT: frozenset({"TransactWriteItems", "UpdateItem"}),
    Fault.REFUSAL: frozenset({"PutEvents", "SendMessageBatch"}),
}


class Deck:
    """Faults that are dealt to calls, each once.

    Parameters
    ----------
    budget
        How many of each there are.
    gap
        Calls between two faults, on average.
    chance
        Decides which call gets which.
    """

    def __init__(self, budget: Mapping[Fault, int], *, gap: int, chance: random.Random) -> None:
        self._left = Counter(budget)
        self._gap = gap
        self._chance = chance
        self._wait = chance.randint(0, 2 * gap)
        self.dealt: Counter[Fault] = Counter()

    @property
    def left(self) -> Counter[Fault]:
        """Return the faults that no call has got yet."""
        return +self._left

    def deal(self, operation: str) -> Fault | None:
        """Return what goes wrong with the next call, which asks for `operation`."""
        if self._wait:
            self._wait -= 1
            return None
        fitting = [fault for fault in self.left if operation in _ONLY_FOR.get(fault, {operation})]
        if not fitting:
            return None
        (fault,) = self._chance.choices(fitting, [self._left[fault] for fault in fitting])
        self._left[fault] -= 1
        self.dealt[fault] += 1
        self._wait = self._chance.randint(0, 2 * self._gap)
        return fault


def throttled(call: Call) -> Answer:
    """Return what AWS answers whom it throttles."""
    if call.operation == "TransactWriteItems":
        return _cancelled(call, "ThrottlingError")
    if call.operation in {"BatchGetItem", "GetItem", "Query", "UpdateItem", "PutItem"}:
        return Answer.of(400, {"__type": "ProvisionedThroughputExceededException", "message": "throttled"})
    return Answer.of(429, {"__type": "TooManyRequestsException"} if call.operation == "SendEmail" else _THROTTLING)


def conflicted(call: Call) -> Answer:
    """Return what DynamoDB answers whom another transaction is in the way."""
    if call.operation == "TransactWriteItems":
        return _cancelled(call, "TransactionConflict")
    return Answer.of(400, {"__type": "TransactionConflictException", "message": "conflict"})


def failed(_: Call) -> Answer:
    """Return what AWS answers when it has a fault itself."""
    return Answer.of(500, {"__type": "InternalServerError", "message": "internal"})


def partly_refused(call: Call) -> Answer:
    """Let AWS take all entries of a call but three of ten, or one where there are fewer, and return its answer."""
    question = call.question
    entries: list[Any] = question["Entries"]
    count = max(1, len(entries) * REFUSED_OF_TEN // 10)
    refused = {place * (len(entries) // count) for place in range(count)}
    taken = [entry for place, entry in enumerate(entries) if place not in refused]
    answer = call.forward_instead({**question, "Entries": taken}) if taken else {}
    if call.operation == "SendMessageBatch":
        failed_ = [{"Id": entries[place]["Id"], "Code": "InternalError", "SenderFault": False} for place in refused]
        return Answer.of(200, {"Successful": answer.get("Successful", []), "Failed": failed_})
    told = iter(answer.get("Entries", []))
    refusal = {"ErrorCode": "InternalFailure", "ErrorMessage": "refused"}
    results = [refusal if place in refused else next(told) for place in range(len(entries))]
    return Answer.of(200, {"FailedEntryCount": count, "Entries": results})


def _cancelled(call: Call, code: str) -> Answer:
    reasons = [{"Code": code if not place else "None"} for place in range(len(call.question["TransactItems"]))]
    problem = {"__type": "TransactionCanceledException", "message": "cancelled", "CancellationReasons": reasons}
    return Answer.of(400, problem)


_THROTTLING = {"__type": "ThrottlingException", "message": "throttled"}

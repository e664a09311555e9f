"""What is told of a stage at a moment, and what of it is wrong."""

from typing import Any, NamedTuple

_BAD_STACK = ("FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_IN_PROGRESS")


class Queue(NamedTuple):
    """A queue: messages that wait, messages that somebody works on, age of the oldest where it is known."""

    name: str
    depth: int
    in_flight: int
    oldest_seconds: int | None


class Function(NamedTuple):
    """What a function did within the window; None is unknown.

    `errors` are crashes and timeouts, `failed` the messages or requests that it gave back itself.
    """

    name: str
    errors: int | None
    failed: int | None
    throttles: int | None
    p95_ms: int | None
    concurrency: int | None


class Alarm(NamedTuple):
    """An alarm that sounds, and since when."""

    name: str
    since: str


class Deployment(NamedTuple):
    """The stack's last deployment."""

    status: str
    at: str

    @property
    def is_bad(self) -> bool:
        """Tell whether it failed or was taken back."""
        return self.status.endswith(_BAD_STACK)


class Status(NamedTuple):
    """A stage at a moment; `unknown` says why some of it can't be told, by what it is."""

    stage: str
    at: str
    window_seconds: int
    queues: list[Queue]
    dlqs: list[Queue]
    functions: list[Function]
    alarms: list[Alarm]
    deployment: Deployment
    unknown: dict[str, str]

    @property
    def problems(self) -> list[str]:
        """Return what is wrong: an alarm that sounds, dead letters, a failed deployment."""
        return [
            *(f"{alarm.name} sounds since {alarm.since}" for alarm in self.alarms),
            *(
                f"{queue.name} holds {queue.depth + queue.in_flight:,} dead letters"
                for queue in self.dlqs
                if queue.depth + queue.in_flight
            ),
            *([f"the last deployment is {self.deployment.status}"] if self.deployment.is_bad else []),
        ]

    def document(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        return {
            "stage": self.stage,
            "at": self.at,
            "window_seconds": self.window_seconds,
            "queues": [queue._asdict() for queue in self.queues],
            "dlqs": [queue._asdict() for queue in self.dlqs],
            "functions": [function._asdict() for function in self.functions],
            "alarms": [alarm._asdict() for alarm in self.alarms],
            "deployment": self.deployment._asdict(),
            "unknown": self.unknown,
            "problems": self.problems,
        }

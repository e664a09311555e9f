"""What can be wrong with a request about dead letters."""

from collections.abc import Iterable


class DeadLetterError(Exception):
    """Base of these errors; the text is for the person who asked."""


class UnknownQueueError(DeadLetterError):
    """Raised when a stage has no such queue; the text lists those that it has."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no queue {name}; there are {', '.join(known)}")


class SelectionError(DeadLetterError):
    """Raised when a filter or a time can't be understood."""


class TransferError(DeadLetterError):
    """Raised when a file can't be read, written or understood."""


class RefusedError(DeadLetterError):
    """Raised when SQS does not do what was asked."""

"""What can go wrong when projects are exported or imported."""

from collections.abc import Sequence


class ProjectTransferError(Exception):
    """Base of these errors; the text is for the person who asked."""


class FileError(ProjectTransferError):
    """Raised when a file can't be opened, or does not hold projects; `details` are its first mistakes, one a line."""

    def __init__(self, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.details = details


class StageApiError(ProjectTransferError):
    """Raised when the API of a stage does not do what was asked."""


class RefusedError(StageApiError):
    """Raised when the API refuses a request; `status` is that of HTTP, `detail` what the API said."""

    def __init__(self, message: str, *, status: int, detail: str) -> None:
        super().__init__(message)
        self.status = status
        self.detail = detail


class StoppedError(StageApiError):
    """Raised in place of waiting any longer when the command is about to end."""

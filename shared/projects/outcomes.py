"""How a command to a project can end, beside being applied."""


class RejectedError(Exception):
    """Raised when a command will never be applied; `reason` is what its sender is told."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SupersededError(Exception):
    """Raised when a command has nothing left to do: what it asks for has been overtaken."""

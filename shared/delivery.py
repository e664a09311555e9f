"""What a worker can say of a delivery, beside that it failed."""


class EarlyError(Exception):
    """Raised when a message must wait for another one that is still on its way.

    Parameters
    ----------
    reason
        Why the message is rejected in the end, if the other one never comes.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

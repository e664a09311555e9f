"""What can go wrong when the backend is run here."""


class LocalError(Exception):
    """Base of errors that a person can mend; the message is one line that says how."""

"""What can go wrong when visits are forgotten."""


class ErasureError(Exception):
    """Raised when not all could be erased; the text is for the person who asked."""

"""Ages, as people read them and options take them."""


def age(seconds: int) -> str:
    """Return an age in its largest unit, as --since takes it."""
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= length:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"

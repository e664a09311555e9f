"""Environment of the ingest functions."""

from shared.settings import Settings


class ContactSettings(Settings):
    """Environment of `ingest_contact`."""

    allowed_origins: tuple[str, ...]
    event_bus_name: str

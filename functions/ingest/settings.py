"""Environment of the ingest functions."""

from shared.settings import Settings


class ContactSettings(Settings):
    """Environment of `ingest_contact`."""

    allowed_origins: tuple[str, ...]
    """Origins whose pages may read the answers and be a form's redirect, as in `sitewire.toml`."""
    event_bus_name: str
    """The bus that events are published to."""

"""Environment of the ingest functions."""

from shared.settings import Settings


class ContactSettings(Settings):
    """Environment of `ingest_contact`."""

    allowed_origins: tuple[str, ...]
    """Origins whose pages may read the answers and be a form's redirect, as in `sitewire.toml`."""
    event_bus_name: str
    """The bus that events are published to."""


class ProjectsSettings(Settings):
    """Environment of `ingest_projects`."""

    allowed_origins: tuple[str, ...]
    """Origins whose pages may read the answers, as in `sitewire.toml`."""
    event_bus_name: str
    """The bus that commands are published to."""
    table_name: str
    """The table, which is read for callers that wait for the outcome."""
    default_locale: str
    """The locale of a project that names none, as in `sitewire.toml`."""

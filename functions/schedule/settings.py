"""Environment of the scheduled functions."""

from shared.settings import Settings


class ReleaseProjectsSettings(Settings):
    """Environment of `release_projects`."""

    table_name: str
    """The table."""
    event_bus_name: str
    """The bus that commands are published to."""

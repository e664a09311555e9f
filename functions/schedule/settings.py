"""Environment of the scheduled functions."""

from shared.settings import Settings


class RemoveSaltsSettings(Settings):
    """Environment of `remove_salts`."""

    salts: str
    """What the names of the parameters begin with that hold each day's salt."""
    sites: str
    """The sites whose visits are counted, as `shared.analytics.sites` writes them."""


class ReleaseProjectsSettings(Settings):
    """Environment of `release_projects`."""

    table_name: str
    """The table."""
    event_bus_name: str
    """The bus that commands are published to."""

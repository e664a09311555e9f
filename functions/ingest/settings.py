"""Environment of the ingest functions."""

from shared.settings import Settings


class ContactSettings(Settings):
    """Environment of `ingest_contact`."""

    allowed_origins: tuple[str, ...]
    """Origins whose pages may read the answers and be a form's redirect, as in `sitewire.toml`."""
    event_bus_name: str
    """The bus that events are published to."""


class AnalyticsSettings(Settings):
    """Environment of `ingest_analytics`."""

    allowed_origins: tuple[str, ...]
    """Origins whose pages may read the answers, as in `sitewire.toml`."""
    sites: str
    """The sites whose visits are counted, as `shared.analytics.sites` writes them."""
    queue_url: str
    """The queue of the worker that counts."""
    salts: str
    """What the names of the parameters begin with that hold each day's salt."""
    query_parameters: tuple[str, ...]
    """Parameters that tell pages apart, as in `sitewire.toml`."""
    country_header: str
    """The request header with the visitor's country; none where empty."""
    address_header: str
    """The request header with the visitor's address; where empty, API Gateway tells it."""
    excluded_addresses: tuple[str, ...]
    """Networks of addresses whose visits are not counted, as in `sitewire.toml`."""


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

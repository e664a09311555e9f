"""Environment of the workers."""

from shared.settings import Settings


class StoreContactSettings(Settings):
    """Environment of `store_contact`."""

    table_name: str
    """The table."""


class ApplyProjectSettings(Settings):
    """Environment of `apply_project`."""

    table_name: str
    """The table."""
    event_bus_name: str
    """The bus that facts are published to."""


class AggregateAnalyticsSettings(Settings):
    """Environment of `aggregate_analytics`."""

    table_name: str
    """The table."""
    query_parameters: tuple[str, ...]
    """Parameters that tell pages apart, as in `sitewire.toml`."""
    sites: str
    """The sites whose visits are counted, as `shared.analytics.sites` writes them."""


class NotifyContactSettings(Settings):
    """Environment of `notify_contact`."""

    table_name: str
    """The table."""
    parameter_name: str
    """The parameter that holds `schemas.preferences.MailPreferences`; read again after a minute."""
    lease_seconds: int
    """How long a claim on a mail lasts: at least as long as the function may run."""

"""Environment of the workers."""

from shared.settings import Settings


class StoreContactSettings(Settings):
    """Environment of `store_contact`."""

    table_name: str
    """The table."""


class NotifyContactSettings(Settings):
    """Environment of `notify_contact`."""

    table_name: str
    """The table."""
    parameter_name: str
    """The parameter that holds `schemas.preferences.MailPreferences`; read again after a minute."""
    lease_seconds: int
    """How long a claim on a mail lasts: at least as long as the function may run."""

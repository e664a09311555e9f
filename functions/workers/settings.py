"""Environment of the workers."""

from shared.settings import Settings


class StoreContactSettings(Settings):
    """Environment of `store_contact`."""

    table_name: str


class NotifyContactSettings(Settings):
    """Environment of `notify_contact`.

    `parameter_name` is the parameter that holds `schemas.preferences.MailPreferences`; `lease_seconds` is how long a
    claim on a mail lasts: at least as long as the function may run.
    """

    table_name: str
    parameter_name: str
    lease_seconds: int

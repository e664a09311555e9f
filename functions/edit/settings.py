"""Environment of the edit functions."""

from shared.settings import Settings


class EditSettings(Settings):
    """Environment of every edit function."""

    allowed_origins: tuple[str, ...]
    """Origins whose pages may read the answers, as in `sitewire.toml`."""
    table_name: str
    """The table."""

"""Environment of the query functions."""

from shared.settings import Settings


class QuerySettings(Settings):
    """Environment of every query function."""

    allowed_origins: tuple[str, ...]
    """Origins whose pages may read the answers, as in `sitewire.toml`."""
    table_name: str
    """The table."""

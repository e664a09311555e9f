"""Environment of the query functions."""

from shared.settings import Settings


class QuerySettings(Settings):
    """Environment of every query function."""

    allowed_origins: tuple[str, ...]
    table_name: str

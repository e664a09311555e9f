"""Environment of the edit functions."""

from shared.settings import Settings


class EditSettings(Settings):
    """Environment of every edit function."""

    allowed_origins: tuple[str, ...]
    table_name: str

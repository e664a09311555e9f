"""Environment of the functions around users."""

from shared.settings import Settings


class DirectorySettings(Settings):
    """Environment of `users_directory`."""

    allowed_origins: tuple[str, ...]
    """Origins whose pages may read the answers, as in `sitewire.toml`."""
    table_name: str
    """The table, which keeps the lease on administrators."""
    user_pool_id: str
    """The user pool."""


class ProfileSettings(Settings):
    """Environment of `users_me`."""

    allowed_origins: tuple[str, ...]
    """Origins whose pages may read the answers, as in `sitewire.toml`."""
    user_pool_id: str
    """The user pool."""


class SignInSettings(Settings):
    """Environment of `users_auth`."""

    allowed_origins: tuple[str, ...]
    """Origins whose pages may read the answers, as in `sitewire.toml`."""
    table_name: str
    """The table, which counts attempts."""
    user_pool_client_id: str
    """The user pool's public client."""

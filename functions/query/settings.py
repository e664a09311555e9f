"""Environment of the query functions."""

from shared.settings import Settings


class QuerySettings(Settings):
    """Environment of every query function."""

    allowed_origins: tuple[str, ...]
    """Origins whose pages may read the answers, as in `sitewire.toml`."""
    table_name: str
    """The table."""


class ProjectsSettings(QuerySettings):
    """Environment of `query_projects`."""

    issuers: str
    """Whose tokens show more than what is published; as of the authorizer."""
    preview_key_arn: str
    """The secret that signs preview links."""
    default_locale: str
    """The locale in which a slug is looked for where a request names none, as in `sitewire.toml`."""


class PreviewSettings(QuerySettings):
    """Environment of `query_project_previews`."""

    preview_key_arn: str
    """The secret that signs preview links."""


class AnalyticsSettings(QuerySettings):
    """Environment of `query_analytics`."""

    sites: str
    """The sites whose visits are counted, as `shared.analytics.sites` writes them."""

"""One typed object per stage, read from sitewire.toml."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from infra.alarm_settings import Alarms
from infra.analytics_settings import Analytics
from infra.sections import Origin, Section
from schemas.routes import ROUTES
from schemas.text import CanonicalLocale, EmailAddress
from shared.analytics.sites import Site, host_of

CONFIGURATION = "sitewire.toml"
EXAMPLE = "sitewire.example.toml"

HttpsUrl = Annotated[
    str,
    StringConstraints(pattern=r"^https://[a-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$", max_length=512),
]
Region = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$"),
    Field(description="a region such as eu-central-1"),
]


class StageError(Exception):
    """Raised when sitewire.toml can't be used; the message names the field and what was expected."""


class Contact(Section):
    """The contact form."""

    sender: EmailAddress = Field(
        description="e-mail address that mails come from, such as website@example.org, to be verified with SES"
    )
    recipients: tuple[EmailAddress, ...] = Field(
        min_length=1, max_length=50, description="e-mail addresses that are told of a submission"
    )
    autoresponse: bool = Field(default=False, description="true to confirm a submission to its sender")


class Limit(NamedTuple):
    """What all clients together may ask of one method."""

    requests_per_minute: int
    burst: int


class Throttle(Section):
    """What one client, or all together, may ask of a method."""

    requests_per_minute: int = Field(default=1000, ge=1, description="requests a minute, of each method")
    burst: int = Field(default=200, ge=1, description="requests at once")
    auth_requests_per_minute: int = Field(default=300, ge=1, description="the same for each method below /api/auth")
    auth_burst: int = Field(default=60, ge=1, description="the same for each method below /api/auth")

    def limit(self, name: str | None = None) -> Limit:
        """Return the limit of a class of routes, as `schemas.routes` names it, or of all that are in none."""
        prefix = f"{name}_" if name else ""
        return Limit(getattr(self, f"{prefix}requests_per_minute"), getattr(self, f"{prefix}burst"))


class Costs(Section):
    """What the account may cost. AWS tells of it through the topic of tickets, and `alarms.emails`."""

    monthly_budget_usd: float = Field(
        default=25.0, ge=0, description="USD that the account may cost in a month; 0 for no budget"
    )
    anomaly_usd: float = Field(
        default=10.0, ge=0, description="USD that a service may cost beyond what was expected of it; 0 to ignore that"
    )
    anomaly_monitor_arn: str = Field(
        default="",
        pattern=r"^(arn:aws[a-z-]*:ce::[0-9]{12}:anomalymonitor/[0-9a-f-]+)?$",
        description="ARN of the account's own monitor of services, of which there can be one; empty to make it",
    )


class Issuer(Section):
    """An OpenID Connect provider whose tokens open the API."""

    issuer: HttpsUrl = Field(description="URL with https that its tokens name as `iss`, to the letter")
    jwks_url: HttpsUrl = Field(description="URL with https of its public keys, a JSON Web Key Set")
    audience: str = Field(min_length=1, max_length=256, description="what its tokens name as `aud`")
    role_claim: str = Field(
        min_length=1, max_length=256, description="claim that holds viewer, editor or admin, or a list with one of them"
    )


_PerMinute = Annotated[int, Field(ge=1, description="requests a minute, by each key")]
_AtOnce = Annotated[int, Field(ge=1, description="requests at once, by each key")]
_PerDay = Annotated[int, Field(ge=1, description="requests a day, by each key")]


class Tier(Section):
    """What the bearer of an API key may ask of the routes that need one."""

    requests_per_minute: _PerMinute = 1000
    burst: _AtOnce = 200
    requests_per_day: _PerDay = 100_000


class PublicTier(Tier):
    """For keys that are published in a page's source."""

    requests_per_minute: _PerMinute = 60
    burst: _AtOnce = 20
    requests_per_day: _PerDay = 10_000


class PremiumTier(Tier):
    """For clients that ask a lot."""

    requests_per_minute: _PerMinute = 6000
    burst: _AtOnce = 1000
    requests_per_day: _PerDay = 1_000_000


class Tiers(Section):
    """The usage plans. They are best effort and meter clients that play by the rules; they are no protection."""

    public: PublicTier = PublicTier()
    standard: Tier = Tier()
    premium: PremiumTier = PremiumTier()


def _known_route(name: str) -> str:
    if name not in {f"{route.method} {route.path}" for route in ROUTES}:
        message = f"there is no route {name}"
        raise ValueError(message)
    return name


KeyedRoute = Annotated[
    str,
    AfterValidator(_known_route),
    Field(description="a route such as GET /api/health; docs/access.md lists them"),
]


class Stage(Section):
    """What a person decides of one deployment."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,19}$", description="lower-case letters, digits and dashes")
    region: Region
    site_name: str = Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$", description="name in mails")
    allowed_origins: tuple[Origin, ...] = Field(
        min_length=1,
        description="origins such as https://example.org whose pages may call the API; the first is the site itself",
    )
    default_locale: CanonicalLocale = Field(
        default="en", description="language tag such as de or pt-BR of projects that name none"
    )
    contact: Contact = Field(description="a section with sender and recipients")
    throttle: Throttle = Throttle()
    tiers: Tiers = Tiers()
    alarms: Alarms = Alarms()
    costs: Costs = Costs()
    certificate_arn: str = Field(
        default="",
        pattern=r"^(arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9A-Za-z-]+)?$",
        description="ARN of the ACM certificate of your domain before the API, to be told before it expires",
    )
    analytics: Analytics = Field(default=Analytics(), description="a section")
    keyed_routes: tuple[KeyedRoute, ...] = Field(
        default=(),
        description="routes that need an API key, such as GET /api/health; the others take none into account",
    )
    issuers: tuple[Issuer, ...] = Field(
        default=(), max_length=5, description="tables [[...]], one per OpenID Connect provider to trust"
    )
    cognito: bool = Field(
        default=True, description="false to trust no token of the stage's own user pool, only those of issuers"
    )
    trace_api: bool = Field(
        default=True,
        description="false to keep callers' addresses out of X-Ray: API Gateway writes them into its part of a trace, "
        "which is kept for 30 days; functions and queues are traced all the same",
    )
    log_retention_days: Literal[1, 7, 14, 30, 90, 365] = Field(
        default=30, description="1, 7, 14, 30, 90 or 365: days that log lines are kept"
    )
    keep_data: bool = Field(default=True, description="true to protect the table from deletion")

    @field_validator("cognito")
    @classmethod
    def _somebody_is_trusted(cls, cognito: bool, info: ValidationInfo) -> bool:
        # A field that did not fit is missing here, and reported by itself.
        if not cognito and info.data.get("issuers") == ():
            message = "nobody could sign in: there are no issuers"
            raise ValueError(message)
        return cognito

    @field_validator("analytics")
    @classmethod
    def _every_page_is_of_one_site(cls, analytics: Analytics, info: ValidationInfo) -> Analytics:
        names = [site.name for site in analytics.sites]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            message = f"two sites are called {twice[0]}"
            raise ValueError(message)
        origins = [origin for site in analytics.sites for origin in site.origins]
        if twice := sorted({origin for origin in origins if origins.count(origin) > 1}):
            message = f"{twice[0]} is an origin of two sites"
            raise ValueError(message)
        allowed = info.data.get("allowed_origins", origins)
        if strangers := [origin for origin in origins if origin not in allowed]:
            message = f"{strangers[0]} is not among allowed_origins"
            raise ValueError(message)
        return analytics

    @property
    def sites(self) -> tuple[Site, ...]:
        """Return the sites whose visits are counted."""
        zone = self.analytics.time_zone
        if not self.analytics.sites:
            return (Site(host_of(self.site_origin), self.allowed_origins, zone),)
        return tuple(Site(site.name, site.origins, site.time_zone or zone) for site in self.analytics.sites)

    @property
    def site_origin(self) -> str:
        """Return the first allowed origin that names one host and port."""
        return next((origin for origin in self.allowed_origins if not origin.endswith(":*")), self.allowed_origins[0])


def read_stage(name: str, path: Path) -> Stage:
    """Return the stage `name` of the configuration in `path`.

    Raises
    ------
    StageError
        When the file is missing or no TOML, has no such stage, or a field is not as expected.
    """
    try:
        document = tomllib.loads(path.read_text())
    except FileNotFoundError:
        message = f"{path.name} is missing: copy {EXAMPLE} to {CONFIGURATION} and edit it"
        raise StageError(message) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path.name} is not valid TOML: {error}"
        raise StageError(message) from None
    section = _section(document, name, path)
    try:
        return Stage.model_validate({**section, "name": name})
    except ValidationError as error:
        raise StageError(_explain(error, f"{path.name}: stages.{name}")) from None


def _section(document: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    """Return the table of the stage `name`."""
    stages = document.get("stages", {})
    if isinstance(stages, dict) and name not in stages:
        known = ", ".join(sorted(stages)) or "none"
        message = f"{path.name} has no stage [stages.{name}] (it has: {known})"
        raise StageError(message)
    section = stages[name] if isinstance(stages, dict) else None
    if not isinstance(section, dict):
        message = f"{path.name}: stages.{name}: expected a table [stages.{name}]"
        raise StageError(message)
    if "name" in section:
        raise StageError(_no_field(f"{path.name}: stages.{name}.name"))
    return section


def configuration_file(root: Path) -> Path:
    """Return sitewire.toml in `root`, or the committed example where there is none."""
    path = root / CONFIGURATION
    return path if path.exists() else root / EXAMPLE


def _explain(error: ValidationError, where: str) -> str:
    entries = error.errors(include_url=False)
    # A name that is not a field often is the one that is missing, mistyped.
    entry = next((found for found in entries if found["type"] == "extra_forbidden"), entries[0])
    field = re.sub(r"\.(\d+)", r"[\1]", ".".join(str(step) for step in entry["loc"]))
    if entry["type"] == "extra_forbidden":
        return _no_field(f"{where}.{field}")
    told = entry["msg"].removeprefix("Value error, ")
    expected = _description(Stage, entry["loc"]) or told
    if entry["type"] == "missing":
        return f"{where}.{field} is missing; expected {expected}"
    # A pattern says to nobody what the description says in words.
    because = "" if entry["type"] == "string_pattern_mismatch" else f" ({told})"
    return f"{where}.{field}: expected {expected}{because}, got {entry['input']!r}"


def _no_field(where: str) -> str:
    return f"{where} is not a field; remove it or correct its name"


def _description(model: type[BaseModel], location: tuple[Any, ...]) -> str | None:
    """Return the description of the field at `location`."""
    field = model.model_fields.get(str(location[0]))
    if field is None:
        return None
    nested, rest = field.annotation, location[1:]
    if get_args(nested) and rest:
        nested, rest = get_args(nested)[0], rest[1:]
    if rest and isinstance(nested, type) and issubclass(nested, BaseModel):
        return _description(nested, rest)
    return field.description or next(
        (item.description for item in field.metadata if getattr(item, "description", None)), None
    )

"""The issuers whose tokens are accepted, read from the setting that lists them."""

import json
from typing import NamedTuple
from urllib.parse import urlsplit

from shared.settings import SettingsError

COGNITO = "cognito"
"""Access tokens of a Cognito user pool: no `aud`, the client in `client_id`, groups in a list."""
OIDC = "oidc"
"""Access tokens in the manner of RFC 9068: one `aud`, roles in a string or a list."""

_LOCAL_HOSTS = ("localhost", "127.0.0.1")


class Issuer(NamedTuple):
    """An issuer and how its tokens are read.

    Parameters
    ----------
    issuer
        The `iss` of its tokens, compared exactly.
    jwks_url
        Where its keys are, and the only place that they are fetched from.
    audience
        What its tokens must be made for: `client_id` of a Cognito token, `aud` of any other.
    kind
        `COGNITO` or `OIDC`.
    role_claim
        Name of the claim that holds the roles.
    """

    issuer: str
    jwks_url: str
    audience: str
    kind: str
    role_claim: str


def read_issuers(setting: str) -> tuple[Issuer, ...]:
    """Return the issuers that the JSON array `setting` lists.

    Raises
    ------
    SettingsError
        When it lists none, one twice, or one that is not whole.
    """
    try:
        entries = json.loads(setting)
    except ValueError:
        entries = None
    if not isinstance(entries, list) or not entries:
        message = "ISSUERS must be a JSON array of at least one issuer"
        raise SettingsError(message)
    issuers = tuple(_issuer(entry) for entry in entries)
    if len({issuer.issuer for issuer in issuers}) != len(issuers):
        message = "ISSUERS lists an issuer twice"
        raise SettingsError(message)
    return issuers


def _issuer(entry: object) -> Issuer:
    if not isinstance(entry, dict) or entry.keys() != set(Issuer._fields):
        message = f"each of ISSUERS must be an object of {', '.join(Issuer._fields)}"
        raise SettingsError(message)
    if not all(isinstance(value, str) and value for value in entry.values()):
        message = "every field of ISSUERS must be a string that is not empty"
        raise SettingsError(message)
    issuer = Issuer(**entry)
    if issuer.kind not in (COGNITO, OIDC):
        message = f"ISSUERS: kind must be {COGNITO} or {OIDC}"
        raise SettingsError(message)
    if not _is_safe(issuer.jwks_url):
        message = "ISSUERS: jwks_url must be https, or http on localhost"
        raise SettingsError(message)
    return issuer


def _is_safe(url: str) -> bool:
    """Tell whether nobody on the way could put keys of their own into the answer."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or not url.isascii() or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOCAL_HOSTS)

"""API keys of the client tiers, as API Gateway keeps them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from infra.names import Names
from infra.stage import Tiers

TIERS = tuple(Tiers.model_fields)


class KeyNotFoundError(Exception):
    """Raised when a stage has no such key."""


class ApiKey(NamedTuple):
    """A key; its `value` is the secret that a client sends as X-Api-Key, given only where it was just made."""

    id: str
    name: str
    tier: str
    created_at: str
    value: str = ""


class ApiKeys:
    """The keys of one stage.

    Parameters
    ----------
    client
        API Gateway client.
    stage
        The stage's name.
    """

    def __init__(self, client: Any, stage: str) -> None:  # noqa: ANN401  boto3's clients are made at run time
        self._client = client
        names = Names(stage)
        wanted = {names.usage_plan(tier): tier for tier in TIERS}
        plans = self._all("get_usage_plans")
        self._plans = {wanted[plan["name"]]: plan["id"] for plan in plans if plan["name"] in wanted}

    def create(self, name: str, tier: str) -> ApiKey:
        """Make a key of a tier; where it can't be given the tier, it is removed again."""
        made = self._client.create_api_key(name=name, enabled=True)
        try:
            self._client.create_usage_plan_key(usagePlanId=self._plans[tier], keyId=made["id"], keyType="API_KEY")
        except BaseException:
            self._client.delete_api_key(apiKey=made["id"])
            raise
        return ApiKey(made["id"], name, tier, _time(made), made["value"])

    def all(self) -> list[ApiKey]:
        """Return every key, without its value."""
        keys = {key["id"]: key for key in self._all("get_api_keys")}
        return [
            ApiKey(entry["id"], keys[entry["id"]]["name"], tier, _time(keys[entry["id"]]))
            for tier, plan in self._plans.items()
            for entry in self._all("get_usage_plan_keys", usagePlanId=plan)
            if entry["id"] in keys
        ]

    def rotate(self, key_id: str) -> ApiKey:
        """Make a key of the same name and tier, then revoke the old one.

        Raises
        ------
        KeyNotFoundError
            When there is no such key.
        """
        old = self._get(key_id)
        made = self.create(old.name, old.tier)
        self._client.delete_api_key(apiKey=old.id)
        return made

    def revoke(self, key_id: str) -> ApiKey:
        """Remove a key, and return what it was. Raises KeyNotFoundError."""
        old = self._get(key_id)
        self._client.delete_api_key(apiKey=old.id)
        return old

    def _get(self, key_id: str) -> ApiKey:
        for key in self.all():
            if key.id == key_id:
                return key
        raise KeyNotFoundError(key_id)

    def _all(self, operation: str, **request: str) -> Iterator[dict[str, Any]]:
        for page in self._client.get_paginator(operation).paginate(**request):
            yield from page["items"]


def _time(key: dict[str, Any]) -> str:
    return key["createdDate"].isoformat(timespec="seconds") if "createdDate" in key else ""

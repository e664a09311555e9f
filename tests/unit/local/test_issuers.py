import json
from typing import Any

from local.issuers import with_local_keys

HERE = "http://localhost:4566"
OIDC = {"issuer": "https://id.example.org", "jwks_url": "https://id.example.org/keys", "audience": "a", "kind": "oidc"}
REGION, POOL, CLIENT = {"Ref": "AWS::Region"}, {"Ref": "Pool"}, {"Fn::GetAtt": ["Client", "Id"]}


def joined(value: Any) -> list[dict[str, Any]]:
    names = {json.dumps(REGION): "eu-central-1", json.dumps(POOL): "pool-1", json.dumps(CLIENT): "client-1"}
    text = "".join(part if isinstance(part, str) else names[json.dumps(part)] for part in value["Fn::Join"][1])
    found: list[dict[str, Any]] = json.loads(text)
    return found


def test_keys_of_other_issuers_stay_where_they_are() -> None:
    found = with_local_keys(json.dumps([OIDC]), HERE)

    assert json.loads(found) == [OIDC]


def test_of_a_user_pool_only_the_place_of_the_keys_changes() -> None:
    parts = [
        '[{"issuer":"https://cognito-idp.', REGION, ".amazonaws.com/", POOL, '","jwks_url":"https://cognito-idp.',
        REGION, ".amazonaws.com/", POOL, '/.well-known/jwks.json","audience":"', CLIENT, '","kind":"cognito"},',
        f"{json.dumps(OIDC)}]",
    ]  # fmt: skip

    cognito, oidc = joined(with_local_keys({"Fn::Join": ["", parts]}, HERE))

    assert oidc == OIDC
    assert cognito == {
        "issuer": "https://cognito-idp.eu-central-1.amazonaws.com/pool-1",
        "jwks_url": f"{HERE}/pool-1/.well-known/jwks.json",
        "audience": "client-1",
        "kind": "cognito",
    }

import pytest

from shared.aws.credentials import Credentials

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "session",
    "AWS_REGION": "eu-central-1",
}


def test_credentials_are_those_that_lambda_sets() -> None:
    assert Credentials.from_environment(ENVIRONMENT) == ("AKIDEXAMPLE", "secret", "session", "eu-central-1")


@pytest.mark.parametrize("token", [{}, {"AWS_SESSION_TOKEN": ""}], ids=["absent", "empty"])
def test_a_session_token_may_be_absent(token: dict[str, str]) -> None:
    environment = {name: value for name, value in ENVIRONMENT.items() if name != "AWS_SESSION_TOKEN"} | token

    assert Credentials.from_environment(environment).session_token is None

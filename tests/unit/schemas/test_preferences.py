import pytest
from pydantic import ValidationError

from schemas.preferences import MailPreferences

PREFERENCES = {
    "sender": "website@example.org",
    "recipients": ["owner@example.org"],
    "site_name": "Example",
    "autoresponse": False,
}


def test_preferences_survive_the_parameter_store() -> None:
    preferences = MailPreferences.model_validate(PREFERENCES)

    assert MailPreferences.model_validate_json(preferences.model_dump_json()) == preferences


@pytest.mark.parametrize(
    "change",
    [
        {"sender": "nobody"},
        {"recipients": []},
        {"recipients": ["owner@example.org"] * 51},
        {"recipients": ["owner@example.org", "nobody"]},
        {"reply_to": "owner@example.org"},
    ],
    ids=str,
)
def test_preferences_that_no_mail_could_be_sent_by_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MailPreferences.model_validate(PREFERENCES | change)

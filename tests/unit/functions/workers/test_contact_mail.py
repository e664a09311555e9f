import html
from typing import Any

import pytest

from functions.workers.contact_mail import autoresponse, notification
from schemas.events import ContactSubmitted
from schemas.preferences import MailPreferences
from tests.unit import events

PREFERENCES = MailPreferences(
    sender="website@example.org",
    recipients=("owner@example.org", "desk@example.org"),
    site_name="Tables & Engines",
    autoresponse=True,
)
ATTACK = "<script>alert('x')</script><img src=x onerror=\"alert(1)\">&{{ 7*7 }}"


def submitted(**submission: Any) -> ContactSubmitted:
    return ContactSubmitted.model_validate(events.contact_submitted(submission=submission))


def test_the_notification_goes_to_the_owner_and_is_answered_to_the_visitor() -> None:
    mail = notification(submitted(), PREFERENCES)

    assert mail.recipients == ("owner@example.org", "desk@example.org")
    assert mail.reply_to == "ada@example.org"


@pytest.mark.parametrize("field", ["name", "message", "phone", "page_url"])
def test_what_a_visitor_writes_is_text_in_the_html(field: str) -> None:
    event = submitted()
    event.data.submission[field] = ATTACK  # type: ignore[literal-required]

    mail = notification(event, PREFERENCES)

    assert "<script" not in mail.html
    assert "<img" not in mail.html
    assert ATTACK in html.unescape(mail.html)
    assert ATTACK in mail.text


def test_own_fields_are_text_in_the_html() -> None:
    event = submitted()
    event.data.submission["fields"] = {ATTACK: ATTACK}

    mail = notification(event, PREFERENCES)

    assert "<script" not in mail.html
    assert html.unescape(mail.html).count(ATTACK) == 2


@pytest.mark.parametrize("form", ["text", "html"])
@pytest.mark.parametrize(
    "expected",
    [
        "Ada Lovelace",
        "ada@example.org",
        "Could you print the tables?",
        "+49 30 123",
        "company",
        "ACME",
        "2026-08-16 17:22 UTC",
    ],
)
def test_both_forms_of_the_notification_tell_all(form: str, expected: str) -> None:
    mail = notification(submitted(phone="+49 30 123", fields={"company": "ACME"}), PREFERENCES)

    assert expected in getattr(mail, form)


def test_the_notification_tells_of_no_field_that_was_not_given() -> None:
    mail = notification(submitted(), PREFERENCES)

    assert "Phone" not in mail.text + mail.html
    assert "Page" not in mail.text + mail.html


@pytest.mark.parametrize(
    ("submission", "subject"),
    [
        ({"subject": "Print"}, "[Tables & Engines] Print"),
        ({"subject": ""}, "[Tables & Engines] Message from Ada Lovelace"),
        ({}, "[Tables & Engines] Message from Ada Lovelace"),
    ],
)
def test_the_subject_is_the_visitors_or_names_the_visitor(submission: dict[str, str], subject: str) -> None:
    assert notification(submitted(**submission), PREFERENCES).subject == subject


@pytest.mark.parametrize("submission", [{"subject": "x" * 200}, {"name": "ü" * 200}])
def test_a_subject_has_an_end(submission: dict[str, str]) -> None:
    assert len(notification(submitted(**submission), PREFERENCES).subject) == 120


def test_the_autoresponse_goes_to_the_visitor_alone() -> None:
    mail = autoresponse(submitted(), PREFERENCES)

    assert (mail.recipients, mail.reply_to) == (("ada@example.org",), None)


def test_the_autoresponse_repeats_nothing_that_was_written() -> None:
    mail = autoresponse(submitted(name="Buy-Pills", subject="Buy-Pills", message="Buy-Pills"), PREFERENCES)

    assert "Buy-Pills" not in mail.subject + mail.text + mail.html


def test_the_autoresponse_bears_the_reference() -> None:
    mail = autoresponse(submitted(), PREFERENCES)

    assert "01990000-0000-7000-8000-000000000001" in mail.text
    assert "01990000-0000-7000-8000-000000000001" in mail.html


def test_times_are_told_in_utc_whatever_the_event_writes() -> None:
    detail = events.contact_submitted(occurred_at="2026-08-16T19:22:26+02:00")

    mail = autoresponse(ContactSubmitted.model_validate(detail), PREFERENCES)

    assert "17:22 UTC" in mail.text

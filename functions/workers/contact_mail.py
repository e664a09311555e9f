"""The mails about a contact form."""

from datetime import UTC

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from schemas.events import ContactSubmitted
from schemas.preferences import MailPreferences
from shared.mail import Mail

_SUBJECT_LENGTH = 120

_templates = Environment(
    loader=PackageLoader("functions.workers"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def notification(event: ContactSubmitted, preferences: MailPreferences) -> Mail:
    """Return the mail to the site's owner; answering it answers the visitor."""
    form = event.data.submission
    subject = form.get("subject") or f"Message from {form['name']}"
    text, html = _render("contact_notification", event, preferences)
    title = f"[{preferences.site_name}] {subject}"[:_SUBJECT_LENGTH]
    return Mail(preferences.recipients, title, text, html, reply_to=form["email"])


def autoresponse(event: ContactSubmitted, preferences: MailPreferences) -> Mail:
    """Return the mail that confirms a submission to its sender.

    It repeats nothing of the message: whoever types a stranger's address must not choose what the stranger reads.
    """
    text, html = _render("contact_autoresponse", event, preferences)
    title = f"We received your message to {preferences.site_name}"
    return Mail((event.data.submission["email"],), title, text, html)


def _render(template: str, event: ContactSubmitted, preferences: MailPreferences) -> tuple[str, str]:
    values = {
        "form": event.data.submission,
        "id": event.id,
        "received_at": event.occurred_at.astimezone(UTC),
        "site_name": preferences.site_name,
    }
    text = _templates.get_template(f"{template}.txt").render(values)
    return text, _templates.get_template(f"{template}.html").render(values)

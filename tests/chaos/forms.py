"""Contact forms as visitors send them."""

import random
from collections.abc import Iterator

from tests.chaos.ingest import Sent
from tests.e2e.conftest import FORM

SPAM = "spam"
_SPAM_SHARE = 0.1


def forms(count: int, chance: random.Random) -> Iterator[Sent]:
    """Yield so many contact forms; one of ten fills in the field that nobody sees."""
    for number in range(count):
        label = f"form{number}"
        is_spam = chance.random() < _SPAM_SHARE
        body = {
            **FORM,
            "message": f"This is form {number}.",
            **({"website": "https://spam.example"} if is_spam else {}),
        }
        key = {"Idempotency-Key": f"{label}-{chance.getrandbits(64)}"}
        yield Sent(label, "contact", "POST", "/api/contact", body, key, fate=SPAM if is_spam else "")

"""Page views and events as browsers send them, in an order and of a content that a seed decides."""

import base64
import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.analytics.receipts import BOT, COUNTED, TOO_OLD
from tests.chaos.ingest import Sent
from tests.chaos.sizes import EVENTS_PER_REQUEST
from tests.e2e.conftest import SITE, Site
from tests.unit.shared.analytics.parts import ROBOT

_VISITORS = 60
_PAGES = 12
_SPAN_MINUTES = 6 * 60


def salt_days(site: Site, seed: int) -> None:
    """Give the days' salts a value of the seed's: who visits is as much a part of a run as anything else."""
    function = site.outputs["functions"]["ingest_analytics"]
    prefix = site.aws("lambda").get_function_configuration(FunctionName=function)["Environment"]["Variables"]["SALTS"]
    salt = base64.b64encode(hashlib.sha256(b"%d" % seed).digest()).decode()
    for ago in range(-1, 3):
        day = (datetime.now(UTC) - timedelta(days=ago)).date().isoformat()
        site.aws("ssm").put_parameter(Name=f"{prefix}{day}", Value=salt, Type="SecureString", Overwrite=True)


def visits(count: int, chance: random.Random) -> Iterator[Sent]:
    """Yield so many requests whose events count, and a few beside them that must not."""
    begin = _begin()
    for number in range(count):
        yield _request(f"visit{number}", chance, begin, _browser(chance))
    for number in range(max(1, count // 50)):
        yield _request(f"robot{number}", chance, begin, ROBOT, fate=BOT)
        yield _request(f"stale{number}", chance, begin - timedelta(days=1), _browser(chance), fate=TOO_OLD)


def _begin() -> datetime:
    """Return the first moment of six hours of one day that are over, and less than a day ago."""
    now = datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=2) if now.hour >= 12 else midnight - timedelta(hours=10)


def _browser(chance: random.Random) -> str:
    version = 100 + chance.randrange(_VISITORS)
    system = chance.choice(["Windows NT 10.0; Win64; x64", "X11; Linux x86_64", "Macintosh; Intel Mac OS X 10_15_7"])
    return f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"


def _request(label: str, chance: random.Random, begin: datetime, browser: str, *, fate: str = COUNTED) -> Sent:
    start = chance.randrange(_SPAN_MINUTES - 60)
    # Some tabs were open all day, and send what is of several parts.
    span = 50 if chance.random() < 0.95 else _SPAN_MINUTES - start - 5
    moments = sorted(
        begin + timedelta(minutes=start, seconds=chance.randrange(span * 60)) for _ in range(EVENTS_PER_REQUEST)
    )
    if fate == TOO_OLD:
        moments = [moment - timedelta(hours=12) for moment in moments]
    body = {"id": _batch_id(label, chance), "events": [_event(chance, moment) for moment in moments]}
    return Sent(label, "analytics", "POST", "/api/analytics", body, {"User-Agent": browser, "Origin": SITE}, fate=fate)


def _batch_id(label: str, chance: random.Random) -> str:
    """Return a UUIDv7 of the minute in which all pages made theirs."""
    moment = 1_795_000_000_000 + chance.randrange(60_000)
    tail = hashlib.sha256(f"{label}{chance.random()}".encode()).hexdigest()
    digits = f"{moment:012x}7{tail[:3]}8{tail[3:18]}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _event(chance: random.Random, moment: datetime) -> dict[str, Any]:
    event: dict[str, Any] = {
        "type": "pageview",
        "url": f"{SITE}/page-{chance.randrange(_PAGES)}",
        "occurred_at": moment.isoformat(timespec="milliseconds"),
    }
    if chance.random() < 0.2:
        return {
            **event,
            "type": "event",
            "name": chance.choice(["signup", "scroll"]),
            "props": {"plan": chance.choice("ab")},
        }
    if chance.random() < 0.3:
        event["referrer"] = chance.choice(["https://www.google.com/", "https://news.example.net/story"])
    return event

"""Who is there at this moment: visitors whose browser sent something in the last minutes.

It says nothing that must be exact for ever, so it is written beside the transactions, and given up where others were
faster.
"""

import contextlib
from collections import defaultdict
from collections.abc import Iterable
from operator import itemgetter

import msgspec

from shared.analytics.dimensions import LIVE_MINUTES
from shared.analytics.messages import Message
from shared.aws.errors import AwsError
from shared.table import keys
from shared.table.revisions import NOTHING, ChangedError, RevisedItems, UnreadError, Write, key_of

MOST_VISITORS = 3000
SHORT = 8
"""Characters of a visitor's id that tell one from another here."""
_RETENTION_SECONDS = 3600


class Live:
    """The visitors of the last minutes, of every site.

    Parameters
    ----------
    items
        The table's items.
    """

    def __init__(self, items: RevisedItems) -> None:
        self._items = items

    def note(self, messages: Iterable[Message], *, now: float) -> None:
        """Remember the visitors of messages that were accepted in the last minutes."""
        seen: dict[str, dict[str, int]] = defaultdict(dict)
        minute = int(now // 60)
        for message in messages:
            accepted = int(message.accepted_at // 60)
            if message.part.visitor and minute - LIVE_MINUTES < accepted <= minute:
                visitors, name = seen[message.part.site], message.part.visitor[:SHORT]
                visitors[name] = max(accepted, visitors.get(name, 0))
        for site, visitors in seen.items():
            with contextlib.suppress(AwsError, ChangedError, UnreadError):
                self._note(site, visitors, minute)

    def _note(self, site: str, visitors: dict[str, int], minute: int) -> None:
        key = key_of(keys.live(site, 0))
        stored = self._items.read([key]).get(key, NOTHING)
        known: dict[str, int] = msgspec.json.decode(stored.values.get("doc", "{}"))
        recent = {name: seen for name, seen in known.items() if seen > minute - LIVE_MINUTES}
        for name, accepted in visitors.items():
            recent[name] = max(accepted, recent.get(name, 0))
        latest = sorted(recent.items(), key=itemgetter(1))[-MOST_VISITORS:]
        text = msgspec.json.encode(dict(latest)).decode()
        self._items.write([Write(key, stored.revision, {"doc": text}, (minute * 60) + _RETENTION_SECONDS)])

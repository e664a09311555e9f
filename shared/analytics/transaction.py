"""One transaction: some messages of a shard of a day of a site, and what they change."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shared.analytics import receipts
from shared.analytics.agents import agent_of
from shared.analytics.counting import Counts, Document, without_zeros
from shared.analytics.documents import grouped
from shared.analytics.messages import Message
from shared.analytics.plans import RETENTION_SECONDS
from shared.analytics.receipts import Receipt
from shared.analytics.visits import HOUR_MS, Visitor
from shared.ledger import RETENTION_SECONDS as RECEIPTS_RETENTION_SECONDS
from shared.table import keys
from shared.table.revisions import NOTHING, Key, Stored, Write, key_of
from shared.table.transactions import LARGEST

HOURS_RETENTION_SECONDS = 90 * 24 * 3600

DUPLICATE = "duplicate"
"""Outcome of a message that was counted, or dropped, before."""

_LARGEST_BUCKET = 250_000
"""Characters of a bucket from which on it takes no further visitor: only page views count of whoever floods it."""

_ALWAYS = ("totals", "audience", "acquisition", "journeys", "pages")


class Pack(NamedTuple):
    """Messages for one transaction, each with the bucket of its visitor; the groups and hours that they are about."""

    site: str
    day: str
    shard: int
    messages: list[tuple[int, Message]]
    groups: tuple[str, ...]
    hours: frozenset[int]

    @classmethod
    def of(cls, site: str, day: str, shard: int, messages: Sequence[tuple[int, Message]]) -> "Pack":
        """Return the longest pack from the first message on that one transaction probably takes."""
        items: set[Key] = set()
        hours: set[int] = set()
        groups = dict.fromkeys(_ALWAYS)
        taken = 0
        for bucket, message in messages:
            more_hours, more_groups = _touched(message)
            items |= _items_of(site, day, bucket, message)
            hours |= more_hours
            groups |= dict.fromkeys(more_groups)
            # The day, the hours, and the hour before, in which visits may have begun that go on.
            if taken and len(items) + len(groups) * (len(hours) + 2) > LARGEST:
                break
            taken += 1
        return cls._over(site, day, shard, list(messages[:taken]))

    @classmethod
    def _over(cls, site: str, day: str, shard: int, messages: list[tuple[int, Message]]) -> "Pack":
        touched = [_touched(message) for _, message in messages]
        groups = dict.fromkeys((*_ALWAYS, *(group for _, groups in touched for group in groups)))
        hours = frozenset(hour for hours, _ in touched for hour in hours)
        return cls(site, day, shard, messages, tuple(groups), hours)

    def halves(self) -> "tuple[Pack, Pack]":
        """Return two packs for one."""
        middle = len(self.messages) // 2
        first, second = self.messages[:middle], self.messages[middle:]
        return tuple(self._over(self.site, self.day, self.shard, half) for half in (first, second))  # type: ignore[return-value]

    def items(self) -> set[Key]:
        """Return the keys of its receipts and visitors."""
        return {key for bucket, message in self.messages for key in _items_of(self.site, self.day, bucket, message)}

    def rollups(self) -> Iterator[Key]:
        """Return the keys of the rollups that it is likely to change."""
        if self.hours:
            for group in self.groups:
                yield self.rollup(group)
                for hour in self.hours:
                    yield self.rollup(group, hour)

    def rollup(self, group: str, hour: int | None = None) -> Key:
        """Return the key of the rollup of a group over the day, or an hour of it."""
        if hour is None:
            return key_of(keys.day_rollup(self.site, group, self.day, self.shard))
        return key_of(keys.hour_rollup(self.site, group, self.day, hour, self.shard))


class Transaction:
    """What a pack changes, given the items that it is about.

    Parameters
    ----------
    pack
        The messages.
    now
        Seconds since the epoch.
    """

    def __init__(self, pack: Pack, *, now: int) -> None:
        self._pack = pack
        self._now = now
        self._counts = Counts()
        self._stored: dict[Key, Stored] = {}
        self._pages: dict[Key, receipts.Page] = {}
        self._visitors: dict[Key, dict[str, Visitor]] = {}

    def further_pages(self, stored: dict[Key, Stored]) -> Iterator[Key]:
        """Return the keys of receipts to read beside those of the pack; each is to be in `stored` before the next."""
        partitions = {keys.receipts(message.id)["PK"] for _, message in self._pack.messages}
        for partition in partitions:
            number = 0
            while receipts.is_full(self._page((partition, keys.receipts_page(number)), stored)):
                number += 1
                yield partition, keys.receipts_page(number)

    def count(self, stored: dict[Key, Stored]) -> dict[str, str]:
        """Count the messages that have no receipt yet, and return what became of each, by its id."""
        self._stored = stored
        return {message.id: self._count(bucket, message) for bucket, message in self._pack.messages}

    def rollups(self) -> dict[Key, Document]:
        """Return the changes of rollups by their keys."""
        found = {
            self._pack.rollup(group, hour): changes
            for hour, document in self._counts.hours.items()
            for group, changes in grouped(without_zeros(document)).items()
        }
        for group, changes in grouped(without_zeros(self._counts.day())).items():
            found[self._pack.rollup(group)] = changes
        return found

    def writes(self) -> list[Write]:
        """Return the writes of receipts and visitors."""
        found = []
        for key, page in self._pages.items():
            before = self._stored.get(key, NOTHING)
            if len(page) > len(receipts.read_page(before.texts.get("entries"))):
                texts = {"entries": receipts.write_page(page)}
                found.append(Write(key, before.revision, texts, self._now + RECEIPTS_RETENTION_SECONDS))
        for key, visitors in self._visitors.items():
            texts = {name: visitor.to_json() for name, visitor in visitors.items()}
            revision = self._stored.get(key, NOTHING).revision
            found.append(Write(key, revision, texts, self._now + RETENTION_SECONDS))
        return found

    def expiry(self, rollup: Key) -> int | None:
        """Return when a rollup expires: that of an hour after 90 days, that of a day never."""
        return None if rollup[1] == self._pack.day else self._now + HOURS_RETENTION_SECONDS

    def _count(self, bucket: int, message: Message) -> str:
        partition, name = keys.receipts(message.id)["PK"], keys.receipt_name(message.id)
        number = 0
        page = self._page((partition, keys.receipts_page(number)), self._stored)
        while name not in page and receipts.is_full(page):
            number += 1
            page = self._page((partition, keys.receipts_page(number)), self._stored)
        if name in page:
            return DUPLICATE
        outcome = self._judge(message)
        events = message.part["events"] if outcome == receipts.COUNTED else ()
        page[name] = Receipt(outcome, self._now, message.part["parts"], len(events))
        if events:
            self._count_events(bucket, message)
        return outcome

    def _judge(self, message: Message) -> str:
        if message.reason:
            return message.reason
        if agent_of(message.part["user_agent"]).is_robot:
            return receipts.BOT
        return receipts.COUNTED if message.part["events"] else receipts.TOO_OLD

    def _count_events(self, bucket: int, message: Message) -> None:
        part = message.part
        key = key_of(keys.visitors(self._pack.site, self._pack.day, bucket))
        stored = self._stored.get(key, NOTHING).texts
        name = part["visitor"]
        is_flooded = name not in stored and sum(map(len, stored.values())) > _LARGEST_BUCKET
        if not name or is_flooded:
            self._counts.add_events(part["events"])
            return
        changed = self._visitors.setdefault(key, {})
        before = changed.get(name) or (Visitor.from_json(stored[name]) if name in stored else None)
        profile = part["country"], part["screen"], part["language"]
        changed[name] = self._counts.add_visitor(before, part["events"], agent_of(part["user_agent"]), profile)

    def _page(self, key: Key, stored: dict[Key, Stored]) -> receipts.Page:
        if key not in self._pages:
            self._pages[key] = receipts.read_page(stored.get(key, NOTHING).texts.get("entries"))
        return self._pages[key]


def _items_of(site: str, day: str, bucket: int, message: Message) -> set[Key]:
    found = {key_of(keys.receipts(message.id))}
    if message.part["visitor"]:
        found.add(key_of(keys.visitors(site, day, bucket)))
    return found


def _touched(message: Message) -> tuple[set[int], list[str]]:
    """Return the hours and, beside those that all have, the groups that a message is about."""
    events = message.part["events"]
    hours = {event[0] // HOUR_MS for event in events}
    groups = [
        group
        for group, is_there in (
            ("titles", any(event[4] for event in events)),
            ("events", any(event[2] for event in events)),
        )
        if is_there
    ]
    return hours, groups

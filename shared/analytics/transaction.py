"""One transaction: some messages of a shard of a day of a site, and what they change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from schemas.analytics_messages import PackedEvent
from shared.analytics import receipts
from shared.analytics.agents import Agent, agent_of
from shared.analytics.counting import Counts
from shared.analytics.dimensions import GROUPS, Document
from shared.analytics.documents import grouped
from shared.analytics.messages import Message
from shared.analytics.receipts import Receipt
from shared.analytics.times import HOUR_MS
from shared.analytics.visits import Visitor
from shared.table import keys
from shared.table.revisions import NOTHING, Key, Stored, Write, key_of
from shared.table.transactions import LARGEST

DUPLICATE = "duplicate"
"""Outcome of a message that was counted, or dropped, before."""

_LARGEST_BUCKET = 250_000
"""Bytes of a bucket from which on it takes no further visitor: only page views count of whoever floods it."""

_FULL_BUCKET = 300_000
"""Bytes of a bucket from which on no more is remembered of those who are in it either.

An item of the table holds 400 KB, and one message may add 75 KB: eight visits in four hours, a hundred events' names.
"""

_NAMES = 50_000
"""More bytes than the names of all visitors in a bucket have."""

_FIRST_PAGE = keys.receipts_page(0)


class EarlyPartError(Exception):
    """Raised when a part comes before the first part of its batch, which says whether it counts."""


class _Sender(NamedTuple):
    """Who sent events: a visitor in a bucket, or nobody who is known, and the profile: country, screen and language."""

    visitors: Key | None
    visitor: str
    agent: Agent
    profile: tuple[str, str, str]


class Placed(NamedTuple):
    """A message, and the items that it is about."""

    message: Message
    receipts: Key
    """Where its receipt is, on the first page or one that follows it."""
    receipt: str
    batch: tuple[Key, str] | None
    """Where the receipt of its batch's first part is, and by what it is found there; None for a first part."""
    visitors: Key | None
    """The bucket of its visitor; None where that is nobody."""
    items: tuple[Key, ...]
    """All of these items."""
    hours: int
    """The hours of its first and its last event, as bits."""

    @classmethod
    def of(cls, message: Message, bucket: Key) -> "Placed":
        """Place a message, given the bucket in which its visitor is."""
        part = message.part
        partition, name = keys.receipt(message.id)
        receipts, batch, visitors = (partition, _FIRST_PAGE), None, None
        items: tuple[Key, ...] = (receipts,)
        if part.visitor:
            visitors = bucket
            items = receipts, bucket
        if message.id != part.batch:
            first_partition, first_name = keys.receipt(part.batch)
            batch = (first_partition, _FIRST_PAGE), first_name
            items += (batch[0],)
        events, hours = part.events, 0
        if events:
            hours = 1 << events[0][0] // HOUR_MS | 1 << events[-1][0] // HOUR_MS
        return cls(message, receipts, name, batch, visitors, items, hours)


class Pack(NamedTuple):
    """Messages for one transaction, and what they are about: items, and hours of rollups as in `Placed`."""

    site: str
    day: str
    shard: int
    messages: list[Placed]
    items: set[Key]
    hours: int

    @classmethod
    def over(cls, site: str, day: str, shard: int, messages: list[Placed]) -> "Pack":
        """Return the pack of all of some messages."""
        items: set[Key] = set()
        hours = 0
        for placed in messages:
            items.update(placed.items)
            hours |= placed.hours
        return cls(site, day, shard, messages, items, hours)

    def halves(self) -> "Iterator[Pack]":
        """Yield two packs for one."""
        middle = len(self.messages) // 2
        for half in (self.messages[:middle], self.messages[middle:]):
            yield self.over(self.site, self.day, self.shard, half)

    def rollups(self) -> Iterator[Key]:
        """Return the keys of the rollups that it is likely to change."""
        hours = [hour for hour in range(self.hours.bit_length()) if self.hours >> hour & 1]
        for group in GROUPS if hours else ():
            yield self.rollup(group)
            for hour in hours:
                yield self.rollup(group, hour)

    def is_of_day(self, rollup: Key) -> bool:
        """Tell a rollup of the day from one of an hour of it, by its key."""
        return rollup[1] == self.day

    def rollup(self, group: str, hour: int | None = None) -> Key:
        """Return the key of the rollup of a group over the day, or an hour of it."""
        if hour is None:
            return key_of(keys.day_rollup(self.site, group, self.day, self.shard))
        return key_of(keys.hour_rollup(self.site, group, self.day, hour, self.shard))


def packs(site: str, day: str, shard: int, messages: Iterable[Placed]) -> Iterator[Pack]:
    """Yield messages in packs, as large as one transaction probably takes."""
    held: list[Placed] = []
    items: set[Key] = set()
    hours = 0
    for placed in messages:
        more = [key for key in placed.items if key not in items]
        all_hours = hours | placed.hours
        # Rollups of the day, the hours, and the hour before, in which visits may have begun that go on.
        if held and len(items) + len(more) + len(GROUPS) * (all_hours.bit_count() + 2) > LARGEST:
            yield Pack(site, day, shard, held, items, hours)
            held, items, all_hours = [], set(), placed.hours
            more = [*placed.items]
        held.append(placed)
        items.update(more)
        hours = all_hours
    if held:
        yield Pack(site, day, shard, held, items, hours)


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
        self._written_pages: set[Key] = set()
        self._visitors: defaultdict[Key, dict[str, Visitor]] = defaultdict(dict)
        self._sent: defaultdict[_Sender, list[PackedEvent]] = defaultdict(list)

    def further_pages(self, stored: dict[Key, Stored]) -> Iterator[Key]:
        """Return the keys of receipts to read beside those of the pack; each is to be in `stored` before the next."""
        partitions = {partition for partition, sort in self._pack.items if sort == _FIRST_PAGE}
        for partition in partitions:
            number = 0
            while receipts.goes_on(self._page((partition, keys.receipts_page(number)), stored), number):
                number += 1
                yield partition, keys.receipts_page(number)

    def count(self, stored: dict[Key, Stored]) -> dict[str, str]:
        """Count the messages that have no receipt yet, and return what became of each, by its id."""
        self._stored = stored
        outcomes = {placed.message.id: self._judge(placed) for placed in self._pack.messages}
        for sender, events in self._sent.items():
            self._count(sender, events)
        return outcomes

    def sums(self) -> tuple[int, int]:
        """Return how many page views were counted, and how many events."""
        return self._counts.sums()

    def rollups(self) -> dict[Key, Document]:
        """Return the changes of rollups by their keys."""
        return {
            self._pack.rollup(group, hour): changes
            for hour, document in self._counts.documents()
            for group, changes in grouped(document).items()
        }

    def writes(self) -> list[Write]:
        """Return the writes of receipts and visitors."""
        found = [
            Write(
                key, self._stored.get(key, NOTHING).revision, {"entries": receipts.write_page(self._pages[key])},
                self._now + keys.LEDGER_RETENTION_SECONDS,
            )
            for key in self._written_pages
        ]  # fmt: skip
        for key, visitors in self._visitors.items():
            states = {name: visitor.to_json() for name, visitor in visitors.items()}
            revision = self._stored.get(key, NOTHING).revision
            found.append(Write(key, revision, states, self._now + keys.VISITORS_RETENTION_SECONDS))
        return found

    def expiry(self, rollup: Key) -> int | None:
        """Return when a rollup expires: that of an hour after 90 days, that of a day never."""
        return None if self._pack.is_of_day(rollup) else self._now + keys.HOURS_RETENTION_SECONDS

    def _judge(self, placed: Placed) -> str:
        """Write a message's receipt, and set its events aside, which are counted with the visitor's others."""
        message, part = placed.message, placed.message.part
        key, page = self._page_with(placed.receipts, placed.receipt)
        if placed.receipt in page or (placed.batch and self._is_of_another_cut(placed.batch, message)):
            return DUPLICATE
        if receipts.is_full(page):
            return receipts.CROWDED
        agent, events = agent_of(part.user_agent), part.events
        outcome = message.reason or _outcome(agent, events)
        if outcome == receipts.COUNTED:
            profile = part.country, part.screen, part.language
            self._sent[_Sender(placed.visitors, part.visitor, agent, profile)] += events
        else:
            events = []
        page[placed.receipt] = Receipt(outcome, self._now, part.parts, len(events), part.cut)
        self._written_pages.add(key)
        return outcome

    def _count(self, sender: _Sender, events: list[PackedEvent]) -> None:
        key, name, agent, profile = sender
        if key is None:
            self._counts.add_events(events)
            return
        stored, changed = self._stored.get(key, NOTHING).values, self._visitors.get(key)
        before = changed.get(name) if changed else None
        if before is None and name in stored:
            before = Visitor.from_json(stored[name])
        largest = _LARGEST_BUCKET if before is None else _FULL_BUCKET
        # A character has four bytes at most: nearly every bucket is known to be smaller by that alone.
        if 4 * sum(map(len, stored.values())) > largest - _NAMES and _bytes_of(stored) > largest:
            self._counts.add_events(events)
            return
        self._visitors[key][name] = self._counts.add_visitor(before, events, agent, profile)

    def _is_of_another_cut(self, batch: tuple[Key, str], message: Message) -> bool:
        """Tell whether a part is not one of those that its batch was counted in.

        A request that is repeated later may be cut into other parts. The first part has the same id in every cut, so
        the cut whose first part has a receipt is the one that counts. All others of it were in the queue before.
        """
        _, page = self._page_with(*batch)
        first = page.get(batch[1])
        if first is None:
            if receipts.is_full(page):
                return True
            message_id = message.part.batch
            raise EarlyPartError(message_id)
        return first.cut != message.part.cut

    def _page_with(self, key: Key, name: str) -> tuple[Key, receipts.Page]:
        """Return the page of a bucket that has a receipt, or else would take it if it were not full."""
        page, number = self._page(key, self._stored), 0
        while name not in page and receipts.goes_on(page, number):
            number += 1
            key = key[0], keys.receipts_page(number)
            page = self._page(key, self._stored)
        return key, page

    def _page(self, key: Key, stored: dict[Key, Stored]) -> receipts.Page:
        page = self._pages.get(key)
        if page is None:
            page = self._pages[key] = receipts.read_page(stored.get(key, NOTHING).values.get("entries"))
        return page


def _bytes_of(visitors: Mapping[str, str]) -> int:
    return sum(len(name) + (len(state) if state.isascii() else len(state.encode())) for name, state in visitors.items())


def _outcome(agent: Agent, events: Sequence[PackedEvent]) -> str:
    if agent.is_robot:
        return receipts.BOT
    return receipts.COUNTED if events else receipts.TOO_OLD

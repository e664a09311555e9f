"""Contact, projects and analytics at once, while everything goes wrong: nothing is lost, and nothing happens twice."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from shared.analytics.receipts import BOT, COUNTED, TOO_OLD
from tests.chaos import check_edits, check_forms, check_visits
from tests.chaos.accounts import DEAD, UNACCOUNTED, Accounts
from tests.chaos.faults import KILLS, Fault
from tests.chaos.run import Run
from tests.chaos.sizes import chosen_seed, chosen_size
from tests.e2e.bus_listener import listening
from tests.e2e.conftest import Site


class Past(NamedTuple):
    """A run that is over: its accounts before the dead letters were replayed, and after; the facts that were heard."""

    run: Run
    before: Accounts
    after: Accounts
    replayed: int
    facts: list[str]


@pytest.fixture(scope="module")
def past(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Let a run happen."""
    run = Run(site, chosen_size(), chosen_seed(), tmp_path_factory.mktemp("run"))
    run.accept()
    with listening(site) as listener, run.deliveries():
        run.deliver()
        before = Accounts(run)
        replayed = run.replay()
        facts = [fact["id"] for fact in listener.heard()]
    return Past(run, before, Accounts(run), replayed, facts)


def test_x(past: Past, show_figure: Callable[[str], None]) -> None:
    run = past.run
    Path("/tmp/chaos-history.txt").write_text("\n".join(run.history))
    show_figure(str({w: len(m) for w, m in run.messages.items()}))
    show_figure(str(run.seconds))
    show_figure(str({c: d.left for c, d in run.decks.items()}))
    show_figure(str(run.ingest_deck.left))
    show_figure(str(past.before.counts()))
    show_figure(str(past.after.counts()))
    show_figure(str(past.before.unaccounted()))
    show_figure(str(past.after.unaccounted()))
    show_figure(str(past.replayed))
    show_figure(str({w: [m.label for m in q.dead] for w, q in run.queues.items()}))
    a, b = check_visits.counted(past.after.table), check_visits.countable(run)
    show_figure(f"{a == b} {check_visits.events_in(a)} {check_visits.events_in(b)} {check_visits.events_sent(run)}")
    t = past.after.table
    show_figure(str(check_forms.wrongly_stored(run, t)))
    show_figure(str([m for m in check_forms.mails(run, t) if not 1 <= m[1] <= m[2]]))
    show_figure(str(check_forms.mailed_spam(run)))
    want = set()
    for pid, ch in check_edits.projects(run).items():
        e = check_edits.expected(ch, t)
        want |= e.facts
        if e.state != check_edits.stored(pid, t): show_figure(f"{ch[0].label} {e.state} {check_edits.stored(pid, t)}")
        show_figure(str(list(check_edits.unfounded(ch, t))))
    show_figure(f"{len(want)} {len(past.facts)} {want == set(past.facts)}")

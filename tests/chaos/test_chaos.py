"""Contact, projects and analytics at once, while everything goes wrong: nothing is lost, and nothing happens twice."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.chaos import check_edits, check_forms, check_visits
from tests.chaos.accounts import DEAD, UNACCOUNTED, Accounts
from tests.chaos.figures import table_of
from tests.chaos.ingest import Sent
from tests.chaos.run import Run
from tests.chaos.sizes import chosen_seed, chosen_size
from tests.chaos.workers import Nursery
from tests.e2e.bus_listener import listening
from tests.e2e.conftest import Site


class Past(NamedTuple):
    """A run that is over: its accounts before the dead letters were replayed, and after; the facts that were heard."""

    run: Run
    before: Accounts
    after: Accounts
    replayed: int
    facts: list[str]

    def those_of(self, capability: str) -> list[Sent]:
        """Return the requests to a capability."""
        return [sent for sent in self.run.sent if sent.capability == capability]


@pytest.fixture(scope="module")
def past(site: Site, nursery: Nursery) -> Past:
    """Let a run happen; its seed is told with whatever fails."""
    run = Run(site, chosen_size(), chosen_seed(), nursery)
    print(f"again: CHAOS_SEED={run.seed} CHAOS_SIZE={run.size.name}")  # noqa: T201  shown with what fails
    run.accept()
    with listening(site) as listener, run.deliveries():
        run.deliver()
        before = Accounts(run)
        replayed = run.replay()
        facts = [fact["id"] for fact in listener.heard()]
    return Past(run, before, Accounts(run), replayed, facts)


def test_everything_that_was_to_go_wrong_did(past: Past, show_figure: Callable[[str], None]) -> None:
    counted, sent = check_visits.counted(past.after.table), check_visits.events_sent(past.run)
    for line in table_of(past.run, past.before, past.after, replayed=past.replayed):
        show_figure(line)
    show_figure(f"chaos: {sent} events sent, {check_visits.events_in(counted)} counted")

    assert {capability: deck.left for capability, deck in past.run.decks.items() if deck.left} == {}
    assert past.run.ingest_deck.left == {}


def test_every_request_that_was_accepted_is_applied_or_a_dead_letter(past: Past) -> None:
    assert past.before.unaccounted() == []
    assert past.before.counts()[DEAD] > 0


def test_a_replay_applies_every_dead_letter_but_poison(past: Past) -> None:
    counts = past.after.counts()
    left = {worker: sorted({message.label for message in queue.dead}) for worker, queue in past.run.queues.items()}

    assert (counts[DEAD], counts[UNACCOUNTED]) == (0, 0)
    assert all(label.startswith("poison") for labels in left.values() for label in labels)
    assert {worker: len(labels) for worker, labels in left.items()} == past.run.poison()


def test_page_views_and_events_are_counted_exactly_once(past: Past) -> None:
    counted = check_visits.counted(past.after.table)

    assert check_visits.events_in(counted) == check_visits.events_sent(past.run)
    assert counted == check_visits.countable(past.run)


def test_what_must_not_count_is_dropped_for_its_reason(past: Past) -> None:
    fates = {sent.label: past.after.fates[sent.label, "aggregate_analytics"] for sent in past.those_of("analytics")}

    assert fates == {sent.label: sent.fate for sent in past.those_of("analytics")}


def test_each_contact_form_is_stored_once(past: Past) -> None:
    assert check_forms.wrongly_stored(past.run, past.after.table) == []


def test_each_mail_is_sent_and_only_as_often_as_the_ledger_tells(past: Past) -> None:
    mails = list(check_forms.mails(past.run, past.after.table))

    assert mails
    assert [mail for mail in mails if not 1 <= mail.sent <= mail.attempts] == []
    assert check_forms.mailed_spam(past.run) == []


def test_each_project_is_what_its_applied_changes_make_of_it(past: Past) -> None:
    table, projects = past.after.table, check_edits.projects(past.run)

    expected = {name: check_edits.expected(changes, table).state for name, changes in projects.items()}
    assert {name: check_edits.stored(name, table) for name in projects} == expected
    assert [label for changes in projects.values() for label in check_edits.unfounded(changes, past.run, table)] == []


def test_the_bus_is_told_of_each_change_to_a_project_and_of_nothing_else(past: Past) -> None:
    changes = check_edits.projects(past.run).values()

    expected = set().union(*(check_edits.expected(found, past.after.table).facts for found in changes))
    assert set(past.facts) == expected


def test_callers_are_told_what_became_of_their_requests(past: Past) -> None:
    for capability, worker in (("contact", "store_contact"), ("projects", "apply_project"), ("analytics", "")):
        for sent in past.those_of(capability)[:3]:
            told = past.run.site.call("GET", f"/api/operations/{sent.id}").json()

            fate = past.after.fates[sent.label, worker or "aggregate_analytics"]
            expected = fate if worker or fate == "counted" else "dropped"
            assert told["status"] == expected, sent.label

import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import derived_id, is_well_formed, uuid7
from tests.unit.properties import reproducible

PARTS = st.lists(st.binary(max_size=8), min_size=1, max_size=4)


def test_a_new_id_is_a_uuid_of_version_7() -> None:
    identity = uuid.UUID(uuid7())

    assert (identity.version, identity.variant) == (7, uuid.RFC_4122)


def test_a_new_id_tells_the_millisecond_of_its_creation() -> None:
    before = time.time_ns() // 1_000_000

    created = uuid.UUID(uuid7()).int >> 80

    assert before <= created <= time.time_ns() // 1_000_000


def test_ids_sort_by_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [1, 1_700_000_000_000, 1_700_000_000_001, 1_700_000_000_256, 2_000_000_000_000]
    ids = []
    for moment in moments:
        monkeypatch.setattr(time, "time_ns", lambda moment=moment: moment * 1_000_000)
        ids.append(uuid7())

    assert ids == sorted(ids)


def test_ids_of_one_millisecond_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_000_000_000)

    assert len({uuid7() for _ in range(10_000)}) == 10_000


@reproducible
@given(parts=PARTS)
def test_a_derived_id_is_a_uuid_of_version_5(parts: list[bytes]) -> None:
    identity = uuid.UUID(derived_id(*parts))

    assert (identity.version, identity.variant) == (5, uuid.RFC_4122)


def test_a_derived_id_is_the_same_on_every_machine_and_in_every_release() -> None:
    assert derived_id(b"POST", b"/api/contact", b"key") == "b389f5e2-a94a-5c6b-8344-5ba0e9ea62e7"


@reproducible
@given(first=PARTS, second=PARTS)
def test_ids_are_the_same_only_for_the_same_parts(first: list[bytes], second: list[bytes]) -> None:
    assert (derived_id(*first) == derived_id(*second)) == (first == second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((b"ab", b"c"), (b"a", b"bc")),
        ((b"ab",), (b"ab", b"")),
        ((b"a", b"b"), (b"b", b"a")),
        ((b"a\x00\x00\x00\x01b",), (b"a", b"b")),
    ],
)
def test_where_one_part_ends_matters(first: tuple[bytes, ...], second: tuple[bytes, ...]) -> None:
    assert derived_id(*first) != derived_id(*second)


@pytest.mark.parametrize("identity", [uuid7(), derived_id(b"key")], ids=["by time", "by content"])
def test_an_id_of_ours_is_well_formed(identity: str) -> None:
    assert is_well_formed(identity)


@pytest.mark.parametrize(
    "candidate",
    [
        "",
        "01990000-0000-7000-8000-00000000000",
        "01990000-0000-7000-8000-0000000000001",
        "01990000-0000-4000-8000-000000000001",
        "01990000-0000-7000-0000-000000000001",
        "01990000-0000-7000-8000-00000000000G",
        "01990000-0000-7000-8000-00000000000A",
        "01990000-0000-7000-8000-000000000001\n",
        " 01990000-0000-7000-8000-000000000001",
        "{01990000-0000-7000-8000-000000000001}",
        "01990000000070008000000000000001",
        "0199٠٠٠٠-0000-7000-8000-000000000001",
    ],
    ids=repr,
)
def test_what_this_api_never_gave_out_is_not_well_formed(candidate: str) -> None:
    assert not is_well_formed(candidate)

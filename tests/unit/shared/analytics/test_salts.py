import pytest

from shared.analytics.salts import REMEMBERED_SECONDS, SALT_BYTES, SaltError, Salts
from shared.aws.errors import AwsRefusedError
from tests.unit.shared.queues import MemoryParameters


def salts(parameters: MemoryParameters) -> Salts:
    return Salts(parameters, "/salt/", sleep=lambda _seconds: None)


def test_who_asks_first_makes_the_salt_that_all_others_find() -> None:
    parameters = MemoryParameters()

    first = salts(parameters).of("2026-11-27")

    assert len(first) == SALT_BYTES
    assert salts(parameters).of("2026-11-27") == first
    assert (list(parameters.values), parameters.types) == (["/salt/2026-11-27"], {"SecureString"})


def test_each_day_has_another_salt() -> None:
    parameters = MemoryParameters()
    known = salts(parameters)

    assert len({known.of(f"2026-11-{day}") for day in range(10, 20)}) == 10


def test_a_salt_is_asked_for_once_and_forgotten_within_the_hour_of_its_deletion() -> None:
    parameters = MemoryParameters()
    now = [50.0]
    known = Salts(parameters, "/salt/", clock=lambda: now[0])
    salt = known.of("2026-11-27")
    parameters.calls.clear()

    now[0] += REMEMBERED_SECONDS - 1
    assert known.of("2026-11-27") == salt
    assert parameters.calls == []
    parameters.values.clear()
    now[0] += 1
    assert known.of("2026-11-27") != salt


def test_who_was_outrun_takes_the_salt_of_who_was_faster() -> None:
    parameters = MemoryParameters()
    found: list[bytes] = []

    def be_faster(operation: str) -> None:
        if operation == "PutParameter" and not found:
            found.append(b"")
            found[0] = salts(parameters).of("2026-11-27")

    parameters.before = be_faster

    assert salts(parameters).of("2026-11-27") == found[0]


def test_an_update_at_the_same_moment_is_waited_for() -> None:
    parameters = MemoryParameters()
    refusals = iter([True, False])

    def refuse_once(operation: str) -> None:
        if operation == "PutParameter" and next(refusals):
            raise AwsRefusedError(400, "TooManyUpdates")

    parameters.before = refuse_once

    assert len(salts(parameters).of("2026-11-27")) == SALT_BYTES


def test_what_never_comes_is_given_up() -> None:
    parameters = MemoryParameters()

    def refuse(operation: str) -> None:
        if operation == "PutParameter":
            raise AwsRefusedError(400, "TooManyUpdates")

    parameters.before = refuse

    with pytest.raises(SaltError):
        salts(parameters).of("2026-11-27")
    assert len(parameters.calls) == 6


@pytest.mark.parametrize("operation", ["GetParameter", "PutParameter"])
def test_another_refusal_is_told(operation: str) -> None:
    parameters = MemoryParameters()

    def refuse(called: str) -> None:
        if called == operation:
            raise AwsRefusedError(400, "AccessDeniedException")

    parameters.before = refuse

    with pytest.raises(AwsRefusedError):
        salts(parameters).of("2026-11-27")

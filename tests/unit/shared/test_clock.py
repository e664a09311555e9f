import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import timestamp
from tests.unit.properties import reproducible

# From the first to the last year that four digits can write.
_MILLISECONDS = st.integers(0, 253_402_300_799_999)


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1769860800, "2026-01-31T12:00:00.000Z"),
        (1769860800.5, "2026-01-31T12:00:00.500Z"),
        (951_782_400, "2000-02-29T00:00:00.000Z"),
    ],
)
def test_a_moment_is_written_in_utc_with_milliseconds(seconds: float, written: str) -> None:
    assert timestamp(seconds) == written


@reproducible
@given(milliseconds=_MILLISECONDS)
def test_a_timestamp_that_was_read_is_written_as_it_was(milliseconds: int) -> None:
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC).replace(microsecond=milliseconds % 1000 * 1000)
    written = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    assert timestamp(datetime.fromisoformat(written).timestamp()) == written


@reproducible
@given(seconds=st.floats(0, 4e9))
def test_a_timestamp_is_of_one_length_and_shape(seconds: float) -> None:
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z", timestamp(seconds))


def test_without_a_moment_it_is_this_one() -> None:
    before = timestamp(int(datetime.now(UTC).timestamp()))

    assert before <= timestamp()

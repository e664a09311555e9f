import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.cursors import InvalidCursorError, decode_cursor, encode_cursor
from tests.unit.properties import reproducible


@reproducible
@given(position=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_cursor_leads_back_to_its_position(position: str) -> None:
    assert decode_cursor(encode_cursor(position)) == position


@pytest.mark.parametrize("cursor", ["%", "a", "ab c", "_w", "é", "YQ==="])
def test_what_was_not_given_out_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursorError):
        decode_cursor(cursor)


@reproducible
@given(position=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_cursor_needs_no_escaping_in_a_query(position: str) -> None:
    assert set(encode_cursor(position)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

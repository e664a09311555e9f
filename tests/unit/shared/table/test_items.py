from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.table.items import from_item, to_item
from tests.unit.properties import reproducible, texts

# DynamoDB keeps 38 digits of a number.
_NUMBERS = st.integers(-(10**38) + 1, 10**38 - 1)
_VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | texts,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(texts, children, max_size=4),
    max_leaves=8,
)


@reproducible
@given(values=st.dictionaries(texts, _VALUES.filter(lambda value: value is not None), max_size=5))
def test_values_survive_the_table(values: dict[str, Any]) -> None:
    assert from_item(to_item(values)) == values


def test_a_field_without_a_value_is_left_out() -> None:
    assert to_item({"reason": None, "notes": ""}) == {"notes": {"S": ""}}


def test_numbers_are_whole_at_every_depth() -> None:
    stored = to_item({"a": 1, "b": [2, {"c": 3}], "d": {"e": 4}})

    values = from_item(stored)

    assert {type(number) for number in (values["a"], values["b"][0], values["b"][1]["c"], values["d"]["e"])} == {int}

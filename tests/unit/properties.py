"""What property tests have in common: the same examples every time, and JSON of every shape."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# No deadline: how long an example takes says something about the machine only.
reproducible = settings(
    deadline=None,
    derandomize=True,
    max_examples=300,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

# Lone surrogates are no text: no JSON document in UTF-8 can hold them.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts

json_values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(texts, children, max_size=4),
    max_leaves=8,
)

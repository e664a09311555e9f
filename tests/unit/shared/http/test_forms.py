from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.forms import parse_form
from shared.problems import InvalidRequestError, ProblemError
from tests.unit.properties import reproducible, texts


def refusal_of(body: bytes) -> InvalidRequestError:
    with pytest.raises(InvalidRequestError) as caught:
        parse_form(body)
    return caught.value


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"", {}),
        (b"name=Ada+Lovelace&email=ada%40example.org", {"name": "Ada Lovelace", "email": "ada@example.org"}),
        (b"name=%C5%BDofie&message=a%0D%0Ab", {"name": "Žofie", "message": "a\r\nb"}),
        (b"name=Ada&subject=", {"name": "Ada"}),
        (b"fields%5Bcompany%5D=ACME&fields[role]=clerk", {"fields": {"company": "ACME", "role": "clerk"}}),
        (b"fields[company]=", {}),
        (b"fields[=x&fields]=y", {"fields[": "x", "fields]": "y"}),
        (b"name", {}),
    ],
)
def test_a_form_is_read_by_its_names(body: bytes, form: dict[str, object]) -> None:
    assert parse_form(body) == form


@reproducible
@given(values=st.dictionaries(texts.filter(lambda name: not name.startswith("fields")), texts, max_size=6))
def test_what_a_browser_encodes_is_read_unchanged(values: dict[str, str]) -> None:
    body = urlencode(values).encode()

    assert parse_form(body) == {name: value for name, value in values.items() if value}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"name=Ada&name=Bob", "/name"),
        (b"fields[company]=A&fields[company]=B", "/fields/company"),
        (b"fields[company]=A&fields=B", "/fields"),
        (b"fields=B&fields[company]=A", "/fields"),
        (b"a/b~c=1&a/b~c=2", "/a~1b~0c"),
        (b"fields[a/b]=1&fields[a/b]=2", "/fields/a~1b"),
    ],
)
def test_a_name_that_is_given_twice_is_refused_where_it_stands(body: bytes, pointer: str) -> None:
    (error,) = refusal_of(body).errors

    assert error.pointer == pointer


@pytest.mark.parametrize(
    "body", [b"name=\xff", b"name=%FF", b"name=%ED%A0%80", b"&".join([b"a=b"] * 65)], ids=lambda body: str(body[:12])
)
def test_what_is_no_form_is_refused(body: bytes) -> None:
    assert refusal_of(body).detail == "The body is not a form."


@reproducible
@given(body=st.binary(max_size=60) | st.text("abfields[]=&%/0~", max_size=60).map(str.encode))
def test_any_body_is_a_form_or_a_problem(body: bytes) -> None:
    try:
        form = parse_form(body)
    except ProblemError:
        return

    assert all(isinstance(value, str | dict) for value in form.values())

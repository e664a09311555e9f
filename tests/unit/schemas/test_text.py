from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from schemas.text import EXPLANATIONS, FIELD_NAME, EmailAddress, LanguageTag, PhoneNumber, WebUrl, line, text

Line = Annotated[str, line(max_length=40)]
Text = Annotated[str, text(max_length=40)]
FieldName = Annotated[str, Field(pattern=FIELD_NAME)]

CONTROL_CHARACTERS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
LINE_BREAKS_AND_TABS = ["\t", "\n", "\r"]


def accepts(kind: Any, value: str) -> bool:
    try:
        return bool(TypeAdapter(kind).validate_python(value) == value)
    except ValidationError:
        return False


@pytest.mark.parametrize("character", CONTROL_CHARACTERS, ids=ascii)
def test_a_line_holds_no_control_character(character: str) -> None:
    assert not accepts(Line, f"Ada{character}Lovelace")


@pytest.mark.parametrize("character", sorted(set(CONTROL_CHARACTERS) - set(LINE_BREAKS_AND_TABS)), ids=ascii)
def test_a_text_holds_no_control_character_but_line_breaks_and_tabs(character: str) -> None:
    assert not accepts(Text, f"Dear{character}Ada")


@pytest.mark.parametrize("character", LINE_BREAKS_AND_TABS, ids=ascii)
def test_a_text_keeps_line_breaks_and_tabs(character: str) -> None:
    assert accepts(Text, f"Dear{character}Ada")


@pytest.mark.parametrize("kind", [Line, Text])
@pytest.mark.parametrize("value", ["Žofie Nováková", "王小明", "محمد", "👩🏽‍🚀 e\u0301", "a b", ""])
def test_every_script_is_kept(kind: Any, value: str) -> None:
    assert accepts(kind, value)


@pytest.mark.parametrize("kind", [Line, Text])
def test_length_is_counted_in_characters(kind: Any) -> None:
    assert accepts(kind, "👩" * 40)
    assert not accepts(kind, "👩" * 41)


@pytest.mark.parametrize(
    "address",
    ["ada@example.org", "a@b.co", "ada.king+tag@mail.example.museum", "o'hara@example.org", "x_y-z@a-b.example.org"],
)
def test_an_address_that_a_browser_takes_is_accepted(address: str) -> None:
    assert accepts(EmailAddress, address)


@pytest.mark.parametrize(
    "address",
    [
        "", "ada", "ada@", "@example.org", "ada@example", "ada@example.", "ada@.org", "ada@-example.org",
        "ada@example-.org", "ada@@example.org", "ada lovelace@example.org", "ada@exa mple.org", "ada@example.org\n",
        "ada@example.org\r\nBcc: victim@example.org", "Ada <ada@example.org>", "ada@example.org,bob@example.org",
        "ada@[192.0.2.1]", "ada@example.o", "ädä@example.org", "a" * 65 + "@example.org", "ada@" + "a" * 64 + ".org",
        "ada@" + "abcdefghi." * 25 + "org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    assert not accepts(EmailAddress, address)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (WebUrl, "https://example.org"),
        (WebUrl, "http://localhost:8000/a?b=c#d"),
        (LanguageTag, "de"),
        (LanguageTag, "zh-Hant-TW"),
        (PhoneNumber, "+49 (30) 123-456"),
        (PhoneNumber, "030/123.456"),
        (FieldName, "company name_2.b-c"),
    ],
)
def test_a_value_of_its_kind_is_accepted(kind: Any, value: str) -> None:
    assert accepts(kind, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (WebUrl, "javascript:alert(1)"),
        (WebUrl, "ftp://example.org"),
        (WebUrl, "//example.org"),
        (WebUrl, "https://exa mple.org"),
        (WebUrl, "https://example.org\n"),
        (WebUrl, "https://"),
        (LanguageTag, "d"),
        (LanguageTag, "de_DE"),
        (LanguageTag, "de-"),
        (PhoneNumber, "call me"),
        (PhoneNumber, "12"),
        (PhoneNumber, "+49\n30123"),
        (FieldName, ""),
        (FieldName, " company"),
        (FieldName, "<b>"),
        (FieldName, "a/b"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: Any, value: str) -> None:
    assert not accepts(kind, value)


@pytest.mark.parametrize("sentence", EXPLANATIONS.values())
def test_an_explanation_is_a_sentence_and_shows_no_pattern(sentence: str) -> None:
    assert sentence.endswith(".")
    assert not {"^", "\\", "$"} & set(sentence)

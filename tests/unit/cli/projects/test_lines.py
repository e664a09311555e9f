import io
import json
from typing import Any

import pytest

from cli.projects.errors import FileError
from cli.projects.lines import check, projects
from shared.projects.project import CONTENT

CONTENT_FIELDS = {"title": "Brücke", "slug": "bruecke", "locale": "de", "tags": ["Stahl"], "date": "2026-05-01"}
SYSTEM_FIELDS = {
    "id": "0199f3a1-0000-7000-8000-000000000001", "version": 7, "published_at": "2026-11-24T00:00:00.000Z",
    "created_at": "2026-11-24T00:00:00.000Z", "created_by": "ada", "updated_at": "2026-11-24T00:00:00.000Z",
    "updated_by": "grace",
}  # fmt: skip


def text(*documents: Any) -> bytes:
    """Return documents as a file of JSON Lines."""
    return "".join(f"{json.dumps(document)}\n" for document in documents).encode()


def checked(content: bytes) -> int:
    return check(io.BytesIO(content), "f.jsonl")


def refused(content: bytes) -> FileError:
    with pytest.raises(FileError) as caught:
        checked(content)
    return caught.value


def key(content: bytes, name: str = "") -> str:
    (line,) = projects(io.BytesIO(content), "f.jsonl")
    return line.key(name)


def test_what_is_sent_is_the_content_without_what_the_stage_adds() -> None:
    (line,) = projects(io.BytesIO(text({**CONTENT_FIELDS, **SYSTEM_FIELDS})), "f.jsonl")

    assert json.loads(line.body) == CONTENT_FIELDS
    assert "Brücke".encode() in line.body


def test_no_field_that_editors_write_is_left_out() -> None:
    assert not set(SYSTEM_FIELDS) & set(CONTENT)


def test_blank_lines_are_skipped_and_counted_in_the_numbers() -> None:
    content = b"\n" + text({"title": "a"}) + b"  \r\n\t\n" + text({"title": "b"}).rstrip()

    assert checked(content) == 2
    assert [line.number for line in projects(io.BytesIO(content), "f.jsonl")] == [2, 5]


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert checked(b"\xef\xbb\xbf" + text({"title": "a"})) == 1


def test_line_separators_of_unicode_end_no_line() -> None:
    content = json.dumps({"title": "a", "body": "b\u2028c"}, ensure_ascii=False).encode()

    (line,) = projects(io.BytesIO(content), "f.jsonl")

    assert json.loads(line.body)["body"] == "b\u2028c"


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        (b'{"title": "a"', "is not JSON: EOF while parsing an object at column 13"),
        (b'{"title": "\xff"}', "is not JSON: "),
        (b'{"title": "\\ud800"}', "is not JSON: "),
        (b'{"title": "a", "position": NaN}', "is not JSON: "),
        (b"[" * 5000, "is not JSON: recursion limit exceeded"),
        (b'[{"title": "a"}]', "must be an object: JSON Lines has one a line, and no array around them"),
        (b'"title"', "must be an object"),
        (b"{}", "/title: Field required"),
        (b'{"title": "a", "colour": "red"}', "/colour: Extra inputs are not permitted"),
        (
            b'{"title": "a", "slug": "A b"}',
            "/slug: Must be words of small letters and digits, joined by single dashes.",
        ),
        (b'{"title": "a", "links": [{"url": "x"}]}', "/links/0/url: Must be an absolute URL"),
        (b'{"title": "a", "custom": {"/x": "1"}}', "/custom/~1x: A field's name must be"),
        (b'{"title": "a", "summary": null}', "/summary: Input should be a valid string"),
        (
            b'{"title": "a", "date": "2026-05-02", "end_date": "2026-05-01"}',
            "/end_date: Must not be earlier than date.",
        ),
    ],
)
def test_a_mistake_is_told_with_file_line_and_pointer(line: bytes, mistake: str) -> None:
    error = refused(text({"title": "good"}) + b"\n" + line + b"\n")

    assert str(error).startswith(f"f.jsonl:3: {mistake}")
    assert str(error).endswith("(nothing was sent)")
    assert error.details == ()


def test_every_mistake_is_told() -> None:
    error = refused(text({"title": 1, "featured": "often"}, {"title": "good"}, {}))

    assert error.details == [
        "f.jsonl:1: /title: Input should be a valid string",
        "f.jsonl:1: /featured: Input should be a valid boolean",
        "f.jsonl:3: /title: Field required",
    ]
    assert str(error) == "2 of 3 lines of f.jsonl are no projects; nothing was sent"


def test_of_very_many_mistakes_the_first_are_told() -> None:
    error = refused(text(*[{}] * 60))

    assert len(error.details) == 51
    assert error.details[49:] == ["f.jsonl:50: /title: Field required", "and 10 more"]
    assert str(error).startswith("60 of 60 lines")


def test_a_line_without_end_is_refused_before_it_fills_the_memory() -> None:
    error = refused(b'{"title": "' + b"x" * 5_000_000 + b'"}')

    assert str(error) == "f.jsonl:1: is longer than a project can be: JSON Lines has one object a line"


def test_the_same_content_has_the_same_key_however_it_is_written() -> None:
    written = json.dumps({**SYSTEM_FIELDS, **CONTENT_FIELDS}, indent=None, separators=(" , ", " : ")).encode()
    backwards = text(dict(reversed(CONTENT_FIELDS.items())))

    assert key(written) == key(text(CONTENT_FIELDS)) == key(backwards)


def test_other_content_has_another_key() -> None:
    assert key(text(CONTENT_FIELDS)) != key(text({**CONTENT_FIELDS, "featured": True}))


def test_under_another_name_a_line_has_another_key() -> None:
    assert key(text(CONTENT_FIELDS)) != key(text(CONTENT_FIELDS), "again") != key(text(CONTENT_FIELDS), "once more")


def test_a_file_that_became_bad_after_it_was_checked_is_told() -> None:
    with pytest.raises(FileError, match=r"f.jsonl:1: /title: Field required \(the file was changed"):
        list(projects(io.BytesIO(b"{}"), "f.jsonl"))

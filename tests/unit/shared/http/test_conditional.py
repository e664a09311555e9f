import pytest

from shared.http.conditional import entity_tag, expected_version, require_unchanged, required_version, tagged
from shared.http.request import Request, parse_request
from shared.problems import InvalidRequestError, PreconditionRequiredError, VersionMismatchError
from tests.unit import events

DOCUMENT = {"id": "1", "notes": "Grüße"}


def request(**headers: str) -> Request:
    return parse_request(
        events.http_event(
            "api_get_submissions", headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
    )


def tag_of(document: dict[str, str], *, version: int = 0) -> str:
    return tagged(request(), document, version=version).headers["ETag"]


def test_a_document_is_answered_with_its_tag_and_kept_only_to_ask_again() -> None:
    response = tagged(request(), DOCUMENT, version=3)

    assert (response.status, response.document) == (200, DOCUMENT)
    assert response.headers["ETag"].startswith('"3-')
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_the_same_document_has_the_same_tag() -> None:
    assert tag_of(DOCUMENT) == tag_of(dict(reversed(DOCUMENT.items())))


def test_another_document_or_version_has_another_tag() -> None:
    assert len({tag_of(DOCUMENT), tag_of({"id": "2"}), tag_of(DOCUMENT, version=1)}) == 3


@pytest.mark.parametrize("form", ["{}", '"0-0000000000000000", {}', '{} , W/"x"', "W/{}"])
def test_who_has_the_document_is_not_sent_it_again(form: str) -> None:
    tag = tag_of(DOCUMENT, version=3)

    response = tagged(request(if_none_match=form.format(tag)), DOCUMENT, version=3)

    assert (response.status, response.document) == (304, None)
    assert response.headers["ETag"] == tag


def test_who_changes_a_document_is_always_sent_it() -> None:
    tag = tag_of(DOCUMENT)
    changed = request(if_none_match=tag)._replace(method="PUT")

    assert tagged(changed, DOCUMENT).status == 200


@pytest.mark.parametrize("tag", ['"3-0000000000000000"', "3", '""', ""])
def test_who_has_another_document_is_sent_this_one(tag: str) -> None:
    assert tagged(request(if_none_match=tag), DOCUMENT, version=3).status == 200


def test_a_precondition_names_the_version_of_the_tag() -> None:
    tag = tag_of(DOCUMENT, version=17)

    assert expected_version(request(if_match=tag)) == 17


@pytest.mark.parametrize("headers", [{}, {"if_match": "*"}, {"if_match": " * "}], ids=str)
def test_without_a_precondition_any_version_will_do(headers: dict[str, str]) -> None:
    assert expected_version(request(**headers)) is None


@pytest.mark.parametrize(
    "tag",
    [
        "", "3", '"3"', '"3-xyz"', '"-1-0123456789abcdef"', 'W/"3-0123456789abcdef"',
        '"1-0123456789abcdef", "2-0123456789abcdef"', '"٣-0123456789abcdef"', f'"{"9" * 5000}-0123456789abcdef"',
    ],
    ids=lambda tag: tag[:40],
)  # fmt: skip
def test_a_precondition_that_names_no_version_of_ours_is_refused(tag: str) -> None:
    with pytest.raises(InvalidRequestError, match="If-Match"):
        expected_version(request(if_match=tag))


@pytest.mark.parametrize("form", ["{}", " {} "])
def test_a_change_that_must_name_a_version_names_that_of_the_tag(form: str) -> None:
    tag = form.format(tag_of(DOCUMENT, version=17))

    assert required_version(request(if_match=tag)) == 17


@pytest.mark.parametrize("headers", [{}, {"if_match": "*"}, {"if_match": " * "}], ids=str)
def test_a_change_that_must_name_a_version_is_not_accepted_for_any(headers: dict[str, str]) -> None:
    with pytest.raises(PreconditionRequiredError):
        required_version(request(**headers))


@pytest.mark.parametrize("tag", [f"W/{tag_of(DOCUMENT, version=3)}", 'W/"x"', 'W/""'])
def test_a_weak_tag_matches_no_version(tag: str) -> None:
    with pytest.raises(VersionMismatchError):
        required_version(request(if_match=tag))


@pytest.mark.parametrize("tag", ["", "3", '"3"', '"3-xyz"', f"{tag_of(DOCUMENT)}, {tag_of(DOCUMENT)}"])
def test_a_change_that_must_name_a_version_is_refused_with_another_tag(tag: str) -> None:
    with pytest.raises(InvalidRequestError, match="If-Match"):
        required_version(request(if_match=tag))


@pytest.mark.parametrize("tag", [tag_of(DOCUMENT), "*", " * ", f" {tag_of(DOCUMENT)} "])
def test_an_unchanged_document_meets_its_precondition(tag: str) -> None:
    require_unchanged(request(if_match=tag), DOCUMENT)


def test_without_a_precondition_any_document_will_do() -> None:
    require_unchanged(request(), DOCUMENT)


@pytest.mark.parametrize("tag", [entity_tag({"id": "2"}), entity_tag(DOCUMENT, version=1)])
def test_a_changed_document_does_not_meet_its_precondition(tag: str) -> None:
    with pytest.raises(VersionMismatchError):
        require_unchanged(request(if_match=tag), DOCUMENT)


@pytest.mark.parametrize("tag", ["", "x", '"x"', f"W/{tag_of(DOCUMENT)}", f"{tag_of(DOCUMENT)}, {tag_of(DOCUMENT)}"])
def test_a_precondition_that_is_no_tag_of_ours_is_refused(tag: str) -> None:
    with pytest.raises(InvalidRequestError, match="If-Match"):
        require_unchanged(request(if_match=tag), DOCUMENT)

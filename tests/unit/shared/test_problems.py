import pytest

from schemas.responses import Problem
from shared import problems
from shared.problems import FieldError, InvalidRequestError, NotFoundError, ProblemError, VersionMismatchError

KINDS = [kind for kind in vars(problems).values() if isinstance(kind, type) and issubclass(kind, ProblemError)]


def test_a_problem_tells_what_is_wrong_where() -> None:
    error = InvalidRequestError("The body does not fit.", errors=(FieldError("/email", "Must be an address."),))

    assert error.to_document(instance="/api/contact", request_id="r-1") == {
        "type": "urn:sitewire:problem:invalid-request",
        "title": "Invalid request",
        "status": 400,
        "detail": "The body does not fit.",
        "instance": "/api/contact",
        "request_id": "r-1",
        "errors": [{"pointer": "/email", "detail": "Must be an address."}],
    }


def test_a_problem_without_fields_has_no_list_of_them() -> None:
    document = NotFoundError("There is none.").to_document(instance="/api/contact/1", request_id="r-1")

    assert "errors" not in document


def test_a_problem_can_show_the_record_as_it_is() -> None:
    error = VersionMismatchError("It was changed.", members={"record": {"version": 4}})

    document = error.to_document(instance="/api/projects/1", request_id="r-1")

    assert (document["record"], document["status"]) == ({"version": 4}, 412)


@pytest.mark.parametrize("kind", KINDS)
def test_every_problem_is_of_the_declared_shape(kind: type[ProblemError]) -> None:
    document = kind("What is wrong.").to_document(instance="/api/contact", request_id="r-1")

    assert Problem.model_validate(document).model_dump(exclude_none=True) == document


def test_every_problem_has_a_type_of_its_own() -> None:
    own = [kind for kind in KINDS if kind is not ProblemError]

    assert len({kind.slug for kind in own}) == len(own)


def test_a_problem_of_another_type_has_another_status_unless_one_is_a_kind_of_the_other() -> None:
    own = [kind for kind in KINDS if kind.__base__ is ProblemError]

    assert len({kind.status for kind in own}) == len(own)

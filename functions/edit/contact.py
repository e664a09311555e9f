"""PUT and DELETE /api/contact/{id}: change or erase a submission."""

import os

from functions.edit.settings import EditSettings
from shared.clients import client
from shared.http.conditional import expected_version, tagged
from shared.http.endpoint import Endpoint
from shared.http.path import record_id
from shared.http.records import not_found, submission_document
from shared.http.request import Request
from shared.http.response import Response
from shared.problems import VersionMismatchError
from shared.table.submissions import SubmissionTable, VersionConflictError
from shared.validation import Validator

settings = EditSettings.from_environment(os.environ)
submissions = SubmissionTable(client("dynamodb"), settings.table_name)
validator = Validator("ContactUpdate")


def answer(request: Request) -> Response:
    """Answer both routes; If-Match is honoured where it is given."""
    identifier = record_id(request)
    try:
        return erase(request, identifier) if request.method == "DELETE" else update(request, identifier)
    except VersionConflictError:
        detail = "Somebody changed the submission since you read it. Read it again, then repeat the change."
        raise VersionMismatchError(detail) from None


def update(request: Request, identifier: str) -> Response:
    """Set status or notes and return the submission as it is then."""
    changes = validator.from_json(request.body)
    changed = submissions.update(identifier, changes, updated_by=request.subject, version=expected_version(request))
    if changed is None:
        raise not_found(identifier)
    return tagged(request, submission_document(changed), version=changed["version"])


def erase(request: Request, identifier: str) -> Response:
    """Remove the submission and its deliveries; the ledger keeps only that the message was applied."""
    if not submissions.erase(identifier, version=expected_version(request)):
        raise not_found(identifier)
    return Response(204)


handler = Endpoint("edit_contact", answer, allowed_origins=settings.allowed_origins)

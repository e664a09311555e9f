"""API Gateway's models of request bodies.

API Gateway can say that a body does not fit, but never which field is to blame, and a form needs the field. So its
model refuses what has no field to name (no JSON, no object, more fields than exist) before a function is paid for,
and leaves the fields to the function's validator, which was compiled from the same declaration.
"""

from typing import Any

from pydantic import TypeAdapter

from schemas.requests import REQUESTS


def gateway_model(name: str) -> dict[str, Any]:
    """Return the model of a request in JSON Schema draft 4, the dialect that API Gateway reads."""
    schema = TypeAdapter(REQUESTS[name]).json_schema()
    return {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": name,
        "type": schema["type"],
        "maxProperties": len(schema["properties"]),
    }

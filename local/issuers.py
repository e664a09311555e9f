"""Where the embedded AWS serves a user pool's public keys: tokens name the issuer that they would have on AWS."""

import json
import re
from typing import Any

# Stands in the text for an intrinsic function, by its number; no URL and no name holds this.
_MARK = re.compile(r"<<(\d+)>>")


def with_local_keys(issuers: Any, endpoint_url: str) -> Any:  # noqa: ANN401  text or an intrinsic function
    """Return a function's `ISSUERS` with the keys of user pools at `endpoint_url`, and all else as it was.

    Parameters
    ----------
    issuers
        The variable's value in a template: JSON, or Fn::Join of parts of it.
    endpoint_url
        Where the embedded AWS listens, without a slash at its end.
    """
    parts = [issuers] if isinstance(issuers, str) else issuers["Fn::Join"][1]
    intrinsics = [part for part in parts if not isinstance(part, str)]
    numbers = iter(range(len(intrinsics)))
    text = "".join(part if isinstance(part, str) else f"<<{next(numbers)}>>" for part in parts)
    document = json.loads(text)
    for issuer in document:
        if issuer["kind"] == "cognito":
            pool = issuer["issuer"].rpartition("/")[2]
            issuer["jwks_url"] = f"{endpoint_url}/{pool}/.well-known/jwks.json"
    pieces = _MARK.split(json.dumps(document, separators=(",", ":")))
    # Every second piece is what a mark held.
    joined = [intrinsics[int(piece)] if index % 2 else piece for index, piece in enumerate(pieces)]
    return {"Fn::Join": ["", joined]} if intrinsics else joined[0]

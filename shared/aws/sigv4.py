"""Sign requests to AWS's JSON protocols with Signature Version 4.

Source: "Create a signed AWS API request", AWS IAM User Guide. The tests hold every signature to botocore's.
"""

import hashlib
import hmac
import time

from shared.aws.credentials import Credentials

_ALGORITHM = "AWS4-HMAC-SHA256"


class Signer:
    """Signer of POST requests to `/` of one service.

    Parameters
    ----------
    credentials
        The role's credentials.
    service
        The service's signing name, such as `events`.
    host
        The Host header of every request, with the port where it isn't the scheme's own.
    content_type
        The Content-Type header of every request.
    """

    def __init__(self, credentials: Credentials, *, service: str, host: str, content_type: str) -> None:
        self._credentials = credentials
        self._service = service
        self._host = host
        self._content_type = content_type
        self._day = ""
        self._key = b""

    def headers(self, *, target: str, body: bytes, now: float | None = None) -> dict[str, str]:
        """Return the headers of a signed request.

        Parameters
        ----------
        target
            The X-Amz-Target header: the operation.
        body
            The body, as it will be sent.
        now
            Seconds since the epoch; this moment if not given.
        """
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        headers = {"content-type": self._content_type, "host": self._host, "x-amz-date": moment}
        if self._credentials.session_token:
            headers["x-amz-security-token"] = self._credentials.session_token
        headers["x-amz-target"] = target
        headers["authorization"] = self._authorization(headers, body, moment)
        return headers

    def _authorization(self, headers: dict[str, str], body: bytes, moment: str) -> str:
        # The headers were added in the order of their names, which is the canonical order.
        names = ";".join(headers)
        lines = "\n".join(f"{name}:{value}" for name, value in headers.items())
        request = f"POST\n/\n\n{lines}\n\n{names}\n{hashlib.sha256(body).hexdigest()}"
        day = moment[:8]
        scope = f"{day}/{self._credentials.region}/{self._service}/aws4_request"
        to_sign = f"{_ALGORITHM}\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        signature = hmac.digest(self._signing_key(day), to_sign.encode(), "sha256").hex()
        credential = f"{self._credentials.access_key}/{scope}"
        return f"{_ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={signature}"

    def _signing_key(self, day: str) -> bytes:
        """Return the key of `day`, which the credentials, the region and the service determine."""
        if day != self._day:
            key = f"AWS4{self._credentials.secret_key}".encode()
            for part in (day, self._credentials.region, self._service, "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._day, self._key = day, key
        return self._key

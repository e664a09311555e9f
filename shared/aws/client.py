"""Call one AWS service over its JSON protocol: one kept connection, signed requests, bounded retries.

An SDK's import and its per-call machinery are most of an ingest function's cost. What remains of it for one operation
fits here; every other function uses boto3.
"""

import contextlib
import json
import os
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from shared.attempts import attempts
from shared.aws.connection import Connection
from shared.aws.credentials import Credentials
from shared.aws.errors import AwsError, AwsRefusedError, AwsUnreachableError
from shared.aws.sigv4 import Signer

_BACKOFF_SECONDS = 0.05
_THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"})
_OK = 200
_SERVER_ERROR = 500


def _encode(request: object) -> bytes:
    return json.dumps(request, separators=(",", ":")).encode()


class JsonClient:
    """Client of one service, for one execution environment.

    Parameters
    ----------
    service
        Endpoint prefix and signing name, such as `events`.
    target
        Prefix of X-Amz-Target, such as `AWSEvents`.
    protocol
        Version of the service's JSON protocol: 1.0 for DynamoDB and SQS, 1.1 for EventBridge and Systems Manager.
    environment
        Where credentials, region and `AWS_ENDPOINT_URL` are read from.
    attempts
        How often a call is tried.
    timeout
        Seconds that an attempt may wait for the connection, and for each part of the answer.
    sleep
        How to wait between attempts, in seconds.
    encode, decode
        How requests are written and answers read; `decode` raises ValueError for what is no JSON.
    """

    def __init__(  # noqa: PLR0913  all but the first two are the same for most
        self,
        *,
        service: str,
        target: str,
        protocol: str = "1.1",
        environment: Mapping[str, str] = os.environ,
        attempts: int = 3,
        timeout: float = 3.0,
        sleep: Callable[[float], None] = time.sleep,
        encode: Callable[[Any], bytes] = _encode,
        decode: Callable[[bytes], Any] = json.loads,
    ) -> None:
        credentials = Credentials.from_environment(environment)
        endpoint = urlsplit(
            environment.get(f"AWS_ENDPOINT_URL_{service.upper()}")
            or environment.get("AWS_ENDPOINT_URL")
            or f"https://{service}.{credentials.region}.amazonaws.com"
        )
        self._connection = Connection(endpoint.scheme, endpoint.hostname or "", endpoint.port, timeout=timeout)
        content_type = f"application/x-amz-json-{protocol}"
        self._signer = Signer(credentials, service=service, host=endpoint.netloc, content_type=content_type)
        self._target = target
        self._attempts = attempts
        self._sleep = sleep
        self._encode = encode
        self._decode = decode

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Call `operation` and return its answer.

        Repeats what is safe to repeat because AWS said or showed that it did nothing, and what came to no answer:
        the operations used here deliver messages that carry an id of their own, which is applied once, or make what
        can exist only once.

        Raises
        ------
        AwsRefusedError
            When AWS answered with an error that a repetition would not mend, or kept answering with one that it might.
        AwsUnreachableError
            When no attempt came to an answer.
        """
        body = self._encode(request)
        failure: AwsError
        for _ in attempts(self._attempts, _BACKOFF_SECONDS, self._sleep):
            try:
                return self._send(f"{self._target}.{operation}", body)
            except AwsUnreachableError as error:
                failure = error
            except AwsRefusedError as error:
                if error.status < _SERVER_ERROR and error.code not in _THROTTLED:
                    raise
                failure = error
        raise failure

    def _send(self, target: str, body: bytes) -> dict[str, Any]:
        headers = self._signer.headers(target=target, body=body)
        status, answer = self._exchange(body, headers)
        if status != _OK:
            problem = _error_document(answer)
            # `__type` may carry a namespace: "com.amazon.events#ThrottlingException".
            code = str(problem.get("__type", "Unknown")).rpartition("#")[2]
            raise AwsRefusedError(status, code, problem)
        try:
            document: dict[str, Any] = self._decode(answer)
        except ValueError as error:
            raise AwsUnreachableError("UnreadableAnswer") from error
        return document

    def _exchange(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        was_kept = self._connection.is_open
        try:
            return self._connection.post(headers, body)
        except TimeoutError as error:
            raise AwsUnreachableError("TimeoutError") from error
        except (OSError, ValueError) as error:
            if not was_kept:
                raise AwsUnreachableError(type(error).__name__) from error
        # AWS closes idle connections. A kept one that breaks without an answer says nothing about the service, so
        # the request is sent once more on a fresh connection, without waiting.
        return self._exchange(body, headers)


def _error_document(answer: bytes) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        document = json.loads(answer)
        if isinstance(document, dict):
            return document
    return {}

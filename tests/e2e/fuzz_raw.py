"""Requests that no OpenAPI document can describe: broken bodies, wrong types, odd paths, and everything twice."""

import gzip
import http.client
import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from schemas.routes import ROUTES, Role, Route
from tests.e2e.fuzz_answers import LONGEST_SECONDS, Answer, shape_faults
from tests.e2e.fuzz_cases import Records

_JSON = "application/json"
_TAG = '"1-0000000000000000"'


class Raw(NamedTuple):
    """A request as it is written to the connection; headers may come twice."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


def raw_requests(records: Records) -> list[Raw]:
    """Return requests for every route that the stage does not limit narrowly."""
    return [request for route in ROUTES if not route.throttle for request in _of_route(route, records)]


def _of_route(route: Route, records: Records) -> Iterator[Raw]:
    path = _path(route, records)
    who = tuple({**records.callers[max(route.role, Role.EDITOR)], **records.key}.items())
    plain = (*who, ("If-Match", _TAG))
    if route.request:
        yield from (Raw(route.method, path, (*plain, ("Content-Type", _JSON)), body) for body in _BODIES)
        yield from (Raw(route.method, path, (*plain, *headers), body) for headers, body in _TYPED_BODIES)
    elif route.method == "GET":
        yield from (Raw("GET", path + query, who) for query in _QUERIES)
    if route.method != "GET":
        yield from (Raw(route.method, path, (*who, *headers)) for headers in _HEADERS)
    if "{id}" in route.path and not route.request:
        yield from (Raw(route.method, _path(route, records, segment), plain) for segment in _SEGMENTS)
    others = {"HEAD", "OPTIONS", "TRACE", "PATCH", "BREW"} - {served.method for served in ROUTES}
    yield from (Raw(method, path, who) for method in sorted(others))


def _path(route: Route, records: Records, segment: str | None = None) -> str:
    """Return a route's path with the id of what may be erased, or with `segment` in its place."""
    known = records.doomed.get(route.path.split("/")[2], [""])[-1]
    return route.path.replace("{id}", segment or known).replace("{version}", "1")


def send_raw(request: Raw, base_url: str) -> Answer:
    """Send a request byte by byte as it is, and look at the shape of the answer."""
    base = urlsplit(base_url)
    described = f"{request.target[:200]!r} {request.headers[2:]!r:.300} {request.body[:80]!r}"
    connection = http.client.HTTPConnection(base.hostname or "", base.port, timeout=LONGEST_SECONDS)
    try:
        connection.putrequest(request.method, base.path + request.target, skip_accept_encoding=True)
        for name, value in request.headers:
            connection.putheader(name, value.encode("latin-1"))
        connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body)
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        return Answer(request.method, described, 0, (f"no answer: {type(error).__name__}",))
    finally:
        connection.close()
    content_type = response.headers.get("Content-Type", "")
    # The answer to HEAD has no body that could be looked at.
    has_body = request.method != "HEAD"
    faults = shape_faults(response.status, content_type, body) if has_body or response.status >= 500 else []
    return Answer(request.method, described, response.status, tuple(faults))


def _nested(depth: int) -> bytes:
    return b'{"title":' * depth + b"1" + b"}" * depth


def _form(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


_BODIES: tuple[bytes, ...] = (
    b"",
    b" ",
    b"{",
    b"}",
    b"{}",
    b"[]",
    b"null",
    b"true",
    b"0",
    b'""',
    b"{]",
    b'{"a":}',
    b'{"a":1,}',
    b"{'a':1}",
    b'{"a":1}{"a":2}',
    b'{"a":NaN}',
    b'{"position":Infinity}',
    b'{"position":1e999}',
    b'{"version":1E400,"expires_in":-0}',
    b'{"position":' + b"9" * 5000 + b"}",
    b'{"version":1.0000000000000000000000000001}',
    b'{"title":"a","title":"b"}',
    b'{"\\u0000":"\\u0000"}',
    b'{"title":"\\ud800","name":"\\ud800","notes":"\\udfff"}',
    b'{"title":"\xff\xfe"}',
    b'{"title":"\xed\xa0\x80"}',
    b"\xef\xbb\xbf{}",
    '{"title":"x"}'.encode("utf-16"),
    b"\x00",
    b"\x00" * 1000,
    bytes(range(256)),
    b"[" * 100_000,
    b'{"a":' * 20_000,
    _nested(50),
    _nested(5_000),
    b'{"title":"' + "\U0001f600".encode() * 60_000 + b'"}',
    b'{"body":"' + b"x" * 300_000 + b'"}',
    b'{"title":"' + b"x" * 1_000_000 + b'"}',
    _form(**{f"name{number}": number for number in range(2000)}),
    _form(title="x" * 201, slug="a" * 101, locale="x" * 12, name="x" * 201, notes="x" * 10_001),
    _form(title="x", tags=["x" * 51] * 11, links=[{}] * 21, images=[{}] * 51, custom={f"n{n}": "" for n in range(31)}),
    _form(title="x", date="0000-00-00", end_date="2024-02-30", publish_at="0001-01-01T00:00:00+23:59"),
    _form(title="x", publish_at="9999-12-31T23:59:59-23:59", unpublish_at="9999-12-31T23:59:60Z"),
    _form(title="\u202e\u200f\u0301" * 20, tags=["\u0130", "i\u0307", "\u00df", "ss", "SS", "\ufb03"]),
    _form(positions=[]),
    _form(positions=[{"id": "01890a5d-ac96-774b-bcce-b302099a8057", "position": 1}] * 101),
    _form(version=2**63, expires_in=2**64),
    _form(__proto__={}, constructor={}, **{"title": "x", "$ref": "#"}),
)  # fmt: skip

_TYPED_BODIES: tuple[tuple[tuple[tuple[str, str], ...], bytes], ...] = (
    ((), b'{"title":"x"}'),
    ((("Content-Type", ""),), b'{"title":"x"}'),
    ((("Content-Type", ";"),), b"{}"),
    ((("Content-Type", "text/plain"),), b"title"),
    ((("Content-Type", "text/html; charset=utf-8"),), b"<p>"),
    ((("Content-Type", "application/xml"),), b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    ((("Content-Type", "application/octet-stream"),), b"\x00\xff"),
    ((("Content-Type", "application/json; charset=utf-16"),), '{"title":"x"}'.encode("utf-16")),
    ((("Content-Type", "APPLICATION/JSON;charset=x;charset=y"),), b"{}"),
    ((("Content-Type", "application/problem+json"),), b"{}"),
    ((("Content-Type", "application/merge-patch+json"),), b"[]"),
    ((("Content-Type", "application/merge-patch+json"),), b'{"seo":null,"cover":{"src":null},"custom":{"a":null}}'),
    ((("Content-Type", "application/json-patch+json"),), b'[{"op":"remove","path":"/title"}]'),
    ((("Content-Type", "multipart/form-data"),), b"--x\r\n\r\n--x--"),
    ((("Content-Type", "multipart/form-data; boundary=x"),), b'--x\r\nContent-Disposition: form-data; name="a"\r\n'),
    ((("Content-Type", "application/x-www-form-urlencoded"),), b"name=a&name=b&message=%FF&fields[a]=1&fields=2"),
    ((("Content-Type", "application/x-www-form-urlencoded"),), b"&".join(b"a%d=" % n for n in range(5000))),
    ((("Content-Type", "application/x-www-form-urlencoded"),), b"%"),
    ((("Content-Type", _JSON), ("Content-Encoding", "gzip")), gzip.compress(b"{}", mtime=0)),
    ((("Content-Type", _JSON), ("Content-Type", "text/plain")), b"{}"),
    ((("Content-Type", _JSON), ("If-Match", '"2-0000000000000000"')), b"{}"),
    ((("Content-Type", _JSON), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")), b"{}"),
)  # fmt: skip

_SEGMENTS: tuple[str, ...] = (
    "0",
    "-1",
    "null",
    "%00",
    "%0A",
    "%20",
    "%2E%2E",
    "%252e%252e%252f",
    "a%2Fb",
    "%C0%AF",
    "%ED%A0%80",
    "%FF",
    "%",
    "%zz",
    "%F0%9F%98%80",
    "%E2%80%AE",
    "*",
    ";a=b",
    "a;b,c@d",
    "$%7Bjndi%7D",
    "%3Cscript%3E",
    "'%20OR%201=1--",
    "01890A5D-AC96-774B-BCCE-B302099A8057",
    "01890a5d-ac96-774b-bcce-b302099a8057%0A",
    "x" * 101,
    "x" * 3000,
    "%F0%9F%98%80" * 600,
)  # fmt: skip

_QUERIES: tuple[str, ...] = (
    "?",
    "?&&=&",
    "?limit",
    "?limit=",
    "?limit=1&limit=2",
    "?limit=1&limit=x",
    "?limit=0",
    "?limit=-1",
    "?limit=1e3",
    "?limit=%D9%A1",
    "?limit=" + "9" * 100,
    "?limit=%00",
    "?cursor=",
    "?cursor=%FF",
    "?cursor=" + "A" * 4000,
    "?cursor=AAAA&cursor=AAAA",
    "?cursor=8J-YgA",
    "?cursor=cG9zaXRpb24r" + "_-_-" * 130,
    "?cursor=cG9zaXRpb24r" + "8J-YgPCfmIA8" * 100,
    "?cursor=dGl0bGUr" + "8J-YgPCf" * 60 + "&sort=title",
    "?cursor=OTk5OTk5OTk5",
    "?status=new&status=spam&spam=maybe",
    "?status=trashed&tag=a",
    "?tag=" + "%F0%9F%98%80" * 50,
    "?tag=" + "%CE%90" * 50,
    "?tag=%23%23&year=0000&featured=true",
    "?year=%D9%A1%D9%A2%D9%A3%D9%A4",
    "?locale=" + "x" * 3000,
    "?locale=%F0%9F%98%80",
    "?locale=de&locale=en&locale=%00",
    "?fields=",
    "?fields=,,,",
    "?fields=title&fields=body",
    "?fields=" + "title," * 500,
    "?sort=--title",
    "?preview=",
    "?preview=a.b.c",
    "?preview=%FF%FE",
    "?preview=eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
    "?preview=" + "e30." * 1000,
    "?against=0",
    "?against=999999999",
    "?" + "&".join(f"p{number}={number}" for number in range(500)),
    "?a[b][c]=1&a%5B%5D=2&__proto__=3",
    "#fragment",
)  # fmt: skip

_HEADERS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("If-Match", ""),),
    (("If-Match", "*"),),
    (("If-Match", '"'),),
    (("If-Match", 'W/"1-0000000000000000"'),),
    (("If-Match", f"{_TAG}, {_TAG}"),),
    (("If-Match", '"999999999-ffffffffffffffff"'),),
    (("If-Match", '"0-ffffffffffffffff"'),),
    (("If-Match", _TAG), ("If-Match", "*")),
    (("If-Match", "\xff\xe9"),),
    (("If-None-Match", "*"),),
    (("If-None-Match", ", ".join([_TAG] * 200)),),
    (("If-Match", _TAG), ("Prefer", "wait=999999999999")),
    (("If-Match", _TAG), ("Prefer", 'wait="0"; wait=-1, respond-async'), ("Prefer", "wait")),
    (("If-Match", _TAG), ("Idempotency-Key", "")),
    (("If-Match", _TAG), ("Idempotency-Key", "\xe9" * 300)),
    (("Accept", "text/html"),),
    (("Accept", "*/*;q=x,,"), ("Accept-Encoding", "\xff"), ("Accept-Language", "x" * 2000)),
    (("Origin", "null"),),
    (("Origin", "https://example.org\x85evil"), ("Origin", "https://example.org")),
    (("X-Correlation-Id", "x" * 5000),),
    (("X-Correlation-Id", "12345678"), ("X-Correlation-Id", "87654321")),
    (("X-Forwarded-Proto", "javascript"), ("X-Forwarded-For", "\xff")),
    (("X-HTTP-Method-Override", "DELETE"), ("Expect", "x")),
    (("Authorization", "Bearer a.b.c"),),
    (("Range", "bytes=0-0"), ("If-Modified-Since", "yesterday"), ("Cookie", "=;=;" * 100)),
)  # fmt: skip

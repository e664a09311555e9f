"""A stage as its API shows it, on the loopback address: it keeps projects, and fails as it is told to."""

import hashlib
import json
import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from shared.ids import derived_id, uuid7
from shared.problems import InvalidRequestError
from shared.projects.views import LISTED
from shared.validation import Validator

TOKEN = "token-1"
AUTHOR = "0199f3a1-0000-7000-8000-00000000000a"
PAGE = 2


def _token(asked: "Asked") -> str:
    return asked.headers.get("authorization", "").removeprefix("Bearer ")


class Answer(NamedTuple):
    """What the stage answers: a status, a document, headers."""

    status: int
    document: dict[str, Any]
    headers: Mapping[str, str] = MappingProxyType({})


class Asked(NamedTuple):
    """A request that came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


class Stage(ThreadingHTTPServer):
    """A stage.

    To `viewers`, among its `tokens`, it shows what is published. `faults` are answered in place of what would be; None
    closes the connection unanswered. An operation is looked at `looks` times before it is decided. `before` is called
    with each request of an authenticated caller.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.contents = Validator("ProjectContent")
        self.lock = threading.RLock()
        self.projects: dict[str, dict[str, Any]] = {}
        self.operations: dict[str, dict[str, Any]] = {}
        self.asked: list[Asked] = []
        self.looked: Counter[str] = Counter()
        self.faults: deque[Answer | None] = deque()
        self.looks = 0
        self.tokens = {TOKEN}
        self.viewers: set[str] = set()
        self.before: Callable[[Asked], object] = lambda _: None

    def handle_error(self, *_: object) -> None:
        """Say nothing of callers that hang up: standard error is the command's."""

    @property
    def url(self) -> str:
        """Return where its API is."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def posts(self) -> list[Asked]:
        """Return what was sent to it to be created."""
        return [asked for asked in self.asked if asked.method == "POST" and asked.path == "/v1/api/projects"]

    def keep(self, title: str, **fields: Any) -> str:
        """Keep a project, and return its id."""
        return self._keep(uuid7(), {"title": title, **fields})

    def titles(self) -> list[str]:
        """Return the titles of its projects, sorted."""
        return sorted(document["title"] for document in self.projects.values())

    def answer(self, asked: Asked) -> Answer | None:
        """Answer a request."""
        with self.lock:
            self.asked.append(asked)
            if asked.path == "/v1/api/auth/refresh":
                self.tokens = {f"token-{len(self.asked)}"}
                return Answer(200, {"access_token": next(iter(self.tokens)), "expires_in": 300})
            if self.faults:
                return self.faults.popleft()
        if _token(asked) not in self.tokens:
            return problem(401, "Show a token.")
        with self.lock:
            self.before(asked)
            return self._answer(asked)

    def _answer(self, asked: Asked) -> Answer:
        is_editor = _token(asked) not in self.viewers
        if not is_editor and (asked.method == "POST" or asked.path.endswith("/versions")):
            return problem(403, "Your role does not permit this.")
        if asked.method == "POST":
            return self._create(asked)
        if found := re.fullmatch(r"/v1/api/operations/(.+)", asked.path):
            return self._tell(found[1])
        if found := re.fullmatch(r"/v1/api/projects/(.+)", asked.path):
            document = self.projects.get(found[1])
            return Answer(200, document) if document else problem(404, "There is no such project.")
        return self._list(asked.query if is_editor else {**asked.query, "status": "published"})

    def _create(self, asked: Asked) -> Answer:
        try:
            self.contents.from_json(asked.body)
        except InvalidRequestError as error:
            return problem(400, error.detail, errors=[entry._asdict() for entry in error.errors])
        key = asked.headers["idempotency-key"].encode()
        identifier = derived_id(key, hashlib.sha256(asked.body).digest())
        content = json.loads(asked.body)
        if identifier not in self.operations:
            slugs = {document["slug"] for document in self.projects.values()}
            is_taken = content.get("slug") in slugs
            outcome = {"status": "rejected", "reason": "slug_taken"} if is_taken else {"status": "applied"}
            self.operations[identifier] = outcome
            if not is_taken:
                self._keep(identifier, content)
        return Answer(202, {"id": identifier, "operation_id": identifier, "status_url": "/"})

    def _tell(self, identifier: str) -> Answer:
        self.looked[identifier] += 1
        pending = self.looked[identifier] <= self.looks
        outcome = {"status": "pending"} if pending else self.operations[identifier]
        return Answer(200, {"id": identifier, **outcome, "consumers": []})

    def _list(self, query: dict[str, str]) -> Answer:
        wanted = {name: query[name] for name in ("status", "locale") if name in query}
        found = [document for document in self.projects.values() if wanted.items() <= document.items()]
        start = int(query.get("cursor", "0"))
        page = found[start : start + PAGE]
        fields = set(query["fields"].split(",")) if "fields" in query else set(LISTED)
        items = [{name: value for name, value in document.items() if name in fields} for document in page]
        more = start + PAGE < len(found)
        return Answer(200, {"items": items, "next_cursor": str(start + PAGE) if more else None})

    def _keep(self, identifier: str, content: dict[str, Any]) -> str:
        at = "2026-11-24T00:00:00.000Z"
        self.projects[identifier] = {
            "status": "draft", "locale": "en", "slug": f"project-{identifier}", "body": "", **content,
            "id": identifier, "version": 1,
            "created_at": at, "created_by": AUTHOR, "updated_at": at, "updated_by": AUTHOR,
        }  # fmt: skip
        return identifier


class _Exchange(BaseHTTPRequestHandler):
    server: Stage

    def do_GET(self) -> None:
        """Answer."""
        self._respond()

    def do_POST(self) -> None:
        """Answer."""
        self._respond()

    def log_message(self, *_: object) -> None:
        """Keep silent."""

    def _respond(self) -> None:
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        asked = Asked(self.command, url.path, dict(parse_qsl(url.query)), headers, body)
        answer = self.server.answer(asked)
        if answer is None:
            return
        payload = json.dumps(answer.document).encode()
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(payload))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)


def problem(status: int, detail: str, *, retry_after: int | None = None, **members: Any) -> Answer:
    """Return a problem document."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Answer(status, {"type": "urn:sitewire:problem", "status": status, "detail": detail, **members}, headers)


@contextmanager
def running_stage() -> Iterator[Stage]:
    """Run a stage without projects."""
    with Stage() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()

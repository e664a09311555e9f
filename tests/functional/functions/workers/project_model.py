"""Projects as editors think of them: commands applied one after the other, on plain dictionaries.

It shares nothing with the code that it is held against, and knows neither tables nor transactions.
"""

from typing import Any

Document = dict[str, Any]

EDITED = {
    "title", "slug", "locale", "summary", "body", "tags", "links", "cover", "images", "date", "end_date", "client",
    "status", "publish_at", "unpublish_at", "featured", "position", "custom", "seo",
}  # fmt: skip
BLANK: Document = {
    "status": "draft", "featured": False, "position": 0, "tags": [], "links": [], "images": [], "custom": {}, "seo": {},
}  # fmt: skip
STEMS = {"Analytical Engine": "analytical-engine", "Élan": "elan", "日本": "ri-ben", "🎉": "project"}
"""Titles that the model knows, with what slugs are made of them."""

GIVEN_UP_AT = 3
"""Deliveries that come too early until a command is given up."""


class RefusalError(Exception):
    """Raised for what can't be applied; `early` when it might be later."""

    def __init__(self, reason: str, *, early: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.early = early


class Sheet:
    """A project: its document, its earlier documents, the positions that were asked for, the slugs that it had."""

    def __init__(self) -> None:
        self.document: Document = {}
        self.history: dict[int, Document] = {}
        self.asked: list[tuple[str, str, int]] = []
        self.slugs: list[tuple[str, str]] = []
        self.purged = False

    @property
    def version(self) -> int:
        return int(self.document["version"])

    @property
    def trashed(self) -> bool:
        return "deleted_at" in self.document

    @property
    def public(self) -> bool:
        return self.document.get("status") == "published" and not self.trashed

    @property
    def due_at(self) -> str | None:
        if self.trashed:
            return thirty_days_after(self.document["deleted_at"])
        moment: str | None = {
            "draft": self.document.get("publish_at"),
            "published": self.document.get("unpublish_at"),
        }.get(self.document["status"])
        return moment


class Model:
    """All projects, what became of each command, and what the world was told."""

    def __init__(self) -> None:
        self.sheets: dict[str, Sheet] = {}
        self.fates: dict[str, str] = {}
        self.facts: dict[tuple[str, str], Document] = {}
        self.early: dict[str, set[int]] = {}

    def deliver(self, detail: Document, *, receive_count: int = 1) -> None:
        """Apply a command once; one that comes too early at three of its deliveries is rejected."""
        if detail["id"] in self.fates:
            return
        try:
            getattr(self, f"_{detail['name']}")(detail, detail["data"])
            self.fates[detail["id"]] = "applied"
        except RefusalError as refusal:
            if refusal.early:
                self.early.setdefault(detail["id"], set()).add(receive_count)
            if not refusal.early or len(self.early[detail["id"]]) == GIVEN_UP_AT:
                self.fates[detail["id"]] = f"rejected: {refusal.reason}"

    def documents(self) -> dict[str, Document]:
        """Return the documents of the projects that are not purged."""
        return {project_id: sheet.document for project_id, sheet in self.sheets.items() if not sheet.purged}

    def _CreateProject(self, detail: Document, data: Document) -> None:  # noqa: N802  named as the command
        sheet = Sheet()
        sheet.document = {"id": detail["id"], "version": 0, "created_at": detail["occurred_at"]}
        sheet.document["created_by"] = data["author"]
        content = self._content(sheet, detail, dict(data["project"]), "position" in data["project"])
        self.sheets[detail["id"]] = sheet
        self._write(sheet, detail, {**sheet.document, **content}, "ProjectCreated")

    def _ReplaceProject(self, detail: Document, data: Document) -> None:  # noqa: N802
        sheet = self._read(data, trashed=False)
        asked = {"slug": sheet.document["slug"], **data["project"]}
        self._edit(sheet, detail, asked, "position" in data["project"])

    def _PatchProject(self, detail: Document, data: Document) -> None:  # noqa: N802
        sheet = self._read(data, trashed=False)
        patch = dict(data["patch"])
        if patch.get("custom") is not None:
            patch["custom"] = {**sheet.document["custom"], **patch["custom"]}
        asked = {**edited(sheet.document), **patch}
        self._edit(
            sheet, detail, {name: value for name, value in asked.items() if value is not None}, "position" in patch
        )

    def _RevertProject(self, detail: Document, data: Document) -> None:  # noqa: N802
        sheet = self._read(data, trashed=False)
        if data["to_version"] not in sheet.history:
            reason = "version_not_found"
            raise RefusalError(reason)
        earlier = edited(sheet.history[data["to_version"]])
        for name in ("status", "publish_at", "unpublish_at"):
            earlier.pop(name, None)
            if name in sheet.document:
                earlier[name] = sheet.document[name]
        self._edit(sheet, detail, earlier, asks=False)

    def _DeleteProject(self, detail: Document, data: Document) -> None:  # noqa: N802
        sheet = self._read(data, trashed=False)
        self._write(sheet, detail, {**sheet.document, "deleted_at": detail["occurred_at"]}, "ProjectDeleted")

    def _RestoreProject(self, detail: Document, data: Document) -> None:  # noqa: N802
        sheet = self._read(data, trashed=True)
        kept = {name: value for name, value in sheet.document.items() if name != "deleted_at"}
        self._write(sheet, detail, kept, "ProjectRestored")

    def _PurgeProject(self, detail: Document, data: Document) -> None:  # noqa: N802
        self._purge(self._read(data, trashed=True), detail)

    def _ReleaseProject(self, detail: Document, data: Document) -> None:  # noqa: N802
        sheet = self.sheets.get(data["project_id"])
        if sheet is None or sheet.purged or sheet.due_at != data["due_at"]:
            return
        if sheet.trashed:
            self._purge(sheet, detail)
            return
        document = dict(sheet.document)
        if document["status"] == "draft":
            due = document.pop("publish_at")
            document |= {"status": "published", "published_at": document.get("published_at", due)}
        else:
            del document["unpublish_at"]
            document["status"] = "archived"
        self._write(sheet, detail, document, "ProjectUpdated")

    def _ReorderProjects(self, detail: Document, data: Document) -> None:  # noqa: N802
        sheets = [self.sheets.get(place["id"]) for place in data["positions"]]
        if not all(sheets):
            reason = "not_found"
            raise RefusalError(reason, early=True)
        if all(sheet and sheet.purged for sheet in sheets):
            reason = "not_found"
            raise RefusalError(reason)
        for sheet, place in zip(sheets, data["positions"], strict=True):
            if sheet and not sheet.purged:
                sheet.asked.append((detail["occurred_at"], detail["id"], place["position"]))
                sheet.document["position"] = max(sheet.asked)[2]
        self._tell("ProjectsReordered", detail, {})

    def _read(self, data: Document, *, trashed: bool) -> Sheet:
        """Return the project that a command is made for, as it was when its author read it."""
        sheet = self.sheets.get(data["project_id"])
        if sheet is None:
            reason = "not_found"
            raise RefusalError(reason, early=True)
        if sheet.purged:
            reason = "not_found"
            raise RefusalError(reason)
        if sheet.version != data["version"]:
            reason = "conflict"
            raise RefusalError(reason, early=sheet.version < data["version"])
        if sheet.trashed != trashed:
            raise RefusalError("in_trash" if sheet.trashed else "not_in_trash")
        return sheet

    def _edit(self, sheet: Sheet, detail: Document, asked: Document, asks: bool) -> None:
        content = self._content(sheet, detail, asked, asks)
        kept = {name: value for name, value in sheet.document.items() if name not in EDITED}
        self._write(sheet, detail, {**kept, **content}, "ProjectUpdated")

    def _content(self, sheet: Sheet, detail: Document, asked: Document, asks: bool) -> Document:
        content = {**BLANK, **asked}
        if content["status"] == "published" and "publish_at" in content:
            if content["publish_at"] > detail["occurred_at"]:
                content["status"] = "draft"
            else:
                del content["publish_at"]
        tags: Document = {}
        for tag in content["tags"]:
            tags.setdefault(tag.lower(), tag)
        content["tags"] = list(tags.values())
        content["slug"] = self._slug(sheet, content)
        if asks:
            sheet.asked.append((detail["occurred_at"], detail["id"], content["position"]))
        content["position"] = max(sheet.asked)[2] if sheet.asked else 0
        if content["status"] == "published":
            content["published_at"] = sheet.document.get("published_at", detail["occurred_at"])
        return content

    def _slug(self, sheet: Sheet, content: Document) -> str:
        taken = {slug for other in self.sheets.values() if other is not sheet for slug in other.slugs}
        if "slug" in content:
            if (content["locale"], content["slug"]) in taken:
                reason = "slug_taken"
                raise RefusalError(reason)
            return str(content["slug"])
        stem = STEMS[content["title"]]
        candidates = [stem, *(f"{stem}-{number}" for number in range(2, 40))]
        return next(slug for slug in candidates if (content["locale"], slug) not in taken)

    def _write(self, sheet: Sheet, detail: Document, document: Document, told: str) -> None:
        was_public = sheet.public
        document = {**document, "version": sheet.version + 1, "updated_at": detail["occurred_at"]}
        if "author" in detail["data"]:
            document["updated_by"] = detail["data"]["author"]
        sheet.document = document
        sheet.history[sheet.version] = document
        if (slug := (document["locale"], document["slug"])) not in sheet.slugs:
            sheet.slugs.append(slug)
        self._tell(told, detail, document)
        if sheet.public != was_public:
            self._tell("ProjectPublished" if sheet.public else "ProjectUnpublished", detail, document)

    def _purge(self, sheet: Sheet, detail: Document) -> None:
        sheet.purged, sheet.slugs = True, []
        self._tell("ProjectPurged", detail, sheet.document)

    def _tell(self, name: str, detail: Document, document: Document) -> None:
        shown = ("slug", "locale", "status", "version")
        self.facts[name, detail["id"]] = {field: document[field] for field in shown if field in document}


def edited(document: Document) -> Document:
    """Return what editors write of a document."""
    return {name: value for name, value in document.items() if name in EDITED}


def thirty_days_after(moment: str) -> str:
    """Return the time thirty days after one in August 2026."""
    return f"2026-09-{int(moment[8:10]) - 1:02d}{moment[10:]}"

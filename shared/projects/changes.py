"""What a command makes of a project: the one place that knows the rules.

The same commands give the same project in whatever order they come, and however often. Each names the version that it
was made for, so that of two for one version the first wins and the other is rejected, and one for a version that is
not there yet comes too early. Positions alone have no version: of those, the one that was asked for last wins.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from schemas.project_events import (
    CreateProject,
    DeleteProject,
    PatchProject,
    ProjectCommand,
    PurgeProject,
    ReleaseProject,
    ReplaceProject,
    RestoreProject,
    RevertProject,
    SingleProjectCommand,
)
from schemas.projects import ProjectContent
from shared.clock import timestamp
from shared.delivery import EarlyError
from shared.problems import json_pointer
from shared.projects.content import contradictions
from shared.projects.merge_patch import merge_patch
from shared.projects.outcomes import RejectedError, SupersededError
from shared.projects.project import CONTENT, DEFAULTS, KEPT_SLUGS, LARGEST_CONTENT, Project, Purged
from shared.projects.slugs import Owner, is_free, made_from

_CONTENT = TypeAdapter(ProjectContent)
_KEPT_BY_REVERT = ("status", "publish_at", "unpublish_at", "position")

State = Project | Purged | None


class Surroundings(NamedTuple):
    """What the rules must look up.

    Parameters
    ----------
    owner
        Who has or had a slug.
    version
        From the number of an earlier version to its document; None where it is not kept.
    """

    owner: Owner
    version: Callable[[int], dict[str, Any] | None]


def changed(state: State, command: SingleProjectCommand, surroundings: Surroundings) -> Project | Purged:
    """Return what a command to one project makes of it.

    Parameters
    ----------
    state
        The project; None where there is none yet.
    command
        Any but `ReorderProjects`, which is about several.

    Raises
    ------
    RejectedError
        When it can't be applied, ever.
    EarlyError
        When it was made for a project or version that is still to come.
    SupersededError
        When nothing is left to be done.
    """
    if isinstance(command, CreateProject):
        return _create(state, command, surroundings)
    if isinstance(command, ReleaseProject):
        return _release(state, command)
    in_trash = isinstance(command, PurgeProject | RestoreProject)
    project = _expected(state, command.data.version, trashed=in_trash)
    match command:
        case ReplaceProject() | PatchProject() | RevertProject():
            return _rewritten(project, command, _content(project, command, surroundings), surroundings)
        case DeleteProject():
            return _next(project, command, {**project.document, "deleted_at": timestamp(_time(command))})
        case RestoreProject():
            restored = {name: value for name, value in project.document.items() if name != "deleted_at"}
            return _next(project, command, restored)
        case PurgeProject():
            return Purged(project.id)


def placed(project: Project, position: int, *, stamp: str) -> Project:
    """Return a project at a new position; its version stays, because what its editors write is not touched.

    Raises
    ------
    SupersededError
        When a position was asked for later than `stamp` tells.
    """
    if project.placed >= stamp:
        raise SupersededError
    return project._replace(
        document={**project.document, "position": position}, revision=project.revision + 1, placed=stamp
    )


def stamp_of(command: ProjectCommand) -> str:
    """Return what orders commands by when they were accepted."""
    return f"{timestamp(_time(command))}#{command.id}"


def _expected(state: State, version: int, *, trashed: bool) -> Project:
    if isinstance(state, Purged):
        raise RejectedError("not_found")
    if state is None:
        raise EarlyError("not_found")
    if state.version < version:
        raise EarlyError("conflict")
    if state.version > version:
        raise RejectedError("conflict")
    if state.is_trashed != trashed:
        raise RejectedError("in_trash" if state.is_trashed else "not_in_trash")
    return state


def _create(state: State, command: CreateProject, surroundings: Surroundings) -> Project:
    if state is not None:
        # Its id is the command's own, so it was this very command that created it.
        raise SupersededError
    moment = timestamp(_time(command))
    content = {**DEFAULTS, **command.data.project}
    system = {"id": command.id, "version": 0, "created_at": moment, "created_by": command.data.author}
    blank = Project({**system, "slug": "", "locale": content["locale"], "position": content["position"]})
    return _rewritten(blank, command, content, surroundings)


def _content(
    project: Project, command: ReplaceProject | PatchProject | RevertProject, surroundings: Surroundings
) -> dict[str, Any]:
    """Return the content that a command asks for."""
    match command:
        case ReplaceProject():
            kept = {"slug": project.document["slug"], "position": project.document["position"]}
            return {**kept, **command.data.project}
        case PatchProject():
            return dict(merge_patch(project.content(), command.data.patch))
        case RevertProject():
            return _reverted(project, command, surroundings)


def _rewritten(
    project: Project,
    command: CreateProject | ReplaceProject | PatchProject | RevertProject,
    content: dict[str, Any],
    surroundings: Surroundings,
) -> Project:
    """Return a project with other content."""
    content = _scheduled({**DEFAULTS, **content}, timestamp(_time(command)))
    content["tags"] = _unique(content["tags"])
    stamp = stamp_of(command)
    asks = "position" in _asked(command)
    if not asks or project.placed > stamp:
        content["position"] = project.document["position"]
        stamp = project.placed
    content["slug"] = _slug(project, content, surroundings)
    _require_valid(content)
    system = {name: value for name, value in project.document.items() if name not in CONTENT}
    if content["status"] == "published":
        system.setdefault("published_at", timestamp(_time(command)))
    written = project._replace(placed=stamp, former=_former(project, (content["locale"], content["slug"])))
    return _next(written, command, {**system, **content})


def _asked(command: CreateProject | ReplaceProject | PatchProject | RevertProject) -> dict[str, Any]:
    match command:
        case PatchProject():
            return command.data.patch
        case RevertProject():
            return {}
        case _:
            return command.data.project


def _scheduled(content: dict[str, Any], moment: str) -> dict[str, Any]:
    """Return content in which a project that is to be published later is a draft until then."""
    publish_at = content.get("publish_at", "")
    if content["status"] == "published" and publish_at:
        if publish_at > moment:
            return {**content, "status": "draft"}
        return {name: value for name, value in content.items() if name != "publish_at"}
    return content


def _slug(project: Project, content: dict[str, Any], surroundings: Surroundings) -> str:
    asked, locale = content.get("slug"), content["locale"]
    if asked is None:
        return made_from(content.get("title", ""), locale, project_id=project.id, owner=surroundings.owner)
    slug = str(asked)
    if (locale, slug) != project.slug and not is_free(slug, locale, project_id=project.id, owner=surroundings.owner):
        raise RejectedError("slug_taken")
    return slug


def _former(project: Project, slug: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    known = [former for former in project.former if former != slug]
    if project.slug != slug and project.document["slug"]:
        known.append(project.slug)
    return tuple(known[-KEPT_SLUGS:])


def _reverted(project: Project, command: RevertProject, surroundings: Surroundings) -> dict[str, Any]:
    earlier = surroundings.version(command.data.to_version)
    if earlier is None:
        raise RejectedError("version_not_found")
    content = {name: earlier[name] for name in CONTENT if name in earlier and name not in _KEPT_BY_REVERT}
    return {**content, **{name: value for name, value in project.content().items() if name in _KEPT_BY_REVERT}}


def _require_valid(content: dict[str, Any]) -> None:
    """Refuse what only several commands together could make: each of them was valid by itself."""
    written = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    if len(written) > LARGEST_CONTENT:
        raise RejectedError("too_large")
    try:
        _CONTENT.validate_json(written)
    except ValidationError as error:
        # A place and a kind of error, and nothing that was written.
        first = error.errors(include_url=False, include_input=False)[0]
        raise RejectedError(f"invalid: {json_pointer(*first['loc'])} {first['msg']}") from None
    for wrong in contradictions(content):
        raise RejectedError(f"invalid: {wrong.pointer} {wrong.detail}")


def _release(state: State, command: ReleaseProject) -> Project | Purged:
    if state is None or isinstance(state, Purged) or state.due_at != command.data.due_at:
        raise SupersededError
    if state.is_trashed:
        return Purged(state.id)
    document = dict(state.document)
    if document["status"] == "draft":
        document["status"] = "published"
        document.setdefault("published_at", document.pop("publish_at"))
    else:
        document["status"] = "archived"
        document.pop("unpublish_at")
    return state._replace(
        document={**document, "version": state.version + 1, "updated_at": timestamp(_time(command))},
        revision=state.revision + 1,
    )


def _next(project: Project, command: Any, document: dict[str, Any]) -> Project:  # noqa: ANN401  any with an author
    written = {
        **document,
        "version": project.version + 1,
        "updated_at": timestamp(_time(command)),
        "updated_by": command.data.author,
    }
    return project._replace(document=written, revision=project.revision + 1)


def _time(command: ProjectCommand) -> float:
    return command.occurred_at.timestamp()


def _unique(tags: list[str]) -> list[str]:
    """Return the tags without those that differ from an earlier one in case only."""
    kept: dict[str, str] = {}
    for tag in tags:
        kept.setdefault(tag.casefold(), tag)
    return list(kept.values())

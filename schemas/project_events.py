"""Commands to projects, and the facts that follow from them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.envelope import Event

_ID = "019aa2f4-7c7e-7b3e-9d0a-5a1f0c5d2e11"
_PROJECT = "019aa2f0-11aa-7c3e-8d0a-0a1f0c5d2e22"
_LENIENT = ConfigDict(extra="ignore", frozen=True)

ProjectId = Annotated[str, Field(description="The project.")]
Author = Annotated[str, Field(description="Id of the user who asked for it.")]
Expected = Annotated[int, Field(description="The version that was read: with another one, the command is rejected.")]


def _example(name: str, data: dict[str, Any]) -> ConfigDict:
    example: dict[str, Any] = {
        "id": _ID,
        "name": name,
        "version": 1,
        "occurred_at": "2026-01-31T12:00:00.000Z",
        "correlation_id": "4f6c2f5e-8c1a-4a57-9a53-0d1f6c3b7e20",
        "data": data,
    }
    return ConfigDict(json_schema_extra={"examples": [example]})


class CreateProjectData(BaseModel):
    """A project that is to be."""

    model_config = _LENIENT

    project: dict[str, Any] = Field(description="As `ProjectContent` of the API, its locale filled in.")
    author: Author


class CreateProject(Event[CreateProjectData]):
    """Create a project; its id is the command's."""

    model_config = _example("CreateProject", {"project": {"title": "Engine", "locale": "en"}, "author": "8f3c…"})

    name: Literal["CreateProject"]


class ReplaceProjectData(BaseModel):
    """A project's new content."""

    model_config = _LENIENT

    project_id: ProjectId
    version: Expected
    project: dict[str, Any] = Field(description="As `ProjectContent` of the API, its locale filled in.")
    author: Author


class ReplaceProject(Event[ReplaceProjectData]):
    """Replace a project's content; what is absent is removed, but for slug and position."""

    model_config = _example(
        "ReplaceProject",
        {"project_id": _PROJECT, "version": 3, "project": {"title": "Engine", "locale": "en"}, "author": "8f3c…"},
    )

    name: Literal["ReplaceProject"]


class PatchProjectData(BaseModel):
    """Changes of a project's content."""

    model_config = _LENIENT

    project_id: ProjectId
    version: Expected
    patch: dict[str, Any] = Field(description="A JSON Merge Patch, as `ProjectPatch` of the API.")
    author: Author


class PatchProject(Event[PatchProjectData]):
    """Change some of a project's content."""

    model_config = _example(
        "PatchProject", {"project_id": _PROJECT, "version": 3, "patch": {"status": "published"}, "author": "8f3c…"}
    )

    name: Literal["PatchProject"]


class ProjectVersionData(BaseModel):
    """A project as it was read."""

    model_config = _LENIENT

    project_id: ProjectId
    version: Expected
    author: Author


class DeleteProject(Event[ProjectVersionData]):
    """Move a project to the trash."""

    model_config = _example("DeleteProject", {"project_id": _PROJECT, "version": 3, "author": "8f3c…"})

    name: Literal["DeleteProject"]


class RestoreProject(Event[ProjectVersionData]):
    """Take a project out of the trash."""

    model_config = _example("RestoreProject", {"project_id": _PROJECT, "version": 4, "author": "8f3c…"})

    name: Literal["RestoreProject"]


class PurgeProject(Event[ProjectVersionData]):
    """Remove a project in the trash, with its history, for ever."""

    model_config = _example("PurgeProject", {"project_id": _PROJECT, "version": 4, "author": "8f3c…"})

    name: Literal["PurgeProject"]


class RevertProjectData(ProjectVersionData):
    """A project and which version it is to be again."""

    to_version: int = Field(description="The version whose content comes back, as a new version.")


class RevertProject(Event[RevertProjectData]):
    """Bring the content of an earlier version back; status, times of publication and position stay."""

    model_config = _example("RevertProject", {"project_id": _PROJECT, "version": 3, "to_version": 1, "author": "8f3c…"})

    name: Literal["RevertProject"]


class PlacedProject(BaseModel):
    """A project and its new position."""

    model_config = _LENIENT

    id: str
    position: int


class ReorderProjectsData(BaseModel):
    """New positions."""

    model_config = _LENIENT

    positions: tuple[PlacedProject, ...] = Field(description="Of each project, the position that was asked for last.")
    author: Author


class ReorderProjects(Event[ReorderProjectsData]):
    """Give several projects new positions; the request that was accepted last decides, in whatever order they come."""

    model_config = _example(
        "ReorderProjects", {"positions": [{"id": _PROJECT, "position": 10}], "author": "8f3c…"}
    )  # fmt: skip

    name: Literal["ReorderProjects"]


class ReleaseProjectData(BaseModel):
    """What a project's schedule says."""

    model_config = _LENIENT

    project_id: ProjectId
    due_at: str = Field(description="The time that was scheduled; where it is another one by now, nothing happens.")


class ReleaseProject(Event[ReleaseProjectData]):
    """Publish, archive or purge a project, because the time for it has come."""

    model_config = _example("ReleaseProject", {"project_id": _PROJECT, "due_at": "2026-01-31T12:00:00.000Z"})

    name: Literal["ReleaseProject"]


SingleProjectCommand = (
    CreateProject
    | ReplaceProject
    | PatchProject
    | DeleteProject
    | RestoreProject
    | PurgeProject
    | RevertProject
    | ReleaseProject
)
"""A command to one project."""

ProjectCommand = SingleProjectCommand | ReorderProjects
"""What `apply_project` applies."""


class ProjectFactData(BaseModel):
    """A project after a change."""

    model_config = _LENIENT

    project_id: ProjectId
    operation_id: str = Field(description="Id of the command.")
    slug: str
    locale: str
    status: str
    version: int = Field(description="Its version after the change.")


_CHANGED = {
    "project_id": _PROJECT, "operation_id": _ID, "slug": "engine", "locale": "en", "status": "published", "version": 4,
}  # fmt: skip


class ProjectCreated(Event[ProjectFactData]):
    """A project was created."""

    model_config = _example("ProjectCreated", _CHANGED)
    name: Literal["ProjectCreated"]


class ProjectUpdated(Event[ProjectFactData]):
    """A project's content changed."""

    model_config = _example("ProjectUpdated", _CHANGED)
    name: Literal["ProjectUpdated"]


class ProjectPublished(Event[ProjectFactData]):
    """A project became readable by everybody."""

    model_config = _example("ProjectPublished", _CHANGED)
    name: Literal["ProjectPublished"]


class ProjectUnpublished(Event[ProjectFactData]):
    """A project is no longer readable by everybody."""

    model_config = _example("ProjectUnpublished", {**_CHANGED, "status": "archived"})
    name: Literal["ProjectUnpublished"]


class ProjectDeleted(Event[ProjectFactData]):
    """A project was moved to the trash."""

    model_config = _example("ProjectDeleted", _CHANGED)
    name: Literal["ProjectDeleted"]


class ProjectRestored(Event[ProjectFactData]):
    """A project came back from the trash."""

    model_config = _example("ProjectRestored", _CHANGED)
    name: Literal["ProjectRestored"]


class ProjectPurged(Event[ProjectFactData]):
    """A project is gone for ever."""

    model_config = _example("ProjectPurged", _CHANGED)
    name: Literal["ProjectPurged"]


class ProjectsReorderedData(BaseModel):
    """What was reordered."""

    model_config = _LENIENT

    project_ids: tuple[str, ...]
    operation_id: str = Field(description="Id of the command.")


class ProjectsReordered(Event[ProjectsReorderedData]):
    """Projects have new positions."""

    model_config = _example("ProjectsReordered", {"project_ids": [_PROJECT], "operation_id": _ID})
    name: Literal["ProjectsReordered"]


PROJECT_COMMANDS: dict[str, type[BaseModel]] = {
    model.__name__: model
    for model in (
        CreateProject, ReplaceProject, PatchProject, DeleteProject, RestoreProject, PurgeProject, RevertProject,
        ReorderProjects, ReleaseProject,
    )
}  # fmt: skip
"""Every command by its name."""

PROJECT_FACTS: dict[str, type[BaseModel]] = {
    model.__name__: model
    for model in (
        ProjectCreated, ProjectUpdated, ProjectPublished, ProjectUnpublished, ProjectDeleted, ProjectRestored,
        ProjectPurged, ProjectsReordered,
    )
}  # fmt: skip
"""Every fact by its name."""

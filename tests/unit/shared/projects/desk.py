"""A desk on which commands are applied to one project, without any table."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from schemas.project_events import ProjectCommand, ReorderProjects
from shared.projects.changes import Surroundings, changed, placed, stamp_of
from shared.projects.project import Project, Purged, Slug
from tests.unit.events import projects as commands

_COMMANDS: TypeAdapter[ProjectCommand] = TypeAdapter(Annotated[ProjectCommand, Field(discriminator="name")])


def read(detail: dict[str, Any]) -> ProjectCommand:
    """Return a command as the worker reads it."""
    return _COMMANDS.validate_python(detail)


class Desk:
    """The project number 1, and slugs that are others'.

    Parameters
    ----------
    content
        What it is created with, beside a title and a locale.
    """

    def __init__(self, **content: Any) -> None:
        self.state: Project | Purged | None = None
        self.others: dict[Slug, str] = {}
        self.versions: dict[int, dict[str, Any]] = {}
        if content:
            self.apply(commands.create(1, **content))

    def apply(self, detail: dict[str, Any]) -> Project:
        """Apply a command that purges nothing, and return what it made."""
        self.deliver(detail)
        return self.project

    def deliver(self, detail: dict[str, Any]) -> None:
        """Apply a command; raise what it raises, and leave the project as it is then."""
        command = read(detail)
        assert not isinstance(command, ReorderProjects)
        self.state = changed(self.state, command, Surroundings(self._owner, self.versions.get))
        if isinstance(self.state, Project):
            self.versions[self.state.version] = self.state.document

    def place(self, detail: dict[str, Any]) -> Project:
        """Apply an order and return the project."""
        command = read(detail)
        assert isinstance(command, ReorderProjects)
        self.state = placed(self.project, command.data.positions[0].position, stamp=stamp_of(command))
        return self.project

    @property
    def project(self) -> Project:
        """Return the project as it is."""
        assert isinstance(self.state, Project)
        return self.state

    def _owner(self, slug: Slug) -> str | None:
        own = isinstance(self.state, Project) and slug in {self.state.slug, *self.state.former}
        return commands.identifier(1) if own else self.others.get(slug)

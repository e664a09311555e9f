"""docs/configuration.md: what a person decides of a stage, and what can be changed while it runs."""

from collections.abc import Iterator

from pydantic import BaseModel

from cli.docs.cloud import Cloud
from cli.docs.fields import FieldRow, field_rows, field_table
from cli.docs.markdown import code, listed, page, table
from infra.names import Names
from infra.stage import CONFIGURATION, EXAMPLE, Stage
from schemas.preferences import MailPreferences

_SHAPES: dict[str, type[BaseModel]] = {Names("<stage>").contact_parameter: MailPreferences}
"""What each parameter holds, as JSON."""

_FILE = f"""\
`{CONFIGURATION}` has one table per stage, `[stages.<stage>]`; a field with a dot stands in a table of its own, such as
`[stages.<stage>.contact]`, and one with `[]` in tables that may be repeated, such as `[[stages.<stage>.issuers]]`. A
stage's name has up to 20 lower-case letters, digits and dashes, and begins with a letter.
`local` is the stage that `sitewire dev` runs; `sitewire deploy <stage>` deploys any other.

Copy `{EXAMPLE}` to begin with; where there is no `{CONFIGURATION}`, the example is read. A wrong field is
named together with what was expected."""

_PARAMETERS = """\
Written by a deployment from the fields of the same names, and again only when one of these has changed there. In
between an operator may change it in Parameter Store; functions take that up by themselves."""


def configuration_page(cloud: Cloud) -> str:
    """Return the document."""
    return page(
        "Configuration",
        f"## {CONFIGURATION}",
        _FILE,
        _field_table([row for row in field_rows(Stage) if row.path != "name"]),
        "## Parameter Store",
        _PARAMETERS,
        *_parameters(cloud),
        source="infra/stage.py, schemas/preferences.py and the template",
    )


def _field_table(rows: list[FieldRow]) -> str:
    return table(
        ("Field", "Type", "Default", "Meaning"),
        ((code(row.path), row.type, _default(row), row.meaning) for row in rows),
    )


def _default(row: FieldRow) -> str:
    if row.required:
        return "required"
    return code(str(row.default).lower() if isinstance(row.default, bool) else row.default)


def _parameters(cloud: Cloud) -> Iterator[str]:
    for properties in cloud.resources("AWS::SSM::Parameter").values():
        name = cloud.readable(properties["Name"])
        model = _SHAPES[name]
        yield f"### {code(name)}"
        yield f"{_documentation(model)} Read by {listed(_readers(cloud, f'parameter{name}'))}."
        yield field_table(field_rows(model))


def _readers(cloud: Cloud, resource: str) -> list[str]:
    """Return the functions whose role may use a resource."""
    return [
        name for name, _ in cloud.functions() if any(resource in resources for _, resources in cloud.statements(name))
    ]


def _documentation(model: type[BaseModel]) -> str:
    return str(model.model_json_schema()["description"])

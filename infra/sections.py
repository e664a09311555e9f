"""What sections of a stage have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Origin = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[a-z0-9.-]+(:([0-9]{1,5}|\*))?$"),
    Field(description="an origin such as https://example.org, or http://localhost:* for any port"),
]


class Section(BaseModel):
    """A section of sitewire.toml: it has no other fields than these, and stays as it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

"""The envelope of every event."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Event[Data](BaseModel):
    """The envelope of every event; it travels as the `detail` of an EventBridge event.

    `id` is the message's identity: the ledger applies it once, whatever delivers it.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(description="Identity of the message: UUIDv7, or UUIDv5 where an Idempotency-Key was sent.")
    name: str = Field(description="Also the `detail-type` on the bus.")
    version: Literal[1] = Field(description="A breaking change is a new version beside the old one.")
    occurred_at: AwareDatetime = Field(description="When the request was accepted, in UTC.")
    correlation_id: str = Field(description="The caller's X-Correlation-Id, or the request's id; in every log line.")
    data: Data

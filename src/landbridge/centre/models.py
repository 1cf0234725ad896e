"""What the error centre shows: names of code, ids, counts and moments, never a value."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from landbridge.assembly.catalogue import entry_of
from landbridge.errors.catalogue import Category


class State(StrEnum):
    """What operators have said of a code."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    MUTED = "muted"
    RESOLVED = "resolved"


class Counted(BaseModel):
    """How often a code occurred."""

    code: str
    category: Category
    times: int
    recent: int = Field(description="In the last 24 hours.")
    first_at: datetime
    last_at: datetime

    @property
    def title(self) -> str:
        """What the catalogue calls it."""
        entry = entry_of(self.code)
        return entry.title if entry else self.code


class ErrorGroup(Counted):
    """All occurrences of one code."""

    kept: int = Field(description="Occurrences whose trace was kept.")
    accounts: int = Field(description="Client accounts in which it occurred.")
    state: State
    came_back: bool = Field(description="Whether it occurred again after it was resolved or muted.")
    decided_by: str | None = None
    note: str | None = None
    decided_at: datetime | None = None
    until: datetime | None = None


class PlaceCount(BaseModel):
    """How often it occurred at one place: a route, a command, a phase, a thread."""

    place: str
    times: int
    last_at: datetime


class AffectedAccount(BaseModel):
    """A client account in which it occurred."""

    client_account_id: UUID
    client_account: str
    times: int
    last_at: datetime
    flows: int = Field(description="Flows it occurred on, by the traces that were kept.")


class Example(BaseModel):
    """One occurrence whose trace was kept."""

    id: UUID
    at: datetime
    place: str
    trace_id: str
    status: int | None = None
    client_account_id: UUID | None = None
    client_account: str | None = None
    engagement_id: UUID | None = None
    flow_id: UUID | None = None
    delivery_id: UUID | None = None
    phase: str | None = None
    attempt: int | None = None
    action: str | None = None
    user_id: UUID | None = None
    credential: str | None = None
    error_type: str | None = Field(default=None, description="Of a defect: the exception's type.")
    frames: list[str] = Field(default=[], description="Of a defect: file:line function.")


class Said(BaseModel):
    """What an operator said, and when."""

    state: State
    decided_by: str
    note: str
    at: datetime
    until: datetime | None = None


class ErrorDetail(BaseModel):
    """One code with all that is known of it."""

    group: ErrorGroup
    places: list[PlaceCount]
    accounts: list[AffectedAccount]
    examples: list[Example]
    said: list[Said]


class AccountErrorDetail(BaseModel):
    """One code in one client account."""

    group: Counted
    places: list[PlaceCount]
    examples: list[Example]


class Remedy(BaseModel):
    """What the watchdog did in the last seven days."""

    finding: str
    action: str
    times: int
    last_at: datetime


class Centre(BaseModel):
    """The error centre at a glance."""

    groups: list[ErrorGroup]
    defects: int = Field(description="Open groups of the category BUG: alerts.")
    dropped: int = Field(description="Traces that found no room; they are counted.")
    remedies: list[Remedy]


class Moment(BaseModel):
    """One line of the story of a trace id.

    Attributes:
        kind: error, flow, event, watchdog, attempt, gate, audit, delivery or sending.
        code: the error's code; otherwise what it is called there: an event, an action, a status.
    """

    at: datetime
    kind: str
    code: str
    place: str | None = None
    client_account_id: UUID | None = None
    client_account: str | None = None
    flow_id: UUID | None = None
    phase: str | None = None
    user_id: UUID | None = None
    detail: dict[str, Any] = {}


class Story(BaseModel):
    """Everything with one trace id, in the order of time."""

    trace_id: str
    moments: list[Moment]
    flows: list[UUID]
    codes: list[str]

"""Why something is so: the shape in which every part of the estate explains what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.session import TenantSession


class AppliedRule(BaseModel):
    """The rule that decided.

    Attributes:
        id: its stable name.
        title: the same in a few words.
        words: what it says, whole.
    """

    id: str
    title: str
    words: str


class CellReading(BaseModel):
    """How the text of one cell became a value.

    Attributes:
        column: the column of the file.
        text: what stands there.
        values: attribute → value.
        rule, words: the rule of cleansing, and what it says.
    """

    column: str
    text: str
    values: dict[str, Any]
    rule: str
    words: str


class StatedRow(BaseModel):
    """A row of a file that states something.

    Attributes:
        source: the class of the tool that wrote the file, where it matters.
        import_id, file, table: where the row stands; None once the import is gone.
        row: its number in the table; None: the table as a whole.
        columns: the columns that state it.
        received_at: when the file came.
        cells: how their texts became values.
    """

    source: str | None = None
    import_id: UUID | None = None
    file: str | None = None
    table: str | None = None
    row: int | None = None
    columns: list[str] = []
    received_at: datetime | None = None
    cells: list[CellReading] = []


class DatedFact(BaseModel):
    """Something the world publishes, with its date.

    Attributes:
        title: what it is about.
        says: what it says.
        url: where it is published.
        provenance: through whom it came to us, and under which licence.
        confidence: how well it was checked.
        as_of: the day on which it was taken.
    """

    title: str
    says: str
    url: str | None
    provenance: str | None
    confidence: str | None
    as_of: date | None


class Given(BaseModel):
    """One input of a rule.

    Attributes:
        name: what it is.
        value: what it was; None where it is not known.
        words: what is to be said about it.
        rows: the rows of files that state it, the believed one first.
        id, of: what explains this input in turn.
    """

    name: str
    value: Any = None
    words: str = ""
    rows: list[StatedRow] = []
    id: UUID | None = None
    of: str | None = None


class DecidedBy(BaseModel):
    """A decision of a person, which stands above every rule.

    Attributes:
        by: the user.
        name: their name; None for a former member.
        at: when.
        value: what was decided.
        reason: why, in their words.
    """

    by: UUID | None
    name: str | None
    at: datetime | None
    value: Any
    reason: str | None = None


class Grounds(BaseModel):
    """Why something is so.

    Attributes:
        id: what was asked about.
        of: which of its sides; None: it as a whole.
        kind: finding, score, attribute, dependency, mapping, conflict, application, …
        engagement_id: where it belongs.
        title, says: what it is, and what it says.
        rule: the rule that decided.
        arithmetic: the calculation, to be checked by hand.
        confidence: 0 to 1, where there is one.
        inputs: what the rule looked at, each with the rows that state it.
        facts: dated facts of the world it was held against.
        date, dated: a moment, and what happened then.
        decision: the decision of a person, if there is one.
        remedy: what to do next.
    """

    id: UUID
    of: str | None = None
    kind: str
    engagement_id: UUID
    title: str
    says: str
    rule: AppliedRule
    arithmetic: str | None = None
    confidence: float | None = None
    inputs: list[Given] = []
    facts: list[DatedFact] = []
    date: datetime
    dated: str
    decision: DecidedBy | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains one kind of things.

    Attributes:
        kind: what.
        engagement_of: tells the engagement of an id; None where it is no id of this kind.
        explain: tells the grounds of such an id in its engagement, as a whole (None) or of one
            of its sides; raises NotFound where it has no such side.
    """

    kind: str
    engagement_of: Callable[[TenantSession, UUID], UUID | None]
    explain: Callable[[TenantSession, UUID, UUID, str | None], Grounds]


def engagement_in(table: str) -> Callable[[TenantSession, UUID], UUID | None]:
    """Tells the engagement of an id of a table that has the column `engagement_id`."""
    statement = text(f"select engagement_id from app.{table} where id = :id")

    def engagement_of(session: TenantSession, asked: UUID) -> UUID | None:
        return session.execute(statement, {"id": asked}).scalar_one_or_none()

    return engagement_of


def decided(
    session: TenantSession, by: UUID | None, at: datetime | None, value: Any, reason: str | None
) -> DecidedBy:
    """A decision with the name of who took it."""
    name = session.execute(
        text("select display_name from app.members() where user_id = :by"), {"by": by}
    ).scalar_one_or_none()
    return DecidedBy(by=by, name=name, at=at, value=value, reason=reason)

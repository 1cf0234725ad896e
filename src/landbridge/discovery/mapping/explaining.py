"""Why a column is mapped to an attribute."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.grounds import (
    AppliedRule,
    Explainer,
    Given,
    Grounds,
    StatedRow,
    decided,
)
from landbridge.discovery.imports.places import places
from landbridge.discovery.mapping.queries import ColumnMapping, column
from landbridge.discovery.vocabulary import ATTRIBUTES
from landbridge.errors.common import NotFound

_ENGAGEMENT: Final = text(
    "select i.engagement_id from app.column_mappings m"
    " join app.import_tables t on t.id = m.import_table_id"
    " join app.import_files f on f.id = t.import_file_id"
    " join app.imports i on i.id = f.import_id where m.id = :id"
)
SUGGESTED: Final = AppliedRule(
    id="mapping.suggested",
    title="The likeliest attribute by name, values and neighbours",
    words="Names of columns, what their values look like, the known layout of a tool's export and "
    "what this account decided before each speak for attributes. The confidence says how often "
    "such evidence was right on files whose truth is known.",
)
BY_ITSELF: Final = AppliedRule(
    id="mapping.approved_by_itself",
    title="Sure enough to be approved without a person",
    words=f"{SUGGESTED.words} At or above the threshold of the flow it is approved by itself.",
)
BY_A_PERSON: Final = AppliedRule(
    id="mapping.decided",
    title="A person decided",
    words="A person approved or chose what the column becomes. No later run changes it.",
)


def _engagement_of(session: TenantSession, mapping_id: UUID) -> UUID | None:
    return session.execute(_ENGAGEMENT, {"id": mapping_id}).scalar_one_or_none()


def _mapping(
    session: TenantSession, engagement_id: UUID, mapping_id: UUID, of: str | None
) -> Grounds:
    if of is not None:
        raise NotFound
    m = column(session, engagement_id, mapping_id)
    place = places(session, [m.import_table_id])[str(m.import_table_id)]
    where = StatedRow(
        import_id=place.import_id,
        file=place.file,
        table=place.table,
        columns=[m.column_name],
        received_at=place.received_at,
    )
    by_hand = m.status == "approved" and not m.decided_automatically
    rule = BY_A_PERSON if by_hand else BY_ITSELF if m.status == "approved" else SUGGESTED
    decision = None
    if by_hand:
        decision = decided(session, m.decided_by, m.decided_at, m.attribute or m.target, None)
    return Grounds(
        id=mapping_id,
        kind="mapping",
        engagement_id=engagement_id,
        title=f"Column {m.column_name or m.ordinal + 1} of {place.file}",
        says=_says(m),
        rule=rule,
        confidence=m.confidence,
        inputs=[
            Given(name="column", value=m.column_name, rows=[where]),
            Given(name="values", value=m.samples, words="The first values of the column."),
            *(Given(name="evidence", words=str(e)) for e in m.evidence),
            *(Given(name="alternative", value=a) for a in m.alternatives),
        ],
        date=m.decided_at or place.received_at,
        dated="Decided" if m.decided_at else "The file came",
        decision=decision,
    )


def _says(m: ColumnMapping) -> str:
    if m.target == "ignore":
        return "The column is ignored."
    if m.attribute is None:
        return "The column is kept under its own name."
    known = ATTRIBUTES.get(m.attribute)
    return f"The column is {m.attribute}{f': {known.description}' if known else ''}."


EXPLAINER: Final = Explainer("mapping", _engagement_of, _mapping)

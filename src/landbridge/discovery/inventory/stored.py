"""Reading what the inventory already knows: identities, observations, decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text

from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.merge import Decision
from landbridge.discovery.inventory.observations import Observation, observation_from

Keys = list[tuple[str, str]]


@dataclass(slots=True)
class StoredConflict:
    """A conflict as it stands: candidates as stored, and a person's choice if resolved."""

    id: UUID
    status: str
    candidates: list[dict[str, Any]]
    chosen: Any


@dataclass(slots=True)
class SetByHand:
    """The value that the newest edit gives an attribute; None where it clears it."""

    value: Any
    edit_id: UUID


@dataclass(slots=True)
class StoredAsset:
    """What is needed of an asset to tell whether an import changes it.

    Attributes:
        content_hash: of its content.
        digests: source → digests of its observations.
        conflicts: attribute → conflict.
        by_hand: attribute → what a person set.
    """

    content_hash: bytes
    digests: dict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    conflicts: dict[str, StoredConflict] = field(default_factory=dict)
    by_hand: dict[str, SetByHand] = field(default_factory=dict)

    @property
    def open_conflicts(self) -> int:
        """How many attributes wait for a decision."""
        return sum(c.status == "open" for a, c in self.conflicts.items() if a != "identity")

    @property
    def decisions(self) -> dict[str, Decision]:
        """What people decided about it and set by hand. What was set by hand counts, unless a
        person overruled that very edit in an export.
        """
        found = {
            attribute: Decision(c.chosen["value"], tuple(x["value"] for x in c.candidates))
            for attribute, c in self.conflicts.items()
            if c.chosen is not None and attribute != "identity"
        }
        for attribute, hand in self.by_hand.items():
            if not self.is_overruled(attribute):
                found[attribute] = Decision(hand.value, (), by_hand=True)
        return found

    def is_overruled(self, attribute: str) -> bool:
        """Whether a person, after setting an attribute by hand, wrote another value of it into an
        export.
        """
        conflict, hand = self.conflicts.get(attribute), self.by_hand.get(attribute)
        if conflict is None or conflict.chosen is None or hand is None:
            return False
        return bool(conflict.chosen.get("over") == str(hand.edit_id))


def identities(
    session: TenantSession, engagement_id: UUID, keys: Iterable[tuple[str, str]]
) -> dict[UUID, Keys]:
    """All keys of the assets that have at least one of `keys`."""
    wanted = [("kind", "text"), ("value", 'text collate "C"')]
    found: dict[UUID, Keys] = defaultdict(list)
    with bulk.temporary(session, wanted, keys) as temp:
        rows = session.execute(
            text(
                f"select k.asset_id, k.kind, k.value from app.asset_keys k where k.asset_id in "
                f"(select a.asset_id from app.asset_keys a join {temp} w on a.kind = w.kind "
                f"and a.value = w.value where a.engagement_id = :engagement_id)"
            ),
            {"engagement_id": engagement_id},
        )
        for asset_id, kind, value in rows:
            found[asset_id].append((kind, value))
    return found


def told_before(
    session: TenantSession, engagement_id: UUID, said: Iterable[tuple[int, str, bytes]]
) -> dict[int, UUID]:
    """Of records (number, source, digest of the content), those of which exactly one asset holds
    the very same word of the same source, with that asset.
    """
    columns = [("number", "int"), ("source", "text"), ("digest", "bytea")]
    with bulk.temporary(session, columns, said) as temp:
        rows = session.execute(
            text(
                "select w.number, array_agg(distinct o.asset_id) as assets"
                f" from {temp} w join app.asset_observations o"
                " on o.source = w.source and o.digest = w.digest"
                " join app.assets a on a.id = o.asset_id where a.engagement_id = :e"
                " group by w.number having count(distinct o.asset_id) = 1"
            ),
            {"e": engagement_id},
        )
        return {row.number: row.assets[0] for row in rows}


def is_empty(session: TenantSession, engagement_id: UUID) -> bool:
    """Whether the engagement has no asset yet."""
    return not session.execute(
        text("select exists (select from app.assets where engagement_id = :e)"),
        {"e": engagement_id},
    ).scalar_one()


def open_questions(session: TenantSession, engagement_id: UUID) -> int:
    """Pairs of assets of the engagement that may be one and wait for a person."""
    found: int = session.execute(
        text(
            "select coalesce(sum(jsonb_array_length(candidates)), 0) from app.asset_conflicts"
            " where engagement_id = :e and status = 'open' and attribute = 'identity'"
        ),
        {"e": engagement_id},
    ).scalar_one()
    return found


def asset_id_of(text_of_id: Any) -> UUID | None:
    """A value as an id of ours; None when it is none."""
    try:
        return UUID(text_of_id) if isinstance(text_of_id, str) and len(text_of_id) == 36 else None
    except ValueError:
        return None


def existing(
    session: TenantSession, engagement_id: UUID, ids: Iterable[UUID]
) -> dict[UUID, dict[str, Any]]:
    """The attributes of those of `ids` that are assets of the engagement."""
    with bulk.temporary(session, [("id", "uuid")], ((i,) for i in ids)) as temp:
        rows = session.execute(
            text(
                f"select a.id, a.attributes from app.assets a join {temp} w using (id)"
                " where a.engagement_id = :engagement_id"
            ),
            {"engagement_id": engagement_id},
        )
        return {row.id: row.attributes for row in rows}


def keys_of_assets(session: TenantSession, ids: Iterable[UUID]) -> dict[UUID, Keys]:
    """All keys of some assets."""
    found: dict[UUID, Keys] = defaultdict(list)
    with bulk.temporary(session, [("id", "uuid")], ((i,) for i in ids)) as temp:
        for asset_id, kind, value in session.execute(
            text(
                "select k.asset_id, k.kind, k.value from app.asset_keys k"
                f" join {temp} w on w.id = k.asset_id"
            )
        ):
            found[asset_id].append((kind, value))
    return found


def assets(session: TenantSession, ids: Iterable[UUID]) -> dict[UUID, StoredAsset]:
    """The state of some assets."""
    found: dict[UUID, StoredAsset] = {}
    with bulk.temporary(session, [("id", "uuid")], ((i,) for i in ids)) as temp:
        for asset_id, content_hash in session.execute(
            text(f"select a.id, a.content_hash from app.assets a join {temp} w using (id)")
        ):
            found[asset_id] = StoredAsset(bytes(content_hash))
        for asset_id, source, digest in session.execute(
            text(
                "select o.asset_id, o.source, o.digest from app.asset_observations o"
                f" join {temp} w on w.id = o.asset_id"
            )
        ):
            found[asset_id].digests[source].add(bytes(digest))
        for asset_id, attribute, *conflict in session.execute(
            text(
                "select c.asset_id, c.attribute, c.id, c.status, c.candidates, c.chosen"
                f" from app.asset_conflicts c join {temp} w on w.id = c.asset_id"
            )
        ):
            found[asset_id].conflicts[attribute] = StoredConflict(*conflict)
        for asset_id, attribute, value, edit_id in session.execute(
            text(
                "select v.asset_id, v.attribute, v.value, v.edit_id"
                f" from app.inventory_edit_values v join {temp} w on w.id = v.asset_id"
                " where v.state = 'current'"
            )
        ):
            found[asset_id].by_hand[attribute] = SetByHand(value, edit_id)
    return found


def observations(
    session: TenantSession, ids: Sequence[UUID]
) -> dict[UUID, list[tuple[bytes, Observation]]]:
    """What each source says about some assets, with the digest of each."""
    found: dict[UUID, list[tuple[bytes, Observation]]] = defaultdict(list)
    rows = session.execute(
        text(
            "select asset_id, digest, source, import_id, import_table_id, row_number, body, origins"
            " from app.asset_observations where asset_id = any(:ids)"
        ),
        {"ids": list(ids)},
    )
    for asset_id, digest, *observation in rows:
        found[asset_id].append((bytes(digest), observation_from(*observation)))
    return found

"""Planning: what an import changes about one asset. Pure; nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from landbridge.discovery.inventory import content, single
from landbridge.discovery.inventory.agreement import words
from landbridge.discovery.inventory.components import told_apart
from landbridge.discovery.inventory.merge import LISTS, Conflict, Decision, merge
from landbridge.discovery.inventory.observations import Component, Observation, digest_of
from landbridge.discovery.inventory.stored import StoredAsset, StoredConflict
from landbridge.discovery.vocabulary import ATTRIBUTES

Told = tuple[bytes, Observation]
"""A digest and the observation it belongs to."""


@dataclass(slots=True)
class ConflictChange:
    """A conflict to write: `status` open, or resolved with what was chosen."""

    attribute: str
    candidates: list[dict[str, Any]]
    chosen: Any
    status: str


@dataclass(slots=True)
class Change:
    """What becomes of one asset.

    Attributes:
        asset_id: the asset.
        created: it did not exist.
        row: values of content.COLUMNS; None when the content stays as it is.
        told: observations to add, and `replaced`, the sources whose older word they replace.
        keys, components: the complete new lists, when `told` changes anything.
        conflicts: to insert or update; `settled` are attributes no longer in conflict.
        open_conflicts: number of conflicts left for a person.
    """

    asset_id: UUID
    created: bool
    row: tuple[Any, ...] | None = None
    told: list[Told] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    keys: list[tuple[str, str]] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)
    conflicts: list[ConflictChange] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    open_conflicts: int = 0

    @property
    def nothing(self) -> bool:
        """Whether everything stays as it is."""
        return self.row is None and not self.told and not self.conflicts and not self.settled


def told(observations: Sequence[Observation]) -> list[Told]:
    """Observations with their digests; a source that says the same twice has said it once."""
    found: dict[tuple[str, bytes], Observation] = {}
    for o in observations:
        found.setdefault((o.source, digest_of(o.sealed())), o)
    return [(digest, o) for (_, digest), o in found.items()]


def is_known(new: Sequence[Told], stored: StoredAsset) -> bool:
    """Whether every source says exactly what it said before."""
    by_source: dict[str, set[bytes]] = {}
    for digest, o in new:
        by_source.setdefault(o.source, set()).add(digest)
    return all(stored.digests.get(s) == digests for s, digests in by_source.items())


def plan(
    asset_id: UUID,
    new: Sequence[Told],
    stored: StoredAsset | None = None,
    old: Sequence[Told] = (),
    edits: dict[str, Any] | None = None,
) -> Change:
    """What the new observations and edits make of an asset.

    Args:
        asset_id: the asset, or the id it gets.
        new: what this import says; it replaces what the same sources said before.
        stored: the asset as it stands; None when it does not exist.
        old: all its observations.
        edits: attribute → value that a person wrote into an export of the inventory.
    """
    if stored is None and len(new) == 1 and not old and not edits and single.is_plain(new[0][1]):
        return _of_single(asset_id, new[0])
    change = Change(asset_id, stored is None)
    speaking = {o.source for _, o in new}
    kept = [t for t in old if t[1].source not in speaking]
    known = {(o.source, digest) for digest, o in old}
    change.told = [t for t in new if (t[1].source, t[0]) not in known]
    said = {(o.source, digest) for digest, o in new}
    change.replaced = sorted({s for s, d in known - said if s in speaking})
    if change.replaced:
        change.told = [t for t in new if t[1].source in change.replaced or t in change.told]
    everything = [*kept, *new]
    everything.sort(key=lambda t: (t[1].source, t[0]))
    observations = [o for _, o in everything]
    decisions = dict(stored.decisions) if stored else {}
    for attribute, value in (edits or {}).items():
        candidates = tuple(o.values[attribute] for o in observations if attribute in o.values)
        decisions[attribute] = Decision(value, candidates)
    merged = merge(observations, decisions)
    merged.components = told_apart(merged.components)
    row = content.row(merged, observations)
    if stored is None or row[-1] != stored.content_hash:
        change.row = row
    change.components = merged.components
    change.keys = sorted({k for o in observations for k in o.identity_keys()})
    _plan_conflicts(change, merged.conflicts, observations, stored, edits or {}, decisions)
    return change


def _of_single(asset_id: UUID, new: Told) -> Change:
    """A new asset that one row describes: most of what an import brings."""
    change = Change(asset_id, created=True, told=[new])
    change.row = single.row(new[1])
    change.keys = new[1].identity_keys()
    return change


def _plan_conflicts(
    change: Change,
    found: Sequence[Conflict],
    observations: Sequence[Observation],
    stored: StoredAsset | None,
    edits: dict[str, Any],
    decisions: dict[str, Decision],
) -> None:
    held = dict(stored.conflicts) if stored else {}
    for attribute, value in edits.items():
        given: list[dict[str, Any]] = [{"value": c} for c in decisions[attribute].candidates]
        edit = {"value": value, "from": "export"}
        if stored is not None and attribute in stored.by_hand:
            edit["over"] = str(stored.by_hand[attribute].edit_id)
        change.conflicts.append(ConflictChange(attribute, given, edit, "resolved"))
        held.pop(attribute, None)
    for conflict in found:
        change.open_conflicts += 1
        candidates = content.candidates_json(conflict, observations)
        before = held.pop(conflict.attribute, None)
        if before is None or not _same_values(before, candidates):
            chosen = before.chosen if before else None
            change.conflicts.append(ConflictChange(conflict.attribute, candidates, chosen, "open"))
    for attribute in sorted(held.keys() & {a for a, d in decisions.items() if d.by_hand}):
        asked = held[attribute]
        if asked.status == "open" and asked.chosen is not None:
            said = list(asked.candidates)
            change.conflicts.append(ConflictChange(attribute, said, asked.chosen, "resolved"))
    change.settled = sorted(
        a for a, c in held.items() if c.status == "open" and c.chosen is None and a != "identity"
    )


def _same_values(before: StoredConflict, candidates: list[dict[str, Any]]) -> bool:
    values = [c["value"] for c in candidates]
    return before.status == "open" and [c["value"] for c in before.candidates] == values


def edits_of(values: dict[str, Any], current: dict[str, Any]) -> dict[str, Any]:
    """What a person changed in an exported row.

    Args:
        values: the row, cleansed.
        current: the asset's attributes.
    """
    edits: dict[str, Any] = {}
    for attribute, value in values.items():
        if attribute not in ATTRIBUTES or attribute in _NOT_EDITABLE:
            continue
        now = current.get(attribute)
        if attribute in LISTS:
            if {str(v).casefold() for v in value} != {str(v).casefold() for v in now or ()}:
                edits[attribute] = value
        elif isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool)):
            if now is None or abs(value - now) > 0.001 * max(abs(value), 1):
                edits[attribute] = value
        elif isinstance(value, str) and isinstance(now, str):
            if words(value) != words(now):
                edits[attribute] = value
        elif value != now:
            edits[attribute] = value
    return edits


_NOT_EDITABLE = frozenset(("asset_id", "asset_type", "uuid", "serial_number", "db_instance"))

"""Merging: the observations of one asset become one set of attributes, each with its
provenance, and the disagreements become conflicts. Pure, and independent of input order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from landbridge.discovery.inventory.agreement import DECIDABLE, agree, more_precise
from landbridge.discovery.inventory.authority import (
    SourceClass,
    authority,
    rank_otherwise,
    ranks_of,
)
from landbridge.discovery.inventory.classify import Classification, strongest
from landbridge.discovery.inventory.components import total_storage, united
from landbridge.discovery.inventory.names import NO_NAME, parse_host
from landbridge.discovery.inventory.observations import Component, Observation, packed
from landbridge.discovery.vocabulary import AssetType, Environment


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about an attribute.

    Attributes:
        value: the value chosen.
        candidates: the values that were to choose from; as long as sources say nothing else,
            the decision stands and the conflict stays closed.
        by_hand: a person set the value, whatever sources say now or later; None clears it.
    """

    value: Any
    candidates: tuple[Any, ...]
    by_hand: bool = False

    @property
    def rule(self) -> str:
        """The rule of the provenance."""
        return BY_HAND if self.by_hand else DECIDED


class Candidate(NamedTuple):
    """A value that some observation gives for an attribute."""

    value: Any
    observation: int
    rule: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources disagree about an attribute.

    Attributes:
        attribute: of which.
        candidates: one per distinct value, most believed first.
        chosen: the value in use.
    """

    attribute: str
    candidates: tuple[Candidate, ...]
    chosen: Any


@dataclass(slots=True)
class Merged:
    """An asset as its observations describe it.

    Attributes:
        name, asset_type: what it is called and what it is.
        type_rule: the rule that classified it.
        attributes: attribute → value; lists are united.
        provenance: attribute → (numbers of the observations, rule).
        custom: column → text.
        components: disks, adapters, partitions, software.
        conflicts: disagreements that no decision covers.
    """

    name: str
    asset_type: AssetType
    type_rule: str
    attributes: dict[str, Any]
    provenance: dict[str, tuple[tuple[int, ...], str]] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    components: list[Component] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


DECIDED: Final = "decided"
BY_HAND: Final = "by_hand"
SUM_OF_DISKS: Final = "sum_of_disks"
RULES: Final = {c: f"authority.{c.value}" for c in SourceClass}
LISTS: Final = frozenset(("ip_address", "mac_address", "application_name", "depends_on"))
# The class text of one row does not describe the merged asset; an unknown environment is no
# value; the storage that the source of the disks states is what its disks add up to.
_SPECIAL: Final = frozenset(("asset_type", "environment", "storage_gb"))
_NAMES: Final = frozenset(("hostname", "fqdn"))
_BEHIND: Final = 100  # an address stands behind every name
_OF_SYSTEM: Final = frozenset(("os_version", "os_edition", "os_build"))


def merge(
    observations: Sequence[Observation], decisions: Mapping[str, Decision] | None = None
) -> Merged:
    """Merge the observations of one asset.

    Args:
        observations: at least one; `Merged.provenance` refers to them by position.
        decisions: attribute → what a person decided.
    """
    kind = strongest(Classification(o.asset_type, o.rule, o.strength) for o in observations)
    components, disk_source = united(observations)
    merged = Merged("", kind.asset_type, kind.rule, {}, components=components)
    decided = decisions or {}
    found = _candidates(observations, components, disk_source)
    for attribute in sorted(found, key=lambda a: (a != "os_name", a)):
        candidates = found[attribute]
        if attribute in _OF_SYSTEM:
            candidates = _of_chosen_system(candidates, observations, merged)
        decision = decided.get(attribute)
        if attribute in LISTS:
            _unite(merged, attribute, candidates)
        elif candidates:
            _choose(merged, attribute, candidates, decision)
    for attribute in sorted(decided):
        if attribute in LISTS or attribute not in merged.attributes:
            merged.attributes[attribute] = decided[attribute].value
            merged.provenance[attribute] = ((), decided[attribute].rule)
        if merged.attributes[attribute] is None:
            del merged.attributes[attribute], merged.provenance[attribute]
    for observation in _in_order_of_custom(observations):
        for column, text in observation.custom.items():
            merged.custom.setdefault(column, text)
    merged.name = name_of(merged)
    return merged


def _candidates(
    observations: Sequence[Observation], components: Sequence[Component], disk_source: int | None
) -> dict[str, list[Candidate]]:
    """Per attribute, the candidates, most believed first."""
    found: dict[str, list[tuple[int, int, Candidate]]] = {}
    disks = total_storage(components)
    for number, (o, age) in enumerate(zip(observations, _ages(observations), strict=True)):
        rule, ranks = RULES[o.source_class], ranks_of(o.source_class)
        otherwise = rank_otherwise(o.source_class)
        for attribute, value in o.values.items():
            if attribute in _SPECIAL and (
                attribute == "asset_type"
                or value == Environment.UNKNOWN
                or (attribute == "storage_gb" and number == disk_source and disks is not None)
            ):
                continue
            rank = ranks.get(attribute, otherwise)
            if attribute in _NAMES:
                parsed = parse_host(value)
                if parsed == NO_NAME:
                    continue
                rank += _BEHIND if parsed.address else 0
            ranked = (rank, age, Candidate(value, number, rule))
            if attribute in found:
                found[attribute].append(ranked)
            else:
                found[attribute] = [ranked]
    if disks is not None and disk_source is not None:
        total = Candidate(disks, disk_source, SUM_OF_DISKS)
        rank = authority("storage_gb", observations[disk_source].source_class)
        found.setdefault("storage_gb", []).append((rank, -1, total))
    return {a: _in_order(cs) if len(cs) > 1 else [cs[0][2]] for a, cs in found.items()}


def _ages(observations: Sequence[Observation]) -> list[int]:
    """The place of each observation from the newest to the oldest; equals share a place."""
    if len(observations) == 1:
        return [0]
    newness = []
    for o in observations:
        seen = tuple(-ord(c) for c in o.values.get("last_seen") or "")
        newness.append((not seen, seen, -o.import_id.int))
    places = {n: place for place, n in enumerate(sorted(set(newness)))}
    return [places[n] for n in newness]


def _in_order(ranked: list[tuple[int, int, Candidate]]) -> list[Candidate]:
    tied = len({(rank, age) for rank, age, _ in ranked}) < len(ranked)
    ranked.sort(key=(lambda r: (r[0], r[1], _text(r[2].value))) if tied else (lambda r: r[:2]))
    return [candidate for _, _, candidate in ranked]


def _choose(
    merged: Merged, attribute: str, candidates: list[Candidate], decision: Decision | None
) -> None:
    best = candidates[0]
    if decision is None and len(candidates) == 1:
        merged.attributes[attribute] = best.value
        merged.provenance[attribute] = ((best.observation,), best.rule)
        return
    if decision is None and all(c.value == best.value for c in candidates):
        others = sorted({c.observation for c in candidates} - {best.observation})
        merged.attributes[attribute] = best.value
        merged.provenance[attribute] = ((best.observation, *others), best.rule)
        return
    for other in candidates[1:]:
        if more_precise(attribute, other.value, than=best.value):
            best = other
    distinct: list[Candidate] = [best]
    for c in candidates:
        if not any(agree(attribute, c.value, d.value) for d in distinct):
            distinct.append(c)
    chosen, rule = best.value, best.rule
    also = {c.observation for c in candidates if agree(attribute, c.value, chosen)}
    if decision is not None:
        chosen, rule = decision.value, decision.rule
    merged.attributes[attribute] = chosen
    also.discard(best.observation)
    merged.provenance[attribute] = ((best.observation, *sorted(also)), rule)
    if len(distinct) < 2 or attribute not in DECIDABLE or (decision and decision.by_hand):
        return
    if decision is not None:
        known = (*decision.candidates, decision.value)
        if all(any(agree(attribute, c.value, k) for k in known) for c in distinct):
            return
    merged.conflicts.append(Conflict(attribute, tuple(distinct), chosen))


def without_repeats(items: Iterable[str]) -> list[str]:
    """The texts in order, of those that differ in case only the first."""
    found: dict[str, str] = {}
    for item in items:
        found.setdefault(item.casefold(), item)
    return list(found.values())


def _unite(merged: Merged, attribute: str, candidates: list[Candidate]) -> None:
    every = (item for candidate in candidates for item in candidate.value)
    merged.attributes[attribute] = without_repeats(every)
    numbers = tuple(sorted({c.observation for c in candidates}))
    merged.provenance[attribute] = (numbers, "united" if len(numbers) > 1 else candidates[0].rule)


def _of_chosen_system(
    candidates: list[Candidate], observations: Sequence[Observation], merged: Merged
) -> list[Candidate]:
    """Only those whose source does not mean another operating system than the chosen one."""
    chosen = merged.attributes.get("os_name")

    def same(c: Candidate) -> bool:
        system = observations[c.observation].values.get("os_name")
        return chosen is None or system is None or agree("os_name", system, chosen)

    return [c for c in candidates if same(c)]


def name_of(merged: Merged) -> str:
    """What an asset with these attributes is called."""
    for attribute in ("db_instance",) if merged.asset_type is AssetType.DATABASE else ():
        if merged.attributes.get(attribute):
            return str(merged.attributes[attribute])
    for attribute in ("hostname", "fqdn"):
        parsed = parse_host(str(merged.attributes.get(attribute) or ""))
        if parsed.name:
            text = str(merged.attributes[attribute]).strip().rstrip(".")
            return text[: -len(parsed.domain) - 1] if parsed.domain else text
    for attribute in ("hostname", "ip_address", "asset_id", "serial_number", "uuid", "mac_address"):
        value = merged.attributes.get(attribute)
        if value:
            return str(value[0] if isinstance(value, list) else value)
    return str(merged.attributes.get("asset_tag") or "unnamed")


def _in_order_of_custom(observations: Sequence[Observation]) -> Sequence[Observation]:
    if len(observations) == 1:
        return observations
    speaking = [o for o in observations if o.custom]
    return sorted(
        speaking, key=lambda o: (authority("description", o.source_class), o.source, o.sealed())
    )


def _text(value: Any) -> str:
    return packed(value).decode()

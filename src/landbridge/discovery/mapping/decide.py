"""One column's name, values and context weighed against each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from landbridge.discovery.mapping.calibration import confidence_of, decides
from landbridge.discovery.mapping.names import CUSTOM, NameMatch, readings
from landbridge.discovery.mapping.normalise import ColumnName
from landbridge.discovery.mapping.partial import known_part
from landbridge.discovery.mapping.precedents import has_precedent
from landbridge.discovery.mapping.review import must_be_reviewed
from landbridge.discovery.mapping.tablefacts import TableFacts
from landbridge.discovery.mapping.values import Profile
from landbridge.discovery.mapping.votes import (
    AGREES,
    KIND_WORDS,
    REFUSES,
    Vote,
    by_values_alone,
    reroutes,
    vote,
)

_ACCEPT = 0.62
_ACCEPT_WITH_TELLING_VALUES = 0.45
_TELLING = 0.16
_AGREEING = 0.03
_SILENT_VALUES = -0.02
_COMPONENT = "component_"
_PART = 0.9
_EXACT = 0.995
_LIKE_CUSTOM = 0.5
_IN_PART = 0.55
_ONE_UNKNOWN = "one word of the name is not known"
REVIEW_CAP = 0.88
_WITHOUT_PRECEDENT = 0.89
_CUSTOM_FROM = 0.72
_CUSTOM_BY_NAME = 0.5
_NOTHING_FITS = 0.7
_UNHEARD = "No list known here calls it so: please check."
_ENDS = frozenset({"rel_source", "rel_target", "source_ip", "target_ip"})
_IN_CONNECTIONS = _ENDS | frozenset(
    {"custom", "rel_type", "port", "protocol", "process_name", "last_seen", "application_name",
     "hostname", "description", "network_segment", "data_classification", "technical_owner",
     "business_owner", "environment", "criticality", "location", "company", "department",
     "support_group", "depends_on", "cluster", "domain"}
)  # fmt: skip
_ADDRESSES = frozenset({"ip_address", "source_ip", "target_ip"})
_OF_BYTES = frozenset({"kb", "mb", "gb", "tb"})
_IN_BYTES = frozenset(
    {"custom", "memory_gb", "storage_gb", "storage_used_gb", "memory_utilization"}
)
_AS_COUNT = frozenset({"custom", "cpu_cores", "cpu_sockets", "memory_gb"})
_AS_FLAG = frozenset(
    {"custom", "is_virtual", "status", "criticality", "data_classification", "power_state"}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The outcome for one column.

    Attributes:
        label: an attribute or `custom`.
        confidence: the probability that it is right, 0–1.
        evidence: the reasons, in words.
        alternatives: other attributes with their confidence, the likeliest first.
    """

    label: str
    confidence: float
    evidence: list[str]
    alternatives: list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An attribute in the running, with what speaks for it."""

    label: str
    name_score: float
    score: float
    vote: Vote
    phrase: str
    context: str = ""


def choose(
    name: ColumnName,
    concepts: tuple[str, ...],
    parts: list[tuple[str, ...]],
    values: Profile,
    facts: TableFacts,
    hint: tuple[str, str] | None,
) -> Choice:
    """Weigh the readings of a name with its values and the table around it."""
    matches = _possible(_readings(concepts, parts), concepts, name.units, facts)
    custom = max((m for m in matches if m.label == CUSTOM), key=lambda m: m.score, default=None)
    candidates = [_weigh(m.label, m.score, m.phrase, values) for m in matches if m.label != CUSTOM]
    if hint is not None:
        label, reason = hint
        if label == CUSTOM:
            return Choice(
                CUSTOM, 0.7, [f"Kept as a custom attribute: {reason}."], _rest(candidates, values)
            )
        held = next((c for c in candidates if c.label == label), None)
        base = max(held.name_score if held else 0.0, 0.9)
        favoured = _weigh(label, base, held.phrase if held else "", values, context=reason)
        candidates = [favoured, *(c for c in candidates if c.label != label)]
        if favoured.vote.verdict != REFUSES:
            return _accept(favoured, candidates[1:], concepts, name, values, facts)
    candidates.extend(_rerouted(candidates, values))
    candidates.sort(key=lambda c: -c.score)
    best = candidates[0] if candidates else None
    if best is None or best.score < _needed(best) or best.vote.verdict == REFUSES:
        alone = _from_values(values, custom, matches)
        if alone is not None:
            return _accept(alone, candidates, concepts, name, values, facts)
        partly = _from_known_part(concepts, custom, name, values, facts)
        if partly is not None:
            return _accept(partly, candidates, concepts, name, values, facts)
        return _keep_custom(custom, best, candidates, values)
    if custom is not None and (
        custom.score > best.score
        or (custom.score >= _EXACT > best.name_score)
        or (custom.score >= best.name_score and not best.vote.telling)
    ):
        return _keep_custom(custom, best, candidates, values)
    return _accept(best, candidates[1:], concepts, name, values, facts)


def _readings(concepts: tuple[str, ...], parts: list[tuple[str, ...]]) -> tuple[NameMatch, ...]:
    """The readings of a name; where it offers a choice, those of its parts as well."""
    whole = readings(concepts)
    if not parts:
        return whole
    whole = tuple(replace(m, score=m.score * _PART) if m.label == CUSTOM else m for m in whole)
    best = {(m.label, m.only_in_relations): m for m in whole}
    for number, part in enumerate(parts):
        for match in readings(part):
            score = match.score * (_PART if number == 0 else _PART - 0.1)
            key = (match.label, match.only_in_relations)
            held = best.get(key)
            if held is None or held.score < score:
                best[key] = replace(match, score=score)
    return tuple(sorted(best.values(), key=lambda m: -m.score))


def _possible(
    matches: tuple[NameMatch, ...],
    concepts: tuple[str, ...],
    units: frozenset[str],
    facts: TableFacts,
) -> tuple[NameMatch, ...]:
    """The readings that make sense in such a table and such a unit."""
    if facts.relations:
        return tuple(m for m in matches if m.label in _IN_CONNECTIONS)
    matches = tuple(m for m in matches if m.label not in _ENDS and not m.only_in_relations)
    if facts.parts:
        matches = _of_parts(matches)
    else:
        matches = tuple(m for m in matches if not m.label.startswith(_COMPONENT))
    if units & _OF_BYTES:
        matches = tuple(
            m for m in matches if m.label in _IN_BYTES or m.label.startswith(_COMPONENT)
        )
    if "flag" in concepts:
        return tuple(m for m in matches if m.label in _AS_FLAG)
    if "count" in concepts:
        return tuple(m for m in matches if m.label in _AS_COUNT)
    return matches


def _of_parts(matches: tuple[NameMatch, ...]) -> tuple[NameMatch, ...]:
    """Where rows describe disks and the like, sizes and names are the part's."""
    best = max((m.score for m in matches if m.label.startswith(_COMPONENT)), default=0.0)
    return tuple(
        m
        for m in matches
        if m.label.startswith(_COMPONENT)
        or m.score > best
        or m.label not in {CUSTOM, "storage_gb", "storage_used_gb"}
    )


def _weigh(
    label: str, name_score: float, phrase: str, values: Profile, *, context: str = ""
) -> Candidate:
    opinion = vote(label, values)
    if opinion.verdict == REFUSES:
        score = name_score - 1.0
    elif opinion.verdict == AGREES:
        score = name_score + (_TELLING * opinion.share if opinion.telling else _AGREEING)
    else:
        score = name_score + (_SILENT_VALUES if values.count else 0.0)
    return Candidate(label, name_score, score, opinion, phrase, context)


def _needed(candidate: Candidate) -> float:
    agrees = candidate.vote.verdict == AGREES and candidate.vote.telling
    return _ACCEPT_WITH_TELLING_VALUES + _TELLING if agrees else _ACCEPT


def _rerouted(candidates: Iterable[Candidate], values: Profile) -> list[Candidate]:
    """Attributes that the values point to where they contradict what the name says."""
    found: list[Candidate] = []
    for candidate in candidates:
        if candidate.vote.verdict != REFUSES or candidate.name_score < 0.7:
            continue
        for kind, label in reroutes().get(candidate.label, ()):
            if values.share(kind) >= 0.6:
                why = (
                    f"the name says {candidate.label}, the values are {KIND_WORDS.get(kind, kind)}"
                )
                found.append(
                    _weigh(
                        label, candidate.name_score * 0.85, candidate.phrase, values, context=why
                    )
                )
                break
    return found


def _from_values(
    values: Profile, custom: NameMatch | None, matches: tuple[NameMatch, ...]
) -> Candidate | None:
    """A reading by values alone, where the name says next to nothing."""
    if values.count < 2 or (custom is not None and custom.score >= 0.55):
        return None
    if matches and matches[0].score >= 0.55:
        return None
    for kind, label, score in by_values_alone():
        if values.share(kind) >= 0.8:
            return Candidate(label, 0.0, score, vote(label, values), "", "by its values alone")
    return None


def _from_known_part(
    concepts: tuple[str, ...],
    custom: NameMatch | None,
    name: ColumnName,
    values: Profile,
    facts: TableFacts,
) -> Candidate | None:
    """A reading by all words but one that no list holds, where they say one thing alone."""
    known = known_part(concepts, name.tokens)
    if not known or (custom is not None and custom.score >= _LIKE_CUSTOM):
        return None
    matches = _possible(readings(known), known, name.units, facts)
    if not matches or matches[0].label == CUSTOM or matches[0].score < _EXACT:
        return None
    found = _weigh(matches[0].label, _IN_PART, matches[0].phrase, values, context=_ONE_UNKNOWN)
    return None if found.vote.verdict == REFUSES else found


def _keep_custom(
    custom: NameMatch | None,
    best: Candidate | None,
    candidates: list[Candidate],
    values: Profile,
) -> Choice:
    rest = _rest(candidates, values)
    if custom is not None and custom.score >= 0.5:
        sure = _CUSTOM_FROM + _CUSTOM_BY_NAME * max(
            0.0, custom.score - max(0.5, best.score if best else 0.0)
        )
        return Choice(CUSTOM, min(0.95, sure), [f"Looks like {custom.reason}."], rest)
    if best is not None and best.vote.verdict == REFUSES and best.name_score >= _ACCEPT:
        why = f"The name suggests {best.label}, but its values are {best.vote.kind}."
        return Choice(CUSTOM, 0.5, [why], rest)
    return Choice(CUSTOM, _NOTHING_FITS, ["No attribute fits its name and values."], rest)


def _accept(
    best: Candidate,
    others: Iterable[Candidate],
    concepts: tuple[str, ...],
    name: ColumnName,
    values: Profile,
    facts: TableFacts,
) -> Choice:
    rivals = [c for c in others if c.label != best.label and c.vote.verdict != REFUSES]
    margin = best.score - max((c.score for c in rivals), default=0.0)
    evidence = _evidence(best, values)
    confidence = confidence_of(
        best.label, best.name_score, margin, best.vote, bool(best.context), values
    )
    reason = must_be_reviewed(best.label, concepts, name, values, facts, best.vote)
    if reason is not None:
        confidence = min(confidence, REVIEW_CAP)
        evidence.append(reason)
    elif confidence > _WITHOUT_PRECEDENT and not (
        _decided(best) or has_precedent(best.label, name.tokens)
    ):
        confidence = _WITHOUT_PRECEDENT
        evidence.append(_UNHEARD)
    return Choice(best.label, confidence, evidence, _rest(rivals, values, below=confidence))


def _decided(best: Candidate) -> bool:
    """Values point to this attribute alone; addresses may also tell networks and hosts."""
    addresses = best.vote.kind == KIND_WORDS["ip"]
    return decides(best.vote) and (best.label in _ADDRESSES or not addresses)


def _evidence(best: Candidate, values: Profile) -> list[str]:
    found = []
    if best.name_score >= 0.995:
        found.append("The name says so.")
    elif best.phrase and best.name_score > 0:
        found.append(f"The name is close to “{best.phrase.replace('_', ' ')}”.")
    if best.context:
        found.append(best.context[0].upper() + best.context[1:] + ".")
    if best.vote.verdict == AGREES:
        found.append(f"{best.vote.share:.0%} of {values.count} values are {best.vote.kind}.")
    elif values.count:
        found.append(f"{values.count} values neither confirm nor contradict it.")
    else:
        found.append("There were no values to look at.")
    return found


def _rest(
    candidates: Iterable[Candidate], values: Profile, below: float = 0.8
) -> list[tuple[str, float]]:
    found: dict[str, float] = {}
    for candidate in sorted(candidates, key=lambda c: -c.score):
        if candidate.vote.verdict == REFUSES or candidate.score < 0.3:
            continue
        share = min(below * 0.6, candidate.score * 0.5)
        found.setdefault(candidate.label, share)
        if len(found) == 3:
            break
    return list(found.items())

"""Suggesting applications for assets without one: by what runs on them, what they connect to, and
their names. Pure; nothing is read or written here.

Each piece of evidence speaks for one application with a strength; those for the same application
add up as independent ones do, 1 - (1 - a)(1 - b). What speaks for several applications alike
speaks for none.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

HOSTING: Final = 0.9
NAMED: Final = 0.7
TEMPLATE: Final = 0.6
CONNECTED: Final = 0.75
ONE_ONLY: Final = 0.6
"""What a single witness (one neighbour, one asset of a like name) is worth of several."""
LEAST: Final = 0.35
"""Below this, nothing is suggested."""
AHEAD: Final = 0.15
"""By how much the best application must be ahead of the next one."""
_FEW_LETTERS: Final = 4

Member = Mapping[int, frozenset[int]]


class Evidence(StrEnum):
    """What speaks for an application."""

    HOSTING = "hosting"
    CONNECTIONS = "connections"
    NAME = "name"
    LIKE_NAMES = "like_names"


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence.

    Attributes:
        evidence: its sort.
        strength: 0 to 1.
        of, all: so many of so many witnesses speak for the application.
        about: the witnesses: numbers of assets, at most a few.
    """

    evidence: Evidence
    strength: float
    of: int
    all: int
    about: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An application for an asset.

    Attributes:
        asset, application: their numbers.
        confidence: 0 to 1.
        reasons: the strongest first.
        next_best: confidence of the application behind it; 0 when there is none.
    """

    asset: int
    application: int
    confidence: float
    reasons: tuple[Reason, ...]
    next_best: float


@dataclass(frozen=True)
class Estate:
    """What suggestions are made from; assets and applications are numbers.

    Attributes:
        names: of each asset.
        applications: names of the applications.
        member: asset → its applications; assets without one are missing.
        hosting: (what runs, what it runs on).
        connections: (client, server), each pair once; none of shared services.
        rejected: (asset, application) that people said does not hold.
    """

    names: Sequence[str]
    applications: Sequence[str]
    member: Member
    hosting: Iterable[tuple[int, int]] = ()
    connections: Iterable[tuple[int, int]] = ()
    rejected: frozenset[tuple[int, int]] = frozenset()


def suggestions(estate: Estate) -> list[Suggestion]:
    """The best application for each asset without one, where one is clearly the best; in the
    order of assets.
    """
    found: dict[int, dict[int, list[Reason]]] = defaultdict(lambda: defaultdict(list))
    member = estate.member
    both = [(a, b) for pair in estate.hosting for a, b in (pair, pair[::-1])]
    _by_neighbours(found, member, both, Evidence.HOSTING, HOSTING)
    both = [(a, b) for pair in estate.connections for a, b in (pair, pair[::-1])]
    _by_neighbours(found, member, both, Evidence.CONNECTIONS, CONNECTED)
    _by_own_name(found, estate)
    _by_like_names(found, estate)
    for asset, application in estate.rejected:
        found[asset].pop(application, None)
    chosen = (_best(asset, found[asset]) for asset in sorted(found))
    return [suggestion for suggestion in chosen if suggestion is not None]


def _best(asset: int, spoken: Mapping[int, Sequence[Reason]]) -> Suggestion | None:
    if not spoken:
        return None
    ranked = sorted((-_together(reasons), a) for a, reasons in spoken.items())
    confidence, application = -ranked[0][0], ranked[0][1]
    behind = -ranked[1][0] if len(ranked) > 1 else 0.0
    if confidence < LEAST or confidence - behind < AHEAD:
        return None
    reasons = sorted(spoken[application], key=lambda r: (-r.strength, r.evidence))
    return Suggestion(asset, application, confidence, tuple(reasons), behind)


def _together(reasons: Iterable[Reason]) -> float:
    against = 1.0
    for reason in reasons:
        against *= 1 - reason.strength
    return 1 - against


def _by_neighbours(
    found: dict[int, dict[int, list[Reason]]],
    member: Member,
    pairs: Iterable[tuple[int, int]],
    evidence: Evidence,
    most: float,
) -> None:
    beside: dict[int, set[int]] = defaultdict(set)
    for asset, other in pairs:
        if asset not in member and other in member:
            beside[asset].add(other)
    for asset, others in beside.items():
        _speak(found[asset], member, sorted(others), evidence, most)


def _speak(
    spoken: dict[int, list[Reason]],
    member: Member,
    witnesses: Sequence[int],
    evidence: Evidence,
    most: float,
) -> None:
    counts = Counter(a for w in witnesses for a in member[w])
    for application, of in counts.items():
        share = of / len(witnesses)
        strength = most * share * (1 if of > 1 else ONE_ONLY if evidence != "hosting" else 1)
        about = tuple(w for w in witnesses if application in member[w])[:5]
        spoken[application].append(Reason(evidence, strength, of, len(witnesses), about))


def _by_own_name(found: dict[int, dict[int, list[Reason]]], estate: Estate) -> None:
    """The name of an application, or its initials, stands in the asset's name."""
    words: dict[str, set[int]] = defaultdict(set)
    for number, name in enumerate(estate.applications):
        for word in _names_of(name):
            words[word].add(number)
    for asset, name in enumerate(estate.names):
        if asset in estate.member:
            continue
        hits = {
            next(iter(words[token]))
            for token in _tokens(name)
            if token in words and len(words[token]) == 1
        }
        if len(hits) == 1:
            found[asset][hits.pop()].append(Reason(Evidence.NAME, NAMED, 1, 1))


def _by_like_names(found: dict[int, dict[int, list[Reason]]], estate: Estate) -> None:
    """Two assets or more whose names differ from it by their numbers only."""
    alike: dict[str, list[int]] = defaultdict(list)
    for asset, name in enumerate(estate.names):
        if asset in estate.member:
            alike[template(name)].append(asset)
    for asset, name in enumerate(estate.names):
        witnesses = alike.get(template(name)) if asset not in estate.member else None
        if witnesses and len(witnesses) > 1:
            _speak(found[asset], estate.member, witnesses, Evidence.LIKE_NAMES, TEMPLATE)


_NUMBERS: Final = re.compile(r"\d+")
_TOKEN: Final = re.compile(r"[^\W\d_]+")


def template(name: str) -> str:
    """A name without its domain, in which every number is the same."""
    return _NUMBERS.sub("#", name.partition(".")[0].casefold())


def _tokens(name: str) -> list[str]:
    return _TOKEN.findall(name.partition(".")[0].casefold())


def _names_of(application: str) -> set[str]:
    """What stands for an application in names of assets: its name in one word, a long first
    word, its initials.
    """
    parts = _TOKEN.findall(application.casefold())
    joined = "".join(parts)
    initials = "".join(p[0] for p in parts)
    found = {joined, initials, *(p for p in parts if len(p) >= _FEW_LETTERS)}
    return {word for word in found if len(word) >= 3}

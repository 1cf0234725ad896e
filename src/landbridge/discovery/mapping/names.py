"""What a column's name says: its concepts against the phrases of each attribute.

The measure is a weighted token similarity (Tversky over concepts, weights by rarity over the
phrases and by class of word), so that `Nom du serveur` and `Server Name` score the same.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

from landbridge.discovery.mapping.lexicon import concepts as to_concepts
from landbridge.discovery.mapping.lexicon import lexicon, read_data
from landbridge.discovery.mapping.normalise import ColumnName

CUSTOM = "custom"
_MISSING_IN_NAME = 0.8
_FACTORS = {"weak": 0.3, "light": 0.75, "strong": 1.5, "core": 1.4, "certain": 2.6}
_MOST_OF_IT = 0.5
_LITTLE_OF_IT = 0.7
_ENTITY = 0.9
_ENTITY_BESIDE_CONTENT = 0.3
_UNKNOWN_WORD = 3.5
_COLOURING = frozenset(
    {"discovered", "inventory", "inventoried", "detected", "scanned", "audited", "reported"}
)
_SAYS_TOO_LITTLE = frozenset(
    {"name", "id", "type", "status", "date", "value", "count", "code", "label", "number", "class",
     "version", "category", "description", "comment", "time", "size", "total", "average", "max"}
)  # fmt: skip
_INSTALLED = frozenset(
    {"installed", "installiert", "installe", "installee", "instalado", "instalada", "installato",
     "installata", "geinstalleerd", "installerad", "installerat", "installeret", "zainstalowana"}
)  # fmt: skip
_INSTALLABLE = frozenset(
    {"os", "memory", "core", "cpu", "disk", "storage", "application", "database"}
)
_ABOUT_TIME = frozenset(
    {"seen", "date", "time", "last", "first", "status", "agent", "user", "source_of", "updated"}
)


@dataclass(frozen=True, slots=True)
class NameMatch:
    """One reading of a column name.

    Attributes:
        label: a canonical attribute, or `custom`.
        score: similarity, 0–1; 1 means that every word is accounted for.
        phrase: the concepts that matched, in words.
        reason: for `custom`, what the column seems to hold.
        only_in_relations: it makes sense only in a table with two ends.
    """

    label: str
    score: float
    phrase: str
    reason: str = ""
    only_in_relations: bool = False


@dataclass(frozen=True, slots=True)
class _Phrase:
    label: str
    reason: str
    concepts: frozenset[str]


class _Phrases:
    """All phrases, indexed by concept, with the weight of each concept."""

    def __init__(self) -> None:
        self.classes: dict[str, frozenset[str]] = {}
        self.phrases: list[_Phrase] = []
        self.own_weights: dict[int, dict[str, float]] = {}
        self.index: dict[str, list[int]] = defaultdict(list)
        for key, text in read_data("phrases.txt"):
            if key.startswith("@"):
                self.classes[key[1:]] = frozenset(text.split())
            else:
                self._add(key, "", text)
        for reason, text in read_data("custom.txt"):
            self._add(CUSTOM, reason, text)
        labels: dict[str, set[str]] = defaultdict(set)
        for phrase in self.phrases:
            for concept in phrase.concepts:
                labels[concept].add(phrase.label + phrase.reason)
        total = len({p.label + p.reason for p in self.phrases})
        self.entity = self.classes["entity"]
        self.weight = {
            c: math.log(1 + total / len(found)) * self._factor(c) for c, found in labels.items()
        }

    def _factor(self, concept: str) -> float:
        for name, factor in _FACTORS.items():
            if concept in self.classes[name]:
                return factor
        return 1.0

    def _add(self, label: str, reason: str, text: str) -> None:
        for raw in text.split("|"):
            words = raw.split()
            if not words:
                continue
            fixed = frozenset(_as_concept(w) for w in words if not w.startswith("@"))
            slots = [w[1:] for w in words if w.startswith("@")]
            if slots and slots[0] in self.classes:
                variants = [fixed | {c} for c in self.classes[slots[0]] if c not in fixed]
            else:
                variants = [fixed | {_as_concept(s) for s in slots}]
            for variant in variants:
                self.index_phrase(_Phrase(label, reason, variant))

    def index_phrase(self, phrase: _Phrase) -> None:
        """Add one phrase under each of its concepts."""
        for concept in phrase.concepts:
            self.index[concept].append(len(self.phrases))
        self.phrases.append(phrase)

    def weights_of(self, number: int) -> dict[str, float]:
        """The weights of a phrase's concepts."""
        found = self.own_weights.get(number)
        if found is None:
            found = self.own_weights[number] = self.weights(self.phrases[number].concepts)
        return found

    def weights(self, concepts: frozenset[str]) -> dict[str, float]:
        """The weight of each concept in the company of the others."""
        weak = self.classes["weak"]
        content = any(c not in self.entity and c not in weak for c in concepts)
        result = {}
        for concept in concepts:
            if concept in self.entity:
                base = _ENTITY_BESIDE_CONTENT if content else _ENTITY
                result[concept] = base
            else:
                result[concept] = self.weight.get(concept, _UNKNOWN_WORD)
        return result


def _as_concept(word: str) -> str:
    known = _concept_names()
    if word in known:
        return word
    return lexicon("en").words.get(word.replace("_", " "), word)


@cache
def _concept_names() -> frozenset[str]:
    return frozenset(lexicon("en").words.values())


@cache
def _phrases() -> _Phrases:
    return _Phrases()


def is_known(concept: str) -> bool:
    """Some phrase holds the concept."""
    return concept in _phrases().weight


def name_concepts(name: ColumnName, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The concepts of a column name, its units included (`%`, MHz)."""
    found = _meaningful(name.tokens, languages, name.cut)
    extra = []
    if "percent" in name.units:
        extra.append("percentage")
    if name.units & {"mhz", "ghz"}:
        extra.append("speed")
    if "bytes" in name.units:
        extra.append("bytes")
    if name.units & {"w", "kw"}:
        extra.append("cooling")
    if name.units & {"usd", "eur", "€", "$"}:
        extra.append("cost")
    if name.question:
        extra.append("flag")
    return tuple(dict.fromkeys((*found, *extra)))


def part_concepts(name: ColumnName, languages: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The concepts of each part of a name that offers a choice, without empty ones."""
    found = (_meaningful(part, languages, name.cut) for part in name.parts)
    return [part for part in found if set(part) - _SAYS_TOO_LITTLE]


def _meaningful(
    tokens: tuple[str, ...], languages: tuple[str, ...], cut: frozenset[str]
) -> tuple[str, ...]:
    """Concepts without those that only colour others: `from` and `to` in the middle of a
    name, and `discovered` or `inventory` before the thing discovered.
    """
    found = to_concepts(tokens, languages, cut)
    if "from" in found[1:]:
        place = found.index("from", 1)
        found = found[:place] if place < len(found) - 1 else ("source_of",)
    kept = [
        c
        for i, c in enumerate(found)
        if c != "weakword"
        and not (c in {"from", "to"} and i > 0 and len(found) > 1)
        and not (len(c) == 1 and c.isascii() and len(found) > 1)
    ]
    if "install" in kept and _INSTALLED & set(tokens) and set(kept) & _INSTALLABLE:
        kept.remove("install")
    if "seen" in kept and _COLOURING & set(tokens) and set(kept) - _ABOUT_TIME:
        kept.remove("seen")
    return tuple(kept)


@lru_cache(maxsize=65536)
def readings(concepts: tuple[str, ...]) -> tuple[NameMatch, ...]:
    """The readings of a name, the best of each attribute, the most similar first."""
    phrases = _phrases()
    wanted = frozenset(concepts)
    if not wanted:
        return ()
    own = phrases.weights(wanted)
    total = sum(own.values())
    best: dict[str, NameMatch] = {}
    for number in {n for c in wanted for n in phrases.index.get(c, ())}:
        phrase = phrases.phrases[number]
        shared = phrase.concepts & wanted
        matched = sum(own[c] for c in shared)
        missing = 0.0
        if len(shared) < len(phrase.concepts):
            theirs = phrases.weights_of(number)
            missing = sum(theirs[c] for c in phrase.concepts - shared)
        score = matched / (total + _MISSING_IN_NAME * missing)
        if missing > matched * (1 / _MOST_OF_IT - 1):
            score *= _LITTLE_OF_IT
        slot = "~" if phrase.reason.startswith("~") else phrase.label
        held = best.get(slot)
        if held is None or score > held.score:
            best[slot] = NameMatch(
                phrase.label,
                score,
                " ".join(sorted(phrase.concepts)),
                phrase.reason.removeprefix("~"),
                phrase.reason.startswith("~"),
            )
    ordered = sorted(best.values(), key=lambda m: (-m.score, m.label == CUSTOM, m.label))
    return tuple(ordered[:9])

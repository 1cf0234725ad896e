"""Closed vocabularies: environment, criticality, power state, virtual or physical."""

from __future__ import annotations

import re
from typing import Final

from landbridge.discovery.cleansing import issues
from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.rules.base import AS_IS, Cleansed, single, unusable
from landbridge.discovery.cleansing.rules.words import (
    BOOLEANS,
    CRITICALITIES,
    ENVIRONMENTS,
    POWER,
    TOO_GENERAL,
    VIRTUAL,
    fold,
)

ENVIRONMENT: Final = rule(
    "word.environment",
    "Environment by its name",
    "'PRD', 'Produktion', 'Recette', 'Pruebas' and other words of eight languages name one of "
    "production, staging (with acceptance and pre-production), test (with quality assurance and "
    "integration), development (with sandbox and laboratory), disaster_recovery and training "
    "(with demonstration). Of several words, all must name the same.",
)
CRITICALITY: Final = rule(
    "word.criticality",
    "Criticality by its name",
    "'Mission Critical', 'Tier 1', '1 - most critical', 'Sehr hoch' and other scales of eight "
    "languages become critical, high, medium or low. Tiers, priorities and classes count from "
    "the most critical: tier 0 and 1 are critical, 2 high, 3 medium, 4 and 5 low.",
)
POWER_STATE: Final = rule(
    "word.power_state",
    "Power state by its name",
    "'poweredOn', 'Running', 'eingeschaltet' and the like become on, off or suspended.",
)
VIRTUAL_WORD: Final = rule(
    "word.virtual",
    "Virtual or physical by its name",
    "'Virtual', 'VM', 'Physical', 'Bare metal' and the like, in eight languages.",
)
YES_NO: Final = rule(
    "word.yes_no", "Yes or no", "'Yes', 'Ja', 'Oui', 'x', 'True', '1' and their opposites."
)
INVERTED: Final = rule(
    "word.yes_no_inverted",
    "Yes means no here",
    "The column asks whether the system is physical; the attribute says whether it is virtual.",
)

_SPLIT = re.compile(r"\s*(?:[/,;|()\[\]+&]|\s[-–]\s|:)\s*")
_NUMBERED = re.compile(r"(?:env(?:ironment)?|umgebung|stage|system)?[ _-]?([a-z]+)[ _-]?\d{1,2}")


def environment(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """One of `vocabulary.Environment`."""
    word = fold(text)
    found = ENVIRONMENTS.get(word)
    if found is None and word not in TOO_GENERAL:
        parts = [fold(p) for p in _SPLIT.split(text) if fold(p)]
        named = {ENVIRONMENTS[p] for p in parts if p in ENVIRONMENTS}
        if not named:
            named = {ENVIRONMENTS[w] for w in word.split() if len(w) > 2 and w in ENVIRONMENTS}
        if not named and (match := _NUMBERED.fullmatch(word)) and match[1] in ENVIRONMENTS:
            named = {ENVIRONMENTS[match[1]]}
        if len(named) > 1:
            return unusable(issues.TOO_GENERAL)
        found = next(iter(named), None)
    if found is None:
        return unusable(issues.TOO_GENERAL if word in TOO_GENERAL else issues.NOT_IN_LIST)
    return _word(attribute, text, found, ENVIRONMENT)


def criticality(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """One of `vocabulary.Criticality`."""
    word = fold(text)
    found = CRITICALITIES.get(word)
    if found is None:
        named = {CRITICALITIES[f] for p in _SPLIT.split(text) if (f := fold(p)) in CRITICALITIES}
        if len(named) > 1:
            return unusable(issues.TOO_GENERAL)
        found = next(iter(named), None)
    if found is None:
        return unusable(issues.NOT_IN_LIST)
    return _word(attribute, text, found, CRITICALITY)


def power(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """'on', 'off' or 'suspended'."""
    found = POWER.get(fold(text))
    if found is None:
        return unusable(issues.NOT_IN_LIST)
    return _word(attribute, text, found, POWER_STATE)


def boolean(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """True or false; for `is_virtual` also by the words virtual and physical."""
    word = fold(text)
    if attribute == "is_virtual":
        named = {VIRTUAL[w] for w in (word, *word.split()) if w in VIRTUAL}
        if len(named) == 1:
            return single(attribute, named.pop(), VIRTUAL_WORD)
    found = BOOLEANS.get(word)
    if found is None:
        return unusable(issues.NOT_IN_LIST)
    if hints.inverted:
        return single(attribute, not found, INVERTED)
    return single(attribute, found, YES_NO)


def _word(attribute: str, text: str, value: str, rule_id: str) -> Cleansed:
    return single(attribute, value, AS_IS if value == text else rule_id)

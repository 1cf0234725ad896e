from __future__ import annotations

import pytest

from landbridge.discovery.dependencies.kinds import DependencyKind as K
from landbridge.discovery.dependencies.kinds import meaning_of


@pytest.mark.parametrize(
    ("text", "kind", "turned"),
    [
        ("Depends on::Used by", K.DEPENDS_ON, False),
        ("Used by::Depends on", K.DEPENDS_ON, True),
        ("Uses::Used by", K.DEPENDS_ON, False),
        ("depends_on", K.DEPENDS_ON, False),
        ("Runs on::Runs", K.RUNS_ON, False),
        ("Runs::Runs on", K.RUNS_ON, True),
        ("runs_on", K.RUNS_ON, False),
        ("Hosted on::Hosts", K.RUNS_ON, False),
        ("Hosts::Hosted on", K.RUNS_ON, True),
        ("Virtualized by::Virtualizes", K.RUNS_ON, False),
        ("Virtualizes::Virtualized by", K.RUNS_ON, True),
        ("Connects to::Connected by", K.CONNECTS_TO, False),
        ("Receives data from::Sends data to", K.CONNECTS_TO, True),
        ("Member of::Members", K.MEMBER_OF, False),
        ("Members::Member of", K.MEMBER_OF, True),
        ("Contains::Contained by", K.MEMBER_OF, True),
        ("hängt ab von", K.DEPENDS_ON, False),
        ("läuft auf", K.RUNS_ON, False),
        ("enthält", K.MEMBER_OF, True),
        ("dépend de", K.DEPENDS_ON, False),
        ("hébergé sur", K.RUNS_ON, False),
        ("se ejecuta en", K.RUNS_ON, False),
        ("", K.DEPENDS_ON, False),
        ("Xyz::Zyx", K.RELATED_TO, False),
    ],
)
def test_relation_types_of_other_tools_are_understood(text: str, kind: K, turned: bool) -> None:
    assert meaning_of(text)[:2] == (kind, turned)


@pytest.mark.parametrize(
    "text",
    ["Owned by::Owns", "Managed by::Manages", "Located in::Houses", "Supported by::Supports"],
)
def test_ownership_and_place_are_no_technical_dependency(text: str) -> None:
    assert meaning_of(text).kind is None


def test_what_is_said_in_unknown_words_is_kept_with_little_confidence() -> None:
    assert meaning_of("Xyz").confidence < meaning_of("").confidence
    assert meaning_of("").confidence < meaning_of("Depends on::Used by").confidence

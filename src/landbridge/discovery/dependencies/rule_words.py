"""What the rules of dependency analysis say, in words."""

from __future__ import annotations

from typing import Any, Final

from landbridge.discovery.dependencies.kinds import meaning_of
from landbridge.discovery.grounds import AppliedRule
from landbridge.discovery.vocabulary import TableRole

KINDS: Final = {
    "depends_on": "People state that the one needs the other.",
    "runs_on": "The one runs on the other: a machine on its host, a database on its server.",
    "connects_to": "The one is a client of the other: a connection was seen, or is stated.",
    "member_of": "The one is part of the other: a host of a cluster.",
    "related_to": "A relation is stated in words that no rule knows.",
}
_SENTENCES: Final = {
    "connection": "A connection was observed; the side that listens is the server.",
    "relation.untyped": "A relation without a type: the source needs the target.",
    "relation.unknown_type": "The type of the relation is not known, so little is believed.",
    "column.depends_on": "The record of the asset names what it depends on.",
    "column.host_system": "The record of the machine names the host on which it runs.",
    "column.cluster": "The record of the host names its cluster.",
    "column.hostname": "The record of the database names the server on which it runs.",
    "column.db_instance": "The record of the server names a database that runs on it.",
}


def of_edge(kind: str) -> AppliedRule:
    """The rule that makes statements an edge."""
    return AppliedRule(
        id=f"dependency.{kind}",
        title=KINDS[kind].partition(":")[0].rstrip("."),
        words=f"{KINDS[kind]} Sources that say so independently add up: each leaves a doubt of one "
        "less its confidence, and the doubts are multiplied. A source that says it often counts "
        "2 % more each time its count doubles, at most 12 %.",
    )


def of_evidence(item: dict[str, Any], role: str | None) -> tuple[str, str]:
    """Id and words of the rule that read one piece of evidence.

    Args:
        item: as it is stored with the edge.
        role: what the rows of its table are; None once the import is gone.
    """
    source, said = str(item.get("source", "")), str(item.get("text", ""))
    if "#" in source and f"column.{source.rpartition('#')[2]}" in _SENTENCES:
        rule = f"column.{source.rpartition('#')[2]}"
    elif role == TableRole.CONNECTIONS:
        rule = "connection"
    else:
        rule = meaning_of(said).rule
    words = _SENTENCES.get(rule, f"The words of the relation mean: {rule.partition('.')[2]}.")
    return rule, words

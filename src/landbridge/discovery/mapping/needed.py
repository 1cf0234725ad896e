"""The columns a table cannot do without: where nobody is asked, the likeliest is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from landbridge.discovery.mapping.suggest import ATTRIBUTE, TableSuggestion
from landbridge.discovery.vocabulary import TableRole as R

LEAST: Final = 0.5
REASON: Final = "without it no row of this table could be told apart, and nobody was to be asked"

_THING: Final = ("hostname", "fqdn", "db_instance", "uuid", "serial_number", "asset_id")
_HOST_OF_DATABASE: Final = ("hostname", "fqdn", "host_system", "ip_address")
_NEEDED: Final[dict[R, tuple[tuple[str, ...], ...]]] = {
    R.ASSETS: (_THING,),
    R.DETAILS: (_THING,),
    R.DISKS: (_THING,),
    R.NICS: (_THING,),
    R.PARTITIONS: (_THING,),
    R.SOFTWARE: (_THING,),
    R.APPLICATIONS: (("application_name",),),
    R.RELATIONS: (("rel_source",), ("rel_target",)),
    R.CONNECTIONS: (("rel_source", "source_ip"), ("rel_target", "target_ip")),
}


def with_needed(suggestion: TableSuggestion, threshold: float) -> tuple[TableSuggestion, set[int]]:
    """Find the suggestions to take although they are below the threshold.

    Returns:
        The suggestion with the reason added to the evidence of these columns, and their
        ordinals.
    """
    taken: set[int] = set()
    groups = list(_NEEDED.get(suggestion.role, ()))
    if any(column.attribute == "db_instance" for column in suggestion.columns):
        groups.append(_HOST_OF_DATABASE)
    for group in groups:
        members = [
            (column.confidence, -ordinal)
            for ordinal, column in enumerate(suggestion.columns)
            if column.target == ATTRIBUTE and column.attribute in group
        ]
        likeliest = max(members, default=(0.0, 0))
        if LEAST <= likeliest[0] < threshold:
            taken.add(-likeliest[1])
    columns = [
        replace(column, evidence=[*column.evidence, REASON]) if ordinal in taken else column
        for ordinal, column in enumerate(suggestion.columns)
    ]
    return replace(suggestion, columns=columns), taken

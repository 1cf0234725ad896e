"""Kinds of dependencies, and what the relation types of other tools mean in them."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple


class DependencyKind(StrEnum):
    """What `from` does with `to`. The arrow points at what is needed."""

    DEPENDS_ON = "depends_on"  # stated by people
    RUNS_ON = "runs_on"  # VM on host, database on server
    CONNECTS_TO = "connects_to"  # client to server, observed or stated
    MEMBER_OF = "member_of"  # host of a cluster
    RELATED_TO = "related_to"  # stated, in words that no rule knows


class Meaning(NamedTuple):
    """What a relation type says.

    Attributes:
        kind: the kind; None when the relation is no technical dependency (ownership, location).
        reversed: the target of the relation needs its source.
        confidence: per mille.
        rule: the id of the rule.
    """

    kind: DependencyKind | None
    reversed: bool
    confidence: int
    rule: str


D, R, C, M = (
    DependencyKind.DEPENDS_ON,
    DependencyKind.RUNS_ON,
    DependencyKind.CONNECTS_TO,
    DependencyKind.MEMBER_OF,
)

# What the descriptor on the source's side says, in order; the first pattern found decides.
_DESCRIPTORS: Final[tuple[tuple[DependencyKind | None, bool, tuple[str, ...]], ...]] = (
    (
        None,
        False,
        (
            *(r"\bown", "manag", "administ", "support", "responsib", "locat", r"\bhous", r"\brack"),
            *("power", r"\bcool", "approv", "subscri", "contract", "gehört", "verantwort"),
            *("standort", "propri[ée]t", "responsable", "ubica", "document", "licen[sc]"),
        ),
    ),
    (
        R,
        False,
        (
            *("(?:runs|running) on", "hosted (?:on|by)", "installed on", "virtuali[sz]ed by"),
            *("instantiated", "deployed (?:on|to)", "läuft auf", "gehostet auf", "installiert auf"),
            *("s.ex[ée]cute sur", "h[ée]berg[ée]e? (?:sur|par)", "install[ée] sur", "gira su"),
            *("se ejecuta en", "alojad[oa] en", "instalad[oa] en", "draait op", "działa na"),
            "uruchomion",
        ),
    ),
    (
        R,
        True,
        (
            *("^runs$", r"\bhosts\b", "virtuali[sz]es", "instantiates", "^runs (?!on)", "betreibt"),
            *("hostet", r"h[ée]berge\b", "aloja"),
        ),
    ),
    (
        M,
        False,
        (
            *("member of", "contained (?:by|in)", "part of", "belongs to", "(?:cluster|node) of"),
            *("mitglied", "teil von", "enthalten in", "membre", "fait partie", "contenu dans"),
            *("miembro", "parte de", "membro di", "lid van", "należy"),
        ),
    ),
    (
        M,
        True,
        (
            *("contain", r"members?\b", "consists", "comprises", "has (?:node|member)", "enthält"),
            *("umfasst", "contient", "contiene", "bevat", "zawiera"),
        ),
    ),
    (
        D,
        True,
        (
            *("(?:used|required|needed|consumed) by", "depended", r"impacts\b", "provides"),
            *("(?:benutzt|verwendet|genutzt) von", "utilis[ée] par", "usado por"),
        ),
    ),
    (C, True, ("connected by", "receives", "listens", "accept", "empfängt", "reçoit", "recibe")),
    (
        C,
        False,
        (
            *("connect", "communicat", "exchang", "sends", "talks", "calls", "flows", "traffic"),
            *("interface", "verbunden", "verbindet", "kommuniziert", "sendet", "communique"),
            *("envoie", "comunica", "conecta", "env[ií]a", "łączy"),
        ),
    ),
    (
        D,
        False,
        (
            *("depend", r"uses?\b", r"requires?\b", "needs", "consumes", "relies", "impacted"),
            *("abhängig", "hängt", "nutzt", "verwendet", "benötigt", "braucht", "d[ée]pend"),
            *("utilise", "n[ée]cessite", r"usa\b", "utiliza", "requiere", "dipende", "gebruikt"),
            *("afhankelijk", "zależy", "używa", "依存", "利用"),
        ),
    ),
)
_RULES: Final = tuple(
    (kind, turned, re.compile("|".join(patterns), re.IGNORECASE))
    for kind, turned, patterns in _DESCRIPTORS
)
_STATED: Final = 900
_UNSTATED: Final = 600
_UNKNOWN: Final = 300


@lru_cache(maxsize=1 << 10)
def meaning_of(text: str) -> Meaning:
    """The meaning of a relation type.

    Args:
        text: one descriptor ("Depends on"), or both in the form of ServiceNow ("Depends on::Used
            by"), of which the first stands on the source's side; empty when the table has no
            type at all.
    """
    if not text.strip():
        return Meaning(D, False, _UNSTATED, "relation.untyped")
    source_side, _, target_side = text.partition("::")
    for side, turn in ((source_side, False), (target_side, True)):
        descriptor = side.strip().replace("_", " ")
        for kind, turned, pattern in _RULES:
            if descriptor and pattern.search(descriptor):
                rule = f"relation.{kind.value if kind else 'not_technical'}"
                return Meaning(kind, turned is not turn, _STATED, rule)
    return Meaning(DependencyKind.RELATED_TO, False, _UNKNOWN, "relation.unknown_type")

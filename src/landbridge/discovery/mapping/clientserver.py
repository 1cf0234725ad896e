"""Connections told as client and server, consumer and provider and the like: such words mean sides
only where both stand before the same thing (`Client IP`, `Server IP`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from landbridge.discovery.mapping.normalise import ColumnName

Concepts = tuple[str, ...]
_SIDES: Final = {
    "client": "source", "cliente": "source", "klient": "source", "consumer": "source",
    "requester": "source", "requestor": "source", "initiator": "source", "caller": "source",
    "sender": "source", "server": "target", "serveur": "target", "servidor": "target",
    "serwer": "target", "provider": "target", "responder": "target", "callee": "target",
    "receiver": "target", "listener": "target", "upstream": "source", "downstream": "target",
}  # fmt: skip
_MOST_OF_A_CONNECTION: Final = 12
_OF_AN_END: Final = frozenset({"ip", "address", "port", "hostname", "fqdn", "host", "application"})


def with_ends(
    names: Sequence[ColumnName],
    concepts: Sequence[Concepts],
    read: Callable[[ColumnName], Concepts],
) -> list[Concepts]:
    """The concepts; where client, server and the like are sides, `source` or `target` instead.

    Args:
        names: of the columns, taken apart.
        concepts: of each name.
        read: gives the concepts of a name.
    """
    told = [_side(n) for n in names]
    left = {rest for side, rest in told if side == "source" and rest}
    right = {rest for side, rest in told if side == "target" and rest}
    if not any(_ends(rest, read, names) for rest in left & right) or _of_a_portfolio(names):
        return list(concepts)
    bare = {side for side, rest in told if side and not rest}
    found: list[Concepts] = []
    for name, own, (side, rest) in zip(names, concepts, told, strict=True):
        if side and not rest and bare == {"source", "target"}:
            found.append((side,))
            continue
        of_end = read(replace(name, tokens=rest)) if side and rest else ()
        found.append((side, *of_end) if set(of_end) & _OF_AN_END else own)
    return found


def _of_a_portfolio(names: Sequence[ColumnName]) -> bool:
    """Many columns, two of them of applications up and down the stream: rows are no connections."""
    first = {n.tokens[0] for n in names if n.tokens}
    return len(names) > _MOST_OF_A_CONNECTION and {"upstream", "downstream"} <= first


def _side(name: ColumnName) -> tuple[str, tuple[str, ...]]:
    """The side that the first or the last word names, and the other words."""
    if not name.tokens:
        return "", ()
    if name.tokens[0] in _SIDES:
        return _SIDES[name.tokens[0]], name.tokens[1:]
    if name.tokens[-1] in _SIDES:
        return _SIDES[name.tokens[-1]], name.tokens[:-1]
    return "", ()


def _ends(
    rest: tuple[str, ...], read: Callable[[ColumnName], Concepts], names: Sequence[ColumnName]
) -> bool:
    like = next(n for n in names if _side(n)[1] == rest)
    return bool(set(read(replace(like, tokens=rest))) & (_OF_AN_END - {"hostname", "host"}))

"""Known sources, recognised by their set of headers, and their own exact mapping.

The knowledge is data: data/sources/*.txt, one file per vendor, one block per table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from landbridge.discovery.mapping.normalise import column_key
from landbridge.discovery.vocabulary import TableRole

CUSTOM = "custom"
_OURS = "landbridge"
_KNOWN_SHARE = 0.5
_KNOWN_SHARE_NAMED = 0.34


@dataclass(frozen=True, slots=True)
class KnownTable:
    """One table of a known source.

    Attributes:
        name: identifier, stored as the table's source (`rvtools_vinfo`).
        vendor: the vendor, as the data file is called.
        title: how people call it.
        role: what its rows are.
        table: the sheet or file name its exporter gives it, if fixed.
        need: groups of column keys; one column of each group must be present.
        columns: column key to an attribute or `custom`, and its rank among the columns of
            the same attribute (0 is preferred).
        units: column key to the unit its bare numbers are in ("mb", "gb", "mhz", …).
    """

    name: str
    vendor: str
    title: str
    role: TableRole
    table: str
    need: tuple[frozenset[str], ...]
    columns: dict[str, tuple[str, int]] = field(repr=False)
    units: dict[str, str] = field(repr=False)

    @property
    def is_ours(self) -> bool:
        """Whether the table is an export of this program: what it needs decides alone, and a
        column that is not listed has no canonical meaning.
        """
        return self.vendor == _OURS


def recognise(
    columns: Sequence[str], table_name: str = "", *, without: Collection[str] = ()
) -> str | None:
    """The name of the known source whose headers these are, or None.

    Args:
        columns: the header row, as read.
        table_name: sheet or file name; helps where several tables share their columns.
        without: vendors to leave out (for honest evaluation).
    """
    known = find(columns, table_name, without=without)
    return known.name if known else None


def known_table(name: str) -> KnownTable | None:
    """The description of a known source by its name."""
    return _by_name().get(name)


def unit_of(source: str | None, column: str) -> str | None:
    """The unit a known source means where neither header nor value names one.

    Returns:
        "b", "kb", "mb", "gb", "tb" (binary), "mhz", or None.
    """
    known = _by_name().get(source) if source else None
    return known.units.get(column_key(column)) if known else None


def find(
    columns: Sequence[str], table_name: str = "", *, without: Collection[str] = ()
) -> KnownTable | None:
    """As `recognise`, with the whole description."""
    keys = {k for k in map(column_key, columns) if k}
    if not keys:
        return None
    best: tuple[float, KnownTable] | None = None
    for known in _candidates(keys):
        if known.vendor in without:
            continue
        named = bool(known.table) and _same_table(known.table, table_name)
        if not named and not all(group & keys for group in known.need):
            continue
        share = 1.0 if known.is_ours else len(keys & known.columns.keys()) / len(keys)
        if share < (_KNOWN_SHARE_NAMED if named else _KNOWN_SHARE):
            continue
        specific = sum(1 for group in known.need if group & keys) / 100
        score = share + specific + (1.0 if named else 0.0)
        if best is None or score > best[0]:
            best = (score, known)
    return best[1] if best else None


def _candidates(keys: set[str]) -> list[KnownTable]:
    index = _index()
    found: dict[str, KnownTable] = {}
    for key in keys:
        for known in index.get(key, ()):
            found[known.name] = known
    return list(found.values())


def _same_table(expected: str, name: str) -> bool:
    """`vInfo` in `vInfo`, `tabvInfo`, `RVTools_tabvInfo.csv` — as a whole last word."""
    stem = name.rsplit("/", 1)[-1]
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    for part in stem.replace("-", "_").replace(" ", "_").split("_"):
        if part.removeprefix("tab").lower() == expected.lower():
            return True
    return False


@cache
def _all() -> tuple[KnownTable, ...]:
    folder = files("landbridge.discovery.mapping").joinpath("data", "sources")
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".txt"))
    return tuple(
        known
        for name in names
        for known in _parse(name.removesuffix(".txt"), folder.joinpath(name).read_text("utf-8"))
    )


@cache
def _by_name() -> dict[str, KnownTable]:
    return {known.name: known for known in _all()}


@cache
def _index() -> dict[str, list[KnownTable]]:
    index: dict[str, list[KnownTable]] = defaultdict(list)
    for known in _all():
        for key in frozenset().union(*known.need[:1]):
            index[key].append(known)
        if known.table:
            for key in known.columns:
                index[key].append(known)
    return index


def _parse(vendor: str, text: str) -> list[KnownTable]:
    result = []
    for block in text.split("\n["):
        head, _, body = block.lstrip("[").partition("]")
        if not body.strip() or head.startswith("#"):
            continue
        facts: dict[str, str] = {}
        columns: dict[str, tuple[str, int]] = {}
        units: dict[str, str] = {}
        for line in filter(None, body.splitlines()):
            key, _, value = line.partition(":")
            if key in {"title", "role", "table", "need"}:
                facts[key] = value.strip()
                continue
            if key.startswith("unit "):
                units.update((column_key(c), key[5:]) for c in value.split(" | "))
                continue
            for rank, column in enumerate(value.split(" | ")):
                columns[column_key(column)] = (key, rank)
        need = tuple(
            frozenset(column_key(c) for c in group.split(" / "))
            for group in facts["need"].split(", ")
        )
        role = TableRole(facts["role"])
        result.append(
            KnownTable(
                head, vendor, facts["title"], role, facts.get("table", ""), need, columns, units
            )
        )
    return result

"""Which of the first records is the header, and the names its columns get."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from landbridge.discovery.imports.tables import NO_HEADER

LOOKAHEAD: Final = 100
_CANDIDATES: Final = 30
_LONG: Final = 80
_NAME_LIMIT: Final = 300

# Words that columns of inventories are called by, in the languages exports come in.
_WORD_LIST: Final = """
    address adresse adresa adres alias application app asset betriebssystem besitzer bios build
    business capacity category class client cluster code column comment comments company
    computer core cores cost count country cpu cpus created criticality customer data database
    datacenter datastore date datum description department destination device disk disks
    dns domain domäne edition eigentümer email end environment estado etat état external
    first fqdn free gateway group gruppe guest hardware hersteller host hostname hosts id ids
    indirizzo installed instance interface ip ipv4 ipv6 item key kind label last lifecycle
    location mac machine manufacturer memory memoria mémoire arbeitsspeicher speicher mib mb gb
    mode model modell modèle modelo modello name namen naam nazwa nom nombre nome network nic
    node notes number nummer numéro número object operating organization os owner part
    partition path percent platform pool port ports power powerstate priority process processor
    product produkt propriétaire propietario protocol provider ram rack region release rechner
    resource role room ruolo sector security sector segment seriennummer serial serie série
    server serveur servidor serwer service site size sistema sistemi software source speed
    standort state status storage subnet support switch system système systems tag tags target
    team technical template time timestamp title total type typ tipo unit update url usage
    used user utilization uuid value vcpu vcpus vendor version virtual vlan vm vms volume
    warranty zone zustand 名前 名称 ホスト名 サーバー名 所有者 メモリ 主机名 服务器 操作系统
    """
_WORDS: Final = frozenset(_WORD_LIST.split())
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TYPES: Final = (
    ("ip", re.compile(r"\d{1,3}(\.\d{1,3}){3}(/\d+|:\d+)?$")),
    ("ip", re.compile(r"[0-9a-fA-F]*:[0-9a-fA-F:]+:[0-9a-fA-F:.]*$")),
    ("mac", re.compile(r"([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$")),
    ("uuid", re.compile(r"\{?[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}?$")),
    ("date", re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([T ,].*)?$")),
    ("number", re.compile(r"[-+]?\d[\d.,' ]*( ?[%kKMGT]?i?B?)?$")),
    ("flag", re.compile(r"(true|false|yes|no|ja|nein|oui|non|wahr|falsch)$", re.IGNORECASE)),
)  # fmt: skip
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff\x00-\x1f\x7f-\x9f\xa0 ]+")


def value_type(text: str) -> str | None:
    """The type a cell's text plainly has; None for other text."""
    text = text.strip()
    return next((name for name, pattern in _TYPES if pattern.match(text)), None)


def find_header(records: Sequence[Sequence[str]]) -> int:
    """Index of the header among the first records of a table.

    The header is the record that fills the columns, whose cells are words that name columns
    and are not values like those below. `NO_HEADER` when the first full record holds values
    of the same types as the records below it.
    """
    filled = [[c.strip() for c in r if c.strip()] for r in records]
    present = [i for i, cells in enumerate(filled) if cells]
    if not present:
        return NO_HEADER
    usual = _usual_fill([len(filled[i]) for i in present])
    scores = {
        i: _score(filled[i], usual) - 0.02 * rank for rank, i in enumerate(present[:_CANDIDATES])
    }
    best = max(scores, key=lambda i: (scores[i], -i))
    if _is_data(records, filled, present, best):
        return NO_HEADER
    return best


def _usual_fill(fills: list[int]) -> int:
    body = sorted(fills[len(fills) // 4 :])
    return max(1, body[len(body) // 2])


def _score(cells: list[str], usual: int) -> float:
    n = len(cells)
    typed = sum(1 for c in cells if value_type(c)) / n
    repeated = 1 - len(set(cells)) / n
    long = sum(1 for c in cells if len(c) > _LONG) / n
    return _named(cells) + 0.8 * min(1.0, n / usual) - 1.5 * typed - 0.5 * repeated - long


def _named(cells: list[str]) -> float:
    """Share of the cells that read like names of columns."""
    return sum(1 for c in cells if _is_name(c)) / len(cells)


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether a record is most likely a header: several texts, nearly all names of columns."""
    filled = [c.strip() for c in cells if c.strip()]
    return len(filled) > 1 and len(set(filled)) == len(filled) and _named(filled) >= 0.75


def _is_name(cell: str) -> bool:
    if len(cell) > _LONG or value_type(cell):
        return False
    tokens = [t.lower() for t in _TOKEN.findall(_CAMEL.sub(" ", cell))]
    return bool(tokens) and sum(t in _WORDS for t in tokens) * 2 >= len(tokens)


def _is_data(
    records: Sequence[Sequence[str]], filled: list[list[str]], present: list[int], index: int
) -> bool:
    """Whether this record is no header: it names nothing, and at least a quarter of its cells
    have the type that most cells below them have.
    """
    below = [i for i in present if i > index][:40]
    if not below or _named(filled[index]) >= 0.2:
        return False
    alike = 0
    for column, cell in enumerate(records[index]):
        kind = value_type(cell)
        if kind is None:
            continue
        kinds = Counter(value_type(records[i][column]) for i in below if column < len(records[i]))
        if kinds and kinds[kind] >= 0.6 * sum(kinds.values()):
            alike += 1
    return alike * 4 >= len(filled[index]) and alike > 0


def column_names(header: Sequence[str], width: int) -> list[str]:
    """Usable names for `width` columns: header cells with invisible characters and line ends
    taken out, never empty, each name once (`Name`, `Name (2)`, `Column 3`).
    """
    names: list[str] = []
    taken: set[str] = set()
    cells = [*header, *[""] * (width - len(header))]
    wanted = [_INVISIBLE.sub(" ", c).strip()[:_NAME_LIMIT] for c in cells]
    reserved = {w for w in wanted if w}
    for position, want in enumerate(wanted, 1):
        name = want or f"Column {position}"
        base, n = name, 1
        while name in taken or (n > 1 and name in reserved) or (not want and name in reserved):
            n += 1
            name = f"{base} ({n})"
        taken.add(name)
        names.append(name)
    return names

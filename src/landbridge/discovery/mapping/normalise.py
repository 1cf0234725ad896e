"""Column names made comparable: case, accents, separators, camelCase, units, numbering."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_WHOLE = re.compile(
    r"(?i)\b(?:v(?:cpu|ram|nic|disk|host|center|sphere|san|apps?|lan|net|core)s?"
    r"|ip ?v[46]|l[1-7]|p\d\d|[67] ?rs?|w2k\d*|[cm]pu?s|vms?|ips|macs?|guids?|uuids?|(?:sub)?lun|"
    r"iops|ilo|idrac|imm|esxi?|ph?ys|m365|o365|e-?mail|k8s|"
    r"ID[Ss]?|IP[Ss]|VM[Ss]|CPU[Ss]|NIC[Ss]|OS)\b"
)
_CAMEL = re.compile(
    r"(?<=[a-z0-9äöüéèñ])(?=[A-ZÄÖÜÉ][a-zäöüéèñA-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2,})|(?<=[a-z]{2})(?=[A-Z]+\b)"
)
_KEEP_JOINED = re.compile(
    r"(?<![A-Za-z])(?:v(?:CPU|RAM|NIC|Disk|Host|Center|Sphere|SAN|App|Core)s?(?![a-z])|IPv[46]"
    r"|VMware|SMBios|NetBIOS|NetBios|(?:OS|IP|CPU|RAM|MAC|DNS|VM|DB)(?=[a-z]{3,})(?!Mware|VMware)|iSCSI|iLO|iDRAC|eMail|macOS|MoRef|DevOps|[KMGT]i?[Bb](?![a-z])|[MG]Hz|(?:CPU|VM|NIC|IP|ID|OS|GUID|UUID"
    r"|MAC|DB|LUN|VLAN|HBA|API|URL|CI)s(?![a-z]))"
)
_UNIT_WORDS = {
    "b": "bytes", "byte": "bytes", "bytes": "bytes", "octets": "bytes",
    "kb": "kb", "kib": "kb", "ko": "kb", "mb": "mb", "mib": "mb", "mo": "mb", "mbytes": "mb",
    "megabytes": "mb", "mbyte": "mb", "gb": "gb", "gib": "gb", "go": "gb", "gig": "gb",
    "gigabytes": "gb", "gbytes": "gb", "gbyte": "gb", "gigs": "gb", "kbytes": "kb",
    "tb": "tb", "tib": "tb", "mhz": "mhz", "ghz": "ghz", "hz": "hz",
    "кб": "kb", "мб": "mb", "гб": "gb", "тб": "tb", "мгц": "mhz", "ггц": "ghz",
    "percent": "percent", "pct": "percent", "percentage": "percent", "prozent": "percent",
    "pourcentage": "percent", "porcentaje": "percent", "pourcent": "percent", "perc": "percent",
}  # fmt: skip
_UNIT_IN_BRACKETS = re.compile(
    r"[\(\[\{]\s*(?:in|en|je|as|em)?\s*"
    r"(bytes?|octets?|[kmgt]i?b(?:ytes?)?|[kmgt]o|[кмгт]б|[мг]гц|[mg]?hz|%|percent|pct|prozent|h|min|ms|s|"
    r"seconds|days|tage|jours|dias|u|kw|w|usd|eur|€|\$)\s*[\)\]\}]",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    r"(?i)[\(\[]\s*(?:optional|required|mandatory|pflicht|obligatoire|ist|ist-stand|as-is)\s*[\)\]]"
)
_PLURAL = re.compile(r"(?<=[^\W\d_])\((?:s|es|e|n|en|nen|x|aux)\)", re.IGNORECASE)
_SPLIT = re.compile(r"[^\w#%]+|_+")
_VERSIONED = re.compile(r"ipv?[46]|ipv\d+|layer\d+")
_DIGITS = re.compile(r"^([^\W\d]{2,})(\d{1,3})$")
_SPECIAL = (
    (re.compile(r"(?i)\bs\s*/\s*n\b"), " serial number "),
    (re.compile(r"(?i)\bn\s*/\s*s\b"), " serial number "),
    (re.compile(r"(?i)\bp\s*/\s*v\b|\bv\s*/\s*p\b"), " pv "),
    (re.compile(r"(?i)\bv\s*/\s*f\b|\bf\s*/\s*v\b"), " pv "),
    (re.compile(r"(?i)\bo\s*/\s*s\b"), " os "),
    (re.compile(r"(?i)\bo\s*/\s*n\b|\bj\s*/\s*n\b|\by\s*/\s*n\b|\bs\s*/\s*n\b"), " yn "),
    (re.compile(r"(?i)\bc\s*\.?\s*p\s*\.?\s*u\b\.?"), " cpu "),
    (re.compile(r"(?i)\bi\s*/\s*o\b"), " io "),
)
_NUMERO = re.compile(r"(?i)\bn\s*[°º]\s*|№")
_SMALL_FIRST = re.compile(r"^[a-hj-uw-z](?=[A-Z]{2,}[a-z])")
_YES_NO = re.compile(r"(?i)[\(\[]\s*s\s*/\s*n\s*[\)\]]")
_SERIAL = re.compile(r"(?i)s[eé]ri|matr[ií]c")
_PATH = re.compile(r"\s*(?:\||\\|->|::|(?<=\w)\.(?=\w)|(?<=\w):\s?(?=\w)| > )\s*")
_CUT = re.compile(r"([^\W\d_]{2,})\.(?!\w)")
_CHOICE = re.compile(r"\s*/\s*|\s+(?:or|oder|ou|o)\s+", re.IGNORECASE)
_ASKS_WHAT = frozenset(
    {"what", "which", "who", "whose", "where", "when", "how", "was", "welche", "welcher", "welches",
     "wer", "wo", "wann", "wie", "qui", "que", "quel", "quelle", "quels", "quelles", "comment",
     "quand", "quien", "cual", "cuales", "donde", "cuando", "como"}
)  # fmt: skip
_UMLAUT = (("ae", "a"), ("oe", "o"), ("ue", "u"))


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column name taken apart.

    Attributes:
        key: lower-case letters and digits only; equal for spellings of the same name.
        tokens: its words, without accents, units, numbering and brackets.
        units: units named in it ("gb", "percent", "mhz", …).
        numbered: the name holds a running number ("Disk 1 size", "Network #2").
        parts: where the name offers a choice ("MAC Address/DUID") or is a path
            ("Hardware|Disk Space"), the words of its parts, the likelier first.
        question: it asks for yes or no, by a question mark.
        cut: words written as an abbreviation, with a full stop ("Umgeb.").
    """

    key: str
    tokens: tuple[str, ...]
    units: frozenset[str]
    numbered: bool
    parts: tuple[tuple[str, ...], ...] = ()
    question: bool = False
    cut: frozenset[str] = frozenset()


def fold(text: str) -> str:
    """Lower case without accents; ß becomes ss."""
    text = text.replace("ß", "ss").replace("ø", "o").replace("Ø", "O").replace("ł", "l")
    text = text.replace("Ł", "L").replace("æ", "ae").replace("œ", "oe")
    decomposed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize(
        "NFKC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f")
    ).lower()


@lru_cache(maxsize=65536)
def column_key(name: str) -> str:
    """The key under which a column name is remembered: letters, digits, # and % only."""
    return "".join(c for c in fold(name) if c.isalnum() or c in "#%")


def without_umlaut_spelling(token: str) -> str:
    """`geraet` as `gerat`, so that both German spellings meet."""
    for pair, single in _UMLAUT:
        token = token.replace(pair, single)
    return token


@lru_cache(maxsize=65536)
def parse(name: str) -> ColumnName:
    """Take a column name apart."""
    text = (
        unicodedata.normalize("NFKC", _NUMERO.sub(" numero ", name))
        .replace("\ufeff", "")
        .strip()
        .lstrip("*")
    )
    text = _PLURAL.sub("", text)
    text = _SMALL_FIRST.sub(lambda m: m.group().upper(), text)
    units = {_unit(m.group(1)) for m in _UNIT_IN_BRACKETS.finditer(text)}
    if _YES_NO.search(text) and not _SERIAL.search(text):
        text = _YES_NO.sub(" yn ", text)
    text = _OPTIONAL.sub(" ", _UNIT_IN_BRACKETS.sub(" ", text))
    for pattern, replacement in _SPECIAL:
        text = pattern.sub(replacement, text)
    text = text.replace("->", " ").replace("'", " ").replace("\u2019", " ")
    raw = [t for t in _SPLIT.split(_spread(text)) if t]
    tokens: list[str] = []
    numbered = False
    for position, word in enumerate(raw):
        token = fold(word)
        last = position == len(raw) - 1
        if "%" in token:
            units.add("percent")
            token = token.replace("%", "")
        if token.startswith("#") and len(token) > 1:
            if token[1:].isdigit():
                numbered = True
                continue
            tokens.append("#")
            token = token[1:]
        if word == "#" and tokens:
            tokens.append("number")
            continue
        if not token:
            continue
        if token in _UNIT_WORDS and len(raw) > 1 and (last or token not in {"go", "mo", "ko"}):
            units.add(_UNIT_WORDS[token])
            continue
        if token.isdigit():
            numbered = True
            continue
        digits = _DIGITS.match(token)
        if digits and not _WHOLE.fullmatch(token) and not _VERSIONED.fullmatch(token):
            token, numbered = digits.group(1), True
        tokens.append(token)
    while len(tokens) > 1 and tokens[0] in {"u", "x", "cf", "udf", "z"}:
        tokens.pop(0)
    return ColumnName(
        column_key(name),
        tuple(tokens),
        frozenset(units),
        numbered,
        _parts(name),
        text.rstrip().endswith("?") and tokens[:1] != [] and tokens[0] not in _ASKS_WHAT,
        frozenset(fold(m) for m in _CUT.findall(name)),
    )


@lru_cache(maxsize=65536)
def _parts(name: str) -> tuple[tuple[str, ...], ...]:
    steps = [s for s in _PATH.split(name) if s.strip()]
    if len(steps) > 1:
        ends = (" ".join(steps[-2:]),) if len(steps) > 2 else ()
        return tuple(parse(end).tokens for end in (*ends, steps[-1]))
    main, bracket, inside = name.partition("(")
    pieces = [p for p in _CHOICE.split(main) if len(p.strip()) > 1]
    if bracket and len(pieces) == 1:
        pieces.append(inside)
    if not 1 < len(pieces) <= 3:
        return ()
    return tuple(parse(piece).tokens for piece in pieces)


def _unit(text: str) -> str:
    folded = fold(text.strip())
    return {"%": "percent", "to": "tb"}.get(folded, _UNIT_WORDS.get(folded, folded))


def _spread(text: str) -> str:
    """Put spaces at the borders of camelCase words, leaving vCPU, IPv4 and the like whole."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f" \x00{len(kept) - 1}\x00 "

    text = _KEEP_JOINED.sub(keep, text)
    text = _CAMEL.sub(" ", text)
    return re.sub(r"\x00(\d+)\x00", lambda m: kept[int(m.group(1))], text)


def common_prefix(names: Sequence[ColumnName]) -> str | None:
    """A first word that most columns of a table share and that tells nothing apart."""
    if len(names) < 5:
        return None
    firsts = Counter(n.tokens[0] for n in names if len(n.tokens) > 1)
    if not firsts:
        return None
    word, count = firsts.most_common(1)[0]
    return word if count >= 0.6 * len(names) else None

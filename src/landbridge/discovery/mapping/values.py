"""What a column's values look like: each value's kinds, and the profile of a sample."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from landbridge.discovery.mapping.lexicon import read_data
from landbridge.discovery.mapping.normalise import fold

_IP4 = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
_IP6 = re.compile(r"(?i)[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:%\w+)?(?:/\d{1,3})?")
_MAC = re.compile(
    r"(?i)(?:[0-9a-f]{2}[:-]){5}(?:[0-9a-f]{2}|[0-9a-f]{2}(?:[:-][0-9a-f]{2}){2})"
    r"|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}"
)
_HEX12 = re.compile(r"(?i)(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{12}")
_UUID = re.compile(r"(?i)\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?")
_UUID_VMWARE = re.compile(
    r"(?i)(?:VMware-)?(?:[0-9a-f]{2}[ -]){7}[0-9a-f]{2}[ -](?:[0-9a-f]{2} ?){8}"
)
_HEX32 = re.compile(r"(?i)[0-9a-f]{32}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_URL = re.compile(r"(?i)(?:https?|ftp|ldaps?)://\S+")
_DOMAIN_USER = re.compile(r"[A-Za-z][\w.-]*\\[\w.$ -]+")
_DN = re.compile(r"(?i)(?:CN|OU|DC|O|L)=.+,.+")
_MONTH = (
    r"(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|okt|oct|nov|dec|dez|fev|avr|juin|juil|aout|ene|"
    r"abr|ago|dic|janv|sept)[a-z]*\.?"
)
_CLOCK = (
    r"(?:[T ,]+\d{1,2}[:h.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s*(?:[ap]\.?m\.?)?"
    r"\s*(?:Z|UTC|GMT|CET|CEST|[+-]\d{2}:?\d{2})?)?"
)
_DATE = re.compile(
    rf"(?i)(?:(?:19|20|00|99)\d\d[-/.][01]?\d[-/.][0-3]?\d|[0-3]?\d[-/.][0-3]?\d[-/.](?:19|20|99)\d\d"
    rf"|[0-3]?\d[/-][0-3]?\d[/-]\d\d|[0-3]\d\.[01]\d\.\d\d"
    rf"|(?:19|20)\d\d(?:0\d|1[012])(?:[0-2]\d|3[01])(?:T?\d{{6}}Z?)"
    rf"|\d{{1,2}}[ /.-]*{_MONTH}[ /,.-]*\d{{2,4}}|{_MONTH}[ ]?\d{{1,2}},?[ ]\d{{4}}"
    rf"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*\d{{4}}.*"
    rf"|\d{{4}}年\d{{1,2}}月\d{{1,2}}日?){_CLOCK}"
)
_PERCENT = re.compile(r"[<>~]?\s*\d{1,3}(?:[.,]\d+)?\s*%")
_NUMBER = re.compile(r"-?(?:\d+|\d{1,3}(?:[ ,.'\u00a0]\d{3})+)(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_SIZE = re.compile(
    r"(?i)(\d[\d.,' ]*)\s*(?:([kmgtp])i?(?:b|o|bytes?)|bytes?|octets?|([mgt]))(?:\s*/.*|\s+ram)?"
)
_FREQ = re.compile(r"(?i)\d[\d.,]*\s*[mg]hz")
_RATE = re.compile(r"(?i)\d[\d.,]*\s*(?:[kmg]?i?b(?:it)?(?:s|/s|ps|/sec)|iops|ms|pps|rpm|w|v|kw)")
_VERSION = re.compile(
    r"(?i)(?:v|version |release |build )?\d+(?:\.\d+){1,4}[\w.()+-]*(?: ?\([^)]*\))?"
)
_PERSON = re.compile(
    r"[A-ZÀ-ÞŁŠŽČĆ][\w'’À-ÿ.-]*"
    r"(?:,? (?:(?:van|von|de|der|di|da|del|la|le|el|al|bin|den) )*[A-ZÀ-ÞŁŠŽČĆ][\w'’À-ÿ.-]*){1,3}"
    r"|[A-Z]\. ?[A-Z][a-zÀ-ÿ]+"
)
_HOST = re.compile(r"(?i)(?=.*[a-z])[a-z0-9][a-z0-9_-]{1,62}")
_SPLIT = re.compile(r"\s*[,;|\n]\s*")
_DECIMAL_COMMA = re.compile(r"-?\d+,\d{1,2}|-?\d{1,3}(?:\.\d{3})+,\d+")
_MAX_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Profile:
    """What the sampled values of a column have in common.

    Attributes:
        count: non-empty values looked at; placeholders such as "n/a" are not counted.
        shares: the share of values of each kind, 0–1.
        largest: the largest number among them, if numbers prevail.
        distinct: how many different values.
        lists: the share of values that are lists.
    """

    count: int
    shares: dict[str, float]
    largest: float | None = None
    distinct: int = 0
    lists: float = 0.0

    def share(self, *kinds: str) -> float:
        """The share of values that are of one of these kinds (the largest, not the sum)."""
        return max((self.shares.get(k, 0.0) for k in kinds), default=0.0)


EMPTY = Profile(0, {})
_ZERO_ONE = frozenset({"0", "1"})


def profile(values: Sequence[str]) -> Profile:
    """The profile of a sample."""
    counts: Counter[str] = Counter()
    distinct = set()
    numbers: list[float] = []
    total = lists = 0
    for value in values:
        found, is_list, number = kinds(value[:_MAX_LENGTH])
        if not found:
            continue
        total += 1
        lists += is_list
        distinct.add(value)
        counts.update(found)
        if number is not None:
            numbers.append(number)
    if not total:
        return EMPTY
    largest = max(numbers) if len(numbers) * 2 >= total else None
    shares = {k: c / total for k, c in counts.items()}
    if distinct <= _ZERO_ONE:
        shares["boolean"] = 1.0
    return Profile(total, shares, largest, len(distinct), lists / total)


@lru_cache(maxsize=65536)
def kinds(value: str) -> tuple[frozenset[str], bool, float | None]:
    """The kinds of one value, whether it is a list, and its number if it is one."""
    text = value.strip().strip("\"'").strip()
    if not text:
        return frozenset(), False, None
    known = _words().get(fold(text), frozenset())
    if "placeholder" in known and len(known) == 1:
        return frozenset(), False, None
    if _DN.fullmatch(text):
        return frozenset({"dn"}), False, None
    if any(c in text for c in ",;|\n"):
        parts = [p for p in _SPLIT.split(text) if p]
        if len(parts) > 1:
            first = _shape(parts[0])
            if first & {"ip", "mac", "fqdn", "uuid"}:
                return first, True, None
            if all(_HOST.fullmatch(p) and any(c.isdigit() for c in p) for p in parts[:4]):
                return frozenset({"hosts", "hostname"}), True, None
    shape = _shape(text)
    number = _number(text) if "number" in shape else None
    return known - {"placeholder"} | shape | _phrase(text), False, number


def _shape(text: str) -> frozenset[str]:
    """Kinds told from the characters alone."""
    for pattern, kind in _SHAPES:
        if pattern.fullmatch(text):
            return kind
    if _IP4.match(text) and all(int(p) < 256 for p in re.findall(r"\d+", text)[:4]):
        rest = _IP4.sub("", text, count=1)
        if not rest:
            return frozenset({"ip"})
        if re.fullmatch(r"/\d{1,2}", rest):
            return frozenset({"ip", "cidr"})
        if re.fullmatch(r":\d{1,5}|\s*\(.*\)|/255[\d.]+|%\w+", rest):
            return frozenset({"ip"})
    if ":" in text and text.count(":") >= 2 and _IP6.fullmatch(text):
        return frozenset({"ip", "ipv6"})
    if _NUMBER.fullmatch(text):
        return _number_kinds(text)
    if _DATE.fullmatch(text):
        return frozenset({"date"})
    if _VERSION.fullmatch(text) and not text.replace(".", "").isdigit():
        return frozenset({"version"})
    if re.fullmatch(r"\d+\.\d+\.\d+(?:\.\d+)*", text):
        return frozenset({"version"})
    return frozenset()


_SHAPES = (
    (_UUID, frozenset({"uuid"})),
    (_HEX32, frozenset({"uuid", "hex32"})),
    (_MAC, frozenset({"mac"})),
    (_HEX12, frozenset({"mac", "code"})),
    (_UUID_VMWARE, frozenset({"uuid", "code"})),
    (_EMAIL, frozenset({"email", "person"})),
    (_URL, frozenset({"url"})),
    (_DOMAIN_USER, frozenset({"domain_user"})),
    (_PERCENT, frozenset({"percent"})),
    (_FREQ, frozenset({"freq"})),
    (_SIZE, frozenset({"size"})),
    (_RATE, frozenset({"rate"})),
)


def _number_kinds(text: str) -> frozenset[str]:
    found = {"number"}
    value = _number(text)
    if value is None:
        return frozenset(found)
    if text.isdigit():
        found.add("int")
        if value <= 65535:
            found.add("port")
        if 0 < value <= 1024:
            found.add("small")
        if len(text) >= 4 and not (_is_year(text)):
            found.add("id_number")
        if _is_year(text):
            found.add("year")
        if _is_moment(text):
            found.add("epoch")
        if 4 <= len(text) <= 10:
            found.add("cost_center")
        if len(text) > 1 and text[0] == "0":
            found.add("code")
        if len(text) == 1:
            found.add("digit")
    elif re.fullmatch(r"\d{1,3}\.\d{1,3}", text):
        found.add("version")
    if 0 <= value <= 100:
        found.add("percentable")
    if "." in text or "," in text:
        found.add("decimal")
    return frozenset(found)


def _is_moment(text: str) -> bool:
    """Seconds or milliseconds since 1970, of the years 2001 to 2033."""
    return len(text) in {10, 13} and text[0] == "1"


def _is_year(text: str) -> bool:
    return len(text) == 4 and "1980" <= text <= "2049"


def _number(text: str) -> float | None:
    plain = text.replace("\u00a0", "").replace(" ", "").replace("'", "")
    if _DECIMAL_COMMA.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", "")
        if plain.count(".") > 1:
            plain = plain.replace(".", "")
    try:
        return float(plain)
    except ValueError:
        return None


def _phrase(text: str) -> frozenset[str]:
    """Kinds told from what words mean; a value may have several."""
    found: set[str] = set()
    words = text.split()
    folded = fold(text)
    whole, anywhere = _patterns()
    for pattern, kind in whole:
        if pattern.fullmatch(text):
            found.add(kind)
    if any(c.isalpha() for c in text):
        for pattern, kind in anywhere:
            if pattern.search(text):
                found.add(kind)
        vocabulary = _words()
        parts = re.split(r"[\s,/()\-]+", folded)
        for word in parts:
            for kind in vocabulary.get(word, frozenset()) & _ANYWHERE:
                found.add(kind)
        if words and vocabulary.get(fold(words[-1].rstrip(",")), frozenset()) & {"company_word"}:
            found.add("company")
        if "::" in text:
            found.add("rel_verb")
    if len(words) >= 4 or len(text) > 60:
        found.add("text")
    if len(words) == 1 and text.isalpha():
        found.add("word")
    if len(words) <= 3 and not found & {"text"} and any(c.isalpha() for c in text):
        found.add("phrase")
    return frozenset(found)


_ANYWHERE = frozenset({"location_word", "team_word", "vendor", "hypervisor", "db"})


@cache
def _patterns() -> tuple[list[tuple[re.Pattern[str], str]], list[tuple[re.Pattern[str], str]]]:
    """Patterns of whole values, and of words inside them."""
    whole: list[tuple[re.Pattern[str], str]] = [(_PERSON, "person")]
    anywhere: list[tuple[re.Pattern[str], str]] = []
    for key, text in read_data("patterns.txt"):
        if key.endswith(("*", "+")):
            border = r"(?!\w)" if key.endswith("*") else ""
            pattern = re.compile(rf"(?<!\w)(?:{text}){border}", re.IGNORECASE)
            anywhere.append((pattern, key[:-1]))
        else:
            whole.append((re.compile(text, re.IGNORECASE), key))
    return whole, anywhere


@cache
def _words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for kind, text in read_data("words.txt"):
        for word in text.split(", "):
            found.setdefault(fold(word.strip()), set()).add(kind)
    return {w: frozenset(k) for w, k in found.items()}

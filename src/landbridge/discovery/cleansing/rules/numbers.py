"""Reading numbers as people and locales write them, and whole-number attributes."""

from __future__ import annotations

import math
import re
from typing import Final

from landbridge.discovery.cleansing import issues
from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.rules.base import Cleansed, single, unusable

WHOLE: Final = rule(
    "number.whole",
    "Read as a whole number",
    "The text is a whole number; thousands separators and a decimal part of zeros are dropped.",
)
WITH_WORDS: Final = rule(
    "number.with_words",
    "Number taken from a text with words",
    "The text holds one number and words that only repeat what the column counts, such as "
    "'8 vCPU' or '4 Kerne'.",
)
SOCKETS_TIMES_CORES: Final = rule(
    "number.sockets_times_cores",
    "Sockets times cores",
    "'2 x 4' means two sockets with four cores each: the cores are their product, the sockets "
    "the first number.",
)
SOCKETS_AND_CORES: Final = rule(
    "number.sockets_and_cores",
    "Sockets and cores in one cell",
    "Of '2 sockets, 8 cores' each attribute takes the number beside its own word.",
)
ZERO: Final = rule(
    "number.zero_means_unknown",
    "Zero means unknown here",
    "A machine has processors, memory and storage; tools write 0 (or -1) where they could not "
    "measure. The attribute stays without a value. Used and free space may be 0.",
)

NUMBER: Final = r"[+-]?\d[\d.,'’ ]*\d(?:[eE][+-]?\d+)?|[+-]?\d|[.,]\d+"
"""A pattern that finds numbers in a text; `parse` decides what they mean."""

_GROUP_BLANK = re.compile(r"(?<=\d)[ '’](?=\d{3}(?!\d))")
_POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")
_COMMA_GROUPS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+")
_PRODUCT = re.compile(
    r"(\d{1,4})\s*(?:[x×*]|mal|times|fois)\s*(\d{1,4})(?!\d)\s*(.*)", re.IGNORECASE
)
_BOTH = re.compile(
    r"(\d{1,4})\s*(?:sockets?|sockel|cpus?|processors?|prozessoren)\W+(?:mit |with )?"
    r"(\d{1,4})\s*(?:v?cores?|kerne?n?|c(?:oe|œ)urs?|threads?)",
    re.IGNORECASE,
)
_COUNT_WORDS = re.compile(
    r"(?:v?cpus?|v?cores?|logical|physical|virtual|processors?|sockets?|threads?|kerne?n?"
    r"|prozessore?n?|sockel|c(?:oe|œ)urs?|processeurs?|n[uú]cleos?|procesador(?:es)?|processor[ei]"
    r"|kernen|rdzeni(?:e|a|ów)?|procesor(?:y|ów)?|units?|pcs|stk|stück|(?:ca|approx)\.?|~"
    r"|[()x:.,\s])*",
    re.IGNORECASE,
)
_ANY_NUMBER = re.compile(NUMBER)


def parse(text: str, decimal: str | None = None) -> float | None:
    """The number a text stands for, or None.

    Args:
        text: digits with separators and an optional exponent, nothing else.
        decimal: the column's decimal separator, "." or ",", where it is known. It decides
            only what the text itself leaves open: '102,400' and '1.024'.
    """
    text = _GROUP_BLANK.sub("", text.strip())
    if text.isascii() and text.isdigit():
        return float(text)
    points, commas = text.count("."), text.count(",")
    if points and commas:
        grouping, mark = (",", ".") if text.rfind(".") > text.rfind(",") else (".", ",")
        whole, _, _ = text.rpartition(mark)
        groups = _COMMA_GROUPS if grouping == "," else _POINT_GROUPS
        if text.count(mark) != 1 or not groups.fullmatch(whole):
            return None
        text = text.replace(grouping, "").replace(mark, ".")
    elif commas:
        if _COMMA_GROUPS.fullmatch(text) and (
            commas > 1 or (decimal != "," and not text.lstrip("+-").startswith("0,"))
        ):
            text = text.replace(",", "")
        elif commas == 1:
            text = text.replace(",", ".")
        else:
            return None
    elif points > 1 or (
        points == 1
        and decimal == ","
        and not text.lstrip("+-").startswith("0.")
        and _POINT_GROUPS.fullmatch(text)
    ):
        if not _POINT_GROUPS.fullmatch(text):
            return None
        text = text.replace(".", "")
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def whole(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A count of cores or sockets."""
    rule_id = WHOLE
    number = parse(text, hints.decimal)
    if number is None:
        product = _PRODUCT.fullmatch(text)
        if product and _COUNT_WORDS.fullmatch(product[3]):
            first, second = int(product[1]), int(product[2])
            if not first or not second:
                return Cleansed({}, ZERO)
            values = {"cpu_cores": first * second, "cpu_sockets": first}
            return Cleansed({attribute: values.pop(attribute), **values}, SOCKETS_TIMES_CORES)
        if both := _BOTH.fullmatch(text):
            values = {"cpu_sockets": int(both[1]), "cpu_cores": int(both[2])}
            return Cleansed({attribute: values.pop(attribute), **values}, SOCKETS_AND_CORES)
        found = _ANY_NUMBER.findall(text)
        rest = _ANY_NUMBER.sub(" ", text)
        if len(found) != 1 or not _COUNT_WORDS.fullmatch(rest):
            return unusable(issues.NOT_A_NUMBER)
        number, rule_id = parse(found[0], hints.decimal), WITH_WORDS
    if number is None or number != int(number):
        return unusable(issues.NOT_A_NUMBER)
    if number in {0, -1}:
        return Cleansed({}, ZERO)
    if number < 0 or number > 100_000:
        return unusable(issues.OUT_OF_RANGE)
    return single(attribute, int(number), rule_id)

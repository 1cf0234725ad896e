"""Dates: ISO 8601 text from what people, tools and spreadsheets write."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from landbridge.discovery.cleansing import issues
from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.hints import ColumnHints, DateOrder
from landbridge.discovery.cleansing.rules.base import Cleansed, single, unusable
from landbridge.discovery.cleansing.rules.months import MONTH_OF

ISO: Final = rule(
    "date.iso",
    "Year, month, day",
    "The text names year, month and day in this order. A time of day and its zone are dropped; "
    "the day is the one written.",
)
DAY_FIRST: Final = rule(
    "date.day_first",
    "Day, month, year",
    "The text is read as day, month, year, because points separate them, because a number of "
    "the column above 12 can only be a day, or because the table's language says so.",
)
MONTH_FIRST: Final = rule(
    "date.month_first",
    "Month, day, year",
    "The text is read as month, day, year, because a number of the column above 12 can only be "
    "a day, or because times are written with AM and PM.",
)
NAMED_MONTH: Final = rule(
    "date.named_month",
    "Month by name",
    "The month is written as a word, in one of eight languages, such as '30/May/23 12:18 PM' or "
    "'14 mars 2019'. Years of two digits are read as 1969–2068.",
)
COMPACT: Final = rule("date.compact", "Digits only", "Eight digits are read as YYYYMMDD.")
SERIAL: Final = rule(
    "date.excel_serial",
    "Day number of a spreadsheet",
    "A number between 20000 and 73050 counts the days since 1899-12-30, as spreadsheets store "
    "dates.",
)
EPOCH: Final = rule(
    "date.epoch",
    "Seconds since 1970",
    "A number of ten or thirteen digits counts seconds or milliseconds since 1970-01-01 UTC.",
)
FILETIME: Final = rule(
    "date.filetime",
    "Windows file time",
    "A number of eighteen digits counts 100 ns steps since 1601-01-01 UTC, as Active Directory "
    "stores times.",
)
SENTINEL: Final = rule(
    "date.filler",
    "A filler date means no date",
    "Dates before 1975 and from 2200 on, and the first days of common computer calendars, are "
    "written by tools that know no date. The attribute stays without a value.",
)

_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ,].*)?", re.IGNORECASE)
_NUMERIC = re.compile(r"(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?P<rest>[T ,].*)?")
_COMPACT = re.compile(r"((?:19|20|99|00)\d{2})(\d{2})(\d{2})(?:[T ]?\d{4,6}(?:\.\d+.*)?Z?)?")
_DIGITS = re.compile(r"-?\d+(?:\.\d+)?")
_EPOCH_JSON = re.compile(r"\\?/Date\((-?\d+)(?:[+-]\d{4})?\)\\?/")
_WORDS = re.compile(r"[^\W\d_]+|\d+", re.UNICODE)
_CLOCK = re.compile(
    r"[T ,]*\b\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?\b)?"
    r"\s*(?:(?:GMT|UTC|Z|CEST|CET|MESZ|MEZ|EST|EDT|CST|CDT|PST|PDT|BST)\b)?\s*(?:[+-]\d{2}:?\d{2})?"
    r"\s*(?:\([^)]*\))?",
    re.IGNORECASE,
)
_AM_PM = re.compile(r"\d\s*[ap]\.?m\.?\b", re.IGNORECASE)
_PARTIAL = re.compile(
    r"(?:(?:19|20)\d{2}|(?:q[1-4]|[1-4]q|h[12]|[12]h|kw ?\d\d?|w\d\d?)[ /-]?(?:19|20)?\d{2}"
    r"|(?:19|20)\d{2}[ /-]?(?:q[1-4]|h[12]|kw ?\d\d?|w\d\d?)|\d{1,2}[/.-](?:19|20)\d{2}"
    r"|(?:19|20)\d{2}[/.-]\d{1,2}|(?P<month>[^\W\d_]{3,12})\.?[ /-]?(?:'?\d{2}|\d{4}))",
    re.IGNORECASE,
)
_EARLIEST: Final = date(1975, 1, 1)
_LATEST: Final = date(2200, 1, 1)
_FILLERS: Final = frozenset({date(1980, 1, 1), date(2099, 12, 31)})
_EXCEL_ZERO: Final = date(1899, 12, 30)


def day(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A calendar date as ISO 8601 text."""
    if match := _ISO.fullmatch(text):
        return _made(attribute, match[1], match[3], match[4], ISO)
    if match := _NUMERIC.fullmatch(text):
        return _numeric(attribute, match, hints)
    if found := _counted(attribute, text):
        return found
    return _worded(attribute, text)


def _numeric(attribute: str, match: re.Match[str], hints: ColumnHints) -> Cleansed:
    first, second, year = int(match[1]), int(match[3]), _year(match[4])
    order = hints.date_order
    if first > 12 or match[2] == ".":
        order = DateOrder.DAY_FIRST
    elif second > 12 or first == second or (order is None and _AM_PM.search(match["rest"] or "")):
        order = DateOrder.MONTH_FIRST
    if order is None:
        return unusable(issues.DATE_ORDER_UNKNOWN)
    if order is DateOrder.DAY_FIRST:
        return _made(attribute, year, second, first, DAY_FIRST)
    return _made(attribute, year, first, second, MONTH_FIRST)


def _counted(attribute: str, text: str) -> Cleansed | None:
    """A date written as digits only: compact, or as a count of days or seconds."""
    if match := _EPOCH_JSON.fullmatch(text):
        return _since_1970(attribute, int(match[1]) / 1000)
    if match := _COMPACT.fullmatch(text):
        return _made(attribute, match[1], match[2], match[3], COMPACT)
    if not _DIGITS.fullmatch(text):
        return None
    number = float(text)
    if 20_000 <= number < 73_051:
        return _ranged(attribute, _EXCEL_ZERO + timedelta(days=int(number)), SERIAL)
    if number in {0, -1}:
        return Cleansed({}, SENTINEL, issues.DATE_SENTINEL)
    if 1e8 <= number < 1e10:
        return _since_1970(attribute, number)
    if 1e11 <= number < 1e13:
        return _since_1970(attribute, number / 1000)
    if 1e17 <= number < 2e18:
        return _since_1970(attribute, number / 1e7 - 11_644_473_600, FILETIME)
    return None


def _since_1970(attribute: str, seconds: float, rule_id: str = EPOCH) -> Cleansed:
    if not -1e11 < seconds < 1e11:
        return unusable(issues.NOT_A_DATE)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return _ranged(attribute, moment.date(), rule_id)


def _worded(attribute: str, text: str) -> Cleansed:
    """A date whose month is a word; or not a date at all."""
    words = _WORDS.findall(_CLOCK.sub(" ", text, count=1))
    months = [m for w in words if (m := MONTH_OF.get(w.casefold()))]
    numbers = [w for w in words if w.isdigit()]
    if len(months) == 1 and len(numbers) == 2:
        first, second = numbers
        if len(first) == 4:
            return _made(attribute, first, months[0], second, NAMED_MONTH)
        return _made(attribute, _year(second), months[0], first, NAMED_MONTH)
    partial = _PARTIAL.fullmatch(text)
    if partial and (not partial["month"] or partial["month"].casefold() in MONTH_OF):
        return unusable(issues.DATE_INCOMPLETE)
    return unusable(issues.NOT_A_DATE)


def _year(text: str) -> int:
    number = int(text)
    if len(text) > 2:
        return number
    return number + (2000 if number < 69 else 1900)


def _made(
    attribute: str, year: str | int, month: str | int, day_: str | int, rule_id: str
) -> Cleansed:
    numbers = int(year), int(month), int(day_)
    if numbers[0] == 0 or numbers[1:] == (0, 0):
        return Cleansed({}, SENTINEL, issues.DATE_SENTINEL)
    try:
        made = date(*numbers)
    except ValueError:
        return unusable(issues.NOT_A_DATE)
    return _ranged(attribute, made, rule_id)


def _ranged(attribute: str, made: date, rule_id: str) -> Cleansed:
    if not _EARLIEST <= made < _LATEST or made in _FILLERS:
        return Cleansed({}, SENTINEL, issues.DATE_SENTINEL)
    return single(attribute, made.isoformat(), rule_id)

"""Numbers of spreadsheets as the text a person sees, without rounding anything away.

A number format decides whether a number is a date, a duration, a percentage or an identifier
with leading zeros. Dates come out as ISO 8601, decimals with all their digits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

Rendered = tuple[str, str | None]
"""The text, and the code of an issue about it."""

Renderer = Callable[[str], Rendered]

PRECISION: Final = "NUMBER_PRECISION"
DATE: Final = "DATE_INVALID"
PERCENT: Final = "PERCENT_FORMAT"

BUILT_IN: Final = {
    9: "0%", 10: "0.00%", 14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm",
    27: "yyyy/m", 28: "m/d", 29: "m/d", 30: "m/d/yy", 31: "yyyy/m/d", 32: "h:mm", 33: "h:mm:ss",
    34: "yyyy/m/d", 35: "yyyy/m/d", 36: "yyyy/m", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    49: "@", 50: "yyyy/m", 51: "m/d", 52: "yyyy/m", 53: "m/d", 54: "m/d", 55: "yyyy/m",
    56: "m/d", 57: "yyyy/m", 58: "m/d",
}  # fmt: skip

_WHOLE = re.compile(r"-?\d+$")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|[_*].', re.DOTALL)
_BRACKETS = re.compile(r"\[(?!(?:h+|m+|s+)\])[^\]]*\]", re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_PATTERN = re.compile(r"[#0?.,]+")
_WORDY = re.compile(r"\w")
_LAST_SERIAL: Final = 2_958_466
_EXACT: Final = 10**15
_DAY: Final = 86_400


def plain_number(raw: str) -> Rendered:
    """A number without format: no `.0`, no exponent where digits do."""
    if raw.isdigit() and len(raw) <= 15:
        return raw, None
    if _WHOLE.match(raw):
        return raw, None
    try:
        number = float(raw)
    except ValueError:
        return raw, None
    if not math.isfinite(number):
        return raw, None
    return decimal_text(number), PRECISION if abs(number) >= _EXACT else None


def decimal_text(number: float) -> str:
    """A float as decimal digits, without the artefacts of binary arithmetic."""
    text = repr(number)
    short = f"{number:.15g}"
    if len(short) <= len(text) - 4:
        text = short
    if "e" in text and 1e-20 < abs(number) < 1e21:
        text = format(Decimal(text), "f")
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


@lru_cache(maxsize=4096)
def renderer(code: str, *, epoch_1904: bool = False) -> Renderer:
    """How numbers with this format code are shown."""
    section = _first_section(code)
    if section.strip().lower() in {"", "general", "standard", "@"}:
        return plain_number
    bare = _BRACKETS.sub("", _LITERAL.sub("", section))
    if _ELAPSED.search(bare):
        return _duration
    letters = set(bare.lower().replace("general", ""))
    clock = bool(letters & {"h", "s"})
    if letters & {"y", "d"} or ("m" in letters and not clock and not letters & {"0", "#"}):
        return _date_renderer(timed=clock, epoch_1904=epoch_1904)
    if clock and "0" not in bare.replace(".0", ""):
        return _clock_renderer(epoch_1904=epoch_1904)
    if "%" in bare:
        return _percent
    return _number_renderer(section)


def _first_section(code: str) -> str:
    """The part of a format that positive numbers use."""
    quoted = False
    for i, char in enumerate(code):
        if char == '"':
            quoted = not quoted
        elif char == ";" and not quoted and (i == 0 or code[i - 1] != "\\"):
            return code[:i]
    return code


def _number_renderer(section: str) -> Renderer:
    """Identifiers with leading zeros, and words around the number such as a unit."""
    parts = _PATTERN.search(_LITERAL.sub(lambda m: "\x00" * len(m[0]), section))
    if parts is None:
        return plain_number
    before, after = _words(section[: parts.start()]), _words(section[parts.end() :])
    pattern = parts[0]
    zeros = len(pattern) if set(pattern) == {"0"} and len(pattern) > 1 else 0
    if not (before or after or zeros):
        return plain_number

    def render(raw: str) -> Rendered:
        text, issue = plain_number(raw)
        if zeros and text.isdigit():
            text = text.zfill(zeros)
        return before + text + after, issue

    return render


def _words(section: str) -> str:
    """The literal text of a part of a format, if it says something."""
    text = "".join(m[1] or m[2] or "" for m in _LITERAL.finditer(_BRACKETS.sub("", section)))
    return text if _WORDY.search(text) else ""


def _percent(raw: str) -> Rendered:
    try:
        share = Decimal(repr(float(raw))) * 100
    except (ValueError, ArithmeticError):
        return raw, None
    text = format(share.normalize(), "f")
    return ("0" if text == "-0" else text) + "%", PERCENT


def _duration(raw: str) -> Rendered:
    try:
        seconds = round(float(raw) * _DAY, 3)
    except (ValueError, OverflowError):
        return raw, None
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    whole = int(seconds)
    text = f"{sign}{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return text + _fraction(seconds - whole), None


def _date_renderer(*, timed: bool, epoch_1904: bool) -> Renderer:
    def render(raw: str) -> Rendered:
        return _moment(raw, timed=timed, epoch_1904=epoch_1904)

    return render


def _clock_renderer(*, epoch_1904: bool) -> Renderer:
    def render(raw: str) -> Rendered:
        try:
            number = float(raw)
        except ValueError:
            return raw, None
        if 0 <= number < 1:
            text, _ = _moment(repr(number + 1), timed=True, epoch_1904=True)
            return text.partition(" ")[2], None
        return _moment(raw, timed=True, epoch_1904=epoch_1904)

    return render


def _moment(raw: str, *, timed: bool, epoch_1904: bool) -> Rendered:
    """A serial day number as ISO 8601 text.

    The 1900 calendar has a 29 February 1900 that never was: 60 is that day, and days before it
    are counted from 31 December 1899.
    """
    try:
        number = float(raw)
    except ValueError:
        return raw, None
    if not 0 <= number < _LAST_SERIAL:
        return plain_number(raw)[0], DATE
    milliseconds = round(number * _DAY * 1000)
    days, rest = divmod(milliseconds, _DAY * 1000)
    seconds = rest / 1000
    if epoch_1904:
        start = date(1904, 1, 1)
    elif days == 60:
        return _with_time("1900-02-29", seconds, timed=timed), DATE
    else:
        start = date(1899, 12, 31) if days < 60 else date(1899, 12, 30)
    try:
        day = (start + timedelta(days=days)).isoformat()
    except OverflowError:
        return plain_number(raw)[0], DATE
    return _with_time(day, seconds, timed=timed), None


def _with_time(day: str, seconds: float, *, timed: bool) -> str:
    if not timed and not seconds:
        return day
    whole = int(seconds)
    clock = f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{day} {clock}{_fraction(seconds - whole)}"


def _fraction(part: float) -> str:
    """Milliseconds after the point, or nothing."""
    thousandths = round(part * 1000)
    return f".{thousandths:03}".rstrip("0") if 0 < thousandths < 1000 else ""

"""How numbers, sizes and moments read on a page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from landbridge.kit.clock import now


def number(value: float | None) -> str:
    """With thousands separated; a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.1f}"
    return f"{int(value):,}"


def gib(mebibytes: float | None) -> str:
    """A size held in MiB, as people write it."""
    if mebibytes is None:
        return "–"
    if mebibytes < 1024:
        return f"{mebibytes:,.0f} MiB"
    value = mebibytes / 1024
    if value < 1024:
        return f"{value:,.0f} GiB" if value >= 10 or value.is_integer() else f"{value:,.1f} GiB"
    return f"{value / 1024:,.1f} TiB"


def size(count: int | None) -> str:
    """A size in bytes, as people write it."""
    if count is None:
        return "–"
    value = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{value:,.0f} {unit}" if unit == "B" else f"{value:,.1f} {unit}"
        value /= 1024
    return f"{value:,.1f} TiB"


def seconds(value: float | timedelta | None) -> str:
    """A duration: 4 s, 3 min 20 s, 2 h 5 min."""
    if value is None:
        return "–"
    total = value.total_seconds() if isinstance(value, timedelta) else value
    if total < 10:
        return f"{max(total, 0):.1f} s"
    whole = int(total)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def ago(at: datetime | None) -> str:
    """How long ago a moment was."""
    if at is None:
        return "–"
    gone = (now() - at).total_seconds()
    if gone < 45:
        return "just now"
    for limit, divisor, unit in (
        (3600, 60, "min"),
        (86400, 3600, "h"),
        (86400 * 14, 86400, "d"),
    ):
        if gone < limit:
            return f"{max(1, round(gone / divisor))} {unit} ago"
    return at.astimezone(UTC).strftime("%d %b %Y")


def elapsed(since: datetime) -> timedelta:
    """The time since a moment."""
    return now() - since


def exact(at: datetime | None) -> str:
    """A moment in full, in UTC."""
    return at.astimezone(UTC).strftime("%d %b %Y, %H:%M:%S UTC") if at else "–"


def clock(at: datetime | None) -> str:
    """The time of day of a moment, in UTC."""
    return at.astimezone(UTC).strftime("%H:%M:%S") if at else "–"


def iso(at: datetime) -> str:
    """A moment for machines."""
    return at.astimezone(UTC).isoformat()


def until(at: datetime | None) -> str:
    """How far ahead a moment is: in 12 s, in 2 h 5 min; now, once it has come."""
    if at is None:
        return "–"
    left = int((at - now()).total_seconds())
    return f"in {seconds(max(left, 10)) if left >= 10 else f'{left} s'}" if left > 0 else "now"


def moment(at: datetime | None) -> str:
    """A moment that people plan with: 14:00 UTC today, else with its day."""
    if at is None:
        return "–"
    here = at.astimezone(UTC)
    day = "" if here.date() == now().date() else f"{here.day} {here.strftime('%b %Y')}, "
    return f"{day}{here.strftime('%H:%M')} UTC"


def field_moment(at: datetime | None) -> str:
    """A moment as a date and time field holds it, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") if at else ""

"""How an engagement wants its waves: room, pilots, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationError,
    model_validator,
)
from sqlalchemy import text

from landbridge.assessment.waves.errors import WaveSettingsInvalid
from landbridge.database.session import TenantSession
from landbridge.discovery.graph.wave_model import Limits, Period

LONGEST_FREEZE: Final = 100
"""Days. What lasts longer is no freeze, but a later start."""
MOST_FREEZES: Final = 12
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _whole(said: Any) -> Any:
    """JSON has no sorts of numbers: 2.0 is whole."""
    return int(said) if isinstance(said, float) and said.is_integer() else said


def _day(said: Any) -> Any:
    """A day is written in full; numbers and moments are none."""
    if isinstance(said, date) or (isinstance(said, str) and _DAY.fullmatch(said)):
        return said
    raise ValueError("a day is written as 2027-01-04")


_WHOLE: Final = BeforeValidator(_whole)
Day = Annotated[date, BeforeValidator(_day)]
_OF_PLAN: Final = text("select settings from app.wave_plans where engagement_id = :e")


class Freeze(BaseModel):
    """Days on which nothing moves, both included.

    Raises:
        ValueError: it ends before it begins, or is longer than LONGEST_FREEZE days.
    """

    model_config = ConfigDict(extra="forbid")

    first: Day
    last: Day

    @model_validator(mode="after")
    def _is_a_time(self) -> Self:
        if not 0 <= (self.last - self.first).days < LONGEST_FREEZE:
            raise ValueError(f"a freeze lasts 1 to {LONGEST_FREEZE} days")
        return self


class WaveSettings(BaseModel):
    """What holds for all waves.

    Attributes:
        max_size: assets in a wave; None is no limit.
        pilot_waves: in so many first waves nothing highly critical moves.
        test_first: development, test and staging move before production of the same application.
        max_waves: waves that there should be at most; None is no limit.
        start: the first day of wave 1; without it waves have no dates, and freezes bind nothing.
        days_per_wave: from the start of one wave to that of the next.
        freezes: days on which nothing moves.
    """

    model_config = ConfigDict(extra="forbid")

    max_size: Annotated[int, Strict(), Field(ge=1, le=1_000_000), _WHOLE] | None = 50
    pilot_waves: Annotated[int, Strict(), Field(ge=0, le=100), _WHOLE] = 1
    test_first: Annotated[bool, Strict()] = True
    max_waves: Annotated[int, Strict(), Field(ge=1, le=100_000), _WHOLE] | None = None
    start: Day | None = None
    days_per_wave: Annotated[int, Strict(), Field(ge=1, le=366), _WHOLE] = 14
    freezes: list[Freeze] = Field(default_factory=list, max_length=MOST_FREEZES)

    def limits(self) -> Limits:
        """The same for the planner."""
        return Limits(
            size_per_wave=self.max_size,
            pilot_waves=self.pilot_waves,
            test_first=self.test_first,
            waves=self.max_waves,
            start=self.start,
            days_per_wave=self.days_per_wave,
        )

    def blackouts(self) -> tuple[Period, ...]:
        """The freezes for the planner; none where no wave has a date."""
        return tuple(Period(f.first, f.last) for f in self.freezes)


def settings_of(session: TenantSession, engagement_id: UUID) -> WaveSettings:
    """Those of the plan that the engagement has, else the usual ones."""
    kept = session.execute(_OF_PLAN, {"e": engagement_id}).scalar_one_or_none()
    return WaveSettings.model_validate(kept) if kept is not None else WaveSettings()


def changed(settings: WaveSettings, wanted: Mapping[str, Any]) -> WaveSettings:
    """The settings with some others.

    Raises:
        WaveSettingsInvalid: one of them is not what it should be.
    """
    try:
        return WaveSettings.model_validate({**settings.model_dump(), **wanted})
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(part) for part in first["loc"])
        raise WaveSettingsInvalid(reason=f"{at}: {first['msg']}") from error


def freeze_of(said: str) -> dict[str, str]:
    """A freeze from its text, such as 2026-12-15/2027-01-05; one day stands for itself."""
    first, _, last = said.partition("/")
    return {"first": first.strip(), "last": (last or first).strip()}

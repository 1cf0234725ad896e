"""What operators see and say: the groups, one of them, and its state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from landbridge.centre.desk import Desk
from landbridge.centre.errors import ErrorNotCounted, MuteHasNoEnd
from landbridge.centre.models import (
    AffectedAccount,
    Centre,
    ErrorDetail,
    ErrorGroup,
    Example,
    PlaceCount,
    Remedy,
    Said,
    State,
)
from landbridge.errors.catalogue import Category
from landbridge.kit.clock import now

LONGEST_MUTE: Final = timedelta(days=90)
EXAMPLES: Final = 50


def centre(desk: Desk, *, state: str = "", category: str = "", q: str = "") -> Centre:
    """The groups that fit, the one that occurred last first.

    Args:
        state: only groups in this state.
        category: only errors of this category.
        q: only codes or titles that contain this.
    """
    groups = [ErrorGroup.model_validate(row) for row in desk.ask("groups")]
    defects = sum(1 for g in groups if g.category is Category.BUG and g.state is State.OPEN)
    wanted = q.strip().lower()
    return Centre(
        groups=[
            g
            for g in groups
            if (not state or g.state == state)
            and (not category or g.category == category)
            and (wanted in g.code.lower() or wanted in g.title.lower())
        ],
        defects=defects,
        dropped=int(desk.ask("dropped")[0]["traces"]),
        remedies=[Remedy.model_validate(row) for row in desk.ask("healed")],
    )


def detail(desk: Desk, code: str) -> ErrorDetail:
    """One group with its places, accounts, traces and what operators said.

    Raises:
        ErrorNotCounted: the code has not occurred.
    """
    found = desk.ask("groups", code)
    if not found:
        raise ErrorNotCounted
    examples = [Example.model_validate(row) for row in desk.ask("examples", code)]
    examples.sort(key=lambda example: example.at, reverse=True)
    return ErrorDetail(
        group=ErrorGroup.model_validate(found[0]),
        places=[PlaceCount.model_validate(row) for row in desk.ask("places", code)],
        accounts=[AffectedAccount.model_validate(row) for row in desk.ask("accounts", code)],
        examples=examples[:EXAMPLES],
        said=[Said.model_validate(row) for row in desk.ask("decisions", code)],
    )


def decide(
    desk: Desk, code: str, state: State, *, note: str = "", until: datetime | None = None
) -> ErrorGroup:
    """Say what is the matter with a code; returns its group as it is now.

    Args:
        until: the end of a mute; belongs to no other state.

    Raises:
        ErrorNotCounted: the code has not occurred.
        MuteHasNoEnd: it is to be muted, but not until a moment in the next 90 days.
    """
    if state is not State.MUTED:
        until = None
    elif until is None or not now() < until <= now() + LONGEST_MUTE:
        raise MuteHasNoEnd
    if not desk.decide(code, state.value, " ".join(note.split())[:1000], until):
        raise ErrorNotCounted
    return ErrorGroup.model_validate(desk.ask("groups", code)[0])

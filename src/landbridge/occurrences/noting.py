"""Saying that an error occurred. Costs a few microseconds, waits for nobody, raises nothing."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any, Final

from landbridge.database.session import TenantSession, once_committed
from landbridge.errors.catalogue import Category, LandbridgeError
from landbridge.errors.foreign import translated
from landbridge.kit.scene import current_scene
from landbridge.occurrences.buffer import Buffer
from landbridge.occurrences.occurrence import Occurrence

BUFFER: Final = Buffer()
"""What occurred in this process and is not written yet."""


def note(error: LandbridgeError, place: str | None = None, **known: Any) -> None:
    """Record that an error occurred, here and now.

    Args:
        error: which; a defect carries what happened as its cause.
        place: where, if the current scene does not say it.
        known: further fields of the occurrence.
    """
    BUFFER.add(Occurrence.of(error, place, **known))


def note_at_commit(session: TenantSession, occurrence: Occurrence) -> None:
    """Record an occurrence if and when the session's transaction commits."""
    once_committed(session, partial(BUFFER.add, occurrence))


def note_background(event_name: str, error: BaseException) -> None:
    """Record a failure of a thread that goes on: nobody waits for its answer. The caller logs it.

    Args:
        event_name: of the log; static.
        error: what happened.
    """
    note(translated(error), f"{threading.current_thread().name}: {event_name}")


def note_escaping(error: BaseException) -> None:
    """Record what ends the current scene, once, however many layers it passes."""
    scene = current_scene()
    if scene is not None and not scene.recorded:
        scene.recorded = True
        note(translated(error))


def totals() -> dict[tuple[str, Category], int]:
    """How often each code occurred since this process began, by code and category."""
    return BUFFER.totals()

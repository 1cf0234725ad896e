"""`landbridge errors acknowledge|mute|resolve|reopen`: what operators say of an error."""

from __future__ import annotations

from datetime import datetime, timedelta

from landbridge.centre import service
from landbridge.centre.desk import OwnerDesk
from landbridge.centre.models import State
from landbridge.cli.error_centre import shape
from landbridge.cli.options import Json
from landbridge.cli.people import owner, say
from landbridge.kit.clock import now


def acknowledge(code: str, *, note: str = "", json: Json = False) -> int:
    """Say that somebody looks after an error. It stays so until it is resolved or reopened.

    Example: landbridge errors acknowledge PHASE_POISONED --note "Ticket 4711"

    Parameters
    ----------
    code
        An error code, as 'errors centre' lists it.
    note
        What is being done about it.
    """
    return _decide(code, State.ACKNOWLEDGED, note, None, json=json)


def mute(code: str, *, hours: float, note: str = "", json: Json = False) -> int:
    """Silence an error for some hours; then it is open again. It goes on being counted.

    Example: landbridge errors mute DATABASE_UNAVAILABLE --hours 2 --note "Maintenance"

    Parameters
    ----------
    code
        An error code, as 'errors centre' lists it.
    hours
        For how long; 90 days at most.
    note
        Why.
    """
    until = now() + timedelta(hours=max(0.0, min(hours, 1e5)))
    return _decide(code, State.MUTED, note, until, json=json)


def resolve(code: str, *, note: str = "", json: Json = False) -> int:
    """Close an error. It opens again by itself when it comes back.

    Example: landbridge errors resolve PHASE_POISONED --note "Fixed by more memory"

    Parameters
    ----------
    code
        An error code, as 'errors centre' lists it.
    note
        What was done.
    """
    return _decide(code, State.RESOLVED, note, None, json=json)


def reopen(code: str, *, note: str = "", json: Json = False) -> int:
    """Open an error again, whatever was said of it.

    Example: landbridge errors reopen PHASE_POISONED

    Parameters
    ----------
    code
        An error code, as 'errors centre' lists it.
    note
        Why.
    """
    return _decide(code, State.OPEN, note, None, json=json)


def _decide(code: str, state: State, note: str, until: datetime | None, *, json: bool) -> int:
    group = service.decide(OwnerDesk(owner()), code.upper(), state, note=note, until=until)
    end = f" until {group.until:%Y-%m-%d %H:%M} UTC" if group.until else ""
    return say({"group": shape(group)}, f"{group.code} is {group.state.value}{end}.", json=json)

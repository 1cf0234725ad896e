"""`landbridge operator circuits`: outside services that are not asked, and why."""

from __future__ import annotations

from landbridge.cli.context import databases
from landbridge.cli.options import Json
from landbridge.cli.people import say, show_list
from landbridge.database import circuits
from landbridge.errors.common import NotFound


def show_or_close(*, close: str | None = None, json: Json = False) -> int:
    """List outside services with the state of their circuits, or have one asked again at once.

    Example: landbridge operator circuits --close openai

    Parameters
    ----------
    close
        Ask this service again, without waiting for its time.
    """
    engine = databases().worker.engine
    if close is not None:
        if not circuits.close(engine, close):
            raise NotFound
        return say({"provider": close, "state": "closed"}, f"{close} is asked again.", json=json)
    rows = [
        {
            "provider": c.provider,
            "state": c.state,
            "failures": c.failures,
            "again_in_seconds": c.seconds,
            "last_code": c.last_code,
            "since": c.changed_at.isoformat(timespec="seconds"),
        }
        for c in circuits.circuits(engine)
    ]
    columns = ("provider", "state", "failures", "again_in_seconds", "last_code", "since")
    return show_list("circuits", rows, columns, json=json)

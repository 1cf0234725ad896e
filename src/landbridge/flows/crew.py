"""What each worker can run.

Workers of several releases, or with several packages installed, run side by side while a new
release is rolled out. A worker says with its lease which flow types it has, and of each the
phases and gates it has code for. What one of them cannot run is left to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import Connection, text

from landbridge.database.session import SessionDoor, TenantSession
from landbridge.flows.definitions import GateDefinition, PhaseDefinition

Abilities = Mapping[str, Iterable[str]]
"""Flow type → names of the phases and gates that there is code for, as `needs` gives them."""

_CREW: Final = text("select id, abilities from app_private.executor_leases")
_LIVE: Final = text("""
select id, abilities from app_private.executor_leases where lease_until >= clock_timestamp()""")


def needs(step: PhaseDefinition | GateDefinition) -> frozenset[str]:
    """The code that it takes to run a phase, or to carry out the default of a gate."""
    if isinstance(step, GateDefinition):
        return frozenset({f"gate:{step.key}"})
    return needs(step.gate) | {step.key} if step.gate else frozenset({step.key})


class Crew:
    """The workers that have a lease, and what each can run.

    Args:
        abilities: by executor; None of a release that does not say: it is taken to know all.
    """

    def __init__(self, abilities: Mapping[str, Abilities | None]) -> None:
        self._abilities = abilities

    def __contains__(self, executor: object) -> bool:
        return executor in self._abilities

    def __len__(self) -> int:
        return len(self._abilities)

    def can(self, flow_type: str, step: PhaseDefinition | GateDefinition) -> bool:
        """Whether any of them has the code that a phase or the default of a gate takes."""
        needed = needs(step)
        return any(
            known is None or needed <= set(known.get(flow_type, ()))
            for known in self._abilities.values()
        )


def crew(session: TenantSession | Connection) -> Crew:
    """The workers that have a lease, also one that has run out and that nobody removed yet."""
    return Crew({row.id: row.abilities for row in session.execute(_CREW)})


def living_crew(door: SessionDoor) -> Crew:
    """The workers whose lease runs."""
    with door.anonymous() as connection:
        return Crew({row.id: row.abilities for row in connection.execute(_LIVE)})

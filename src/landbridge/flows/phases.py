"""What a phase is: a typed unit of work that commits its output with its state.

A phase's executor runs inside one database transaction. Everything it writes through
`context.session`, its output and the flow's state change commit together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol
from uuid import UUID

from pydantic import BaseModel

from landbridge.database.session import TenantSession

Progress = Callable[[int, int | None], None]
"""Called with work done and work in all (None while unknown), in the phase's unit.
Cheap: calls are throttled, and visible to others before the phase commits."""


@dataclass(frozen=True, slots=True)
class PhaseContext:
    """What a phase executor is given.

    Attributes:
        session: the transaction of this step, scoped to the flow's client account.
        client_account_id: the account; rows get it by themselves, files and caches do not.
        engagement_id: the engagement the flow works in.
        flow_id: the flow.
        inputs: the flow's inputs, as given at creation.
        outputs: outputs of the completed phases, by phase key.
        progress: reports work done.
        answers: answers given at the gates so far: the key of a choice, the values of a form.
        notes: messages for the flow's event log, appended with the phase's commit.
    """

    session: TenantSession
    client_account_id: UUID
    engagement_id: UUID
    flow_id: UUID
    inputs: dict[str, Any]
    outputs: dict[str, dict[str, Any]]
    progress: Progress
    answers: dict[str, Any] = field(default_factory=dict)
    notes: list[dict[str, Any]] = field(default_factory=list)


class Phase(Protocol):
    """One phase of a flow type.

    Attributes:
        key: the phase's name in snake_case, unique in its flow.
        title: how people call it.
        unit: what progress counts ("rows", "columns", "assets").
        output: the type of its output; must survive a round trip through JSON.

    An executor may also have `needs`, a mapping from keys of earlier phases to the type of
    output it wants of each; the registration of the flow type checks it.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    unit: ClassVar[str]
    output: ClassVar[type[BaseModel]]

    def run(self, context: PhaseContext) -> BaseModel:
        """Do the work and return its output; raise a catalogued error when it cannot."""
        ...

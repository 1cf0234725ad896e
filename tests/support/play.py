"""Flow types with everything a page has to show: branches, gates of all kinds, retries."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from threading import Event
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import text

from landbridge.database.engine import assemble
from landbridge.database.session import TenantSession
from landbridge.database.urls import parse
from landbridge.errors.catalogue import LandbridgeError, Retry
from landbridge.flows.definitions import (
    Choice,
    Condition,
    FlowDefinition,
    GateDefinition,
    GateKind,
    PhaseDefinition,
    RetryPolicy,
)
from landbridge.flows.phases import PhaseContext
from landbridge.flows.types import FlowType, FlowTypes
from landbridge.worker.runtime import running_worker

_FAILED = text(
    "select count(*) from app.phase_runs where flow_id = :flow and phase = :phase"
    " and status = 'failed'"
)


class PlayInputs(BaseModel):
    """What every flow of these types is started with."""

    label: str = Field(default="", description="Shown nowhere; there to be changed.")
    mode: Literal["fast", "careful"] = "fast"
    seconds: float = Field(default=0.0, ge=0, le=60)
    fail_in: str | None = None
    failures: int = Field(default=0, ge=0)
    transient: bool = False


class PlayOutput(BaseModel):
    """What every phase gives."""

    label: str


class PlayAnswer(BaseModel):
    """What the form asks for."""

    owner: str = Field(min_length=2)
    servers: int = Field(default=1, ge=1)
    urgent: bool = False


class PlayFailure(LandbridgeError):
    """A phase was told to fail for good."""

    code = "PLAY_FAILURE"
    title = "The source cannot be read"
    status = 422
    message = "The phase {phase} met a file that ends in the middle."
    remedy = "Export the file again, then retry the flow."


class PlayOutage(PlayFailure):
    """A phase was told to fail for a moment."""

    code = "PLAY_OUTAGE"
    title = "A service was away"
    retry = Retry.SAFE
    message = "The service that {phase} asks did not answer."


class PlayPhase:
    """Takes its time, then gives the label; fails as often as it is told to."""

    unit = "servers"
    output = PlayOutput

    def __init__(self, key: str, title: str) -> None:
        self.key, self.title = key, title

    def run(self, context: PhaseContext) -> PlayOutput:
        """Work for `seconds`."""
        wanted = context.inputs
        for step in range(40):
            context.progress(step, 40)
            time.sleep(wanted["seconds"] / 40)
        if wanted["fail_in"] == self.key:
            named = {"flow": context.flow_id, "phase": self.key}
            if context.session.execute(_FAILED, named).scalar_one() < wanted["failures"]:
                raise (PlayOutage if wanted["transient"] else PlayFailure)(phase=self.title)
        context.progress(40, 40)
        return PlayOutput(label=wanted["label"])


class PlayGate:
    """Always asks."""

    form = PlayAnswer

    def summary(self, context: PhaseContext) -> dict[str, Any] | None:
        """A few things to decide."""
        return {"servers": 40, "with_findings": 3}

    def approve(self, session: TenantSession, inputs: dict[str, Any]) -> None:
        """Nothing to carry out."""


def _kind(flow_type: str, title: str, *phases: PhaseDefinition) -> FlowType:
    gate = PlayGate()
    return FlowType(
        FlowDefinition(flow_type=flow_type, title=title, version=1, phases=phases),
        PlayInputs,
        {p.key: PlayPhase(p.key, p.title) for p in phases},
        {p.gate.key: gate for p in phases if p.gate},
    )


def _phase(key: str, title: str, **values: Any) -> PhaseDefinition:
    return PhaseDefinition(key=key, title=title, unit="servers", weight=1, **values)


STRATEGY = GateDefinition(
    key="strategy",
    title="Which way do we move?",
    kind=GateKind.CHOICE,
    choices=(Choice(key="rehost", title="Rehost"), Choice(key="rebuild", title="Rebuild")),
    timeout_seconds=86_400,
    default="rehost",
)
QUICK = STRATEGY.model_copy(update={"timeout_seconds": 2.0})
SIGN_OFF = GateDefinition(key="sign_off", title="Sign off the plan", timeout_seconds=7200)
DETAILS = GateDefinition(
    key="details",
    title="Who takes it over?",
    kind=GateKind.FORM,
    fields=PlayAnswer.model_json_schema(),
)
QUICK_RETRY = RetryPolicy(attempts=3, first_seconds=0.2)
SLOW_RETRY = RetryPolicy(attempts=3, first_seconds=90)


def plan(strategy: GateDefinition = STRATEGY) -> tuple[PhaseDefinition, ...]:
    """A plan whose middle runs in two branches, and whose end depends on a choice."""
    return (
        _phase("collect", "Collect", gate=strategy),
        _phase("measure", "Measure load", after=("collect",)),
        _phase("size", "Size targets", after=("measure",)),
        _phase("licences", "Check licences", after=("collect",), retry=SLOW_RETRY),
        _phase(
            "rehost",
            "Plan rehosting",
            after=("size", "licences"),
            when=Condition(gate=strategy.key, choice="rehost"),
        ),
        _phase(
            "rebuild",
            "Plan rebuilding",
            after=("size", "licences"),
            when=Condition(gate=strategy.key, choice="rebuild"),
        ),
        _phase("report", "Write the report", after=("rehost", "rebuild")),
    )


def play_types() -> FlowTypes:
    """`steps` in sequence, `plan` with branches and a choice, `quick` with a short deadline,
    `sign_off` with an approval, `details` with a form.
    """
    three = (_phase("one", "Read"), _phase("two", "Match", retry=QUICK_RETRY))
    return FlowTypes(
        steps=lambda: _kind("steps", "Steps", *three, _phase("three", "Write")),
        plan=lambda: _kind("plan", "Migration plan", *plan()),
        quick=lambda: _kind("quick", "Quick plan", *plan(QUICK)),
        sign_off=lambda: _kind(
            "sign_off", "Sign-off", _phase("one", "Draft", gate=SIGN_OFF), _phase("two", "Publish")
        ),
        details=lambda: _kind(
            "details", "Hand-over", _phase("one", "Prepare", gate=DETAILS), _phase("two", "Send")
        ),
    )


def main() -> None:
    """Run a worker until killed: admin URL, app URL, worker URL and a file that says ready."""
    admin, app, worker = (parse(argument, "test") for argument in sys.argv[1:4])
    databases = assemble(admin, app, worker)
    with running_worker(databases.worker, play_types()):
        Path(sys.argv[4]).touch()
        Event().wait()


if __name__ == "__main__":
    main()

"""Flow types of several shapes whose phases leave countable effects, and a worker for them.

An effect is a row of `app.applications` named `FLOW PHASE`; nothing about that table makes the
name unique, so an effect that was committed twice is there twice.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.cli.main import leave
from landbridge.database import engine
from landbridge.database.session import TenantSession
from landbridge.database.urls import parse
from landbridge.errors.catalogue import Category, LandbridgeError, Retry
from landbridge.flows import heartbeat, leases
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
from landbridge.kit.settings import Settings
from landbridge.worker import runtime

HASTE = "SHAPES_HASTE"
VERSION_SETTING = "SHAPES_VERSION"
PROVIDER = "oracle"
QUICK = RetryPolicy(attempts=4, first_seconds=0.2, factor=2.0, max_seconds=2.0)
EFFECT = text(
    "insert into app.applications (id, engagement_id, name, name_key) "
    "values (gen_random_uuid(), :engagement, :name, gen_random_uuid())"
)
LOCK = text("select pg_advisory_xact_lock(hashtextextended(:name, 1))")
FAILED_BEFORE = text(
    "select count(*) from app.phase_runs where flow_id = :flow and phase = :phase "
    "and status = 'failed'"
)


class Inputs(BaseModel):
    """What a flow of these shapes is started with.

    Attributes:
        seconds: how long each phase takes; progress is told every 50 ms.
        silent: it tells no progress, so that nothing can interrupt it.
        fail_in: this phase fails transiently...
        failures: ...so many times.
        kill_in: this phase kills its worker.
        lock: each phase holds a lock that another attempt at it waits for.
        number: whatever tells one flow from another.
    """

    seconds: float = 0.0
    silent: bool = False
    ask: bool = True
    fail_in: str | None = None
    failures: int = 0
    kill_in: str | None = None
    lock: bool = False
    number: int = 0


class Output(BaseModel):
    """What every phase returns: the phases it saw the outputs of."""

    seen: list[str]


class Outage(LandbridgeError):
    """A service that a phase needs was away for a moment."""

    code = "SHAPE_OUTAGE"
    title = "A service was away"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.SAFE
    message = "The service of {phase} was away."
    remedy = "Wait."


class ShapePhase:
    """Takes its time, leaves one effect, then fails or kills its worker if told to."""

    unit = "steps"
    output = Output

    def __init__(self, key: str) -> None:
        self.key = key
        self.title = key.title()

    def run(self, context: PhaseContext) -> Output:
        """Leave the effect, whatever happens to it then."""
        inputs = context.inputs
        if inputs["lock"]:
            context.session.execute(LOCK, {"name": f"{context.flow_id} {self.key}"})
        context.session.execute(
            EFFECT,
            {"engagement": context.engagement_id, "name": f"{context.flow_id} {self.key}"},
        )
        steps = max(1, round(inputs["seconds"] / 0.05))
        for step in range(steps):
            if not inputs["silent"]:
                context.progress(step, steps)
            time.sleep(inputs["seconds"] / steps)
        if inputs["kill_in"] == self.key:
            os.kill(os.getpid(), signal.SIGKILL)
        if inputs["fail_in"] == self.key:
            where = {"flow": context.flow_id, "phase": self.key}
            if context.session.execute(FAILED_BEFORE, where).scalar_one() < inputs["failures"]:
                raise Outage(phase=self.key)
        if not inputs["silent"]:
            context.progress(steps, steps)
        return Output(seen=sorted(context.outputs))


class EmptyPhase(ShapePhase):
    """Does nothing: what is left is what the kernel costs."""

    def run(self, context: PhaseContext) -> Output:
        """Return at once."""
        return Output(seen=[])


class ShapeGate:
    """Asks when the inputs say so."""

    def summary(self, context: PhaseContext) -> dict[str, Any] | None:
        """One thing to decide."""
        return {"things": 1} if context.inputs["ask"] else None

    def approve(self, session: TenantSession, inputs: dict[str, Any]) -> None:
        """Nothing but going on follows from an approval."""


def phase(key: str, **values: Any) -> PhaseDefinition:
    """A phase of the quick retry policy."""
    given = {"title": key.title(), "unit": "steps", "weight": 1, "retry": QUICK, **values}
    return PhaseDefinition(key=key, **given)


def kind(
    name: str,
    *phases: PhaseDefinition,
    version: int = 1,
    extra: str = "",
    code: type[ShapePhase] = ShapePhase,
) -> FlowType:
    """A flow type of these phases; `extra` names phases of earlier versions."""
    definition = FlowDefinition(flow_type=name, title=name.title(), version=version, phases=phases)
    keys = [*(p.key for p in phases), *extra.split()]
    gates = {p.gate.key: ShapeGate() for p in phases if p.gate}
    return FlowType(definition, Inputs, {key: code(key) for key in keys}, gates)


def line() -> FlowType:
    """A sequence with an approval in the middle; the second version names its phases anew."""
    gate = GateDefinition(key="check", title="Check it")
    if os.environ.get(VERSION_SETTING) == "2":
        phases = (phase("gather"), phase("plan", gate=gate), phase("move"), phase("tidy"))
        return kind("line", *phases, version=2, extra="first second third")
    return kind("line", phase("first"), phase("second", gate=gate), phase("third"))


def diamond() -> FlowType:
    """Three branches beside each other, and a join."""
    return kind(
        "diamond",
        phase("split"),
        phase("left", after=("split",)),
        phase("middle", after=("split",)),
        phase("right", after=("split",)),
        phase("join", after=("left", "middle", "right")),
    )


def choosing(name: str, seconds: float | None) -> FlowType:
    """A choice that leaves the further phase out, or not; so by default after `seconds`."""
    gate = GateDefinition(
        key="way",
        title="Which way?",
        kind=GateKind.CHOICE,
        choices=(Choice(key="long", title="Long"), Choice(key="short", title="Short")),
        timeout_seconds=seconds,
        default="short" if seconds else None,
    )
    return kind(
        name,
        phase("look", gate=gate),
        phase("detour", after=("look",), when=Condition(gate="way", choice="long")),
        phase("arrive", after=("look", "detour")),
    )


def steps() -> FlowType:
    """Three phases in a row, the second retried with back-off when its service is away."""
    return kind("steps", phase("one"), phase("two"), phase("three"))


def empty() -> FlowType:
    """Three phases in a row that do nothing."""
    return kind("empty", phase("one"), phase("two"), phase("three"), code=EmptyPhase)


def asking() -> FlowType:
    """One phase of a provider with limits."""
    return kind("asking", phase("ask", provider=PROVIDER))


def hurried() -> FlowType:
    """One phase that may take half a second."""
    policy = RetryPolicy(attempts=2, first_seconds=0.1)
    return kind("hurried", phase("hurry", timeout_seconds=0.5, retry=policy))


def single() -> FlowType:
    """One phase."""
    return kind("single", phase("only"))


FACTORIES: dict[str, Callable[[], FlowType]] = {
    "line": line,
    "diamond": diamond,
    "road": lambda: choosing("road", 1.5),
    "avenue": lambda: choosing("avenue", None),
    "steps": steps,
    "empty": empty,
    "asking": asking,
    "hurried": hurried,
    "single": single,
}


def shape_types() -> FlowTypes:
    """Every shape."""
    return FlowTypes(**FACTORIES)


def make_haste() -> None:
    """Notice within three seconds what takes six, and end idle transactions sooner."""
    leases.LEASE_SECONDS, leases.HEARTBEAT_SECONDS = 3.0, 0.5
    heartbeat.BEAT_SECONDS, engine.IDLE_WORKER_TIMEOUT = 1.0, "4s"
    runtime.REBIRTH_SECONDS = 0.2


def work(types: FlowTypes) -> None:
    """Run a worker until it is told to stop: three database URLs and a file to touch."""
    admin, app, worker = (parse(argument, "test") for argument in sys.argv[1:4])
    stop = threading.Event()
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if HASTE in os.environ:
        make_haste()
    databases = engine.assemble(admin, app, worker, Settings())
    with runtime.running_worker(databases.worker, types) as running:
        Path(sys.argv[4]).write_text(running.executor_id, encoding="utf-8")
        stop.wait()
    databases.close()
    leave(0)


if __name__ == "__main__":
    work(shape_types())

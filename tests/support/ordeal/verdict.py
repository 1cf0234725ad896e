"""Whether an ordeal left every flow, effect and event as it has to be. Looks as the server's
superuser, past row-level security, at the rows themselves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from landbridge.database import urls
from landbridge.database.engine import Databases
from landbridge.flows.definitions import FlowDefinition
from tests.support.ordeal.cases import Case

FLOWS = "select id, status, error, definition, last_event_seq from app.flows"
RUNS = "select * from app.phase_runs order by attempt"
TAKEN_AWAY = ("ended_by_time_out",)
EVENTS = "select flow_id, seq, kind, phase, data, at from app.flow_events order by flow_id, seq"
EFFECTS = """
select split_part(name, ' ', 1) as flow, split_part(name, ' ', 2) as phase from app.applications"""
JOBS = (
    "select status, count(*) as n from dbos.workflow_status "
    "where status in ('ENQUEUED', 'DELAYED', 'PENDING', 'ERROR') group by 1"
)


@dataclass
class Verdict:
    """What was counted, and everything that is not as it has to be."""

    counts: dict[str, Any] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)


@dataclass
class Rows:
    """Everything the database holds about the flows."""

    flows: dict[UUID, dict[str, Any]]
    runs: dict[UUID, list[dict[str, Any]]]
    events: dict[UUID, list[dict[str, Any]]]
    effects: dict[UUID, Counter[str]]
    jobs: dict[str, int]


def read(databases: Databases) -> Rows:
    """The rows as they are now."""
    assert databases.admin_url is not None
    url = urls.text(databases.admin_url.set(drivername="postgresql"))
    with psycopg.connect(url, row_factory=dict_row) as connection:
        runs, events, effects = defaultdict(list), defaultdict(list), defaultdict(Counter)
        for row in connection.execute(RUNS):
            runs[row["flow_id"]].append(row)
        for row in connection.execute(EVENTS):
            events[row["flow_id"]].append(row)
        for row in connection.execute(EFFECTS):
            effects[UUID(row["flow"])][row["phase"]] += 1
        flows = {row["id"]: row for row in connection.execute(FLOWS)}
        jobs = {row["status"]: row["n"] for row in connection.execute(JOBS)}
    return Rows(flows, runs, events, effects, jobs)


def judge(cases: list[Case], rows: Rows) -> Verdict:
    """Hold what happened against what has to be."""
    verdict = Verdict()
    for case in cases:
        for found in _problems(case, rows):
            verdict.violations.append(f"{case.flow_id} ({case.label}): {found}")
    kinds = Counter(e["kind"] for found in rows.events.values() for e in found)
    runs = [run for found in rows.runs.values() for run in found]
    verdict.counts = {
        "flows": len(rows.flows),
        "ended": dict(Counter(flow["status"] for flow in rows.flows.values())),
        "kinds": dict(Counter(case.label for case in cases)),
        "phases_completed": kinds["phase.completed"],
        "effects": sum(sum(found.values()) for found in rows.effects.values()),
        "effects_distinct": sum(len(found) for found in rows.effects.values()),
        "events": sum(map(len, rows.events.values())),
        "event_kinds": dict(sorted(kinds.items())),
        "failed_attempts": sum(run["status"] == "failed" for run in runs),
        "failed_attempts_wanted": sum(case.failures for case in cases),
        "workers_lost": sum(run["crashes"] for run in runs),
        "most_crashes_of_a_phase": max((run["crashes"] for run in runs), default=0),
        "released": kinds["phase.released"],
        "healed_by_the_watchdog": kinds["watchdog.healed"],
        "jobs_left": rows.jobs,
    }
    if rows.jobs:
        verdict.violations.append(f"the engine still has jobs: {rows.jobs}")
    return verdict


def _problems(case: Case, rows: Rows) -> Iterator[str]:
    flow = rows.flows.get(case.flow_id)
    if flow is None:
        yield "it is not there"
        return
    if flow["status"] != case.status:
        yield f"is {flow['status']}, has to be {case.status}; error {flow['error']}"
    runs = rows.runs[case.flow_id]
    events = rows.events[case.flow_id]
    completed = [run["phase"] for run in runs if run["status"] == "completed"]
    yield from _effects(case, completed, rows.effects[case.flow_id])
    yield from _sequence(flow, events)
    yield from _once(runs, events, flow["status"])
    yield from _order(FlowDefinition.model_validate(flow["definition"]), events)
    failed = [run for run in runs if run["status"] == "failed"]
    if len(failed) != case.failures:
        said = [run["error"]["code"] for run in failed]
        yield f"{len(failed)} failed attempts {said}, has to be {case.failures}"
    for run in failed:
        if run["error"]["code"] != "SHAPE_OUTAGE":
            yield f"the phase {run['phase']} failed with {run['error']['code']}"


def _effects(case: Case, completed: list[str], effects: Counter[str]) -> Iterator[str]:
    if len(completed) != len(set(completed)):
        yield f"phases completed twice: {completed}"
    if case.done is not None and set(completed) != case.done:
        yield f"completed {sorted(completed)}, has to be {sorted(case.done)}"
    for phase in sorted({*completed, *effects}):
        if effects[phase] != (phase in completed):
            yield f"the effect of {phase} is there {effects[phase]} times"


def _sequence(flow: dict[str, Any], events: list[dict[str, Any]]) -> Iterator[str]:
    numbers = [event["seq"] for event in events]
    if numbers != list(range(1, flow["last_event_seq"] + 1)):
        yield f"events are numbered {numbers}, the flow says {flow['last_event_seq']}"


def _once(runs: list[dict[str, Any]], events: list[dict[str, Any]], status: str) -> Iterator[str]:
    """Each turn is told exactly as often as it was taken."""
    told = Counter((event["kind"], event["phase"]) for event in events)
    taken_away = Counter(
        event["phase"]
        for event in events
        if event["kind"] == "phase.released"
        or (event["kind"] == "watchdog.healed" and event["data"]["action"] in TAKEN_AWAY)
    )
    wanted: Counter[tuple[str, str | None]] = Counter(
        {("flow.created", None): 1, (f"flow.{status}", None): 1}
    )
    for run in runs:
        phase = run["phase"]
        wanted["phase.started", phase] += run["claim"]
        wanted["phase.worker_lost", phase] += run["crashes"]
        for ended in ("completed", "failed", "skipped"):
            wanted[f"phase.{ended}", phase] += run["status"] == ended
    for phase, times in taken_away.items():
        wanted["phase.started", phase] -= times
    for key in {*wanted, *(k for k in told if k[0].startswith("phase."))}:
        if key[0] != "phase.released" and told[key] != wanted[key]:
            yield f"{key[0]} of {key[1]} is told {told[key]} times, has to be {wanted[key]}"
    for key, times in told.items():
        if key[0].startswith("gate.") and times > 1:
            yield f"{key[0]} of {key[1]} is told {times} times"


def _order(definition: FlowDefinition, events: list[dict[str, Any]]) -> Iterator[str]:
    """No phase begins before those it comes after have ended."""
    over: set[str] = set()
    for event in events:
        if event["kind"] in ("phase.completed", "phase.skipped"):
            over.add(event["phase"])
        elif event["kind"] == "phase.started":
            missing = set(definition.phase(event["phase"]).after or ()) - over
            if missing:
                yield f"{event['phase']} began before {sorted(missing)} had ended"

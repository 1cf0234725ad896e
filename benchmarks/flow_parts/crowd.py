"""Many flows at once, many that wait, and a client account behind another's five hundred."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

from benchmarks.flow_parts import Office, percentile
from tests.support import accounts
from tests.support.cluster import Cluster
from tests.support.fleet import Fleet

FIRST_RUNNING = """
select extract(epoch from r.at - c.at)::float as seconds
  from app.flow_events c left join app.flow_events r
    on r.client_account_id = c.client_account_id and r.flow_id = c.flow_id
   and r.kind = 'flow.running' and r.seq = (
     select min(f.seq) from app.flow_events f where f.client_account_id = c.client_account_id
        and f.flow_id = c.flow_id and f.kind = 'flow.running')
 where c.kind = 'flow.created' and c.flow_id = any(%s)"""
SPAN = """
select extract(epoch from min(started_at) - min(created_at))::float as start,
       extract(epoch from max(finished_at) - min(created_at))::float as complete
  from app.flows where id = any(%s)"""


def at_once(cluster: Cluster, fleet: Fleet, count: int) -> dict[str, Any]:
    """`count` flows created at once: do all leave "initialized", and when?"""
    office = Office(cluster.databases)
    clients = [accounts.make_account(cluster.databases) for _ in range(5)]
    workers = fleet.start(2)
    began = time.monotonic()
    flows = office.create(clients, "empty", count)
    created = time.monotonic() - began
    office.wait(flows, "completed", "failed", "cancelled")
    seconds = time.monotonic() - began
    running = [row["seconds"] for row in office.rows(FIRST_RUNNING, flows)]
    left = [value for value in running if value is not None]
    for worker in workers:
        worker.end()
    return {
        "flows": count,
        "left_initialized": len(left),
        "left_initialized_share": len(left) / count,
        "completed": office.count(flows, "completed"),
        "seconds_to_create_all": round(created, 1),
        "seconds_until_all_completed": round(seconds, 1),
        "first_running_p50_s": round(median(left), 3),
        "first_running_p99_s": round(percentile(left, 0.99), 3),
    }


def waiting(cluster: Cluster, fleet: Fleet, count: int) -> dict[str, Any]:
    """`count` flows that wait for approval, while the workers and the server go and return."""
    office = Office(cluster.databases)
    clients = [accounts.make_account(cluster.databases) for _ in range(5)]
    workers = fleet.start(2)
    began = time.monotonic()
    flows = office.create(clients, "line", count)
    office.wait(flows, "waiting")
    all_wait = time.monotonic() - began
    for worker in workers:
        worker.kill()
    cluster.crash_and_restart()
    cluster.databases.close()
    survived = office.count(flows, "waiting")
    began = time.monotonic()
    workers = fleet.start(2)
    restarted = time.monotonic() - began
    began = time.monotonic()
    approved = office.approve_all(clients)
    decided = time.monotonic() - began
    office.wait(flows, "completed", "failed", "cancelled")
    resumed = time.monotonic() - began
    for worker in workers:
        worker.end()
    return {
        "flows": count,
        "waiting_after_restart": survived,
        "approved": approved,
        "completed": office.count(flows, "completed"),
        "seconds_until_all_wait": round(all_wait, 1),
        "seconds_to_start_workers": round(restarted, 1),
        "seconds_to_approve_all": round(decided, 1),
        "seconds_from_first_approval_to_last_completion": round(resumed, 1),
    }


def fairness(cluster: Cluster, fleet: Fleet, many: int) -> dict[str, Any]:
    """Four flows of B, started behind `many` of A."""
    office = Office(cluster.databases)
    a, b = (accounts.make_account(cluster.databases) for _ in range(2))
    of_a = office.create([a], "steps", many, seconds=0.1)
    workers = fleet.start(1)
    office.wait(of_a[:1], "running", "completed")
    of_b = office.create([b], "steps", 4, seconds=0.1)
    office.wait(of_b, "completed")
    left = many - office.count(of_a, "completed")
    span = office.rows(SPAN, of_b)[0]
    office.wait(of_a, "completed")
    whole = office.rows(SPAN, of_a)[0]
    for worker in workers:
        worker.end()
    return {
        "flows_of_a": many,
        "flows_of_b": 4,
        "b_starts_after_s": round(span["start"], 2),
        "b_completes_after_s": round(span["complete"], 2),
        "flows_of_a_left_then": left,
        "a_completes_after_s": round(whole["complete"], 1),
    }

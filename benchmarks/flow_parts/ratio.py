"""What orchestration costs: a flow of three phases that do nothing, a workflow of the bare
engine with three steps that do nothing, and as many commits of one row. Same server, same run,
in turn; both through one worker process with the same queue limits, from a full queue.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from statistics import median
from typing import Any

import psycopg
from dbos import DBOS

from benchmarks.flow_parts import Office, noise, raw, until
from landbridge.database import urls
from landbridge.flows.engine import POLL_SECONDS
from landbridge.kit.settings import Settings
from tests.support import accounts
from tests.support.accounts import Account
from tests.support.cluster import Cluster
from tests.support.fleet import Fleet
from tests.support.repository import ROOT

PHASES = 3
CLIENTS = 5
OURS = """
select extract(epoch from max(finished_at) - min(started_at))::float as seconds
  from app.flows where id = any(%s)"""
RAW_LEFT = f"select count(*) as n from {raw.SCHEMA}.workflow_status where completed_at is null"
RAW = f"""
select (max(completed_at) - min(started_at_epoch_ms)) / 1000.0 as seconds
  from {raw.SCHEMA}.workflow_status where created_at > %s"""


def ratio(cluster: Cluster, fleet: Fleet, count: int, rounds: int) -> dict[str, Any]:
    """Flows per second of each, medians over the rounds."""
    office = Office(cluster.databases)
    clients = [accounts.make_account(cluster.databases) for _ in range(CLIENTS)]
    url = _url(cluster)
    DBOS.migrate(url, schema=raw.SCHEMA)
    limits = Settings()
    per_second: dict[str, list[float]] = {"ours": [], "raw": [], "floor": []}
    for _ in range(rounds):
        per_second["ours"].append(count / _ours(office, fleet, clients, count))
        per_second["raw"].append(count / _raw(office, url, count, limits))
        per_second["floor"].append(count / _floor(url, count, limits.worker_concurrency))
    middle = {name: median(values) for name, values in per_second.items()}
    return {
        "flows_each": count,
        "rounds": rounds,
        "worker_concurrency": limits.worker_concurrency,
        "account_concurrency": limits.account_concurrency,
        "poll_seconds": POLL_SECONDS,
        "flows_per_second": {n: [round(v, 1) for v in vs] for n, vs in per_second.items()},
        "medians": {name: round(value, 1) for name, value in middle.items()},
        "ours_to_raw": round(middle["ours"] / middle["raw"], 3),
        "ours_to_floor": round(middle["ours"] / middle["floor"], 3),
        "raw_to_floor": round(middle["raw"] / middle["floor"], 3),
        "noise_at_the_end": noise(),
    }


def _ours(office: Office, fleet: Fleet, clients: list[Account], count: int) -> float:
    flows = office.create(clients, "empty", count)
    (worker,) = fleet.start(1)
    office.wait(flows, "completed")
    worker.end()
    return float(office.rows(OURS, flows)[0]["seconds"])


def _raw(office: Office, url: str, count: int, limits: Settings) -> float:
    since = int(time.time() * 1000) - 1
    raw.enqueue(url, count, [f"client {n}" for n in range(CLIENTS)])
    command = [sys.executable, "-m", "benchmarks.flow_parts.raw", url]
    command += [str(limits.worker_concurrency), str(limits.account_concurrency)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        until(lambda: office.rows(RAW_LEFT)[0]["n"] == 0)
        process.terminate()
    return float(office.rows(RAW, since)[0]["seconds"])


def _floor(url: str, count: int, threads: int) -> float:
    """Seconds for one commit of one row per phase, over as many connections as phases run."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create table if not exists public.floor (id int, note text)")
    share = -(-count * PHASES // threads)
    ready = threading.Barrier(threads + 1)

    def commit_all() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            ready.wait()
            for number in range(share):
                connection.execute("insert into public.floor values (%s, 'done')", (number,))

    workers = [threading.Thread(target=commit_all) for _ in range(threads)]
    for worker in workers:
        worker.start()
    ready.wait()
    began = time.monotonic()
    for worker in workers:
        worker.join()
    return (time.monotonic() - began) * (count * PHASES) / (share * threads)


def _url(cluster: Cluster) -> str:
    assert cluster.databases.admin_url is not None
    return urls.text(cluster.databases.admin_url.set(drivername="postgresql"))

"""Load on a served installation with workers, while PostgreSQL is away: what became of each request
and each flow.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID, uuid4

import httpx
import psutil
from sqlalchemy.exc import SQLAlchemyError

from landbridge.database.engine import assemble
from landbridge.errors.catalogue import LandbridgeError
from landbridge.kit.settings import Settings
from tests.support import accounts
from tests.support.accounts import Account
from tests.support.cluster import Cluster
from tests.support.fleet import fleet
from tests.support.http import serving
from tests.support.ordeal.verdict import read
from tests.support.shapes import shape_types

ENGAGEMENT: Final = "/api/v1/client-accounts/{}/engagements/{}/flows"
PHASES: Final = Counter(("one", "two", "three"))
WAITS: Final = 5 + 3 + 5 + 2
"""Seconds beside the statement's: for a connection of the pool, a ping, a new one, and grace."""
RETRY_SECONDS: Final = 0.3
LOOK_SECONDS: Final = 0.3
BETWEEN: Final = 0.02

Way = Literal["kill", "freeze"]


@dataclass(frozen=True)
class Plan:
    """What is done to whom.

    Attributes:
        way: `kill` ends every process of the server at once, `freeze` stops them where they are.
        before, away, after: seconds of load before, during and after the outage.
        statement_seconds: the setting of that name.
        phase_seconds: how long each phase of a flow takes.
        patience: seconds after the load in which flows may still end.
    """

    way: Way = "kill"
    before: float = 5.0
    away: float = 30.0
    after: float = 10.0
    readers: int = 6
    writers: int = 3
    workers: int = 2
    statement_seconds: float = 30.0
    phase_seconds: float = 0.2
    patience: float = 120.0

    @property
    def deadline(self) -> float:
        """Seconds within which every request has to be answered."""
        return self.statement_seconds + WAITS


@dataclass
class Seen:
    """One answer: when it was asked for, how long it took, and what it was."""

    at: float
    seconds: float
    status: int
    code: str
    complete: bool


@dataclass
class Load:
    """Clients that read and write until told to stop."""

    url: str
    plan: Plan
    seen: list[Seen] = field(default_factory=list)
    accepted: dict[str, UUID] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    broken: list[str] = field(default_factory=list)

    def ask(self, client: httpx.Client, method: str, path: str, **options: Any) -> httpx.Response:
        """One request; what breaks off or hangs is noted, for that must not happen."""
        began = time.monotonic()
        try:
            answer = client.request(method, path, **options)
        except httpx.HTTPError as error:
            self.broken.append(f"{method} {type(error).__name__}")
            return httpx.Response(599)
        seconds = time.monotonic() - began
        refused = answer.status_code >= 400
        code = answer.json().get("code", "none") if refused else "ok"
        has_all = "x-trace-id" in answer.headers
        if answer.status_code == 503:
            has_all = has_all and "retry-after" in answer.headers
        self.seen.append(Seen(began, seconds, answer.status_code, code, has_all))
        return answer

    def read(self, account: Account) -> None:
        """List flows again and again."""
        path = ENGAGEMENT.format(account.client_account_id, account.engagement_id)
        with self._client(account) as client:
            while not self.stop.wait(BETWEEN):
                self.ask(client, "GET", path)

    def write(self, account: Account) -> None:
        """Start flows, each until it is accepted: again with the same key after a refusal."""
        path = ENGAGEMENT.format(account.client_account_id, account.engagement_id)
        body = {"flow_type": "steps", "inputs": {"seconds": self.plan.phase_seconds}}
        with self._client(account) as client:
            while not self.stop.is_set():
                key = str(uuid4())
                headers = {"Idempotency-Key": key}
                while True:
                    answer = self.ask(client, "POST", path, json=body, headers=headers)
                    if answer.status_code < 400:
                        self.accepted[key] = UUID(answer.json()["id"])
                        break
                    time.sleep(RETRY_SECONDS)
                self.stop.wait(BETWEEN * 10)

    def _client(self, account: Account) -> httpx.Client:
        return httpx.Client(
            base_url=self.url, headers=account.headers, timeout=self.plan.deadline + 30
        )


def outage(cluster: Cluster, plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Run it; returns counts, times, and what was wrong under `violations`."""
    chosen = Settings(
        data_dir=cluster.directory / "served",
        statement_seconds=plan.statement_seconds,
    )
    given = cluster.databases
    databases = assemble(given.admin_url, given.app_url, given.worker_url, chosen)
    made = [accounts.make_account(given) for _ in range(2)]
    with (
        contextlib.closing(databases),
        fleet(databases, cluster.directory) as workers,
        serving(databases, chosen, shape_types()) as url,
    ):
        workers.start(plan.workers)
        load = Load(url, plan)
        with _running(load, made):
            tell("load, PostgreSQL is there")
            time.sleep(plan.before)
            began = time.monotonic()
            tell(f"PostgreSQL is away for {plan.away:g} s")
            with away(cluster, plan.way):
                time.sleep(plan.away)
                health = _probe(url)
            back = time.monotonic()
            tell("PostgreSQL is back")
            time.sleep(plan.after)
        waited = _until_ended(load, cluster, plan, tell)
        rows = read(given)
    return _report(plan, load, rows, began=began, back=back, waited=waited, health=health)


@contextlib.contextmanager
def away(cluster: Cluster, way: Way) -> Iterator[None]:
    """Take the server away for the length of the block."""
    data = cluster.server.location.data
    if way == "kill":
        cluster.server.binaries.run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        yield
        cluster.server.start()
        return
    head = int((data / "postmaster.pid").read_text().split()[0])
    processes = [psutil.Process(head), *psutil.Process(head).children()]
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in reversed(processes):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def _running(load: Load, made: list[Account]) -> Iterator[None]:
    threads = [
        threading.Thread(target=work, args=(made[n % len(made)],), daemon=True)
        for work, count in ((load.read, load.plan.readers), (load.write, load.plan.writers))
        for n in range(count)
    ]
    for thread in threads:
        thread.start()
    yield
    load.stop.set()
    for thread in threads:
        thread.join(load.plan.deadline + 60)
    load.broken += ["a client still waits" for t in threads if t.is_alive()]


def _probe(url: str) -> dict[str, Any]:
    live = httpx.get(url + "/livez", timeout=60)
    ready = httpx.get(url + "/readyz", timeout=60)
    return {
        "livez": live.status_code,
        "readyz": ready.status_code,
        "code": ready.json()["checks"][0].get("code"),
    }


def _until_ended(
    load: Load, cluster: Cluster, plan: Plan, tell: Callable[[str], None]
) -> float | None:
    """Seconds after the load until every accepted flow had ended; None when some did not."""
    began = time.monotonic()
    ended = 0
    while time.monotonic() - began < plan.patience:
        with contextlib.suppress(LandbridgeError, SQLAlchemyError):
            flows = read(cluster.databases).flows
            ended = sum(f["status"] == "completed" for f in flows.values())
            if ended >= len(load.accepted):
                return time.monotonic() - began
        tell(f"{ended} of {len(load.accepted)} flows have ended")
        time.sleep(LOOK_SECONDS)
    return None


def _report(
    plan: Plan,
    load: Load,
    rows: Any,
    *,
    began: float,
    back: float,
    waited: float | None,
    health: dict[str, Any],
) -> dict[str, Any]:
    during = [s for s in load.seen if began <= s.at < back]
    first = min((s.at + s.seconds for s in load.seen if s.at >= back and s.status < 400), default=0)
    slowest = max(s.seconds for s in load.seen)
    accepted = set(load.accepted.values())
    lost = accepted - set(rows.flows)
    extra = set(rows.flows) - accepted
    wrong = [f for f in accepted & set(rows.flows) if rows.effects.get(f, Counter()) != PHASES]
    failed = Counter(s.code for s in load.seen if s.code != "ok")
    said = {
        "a request was not answered": load.broken,
        f"an answer took longer than {plan.deadline:g} s": slowest > plan.deadline,
        "an answer without a code of the catalogue": failed.get("none"),
        "an unexpected error": failed.get("INTERNAL_ERROR"),
        "an answer lacks its trace id or Retry-After": [s for s in load.seen if not s.complete],
        "a flow that was accepted is lost": lost,
        "a flow was started twice": extra,
        "a phase's effect is missing or there twice": wrong,
        "flows have not ended": waited is None,
        "livez did not answer 200": health["livez"] != 200,
        "readyz did not answer 503 with a code": health["readyz"] != 503 or not health["code"],
    }
    return {
        "way": plan.way,
        "seconds_away": round(back - began, 1),
        "requests": len(load.seen),
        "requests_while_away": len(during),
        "slowest_answer_seconds": round(slowest, 2),
        "deadline_seconds": plan.deadline,
        "slowest_while_away_seconds": round(max((s.seconds for s in during), default=0.0), 2),
        "first_success_after_return_seconds": round(first - back, 2),
        "answers": dict(Counter(str(s.status) for s in load.seen)),
        "codes": dict(failed),
        "readiness_while_away": health,
        "flows_accepted": len(accepted),
        "flows_completed": sum(f["status"] == "completed" for f in rows.flows.values()),
        "flows_lost": len(lost),
        "flows_started_twice": len(extra),
        "effects_wrong": len(wrong),
        "seconds_until_all_ended": None if waited is None else round(waited, 1),
        "violations": [text for text, is_so in said.items() if is_so],
    }

"""The product itself: a flow of six phases over a file, in a process of its own."""

from __future__ import annotations

import contextlib
import multiprocessing
import resource
import time
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import text

from landbridge.database import urls
from landbridge.database.engine import assemble
from landbridge.kit.logging import configure_logging
from tests.support.accounts import make_account
from tests.support.cluster import Cluster
from tests.support.discovering import discover

_PHASES = text(
    "select phase, extract(epoch from finished_at - started_at) as seconds, output"
    " from app.phase_runs where status = 'completed' order by started_at"
)


def run(cluster: Cluster, path: Path) -> dict[str, Any]:
    """Seconds of each phase and of all, peak memory and processor time of the client process."""
    admin = cluster.databases.admin_url
    assert admin is not None
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    arguments = (answers, admin.render_as_string(hide_password=False), path)
    process = context.Process(target=_client, args=arguments)
    before = _server_cpu(cluster)
    process.start()
    while process.is_alive() and answers.empty():
        process.join(0.2)
    if answers.empty() and process.exitcode:
        raise SystemExit(f"the client process ended with {process.exitcode}")
    report: dict[str, Any] = answers.get()
    process.join()
    return report | {"server_cpu_seconds": _server_cpu(cluster) - before}


def _server_cpu(cluster: Cluster) -> float:
    """Processor seconds of the server's processes so far, those that ended included."""
    pid = int((cluster.server.location.data / "postmaster.pid").read_text().split()[0])
    server = psutil.Process(pid)
    own = server.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in server.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            total += times.user + times.system
    return total


def _client(answers: Any, admin: str, path: Path) -> None:
    from sqlalchemy import make_url

    configure_logging()
    url = make_url(admin)
    databases = assemble(
        url, urls.login_url(url, urls.APP_ROLE), urls.login_url(url, urls.WORKER_ROLE)
    )
    account = make_account(databases)
    start = time.perf_counter()
    discover(databases, account, [path])
    seconds = time.perf_counter() - start
    with databases.app.open(account.access) as session:
        phases = session.execute(_PHASES).all()
        assets = session.execute(text("select count(*) from app.assets")).scalar_one()
    databases.close()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    answers.put(
        {
            "seconds": seconds,
            "phases": {p.phase: float(p.seconds) for p in phases},
            "outputs": {p.phase: p.output for p in phases},
            "assets": assets,
            "client_rss_mb": usage.ru_maxrss / 1024,
            "client_cpu_seconds": usage.ru_utime + usage.ru_stime,
        }
    )

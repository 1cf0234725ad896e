"""`serve` begins before PostgreSQL does, says so, and goes on by itself; and so do its metrics."""

from __future__ import annotations

import socket
import time

import httpx
import pytest

from tests.support.cluster import own_cluster
from tests.support.command import command_for

SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(probe, seconds=SECONDS):
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = probe()
        except httpx.TransportError:
            found = None
        if found:
            return found
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)


def ended(process) -> str:
    process.terminate()
    out, err = process.communicate(timeout=30)
    return out + err


@pytest.mark.slow
def test_serve_waits_for_postgresql_and_goes_on_by_itself(tmp_path):
    with own_cluster() as cluster:
        command = command_for(cluster.databases, tmp_path)
        port, metrics_port = free_port(), free_port()
        command.environment["LANDBRIDGE_METRICS_PORT"] = str(metrics_port)
        url = f"http://127.0.0.1:{port}"
        data = cluster.server.location.data
        cluster.server.binaries.run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
        process = command.start("serve", "--port", str(port))
        try:
            until(lambda: httpx.get(url + "/livez").status_code == 200)
            ready = httpx.get(url + "/readyz")
            assert (ready.status_code, ready.headers["retry-after"]) == (503, "5")
            assert ready.headers["content-type"] == "application/problem+json"
            assert ready.json()["code"] == "NOT_READY"
            assert ready.json()["trace_id"] == ready.headers["x-trace-id"]
            check = ready.json()["checks"][0]
            assert (check["name"], check["code"]) == ("database", "DATABASE_UNAVAILABLE")
            problem = httpx.get(url + "/api/v1/client-accounts")
            assert problem.headers["content-type"] == "application/problem+json"
            assert problem.json()["code"] == "DATABASE_UNAVAILABLE"
            page = httpx.get(url, headers={"Accept": "text/html"})
            assert page.status_code == 503
            assert "tries again by itself" in page.text
            cluster.server.start()
            until(lambda: httpx.get(url + "/readyz").status_code == 200)
            full = url + "/readyz?verbose"
            until(lambda: all(c["passed"] for c in httpx.get(full).json()["checks"]))
            told = httpx.get(f"http://127.0.0.1:{metrics_port}/metrics").text
            assert "\nlandbridge_workers 1.0\n" in told
            assert 'landbridge_database_connections{pool="worker"}' in told, "of the other process"
            assert "landbridge_http_request_seconds_count{" in told
        finally:
            said = ended(process)
        assert "PostgreSQL could not be reached. Waiting for it" in said
        assert "PostgreSQL answers." in said


def test_a_worker_gives_up_when_its_time_to_wait_is_over(databases, tmp_path):
    command = command_for(databases, tmp_path)
    command.environment["LANDBRIDGE_DATABASE_URL"] = f"postgresql://a:b@127.0.0.1:{free_port()}/x"
    command.environment["LANDBRIDGE_DATABASE_WAIT_SECONDS"] = "1"
    done = command.run("worker")
    assert done.returncode == 3
    assert "Waiting for it, up to 1 s" in done.stderr
    assert "DATABASE_UNAVAILABLE" in done.stderr

"""Attacks through the served installation and the command line: refused, in bounded memory, and
without leaving anything behind.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from landbridge.database.engine import Databases
from tests.support.attacks import CSV, MIB, attacks
from tests.support.installation import Installation, Memory, installed, until
from tests.support.server import create_database, drop_database

WORKER_MIB = 700
TREE_MIB = 1_400
LIMIT = 300 * MIB


@pytest.fixture(scope="module")
def installation(
    worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    made: Databases = create_database(f"landbridge_{worker_id}_uploads")
    settings = {"LANDBRIDGE_MAX_UPLOAD_BYTES": str(LIMIT)}
    with installed(made, tmp_path_factory.mktemp("uploads"), **settings) as running:
        path = running.command.directory / "first.csv"
        path.write_bytes(CSV)
        running.command.json("discover", path, "--client-account", "Acme")
        yield running
    drop_database(made)


@pytest.fixture(scope="module")
def engagement(installation: Installation) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {installation.key}"}
    with httpx.Client(base_url=installation.url, headers=headers, timeout=120) as client:
        (account,) = client.get("/api/v1/client-accounts").json()["items"]
        root = f"/api/v1/client-accounts/{account['id']}/engagements"
        (found,) = client.get(root).json()["items"]
        client.base_url = httpx.URL(f"{installation.url}{root}/{found['id']}")
        yield client


@pytest.mark.timeout(900)
def test_every_attack_is_refused_by_its_code_in_bounded_memory(
    installation: Installation, engagement: httpx.Client, tmp_path: Path
) -> None:
    chosen = attacks()
    files: list[Any] = [("files", (a.name, a.content)) for a in chosen]
    with Memory(lambda: installation.processes) as memory:
        sent = engagement.post("/imports", files=[*files, ("files", ("good.csv", CSV))])
        assert sent.status_code == 201, sent.text
        import_id = sent.json()["id"]
        flow = engagement.post("/flows", json={"import_id": import_id, "approve": "auto"}).json()
        ended = {"completed", "failed", "cancelled"}

        def over() -> bool:
            return engagement.get(f"/flows/{flow['id']}").json()["status"] in ended

        until(over, 700)
    assert engagement.get(f"/flows/{flow['id']}").json()["status"] == "completed"
    result = engagement.get(f"/imports/{import_id}").json()
    found = {f["name"]: f["problem"] for f in result["files"]}
    assert {n: p and p["code"] for n, p in found.items()} == {
        "good.csv": None,
        **{a.name: a.code for a in chosen},
    }
    for attack in chosen:
        problem = found[attack.name]
        assert problem is None or problem["remedy"], attack.name
        if attack.part:
            parts = problem["fields"]["parts"]
            assert {p["code"] for p in parts} == {attack.part}, attack.name
    assert "root:" not in str(result)
    assert list(installation.temporary.iterdir()) == []
    assert memory.largest < WORKER_MIB * MIB, f"{memory.largest / MIB:.0f} MiB"
    assert memory.together < TREE_MIB * MIB, f"{memory.together / MIB:.0f} MiB"


@pytest.mark.parametrize(
    "name", ["flat.zip", "overlap.zip", "laughs-strings.xml.xlsx", "references.xlsx", "entry.json"]
)
def test_the_command_line_refuses_it_in_bounded_memory(
    name: str, installation: Installation, tmp_path: Path
) -> None:
    attack = next(a for a in attacks() if a.name == name)
    path = tmp_path / name
    path.write_bytes(attack.content)
    process = installation.command.start("inspect", path, "--json")
    with Memory(lambda: _tree(process.pid)) as memory:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert attack.code is not None
    assert attack.code in out + err
    assert memory.largest < WORKER_MIB * MIB
    assert list(installation.temporary.iterdir()) == []


def _tree(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


@pytest.mark.parametrize("declared", [None, LIMIT * 2, 40 * MIB])
def test_a_body_over_the_limit_is_refused_whatever_it_declares(
    declared: int | None, installation: Installation, engagement: httpx.Client
) -> None:
    """Without a Content-Length, with a true one and with one that is too small."""
    address = urlsplit(str(engagement.base_url))
    head = [
        f"POST {address.path.rstrip(chr(47))}/imports HTTP/1.1",
        f"Host: {address.netloc}",
        f"Authorization: Bearer {installation.key}",
        "Content-Type: multipart/form-data; boundary=b",
        "Connection: close",
        "Transfer-Encoding: chunked" if declared is None else f"Content-Length: {declared}",
    ]
    begin = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
    piece = b"a,b\r\n" * (MIB // 5)
    with (
        Memory(lambda: installation.processes) as memory,
        socket.create_connection((address.hostname, address.port), timeout=60) as connection,
    ):
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        sent = 0
        try:
            for part in (begin, *[piece] * (2 * LIMIT // len(piece))):
                framed = b"%x\r\n%s\r\n" % (len(part), part) if declared is None else part
                connection.sendall(framed)
                sent += len(part)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = _received(connection)
    if answer:
        refused = {b"413"} if declared != 40 * MIB else {b"400", b"422"}
        assert answer.split(b" ", 2)[1] in refused
    assert sent < 2 * LIMIT
    assert memory.largest < WORKER_MIB * MIB
    assert list(installation.temporary.iterdir()) == []


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


def test_what_a_form_may_hold_is_limited_and_each_limit_has_its_code(
    engagement: httpx.Client,
) -> None:
    files: list[Any] = [("files", (f"{n}.csv", CSV)) for n in range(150)]
    many = engagement.post("/imports", files=files)
    assert (many.status_code, many.json()["code"]) == (422, "TOO_MANY_FILES")
    fields = {f"f{n}": "x" for n in range(50)}
    several = engagement.post("/imports", files=files[:1], data=fields)
    assert (several.status_code, several.json()["code"]) == (422, "TOO_MANY_FIELDS")
    large = engagement.post("/imports", files=files[:1], data={"note": "x" * 100_000})
    assert (large.status_code, large.json()["code"]) == (422, "FIELD_TOO_LARGE")
    assert all(a.json()["remedy"] for a in (many, several, large))
    broken = engagement.post(
        "/imports", content=b"--b\r\nnothing", headers={"Content-Type": "multipart/form-data"}
    )
    assert (broken.status_code, broken.json()["code"]) == (400, "UNREADABLE_BODY")


def test_a_body_where_none_is_wanted_is_limited_too(engagement: httpx.Client) -> None:
    refused = engagement.post("/flows", content=b" " * (2 * MIB))
    assert (refused.status_code, refused.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")

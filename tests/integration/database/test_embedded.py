"""The embedded server survives what laptops and containers do to it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from landbridge.database import bootstrap
from landbridge.database.embedded import EmbeddedServer, location, process
from landbridge.database.embedded.binaries import find
from landbridge.database.embedded.errors import (
    EmbeddedDatabaseStartFailed,
    EmbeddedDatabaseVersionMismatch,
)
from landbridge.database.errors import DataDirectoryNotWritable
from tests.support.server import remove, run_directory

START = """
import sys
from pathlib import Path
from landbridge.database.embedded import EmbeddedServer
print(EmbeddedServer(Path(sys.argv[1])).start().port, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def directory() -> Iterator[Path]:
    made = run_directory() / f"embedded-{os.getpid()}"
    made.mkdir(mode=0o711)
    yield made
    remove(made)


@pytest.fixture
def server(directory: Path) -> EmbeddedServer:
    made = EmbeddedServer(directory)
    made.start()
    return made


def start_elsewhere(directory: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def port_of(starter: subprocess.Popen[str]) -> int:
    assert starter.stdout is not None
    return int(starter.stdout.readline())


def answers(server: EmbeddedServer) -> bool:
    with bootstrap.connect(server.start().set(database="postgres")) as connection:
        return connection.execute("select 1").fetchone() == (1,)


def pretend_running(server: EmbeddedServer, pid: int) -> None:
    lines = ["", str(server.location.data), "1", "5432", "", "127.0.0.1", "", "ready", ""]
    pid_file = server.location.data / "postmaster.pid"
    pid_file.write_text(str(pid) + "\n".join(lines))


def test_four_processes_starting_at_once_share_one_server(directory: Path) -> None:
    starters = [start_elsewhere(directory) for _ in range(4)]
    ports = {port_of(starter) for starter in starters}
    for starter in starters:
        starter.communicate()
    assert len(ports) == 1


def test_the_server_outlives_a_killed_starter(directory: Path) -> None:
    starter = start_elsewhere(directory)
    port = port_of(starter)
    starter.send_signal(signal.SIGKILL)
    starter.communicate()
    server = EmbeddedServer(directory)
    assert server.running is not None
    assert server.running.port == port
    assert answers(server)


def test_a_stopped_server_comes_back_on_its_port_with_its_data(server: EmbeddedServer) -> None:
    admin = server.start()
    bootstrap.create_database(admin)
    assert server.stop()
    assert not server.stop()
    assert server.running is None
    assert server.start() == admin
    with bootstrap.connect(admin) as connection:
        assert connection.info.dbname == "landbridge"


def test_a_killed_server_recovers(server: EmbeddedServer) -> None:
    alive = server.running
    assert alive is not None
    postmaster = psutil.Process(alive.pid)
    postmaster.kill()
    postmaster.wait(timeout=10)
    assert answers(server)


def test_a_recorded_pid_that_is_a_zombie_is_not_alive(server: EmbeddedServer) -> None:
    server.stop()
    zombie = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    pretend_running(server, zombie.pid)
    assert server.running is None
    assert answers(server)
    zombie.wait()


def test_a_recorded_pid_that_a_stranger_has_now_is_not_alive(server: EmbeddedServer) -> None:
    server.stop()
    pretend_running(server, os.getpid())
    assert server.running is None
    assert answers(server)


def test_a_port_that_a_stranger_has_taken_is_left_to_it(server: EmbeddedServer) -> None:
    port = server.start().port
    server.stop()
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", port or 0))
        stranger.listen()
        assert server.start().port != port
        assert answers(server)


def test_an_interrupted_initialisation_is_begun_again(directory: Path) -> None:
    server = EmbeddedServer(directory)
    unfinished = server.location.home / "data.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18")
    assert answers(server)


def test_a_directory_of_another_major_version_is_refused(server: EmbeddedServer) -> None:
    server.stop()
    version = server.location.data / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(EmbeddedDatabaseVersionMismatch) as caught:
        server.start()
    assert caught.value.fields["found"] == "17"
    version.write_text("18\n")


def test_a_failed_start_gives_the_reason_of_the_servers_log(server: EmbeddedServer) -> None:
    server.stop()
    with (server.location.data / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = 'none'\n")
    with pytest.raises(EmbeddedDatabaseStartFailed, match="shared_buffers"):
        server.start()


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(DataDirectoryNotWritable, match="taken"):
        EmbeddedServer(tmp_path / "taken")


def test_passwords_and_data_are_private(server: EmbeddedServer) -> None:
    home = server.location.home
    assert home.stat().st_mode & 0o077 == 0
    assert server.location.password_file.stat().st_mode & 0o077 == 0
    assert server.location.data.stat().st_mode & 0o077 == 0


def test_a_login_without_the_password_is_refused(server: EmbeddedServer) -> None:
    with pytest.raises(Exception, match="authentication failed"):
        with bootstrap.connect(server.start().set(password="wrong", database="postgres")):
            pass


@pytest.mark.skipif(not location.is_root(), reason="concerns root")
def test_as_root_a_private_home_is_neither_opened_nor_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = run_directory() / f"system-{os.getpid()}"
    monkeypatch.setattr(location, "SYSTEM_DIRECTORY", system)
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    found = location.locate(private / "share" / "landbridge")
    assert found.home.parent == system
    assert private.stat().st_mode & 0o777 == 0o700
    assert found.user is not None
    assert found.home.stat().st_uid == found.user.uid != 0
    shutil.rmtree(system)


@pytest.mark.skipif(not location.is_root(), reason="concerns root")
def test_as_root_programs_in_a_private_installation_are_copied_to_the_server(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        location.ServiceUser, "may_reach", lambda _, path: "site-packages" not in str(path)
    )
    server = EmbeddedServer(directory)
    assert server.binaries.directory.is_relative_to(server.location.home)
    assert find(server.location) == server.binaries
    assert answers(server)


@pytest.mark.skipif(not location.is_root(), reason="concerns root")
def test_a_server_whose_installation_was_removed_is_started_anew(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(
            location.ServiceUser, "may_reach", lambda _, path: "site-packages" not in str(path)
        )
        first = EmbeddedServer(directory)
        first.start()
    assert first.running is not None
    removed = first.binaries.directory.parents[2]
    assert removed.parent == first.location.home
    shutil.rmtree(removed)
    assert first.running.uprooted
    again = EmbeddedServer(directory)
    with bootstrap.connect(again.start().set(database="postgres")) as connection:
        connection.execute("do $$ begin perform 1; end $$")


def test_processes_left_by_a_killed_server_are_waited_for(server: EmbeddedServer) -> None:
    data = server.location.data
    alive = process.running(data)
    assert alive is not None
    os.kill(alive.pid, signal.SIGKILL)
    process.await_orphans(data)
    left = [p for p in psutil.process_iter(["name", "cwd"]) if p.info["cwd"] == str(data)]
    assert [p for p in left if p.status() != psutil.STATUS_ZOMBIE] == []

"""What keeps a command from its work is said with a code and a remedy, and exits as agreed."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from landbridge.database import urls
from tests.support.commands import Commands, Done

Act = Callable[[Commands, Path], Done]


def with_url(change: Callable[[str], str]) -> Act:
    def act(commands: Commands, _: Path) -> Done:
        url = change(commands.environment["LANDBRIDGE_DATABASE_URL"])
        broken = Commands(commands.data_dir, {"LANDBRIDGE_DATABASE_URL": url})
        return broken("flows", "list", "--json")

    return act


def with_data_in(place: str) -> Act:
    def act(_: Commands, there: Path) -> Done:
        (there / "file").write_text("in the way")
        elsewhere = {"LANDBRIDGE_DATA_DIR": place.format(there=there)}
        return Commands(there, elsewhere)("flows", "list", "--json")

    return act


def nobody(url: str) -> str:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    return urls.text(urls.parse(url, "test").set(host="127.0.0.1", port=port))


def port_taken(commands: Commands, _: Path) -> Done:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return commands("serve", "--port", taken.getsockname()[1])


def discover_of(name: str, content: bytes | None) -> Act:
    def act(commands: Commands, there: Path) -> Done:
        if content is not None:
            (there / name).write_bytes(content)
        return commands("inspect", there / name, "--json")

    return act


FAULTS: dict[str, tuple[Act, str, int]] = {
    "database away": (with_url(nobody), "DATABASE_UNAVAILABLE", 3),
    "database's password wrong": (
        with_url(lambda u: urls.text(urls.parse(u, "t").set(password="canary-wrong"))),
        "DATABASE_AUTHENTICATION_FAILED",
        3,
    ),
    "database's URL malformed": (with_url(lambda _: "canary://x"), "DATABASE_URL_INVALID", 1),
    "data directory is a file": (with_data_in("{there}/file"), "DATA_DIRECTORY_NOT_WRITABLE", 3),
    "data directory may not be written": (
        with_data_in("/proc/landbridge"),
        "DATA_DIRECTORY_NOT_WRITABLE",
        3,
    ),
    "port in use": (port_taken, "PORT_IN_USE", 3),
    "file missing": (discover_of("none.csv", None), "FILE_UNREADABLE", 1),
    "file empty": (discover_of("empty.csv", b""), "FILE_EMPTY", 1),
    "file is a program": (discover_of("a.csv", b"MZ" + bytes(400)), "FILE_UNSUPPORTED", 1),
    "archive broken": (discover_of("a.zip", b"PK\x03\x04" + bytes(40)), "FILE_DAMAGED", 1),
    "JSON cut off": (discover_of("a.json", b'[{"a": 1}, {"a"'), "JSON_MALFORMED", 1),
    "client account unknown": (
        lambda c, _: c("members", "list", "--client-account", "Nobody", "--json"),
        "CLIENT_ACCOUNT_UNKNOWN",
        1,
    ),
}


@pytest.fixture
def commands(databases, tmp_path) -> Iterator[Commands]:
    return Commands.over(databases, tmp_path)


@pytest.mark.parametrize("name", FAULTS)
def test_a_command_meets(name: str, commands: Commands, tmp_path, catalogue, faults) -> None:
    act, code, exit_code = FAULTS[name]
    done = act(commands, tmp_path)
    assert done.code == exit_code
    assert code in done.out + done.err
    assert "canary-wrong" not in done.out + done.err
    assert "Traceback" not in done.err
    if done.out:
        error = done.json.get("error") or done.json["files"][0]["problem"]
        assert error["code"] == code
        assert error["remedy"]
    assert catalogue[code].remedy.split("{")[0][:12] in done.out + done.err
    faults.saw(f"command: {name}", code, "the next command")

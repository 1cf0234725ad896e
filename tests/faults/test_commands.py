"""What keeps a command from its work is said with a code and a remedy, and exits as agreed."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from landbridge.database import urls
from landbridge.kit.ports import usable_port
from tests.support.command import command_for
from tests.support.commands import Commands, Done
from tests.support.fault_table import ASKED, Seen

Act = Callable[[Commands, Path], Done]


def with_url(change: Callable[[str], str]) -> Act:
    def act(commands: Commands, _: Path) -> Done:
        url = change(commands.environment["LANDBRIDGE_DATABASE_URL"])
        broken = commands.having(LANDBRIDGE_DATABASE_URL=url)
        return broken("flows", "list", "--json")

    return act


def with_data_in(place: str) -> Act:
    def act(commands: Commands, there: Path) -> Done:
        (there / "file").write_text("in the way")
        embedded = commands.having(LANDBRIDGE_DATABASE_URL="")
        elsewhere = embedded.having(LANDBRIDGE_DATA_DIR=place.format(there=there))
        return elsewhere("flows", "list", "--json")

    return act


def nobody(url: str) -> str:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    return urls.text(urls.parse(url, "test").set(host="127.0.0.1", port=port))


def port_taken(commands: Commands, _: Path) -> Done:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return commands("serve", "--port", taken.getsockname()[1])


def inspecting(name: str, content: bytes | None) -> Act:
    def act(commands: Commands, there: Path) -> Done:
        if content is not None:
            (there / name).write_bytes(content)
        return commands("inspect", there / name, "--json")

    return act


def listing(commands: Commands, _: Path) -> Done:
    return commands("accounts", "list", "--json")


def inspecting_well(commands: Commands, there: Path) -> Done:
    (there / "well.csv").write_text("name,cores\na,4\n")
    return commands("inspect", there / "well.csv")


def port_free(commands: Commands, _: Path) -> Done:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    usable_port("127.0.0.1", port)
    return listing(commands, _)


class Fault(NamedTuple):
    """A fault of a command.

    Attributes:
        act: the command that meets it.
        right: the same without the fault.
    """

    act: Act
    code: str
    exit_code: int
    right: Act = listing


FAULTS = {
    "database away": Fault(with_url(nobody), "DATABASE_UNAVAILABLE", 3),
    "database's password wrong": Fault(
        with_url(lambda u: urls.text(urls.parse(u, "t").set(password="canary-wrong"))),
        "DATABASE_AUTHENTICATION_FAILED",
        3,
    ),
    "database's URL malformed": Fault(with_url(lambda _: "canary://x"), "DATABASE_URL_INVALID", 1),
    "data directory is a file": Fault(
        with_data_in("{there}/file"), "DATA_DIRECTORY_NOT_WRITABLE", 3
    ),
    "data directory may not be written": Fault(
        with_data_in("/proc/landbridge"), "DATA_DIRECTORY_NOT_WRITABLE", 3
    ),
    "port in use": Fault(port_taken, "PORT_IN_USE", 3, port_free),
    "file missing": Fault(inspecting("none.csv", None), "FILE_UNREADABLE", 1, inspecting_well),
    "file empty": Fault(inspecting("empty.csv", b""), "FILE_EMPTY", 1, inspecting_well),
    "file is a program": Fault(
        inspecting("a.csv", b"MZ" + bytes(400)), "FILE_UNSUPPORTED", 1, inspecting_well
    ),
    "archive broken": Fault(
        inspecting("a.zip", b"PK\x03\x04" + bytes(40)), "FILE_DAMAGED", 1, inspecting_well
    ),
    "JSON cut off": Fault(
        inspecting("a.json", b'[{"a": 1}, {"a"'), "JSON_MALFORMED", 1, inspecting_well
    ),
}


@pytest.fixture
def commands(databases, tmp_path) -> Commands:
    log = {"LANDBRIDGE_LOG_FORMAT": "json", "LANDBRIDGE_LOG_LEVEL": "INFO"}
    return Commands.over(databases, tmp_path, **log)


@pytest.mark.parametrize("name", FAULTS)
def test_a_command_meets(name: str, commands: Commands, tmp_path, catalogue, faults) -> None:
    fault, seen = FAULTS[name], Seen(f"command: {name}")
    before = listing(commands, tmp_path)
    done = fault.act(commands, tmp_path)
    assert done.code == fault.exit_code
    assert "canary-wrong" not in done.out + done.err
    assert "Traceback" not in done.err
    logged = [json.loads(line) for line in done.err.splitlines() if line.startswith("{")]
    if done.out:
        told = problem_in(done.json)
    else:
        told = block_of(done.err)
        assert catalogue[fault.code].remedy[:12] in done.err
    trace_id = seen.problem(told, fault.code, catalogue)
    seen.check("log", {(e["code"], e["trace_id"]) for e in logged}, {(fault.code, trace_id)})
    seen.check("kept", listing(commands, tmp_path).json, before.json)
    seen.check("over", fault.right(commands, tmp_path).code, 0)
    faults.saw(seen, "the next command", asked=ASKED)


def problem_in(document: dict[str, Any]) -> dict[str, Any]:
    """The problem of a command, or of the first table that has one."""
    if "error" in document:
        return dict(document["error"])
    return next(t["error"] for t in document["tables"] if "error" in t)


def block_of(text: str) -> dict[str, Any]:
    """What the block for people says."""
    code, trace_id = re.findall(r"([A-Z_]+) · trace ([0-9a-f]{32})", text)[0]
    return {"code": code, "trace_id": trace_id, "remedy": "What to do  " in text}


UNKNOWN = {
    "client account unknown": (
        ("members", "list", "--client-account", "Nobody"),
        "CLIENT_ACCOUNT_UNKNOWN",
    ),
    "flow unknown": (("flows", "show", "01a20747-68ba-715a-9535-a76ebde25363"), "*"),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_one_command_tells_the_story_of_another(name, databases, tmp_path, catalogue, faults):
    arguments, code = UNKNOWN[name]
    run, seen = command_for(databases, tmp_path), Seen(f"command: {name}")
    look = Commands.over(databases, tmp_path)
    before = listing(look, tmp_path).json
    done = run.run(*arguments)
    assert done.returncode == 1
    told = block_of(done.stderr)
    trace_id = seen.problem(told, code, catalogue)
    story = run.json("errors", "trace", trace_id)
    seen.check("log", story["codes"], [told["code"]])
    (moment,) = story["moments"]
    assert moment["place"] == f"command {' '.join(arguments[:2])}"
    assert told["code"] in look("errors", "trace", trace_id).out
    seen.check("kept", listing(look, tmp_path).json, before)
    seen.check("over", look("errors", "explain", told["code"]).code, 0)
    faults.saw(seen, "the next command", asked=ASKED)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("PORT", "canary-wrong"), ("LOG_LEVEL", "LOUD"), ("PROVIDER_LIMITS", "{canary-wrong")],
)
def test_a_setting_that_is_wrong(setting, value, commands, tmp_path, catalogue, faults) -> None:
    seen, before = Seen(f"command: setting {setting} wrong"), listing(commands, tmp_path).json
    done = commands.having(**{f"LANDBRIDGE_{setting}": value})("accounts", "list", "--json")
    assert (done.code, done.err) == (1, "")
    assert "canary-wrong" not in done.out
    assert f"LANDBRIDGE_{setting}" in done.json["error"]["detail"]
    seen.problem(done.json["error"], "SETTING_INVALID", catalogue)
    again = listing(commands, tmp_path)
    seen.check("kept", again.json, before)
    seen.check("over", again.code, 0)
    faults.saw(seen, "the next command", asked=ASKED - {"log"})  # nobody said how to log

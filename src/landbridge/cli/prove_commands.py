"""The command line as another account's: every command that names an account or an id."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import os
import re
import typing
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, Final, Literal

from landbridge.cli import context
from landbridge.cli.output import OK, USAGE, console, guarded, notices
from landbridge.cli.prove_scratch import Scratch
from landbridge.database import urls
from landbridge.identity.client_accounts import list_client_accounts
from landbridge.identity.local import KEY_FILE, administrative
from landbridge.kit.settings import settings
from landbridge.proving.canaries import Side, is_uuid
from landbridge.proving.stage import Stage, like

ACCOUNT: Final = "client_account"
STARTED_BY_HAND: Final = frozenset({"demo", "serve", "worker", "tenancy prove"})
"""They start servers and workers of their own."""
PEOPLE: Final = ("email", "member", "user", "person", "to")
KEYS: Final = ("key", "id")
"""Words in the names of parameters that take a person, and a key."""
_RANDOM: Final = re.compile(r"[0-9a-z]{8,}(-[0-9a-f]{4,12}){0,4}|\d+")
_OF_A_RUN: Final = re.compile(
    r'"trace_id":\s*"[0-9a-f]+"|trace[ _id=]*[0-9a-f]{32}'
    r"|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?"
)
SAMPLES: Final = {"email": "canary@example.com", "url": "https://example.com/canary",
                  "role": "viewer", "type": "discovery"}  # fmt: skip
"""Words of which a part is in a parameter's name → a text that such a parameter takes."""


def attack_commands(stage: Stage, scratch: Scratch) -> None:
    """Run every such command with the attacker's key, naming the victim and then nothing."""
    names = dict(list_client_accounts(administrative(scratch.databases)))
    own, theirs = names[stage.attacker.account], names[stage.victim.account]
    nothing = theirs[:-6] + "qqqqqq"
    with _as_attacker(stage.attacker, scratch) as run:
        shown = 0
        for words, function in _commands():

            def given(account: str, value: str = "", function: Any = function) -> list[str]:
                return _arguments(function, account, stage.attacker, scratch, value)

            said, more = _understood(run, [*words, *given(own)], function)
            shown += stage.attacker.taint in said
            if said.startswith(f"{USAGE}\n"):
                told = f"its words were not understood: {said[:300]!r}"
                stage.found.add("VACUOUS", _named(words), "the attacker", told)
            asked = [given(theirs) + more, given(nothing) + more]
            _compare(stage, words, run, asked, (theirs, nothing))
            for foreign in _values(function, stage.victim):
                absent = like(foreign)
                asked = [given(own, foreign) + more, given(own, absent) + more]
                _compare(stage, words, run, asked, (foreign, absent))
    if shown == 0:
        stage.found.add("VACUOUS", "commands", "the attacker", "no command shows the own data")


def _compare(
    stage: Stage,
    words: list[str],
    run: Callable[[list[str]], str],
    arguments: list[list[str]],
    named: tuple[str, str],
) -> None:
    said = [run([*words, *given]) for given in arguments]
    stage.found.counts["commands"] += 2
    foreign, absent = (text.replace(name, "<name>") for text, name in zip(said, named, strict=True))
    command = _named(words)
    if stage.victim.taint in foreign:
        stage.found.add("TEXT_OF_ANOTHER_ACCOUNT", command, "the attacker", foreign[:500])
    if foreign != absent and _shape(foreign) != _shape(absent):
        stage.found.add(
            "FOREIGN_DIFFERS_FROM_ABSENT",
            command,
            "the attacker",
            f"with the victim's: {foreign[:300]!r} – with an absent one: {absent[:300]!r}",
        )


def _shape(said: str) -> str:
    """What a success consists of, without the ids and keys that it made; a refusal whole."""
    return _RANDOM.sub("<made>", said) if said.startswith(f"{OK}\n") else said


def _named(words: list[str]) -> str:
    return f"landbridge {' '.join(words)}"


def _understood(
    run: Callable[[list[str]], str], words: list[str], function: Callable[..., Any]
) -> tuple[str, list[str]]:
    """What a command says to the own account, and the switch that it needs for that."""
    said = run(words)
    hints = typing.get_type_hints(function)
    switches = [n for n, p in inspect.signature(function).parameters.items()
                if hints.get(n) is bool and p.default is False and n != "json"]  # fmt: skip
    for name in switches if said.startswith(f"{USAGE}\n") else ():
        more = [f"--{name.replace('_', '-')}"]
        if not (again := run([*words, *more])).startswith(f"{USAGE}\n"):
            return again, more
    return said, []


def _commands() -> Iterator[tuple[list[str], Callable[..., Any]]]:
    from landbridge.cli.main import COMMANDS, GROUPS

    listed = {name: target for name, (target, _) in COMMANDS.items()}
    listed |= {
        f"{group} {name}": target
        for group, (_, commands) in GROUPS.items()
        for name, (target, _) in commands.items()
    }
    for name, target in sorted(listed.items()):
        module, _, function = target.partition(":")
        if name in STARTED_BY_HAND:
            continue
        found = getattr(importlib.import_module(f"landbridge.cli.{module}"), function)
        if ACCOUNT in inspect.signature(found).parameters:
            yield name.split(), found


def _arguments(
    function: Callable[..., Any], account: str, side: Side, scratch: Scratch, identifier: str = ""
) -> list[str]:
    """Arguments for every parameter that is required, and the account."""
    hints = typing.get_type_hints(function)
    given = ["--client-account", account]
    if "json" in hints:
        given.append("--json")
    if "engagement" in hints:
        given += ["--engagement", f"Canary engagement {side.taint}"]
    file = scratch.directory / f"{side.taint}.csv"
    if not file.exists():
        file.write_text(f"Hostname\nweb-{side.taint}\n", encoding="utf-8")
    for parameter in inspect.signature(function).parameters.values():
        if parameter.default is not inspect.Parameter.empty or parameter.name == ACCOUNT:
            continue
        hint = hints.get(parameter.name, str)
        value = _value(parameter.name, hint, side, identifier)
        value = str(file) if "Path" in str(hint) else value
        flag = f"--{parameter.name.replace('_', '-')}"
        given += [flag, value] if parameter.kind is parameter.KEYWORD_ONLY else [value]
    return given


def _own_id(name: str, side: Side) -> str:
    table = f"app.{name.removesuffix('_id')}s"
    rows = side.keys.get(table, [])
    return rows[0]["id"] if rows else side.ids()[0]


def _value(name: str, hint: Any, side: Side, given: str) -> str:
    """What to say for a parameter; `given` where it takes the value that is tried."""
    if typing.get_origin(hint) is Literal:
        return str(typing.get_args(hint)[0])
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next(iter(hint)).value
    if _takes_id(hint):
        return given if is_uuid(given) else _own_id(name, side)
    if _takes_text(hint) and given and not is_uuid(given):
        return given
    return next((text for part, text in SAMPLES.items() if part in name), "canary")


def _values(function: Callable[..., Any], victim: Side) -> list[str]:
    """What of the victim a command can be given: ids, and what is named by a text."""
    hints = typing.get_type_hints(function)
    needed = [n for n, p in inspect.signature(function).parameters.items()
              if p.default is inspect.Parameter.empty and n != ACCOUNT]  # fmt: skip
    ids = [_own_id(n, victim) for n in needed if _takes_id(hints.get(n))]
    texts = [n for n in needed if _takes_text(hints.get(n))]
    if any(part in n for n in texts for part in PEOPLE):
        ids.append(victim.emails["viewer"])
    if any(part in n for n in texts for part in KEYS):
        ids += [v for rows in victim.keys.values() for row in rows
                for column, v in row.items() if column.endswith("public_id")][:1]  # fmt: skip
    return ids


def _takes_id(hint: Any) -> bool:
    return "UUID" in str(hint)


def _takes_text(hint: Any) -> bool:
    return hint is str or typing.get_args(hint)[:1] == (str,)


@contextlib.contextmanager
def _as_attacker(side: Side, scratch: Scratch) -> Iterator[Callable[[list[str]], str]]:
    """Runs commands in this process with the attacker's key and the least-privilege logins."""
    from landbridge.cli.main import build

    app, home = build(), scratch.directory / "attacker"
    home.mkdir(mode=0o700, exist_ok=True)
    key = side.admin["Authorization"].partition(" ")[2]
    (home / KEY_FILE).write_text(key + "\n", encoding="ascii")
    ours = {name: value for name, value in os.environ.items() if name.startswith("LANDBRIDGE_")}
    changed = {
        "LANDBRIDGE_DATA_DIR": str(home),
        "LANDBRIDGE_APP_DATABASE_URL": urls.text(scratch.databases.app_url),
        "LANDBRIDGE_WORKER_DATABASE_URL": urls.text(scratch.databases.worker_url),
    }

    def run(words: list[str]) -> str:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            _forget()
            try:
                code = guarded(lambda: app(words), as_json="--json" in words)
            except SystemExit as refused:  # the words are not what the command takes
                code = int(refused.code or 0)
            _forget()
        return _without_traces(f"{code}\n{out.getvalue()}\n{err.getvalue()}")

    for name in ours:
        del os.environ[name]
    os.environ.update(changed)
    _close()
    try:
        with contextlib.chdir(home):
            yield run
    finally:
        for name in changed:
            del os.environ[name]
        os.environ.update(ours)
        _close()


def _forget() -> None:
    """Consoles are remembered per process; here each run has its own."""
    for remembered in (console, notices):
        remembered.cache_clear()


def _close() -> None:
    """Settings and connections are remembered per process; they are those of the attacker only
    while the attacker's commands run.
    """
    _forget()
    if context.databases.cache_info().currsize:
        context.databases().close()
    context.databases.cache_clear()
    settings.cache_clear()


def _without_traces(text: str) -> str:
    """The text without what tells one run from the next: trace ids, and moments in log lines."""
    return _OF_A_RUN.sub("", text)

"""The proof over HTTP: every operation of a deployment, with ids of one account, as another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import Engine

from landbridge.database.session import SessionDoor
from landbridge.kit import jsonio
from landbridge.proving import canaries as accounts
from landbridge.proving import material
from landbridge.proving.credentials import (
    members_are_no_operators,
    viewers_cannot_write,
    without_credentials,
)
from landbridge.proving.crossing import page_markers, taken_names, validators
from landbridge.proving.exercise import exercise_writes, learn_reads
from landbridge.proving.findings import Findings
from landbridge.proving.injection import injections
from landbridge.proving.interference import interference, read_back
from landbridge.proving.knowledge import Knowledge
from landbridge.proving.outside import outside
from landbridge.proving.removal import remove
from landbridge.proving.schema import Connection
from landbridge.proving.spoofing import claims, names_in_bodies, same_idempotency_key
from landbridge.proving.stage import Stage
from landbridge.proving.strangers import strangers, two_memberships, unchanged
from landbridge.proving.surface import Document, Operation, operations
from landbridge.proving.transport import Client, Request

Say = Callable[[str], None]
Attacks = Sequence[tuple[str, Callable[[Stage], Any]]]
OPENAPI: Final = "/api/v1/openapi.json"


def prove_routes(
    url: str,
    owner: Engine,
    door: SessionDoor,
    connection: Connection,
    pages: Document,
    found: Findings,
    *,
    wanted: Callable[[Operation], bool] = lambda _: True,
    also: Attacks = (),
    say: Say = lambda _: None,
) -> None:
    """Attack every operation of the deployment at `url`, on canary accounts that are removed.

    Args:
        url: where it answers.
        owner: makes accounts, people and keys in its database.
        door: opens its sessions.
        connection: to its database, as a role that may become the owner.
        pages: OpenAPI document of the operations that its own does not list.
        found: where violations and counts go.
        wanted: which operations are attacked; all of them when left out.
        also: further attacks on the same accounts, each with its title.
        say: told what is being done.
    """
    with Client(url) as client:
        answer = client.send(Request("GET", OPENAPI, {"Accept": "application/json"}))
        offered = operations([jsonio.loads(answer.body), pages])
        say("Making canary accounts")
        made = accounts.make(owner, door)
        try:
            material.fill(client, made.sides)
            knowledge = Knowledge(connection)
            stage = Stage(client, [o for o in offered if wanted(o)], made, knowledge, found)
            run(stage, owner, [*ATTACKS, *also], say)
        finally:
            material.settle(client, made.sides)
            ids = [side.account for side in made.sides]
            remove(connection, ids, made.people, found)
            found.counts["requests"] = client.sent


def run(stage: Stage, owner: Engine, attacks: Attacks, say: Say) -> None:
    """Every attack on a stage whose accounts have data."""
    found, victim = stage.found, stage.victim
    for side in stage.canaries.sides:
        stage.knowledge.complete(side, found, states=side is victim)
        stage.knowledge.learn(side)
    found.counts["ids"] = len(victim.ids())
    say("Asking with own ids")
    exercise_writes(stage, owner)
    learn_reads(stage, victim)
    learn_reads(stage, stage.attacker)
    before = stage.knowledge.settled(victim)
    stage.attacked.clear()
    for title, attack in attacks:
        say(title)
        attack(stage)
        by_member = attack is viewers_cannot_write
        unchanged(stage, victim, before, title, by_member=by_member)
        knowledge = stage.knowledge
        before = knowledge.settled(victim) if by_member else knowledge.digest(victim)
    material.settle(stage.client, [victim])
    say("Comparing what the attacker sees while the victim changes")
    interference(stage)
    read_back(stage)
    found.counts["routes"] = len(stage.attacked)
    for operation in stage.operations:
        if str(operation) not in stage.attacked:
            found.add("VACUOUS", str(operation), stage.attacker.name, "no attack asked for it")


ATTACKS: Attacks = (
    ("Asking with foreign ids", strangers),
    ("Asking as a member of two accounts", two_memberships),
    ("Asking without credentials", without_credentials),
    ("Writing as a viewer", viewers_cannot_write),
    ("Acting as an operator", members_are_no_operators),
    ("Claiming to be the victim", claims),
    ("Naming the victim in requests", names_in_bodies),
    ("Reusing keys", same_idempotency_key),
    ("Using page markers of the victim", page_markers),
    ("Using what the victim's cache may keep", validators),
    ("Using names of others", taken_names),
    ("Injecting texts", injections),
    ("Asking outside the accounts", outside),
)

"""What a request claims beside its address: headers, parameters and bodies that name the
victim, keys that the victim used, and texts made to break out.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from landbridge.proving.exercise import ids_in_request, named_ids
from landbridge.proving.stage import Stage, like
from landbridge.proving.strangers import theirs
from landbridge.proving.surface import ACCOUNT, ENGAGEMENT, Operation

MOST_TRIES: Final = 3
ACCOUNT_HEADERS: Final = (
    "X-Client-Account-Id",
    "X-Client-Account",
    "X-Account-Id",
    "X-Tenant-Id",
    "X-Tenant",
    "X-Org-Id",
)


def claims(stage: Stage) -> None:
    """Headers and parameters that name the victim change nothing in an answer."""
    victim, attacker = stage.victim, stage.attacker
    headers = {name: str(victim.account) for name in ACCOUNT_HEADERS}
    headers |= {"X-Engagement-Id": str(victim.engagement), "X-Role": "admin", "X-User-Id": "admin"}
    query = {
        ACCOUNT: str(victim.account),
        "account_id": str(victim.account),
        ENGAGEMENT: str(victim.engagement),
    }
    for operation in stage.operations:
        if not operation.reads or operation.streams or (operation.ids and not operation.in_account):
            continue
        values = theirs(operation, attacker)
        who = "admin of the attacker who claims to be the victim"
        asked: dict[str, Any] = {"secrets": (victim.taint,)} | named_ids(operation, attacker)
        plain = stage.ask(operation, values, attacker.admin, who, **asked)
        named = stage.ask(operation, values, attacker.admin | headers, who, **asked)
        again = stage.ask(operation, values, attacker.admin, who, **asked)
        if plain.comparable(()) == again.comparable(()):
            stage.same(operation, who, (named, values), (plain, values), "CLAIM_BELIEVED")
        stage.ask(operation, values, attacker.admin | headers, who, extra_query=query, **asked)


def names_in_bodies(stage: Stage) -> None:
    """Ids of the victim in query and body are answered like ids that do not exist."""
    for operation in stage.inside():
        own = theirs(operation, stage.attacker)
        mine = ids_in_request(operation, stage.attacker)
        for name, foreign in ids_in_request(operation, stage.victim).items():
            others = named_ids(operation, stage.attacker)
            others |= {n: found[0] for n, found in mine.items() if n != name and found}
            for value in foreign[:4]:
                _name(stage, operation, own, others, name, value)


def _name(
    stage: Stage,
    operation: Operation,
    own: Mapping[str, str],
    others: Mapping[str, str],
    name: str,
    value: str,
) -> None:
    """Name something of the victim, and twice something that does not exist: only where these
    two are answered alike, a difference comes from what was named.
    """
    who, nothing = "admin of the attacker", like(value)
    for _ in range(MOST_TRIES):
        foreign, absent, again = (
            stage.ask(operation, own, stage.attacker.admin, who,
                      secrets=(stage.victim.taint,), **{**others, name: v})
            for v in (value, nothing, nothing)
        )  # fmt: skip
        asked = (operation.address(own), *own.values(), nothing)
        if absent.comparable(asked) == again.comparable(asked):
            told = (foreign, {**own, name: value}), (absent, {**own, name: nothing})
            stage.same(operation, f"{who}, {name} in the request", *told)
            return
    stage.found.add("VACUOUS", str(operation), who, f"{name}: no two answers are alike")


def same_idempotency_key(stage: Stage) -> None:
    """A key that the victim used is free for everybody else."""
    for operation in stage.inside():
        if not any(s.name.lower() == "idempotency-key" for s in operation.at("header")):
            continue
        other, attacker = stage.canaries.disposable, stage.attacker
        key, fresh = _key(), _key()
        first, control, again = (
            stage.ask(operation, theirs(operation, side), side.admin | sent, side.name,
                      **named_ids(operation, side))
            for side, sent in ((other, key), (attacker, fresh), (attacker, key))
        )  # fmt: skip
        differs = again.status != control.status and 429 not in (again.status, control.status)
        if first.status < 300 and (differs or again.header("idempotency-replayed")):
            stage.found.add(
                "KEY_SHARED_BY_ACCOUNTS",
                str(operation),
                "admin of the attacker",
                f"a key that another account had used gave {again.status}",
            )


def _key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}

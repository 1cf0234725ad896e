"""Who may do nothing here: nobody, an unknown credential, and a viewer who writes."""

from __future__ import annotations

from typing import Final

from landbridge.identity.permissions import Role
from landbridge.proving.exercise import named_ids
from landbridge.proving.stage import Stage
from landbridge.proving.strangers import theirs
from landbridge.proving.surface import Operation

NOBODY: Final[dict[str, str]] = {"Accept": "application/json"}
UNKNOWN: Final = {"Authorization": "Bearer lb_0000000000_" + "0" * 64, **NOBODY}
REFUSED: Final = (401, 429)


def without_credentials(stage: Stage) -> None:
    """401, and how to authenticate, before anything is looked up."""

    def attack(operation: Operation) -> None:
        values = theirs(operation, stage.victim)
        for headers, who in ((NOBODY, "nobody"), (UNKNOWN, "an unknown credential")):
            answer = stage.ask(operation, values, headers, who, secrets=(stage.victim.taint,))
            if answer.status not in REFUSED:
                stage.found.add(
                    "ANSWERED_WITHOUT_CREDENTIAL",
                    str(operation),
                    who,
                    f"{answer.status} instead of 401",
                )
            elif answer.status == 401 and not answer.header("www-authenticate"):
                stage.found.add(
                    "ANSWERED_WITHOUT_CREDENTIAL",
                    str(operation),
                    who,
                    "401 without WWW-Authenticate",
                )

    stage.each(attack, stage.inside())


def viewers_cannot_write(stage: Stage) -> None:
    """A viewer of the victim's account itself gets 403 for every write, and changes nothing."""
    victim = stage.victim

    def attack(operation: Operation) -> None:
        values = theirs(operation, victim)
        viewer, named = victim.headers[Role.VIEWER.value], named_ids(operation, victim)
        answer = stage.ask(operation, values, viewer, "viewer of the account", **named)
        wanted = 404 if operation.for_operators else 403
        if answer.status not in (wanted, 429):
            stage.found.add(
                "VIEWER_MAY_WRITE",
                str(operation),
                "viewer of the account",
                f"{answer.status}, not {wanted}",
            )

    stage.each(attack, (o for o in stage.inside() if not o.reads))


def members_are_no_operators(stage: Stage) -> None:
    """What is for operators is not there for an admin of the account it is about."""
    who = "admin of the account"
    for operation in stage.operations:
        if operation.for_operators:
            values = theirs(operation, stage.attacker)
            answer = stage.ask(operation, values, stage.attacker.admin, who)
            if answer.status not in (403, 404):
                told = f"{answer.status} instead of 404"
                stage.found.add("MEMBER_IS_OPERATOR", str(operation), who, told)

"""`landbridge tenancy prove`: attack the isolation of client accounts, and say what held."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Table

from landbridge.cli.context import admin_url, databases
from landbridge.cli.output import FOUND_WRONG, OK, console, notices, print_json
from landbridge.cli.prove_commands import attack_commands
from landbridge.cli.prove_scratch import Scratch, scratch_deployment
from landbridge.database import bootstrap
from landbridge.identity.local import administrative
from landbridge.proving.findings import Findings
from landbridge.proving.relations import prove_relations
from landbridge.proving.routes import prove_routes
from landbridge.tenancy.lint import lint_database
from landbridge.tenancy.rules import RULES
from landbridge.web.document import pages_document

COUNTED: Final = ("relations", "verbs", "routes", "ids", "requests")
OWN: Final = "a server of its own over a scratch database"


@dataclass(slots=True)
class Proof:
    """One run: what it looked at, where, and how it says what it does."""

    found: Findings
    deployment: str
    began: float
    quiet: bool

    def say(self, text: str) -> None:
        """Tell what is being done."""
        if not self.quiet:
            notices().print(f"{time.monotonic() - self.began:6.1f} s  {text}")

    def as_json(self) -> dict[str, Any]:
        """The result, with a stable shape."""
        counts = self.found.counts
        return {
            **{name: counts[name] for name in COUNTED},
            "leaks": self.found.leaks,
            "details": [v.as_json() for v in self.found.violations],
            "statements": counts["statements"],
            "readable": counts["readable"],
            "forged_contexts": counts["forged contexts"],
            "rules": counts["rules"],
            "commands": counts["commands"],
            "disturbed_rows": counts["disturbed rows"],
            "deployment": self.deployment,
            "seconds": round(time.monotonic() - self.began, 1),
            "notes": self.found.notes,
        }


def prove(*, url: str | None = None, json: bool = False) -> int:
    """Attack every relation, route and command as another client account. Exits 1 on a leak.

    Needs the administrative database URL. The rules and the relations of your database are
    tried in one transaction that is rolled back. Routes and commands are tried on a server of
    its own over a scratch database. With --url the routes of that deployment are tried instead,
    on three canary accounts in its database, which are removed in the end.

    Example: landbridge tenancy prove --json

    Parameters
    ----------
    url
        A deployment over the same database, such as https://staging.example.com. Its workers
        must run.
    json
        Print the counts and every violation as JSON.
    """
    proof = Proof(Findings(), url or OWN, time.monotonic(), json)
    if url is not None:
        _database(proof)
        _deployment(proof, url)
    else:
        aside = Proof(Findings(), OWN, proof.began, quiet=True)
        with scratch_deployment() as booting, ThreadPoolExecutor(1) as lane:
            proof.say(f"Checking {len(RULES)} rules and every verb on every relation meanwhile")
            database = lane.submit(_database, aside)
            with booting.ready() as scratch:
                _scratch(proof, scratch)
            database.result()
        proof.found.merge(aside.found)
    if json:
        print_json(proof.as_json())
    else:
        _print(proof)
    return FOUND_WRONG if proof.found.leaks else OK


def _database(proof: Proof) -> None:
    """The database of these settings: its rules, and its relations in a transaction."""
    opened, admin = databases(), admin_url()
    proof.say(f"Checking {len(RULES)} rules")
    for broken in lint_database(opened):
        proof.found.add(broken.code, broken.object, "the catalog", broken.detail)
    proof.found.counts["rules"] = len(RULES)
    proof.say("Trying every verb on every relation, and rolling it back")
    with bootstrap.connect(admin) as connection:
        prove_relations(connection, proof.found)


def _deployment(proof: Proof, url: str) -> None:
    opened = databases()
    with bootstrap.connect(admin_url()) as connection:
        prove_routes(
            url,
            administrative(opened),
            opened.app,
            connection,
            pages_document(),
            proof.found,
            say=proof.say,
        )


def _scratch(proof: Proof, scratch: Scratch) -> None:
    opened = scratch.databases
    if opened.admin_url is None:
        raise AssertionError("a scratch database has an administrative URL")
    with bootstrap.connect(opened.admin_url) as connection:
        prove_routes(
            scratch.url,
            administrative(opened),
            opened.app,
            connection,
            pages_document(),
            proof.found,
            also=[("Trying the command line", lambda stage: attack_commands(stage, scratch))],
            say=proof.say,
        )


def _print(proof: Proof) -> None:
    result = proof.as_json()
    counts = ", ".join(f"{result[name]} {name}" for name in COUNTED)
    console().print(
        f"Tried {counts}, {result['statements']} statements and {result['commands']} commands on "
        f"{proof.deployment} in {result['seconds']} s."
    )
    for note in proof.found.notes:
        console().print(f"Note: {note}", soft_wrap=True)
    if not proof.found.leaks:
        console().print("Nothing of one client account reached another.")
        return
    table = Table("Promise", "Where", "Who", "Evidence", box=None, header_style="bold")
    for violation in proof.found.violations:
        table.add_row(violation.oracle, violation.where, violation.who, violation.evidence)
    console().print(table)
    console().print(f"{proof.found.leaks} violations.")

"""Planted mistakes in the application, served over HTTP: the route prover finds each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from landbridge.assembly.platform import assemble
from landbridge.database import bootstrap
from landbridge.kit import jsonio
from landbridge.kit.settings import Settings
from landbridge.proving import canaries as accounts
from landbridge.proving import material
from landbridge.proving.exercise import exercise_writes, learn_reads
from landbridge.proving.findings import Findings
from landbridge.proving.interference import interference, read_back
from landbridge.proving.knowledge import Knowledge
from landbridge.proving.routes import ATTACKS, OPENAPI
from landbridge.proving.stage import Stage
from landbridge.proving.strangers import unchanged
from landbridge.proving.surface import operations
from landbridge.proving.transport import Client, Request
from landbridge.web.app import create_app
from landbridge.web.document import pages_document
from landbridge.worker.runtime import running_worker
from tests.support import server
from tests.support.application_mistakes import APPLICATION, House, Mistake
from tests.support.careless import Careless
from tests.support.http import serving_app


@dataclass(slots=True)
class Theatre:
    """A served application with canary accounts, in which mistakes are planted."""

    careless: Careless
    stage: Stage

    def prove(self, mistake: Mistake | None, where: str) -> set[str]:
        """What the prover finds at these addresses: attack after attack, until one finds it."""
        wanted = [o for o in self.stage.operations if re.search(where, o.path)]
        assert wanted, where
        stage = replace(
            self.stage, operations=wanted, found=Findings(), named=set(), attacked=set()
        )
        traces = stage.knowledge.mentions(stage.attacker, stage.secrets())  # of another mistake
        self.careless.house.remembered.clear()
        self.careless.mistake = mistake
        try:
            for play in PLAYS if not traces else PLAYS[:-1]:
                before = stage.knowledge.digest(stage.victim)
                play(stage)
                unchanged(stage, stage.victim, before, play.__name__, by_member=True)
                if found := {v.oracle for v in stage.found.violations} - {"VACUOUS"}:
                    return found
            return set()
        finally:
            self.careless.mistake = None


def own_ids(stage: Stage) -> None:
    """The victim asks first: caches are warm with its data."""
    for side in (stage.victim, stage.attacker):
        side.validators.clear()
        learn_reads(stage, side)


PLAYS = (own_ids, *(attack for _, attack in ATTACKS), interference, read_back)


@pytest.fixture(scope="module")
def theatre(worker_id: str) -> Iterator[Theatre]:
    databases = server.create_database(f"landbridge_{worker_id}_theatre")
    platform = assemble(databases)
    careless = Careless(create_app(databases, platform.orchestrator, Settings()), House(databases))
    assert databases.admin_url is not None
    assert databases.owner is not None
    with (
        serving_app(careless) as url,
        Client(url) as client,
        bootstrap.connect(databases.admin_url) as connection,
    ):
        document = jsonio.loads(client.send(Request("GET", OPENAPI)).body)
        made = accounts.make(databases.owner, databases.app)
        with running_worker(databases.worker, platform.types):
            material.fill(client, made.sides)
        knowledge = Knowledge(connection)
        everywhere = "|".join(m.where for m in APPLICATION.values())
        offered = [o for o in operations([document, pages_document()])
                   if re.search(everywhere, o.path)]  # fmt: skip
        stage = Stage(client, offered, made, knowledge, Findings())
        for side in made.sides:
            knowledge.complete(side, stage.found, states=side is made.victim)
            knowledge.learn(side)
        exercise_writes(stage, databases.owner)
        own_ids(stage)
        assert stage.found.violations == []
        yield Theatre(careless, stage)
    server.drop_database(databases)


def test_nothing_is_found_without_a_mistake(theatre: Theatre) -> None:
    assert theatre.prove(None, "") == set()


@pytest.mark.parametrize("name", APPLICATION)
def test_the_prover_finds(name: str, theatre: Theatre) -> None:
    assert theatre.prove(APPLICATION[name], APPLICATION[name].where)

"""Planted mistakes in the application, served over HTTP: the route prover finds each of them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from landbridge.assembly.platform import assemble
from landbridge.database import bootstrap
from landbridge.database.engine import Databases
from landbridge.kit import jsonio
from landbridge.kit.settings import Settings
from landbridge.proving import canaries as accounts
from landbridge.proving import material
from landbridge.proving.findings import Findings
from landbridge.proving.knowledge import Knowledge
from landbridge.proving.routes import ATTACKS, OPENAPI, run
from landbridge.proving.stage import Stage
from landbridge.proving.surface import operations
from landbridge.proving.transport import Client, Request
from landbridge.web.app import create_app
from landbridge.web.document import pages_document
from landbridge.worker.runtime import running_worker
from tests.support import server
from tests.support.application_mistakes import APPLICATION, House, Mistake
from tests.support.careless import Careless
from tests.support.http import serving_app

pytestmark = pytest.mark.slow


@dataclass(slots=True)
class Theatre:
    """A served application with canary accounts, in which mistakes are planted."""

    databases: Databases
    careless: Careless
    stage: Stage

    def prove(self, mistake: Mistake | None, where: str) -> Findings:
        """What the prover finds at these addresses."""
        found = Findings()
        wanted = [o for o in self.stage.operations if re.search(where, o.path)]
        assert wanted, where
        for side in self.stage.canaries.sides:
            for learned in (side.fits, side.optional, side.validators):
                learned.clear()
        stage = replace(self.stage, operations=wanted, found=found)
        self.careless.house.remembered.clear()
        self.careless.mistake = mistake
        assert self.databases.owner is not None
        try:
            run(stage, self.databases.owner, ATTACKS, lambda _: None)
        finally:
            self.careless.mistake = None
        return found


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
        offered = operations([document, pages_document()])
        yield Theatre(databases, careless, Stage(client, offered, made, knowledge, Findings()))
    server.drop_database(databases)


@pytest.mark.timeout(900)
def test_every_mistake_is_found(theatre: Theatre, capsys: pytest.CaptureFixture[str]) -> None:
    everywhere = "|".join({m.where for m in APPLICATION.values()})
    assert theatre.prove(None, everywhere).violations == []
    table = [(name, theatre.prove(m, m.where)) for name, m in APPLICATION.items()]
    lines = [f"{'mistake':<54} found by"]
    lines += [f"{name:<54} {', '.join(_oracles(found)) or '–'}" for name, found in table]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert len(table) >= 15
    assert not [name for name, found in table if not set(_oracles(found)) - {"VACUOUS"}]


def _oracles(found: Findings) -> list[str]:
    return sorted({v.oracle for v in found.violations})

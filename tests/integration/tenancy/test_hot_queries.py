"""No query that people wait for scans a table, and every index is entered by the tenant: on a
database of 200 accounts with statistics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from sqlalchemy import create_engine, text

from benchmarks import many_tenants
from benchmarks.many_tenants import Crowd
from landbridge.assembly import dead_letters
from landbridge.database.engine import Databases
from landbridge.database.listing import Listing, Wanted
from landbridge.database.session import CredentialAccess, TenantSession
from landbridge.discovery.dependencies import queries as dependencies
from landbridge.discovery.imports import queries as imports
from landbridge.discovery.inventory import queries as inventory
from landbridge.discovery.techdebt import queries as techdebt
from landbridge.flows import events
from landbridge.flows.engine import FlowClient
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.past import past
from landbridge.flows.types import FlowTypes
from landbridge.web.pages import accounts, home
from tests.support import server
from tests.support.explained import faults, nodes, plans

ACCOUNTS, ASSETS, MINE = 200, 1_000, 100
ALL: Final = Wanted()


@dataclass(frozen=True, slots=True)
class Full:
    databases: Databases
    crowd: Crowd
    access: CredentialAccess
    orchestrator: MasterFlowOrchestrator

    @property
    def engagement(self) -> Any:
        return self.crowd.engagement(MINE)

    @property
    def asset(self) -> Any:
        return self.crowd.asset(MINE, 70)

    @property
    def flow(self) -> Any:
        return self.crowd.flow(MINE, 3)

    @property
    def imported(self) -> Any:
        return self.crowd.imported(MINE, 3)


@pytest.fixture(scope="module")
def full(worker_id: str) -> Iterator[Full]:
    databases = server.create_database(f"landbridge_{worker_id}_hot")
    crowd = many_tenants.fill(databases, ACCOUNTS, ASSETS)
    send_messages(databases)
    (access,) = many_tenants.open_accounts(databases, crowd, [MINE])
    orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), FlowTypes())
    yield Full(databases, crowd, access, orchestrator)
    server.drop_database(databases)


def send_messages(databases: Databases) -> None:
    """Give every account a webhook with a hundred messages, every tenth of them given up."""
    assert databases.admin_url is not None
    engine = create_engine(databases.admin_url)
    with engine.begin() as connection:
        for statement in MESSAGES:
            connection.exec_driver_sql(statement)
    engine.dispose()


MESSAGES: Final = (
    "set local session_replication_role = replica",
    "insert into app.webhooks (client_account_id, id, url, kinds, created_by)"
    " select id, gen_random_uuid(), 'https://example.com/', '{*}', id from app.client_accounts",
    "insert into app.webhook_deliveries"
    " (client_account_id, id, webhook_id, kind, status, next_attempt_at, finished_at)"
    " select w.client_account_id, gen_random_uuid(), w.id, 'flow.completed',"
    " case mod(n, 10) when 0 then 'failed' else 'delivered' end, null, now() - n * interval '1 min'"
    " from app.webhooks w, generate_series(1, 100) n",
    "insert into app.webhook_attempts (client_account_id, delivery_id, number, error)"
    ' select client_account_id, id, t, \'{"code": "WEBHOOK_UNREACHABLE"}\''
    " from app.webhook_deliveries, generate_series(1, 3) t where status = 'failed'",
    "analyze app.webhooks, app.webhook_deliveries, app.webhook_attempts",
)

Query = Callable[[TenantSession, Full], Any]

UPDATE_ASSET = text("update app.assets set criticality = 'high' where id = :id")
DECIDE_EDGE = text("update app.dependencies set status = 'confirmed' where id = :id")
ACCEPT = text(
    "update app.findings set status = 'accepted', decision_reason = 'known' where id = :id"
)


def listed(name: str, listing: Listing, **scope: str) -> dict[str, Query]:
    """A list as it is read: first page, next page, every order and filter, count and facets."""

    def given(full: Full) -> dict[str, Any]:
        return {key: str(getattr(full, value)) for key, value in scope.items()}

    def page(wanted: Wanted) -> Query:
        return lambda s, f: listing.page(s, f.engagement, wanted, **given(f))

    def next_page(s: TenantSession, f: Full) -> Any:
        first = listing.page(s, f.engagement, Wanted(limit=1), **given(f))
        return listing.page(s, f.engagement, Wanted(cursor=first.next), **given(f))

    def facets(s: TenantSession, f: Full) -> Any:
        return listing.counts(s, f.engagement, ALL, **given(f))

    return {
        f"{name}: list": page(ALL),
        f"{name}: keyset page": next_page,
        f"{name}: count": lambda s, f: listing.total(s, f.engagement, ALL, **given(f)),
        **({f"{name}: facets": facets} if listing.facets else {}),
        **{f"{name}: by {key}": page(Wanted(sort=key)) for key in listing.sorts},
        **{f"{name}: {key}": page(Wanted({key: "high"})) for key in listing.filters},
    }


FLOW_FILTERS: Final[dict[str, dict[str, Any]]] = {
    "by status": {"status": "failed"},
    "by type": {"type": "discovery"},
    "that ask": {"asks": "anyone"},
    "that ask me": {"asks": "me", "assigned": "01a20000-0000-7000-8000-000000000000"},
    "children": {"engagement": "", "parent": "01a20000-0000-7000-8000-000000000000"},
}


def flows(full: Full, limit: int = 50, cursor: str | None = None, **chosen: str) -> Wanted:
    """The newest flows of the engagement, as the API asks for them."""
    filters = {"engagement": str(full.engagement), **chosen}
    return Wanted(filters, descending=True, limit=limit, cursor=cursor)


HOT: Final[dict[str, Query]] = {
    **listed("assets", inventory.ASSETS),
    **listed("applications", inventory.APPLICATIONS),
    **listed("conflicts", inventory.CONFLICTS),
    **listed("dependencies", dependencies.DEPENDENCIES),
    **listed("findings", techdebt.FINDINGS),
    **listed("issues", imports.ISSUES, import_id="imported"),
    "assets: point read": lambda s, f: inventory.asset(s, f.engagement, f.asset),
    "assets: neighbours": lambda s, f: dependencies.around(s, f.engagement, f.asset),
    "assets: findings": lambda s, f: techdebt.findings_of(s, f.engagement, f.asset),
    "assets: update": lambda s, f: s.execute(UPDATE_ASSET, {"id": f.asset}),
    "dependencies: update": lambda s, f: s.execute(DECIDE_EDGE, {"id": f.asset}),
    "findings: update": lambda s, f: s.execute(ACCEPT, {"id": f.asset}),
    "flows: list": lambda s, f: f.orchestrator.flows(s, f.engagement),
    "flows: of the account": lambda s, f: f.orchestrator.flows(s),
    **{
        f"flows: {name}": (lambda s, f, chosen=chosen: f.orchestrator.page(s, flows(f, **chosen)))
        for name, chosen in FLOW_FILTERS.items()
    },
    "flows: keyset page": lambda s, f: f.orchestrator.page(
        s, flows(f, cursor=f.orchestrator.page(s, flows(f, limit=1)).next)
    ),
    "flows: what comes before": lambda s, f: f.orchestrator.ahead(s, f.flow),
    "flows: the past of a type": lambda s, f: past(s, "discovery"),
    "flows: point read": lambda s, f: f.orchestrator.status(s, f.flow),
    "flows: append an event": lambda s, f: events.append(s, f.flow, "phase.progress"),
    "events: list": lambda s, f: f.orchestrator.events(s, f.flow),
    "events: after the last one seen": lambda s, f: f.orchestrator.events(s, f.flow, 35),
    "approvals: waiting": lambda s, f: f.orchestrator.waiting(s, f.engagement),
    "dead letters: list": lambda s, f: dead_letters.listed(s),
    "dead letters: keyset page": lambda s, f: dead_letters.listed(
        s, cursor=dead_letters.listed(s, limit=1).next
    ),
    "dead letters: messages": lambda s, f: dead_letters.listed(
        s, kind=dead_letters.Kind.WEBHOOK_DELIVERY
    ),
    "dead letters: count": lambda s, f: dead_letters.counts(s),
    "imports: list": lambda s, f: imports.imports(s, f.engagement),
    "imports: point read": lambda s, f: imports.require_import(s, f.engagement, f.imported),
    "home: counts": lambda s, f: s.execute(home._COUNTS, {"e": f.engagement}),
    "home: split": lambda s, f: s.execute(home._SPLIT, {"e": f.engagement}),
    "account: engagements": lambda s, f: s.execute(accounts._ENGAGEMENTS),
}


@pytest.mark.parametrize("name", HOT)
def test_an_index_leads_to_the_tenants_rows(full: Full, name: str) -> None:
    explained = plans(full.databases.app, full.access, lambda s: HOT[name](s, full))
    assert explained
    wrong = [f"{fault}\n  {statement}" for statement, root in explained for fault in faults(root)]
    assert not wrong, "\n".join(wrong)


def test_the_check_itself_finds_a_scan_and_an_index_without_the_tenant(full: Full) -> None:
    def scan(session: TenantSession) -> None:
        session.execute(text("set local enable_indexscan = off"))
        session.execute(text("set local enable_indexonlyscan = off"))
        session.execute(text("set local enable_bitmapscan = off"))
        session.execute(text("select 1 from app.assets where name = 'x'"))

    ((_, root),) = plans(full.databases.app, full.access, scan)
    assert list(faults(root)) == ["Seq Scan on assets"]
    alone = {"Node Type": "Index Scan", "Index Name": "i", "Index Cond": "(id = 1)"}
    assert list(faults(alone)) == ["Index Scan using i without the tenant: (id = 1)"]


def test_a_page_reads_its_rows_in_index_order(full: Full) -> None:
    """Fifty rows, however many there are: no sort beneath the limit."""
    ((_, root),) = plans(
        full.databases.app, full.access, lambda s: inventory.assets(s, full.engagement, ALL)
    )
    assert not [n for n in nodes(root) if n["Node Type"] == "Sort"]

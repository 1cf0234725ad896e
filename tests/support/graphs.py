"""An estate of assets and edges, stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from typing import Final

from landbridge.database import bulk
from landbridge.database.engine import Databases
from landbridge.discovery.graph.groups import Estate
from landbridge.flows.phases import PhaseContext
from landbridge.kit.ids import new_id
from tests.support.accounts import Account, make_account, make_flow

_AT_ONCE: Final = 50_000
_ASSET: Final = (
    *(("id", "uuid"), ("engagement_id", "uuid"), ("asset_type", "text"), ("name", "text")),
    *(("content_hash", "bytea"), ("first_seen_flow_id", "uuid")),
)
_EDGE: Final = (
    *(("id", "uuid"), ("engagement_id", "uuid"), ("from_asset_id", "uuid")),
    *(("to_asset_id", "uuid"), ("kind", "text"), ("port", "int"), ("protocol", "text")),
    *(("confidence", "int"), ("observations", "bigint")),
)


def stored_estate(
    databases: Databases, of: Estate, **inputs: object
) -> tuple[Account, Callable[[], AbstractContextManager[PhaseContext]]]:
    """An account whose engagement holds the estate, and what opens a phase of a flow in it."""
    account = make_account(databases)
    flow = make_flow(databases, account)
    ids = [new_id() for _ in range(of.size)]
    ends = zip(of.source.tolist(), of.target.tolist(), of.port.tolist(), strict=True)
    edges = dict.fromkeys((ids[a], ids[b], port) for a, b, port in ends)
    with databases.worker.open(flow) as session:
        place = account.engagement_id
        assets = (
            (i, place, "server", n, b"x" * 16, flow.flow_id)
            for i, n in zip(ids, of.names, strict=True)
        )
        bulk.insert(session, "assets", _ASSET, assets)
        rows = ((new_id(), place, a, b, "connects_to", p, "tcp", 900, 10) for a, b, p in edges)
        while batch := list(islice(rows, _AT_ONCE)):
            bulk.insert(session, "dependencies", _EDGE, batch)

    @contextmanager
    def phase() -> Iterator[PhaseContext]:
        with databases.worker.open(flow) as session:
            yield PhaseContext(
                session=session,
                client_account_id=account.client_account_id,
                engagement_id=account.engagement_id,
                flow_id=flow.flow_id,
                inputs=inputs,
                outputs={},
                progress=lambda _done, _total: None,
            )

    return account, phase

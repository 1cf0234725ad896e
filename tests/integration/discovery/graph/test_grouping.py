"""Grouping a stored estate: what is written, how it is read, that a second run replaces it."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import text

from landbridge.assembly.explaining import explain
from landbridge.database.engine import Databases
from landbridge.database.listing import Wanted
from landbridge.discovery.graph import queries
from landbridge.discovery.graph.flow import AssetGrouper
from landbridge.discovery.graph.groups import Estate
from landbridge.errors.common import NotFound
from landbridge.kit.ids import new_id
from tests.support.graphs import stored_estate

APPS, PARTS = 6, 5


def tiers() -> Estate:
    """Applications of five machines in a row; each asks a name server, one asks the next."""
    source, target, port = [], [], []
    dns = APPS * PARTS
    for app in range(APPS):
        base = app * PARTS
        for part in range(PARTS - 1):
            source += [base + part] * 2
            target += [base + part + 1, base + PARTS - 1]
            port += [8080, 5432]
        if app:
            source.append(base)
            target.append(base - PARTS)
            port.append(443)
    source += range(dns)
    target += [dns] * dns
    port += [53] * dns
    names = [f"shop{n // PARTS}-srv{n}" for n in range(dns)] + ["dns1"]
    ends = np.array(source), np.array(target), np.array(port)
    return Estate(names, *ends, np.ones(len(source)))


@pytest.mark.usefixtures("databases")
def test_groups_are_written_read_and_replaced(databases: Databases) -> None:
    account, phase = stored_estate(databases, tiers(), group_size=PARTS)
    for _ in range(2):
        with phase() as context:
            done = AssetGrouper().run(context)
    assert (done.assets, done.groups, done.grouped, done.shared) == (31, APPS, 30, 1)
    with databases.app.open(account.access) as session:
        place = session, account.engagement_id
        graph = queries.group_graph(*place)
        assert [g.size for g in graph.groups] == [1, *[PARTS] * APPS]
        assert (graph.groups[0].kind, graph.groups[0].number, graph.total) == ("shared", 0, APPS)
        assert len(graph.edges) == APPS - 1
        first = queries.group(*place, graph.groups[1].id)
        assert "8 edges among them" in first.reasons[0]["text"]
        assert len(first.needs) + len(first.needed_by) in {1, 2}
        assert len(queries.members(*place, first.id, Wanted()).items) == PARTS
        server = queries.members(*place, graph.groups[0].id, Wanted()).items[0]
        assert (server.name, server.why.partition(":")[0]) == ("dns1", "dns")
        why = explain(session, first.id)
        assert (why.kind, why.rule.id) == ("group", "graph.community")
        assert why.arithmetic == "8 of 9 edges with groups lie inside = 89%"
        assert [g.name for g in why.inputs].count("member") == PARTS
        assert explain(session, graph.groups[0].id).rule.id == "graph.shared_service"
        with pytest.raises(NotFound):
            explain(session, first.id, of="size")
        with pytest.raises(NotFound):
            queries.group(*place, new_id())
        session.execute(text("delete from app.assets where name = 'dns1'"))
        assert queries.members(*place, graph.groups[0].id, Wanted()).items == []


def test_two_runs_give_the_same_groups_in_two_accounts(databases: Databases) -> None:
    found = []
    for _ in range(2):
        account, phase = stored_estate(databases, tiers(), group_size=PARTS)
        with phase() as context:
            AssetGrouper().run(context)
        with databases.app.open(account.access) as session:
            graph = queries.group_graph(session, account.engagement_id)
        found.append([(g.name, g.size, g.reasons) for g in graph.groups])
    assert found[0] == found[1]

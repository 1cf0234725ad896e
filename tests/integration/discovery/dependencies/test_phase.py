from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import text

from landbridge.discovery.vocabulary import TableRole
from tests.support.tables import Bench, table

SERVERS = table(
    TableRole.ASSETS,
    "servicenow_server_labels",
    attributes=["hostname", "ip_address", "depends_on", "host_system", "cluster", "asset_id"],
)
RELATIONS = table(
    TableRole.RELATIONS, "servicenow_rel_ci", columns=["Parent", "Parent.Class", "Type", "Child"]
)
NETSTAT = table(
    TableRole.CONNECTIONS,
    "netstat_export",
    columns=["Computer", "LocalAddress", "LocalPort", "RemoteAddress", "RemotePort", "State"],
    attributes=["rel_source", "source_ip", "target_ip", "port"],
)
AZURE = table(TableRole.CONNECTIONS, "azure_migrate_dependencies")

ESTATE: list[dict[str, Any]] = [
    {"hostname": "web01", "fqdn": "web01.corp.example.com", "ip_address": ["10.0.0.1"],
     "depends_on": ["db01"], "host_system": "esx1", "cluster": "CL-1", "asset_id": "id-web"},
    {"hostname": "db01", "ip_address": ["10.0.0.2"], "host_system": "esx1", "cluster": "CL-1"},
    {"hostname": "twin", "fqdn": "twin.a.example.com"},
    {"hostname": "twin", "fqdn": "twin.b.example.com"},
]  # fmt: skip


def relation(
    parent: str, kind: str, child: str, parent_class: str = "", child_class: str = ""
) -> dict[str, Any]:
    return {
        "rel_source": parent, "rel_type": kind, "rel_target": child,
        "Parent.Class": parent_class, "Child.Class": child_class,
    }  # fmt: skip


def line(computer: str, local: str, lport: int, remote: str, rport: int) -> dict[str, Any]:
    return {
        "rel_source": computer, "source_ip": [local], "target_ip": [remote], "port": rport,
        "protocol": "TCP", "LocalPort": str(lport), "State": "ESTABLISHED",
    }  # fmt: skip


def edges(bench: Bench) -> list[tuple[Any, ...]]:
    return [
        tuple(row)
        for row in bench.query(
            "select a.name_key, d.kind, b.name_key, d.port, d.observations from app.dependencies d"
            " join app.assets a on a.id = d.from_asset_id join app.assets b on b.id = d.to_asset_id"
            " order by 1, 2, 3, 4"
        )
    ]


COLUMN_EDGES = [
    ("db01", "member_of", "cl-1", 0, 1),
    ("db01", "runs_on", "esx1", 0, 1),
    ("web01", "depends_on", "db01", 0, 1),
    ("web01", "member_of", "cl-1", 0, 1),
    ("web01", "runs_on", "esx1", 0, 1),
]


def test_columns_of_assets_become_edges(bench: Bench) -> None:
    out = bench.analyse((SERVERS, ESTATE))
    assert edges(bench) == COLUMN_EDGES
    assert out.by_kind == {"depends_on": 1, "member_of": 2, "runs_on": 2}
    assert (out.created, out.updated, out.removed) == (5, 0, 0)


def test_a_detail_row_names_the_host_when_the_assets_own_row_does_not(bench: Bench) -> None:
    details = table(TableRole.DETAILS, "servicenow_details", attributes=["hostname", "host_system"])
    rows = [{"hostname": "web01", "host_system": "esx9"}, {"hostname": "twin2"}]
    bench.analyse((SERVERS, ESTATE), (details, rows))
    assert edges(bench) == COLUMN_EDGES
    rows = [{"hostname": "bare", "host_system": "esx9"}]
    bench.analyse((SERVERS, [{"hostname": "bare"}]), (details, rows))
    assert ("bare", "runs_on", "esx9", 0, 1) in edges(bench)


def test_relations_point_at_what_is_needed_whatever_their_words(bench: Bench) -> None:
    rows = [
        relation("web01", "Used by::Uses", "db01"),
        relation("id-web", "Connects to::Connected by", "db01.corp.example.com"),
        relation("web01", "Owned by::Owns", "db01"),
        relation("web01", "Depends on::Used by", "web01"),
        relation("web01", "Depends on::Used by", ""),
        relation("web01", "Depends on::Used by", "twin"),
    ]
    out = bench.analyse((SERVERS, [{**r, "depends_on": []} for r in ESTATE]), (RELATIONS, rows))
    found = [e for e in edges(bench) if e[1] in ("depends_on", "connects_to")]
    assert found == [
        ("db01", "depends_on", "web01", 0, 1),
        ("web01", "connects_to", "db01", 0, 1),
    ]
    assert out.filtered == {"itself": 1, "not_technical": 1}
    assert (out.ambiguous, out.incomplete, out.unresolved) == (1, 1, 0)
    issues = bench.query("select row_number, code, value from app.row_issues order by 1")
    assert issues == [(6, "RELATION_WITHOUT_END", None), (7, "AMBIGUOUS_ENDPOINT", "twin")]


def test_systems_named_only_in_relations_become_assets_that_say_so(bench: Bench) -> None:
    rows = [
        relation("web01", "Depends on::Used by", "FAXGW01", "Linux Server", "Server"),
        relation("db01", "Depends on::Used by", "faxgw01", "Linux Server", "Server"),
        relation("ORCL", "Runs on::Runs", "db01", "Oracle Instance", "Linux Server"),
        relation("ORCL", "Runs on::Runs", "web01", "Oracle Instance", "Linux Server"),
        relation("web01", "Depends on::Used by", "Berlin", "Linux Server", "Location"),
    ]
    out = bench.analyse((SERVERS, ESTATE), (RELATIONS, rows))
    assert (out.assets_added, out.unresolved) == (3, 1)
    added = bench.query(
        "select name_key, asset_type, provenance ->> 'asset_type' from app.assets"
        " where provenance ->> 'asset_type' = 'named.endpoint' order by 1"
    )
    assert added == [
        ("faxgw01", "server", "named.endpoint"),
        ("orcl", "database", "named.endpoint"),
        ("orcl", "database", "named.endpoint"),
    ]
    found = [e for e in edges(bench) if e not in COLUMN_EDGES]
    assert found == [
        ("db01", "depends_on", "faxgw01", 0, 1),
        ("orcl", "runs_on", "db01", 0, 1),
        ("orcl", "runs_on", "web01", 0, 1),
        ("web01", "depends_on", "faxgw01", 0, 1),
    ]


def test_connections_are_counted_turned_and_filtered(bench: Bench) -> None:
    rows = [
        line("web01", "10.0.0.1", 52000, "10.0.0.2", 1433),
        line("web01", "10.0.0.1", 52001, "10.0.0.2", 1433),
        line("db01", "10.0.0.2", 1433, "10.0.0.1", 52000),
        line("web01", "10.0.0.1", 52002, "10.0.0.2", 53),
        line("web01", "127.0.0.1", 52002, "127.0.0.1", 8080),
        line("web01", "10.0.0.1", 443, "192.0.2.7", 53001),
        line("web01", "10.0.0.1", 443, "192.0.2.7", 53002),
    ]
    out = bench.analyse((SERVERS, ESTATE), (NETSTAT, rows))
    found = [e for e in edges(bench) if e[1] == "connects_to"]
    assert found == [("web01", "connects_to", "db01", 1433, 3)]
    assert out.filtered == {"dns": 1, "loopback": 1}
    assert (out.unresolved, out.assets_added) == (1, 0)
    assert bench.query("select row_number, code, value from app.row_issues") == [
        (7, "UNKNOWN_ENDPOINT", "192.0.2.7")
    ]
    evidence = bench.query("select evidence from app.dependencies where kind = 'connects_to'")[0][0]
    assert [e["text"] for e in evidence] == ["mssql"]
    assert evidence[0]["rows"] == [2, 3, 4]


def test_the_same_files_again_change_nothing(bench: Bench) -> None:
    files = (
        (SERVERS, ESTATE),
        (RELATIONS, [relation("web01", "Depends on::Used by", "NEWSRV", "", "Server"),
                     relation("Shop", "Depends on::Used by", "web01", "Business Application", ""),
                     relation("Shop", "Uses::Used by", "Bank", "Business Application",
                              "Business Application")]),
        (NETSTAT, [line("web01", "10.0.0.1", 52000, "10.0.0.2", 1433)]),
    )  # fmt: skip
    first = bench.analyse(*files)
    assert (first.assets_added, first.application_links, first.application_edges) == (1, 1, 1)
    before = bench.snapshot()
    again = bench.analyse(*files)
    assert (again.created, again.updated, again.removed, again.assets_added) == (0, 0, 0, 0)
    assert again.edges == first.edges
    assert bench.snapshot() == before


def test_a_vm_that_moved_no_longer_runs_on_its_old_host(bench: Bench) -> None:
    bench.analyse((SERVERS, ESTATE))
    out = bench.analyse((SERVERS, [{**ESTATE[0], "host_system": "esx2"}, *ESTATE[1:]]))
    assert (out.created, out.removed) == (1, 1)
    assert [e[2] for e in edges(bench) if e[:2] == ("web01", "runs_on")] == ["esx2"]


def test_what_a_person_decided_about_an_edge_stays(bench: Bench) -> None:
    bench.analyse((SERVERS, ESTATE))
    with bench.door.open(bench.account.access) as session:
        session.execute(text("update app.dependencies set status = 'rejected'"))
    bench.analyse((SERVERS, [{**ESTATE[0], "host_system": "esx2"}, *ESTATE[1:]]))
    statuses = bench.query("select status, count(*) from app.dependencies group by 1 order by 1")
    assert statuses == [("rejected", 5), ("suggested", 1)]


def test_sources_that_agree_strengthen_one_edge(bench: Bench) -> None:
    rows = [relation("web01", "Depends on::Used by", "db01")]
    bench.analyse((SERVERS, ESTATE))
    before = bench.query("select confidence from app.dependencies where kind = 'depends_on'")
    bench.analyse((SERVERS, ESTATE), (RELATIONS, rows))
    after = bench.query(
        "select confidence, observations, jsonb_array_length(evidence) from app.dependencies"
        " where kind = 'depends_on'"
    )
    assert before == [(800,)]
    assert after == [(980, 2, 2)]


def test_two_way_needs_are_a_cycle(bench: Bench) -> None:
    rows = [relation("db01", "Depends on::Used by", "web01")]
    assert bench.analyse((SERVERS, ESTATE), (RELATIONS, rows)).cycles == 1


def test_azure_exports_with_names_on_one_side_work_without_an_inventory(bench: Bench) -> None:
    rows = [
        {"rel_source": "app1", "rel_target": "db1", "target_ip": ["10.0.0.5"], "port": 1433},
        {"rel_source": "app1", "rel_target": "db1", "target_ip": ["10.0.0.5"], "port": 1433},
        {"rel_source": "app1", "target_ip": ["10.0.0.5"], "port": 443},
    ]
    out = bench.analyse((AZURE, rows))
    assert out.assets_added == 2
    assert edges(bench) == [
        ("app1", "connects_to", "db1", 443, 1),
        ("app1", "connects_to", "db1", 1433, 2),
    ]


def test_a_matrix_of_applications_makes_no_servers(bench: Bench) -> None:
    columns = ["From Application", "To Application"]
    matrix = replace(
        table(TableRole.RELATIONS, columns=columns),
        attributes={"rel_source": columns[:1], "rel_target": columns[1:]},
    )
    rows = [{"rel_source": "CRM", "rel_target": "Billing", "rel_type": "depends_on"}]
    out = bench.analyse((matrix, rows))
    assert (out.assets_added, out.application_edges, out.edges) == (0, 1, 0)
    names = bench.query("select name, attributes -> 'relations' from app.applications order by 1")
    assert [n for n, _ in names] == ["Billing", "CRM"]
    assert names[1][1][0]["to"] == "billing"


def test_applications_of_one_asset_each_make_an_edge_of_assets(bench: Bench) -> None:
    members = [
        {**ESTATE[0], "application_name": ["Shop"]},
        {**ESTATE[1], "application_name": ["Bank"]},
    ]
    rows = [
        relation("Shop", "Uses::Used by", "Bank", "Business Application", "Business Application"),
        relation("db01", "Depends on::Used by", "Shop", "Server", "Business Application"),
    ]
    files = ((SERVERS, [{**m, "depends_on": []} for m in members]), (RELATIONS, rows))
    out = bench.analyse(*files)
    assert out.application_edges == 2
    found = [e for e in edges(bench) if e[1] == "depends_on"]
    assert found == [("db01", "depends_on", "web01", 0, 1), ("web01", "depends_on", "db01", 0, 1)]
    before = bench.snapshot()
    bench.analyse(*files)
    assert bench.snapshot() == before

"""The phase maps what is sure, leaves the rest to a person, and never undoes a decision."""

from __future__ import annotations

from landbridge.discovery.mapping import service


def test_what_is_sure_is_approved_and_the_rest_is_for_review(servers):
    output = servers.map()
    columns = servers.columns()
    assert columns["Server Name"].attribute == "hostname"
    assert columns["IP Address"].attribute == "ip_address"
    assert columns["IP Address"].status == "approved"
    assert columns["IP Address"].decided_automatically
    assert columns["Floor tiles"].target == "custom"
    assert columns["Floor tiles"].status == "suggested"
    assert (output.tables, output.columns) == (1, 6)
    assert output.auto_approved + output.to_review == 6
    assert output.mapped + output.custom + output.ignored == 6
    assert servers.reported[-1] == (6, 6)


def test_a_threshold_decides_what_needs_a_person(servers):
    servers.map(threshold=1.0)
    approved = [c.column_name for c in servers.columns().values() if c.status == "approved"]
    assert approved == ["Server Name"], "only the column that tells the rows apart"


def test_nothing_is_approved_without_a_person_when_asked_to(servers):
    output = servers.map(approve="ask")
    assert (output.auto_approved, output.to_review) == (0, 6)


def test_every_suggestion_says_why_and_shows_values(servers):
    servers.map()
    for column in servers.columns().values():
        assert column.evidence, column.column_name
        assert column.samples, column.column_name
        assert 0 < column.confidence <= 1


def test_the_table_is_told_what_its_rows_are(servers):
    servers.map()
    (table,) = servers.tables()
    assert (table.source, table.role, table.columns) == (None, "assets", 6)


def test_a_known_source_is_named_and_mapped_by_what_is_known_of_it(new_import, account):
    made = new_import(account)
    made.add(
        "export.csv",
        "Source server name,Source IP,Source process,Destination server name,Destination IP,"
        "Destination port\nlonapp01,10.1.1.1,java,londb01,10.1.1.9,1521\n",
    )
    output = made.map()
    (table,) = made.tables()
    assert (table.source, table.role) == ("azure_migrate_dependencies", "connections")
    assert output.sources == {"azure_migrate_dependencies": 1}
    assert output.auto_approved == 6


def test_a_second_run_keeps_what_was_decided(servers):
    servers.map()
    floor = servers.columns()["Floor tiles"]
    servers.call(service.decide, floor.id, "attribute", "location")
    before = servers.columns()
    servers.map(threshold=1.0)
    after = servers.columns()
    assert after["Floor tiles"].attribute == "location"
    approved = {n for n, c in before.items() if c.status == "approved"}
    assert {n: after[n].id for n in approved} == {n: before[n].id for n in approved}


def test_an_empty_column_without_a_name_is_left_out(new_import, account):
    made = new_import(account)
    made.add("a.csv", "Server Name,,IP\nlonapp01,,10.1.1.1\nlonapp02,,10.1.1.2\n")
    made.map()
    named = {c.target for n, c in made.columns().items() if n not in {"Server Name", "IP"}}
    assert named <= {"ignore", "custom"}


def test_large_tables_are_sampled_from_their_end_too(new_import, account):
    made = new_import(account)
    rows = "".join(f"lonapp{i:04},{'' if i < 1500 else '10.1.1.7'}\n" for i in range(3000))
    made.add("a.csv", f"Server Name,Anschrift\n{rows}")
    made.map()
    assert made.columns()["Anschrift"].samples == ["10.1.1.7"]

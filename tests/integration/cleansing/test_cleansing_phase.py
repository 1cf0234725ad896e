"""Cleansing types the values of an import, records why, and drops nothing."""

from __future__ import annotations

import pytest

from landbridge.discovery.cleansing import service, survey
from landbridge.errors.common import NotFound

COLUMNS = {
    "VM": "hostname",
    "Memory": "memory_gb",
    "OS": "os_name",
    "Installed": "install_date",
    "Annotation": None,
    "Secret": "-",
}
ROWS = [
    ["srv01", "16,384", "Ubuntu 20.04", "25/12/2020", "keep me", "x"],
    ["srv02", "8,192", "RHEL 7.9", "03/04/2021", "", "x"],
    ["srv03", "lots", "RHEL 7.9", "31/02/2021", "me too"],
    ["srv04", "n/a", "", ""],
    ["srv05"],
]


@pytest.fixture
def vms(handmade):
    return handmade.table(COLUMNS, ROWS, source="rvtools_vinfo")


def test_values_are_typed_and_every_row_is_there(handmade, vms):
    handmade.cleanse()
    records = handmade.records(vms)
    assert [r.row_number for r in records] == [2, 3, 4, 5, 6]
    assert records[0].values == {
        "hostname": "srv01",
        "memory_gb": 16,
        "os_name": "Ubuntu",
        "os_version": "20.04",
        "install_date": "2020-12-25",
    }
    assert records[0].custom == {"Annotation": "keep me"}
    assert records[1].values["install_date"] == "2021-04-03"
    assert records[4].values == {"hostname": "srv05"}


def test_the_text_of_an_unusable_value_is_kept_and_reported(handmade, vms):
    output = handmade.cleanse()
    assert output.issues == 2
    record = handmade.records(vms)[2]
    assert "memory_gb" not in record.values
    assert record.custom == {"Memory": "lots", "Installed": "31/02/2021", "Annotation": "me too"}
    issues = handmade.query(
        "select row_number, column_name, value, code, severity, phase, detail "
        "from app.row_issues order by column_name"
    )
    assert [(i["row_number"], i["column_name"], i["value"], i["code"]) for i in issues] == [
        (4, "Installed", "31/02/2021", "VALUE_NOT_A_DATE"),
        (4, "Memory", "lots", "VALUE_NOT_A_SIZE"),
    ]
    assert {i["phase"] for i in issues} == {"data_cleansing"}
    assert "memory_gb" in issues[1]["detail"]
    (table,) = handmade.query("select rows_with_issues from app.import_tables")
    assert table["rows_with_issues"] == 1


def test_the_output_counts_what_was_done(handmade, vms):
    output = handmade.cleanse()
    assert (output.tables, output.columns, output.rows) == (1, 4, 5)
    assert output.values == 5 + 4 + 3 + 3
    used = {r.rule: r.values for r in output.rules_used}
    assert used["size.mib_to_gib"] == 2
    assert used["os.linux_distribution"] == 3
    assert used["text.placeholder"] == 1
    assert used["text.as_is"] == 5
    assert sum(used.values()) == output.values
    assert output.changed_values == output.values - used["text.as_is"] - output.issues
    assert handmade.reported[-1] == (5, 5)


def test_lineage_is_stored_per_distinct_value(handmade, vms):
    handmade.cleanse()
    rows = handmade.query(
        "select raw, clean, rule, issue, occurrences from app.cleansed_values "
        "where ordinal = 2 order by raw"
    )
    assert rows == [
        {
            "raw": "RHEL 7.9",
            "clean": {"os_name": "Red Hat Enterprise Linux", "os_version": "7.9"},
            "rule": "os.linux_distribution",
            "issue": None,
            "occurrences": 2,
        },
        {
            "raw": "Ubuntu 20.04",
            "clean": {"os_name": "Ubuntu", "os_version": "20.04"},
            "rule": "os.linux_distribution",
            "issue": None,
            "occurrences": 1,
        },
    ]


def test_a_second_run_changes_nothing(handmade, vms):
    first = handmade.cleanse()
    before = handmade.query("select * from app.cleansed_values order by ordinal, raw_hash")
    assert handmade.cleanse() == first
    assert handmade.query("select * from app.cleansed_values order by ordinal, raw_hash") == before
    assert len(handmade.query("select * from app.row_issues")) == first.issues


def test_a_column_nobody_approved_is_kept_as_custom(handmade):
    table = handmade.table({"VM": "hostname", "RAM": "memory_gb"}, [["a", "1"]], status="suggested")
    output = handmade.cleanse()
    assert (output.tables, output.columns) == (0, 0)
    (record,) = handmade.records(table)
    assert (record.values, record.custom) == ({}, {"VM": "a", "RAM": "1"})


def test_hints_of_one_table_do_not_reach_another(handmade):
    day_first = handmade.table({"Seen": "last_seen"}, [["25/12/2020"], ["03/04/2021"]])
    open_order = handmade.table({"Seen": "last_seen"}, [["03/04/2021"]])
    handmade.cleanse()
    assert handmade.records(day_first)[1].values == {"last_seen": "2021-04-03"}
    assert handmade.records(open_order)[0].values == {}


def test_a_column_with_very_many_values_is_cleansed_like_any_other(handmade, monkeypatch):
    monkeypatch.setattr(survey, "LISTED", 50)
    monkeypatch.setattr(survey, "BATCH", 40)
    rows = [[f"SRV{n:04}.corp.example.com", f"10.0.{n // 250}.{n % 250 + 1}"] for n in range(300)]
    rows[270][1] = "10.0.0.300"
    rows += [rows[0]] * 3
    table = handmade.table({"Name": "hostname", "IP": "ip_address"}, rows)
    output = handmade.cleanse()
    assert output.values == 2 * 303
    assert output.changed_values == 303
    assert output.distinct_values == 0
    assert output.issues == 1
    records = handmade.records(table)
    assert [r.values["hostname"] for r in records[:2]] == ["SRV0000", "SRV0001"]
    assert records[-1].values == records[0].values
    assert records[270].custom == {"IP": "10.0.0.300"}
    (column,) = handmade.query("select * from app.cleansed_columns where ordinal = 0")
    assert column["distinct_values"] is None
    assert column["rules"] == {"name.fqdn_split": 303}
    listed = handmade.query("select raw, occurrences from app.cleansed_values where ordinal = 0")
    assert len(listed) == 50
    assert {r["occurrences"] for r in listed if r["raw"] == rows[0][0]} == {4}


def test_nul_characters_do_not_stop_the_flow(handmade):
    table = handmade.table({"Name": "hostname", "Note": None}, [["srv\x0001", "a\x00b"]])
    handmade.cleanse()
    (record,) = handmade.records(table)
    assert record.values == {"hostname": "srv 01"}


def test_columns_of_one_attribute_are_ranked_by_confidence(handmade):
    table = handmade.table(
        {"RAM": "memory_gb", "Mem GB": "memory_gb"}, [["16 GB", "32"], ["", "32"]]
    )
    handmade.cleanse()
    first, second = handmade.records(table)
    assert first.values == {"memory_gb": 16}
    assert first.custom == {"Mem GB": "32"}
    assert first.also == {"memory_gb": [32]}
    assert second.values == {"memory_gb": 32}


def test_how_a_column_was_read_is_told(handmade, vms):
    handmade.cleanse()
    reports = handmade.call(service.columns, vms)
    memory = next(r for r in reports if r.attribute == "memory_gb")
    assert (memory.filled, memory.distinct_values, memory.unusable) == (4, 4, 1)
    assert memory.reading[0] == (
        "Numbers without a unit are MiB: the tool that wrote the file is known to use it."
    )
    assert {r.rule: r.values for r in memory.rules}["size.mib_to_gib"] == 2


def test_the_lineage_of_a_value_is_told(handmade, vms):
    handmade.cleanse()
    (lineage,) = handmade.call(service.lineage, vms, 3, "memory_gb")
    assert (lineage.raw, lineage.values) == ("8,192", {"memory_gb": 8})
    assert (lineage.rule, lineage.title) == ("size.mib_to_gib", "MB or MiB to GiB")
    assert lineage.occurrences == 1
    (lineage,) = handmade.call(service.lineage, vms, 4, "memory_gb")
    assert lineage.issue == "VALUE_NOT_A_SIZE"
    assert lineage.remedy.startswith("Correct the cell")
    assert handmade.call(service.lineage, vms, 6, "memory_gb") == []
    with pytest.raises(NotFound):
        handmade.call(service.lineage, vms, 7, "memory_gb")


def test_the_values_of_a_column_are_paged_most_frequent_first(handmade, vms):
    handmade.cleanse()
    page = handmade.call(service.values, vms, 2, limit=1)
    assert [(v.raw, v.occurrences) for v in page.items] == [("RHEL 7.9", 2)]
    page = handmade.call(service.values, vms, 2, limit=1, cursor=page.next)
    assert [(v.raw, v.occurrences) for v in page.items] == [("Ubuntu 20.04", 1)]
    assert page.next is None
    with pytest.raises(NotFound):
        handmade.call(service.values, vms, 5)


def test_nobody_else_sees_lineage(handmade, vms, other_account):
    handmade.cleanse()
    with handmade.door.open(other_account.access) as session:
        assert service.columns(session, vms) == []
        with pytest.raises(NotFound):
            service.lineage(session, vms, 3, "memory_gb")
        with pytest.raises(NotFound):
            service.values(session, vms, 2)

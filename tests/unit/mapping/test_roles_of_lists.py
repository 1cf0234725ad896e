"""What a list is, when several things could be said of its rows."""

from __future__ import annotations

from landbridge.discovery.mapping.suggest import suggest_table
from landbridge.discovery.vocabulary import TableRole


def test_a_list_of_databases_is_no_list_of_applications() -> None:
    columns = ["DB Name", "DB Host", "DBMS", "DB Version", "Application", "Environment"]
    rows = [
        ["SAPPRD", "dbprd01", "Oracle", "19.3.0.0", "Payroll", "Production"],
        ["PRDHR", "dbprd02", "SQL Server", "2016", "HR portal", "Test"],
    ]
    samples = [list(values) for values in zip(*rows, strict=True)]
    assert suggest_table(columns, samples).role is TableRole.ASSETS
    assert suggest_table(columns, []).role is TableRole.ASSETS


def test_a_program_in_a_list_of_connections_is_a_process():
    columns = ["Source IP", "Source Host", "Destination IP", "Destination Host", "Port", "Program"]
    assert suggest_table(columns, []).columns[5].attribute == "process_name"

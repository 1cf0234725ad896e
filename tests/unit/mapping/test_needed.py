"""Without a person, a table still gets the columns it cannot do without."""

from __future__ import annotations

from landbridge.discovery.mapping.needed import REASON, with_needed
from landbridge.discovery.mapping.suggest import ColumnSuggestion, TableSuggestion
from landbridge.discovery.vocabulary import TableRole


def column(name: str, attribute: str | None, confidence: float) -> ColumnSuggestion:
    target = "attribute" if attribute else "custom"
    return ColumnSuggestion(name, target, attribute, confidence, [], [])


def table(role: TableRole, *columns: ColumnSuggestion) -> TableSuggestion:
    return TableSuggestion(None, role, list(columns))


def test_the_likeliest_name_is_taken_with_its_reason() -> None:
    given = table(
        TableRole.ASSETS,
        column("Name", "hostname", 0.7),
        column("Label", "hostname", 0.6),
        column("Memory", "memory_gb", 0.7),
    )
    result, taken = with_needed(given, 0.9)
    assert taken == {0}
    assert result.columns[0].evidence == [REASON]
    assert result.columns[2] == given.columns[2]


def test_nothing_is_forced_where_a_sure_column_is_there() -> None:
    given = table(TableRole.ASSETS, column("Name", "hostname", 0.7), column("UUID", "uuid", 0.97))
    assert with_needed(given, 0.9) == (given, set())


def test_a_guess_that_is_more_wrong_than_right_is_not_forced() -> None:
    given = table(TableRole.ASSETS, column("Thing", "hostname", 0.4))
    assert with_needed(given, 0.9)[1] == set()


def test_both_ends_of_a_connection_are_needed() -> None:
    given = table(
        TableRole.CONNECTIONS,
        column("From", "source_ip", 0.6),
        column("To", "target_ip", 0.8),
        column("Port", "port", 0.6),
    )
    assert with_needed(given, 0.9)[1] == {0, 1}


def test_a_reference_table_needs_nothing() -> None:
    given = table(TableRole.REFERENCE, column("Name", "hostname", 0.7))
    assert with_needed(given, 0.9)[1] == set()


def test_a_list_of_databases_needs_their_hosts_too() -> None:
    given = table(
        TableRole.ASSETS,
        column("DB name", "db_instance", 0.96),
        column("DB host", "hostname", 0.86),
    )
    assert with_needed(given, 0.9)[1] == {1}

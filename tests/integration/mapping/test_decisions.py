"""What people decide about columns stands and is remembered."""

import pytest

from landbridge.discovery.mapping import queries, service
from landbridge.discovery.mapping.suggest import Learned
from landbridge.errors.common import NotFound
from tests.support.mapped import make_mapped_import

COLUMNS = (
    ("Server Name", "attribute", "hostname", 980),
    ("Notes", "custom", None, 400),
    ("Typ", "attribute", "asset_type", 700),
)


@pytest.fixture
def mapped(databases, account):
    return make_mapped_import(databases, account, *COLUMNS)


def test_a_decision_changes_the_column_says_who_and_is_remembered(door, account, mapped):
    with door.open(account.access) as session:
        service.decide(session, mapped.mappings[2], "attribute", "model")
        column = queries.column(session, account.engagement_id, mapped.mappings[2])
        assert (column.target, column.attribute, column.status) == (
            "attribute",
            "model",
            "approved",
        )
        assert column.decided_by == account.user_id
        assert not column.decided_automatically
        assert service.learned(session) == {"typ": Learned("attribute", "model")}
        service.decide(session, mapped.mappings[2], "ignore", None)
        assert service.learned(session) == {"typ": Learned("ignore", None)}


def test_only_suggestions_sure_enough_are_approved_at_once(door, account, mapped):
    with door.open(account.access) as session:
        assert service.count_to_review(session, mapped.import_id) == 3
        assert service.approve_above(session, mapped.import_id, 0.9) == 1
        assert service.count_to_review(session, mapped.import_id) == 2
        assert service.approve_remaining(session, mapped.import_id) == 2
        assert service.count_to_review(session, mapped.import_id) == 0
        assert service.learned(session) == {}


def test_the_tables_of_an_import_say_what_is_left(door, account, mapped):
    with door.open(account.access) as session:
        (table,) = queries.tables(session, account.engagement_id, mapped.import_id)
        assert (table.columns, table.undecided) == (3, 3)
        rows = queries.columns(session, account.engagement_id, mapped.import_id, table.id)
        assert [r.column_name for r in rows] == ["Server Name", "Notes", "Typ"]


def test_another_account_finds_no_such_column(door, other_account, mapped):
    with door.open(other_account.access) as session:
        with pytest.raises(NotFound):
            service.decide(session, mapped.mappings[0], "ignore", None)
        with pytest.raises(NotFound):
            queries.column(session, other_account.engagement_id, mapped.mappings[0])
        assert service.approve_remaining(session, mapped.import_id) == 0

"""Decisions are learned for the account that made them, can be undone and forgotten."""

from __future__ import annotations

import pytest

from landbridge.discovery.mapping import service
from landbridge.discovery.mapping.errors import MappingTargetIncomplete, UnknownAttribute
from landbridge.errors.common import NotFound
from landbridge.kit.ids import new_id

SECOND = "FLOOR-TILES,Server Name\n3,lonapp07\n"


def decided(servers, column="Floor tiles", target="attribute", attribute="location"):
    servers.map()
    return servers.call(service.decide, servers.columns()[column].id, target, attribute)


def test_a_decision_names_who_made_it(servers, account):
    decided(servers)
    column = servers.columns()["Floor tiles"]
    assert (column.target, column.attribute, column.status) == (
        "attribute",
        "location",
        "approved",
    )
    assert column.decided_by == account.user_id
    assert not column.decided_automatically
    assert column.decided_at is not None


def test_a_decision_is_used_in_the_next_import_of_the_account(servers, new_import, account):
    decided(servers)
    later = new_import(account)
    later.add("other.csv", SECOND)
    later.map()
    column = later.columns()["FLOOR-TILES"]
    assert (column.attribute, column.status) == ("location", "approved")
    assert "Decided before" in column.evidence[0]


def test_a_decision_means_nothing_to_another_account(servers, new_import, other_account):
    decided(servers)
    theirs = new_import(other_account)
    theirs.add("other.csv", SECOND)
    theirs.map()
    assert theirs.columns()["FLOOR-TILES"].target == "custom"
    assert theirs.call(service.list_learned).items == []


def test_what_was_learned_can_be_seen_and_forgotten(servers, new_import, account):
    decided(servers)
    (rule,) = servers.call(service.list_learned).items
    assert (rule.column_key, rule.source, rule.attribute) == ("floortiles", "", "location")
    servers.call(service.forget_learned, rule.id)
    assert servers.call(service.list_learned).items == []
    later = new_import(account)
    later.add("other.csv", SECOND)
    later.map()
    assert later.columns()["FLOOR-TILES"].target == "custom"


def test_the_newest_decision_replaces_the_one_before(servers):
    decided(servers)
    servers.call(service.decide, servers.columns()["Floor tiles"].id, "ignore")
    (rule,) = servers.call(service.list_learned).items
    assert (rule.target, rule.attribute) == ("ignore", None)


def test_what_was_learned_is_listed_in_pages(servers):
    decided(servers)
    servers.call(service.approve, servers.columns()["Site"].id)
    first = servers.call(service.list_learned, limit=1)
    second = servers.call(service.list_learned, limit=1, cursor=first.next)
    assert [r.column_key for r in first.items + second.items] == ["floortiles", "site"]
    assert second.next is None


def test_a_decision_can_be_undone(servers):
    decided(servers)
    servers.call(service.reopen, servers.columns()["Floor tiles"].id)
    column = servers.columns()["Floor tiles"]
    assert (column.target, column.status, column.decided_by) == ("custom", "suggested", None)
    assert servers.call(service.list_learned).items == []


def test_an_automatic_approval_can_be_undone(servers):
    servers.map()
    servers.call(service.reopen, servers.columns()["IP Address"].id)
    column = servers.columns()["IP Address"]
    assert (column.attribute, column.status) == ("ip_address", "suggested")
    assert not column.decided_automatically


def test_a_correction_changes_what_the_rows_of_the_table_are(new_import, account):
    made = new_import(account)
    made.add("list.csv", "Thing,Colour\nPayroll,red\nCRM,blue\n")
    made.map()
    assert made.tables()[0].role == "reference"
    made.call(service.decide, made.columns()["Thing"].id, "attribute", "application_name")
    assert made.tables()[0].role == "applications"


def test_everything_above_a_confidence_can_be_approved_at_once(servers):
    servers.map(approve="ask")
    sure = [c for c in servers.columns().values() if c.confidence >= 0.9]
    assert servers.call(service.approve_above, servers.id, 0.9) == len(sure)
    assert {c.status for c in servers.columns().values() if c.confidence >= 0.9} == {"approved"}
    assert servers.columns()["Floor tiles"].status == "suggested"


def test_the_gate_approves_what_is_left(servers, account):
    servers.map(approve="ask")
    assert servers.call(service.approve_remaining, servers.id, account.user_id) == 6
    assert {c.status for c in servers.columns().values()} == {"approved"}
    assert {c.decided_by for c in servers.columns().values()} == {account.user_id}


@pytest.mark.parametrize(
    ("target", "attribute", "error"),
    [
        ("attribute", "shoe_size", UnknownAttribute),
        ("attribute", None, MappingTargetIncomplete),
        ("custom", "hostname", MappingTargetIncomplete),
        ("elsewhere", None, MappingTargetIncomplete),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(servers, target, attribute, error):
    servers.map()
    with pytest.raises(error):
        servers.call(service.decide, servers.columns()["Site"].id, target, attribute)


def test_mappings_of_another_account_do_not_exist(servers, new_import, other_account):
    servers.map()
    theirs = new_import(other_account)
    mine = servers.columns()["Site"].id
    for call in (
        lambda: theirs.call(service.approve, mine),
        lambda: theirs.call(service.reopen, mine),
        lambda: theirs.call(service.forget_learned, new_id()),
    ):
        with pytest.raises(NotFound):
            call()
    assert theirs.call(service.approve_above, servers.id, 0.0) == 0

"""What roles may do."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from landbridge.errors.common import PermissionDenied
from landbridge.identity.errors import RoleUnknown
from landbridge.identity.permissions import MEANING, MINIMUM, Action, Role, allows, require, role_of


def test_every_action_has_a_minimum_role_and_a_meaning() -> None:
    assert set(MINIMUM) == set(MEANING) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_a_stronger_role_may_do_all_that_a_weaker_one_may(action: Action) -> None:
    allowed = [allows(role, action) for role in Role]
    assert allowed == sorted(allowed)
    assert allows(Role.ADMIN, action)


@pytest.mark.parametrize("role", ["", "worker", "owner", "ADMIN", "admin "])
def test_an_unknown_role_may_do_nothing(role: str) -> None:
    assert not any(allows(role, action) for action in Action)


def test_viewers_change_nothing() -> None:
    assert {a for a in Action if allows(Role.VIEWER, a)} == {Action.VIEW, Action.EXPORT}


def test_a_refusal_names_the_role_that_is_needed() -> None:
    with pytest.raises(PermissionDenied) as caught:
        require(SimpleNamespace(role="viewer"), Action.DECIDE_APPROVAL)
    assert caught.value.fields == {"needed": "approver", "role": "viewer"}


def test_an_action_outside_the_table_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(MINIMUM, Action.VIEW)
    assert not allows(Role.ADMIN, Action.VIEW)
    with pytest.raises(PermissionDenied):
        require(SimpleNamespace(role="admin"), Action.VIEW)


def test_a_role_is_known_by_its_name_only() -> None:
    assert role_of("analyst") is Role.ANALYST
    with pytest.raises(RoleUnknown):
        role_of("king")

"""Letting people and programs into a client account, and taking access away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from landbridge.database.errors import DatabasePermissionMissing
from landbridge.database.session import CredentialAccess
from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.common import ApproverIsRequester, NotFound, PermissionDenied
from landbridge.identity import (
    accepting,
    account_settings,
    api_keys,
    break_glass,
    invitations,
    members,
    sign_in,
    users,
)
from landbridge.identity.errors import EmailInvalid
from landbridge.identity.member_errors import (
    AccessNotOpen,
    AccessTooLong,
    AlreadyMember,
    InvitationForOther,
    InvitationUnknown,
    LastAdmin,
    MemberUnknown,
    ReasonMissing,
    SignInFirst,
    StandingMember,
)
from landbridge.identity.permissions import Role
from landbridge.identity.sign_in_errors import LinkEnded
from landbridge.kit.ids import new_id
from tests.support import accounts
from tests.support.audit import log_of
from tests.support.people import PASSWORD, VISIT, forget_attempts, make_person

ROLES = [Role.VIEWER, Role.ANALYST, Role.APPROVER]


@pytest.fixture(autouse=True)
def _no_earlier_attempts(databases):
    forget_attempts(databases)


@pytest.fixture
def invite(door, account):
    def make(email=None, role=Role.ANALYST, **more):
        with door.open(account.access) as session:
            return invitations.invite(
                session, email or f"{new_id().hex[-12:]}@example.com", role, **more
            )

    return make


def role_in(door, session, account):
    with door.open(CredentialAccess(session, account.client_account_id)) as opened:
        return opened.role


class TestInvitations:
    """From a link to a membership."""

    def test_somebody_new_chooses_a_password_and_is_in_with_the_role(
        self, databases, door, account, invite
    ):
        _, link = invite("grace@example.org", Role.ANALYST)
        offered = accepting.look(door, link.text)
        assert (offered.account_name, offered.email, offered.role, offered.known) == (
            account.name, "grace@example.org", "analyst", False,
        )  # fmt: skip
        opened, session = accepting.as_new(door, link.text, "Grace", PASSWORD, VISIT)
        assert opened == account.client_account_id
        assert role_in(door, session.hash, account) == "analyst"
        entered = sign_in.with_password(databases.app, "grace@example.org", PASSWORD, VISIT)
        assert role_in(door, entered.secret.hash, account) == "analyst"
        with pytest.raises(LinkEnded):
            accepting.as_new(door, link.text, "Eve", PASSWORD, VISIT)

    def test_the_log_tells_who_invited_and_who_came(self, databases, door, account, invite):
        _, link = invite("came@example.org")
        accepting.as_new(door, link.text, "Ada", PASSWORD, VISIT)
        made, gone, member = log_of(databases, account)[-3:]
        assert [e.action for e in (made, gone, member)] == [
            "invitation.created", "invitation.deleted", "membership.created",
        ]  # fmt: skip
        assert made.actor["email"] == account.email
        assert member.actor["email"] == "came@example.org"
        assert link.hash.hex() not in str((made, gone, member))

    def test_a_known_address_signs_in_first_and_gets_no_second_password(
        self, databases, door, account, invite
    ):
        person = make_person(databases)
        _, link = invite(person.email.upper(), Role.APPROVER)
        with pytest.raises(SignInFirst):
            accepting.as_new(door, link.text, "Eve", "the password of an attacker", VISIT)
        entered = sign_in.with_password(door, person.email, PASSWORD, VISIT)
        assert accepting.as_self(door, link.text, entered.secret.hash) == account.client_account_id
        assert role_in(door, entered.secret.hash, account) == "approver"

    def test_it_is_for_its_address_only(self, databases, door, account, invite):
        _, link = invite()
        stranger = make_person(databases)
        entered = sign_in.with_password(door, stranger.email, PASSWORD, VISIT)
        for credential in (entered.secret.hash, account.access.credential_hash, b""):
            with pytest.raises(InvitationForOther):
                accepting.as_self(door, link.text, credential)
        assert accepting.look(door, link.text)

    def test_it_ends_when_withdrawn_replaced_too_old_or_its_maker_no_admin(
        self, databases, door, account, invite
    ):
        made, withdrawn = invite("a1@example.org")
        with door.open(account.access) as session:
            assert made in {i.id for i in invitations.invitations(session)}
            invitations.withdraw(session, made)
            with pytest.raises(InvitationUnknown):
                invitations.withdraw(session, made)
        _, replaced = invite("a2@example.org")
        _, newest = invite("A2@example.org")
        _, old = invite(lifetime=timedelta(seconds=-1))
        for link in (withdrawn, replaced, old):
            with pytest.raises(LinkEnded):
                accepting.look(door, link.text)
        assert accepting.look(door, newest.text)
        users.set_membership(
            databases.owner, account.user_id, account.client_account_id, Role.VIEWER
        )
        with pytest.raises(LinkEnded):
            accepting.as_new(door, newest.text, "Ada", PASSWORD, VISIT)

    def test_two_browsers_accept_it_once(self, databases, door, account, invite):
        _, link = invite()

        def accept(_):
            try:
                return accepting.as_new(door, link.text, "Ada", PASSWORD, VISIT)
            except LandbridgeError as error:
                return error

        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(accept, range(4)))
        assert sum(isinstance(d, tuple) for d in done) == 1

    def test_members_and_wrong_addresses_are_refused(self, invite, account):
        with pytest.raises(AlreadyMember):
            invite(account.email.upper())
        with pytest.raises(EmailInvalid):
            invite("ada")


class TestMembers:
    """Roles, removal, and the last admin."""

    def test_a_role_changes_and_a_member_goes(self, databases, door, account):
        person = make_person(databases, account)
        with door.open(account.access) as session:
            assert {m.user_id for m in members.members(session)} == {account.user_id, person.id}
            members.change_role(session, person.id, Role.ANALYST)
            assert members.member_of(session, person.email.upper()).role == "analyst"
            members.remove(session, person.id)
            with pytest.raises(MemberUnknown):
                members.member_of(session, person.email)
            with pytest.raises(MemberUnknown):
                members.remove(session, person.id)
        entered = sign_in.with_password(door, person.email, PASSWORD, VISIT)
        with pytest.raises(NotFound):
            role_in(door, entered.secret.hash, account)

    def test_the_last_admin_stays_whoever_else_there_is(self, databases, door, account):
        make_person(databases, account, Role.APPROVER)
        operator = make_person(databases)
        break_glass.break_glass(
            databases.owner, account.client_account_id, operator.id, Role.ADMIN,
            "Ticket 4711: stuck import", 30,
        )  # fmt: skip
        with door.open(account.access) as session:
            api_keys.create(session, Role.ADMIN, "a program")
            with pytest.raises(LastAdmin):
                members.change_role(session, account.user_id, Role.VIEWER)
            with pytest.raises(LastAdmin):
                members.remove(session, account.user_id)

    def test_two_admins_cannot_remove_each_other_at_once(self, databases, door, account):
        other = accounts.make_member(databases, account.client_account_id, account.name, Role.ADMIN)

        def remove(acting, victim):
            try:
                with door.open(acting.access) as session:
                    members.remove(session, victim.user_id)
            except LandbridgeError as error:
                return error
            return None

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(remove, (account, other), (other, account)))
        assert sum(d is None for d in done) == 1

    def test_members_of_other_accounts_are_unknown(self, door, account, other_account):
        with door.open(account.access) as session:
            for call in (
                lambda: members.remove(session, other_account.user_id),
                lambda: members.change_role(session, other_account.user_id, Role.ADMIN),
            ):
                with pytest.raises(MemberUnknown):
                    call()

    @pytest.mark.parametrize("role", ROLES)
    def test_below_admin_nothing_is_managed_not_even_by_sql(self, make_account, door, role):
        member = make_account(role=role)
        with door.open(member.access) as session:
            for call in (
                lambda: members.members(session),
                lambda: members.remove(session, member.user_id),
                lambda: members.change_role(session, member.user_id, Role.ADMIN),
                lambda: invitations.invite(session, "x@example.com", Role.ADMIN),
                lambda: invitations.invitations(session),
                lambda: invitations.withdraw(session, new_id()),
                lambda: api_keys.create(session, Role.ADMIN, "x"),
                lambda: api_keys.keys(session),
                lambda: api_keys.revoke(session, "x"),
                lambda: account_settings.set_four_eyes(session, True),
            ):
                with pytest.raises(PermissionDenied):
                    call()
        for statement in (
            "select * from app.member_list()",
            "select * from app.key_list()",
            f"select app.set_member_role('{member.user_id}', 'admin')",
            f"select app.create_key('{new_id()}', sha256(''), 'k', 'k', 'admin', null)",
            f"select app.invite('{new_id()}', sha256(''), 'x@example.com', 'admin', '1 day')",
            "select app.set_four_eyes(false)",
        ):
            with pytest.raises(DatabasePermissionMissing), door.open(member.access) as session:
                session.execute(text(statement))


class TestFourEyes:
    """Where an account wants it, nobody approves what they started."""

    @pytest.fixture
    def pending(self, databases, door, account):
        flow = accounts.make_flow(databases, account)

        def make():
            approval = new_id()
            with door.open(account.access) as session:
                session.execute(
                    text(
                        "insert into app.approvals (id, flow_id, phase, gate)"
                        " values (:id, :flow, 'p', :gate)"
                    ),
                    {"id": approval, "flow": flow.flow_id, "gate": approval.hex},
                )
            return approval

        return make

    def approve(self, door, access, approval, by=None):
        with door.open(access) as session:
            session.execute(
                text(
                    "update app.approvals set status = 'approved', decided_at = now(),"
                    " decided_by = coalesce(:by, app.current_user_id()) where id = :id"
                ),
                {"id": approval, "by": by},
            )

    def test_by_default_one_person_can_work_alone(self, door, account, pending):
        self.approve(door, account.access, pending())

    def test_the_database_refuses_the_requester_and_takes_another(
        self, databases, door, account, pending
    ):
        other = accounts.make_member(
            databases, account.client_account_id, account.name, Role.APPROVER
        )
        with door.open(account.access) as session:
            account_settings.set_four_eyes(session, True)
            assert account_settings.four_eyes(session)
        approval = pending()
        for by in (None, other.user_id, new_id()):
            with pytest.raises(ApproverIsRequester):
                self.approve(door, account.access, approval, by)
        with pytest.raises(DatabasePermissionMissing), door.open(account.access) as session:
            session.execute(text("update app.flows set created_by = :by"), {"by": other.user_id})
        self.approve(door, other.access, approval)


class TestBreakGlass:
    """An operator comes in for a reason and for a time, and the client sees it."""

    @pytest.fixture
    def operator(self, databases):
        return make_person(databases)

    def open(self, databases, account, operator, reason="Ticket 4711: stuck import", minutes=30):
        return break_glass.break_glass(
            databases.owner, account.client_account_id, operator.id, Role.VIEWER, reason, minutes
        )

    def test_it_opens_with_its_role_and_ends_by_itself(self, databases, door, account, operator):
        entered = sign_in.with_password(door, operator.email, PASSWORD, VISIT).secret
        with pytest.raises(NotFound):
            role_in(door, entered.hash, account)
        self.open(databases, account, operator)
        assert role_in(door, entered.hash, account) == "viewer"
        with databases.owner.begin() as connection:
            connection.execute(
                text("update app_private.memberships set expires_at = now() where user_id = :user"),
                {"user": operator.id},
            )
        with pytest.raises(NotFound):
            role_in(door, entered.hash, account)

    def test_the_client_reads_who_why_and_until_when_and_cannot_change_it(
        self, databases, door, account, other_account, operator
    ):
        ends = self.open(databases, account, operator)
        with door.open(account.access) as session:
            (access,) = break_glass.accesses(session)
            assert (access.email, access.reason) == (operator.email, "Ticket 4711: stuck import")
            assert access.ends_at == ends
        with door.open(other_account.access) as session:
            assert break_glass.accesses(session) == []
        with pytest.raises(DatabasePermissionMissing), door.open(account.access) as session:
            session.execute(text("delete from app.break_glass"))

    def test_the_clients_own_log_tells_of_it(self, databases, account, operator):
        self.open(databases, account, operator)
        break_glass.end_access(
            databases.owner, account.client_account_id, operator.id, operator.email
        )
        told = log_of(databases, account)[-4:]
        assert [e.action for e in told] == [
            "membership.created", "break_glass.opened", "membership.changed", "break_glass.closed",
        ]  # fmt: skip
        assert told[1].reason == "Ticket 4711: stuck import"
        assert told[1].object["name"] == operator.email

    def test_it_can_be_ended_before_and_by_the_client(self, databases, door, account, operator):
        end = (databases.owner, account.client_account_id, operator.id, operator.email)
        self.open(databases, account, operator)
        assert operator.email in {a.email for a in break_glass.open_accesses(databases.owner)}
        break_glass.end_access(*end)
        with pytest.raises(AccessNotOpen):
            break_glass.end_access(*end)
        self.open(databases, account, operator)
        with door.open(account.access) as session:
            members.remove(session, operator.id)
        assert operator.email not in {a.email for a in break_glass.open_accesses(databases.owner)}

    def test_it_needs_a_reason_and_an_end_and_no_standing_membership(
        self, databases, account, operator
    ):
        for reason in ("", "because", " " * 40, "x" * 2001, "control \x07 character here"):
            with pytest.raises(ReasonMissing):
                self.open(databases, account, operator, reason)
        for minutes in (0, -5, 481):
            with pytest.raises(AccessTooLong):
                self.open(databases, account, operator, minutes=minutes)
        member = make_person(databases, account)
        with pytest.raises(StandingMember):
            self.open(databases, account, member)

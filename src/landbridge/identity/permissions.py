"""What each role may do: one table, and everything not in it is denied."""

from __future__ import annotations

from enum import StrEnum

from landbridge.database.session import TenantSession
from landbridge.errors.common import PermissionDenied
from landbridge.identity.errors import RoleUnknown


class Role(StrEnum):
    """The roles of a member, weakest first."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    APPROVER = "approver"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Its place, 0 for the weakest."""
        return list(Role).index(self)


class Action(StrEnum):
    """Everything a member can do, by what it touches."""

    VIEW = "view"
    EXPORT = "export"
    CREATE_ENGAGEMENT = "create_engagement"
    IMPORT_FILES = "import_files"
    START_FLOW = "start_flow"
    CONTROL_FLOW = "control_flow"
    EDIT_MAPPING = "edit_mapping"
    EDIT_INVENTORY = "edit_inventory"
    PLAN_MIGRATION = "plan_migration"
    DECIDE_APPROVAL = "decide_approval"
    MUTE_FINDING = "mute_finding"
    VIEW_WEBHOOKS = "view_webhooks"
    READ_AUDIT = "read_audit"
    READ_ERRORS = "read_errors"
    DELETE_DATA = "delete_data"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_API_KEYS = "manage_api_keys"
    MANAGE_WEBHOOKS = "manage_webhooks"
    MANAGE_ACCOUNT = "manage_account"
    OFFBOARD = "offboard"


MINIMUM: dict[Action, Role] = {
    Action.VIEW: Role.VIEWER,
    Action.EXPORT: Role.VIEWER,
    Action.CREATE_ENGAGEMENT: Role.ANALYST,
    Action.IMPORT_FILES: Role.ANALYST,
    Action.START_FLOW: Role.ANALYST,
    Action.CONTROL_FLOW: Role.ANALYST,
    Action.EDIT_MAPPING: Role.ANALYST,
    Action.EDIT_INVENTORY: Role.ANALYST,
    Action.PLAN_MIGRATION: Role.ANALYST,
    Action.DECIDE_APPROVAL: Role.APPROVER,
    Action.MUTE_FINDING: Role.APPROVER,
    Action.VIEW_WEBHOOKS: Role.ANALYST,
    Action.READ_AUDIT: Role.APPROVER,
    Action.READ_ERRORS: Role.ADMIN,
    Action.DELETE_DATA: Role.ADMIN,
    Action.MANAGE_MEMBERS: Role.ADMIN,
    Action.MANAGE_API_KEYS: Role.ADMIN,
    Action.MANAGE_WEBHOOKS: Role.ADMIN,
    Action.MANAGE_ACCOUNT: Role.ADMIN,
    Action.OFFBOARD: Role.ADMIN,
}

MEANING: dict[Action, str] = {
    Action.VIEW: "Read everything of the client account",
    Action.EXPORT: "Download inventory, findings, failed rows and original files",
    Action.CREATE_ENGAGEMENT: "Create an engagement",
    Action.IMPORT_FILES: "Upload files",
    Action.START_FLOW: "Start a flow",
    Action.CONTROL_FLOW: "Pause, resume, cancel, retry, fork, schedule or prioritise a flow",
    Action.EDIT_MAPPING: "Change how columns are mapped",
    Action.EDIT_INVENTORY: "Resolve conflicts and edit assets, dependencies and applications",
    Action.PLAN_MIGRATION: "Decide migration strategies, and edit the rules that recommend them",
    Action.DECIDE_APPROVAL: "Approve, reject or delegate at a gate",
    Action.MUTE_FINDING: "Accept a finding as it is",
    Action.VIEW_WEBHOOKS: "See webhooks and what became of their messages",
    Action.READ_AUDIT: "Read, verify and export the audit log, and have it signed",
    Action.READ_ERRORS: "See which errors occurred in the client account, and where",
    Action.DELETE_DATA: "Delete imports and engagements",
    Action.MANAGE_MEMBERS: "Invite and remove members and change their roles",
    Action.MANAGE_API_KEYS: "Create and revoke API keys",
    Action.MANAGE_WEBHOOKS: "Add, change, test and remove webhooks, and send messages again",
    Action.MANAGE_ACCOUNT: "Change the settings of the client account",
    Action.OFFBOARD: "Take out the whole client account, have it erased, or take that back",
}


def role_of(text: str) -> Role:
    """The role of this name.

    Raises:
        RoleUnknown: there is none.
    """
    try:
        return Role(text)
    except ValueError:
        raise RoleUnknown(role=text) from None


def allows(role: str, action: Action) -> bool:
    """Whether a member with `role` may do `action`; an unknown role or action may not."""
    needed = MINIMUM.get(action)
    return needed is not None and role in set(Role) and Role(role).rank >= needed.rank


def require(session: TenantSession, action: Action) -> None:
    """Refuse unless the session's holder may do `action`.

    Raises:
        PermissionDenied: the holder is a member, but the role is too weak.
    """
    if not allows(session.role, action):
        needed = MINIMUM.get(action, Role.ADMIN)
        raise PermissionDenied(needed=needed.value, role=session.role)

"""The one session door. A database session cannot exist without saying on whose behalf.

Every transaction opens with the database itself minting a sealed tenant context from the
access it is given: a credential and a client account (people), or a client account and a
flow or a webhook's delivery (workers). Row-level security reads only that context. The same
statement seals where the request comes from, for the audit log, and shows the trace id to who
looks at PostgreSQL's activity.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, LiteralString, cast
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from landbridge.database.errors import catalogued_errors
from landbridge.database.opening import begin_with
from landbridge.errors.catalogue import Category, LandbridgeError
from landbridge.errors.common import NotFound
from landbridge.kit.origin import current_origin
from landbridge.kit.scene import current_scene
from landbridge.kit.tracing import current_trace_id


class NoAccessGiven(LandbridgeError):
    """Code opened a session without saying on whose behalf. It is a defect of ours; nothing
    was read.
    """

    code = "NO_ACCESS_GIVEN"
    title = "A database session was opened without a tenant"
    status = 500
    category = Category.BUG
    message = "A database session was opened without a tenant context."
    remedy = "Give the trace id to your operator."


@dataclass(frozen=True, slots=True)
class CredentialAccess:
    """A person or program: the SHA-256 of a credential, and the account it wants to open."""

    credential_hash: bytes
    client_account_id: UUID


@dataclass(frozen=True, slots=True)
class JobAccess:
    """A worker: the account and the flow its job carries."""

    client_account_id: UUID
    flow_id: UUID


@dataclass(frozen=True, slots=True)
class DeliveryAccess:
    """A worker that sends: the account and the delivery of a webhook that it claimed."""

    client_account_id: UUID
    delivery_id: UUID


Access = CredentialAccess | JobAccess | DeliveryAccess

_OPEN: Final[dict[type[Access], LiteralString]] = {
    CredentialAccess: (
        "select set_config('app.ctx', c, true),"
        " set_config('application_name', 'landbridge ' || $3, true),"
        " set_config('app.origin', app.stamp($1, c, $4, $3, $5), true) from app.open($1, $2) c"
    ),
    JobAccess: (
        "select set_config('app.ctx', c, true),"
        " set_config('application_name', 'landbridge ' || $3, true),"
        " set_config('app.origin', app.stamp_job(c, $3), true) from app.open_job($1, $2) c"
    ),
    DeliveryAccess: (
        "select set_config('app.ctx', c, true),"
        " set_config('application_name', 'landbridge ' || $3, true),"
        " set_config('app.origin', app.stamp_job(c, $3), true) from app.open_delivery($1, $2) c"
    ),
}
"""$1 and $2 are the fields of the access, $3 the trace id, $4 and $5 the origin of a request."""

_job: ContextVar[JobAccess | None] = ContextVar("landbridge_job", default=None)


class TenantSession(Session):
    """A session whose every transaction carries the sealed context of its access."""

    @property
    def access(self) -> Access:
        """On whose behalf it acts."""
        access: Access | None = self.info.get("access") or _job.get()
        if access is None:
            raise NoAccessGiven
        return access

    @property
    def client_account_id(self) -> UUID:
        """The open client account."""
        return self.access.client_account_id

    @property
    def role(self) -> str:
        """The role of the holder in the open account: viewer, analyst, approver, admin, worker."""
        self.connection()
        return str(self.info["ctx"].split("|")[2])

    @property
    def user_id(self) -> UUID:
        """The acting user; all zeros for a worker."""
        self.connection()
        return UUID(self.info["ctx"].split("|")[1])


def once_committed(session: Session, tell: Callable[[], None]) -> None:
    """Call `tell` when the door has committed the transaction, and not when it comes to nothing."""
    session.info.setdefault("once_committed", []).append(tell)


@event.listens_for(TenantSession, "after_begin")
def _open_tenant(session: TenantSession, tx: SessionTransaction, connection: Connection) -> None:
    if tx.nested:
        return
    access = session.access
    values = [*(getattr(access, name) for name in access.__slots__), current_trace_id()]
    if isinstance(access, CredentialAccess):
        origin = current_origin()
        values += [origin.address, origin.via]
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    try:
        session.info["ctx"] = begin_with(driver, _OPEN[type(access)], values)
    except psycopg.errors.InsufficientPrivilege:
        raise NotFound from None
    scene = current_scene()
    if scene is not None and isinstance(access, CredentialAccess):
        scene.opened(access.client_account_id, access.credential_hash)


class SessionDoor:
    """Opens sessions over one engine whose login cannot bypass row-level security."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.sessionmaker = sessionmaker(engine, class_=TenantSession, expire_on_commit=False)

    @contextlib.contextmanager
    def open(self, access: Access) -> Iterator[TenantSession]:
        """One transaction on behalf of `access`: committed at the end, rolled back on error.

        Raises:
            NotFound: the account does not exist, or the credential may not open it.
            LandbridgeError: PostgreSQL failed in a way that has a name.
        """
        with catalogued_errors(), self.sessionmaker(info={"access": access}) as session:
            with session.begin():
                yield session
            for tell in session.info.pop("once_committed", ()):
                tell()

    @contextlib.contextmanager
    def anonymous(self) -> Iterator[Connection]:
        """A transaction without a tenant: every tenant table refuses it; only the identity
        functions (`app.who`, `app.accounts`, `app.start_session`, …) answer.
        """
        with catalogued_errors(), self.engine.begin() as connection:
            yield connection


@contextlib.contextmanager
def acting_for(job: JobAccess) -> Iterator[None]:
    """Sessions opened by the engine inside this block act for `job`."""
    token = _job.set(job)
    try:
        yield
    finally:
        _job.reset(token)

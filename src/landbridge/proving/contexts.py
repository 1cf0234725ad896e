"""On whose behalf a statement is tried: a login and a client account's context, or none."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import psycopg
from psycopg import sql

from landbridge.database.urls import APP_ROLE, OWNER_ROLE, WORKER_ROLE
from landbridge.proving.schema import Connection

LOGINS: Final = (APP_ROLE, WORKER_ROLE)
_MINT: Final = "select app_private.mint(%s, %s, 'admin')"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who tries: a role, and the account whose context is open; None without one."""

    role: str
    account: UUID | None
    name: str

    def __str__(self) -> str:
        """How evidence names it."""
        return f"{self.name} as {self.role}"


@dataclass(frozen=True, slots=True)
class Contexts:
    """Sealed contexts of the accounts, minted by the owner inside the proof's transaction."""

    connection: Connection
    sealed: dict[UUID, str]

    @classmethod
    def mint(cls, connection: Connection, accounts: tuple[UUID, ...]) -> Contexts:
        """A context for each account."""
        made = cls(connection, {})
        with made.acting(OWNER_ROLE, None):
            for account in accounts:
                row = connection.execute(_MINT, [account, UUID(int=0)]).fetchone()
                made.sealed[account] = str(row[0]) if row else ""
        return made

    @contextlib.contextmanager
    def acting(self, role: str, account: UUID | None) -> Iterator[None]:
        """Be this role, in this account's context or in none, until the block ends; what the
        block does is undone. An empty role stays who is connected.
        """
        with self.connection.transaction(force_rollback=True):
            self._become(role, account)
            yield

    @contextlib.contextmanager
    def keeping(self, role: str, account: UUID | None) -> Iterator[None]:
        """The same, but what the block does stays for the rest of the proof's transaction."""
        with self.connection.transaction():
            self._become(role, account)
            try:
                yield
            finally:
                if self.connection.info.transaction_status.name == "INTRANS":
                    self.connection.execute("reset role")
                    self.set("")

    def _become(self, role: str, account: UUID | None) -> None:
        if role:
            self.connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
        self.set(self.sealed[account] if account else "")

    def set(self, context: str) -> None:
        """Open a context as its text says, sealed or not."""
        self.connection.execute("select set_config('app.ctx', %s, true)", [context])

    def may_act_as(self, role: str) -> bool:
        """Whether this connection can become the role."""
        try:
            with self.acting(role, None):
                return True
        except psycopg.errors.InsufficientPrivilege:
            return False

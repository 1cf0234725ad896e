"""An import that a test makes of texts, and the mapping phase on it."""

from __future__ import annotations

import io

import pytest

from landbridge.discovery.imports import service as imports
from landbridge.discovery.imports.phase import DataImport
from landbridge.discovery.mapping import queries
from landbridge.discovery.mapping.phase import FieldMapping
from landbridge.flows.phases import PhaseContext
from tests.support.agents import allowing, configured, model

__all__ = ["allowing", "configured", "model"]


class Mapped:
    """One import of one account, with the phases up to mapping."""

    def __init__(self, account, door, flow_id):
        self.account, self.door, self.flow_id = account, door, flow_id
        self.reported = []
        with door.open(account.access) as session:
            self.id = imports.create_import(session, account.engagement_id).id

    def add(self, name, text):
        """Add a file and read it."""
        with self.door.open(self.account.access) as session:
            imports.receive_file(session, self.id, name, io.BytesIO(text.encode()))
            DataImport().run(self._context(session))

    def map(self, **inputs):
        """Run the phase and return its output."""
        with self.door.open(self.account.access) as session:
            return FieldMapping().run(self._context(session, **inputs))

    def columns(self):
        """Column name → its mapping, as the pages show it."""
        with self.door.open(self.account.access) as session:
            found = queries.columns(session, self.account.engagement_id, self.id)
        return {c.column_name: c for c in found}

    def tables(self):
        """The tables, as the pages show them."""
        with self.door.open(self.account.access) as session:
            return queries.tables(session, self.account.engagement_id, self.id)

    def call(self, function, *arguments, **options):
        """Call a service function as this account's member."""
        with self.door.open(self.account.access) as session:
            return function(session, *arguments, **options)

    def _context(self, session, **inputs):
        return PhaseContext(
            session,
            self.account.client_account_id,
            self.account.engagement_id,
            self.flow_id,
            {"import_id": str(self.id), "approve": "auto", "threshold": 0.9, **inputs},
            {},
            lambda done, total: self.reported.append((done, total)),
        )


@pytest.fixture
def new_import(door, make_flow):
    """Makes an import of an account: `new_import(account)`."""
    return lambda account: Mapped(account, door, make_flow(account).flow_id)


@pytest.fixture
def servers(new_import, account):
    """A server list of no known source."""
    made = new_import(account)
    made.add(
        "servers.csv",
        "Server Name;IP Address;Operating System;Zustaendig;Floor tiles;Site\n"
        "lonapp01;10.1.1.1;Windows Server 2019;Ada Lovelace;7;London\n"
        "lonapp02;10.1.1.2;RHEL 8.6;Alan Turing;9;Leeds\n",
    )
    return made

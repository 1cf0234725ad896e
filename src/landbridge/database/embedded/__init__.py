"""The embedded PostgreSQL: one server per data directory, shared by every process of it."""

from landbridge.database.embedded.server import EmbeddedServer as EmbeddedServer

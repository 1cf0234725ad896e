"""Begin a transaction and open its tenant in one journey to the server.

The door's statement runs in every transaction. Sent together with BEGIN it costs no round trip
more than a transaction without a tenant has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg
from psycopg import generators, pq
from psycopg.abc import PQGen

Value = bytes | UUID | str
OIDS: Final[dict[type[Value], int]] = {bytes: 17, UUID: 2950, str: 25}
BINARY: Final = 1
DONE: Final = {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}


def begin_with(
    connection: psycopg.Connection[Any], query: LiteralString, values: Sequence[Value]
) -> str:
    """Begin a transaction with a query; its first column, a text.

    Args:
        connection: of the driver, between two transactions.
        query: with `$1`, `$2`, … for its values; gives one row.
        values: sent beside the query, never as a part of it.

    Raises:
        psycopg.Error: as the driver would raise it; the transaction has failed.
    """
    if not _plain(connection):
        opened = psycopg.RawCursor(connection).execute(query, values)
        return str(next(opened)[0])
    with connection.lock:
        results = connection.wait(_together(connection.pgconn, query.encode(), values))
    for result in results:
        if result.status not in DONE:
            raise psycopg.errors.error_from_result(result, connection.info.encoding)
    return (results[-1].get_value(0, 0) or b"").decode()


def _plain(connection: psycopg.Connection[Any]) -> bool:
    """Whether the driver would begin the next transaction with a bare BEGIN."""
    asked = (connection.isolation_level, connection.read_only, connection.deferrable)
    idle = connection.info.transaction_status == pq.TransactionStatus.IDLE
    return idle and not connection.autocommit and asked == (None, None, None)


def _together(
    pgconn: pq.abc.PGconn, query: bytes, values: Sequence[Value]
) -> PQGen[list[pq.abc.PGresult]]:
    """The results of BEGIN and the query, one after the other. While the server works, other
    threads of this process do, too.
    """
    sent = [
        v.bytes if isinstance(v, UUID) else v.encode() if isinstance(v, str) else v for v in values
    ]
    pgconn.enter_pipeline_mode()
    try:
        pgconn.send_query_params(b"begin", None)
        pgconn.send_query_params(query, sent, [OIDS[type(v)] for v in values], [BINARY] * len(sent))
        pgconn.pipeline_sync()
        yield from generators.send(pgconn)
        return (yield from _results(pgconn))
    finally:
        if pgconn.status == pq.ConnStatus.OK:
            pgconn.exit_pipeline_mode()


def _results(pgconn: pq.abc.PGconn) -> PQGen[list[pq.abc.PGresult]]:
    """Every result up to the synchronisation; a statement's end is marked by None."""
    results: list[pq.abc.PGresult] = []
    for _ in range(6):
        result = yield from generators.fetch(pgconn)
        if result is not None and result.status == pq.ExecStatus.PIPELINE_SYNC:
            return results
        if result is not None:
            results.append(result)
    raise psycopg.OperationalError("the server's answer to BEGIN is incomplete")

"""More requests than may be worked on are refused at once; a trace id is seen in PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from landbridge.api.errors import ServerBusy
from landbridge.api.measuring import Entrance
from landbridge.kit.tracing import new_trace_id, set_trace_id

STREAM = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/event-stream; charset=utf-8")],
}


def scope(path="/api/v1/me"):
    return {"type": "http", "method": "GET", "path": path}


def test_who_leaves_makes_room_and_probes_always_come_in():
    entrance = Entrance(2)
    first, _second = entrance.enter(scope()), entrance.enter(scope())
    with pytest.raises(ServerBusy) as refused:
        entrance.enter(scope())
    assert refused.value.fields["retry_after"] == 1
    entrance.enter(scope("/livez"))
    first.leave()
    first.leave()
    entrance.enter(scope())
    with pytest.raises(ServerBusy):
        entrance.enter(scope())


def test_a_stream_of_events_takes_no_place_once_it_has_begun():
    entrance = Entrance(1)
    entrance.enter(scope()).saw(STREAM)
    entrance.enter(scope())


def test_the_trace_id_is_the_transactions_name_in_postgresql(databases, account):
    trace_id = new_trace_id()
    set_trace_id(trace_id)
    name = text("select current_setting('application_name')")
    with databases.app.open(account.access) as session:
        assert session.execute(name).scalar_one() == f"landbridge {trace_id}"
    with databases.app.anonymous() as connection:
        assert connection.execute(name).scalar_one() == "landbridge api"

"""What operators say of an error, and when it opens again by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from landbridge.centre import service
from landbridge.centre.desk import OperatorDesk
from landbridge.centre.errors import ErrorNotCounted, MuteHasNoEnd
from landbridge.centre.models import State
from landbridge.errors.common import NotFound
from landbridge.kit.clock import now
from landbridge.kit.settings import Settings
from landbridge.occurrences.buffer import Buffer
from landbridge.occurrences.occurrence import Occurrence
from landbridge.occurrences.recorder import Recorder
from tests.support.toy import ToyFailure


@pytest.fixture
def occur(databases):
    """Makes an error occur and writes it down at once."""
    buffer = Buffer()
    recorder = Recorder(databases.app, Settings(), buffer=buffer)

    def one(kind=ToyFailure, times: int = 1, **known: object) -> None:
        for _ in range(times):
            buffer.add(Occurrence.of(kind(phase="one"), "phase one", **known))
        assert recorder.flush()

    return one


def state_of(desk):
    return service.detail(desk, "TOY_FAILURE").group


def test_from_open_to_resolved_and_back(occur, desk) -> None:
    occur()
    service.decide(desk, "TOY_FAILURE", State.OPEN)
    assert state_of(desk).state == "open"
    said = service.decide(desk, "TOY_FAILURE", State.ACKNOWLEDGED, note="  Ticket\n 4711 ")
    assert said.note == "Ticket 4711"
    assert "@" in (said.decided_by or "")
    occur()
    assert state_of(desk).state == "acknowledged", "somebody looks after it already"
    service.decide(desk, "TOY_FAILURE", State.RESOLVED)
    assert state_of(desk).state == "resolved"
    occur()
    again = state_of(desk)
    assert (again.state, again.came_back) == ("open", True)
    assert [said.state for said in service.detail(desk, "TOY_FAILURE").said][:2] == [
        "resolved",
        "acknowledged",
    ]


def test_a_mute_ends_by_itself(occur, desk, databases) -> None:
    occur()
    service.decide(desk, "TOY_FAILURE", State.MUTED, until=now() + timedelta(hours=1))
    occur()
    assert state_of(desk).state == "muted"
    with databases.owner.begin() as connection:
        connection.execute(
            text(
                "update app_private.error_decisions set until = now() - interval '1 second'"
                " where state = 'muted'"
            )
        )
    assert state_of(desk).state == "open"
    for until in (None, now(), now() + timedelta(days=91)):
        with pytest.raises(MuteHasNoEnd):
            service.decide(desk, "TOY_FAILURE", State.MUTED, until=until)


def test_what_never_occurred_has_no_state(desk) -> None:
    with pytest.raises(ErrorNotCounted):
        service.detail(desk, "NO_SUCH_CODE")
    with pytest.raises(ErrorNotCounted):
        service.decide(desk, "NO_SUCH_CODE", State.RESOLVED)


def test_only_operators_ask(databases, account, operator) -> None:
    with pytest.raises(NotFound):
        OperatorDesk(databases.app, account.access.credential_hash)
    assert OperatorDesk(databases.app, operator.hash).ask("dropped")
    with databases.app.anonymous() as connection:
        asked = text("select * from app.error_centre(:hash, 'groups', null)")
        assert not connection.execute(asked, {"hash": account.access.credential_hash}).all()


def test_an_account_is_believed_only_with_proof(
    occur, desk, account, other_account, make_flow
) -> None:
    """Whoever could call the function by injected SQL cannot write into another account."""
    flow = make_flow(account).flow_id
    stranger = other_account.access.credential_hash
    occur(client_account_id=account.client_account_id, credential_hash=stranger, trace_id="a" * 32)
    occur(client_account_id=account.client_account_id, flow_id=flow, trace_id="b" * 32)
    assert desk.ask("trace", "a" * 32)[0].get("client_account_id") is None
    assert desk.ask("trace", "b" * 32)[0]["client_account_id"] == str(account.client_account_id)
    assert desk.ask("trace", "b" * 32)[0]["flow_id"] == str(flow)
